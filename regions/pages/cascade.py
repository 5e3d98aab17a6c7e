"""The page of a cascade and its downloads."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from catalog.models import PolicyDocument
from catalog.models.document_parts import RelationBasis
from futureind.browse.addresses import canonical_query, has_empty_parameter
from futureind.browse.cache import mark_cacheable
from futureind.browse.filters import OptionField
from futureind.browse.pages import show_page
from futureind.browse.renderers import problem_response, table_csv_response
from futureind.browse.withdrawn import answer_missing
from futureind.publishing.evidence import sureness
from regions.cascade import cascade_of
from regions.chains import flat
from regions.filters import RegionalPlanFilter

KNOWN = ["relation"]
LINK_COLUMNS = [
    "slug",
    "level",
    "basis_slug",
    "basis",
    "confidence",
    "locator",
    "issued_date",
    "published_date",
    "region",
    "days",
    "is_older",
    "title_en",
    "title_zh",
    "document_number",
]
UPTAKE_COLUMNS = [
    "region",
    "kind",
    "subject",
    "state",
    "plan_after",
    "date_after",
    "plan_before",
    "date_before",
    "checked_on",
]


class CascadeForm(forms.Form):
    """Which relations count: stated by the texts, judged by an analyst, or both."""

    relation = OptionField(
        label=_("Relations"),
        choices=[("", _("stated and judged")), *RelationBasis.choices],
        required=False,
    )


class CascadePage(View):
    """How one document travels down: as a page, CSV or JSON."""

    def get(self, request, slug, form="html"):
        document = PolicyDocument.objects.public().select_related("region").filter(slug=slug)
        document = document.first()
        if document is None:
            return answer_missing(request, PolicyDocument, slug, address_of)
        if form == "html" and has_empty_parameter(request.GET, KNOWN):
            query = canonical_query(request.GET, KNOWN)
            return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
        query = canonical_query(request.GET, KNOWN)
        choice = CascadeForm(request.GET)
        if not choice.is_valid():
            if form != "html":
                return problem_response(400, choice.errors)
            context = {"document": document, "form": choice, "cascade": None}
            context["canonical_query"] = query
            return show_page(request, "regions/cascade.html", context, status=400)
        basis = choice.cleaned_data["relation"]
        cascade = cascade_of(document, [basis] if basis else [])
        mark_cacheable(request, query)
        if form != "html":
            return download(cascade, form)
        day = document.announced_on()
        context = {
            "document": document,
            "form": choice,
            "relation": basis,
            "canonical_query": query,
            "cascade": cascade,
            "stated": cascade.first_links(RelationBasis.STATED),
            "judged": cascade.first_links(RelationBasis.ANALYST),
            "older_shown": len(cascade.older_links) + len(cascade.older_plans.shown),
            "older_list": plan_list(cascade, issued_before=day and day - timedelta(days=1)),
            "later_list": plan_list(cascade, issued_after=day),
        }
        return show_page(request, "regions/cascade.html", context)


def address_of(document):
    return reverse("cascade", args=[document.slug])


def plan_list(cascade, **days):
    """Return the address of the list of plans that name what the document is about.

    ``days`` are ``issued_before`` or ``issued_after``; without a day, or a subject, there is none.
    """
    if not all(days.values()) or not cascade.tables:
        return ""
    table = cascade.tables[0]
    asked = QueryDict(mutable=True)
    asked.setlist(table.kind, [subject.slug for subject in table.subjects])
    if cascade.document.region:
        asked["region"] = cascade.document.region.slug
    for name, day in days.items():
        asked[name] = day.isoformat()
    query = canonical_query(asked, list(RegionalPlanFilter.base_filters))
    return f"{reverse('plan-list')}?{query}"


def download(cascade, form):
    """Return a cascade in one form: ``json``, ``csv`` (documents) or ``uptake.csv`` (regions)."""
    relations = [link.relation for link in flat(cascade.links)]
    prefetch_related_objects(relations, "from_document__sources")
    links, uptakes = link_rows(cascade), uptake_rows(cascade)
    name = f"{cascade.document.slug}-cascade"
    if form == "csv":
        return table_csv_response(LINK_COLUMNS, links, name)
    if form == "uptake.csv":
        return table_csv_response(UPTAKE_COLUMNS, uptakes, f"{name}-uptake")
    body = {
        "document": cascade.document.slug,
        "url": settings.SITE_URL + address_of(cascade.document),
        "documents": links,
        "uptake": uptakes,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def link_rows(cascade):
    """Return a dictionary for each document of the chains downwards."""
    return [
        {
            "slug": link.document.slug,
            "level": link.level,
            "basis_slug": link.relation.to_document.slug,
            "basis": link.relation.basis,
            "confidence": sureness(link.relation),
            "locator": link.relation.locator,
            "issued_date": link.document.issued_date,
            "published_date": link.document.published_date,
            "region": link.document.region.slug if link.document.region else None,
            "days": None if link.is_older else link.days,
            "is_older": link.is_older,
            "title_en": link.document.title_en,
            "title_zh": link.document.title_zh,
            "document_number": link.document.document_number,
        }
        for link in flat(cascade.links)
    ]


def uptake_rows(cascade):
    """Return a dictionary for each field and product in each region that has tracks on record."""
    return [
        {
            "region": standing.region.slug,
            "kind": table.kind,
            "subject": subject.slug,
            "state": str(cell.state),
            "plan_after": cell.after and cell.after.slug,
            "date_after": cell.after and cell.after.document.date,
            "plan_before": cell.before and cell.before.slug,
            "date_before": cell.before and cell.before.document.date,
            "checked_on": standing.check and standing.check.checked_on,
        }
        for table in cascade.tables
        for standing, cells in table.rows
        for subject, cell in zip(table.subjects, cells, strict=True)
    ]
