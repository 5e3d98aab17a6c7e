"""Lists and pages of the catalogue."""

from django.db.models import Count, F, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
)
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
from futureind.browse.neighbours import neighbours
from futureind.browse.views import BrowseView, RecordView, VocabularyView
from futureind.publishing.records import PublicationState

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
    columns = columns.DOCUMENT_COLUMNS
    has_in_force = True

    def title(self):
        return _("Policy documents")

    def export_rows(self, records):
        return records.select_related("region").prefetch_related(ISSUERS, "sources", *MAPPING_ROWS)

    def count_text(self, count):
        return ngettext("%(n)s document", "%(n)s documents", count) % {"n": count}

    def rows(self, records):
        # Each row names its region and its issuing agencies.
        return records.select_related("region").prefetch_related(ISSUERS)


class TargetList(BrowseView):
    model = Target
    filterset_class = TargetFilter
    template_name = "catalog/target_list.html"
    list_name = "targets"
    columns = columns.TARGET_COLUMNS
    has_in_force = True

    def title(self):
        return _("Targets")

    def export_rows(self, records):
        return self.rows(records).prefetch_related("sources", *MAPPING_ROWS)

    def count_text(self, count):
        return ngettext("%(n)s target", "%(n)s targets", count) % {"n": count}

    def rows(self, records):
        # Each row names unit, document, region and the newest verdict.
        return records.with_verdict().select_related("unit__base_unit", "document__region")


class MilestoneList(BrowseView):
    model = Milestone
    filterset_class = MilestoneFilter
    template_name = "catalog/milestone_list.html"
    list_name = "milestones"
    columns = columns.MILESTONE_COLUMNS

    def title(self):
        return _("Milestones")

    def export_rows(self, records):
        return records.prefetch_related("superseded_dates", "sources", *MAPPING_ROWS)

    def count_text(self, count):
        return ngettext("%(n)s milestone", "%(n)s milestones", count) % {"n": count}

    def rows(self, records):
        return records.prefetch_related("fields", "superseded_dates")


class IndicatorList(BrowseView):
    model = Indicator
    filterset_class = IndicatorFilter
    template_name = "catalog/indicator_list.html"
    list_name = "indicators"
    columns = columns.INDICATOR_COLUMNS

    def title(self):
        return _("Indicators")

    def export_rows(self, records):
        return self.rows(records).prefetch_related("fields", "products", "sources")

    def count_text(self, count):
        return ngettext("%(n)s indicator", "%(n)s indicators", count) % {"n": count}

    def rows(self, records):
        # The newest point of each series stands in its row.
        return records.select_related("unit").prefetch_related("points")


class FieldList(VocabularyView):
    model = IndustryField
    filterset_class = FieldFilter
    template_name = "catalog/field_list.html"
    list_name = "fields"
    columns = columns.FIELD_COLUMNS

    def title(self):
        return _("Six fields")


class ProductList(VocabularyView):
    model = SymbolicProduct
    filterset_class = ProductFilter
    template_name = "catalog/product_list.html"
    list_name = "products"
    columns = columns.PRODUCT_COLUMNS

    def title(self):
        return _("Ten landmark products")

    def export_rows(self, records):
        return records.prefetch_related("field_mappings__field")

    def public_records(self):
        return SymbolicProduct.objects.public().prefetch_related("fields")


class TechnologyList(VocabularyView):
    model = Technology
    filterset_class = TechnologyFilter
    template_name = "catalog/technology_list.html"
    list_name = "technologies"
    columns = columns.TECHNOLOGY_COLUMNS

    def title(self):
        return _("Technologies")

    def export_rows(self, records):
        return records.select_related("parent", "product").prefetch_related("field_mappings__field")

    def context(self, records, is_narrowed):
        # A tree when whole, a plain list when narrowed: a match may stand without its parent.
        records = list(records.prefetch_related("fields"))
        return {"records": records, "tree": None if is_narrowed else nested(records)}


class AgencyList(VocabularyView):
    model = Agency
    filterset_class = AgencyFilter
    template_name = "catalog/agency_list.html"
    list_name = "agencies"
    columns = columns.AGENCY_COLUMNS

    def title(self):
        return _("Agencies")

    def export_rows(self, records):
        return records.select_related("parent", "region")

    def context(self, records, is_narrowed):
        documents = Count("documents", filter=Q(documents__publication_state=PUBLIC), distinct=True)
        records = list(records.select_related("region").annotate(document_count=documents))
        return {"records": records, "levels": grouped(records, "get_level_display")}


class GlossaryList(VocabularyView):
    model = GlossaryTerm
    filterset_class = GlossaryFilter
    template_name = "catalog/term_list.html"
    list_name = "glossary"
    columns = columns.TERM_COLUMNS

    def title(self):
        return _("Glossary")


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


class PolicyDocumentPage(RecordView):
    model = PolicyDocument
    template_name = "catalog/document_detail.html"

    def public_records(self):
        return PolicyDocument.objects.public().select_related("region")

    def context(self, document):
        before, after = neighbours(
            PolicyDocument.objects.public()
            .filter(region=document.region)
            .order_by(F("date").asc(nulls_last=True), "id"),
            document,
        )
        return {
            "issuers": Agency.objects.public()
            .filter(issued_rows__document=document)
            .order_by("issued_rows__order"),
            "relations": public_relations(document),
            "targets": document.targets.public().with_verdict().select_related("unit__base_unit"),
            "milestones": document.milestones.public(),
            "terms": document.terms.public(),
            "previous": before,
            "next": after,
            **mappings_of(document),
        }


