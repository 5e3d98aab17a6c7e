"""Lists and vocabularies of the catalogue."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog import columns
from catalog.filters import (
    AgencyFilter,
    FieldFilter,
    GlossaryFilter,
    IndicatorFilter,
    MilestoneFilter,
    PolicyDocumentFilter,
    ProductFilter,
    TargetFilter,
    TechnologyFilter,
    first_fields,
)
from catalog.findings.documents import founding_text_at
from catalog.findings.lists import finding_of_indicators, finding_of_targets
from catalog.models import (
    Agency,
    DocumentIssuer,
    GlossaryTerm,
    Indicator,
    IndustryField,
    Milestone,
    PolicyDocument,
    SymbolicProduct,
    Target,
    Technology,
)
from catalog.models.documents import DocumentLevel
from catalog.models.places import AgencyLevel
from catalog.target_table import TargetTable
from catalog.views.calendars import calendar_of
from catalog.views.due import tabs_by_time, year_strip
from futureind.browse.fragments import rendered_by_key
from futureind.browse.kept_records import public_records
from futureind.browse.views import BrowseView, VocabularyView
from futureind.core.bilingual import CHINESE, BilingualText, active_language
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.records import PublicationState

PUBLIC = PublicationState.PUBLISHED
ISSUERS = Prefetch(
    "issuer_rows",
    DocumentIssuer.objects.select_related("agency").filter(agency__publication_state=PUBLIC),
)


# What exports say of a record's mappings.
MAPPING_ROWS = [
    "field_mappings__field",
    "technology_mappings__technology",
    "product_mappings__product",
]


class PolicyDocumentList(BrowseView):
    model = PolicyDocument
    filterset_class = PolicyDocumentFilter
    template_name = "catalog/document_list.html"
    list_name = "documents"
    can_be_meant = stands_early = True
    row_template = "catalog/_document_row.html"
    row_name = "document"
    columns = columns.DOCUMENT_COLUMNS
    has_in_force = True

    # Before the search page lists texts of provinces it lists those of the nation.
    ranks = (
        [("level", DocumentLevel.NATIONAL.value)],
        [("level", DocumentLevel.PROVINCIAL.value)],
    )

    noted = ("region",)

    def note(self, document):
        place = document.region.name if document.region else _("National")
        number = BilingualText(document.document_number, CHINESE, active_language())
        known = [place, document.date, number, document.get_legal_status_display()]
        return format_html_join(" · ", "{}", ((part,) for part in known if part))

    def leading(self):
        founding = founding_text_at(ContentVersion.stamp())
        return [founding] if founding else []

    def title(self):
        return _("Policy documents")

    def export_rows(self, records):
        return records.select_related("region").prefetch_related(ISSUERS, "sources", *MAPPING_ROWS)

    def count_text(self, count):
        return ngettext("%(n)s document", "%(n)s documents", count) % {"n": count}

    def rows(self, records):
        # Each row names its region and its issuing agencies, and says if no source was read.
        return records.select_related("region").prefetch_related(ISSUERS, "sources")


class TargetList(BrowseView):
    model = Target
    filterset_class = TargetFilter
    template_name = "catalog/target_list.html"
    list_name = "targets"
    can_be_meant = states_amounts = True
    columns = columns.TARGET_COLUMNS
    has_in_force = True

    noted = ("document__region", "unit")

    def note(self, target):
        return target.document.title

    def title(self):
        return _("Targets")

    def calendar(self):
        due = {Target: self.filterset.results.pks()}
        return calendar_of(self.list_name, self.title_asked(), due)

    def export_rows(self, records):
        return self.rows(records).prefetch_related(*MAPPING_ROWS)

    def extra_context(self):
        today = timezone.localdate()
        return {
            # A sentence about all of them would stand above some.
            "finding": None if self.active_names() else finding_of_targets(today),
            "tabs": tabs_by_time(self, today),
            "strip": year_strip(self, today),
        }

    def count_text(self, count):
        return ngettext("%(n)s target", "%(n)s targets", count) % {"n": count}

    def shown(self, page):
        return TargetTable(page.object_list, self.filterset.stamp, with_document=True)

    def rows(self, records):
        return records.for_rows()


class MilestoneList(BrowseView):
    model = Milestone
    filterset_class = MilestoneFilter
    template_name = "catalog/milestone_list.html"
    list_name = "milestones"
    row_template = "catalog/_milestone_row.html"
    row_name = "milestone"
    columns = columns.MILESTONE_COLUMNS

    def title(self):
        return _("Milestones")

    def calendar(self):
        dated = {Milestone: self.filterset.results.pks()}
        return calendar_of(self.list_name, self.title_asked(), dated)

    def export_rows(self, records):
        return records.prefetch_related("superseded_dates", "sources", *MAPPING_ROWS)

    def count_text(self, count):
        return ngettext("%(n)s milestone", "%(n)s milestones", count) % {"n": count}

    def rows(self, records):
        return records.prefetch_related("fields", "superseded_dates", "sources")


class IndicatorList(BrowseView):
    model = Indicator
    filterset_class = IndicatorFilter
    template_name = "catalog/indicator_list.html"
    list_name = "indicators"
    row_template = "catalog/_indicator_row.html"
    row_name = "indicator"
    columns = columns.INDICATOR_COLUMNS

    def title(self):
        return _("Indicators")

    def export_rows(self, records):
        return self.rows(records).prefetch_related("fields", "products", "sources")

    def count_text(self, count):
        return ngettext("%(n)s indicator", "%(n)s indicators", count) % {"n": count}

    def extra_context(self):
        said = finding_of_all_indicators(self.filterset.stamp, get_language())
        return {"finding": None if self.active_names() else said, "counted_in": "results"}

    def shown(self, page):
        """Return ``(field or None, its rows as HTML)``, all under None where sorted otherwise."""
        rows = rendered_by_key(self, page.object_list, self.filterset.stamp)
        sort = self.request.GET.get("sort") or next(iter(self.filterset.orderings))
        if sort != "field":
            return ByField([(None, list(rows.values()))])
        places, fields = first_fields(), list(public_records(IndustryField).values())
        groups = {}
        for pk, row in rows.items():
            place = places.get(pk)
            groups.setdefault(place if place is None else fields[place], []).append(row)
        return ByField(list(groups.items()))

    def rows(self, records):
        # Each row draws its series, with the source of each point.
        return records.select_related("unit__base_unit").prefetch_related(
            "points__source", "points__region"
        )


@dataclass(frozen=True)
class ByField:
    """Rows of a list under the fields that they belong to; under None those of no single one."""

    groups: list

    @property
    def is_grouped(self):
        return len(self.groups) > 1 or any(field for field, _rows in self.groups)

    def __len__(self):
        return sum(len(rows) for _field, rows in self.groups)


@lru_cache(maxsize=4)
def finding_of_all_indicators(stamp, language):
    return finding_of_indicators(Indicator.objects.public().prefetch_related("points"))


class FieldList(VocabularyView):
    model = IndustryField
    filterset_class = FieldFilter
    template_name = "catalog/field_list.html"
    list_name = "fields"
    can_be_meant = aliases_are_wider = True
    columns = columns.FIELD_COLUMNS

    def title(self):
        return _("Six fields")

    def export_rows(self, records):
        return records.prefetch_related("sources")


class ProductList(VocabularyView):
    model = SymbolicProduct
    filterset_class = ProductFilter
    template_name = "catalog/product_list.html"
    list_name = "products"
    can_be_meant = True
    columns = columns.PRODUCT_COLUMNS

    def title(self):
        return _("Ten landmark products")

    def export_rows(self, records):
        return records.prefetch_related("field_mappings__field", "sources")

    def public_records(self):
        return SymbolicProduct.objects.public().prefetch_related("fields")


class TechnologyList(VocabularyView):
    model = Technology
    filterset_class = TechnologyFilter
    template_name = "catalog/technology_list.html"
    list_name = "technologies"
    can_be_meant = True
    columns = columns.TECHNOLOGY_COLUMNS

    def title(self):
        return _("Technologies")

    def export_rows(self, records):
        return records.select_related("parent", "product").prefetch_related("field_mappings__field")

    def context(self, records, is_narrowed):
        # A tree when whole, a plain list when narrowed: a match may stand without its parent.
        records = self.in_list_order(records.prefetch_related("fields"))
        return {"records": records, "tree": None if is_narrowed else nested(records)}


class AgencyList(VocabularyView):
    model = Agency
    filterset_class = AgencyFilter
    template_name = "catalog/agency_list.html"
    list_name = "agencies"
    can_be_meant = True
    columns = columns.AGENCY_COLUMNS

    def title(self):
        return _("Agencies")

    def export_rows(self, records):
        return records.select_related("parent", "region").prefetch_related("sources")

    def context(self, records, is_narrowed):
        documents = Count("documents", filter=Q(documents__publication_state=PUBLIC), distinct=True)
        records = records.select_related("region").prefetch_related("sources")
        records = self.in_list_order(records.annotate(document_count=documents))
        records.sort(key=lambda agency: AgencyLevel.values.index(agency.level))
        return {"records": records, "levels": grouped(records, "get_level_display")}


class GlossaryList(VocabularyView):
    model = GlossaryTerm
    filterset_class = GlossaryFilter
    template_name = "catalog/term_list.html"
    list_name = "glossary"
    can_be_meant = True
    columns = columns.TERM_COLUMNS

    def title(self):
        return _("Glossary")

    def export_rows(self, records):
        return records.prefetch_related("sources")

    def context(self, records, is_narrowed):
        return {"records": self.in_list_order(records.prefetch_related("sources"))}


def nested(records):
    """Return records with a parent as ``[(record, [(child, […]), …]), …]``."""
    known = {record.pk for record in records}
    children = {}
    for record in records:
        above = record.parent_id if record.parent_id in known else None
        children.setdefault(above, []).append(record)

    def below(pk):
        return [(record, below(record.pk)) for record in children.get(pk, ())]

    return below(None)


def grouped(records, method):
    """Return ``[(label, [record, …]), …]`` by a display method, in the order of first sight."""
    groups = {}
    for record in records:
        groups.setdefault(getattr(record, method)(), []).append(record)
    return list(groups.items())
