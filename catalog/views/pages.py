"""Pages of the catalogue's records."""

from functools import cache

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from catalog.excerpts import (
    IN_SHORT,
    documents_about,
    documents_among,
    documents_in_short,
    targets_to_come,
)
from catalog.facets import NATIONAL
from catalog.findings.documents import is_founding
from catalog.findings.lists import finding_of_series
from catalog.models import (
    Agency,
    DocumentPassage,
    DocumentRelation,
    GlossaryTerm,
    Indicator,
    IndicatorPoint,
    IndustryField,
    Milestone,
    PolicyDocument,
    SymbolicProduct,
    Target,
    Technology,
)
from catalog.models.documents import RelationType
from catalog.models.indexing import SUBJECTS
from catalog.promises import comparisons_of
from catalog.series import newest_point
from catalog.target_table import table_of, tables_by_year
from catalog.tile_map import ShadeForm
from catalog.views.lists import PUBLIC
from catalog.views.subjects import (
    directions_by_field,
    fields_with_products,
    shared_basis,
    technologies_by_field,
)
from futureind.browse.answers import Answer, Beside
from futureind.browse.evidence_tally import EvidenceTally
from futureind.browse.kept_records import public_records
from futureind.browse.neighbours import neighbours, neighbours_by
from futureind.browse.related import related_to
from futureind.browse.views import OfRecord, RecordView
from futureind.core.output_forms import Table
from futureind.core.statements import ANY_KEY, Statement
from futureind.publishing.evidence import evidence_grade
from futureind.publishing.models.sources import SourceSeen

MAPPINGS = tuple(f"{subject}_mappings" for subject in SUBJECTS)
MILESTONES_SHOWN = 10


class PolicyDocumentPage(RecordView):
    model = PolicyDocument
    template_name = "catalog/document_detail.html"

    def public_records(self):
        quoted = DocumentPassage.objects.select_related("quotation_source")
        documents = PolicyDocument.objects.public().select_related("region")
        return documents.prefetch_related(Prefetch("passages", quoted))

    def context(self, document):
        before, after = neighbours_by(document, "date", "region", IN_SHORT)
        targets = targets_of(document)
        tables = tables_by_year(targets)
        related = related_to(document, *MAPPINGS, "issuer_rows", "milestones", "terms")
        # With the sources of this document, all at once.
        relations = public_relations(document)
        read = [source for source in document.sources.all() if source.seen == SourceSeen.READ]
        return {
            "sources_read": read,
            "sources_unread": [source for source in document.sources.all() if source not in read],
            **related,
            "issuers": [row.agency for row in related["issuer_rows"]],
            "relations": relations,
            "sets": fields_with_products(related["field_mappings"], related["product_mappings"]),
            "directions": directions_by_field() if is_founding(document) else {},
            "technologies": technologies_by_field(related["technology_mappings"]),
            "technologies_rest_on": shared_basis(related["technology_mappings"]),
            "target_tables": tables,
            "target_tally": sum((table.tally for table in tables), EvidenceTally({})),
            "target_count": len(targets),
            "any_verdict": any(target.verdict for target in targets),
            "comparisons": comparisons_of(targets),
            "previous": before,
            "next": after,
        }


@cache
def targets_statement():
    return Statement.of(Target.objects.public().filter(document=ANY_KEY).for_tables())


def targets_of(document):
    """Return the public targets of a document with what its page asks of them before their rows."""
    targets = targets_statement().records(Target, {ANY_KEY: document.pk})
    for target in targets:
        target.document = document
    return targets


