"""One class defines a list; another the whole page of a vocabulary; a third one record."""

from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.http import HttpResponseRedirect
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import View

from futureind.browse.addresses import (
    canonical_query,
    echoed,
    has_empty_parameter,
    replaced,
    without,
)
from futureind.browse.cache import mark_cacheable
from futureind.browse.facets import Facet
from futureind.browse.filters import OptionFilter
from futureind.browse.fragments import rendered_rows
from futureind.browse.headings import heading
from futureind.browse.options import options_of, plain_address
from futureind.browse.pages import show_page
from futureind.browse.renderers import csv_response, json_response, problem_response
from futureind.browse.results import PkSequence, in_order
from futureind.browse.withdrawn import answer_missing

PAGE_SIZE = 25
EXPORT_PAGE_SIZE = 100
EXPORT_FORMS = ("csv", "json")


@dataclass(frozen=True)
class Chip:
    """An active filter: in words, and the address of the list without it."""

    label: str
    url: str


class BrowseView(View):
    """A list of public records under filters, as a page.

    Subclasses name ``model``, ``filterset_class``, ``template_name``, ``list_name`` (the list's
    part of the address), and give :meth:`title`, :meth:`count_text` and :meth:`public_records`.
    """

    model = None
    filterset_class = None
    template_name = None
    list_name = None
    page_size = PAGE_SIZE
    # Lists that ask "in force on a day" say how many records have no day to go by.
    has_in_force = False
    # What the list says of a record in CSV and JSON.
    columns = ()
    # Lists whose results the search page shows as records of this one.
    found_with = ()
    # The template of one row, and what it calls the record; the row depends on nothing else.
    row_template = None
    row_name = None

    def public_records(self):
        return self.model.objects.public()

    def rows(self, records):
        """Return the records of one page with all that their rows show."""
        return records

    def export_rows(self, records):
        """Return records with all that the columns read."""
        return self.rows(records)

    def note(self, record):
        """Return what tells a record from others of its name among search results."""
        return ""

    def get(self, request, form="html"):
        """Answer in one form: ``html``, ``csv`` or ``json``."""
        known = self.known_parameters()
        if form == "html" and has_empty_parameter(request.GET, known):
            query = canonical_query(request.GET, known)
            return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
        filterset = self.filterset_class(request.GET, self.public_records(), request=request)
        filterset.is_valid()
        if form == "html":
            return self.respond(request, filterset, known)
        return self.export(request, filterset, known, form)

    def known_parameters(self):
        """Return the names of the parameters in canonical order."""
        return [*self.filterset_class.base_filters, "page"]

    def export(self, request, filterset, known, form):
        return export(self, request, filterset, known, form)

    def respond(self, request, filterset, known):
        paginator = Paginator(PkSequence(filterset.results), self.page_size)
        page, page_error, status = read_page(request, paginator)
        if filterset.form.errors:
            status = 400
        context = {
            "view": self,
            "filterset": filterset,
            "page": page,
            "page_error": page_error,
            "records": self.shown(page, filterset) if page and status != 400 else [],
            "count": paginator.count if status != 400 else None,
            "count_text": self.count_text(paginator.count),
            "chips": self.chips(request, filterset, known),
            "clear_url": request.path,
            # Parameters that the form has no field for.
            "kept": [],
            "sorts": self.sorts(request, filterset, known),
            "pages": page_links(request, page, known),
            "canonical_query": canonical_query(request.GET, known),
            "left_out": self.left_out(filterset) if self.has_in_force else None,
            "filters_active": bool(active_names(request, filterset)),
            "downloads": downloads(request, known),
            **self.extra_context(request, filterset, known),
        }
        mark_cacheable(request, context["canonical_query"])
        return show_page(request, self.template_name, context, status=status)

    def extra_context(self, request, filterset, known):
        """Return what the template shows beside filters and records."""
        return {}

    def shown(self, page, filterset):
        """Return a page's rows as HTML, or its records where rows depend on each other."""
        if self.row_template is None:
            return self.records_with(page.object_list)
        return rendered_rows(self, page.object_list, filterset.stamp)

    def records_with(self, pks):
        return in_order(self.rows(self.model.objects.all()), pks)

    def chips(self, request, filterset, known):
        """Return a chip for each value of each filter that is set."""
        chips = []
        for name in active_names(request, filterset):
            item = filterset.filters[name]
            for value in sorted(set(request.GET.getlist(name))):
                rest = canonical_query(without(request.GET, name, value), known)
                label = f"{item.label}{_(': ')}{shown_value(item, value)}"
                chips.append(Chip(label, f"{request.path}?{rest}" if rest else request.path))
        return chips

    def sorts(self, request, filterset, known):
        """Return ``(label, address, is current)`` for each order of the list."""
        orderings = filterset.orderings
        default = next(iter(orderings))
        current = request.GET.get("sort") or default
        return [
            (
                label,
                "?"
                + canonical_query(
                    replaced(request.GET, sort=None if key == default else key, page=None), known
                ),
                key == current,
            )
            for key, (label, _columns) in orderings.items()
        ]

    def left_out(self, filterset):
        """Return how many records ``in_force_on`` leaves out for want of a date, when it is set."""
        if not filterset.form.cleaned_data.get("in_force_on"):
            return None
        rest = filterset.filter_queryset(filterset.queryset, without=("in_force_on", "sort"))
        return rest.without_known_start().count()


