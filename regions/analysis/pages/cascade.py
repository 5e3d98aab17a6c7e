"""The page of a cascade and its downloads."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog.models import PolicyDocument
from catalog.models.document_parts import RelationBasis
from futureind.browse.addresses import list_address
from futureind.browse.answers import Answer, Beside, Html
from futureind.browse.filters import OptionField
from futureind.browse.views import OfRecord
from futureind.core.output_forms import Table
from futureind.publishing.evidence import evidence_grade, sureness
from regions.analysis.cascade import cascade_of
from regions.analysis.chains import flat
from regions.analysis.findings.carried_out import of_cascade
from regions.filters import RegionalPlanFilter

LINK_COLUMNS = [
    "slug",
    "level",
    "basis_slug",
    "basis",
    "evidence",
    "confidence",
    "locator_en",
    "locator_zh",
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


class CascadePage(OfRecord):
    """How one document travels down."""

    model = PolicyDocument
    form_class = CascadeForm

    def public_records(self):
        return PolicyDocument.objects.public().select_related("region")

    def address_of(self, document):
        return address_of(document)

    @cached_property
    def cascade(self):
        basis = self.asked.cleaned_data["relation"]
        return cascade_of(self.record, [basis] if basis else [])

    def beside(self):
        if self.errors or not self.cascade.tables:
            return []
        return [Beside("-uptake", Answer(table=self.uptake), _("%(form)s by region"))]

    def html(self):
        context = {"document": self.record, "form": self.asked, "cascade": None}
        if not self.errors:
            context |= shown(self.cascade)
            context["relation"] = self.asked.cleaned_data["relation"]
        return Html("regions/cascade.html", context)

    def table(self):
        return Table(f"{self.record.slug}-cascade", LINK_COLUMNS, link_rows(self.cascade))

    def uptake(self):
        name = f"{self.record.slug}-cascade-uptake"
        return Table(name, UPTAKE_COLUMNS, uptake_rows(self.cascade))

    def data(self):
        return {
            "document": self.record.slug,
            "url": settings.SITE_URL + address_of(self.record),
            "documents": link_rows(self.cascade),
            "uptake": uptake_rows(self.cascade),
        }


class UptakeFile(CascadePage):
    """What each region took up of a document, which stands beside the page of its cascade."""

    html = data = None
    table = CascadePage.uptake


def address_of(document):
    return reverse("cascade", args=[document.slug])


def shown(cascade):
    """Return what the page needs of a cascade."""
    day = cascade.document.announced_on()
    stated, judged = (cascade.first_links(basis) for basis in RelationBasis.values)
    return {
        "cascade": cascade,
        "finding": of_cascade(cascade),
        "contents": contents_of(cascade, stated, judged),
        "stated": stated,
        "judged": judged,
        "older_shown": len(cascade.older_links) + len(cascade.older_plans.shown),
        "older_list": plan_list(cascade, issued_before=day and day - timedelta(days=1)),
        "later_list": plan_list(cascade, issued_after=day),
    }


def contents_of(cascade, stated, judged):
    """Return the contents line, ``(address, label, count or None)`` of each part of the page."""
    older = len(cascade.older_links) + len(cascade.older_plans)
    parts = [
        ("#stated", _("Name it as their basis"), len(stated)),
        ("#judged", _("Judged to carry it out"), len(judged)),
        ("#uptake", _("Took it up, region by region"), len(cascade.took_up)),
        ("#later", _("Later plans"), len(cascade.later_plans)),
        ("#older", _("Older texts"), older),
        ("#undated", _("Order not known"), len(cascade.undated_plans)),
    ]
    return [(address, label, count) for address, label, count in parts if count]


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
    return list_address("plan-list", RegionalPlanFilter, asked)


def link_rows(cascade):
    """Return a dictionary for each document of the chains downwards."""
    links = list(flat(cascade.links))
    prefetch_related_objects([link.relation for link in links], "from_document__sources")
    return [
        {
            "slug": link.document.slug,
            "level": link.level,
            "basis_slug": link.relation.to_document.slug,
            "basis": link.relation.basis,
            "evidence": evidence_grade(link.relation),
            "confidence": sureness(link.relation),
            "locator_en": link.relation.locator_en,
            "locator_zh": link.relation.locator_zh,
            "issued_date": link.document.issued_date,
            "published_date": link.document.published_date,
            "region": link.document.region.slug if link.document.region else None,
            "days": None if link.is_older else link.days,
            "is_older": link.is_older,
            "title_en": link.document.title_en,
            "title_zh": link.document.title_zh,
            "document_number": link.document.document_number,
        }
        for link in links
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
            "date_after": cell.after and cell.after.date,
            "plan_before": cell.before and cell.before.slug,
            "date_before": cell.before and cell.before.date,
            "checked_on": standing.check and standing.check.checked_on,
        }
        for table in cascade.tables
        for standing, cells in table.rows
        for subject, cell in zip(table.subjects, cells, strict=True)
    ]
