"""The base view of every public page, and its responses: HTML, a table, data, a feed, a calendar.

A subclass says which parameters the page has and what it answers. Redirects to the canonical
address, error responses, marks for the page cache and output formats are done here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from futureind.browse.additions import with_additions
from futureind.browse.addresses import (
    canonical_query,
    echoed,
    has_empty_parameter,
    replaced,
    with_query,
)
from futureind.browse.downloads.naming import as_file
from futureind.browse.headings import description_of_page
from futureind.core.output_forms import FORMS, Problem, Table
from futureind.pagecache.cache import mark_cacheable
from futureind.pagecache.streams import compressed, validator

# The rules by which browsers fetch a page that its reader is about to open; in a file, so that the
# policy for scripts need allow nothing inline.
SPECULATION_RULES = "prefetch.speculationrules"
# Names of parameters that a header holds.
MOST_NAMED = 20


@dataclass(frozen=True)
class Html:
    """An HTML response: its template, the context, and the status if all parameters are valid."""

    template_name: str
    context: dict
    status: int = 200


@dataclass(frozen=True)
class Answer:
    """The responses of an address, each a function called on demand; None where there is no such.

    ``html`` makes an Html, ``table`` a Table, ``data`` what JSON can hold, ``feed`` a Feed,
    ``calendar`` a Calendar; all but the first may raise Problem. ``errors`` are
    ``{parameter: [sentence, …]}``; only ``html`` is made where there are any.
    """

    html: Callable | None = None
    table: Callable | None = None
    data: Callable | None = None
    feed: Callable | None = None
    calendar: Callable | None = None
    errors: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Beside:
    """An Answer at the address of a page with ``suffix``, and the label under which it is there."""

    suffix: str
    answer: Answer
    label: str = "%(form)s"


class PublicPage(View):
    """A public page with parameters, and its other forms.

    Subclasses give what an Answer has, as methods, or :meth:`answer`; and ``form_class``, a Form
    of the parameters in canonical order, or :meth:`parameters`.
    """

    html = table = data = feed = calendar = None
    form_class = None
    # Whether the page cache keeps tables; those of many records would fill it.
    keeps_tables = True
    # Parameters that only lead elsewhere, and are no part of the state.
    also_read = ()

    @cached_property
    def asked(self):
        """The parameters as a bound form; None for a page without."""
        return self.form_class(self.request.GET) if self.form_class else None

    @property
    def errors(self):
        return self.asked.errors if self.asked else {}

    def parameters(self):
        """Return the names of the parameters in canonical order."""
        return list(self.form_class.base_fields) if self.form_class else []

    def ignored(self):
        """Return the names of parameters that were given and mean nothing here."""
        known = {*self.parameters(), *self.also_read}
        return [echoed(name) for name in self.request.GET if name not in known]

    def answer(self):
        return Answer(
            self.html, self.table, self.data, self.feed, self.calendar, errors=self.errors
        )

    def beside(self):
        """Return what stands beside the page and is offered there, a list of Beside."""
        return []

    def get(self, request, *, form=None, **_named):
        """Answer with the page, or in an OutputForm."""
        if form is None and (address := self.elsewhere()):
            return HttpResponseRedirect(address)
        answer = self.answer()
        response = self.as_html(answer) if form is None else self.in_form(answer, form)
        if ignored := self.ignored():
            response["Ignored-Parameters"] = ", ".join(map(quote, ignored[:MOST_NAMED]))
        if response.status_code == 200 and (self.keeps_tables or not response.streaming):
            mark_cacheable(request, self.query())
        return response

    def elsewhere(self):
        """Return the address to which the request is redirected, None to answer it."""
        is_short = not has_empty_parameter(self.request.GET, self.parameters())
        return None if is_short else self.address()

    def query(self, **changes):
        """Return the canonical query string, with parameters set; None removes one."""
        parameters = self.request.GET
        return self.query_of(replaced(parameters, **changes) if changes else parameters)

    def query_of(self, parameters):
        """Return the canonical query string of other parameters, a QueryDict."""
        return canonical_query(parameters, self.parameters())

    def lasting_query(self):
        """Return the canonical query string without what only unfolds a part of the page."""
        return self.query()

    def address(self, **changes):
        """Return the page's address, with parameters set; None removes one."""
        return with_query(self.request.path, self.query(**changes))

    def as_html(self, answer):
        html = answer.html()
        status = 400 if answer.errors else html.status
        is_preview = getattr(self.request, "is_preview", False)
        context = {
            "view": self,
            "canonical_query": self.lasting_query(),
            "ignored": self.ignored(),
            "downloads": self.downloads(answer),
            "feeds": [] if is_preview else self.feeds(answer),
            "description": self.description(),
            # A page offers to be cited only where it shows to everybody what was asked for.
            "is_citable": status == 200 and not is_preview,
            **with_additions(html.template_name, html.context),
        }
        response = render(self.request, html.template_name, context, status=status)
        if context["is_citable"]:
            response["Speculation-Rules"] = f'"{static(SPECULATION_RULES)}"'
        return response

    def in_form(self, answer, form):
        """Return an Answer in an OutputForm, or as problem details where there is none."""
        if answer.errors:
            return problem_response(400, answer.errors)
        make = form.part_of(answer)
        if make is None:
            return problem_response(404, {})
        # What the page cache keeps has its validator from there.
        is_kept = self.keeps_tables or not form.is_streamed
        etag = None if is_kept else validator(self.request, self.query())
        try:
            unchanged = get_conditional_response(self.request, etag=etag)
            return unchanged or self.sent(form, make(), etag)
        except Problem as problem:
            return problem_response(problem.status, problem.errors)

    def sent(self, form, part, etag):
        response = form.response(self.told(part))
        if etag:
            response["ETag"] = etag
            response = compressed(self.request, response)
        return response

    def told(self, part):
        """Return a Table or data with what it has to say of itself."""
        if isinstance(part, Table):
            return as_file(part, self)
        if isinstance(part, dict) and (ignored := self.ignored()):
            return part | {"ignored_parameters": ignored}
        return part

    def description(self):
        """Return what the page says of itself where it found nothing to say."""
        return description_of_page(self.url_name)

    @property
    def url_name(self):
        """The name of the address that was asked for; a preview has one of its own."""
        return self.request.resolver_match.url_name

    def downloads(self, answer):
        """Return ``(label, address)`` of all other forms of the page and of what is beside it."""
        page, query = self.request.path.rstrip("/"), self.downloads_query()
        return [
            (
                one.label % {"form": form.label},
                with_query(f"{page}{one.suffix}.{form.name}", query),
            )
            for form in FORMS.values()
            for one in (Beside("", answer), *self.beside())
            if form.part_of(one.answer) is not None and not form.is_announced
        ]

    def feeds(self, answer):
        """Return ``(label, address, media type)`` of what programs may ask for again and again."""
        page, query = self.request.path.rstrip("/"), self.feeds_query()
        return [
            (form.label, with_query(f"{page}.{form.name}", query), form.media_type)
            for form in FORMS.values()
            if form.is_announced and form.part_of(answer) is not None
        ]

    def feeds_query(self):
        """Return the query string of feeds, which have an order of their own."""
        return self.query(page=None, sort=None)

    def downloads_query(self):
        """Return the query string of other forms: whole, or from their own first page."""
        return self.query(page=None)


PROBLEMS = {
    400: _("These filters cannot be used"),
    404: _("No such page"),
    410: _("This was withdrawn"),
}


def problem_response(status, errors):
    """Return what is wrong with a request as problem details (RFC 9457).

    Parameter: ``errors``, ``{parameter: [sentence, …]}``.
    """
    body = {
        "type": "about:blank",
        "title": str(PROBLEMS[status]),
        "status": status,
        "errors": errors,
    }
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
