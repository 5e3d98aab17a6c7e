"""What was added, corrected, changed or withdrawn, by day: as a page and as JSON."""

import itertools

from django import forms
from django.conf import settings
from django.http import HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.generic import View

from futureind.browse.addresses import canonical_query, has_empty_parameter, replaced
from futureind.browse.cache import mark_cacheable
from futureind.browse.filters import OptionField
from futureind.browse.headings import heading
from futureind.browse.pages import show_page
from futureind.browse.renderers import problem_response
from futureind.publishing.public_history import ChangeKind, public_changes, public_revisions

PAGE_SIZE = 50
KNOWN = ["kind", "change", "page"]


class ChangesForm(forms.Form):
    """The parameters: a kind of record, a kind of change, the page."""

    kind = OptionField(label=_("Record"), required=False)
    change = OptionField(
        label=pgettext_lazy("kind of change", "Change"), choices=ChangeKind.choices, required=False
    )
    page = forms.IntegerField(
        label=_("Page"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], _("A page is a whole number from 1.")
        ),
    )

    def __init__(self, data, models):
        super().__init__(data)
        self.fields["kind"].choices = [
            (model.url_name, capfirst(model._meta.verbose_name_plural)) for model in models
        ]


class ChangesView(View):
    """The public part of history, newest first.

    ``models`` is given in the URL configuration: those with public pages of their own.
    """

    models = ()

    def get(self, request, form="html"):
        query = canonical_query(request.GET, KNOWN)
        if form == "html" and has_empty_parameter(request.GET, KNOWN):
            return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
        asked = ChangesForm(request.GET, self.models)
        if not asked.is_valid():
            if form == "json":
                return problem_response(400, asked.errors)
            context = {"form": asked, "canonical_query": query}
            return show_page(request, "changes.html", context, status=400)
        number = asked.cleaned_data["page"] or 1
        changes, has_more = self.page_of(asked.cleaned_data, number)
        mark_cacheable(request, query)
        if form == "json":
            return changes_as_json(request, changes, number if has_more else None)
        context = {
            "form": asked,
            "canonical_query": query,
            "days": by_day(changes),
            "switches": switches(request, asked),
            "newer": page_address(request, number - 1) if number > 1 else None,
            "older": page_address(request, number + 1) if has_more else None,
            "downloads": f"{request.path.rstrip('/')}.json" + (f"?{query}" if query else ""),
        }
        status = 404 if number > 1 and not changes and not has_more else 200
        return show_page(request, "changes.html", context, status=status)

    def page_of(self, asked, number):
        """Return the changes of a page, and whether there are older ones.

        All are never counted: that would read the whole of history.
        """
        models = [m for m in self.models if asked["kind"] in ("", m.url_name)]
        revisions = public_revisions(models, [asked["change"]] if asked["change"] else ())
        start = (number - 1) * PAGE_SIZE
        keys = list(
            revisions.order_by("-id").values_list("pk", flat=True)[start : start + PAGE_SIZE + 1]
        )
        shown = revisions.filter(pk__in=keys[:PAGE_SIZE]).order_by("-id")
        return public_changes(shown), len(keys) > PAGE_SIZE


def by_day(changes):
    """Return ``[(day in Shanghai, changes), …]``, in their order."""
    days = itertools.groupby(changes, lambda change: timezone.localdate(change.at))
    return [(day, list(found)) for day, found in days]


def page_address(request, number):
    return "?" + canonical_query(replaced(request.GET, page=str(number)), KNOWN)


def switches(request, form):
    """Return ``(label, [(label, address, is current), …])`` for kinds of records and of changes."""
    found = []
    for name in ("kind", "change"):
        current = form.cleaned_data[name]
        links = []
        for value, label in [("", pgettext("no filter", "all")), *form.fields[name].choices]:
            query = canonical_query(
                replaced(request.GET, **{name: value or None}, page=None), KNOWN
            )
            address = f"{request.path}?{query}" if query else request.path
            links.append((label, address, value == current))
        found.append((form.fields[name].label, links))
    return found


def changes_as_json(request, changes, number):
    next_url = None
    if number:
        next_url = settings.SITE_URL + request.path + page_address(request, number + 1)
    body = {
        "next": next_url,
        "results": [
            {
                "kind": change.record.url_name,
                "slug": change.record.slug,
                "change": change.kind.value,
                "at": change.at.isoformat(),
                "origin": change.revision.origin,
                "name": heading(change.record).plain,
                "columns": [" · ".join(difference.path) for difference in change.differences],
                "url": settings.SITE_URL + change.record.get_absolute_url()
                if change.is_linked
                else None,
            }
            for change in changes
        ],
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