def export(view, request, filterset, known, form):
    """Return a list's results as CSV (all of them) or JSON (one page)."""
    if filterset.form.errors:
        return problem_response(400, filterset.form.errors)
    rows = view.export_rows(view.model.objects.all())
    if form == "csv":
        return csv_response(filterset.results.pks(), view.columns, rows, view.list_name)
    paginator = Paginator(PkSequence(filterset.results), EXPORT_PAGE_SIZE)
    page, error, status = read_page(request, paginator)
    if error:
        return problem_response(status, {"page": [error]})
    next_url = None
    if page.has_next():
        number = str(page.next_page_number())
        query = canonical_query(replaced(request.GET, page=number), known)
        next_url = f"{settings.SITE_URL}{request.path}?{query}"
    mark_cacheable(request, canonical_query(request.GET, known))
    found = in_order(rows, page.object_list)
    return json_response(found, paginator.count, view.columns, next_url)


def downloads(request, known):
    """Return ``(label, address)`` of the other forms of a list under the same parameters."""
    query = canonical_query(replaced(request.GET, page=None), known)
    base = request.path.rstrip("/")
    return [
        (form.upper(), f"{base}.{form}" + (f"?{query}" if query else "")) for form in EXPORT_FORMS
    ]


def list_paths(name, view, url_name):
    """Return the addresses of a list: its page, and its forms by suffix.

    Parameters: ``name``, the list's part of the address; ``view``, the list's class; ``url_name``
    of the page.
    """
    return [
        path(f"{name}/", view.as_view(), name=url_name),
        *(
            path(f"{name}.{form}", view.as_view(), {"form": form}, name=f"{url_name}-{form}")
            for form in EXPORT_FORMS
        ),
    ]


def active_names(request, filterset):
    return [
        name
        for name, item in filterset.filters.items()
        if name in request.GET and name != "sort" and not isinstance(item, OptionFilter)
    ]


def shown_value(item, value):
    """Return a filter's value as words: the label of a facet's choice, else the value itself."""
    if isinstance(item, Facet):
        for choice in item.choices:
            if choice.value == value:
                return choice.label
    return echoed(value)


def read_page(request, paginator):
    """Return ``(page or None, error in words or "", HTTP status)`` for the parameter ``page``."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 9 and int(text) > 0):
        return paginator.page(1), _("A page is a whole number from 1."), 400
    try:
        return paginator.page(int(text)), "", 200
    except EmptyPage:
        message = _("There is no page %(number)s: this list ends with page %(last)s.")
        return None, message % {"number": text, "last": paginator.num_pages}, 404


def page_links(request, page, known):
    """Return ``(number or None for a gap, address, is current)`` for the pages to offer."""
    if page is None or page.paginator.num_pages == 1:
        return []
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    first = "?" + canonical_query(replaced(request.GET, page=None), known)
    others = "?page=" if first == "?" else f"{first}&page="
    return [
        (
            number if isinstance(number, int) else None,
            first if number == 1 else f"{others}{number}",
            number == page.number,
        )
        for number in numbers
    ]


class VocabularyView(View):
    """A whole vocabulary on one page, with a text box that narrows it."""

    model = None
    filterset_class = None
    template_name = None
    list_name = None
    columns = ()
    found_with = ()

    def public_records(self):
        return self.model.objects.public()

    def rows(self, records):
        """Return records with all that a line about each shows."""
        return records

    def export_rows(self, records):
        """Return records with all that the columns read."""
        return records

    def note(self, record):
        """Return what tells a record from others of its name among search results."""
        return ""

    def context(self, records, is_narrowed):
        """Return what the template needs of the records (a queryset)."""
        return {"records": records}

    def get(self, request, form="html"):
        """Answer in one form: ``html``, ``csv`` or ``json``."""
        if form == "html" and has_empty_parameter(request.GET, ["q"]):
            query = canonical_query(request.GET, ["q"])
            return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
        filterset = self.filterset_class(
            {"q": request.GET.get("q", "")}, self.public_records(), request=request
        )
        valid = filterset.is_valid()
        if form != "html":
            return export(self, request, filterset, ["q", "page"], form)
        records = filterset.filter_queryset(filterset.queryset)
        context = {
            "view": self,
            "filterset": filterset,
            "canonical_query": canonical_query(request.GET, ["q"]),
            "downloads": downloads(request, ["q"]),
            "is_narrowed": valid and bool(filterset.form.cleaned_data.get("q")),
            **self.context(records, "q" in request.GET),
        }
        mark_cacheable(request, context["canonical_query"])
        return show_page(request, self.template_name, context, status=200 if valid else 400)


class RecordView(View):
    """The page of one public record; a slug that was given up redirects for good."""

    model = None
    template_name = None
    # A Form with the few ways in which the page can be shown, if it has any.
    options_class = None

    def public_records(self):
        return self.model.objects.public()

    def context(self, record):
        return {}

    def title_parts(self, record):
        """Return what a page's title says after the record's name: its kind and, if need be, more.

        No two pages may share a title.
        """
        return [capfirst(self.model._meta.verbose_name)]

    def get(self, request, slug):
        record = self.public_records().filter(slug=slug).first()
        if record is None:
            return answer_missing(request, self.model, slug)
        if plain := plain_address(request, self.options_class):
            return HttpResponseRedirect(plain)
        options, query, status = options_of(request, self.options_class)
        name = heading(record)
        context = {
            "record": record,
            "heading": name,
            "kind": capfirst(self.model._meta.verbose_name),
            "page_title": " · ".join([name.plain, *map(str, self.title_parts(record))]),
            "view": self,
            "options": options,
            "canonical_query": query,
            **self.context(record),
        }
        mark_cacheable(request, query)
        return show_page(request, self.template_name, context, status=status)