def public_relations(document):
    """Return the relations that start here ("to") and end here ("from"), drafts left out.

    Those that end here are ``answers``, of texts that carry the document out, the oldest first, and
    ``mentions``, all others.
    """
    ahead = Q(from_document=document, to_document__publication_state=PUBLIC)
    behind = Q(to_document=document, from_document__publication_state=PUBLIC)
    ends = [f"{end}__{column}" for end in ("from_document", "to_document") for column in IN_SHORT]
    of_region = [f"from_document__region__{column}" for column in ("name_en", "name_zh")]
    found = {"to": [], "from": []}
    relations = DocumentRelation.objects.filter(ahead | behind)
    for relation in relations.select_related("from_document__region", "to_document").only(
        *("type", "basis", "locator_en", "locator_zh", "confidence"), *ends, *of_region
    ):
        if relation.from_document_id == document.pk:
            relation.from_document = document
            found["to"].append(relation)
        else:
            relation.to_document = document
            found["from"].append(relation)
    # How sure a relation is, the sources of its lower text say.
    below = [document, *(relation.from_document for relation in found["from"])]
    prefetch_related_objects(below, "sources")
    answers = [relation for relation in found["from"] if relation.type == RelationType.IMPLEMENTS]
    answers.sort(key=lambda relation: day_of(relation.from_document))
    mentions = [relation for relation in found["from"] if relation not in answers]
    return found | {"answers": answers, "mentions": mentions}


def day_of(document):
    """Return what sorts documents by date, those without one last."""
    return document.date is None, document.date


class TargetPage(RecordView):
    model = Target
    template_name = "catalog/target_detail.html"

    def public_records(self):
        return Target.objects.public().for_rows()

    def title_parts(self, target):
        return [*super().title_parts(target), target.document.title.plain]

    def context(self, target):
        targets = Target.objects.public().filter(document=target.document).order_by("order", "id")
        before, after = neighbours(targets.only("slug", "statement_en", "statement_zh"), target)
        return {
            "comparisons": comparisons_of([target]),
            "previous": before,
            "next": after,
            **related_to(target, *MAPPINGS),
        }


class MilestonePage(RecordView):
    model = Milestone
    template_name = "catalog/milestone_detail.html"

    def context(self, milestone):
        by_date = sorted(public_records(Milestone).values(), key=lambda m: (m.date, m.pk))
        before, after = neighbours(by_date, milestone)
        return {
            "documents": documents_among(milestone.documents.public()),
            "previous": before,
            "next": after,
            **related_to(milestone, *MAPPINGS),
        }


class IndicatorPage(RecordView):
    model = Indicator
    template_name = "catalog/indicator_detail.html"

    def public_records(self):
        return (
            Indicator.objects.public()
            .select_related("unit__base_unit")
            .prefetch_related(
                Prefetch("points", IndicatorPoint.objects.select_related("source", "region"))
            )
        )

    def context(self, indicator):
        points = indicator.public_points
        before, after = neighbours(public_records(Indicator).values(), indicator)
        return {
            "finding": finding_of_series(indicator),
            "points": points,
            "newest": newest_point(points),
            "held_back": len(indicator.points.all()) - len(points),
            "targets": table_of(
                indicator.measured_targets.public().for_tables(), with_document=True
            ),
            "previous": before,
            "next": after,
            **related_to(indicator, "fields", "products"),
        }

    def beside(self):
        return [Beside("/points", Answer(table=lambda: points_of(self.record)))]


POINT_COLUMNS = [
    *("period", "as_of", "geography", "region", "value", "unit", "starts_anew"),
    *("note_en", "note_zh", "source", "source_url", "locator_en", "locator_zh", "evidence"),
]


def points_of(indicator):
    """Return the public points of an indicator as a Table."""
    rows = [
        {
            "period": point.period,
            "as_of": point.as_of,
            "geography": point.geography,
            "region": point.region and point.region.slug,
            "value": f"{point.value.normalize():f}",
            "unit": indicator.unit.slug,
            "starts_anew": point.starts_anew,
            "note_en": point.note_en,
            "note_zh": point.note_zh,
            "source": point.source.title,
            "source_url": point.source.url,
            "locator_en": point.locator_en,
            "locator_zh": point.locator_zh,
            "evidence": evidence_grade(point),
        }
        for point in indicator.points.public().select_related("source", "region")
    ]
    return Table(indicator.slug, POINT_COLUMNS, rows)