def public_relations(document):
    """Return the relations that start here ("to") and end here ("from"), drafts left out."""
    ahead = document.relations_from.filter(to_document__publication_state=PUBLIC)
    behind = document.relations_to.filter(from_document__publication_state=PUBLIC)
    return {
        "to": ahead.select_related("to_document__region", "from_document"),
        "from": behind.select_related("from_document__region", "to_document"),
    }


def mappings_of(record):
    """Return the mapping rows of a document, target, milestone or track, for its page."""
    return {
        "field_mappings": record.field_mappings.filter(
            field__publication_state=PUBLIC
        ).select_related("field"),
        "technology_mappings": record.technology_mappings.filter(
            technology__publication_state=PUBLIC
        ).select_related("technology"),
        "product_mappings": record.product_mappings.filter(
            product__publication_state=PUBLIC
        ).select_related("product"),
    }


class TargetPage(RecordView):
    model = Target
    template_name = "catalog/target_detail.html"

    def public_records(self):
        return (
            Target.objects.public()
            .with_verdict()
            .select_related("document__region", "unit__base_unit")
        )

    def title_parts(self, target):
        return [*super().title_parts(target), target.document.title.plain]

    def context(self, target):
        before, after = neighbours(
            Target.objects.public().filter(document=target.document).order_by("order", "id"), target
        )
        return {"previous": before, "next": after, **mappings_of(target)}


class MilestonePage(RecordView):
    model = Milestone
    template_name = "catalog/milestone_detail.html"

    def context(self, milestone):
        before, after = neighbours(Milestone.objects.public().order_by("date", "id"), milestone)
        return {
            "documents": milestone.documents.public(),
            "previous": before,
            "next": after,
            **mappings_of(milestone),
        }


class IndicatorPage(RecordView):
    model = Indicator
    template_name = "catalog/indicator_detail.html"

    def public_records(self):
        return Indicator.objects.public().select_related("unit")

    def context(self, indicator):
        points = list(indicator.points.public().select_related("source", "region"))
        before, after = neighbours(Indicator.objects.public(), indicator)
        return {
            "points": points,
            "held_back": indicator.points.count() - len(points),
            "fields": indicator.fields.public(),
            "products": indicator.products.public(),
            "previous": before,
            "next": after,
        }


class FieldPage(RecordView):
    model = IndustryField
    template_name = "catalog/field_detail.html"

    def context(self, field):
        before, after = neighbours(IndustryField.objects.public(), field)
        return {
            "directions": field.directions.prefetch_related(
                Prefetch("technologies", Technology.objects.public(), to_attr="public_technologies")
            ),
            "products": field.products.public().distinct(),
            "technologies": field.technologies.public().distinct(),
            "documents": PolicyDocument.objects.public()
            .filter(field_mappings__field=field, region__isnull=True)
            .prefetch_related(ISSUERS),
            "milestones": field.milestones.public().distinct()[:10],
            "indicators": field.indicators.public(),
            "previous": before,
            "next": after,
        }


class ProductPage(RecordView):
    model = SymbolicProduct
    template_name = "catalog/product_detail.html"

    def context(self, product):
        before, after = neighbours(SymbolicProduct.objects.public(), product)
        return {
            "field_mappings": product.field_mappings.filter(
                field__publication_state=PUBLIC
            ).select_related("field"),
            "technologies": product.technologies.public(),
            "documents": PolicyDocument.objects.public()
            .filter(product_mappings__product=product, region__isnull=True)
            .prefetch_related(ISSUERS),
            "targets": Target.objects.public()
            .filter(product_mappings__product=product)
            .with_verdict()
            .select_related("unit__base_unit", "document__region"),
            "milestones": product.milestones.public().distinct(),
            "indicators": product.indicators.public(),
            "terms": product.terms.public(),
            "previous": before,
            "next": after,
        }


class TechnologyPage(RecordView):
    model = Technology
    template_name = "catalog/technology_detail.html"

    def public_records(self):
        return Technology.objects.public().select_related("parent", "product")

    def context(self, technology):
        siblings = Technology.objects.public().filter(parent=technology.parent)
        before, after = neighbours(siblings, technology)
        return {
            "field_mappings": technology.field_mappings.filter(
                field__publication_state=PUBLIC
            ).select_related("field"),
            "children": technology.children.public(),
            "directions": technology.directions.select_related("field"),
            "documents": PolicyDocument.objects.public()
            .filter(technology_mappings__technology=technology, region__isnull=True)
            .prefetch_related(ISSUERS),
            "targets": Target.objects.public()
            .filter(technology_mappings__technology=technology)
            .with_verdict()
            .select_related("unit__base_unit", "document__region"),
            "milestones": technology.milestones.public().distinct(),
            "previous": before,
            "next": after,
        }


class AgencyPage(RecordView):
    model = Agency
    template_name = "catalog/agency_detail.html"

    def public_records(self):
        return Agency.objects.public().select_related("parent", "region")

    def context(self, agency):
        before, after = neighbours(Agency.objects.public().filter(level=agency.level), agency)
        return {
            "children": agency.children.public(),
            "documents": agency.documents.public()
            .select_related("region")
            .prefetch_related(ISSUERS)
            .distinct(),
            "previous": before,
            "next": after,
        }


class TermPage(RecordView):
    model = GlossaryTerm
    template_name = "catalog/term_detail.html"

    def context(self, term):
        before, after = neighbours(GlossaryTerm.objects.public(), term)
        return {
            "fields": term.fields.public(),
            "products": term.products.public(),
            "documents": term.documents.public().prefetch_related(ISSUERS),
            "previous": before,
            "next": after,
        }