class PointsFile(OfRecord):
    """The points of an indicator, which stand beside its page."""

    keeps_tables = False
    model = Indicator

    def public_records(self):
        return Indicator.objects.public().select_related("unit")

    def address_of(self, indicator):
        return reverse("indicator-points-form", args=[indicator.slug, self.kwargs["form"]])

    def table(self):
        return points_of(self.record)


class FieldPage(RecordView):
    model = IndustryField
    template_name = "catalog/field_detail.html"
    form_class = ShadeForm

    def context(self, field):
        before, after = neighbours(public_records(IndustryField).values(), field)
        related = related_to(field, "products", "technologies", "milestones", "indicators")
        return {
            **related,
            "directions": field.directions.prefetch_related(
                Prefetch("technologies", Technology.objects.public(), to_attr="public_technologies")
            ),
            "documents": documents_in_short(field=field.slug, region=NATIONAL),
            "milestones": related["milestones"][:MILESTONES_SHOWN],
            "comparisons": comparisons_of(
                Target.objects.public()
                .filter(field_mappings__field=field, document__region__isnull=True)
                .only("metric_zh", "unit", "value")
            ),
            "previous": before,
            "next": after,
        }


class ProductPage(RecordView):
    model = SymbolicProduct
    template_name = "catalog/product_detail.html"
    form_class = ShadeForm

    def context(self, product):
        before, after = neighbours(public_records(SymbolicProduct).values(), product)
        technologies = public_records(Technology).values()
        to_come, past, undated = targets_to_come(product=product.slug)
        return {
            **related_to(product, "milestones", "indicators", "terms"),
            "key_technologies": product.key_technologies.select_related("quotation_source"),
            "field_mappings": product.field_mappings.filter(
                field__publication_state=PUBLIC
            ).select_related("field"),
            "technologies": [t for t in technologies if t.product_id == product.pk],
            "documents": documents_in_short(product=product.slug, region=NATIONAL),
            "to_come": to_come,
            "past": past,
            "undated": undated,
            "previous": before,
            "next": after,
        }


class TechnologyPage(RecordView):
    model = Technology
    template_name = "catalog/technology_detail.html"
    form_class = ShadeForm

    def public_records(self):
        return Technology.objects.public().select_related("parent", "product")

    def context(self, technology):
        others = public_records(Technology).values()
        siblings = [other for other in others if other.parent_id == technology.parent_id]
        before, after = neighbours(siblings, technology)
        to_come, past, undated = targets_to_come(technology=technology.slug)
        return {
            **related_to(technology, "milestones"),
            "field_mappings": technology.field_mappings.filter(
                field__publication_state=PUBLIC
            ).select_related("field"),
            "children": [other for other in others if other.parent_id == technology.pk],
            "directions": technology.directions.select_related("field"),
            "documents": documents_in_short(technology=technology.slug, region=NATIONAL),
            "to_come": to_come,
            "past": past,
            "undated": undated,
            "previous": before,
            "next": after,
        }


class AgencyPage(RecordView):
    model = Agency
    template_name = "catalog/agency_detail.html"

    def public_records(self):
        return Agency.objects.public().select_related("parent", "region")

    def context(self, agency):
        others = public_records(Agency).values()
        before, after = neighbours([a for a in others if a.level == agency.level], agency)
        return {
            "children": [other for other in others if other.parent_id == agency.pk],
            "documents": documents_about(issuer=agency.slug),
            "previous": before,
            "next": after,
        }


class TermPage(RecordView):
    model = GlossaryTerm
    template_name = "catalog/term_detail.html"

    def context(self, term):
        before, after = neighbours(public_records(GlossaryTerm).values(), term)
        return {
            "documents": documents_among(term.documents.public()),
            "previous": before,
            "next": after,
            **related_to(term, "fields", "products"),
        }
