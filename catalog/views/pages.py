"""Pages of the catalogue's records."""

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse

from catalog.excerpts import documents_about, documents_among, targets_about
from catalog.facets import NATIONAL
from catalog.models import (
    Agency,
    GlossaryTerm,
    Indicator,
    IndustryField,
    Milestone,
    PolicyDocument,
    SymbolicProduct,
    Target,
    Technology,
)
from catalog.models.indexing import SUBJECTS
from catalog.promises import comparisons_of
from catalog.target_table import table_of
from catalog.tile_map import ShadeForm
from catalog.views.lists import PUBLIC
from futureind.browse.answers import Answer, Beside
from futureind.browse.neighbours import neighbours, neighbours_by
from futureind.browse.views import OfRecord, RecordView
from futureind.core.output_forms import Table


class PolicyDocumentPage(RecordView):
    model = PolicyDocument
    template_name = "catalog/document_detail.html"

    def public_records(self):
        return PolicyDocument.objects.public().select_related("region")

    def context(self, document):
        same_region = PolicyDocument.objects.public().filter(region=document.region)
        before, after = neighbours_by(same_region, document, "date")
        targets = list(document.targets.public().for_rows())
        return {
            "issuers": Agency.objects.public()
            .filter(issued_rows__document=document)
            .order_by("issued_rows__order"),
            "relations": public_relations(document),
            "targets": table_of(targets),
            "comparisons": comparisons_of(targets),
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
        "to": ahead.select_related("to_document__region", "from_document").prefetch_related(
            "from_document__sources"
        ),
        "from": behind.select_related("from_document__region", "to_document").prefetch_related(
            "from_document__sources"
        ),
    }


def mappings_of(record):
    """Return the mapping rows of a document, target, milestone or track, for its page."""
    model = type(record)
    # The control that says why a record stands here reads all of them too.
    prefetch_related_objects(
        [record], "sources", *(public_mappings(model, subject) for subject in SUBJECTS)
    )
    return {
        f"{subject}_mappings": getattr(record, f"{subject}_mappings").all() for subject in SUBJECTS
    }


def public_mappings(model, subject):
    """Return a Prefetch of a model's mapping rows to the public records of a subject."""
    rows = model._meta.get_field(f"{subject}_mappings").related_model.objects
    of_public = rows.filter(**{f"{subject}__publication_state": PUBLIC}).select_related(subject)
    return Prefetch(f"{subject}_mappings", of_public)


class TargetPage(RecordView):
    model = Target
    template_name = "catalog/target_detail.html"

    def public_records(self):
        return Target.objects.public().for_rows()

    def title_parts(self, target):
        return [*super().title_parts(target), target.document.title.plain]

    def context(self, target):
        before, after = neighbours(
            Target.objects.public().filter(document=target.document).order_by("order", "id"), target
        )
        return {
            "comparisons": comparisons_of([target]),
            "previous": before,
            "next": after,
            **mappings_of(target),
        }


class MilestonePage(RecordView):
    model = Milestone
    template_name = "catalog/milestone_detail.html"

    def context(self, milestone):
        before, after = neighbours(Milestone.objects.public().order_by("date", "id"), milestone)
        return {
            "documents": documents_among(milestone.documents.public()),
            "previous": before,
            "next": after,
            **mappings_of(milestone),
        }


class IndicatorPage(RecordView):
    model = Indicator
    template_name = "catalog/indicator_detail.html"

    def public_records(self):
        return (
            Indicator.objects.public()
            .select_related("unit__base_unit")
            .prefetch_related("points__source", "points__region")
        )

    def context(self, indicator):
        points = indicator.public_points
        before, after = neighbours(Indicator.objects.public(), indicator)
        return {
            "points": points,
            "held_back": len(indicator.points.all()) - len(points),
            "targets": table_of(indicator.measured_targets.public().for_rows(), with_document=True),
            "fields": indicator.fields.public(),
            "products": indicator.products.public(),
            "previous": before,
            "next": after,
        }

    def beside(self):
        return [Beside("/points", Answer(table=lambda: points_of(self.record)))]


POINT_COLUMNS = [
    *("period", "as_of", "geography", "region", "value", "unit", "starts_anew"),
    *("note_en", "note_zh", "source", "source_url", "locator"),
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
            "locator": point.locator,
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
        before, after = neighbours(IndustryField.objects.public(), field)
        return {
            "directions": field.directions.prefetch_related(
                Prefetch("technologies", Technology.objects.public(), to_attr="public_technologies")
            ),
            "products": field.products.public().distinct(),
            "technologies": field.technologies.public().distinct(),
            "documents": documents_about(
                {"field": field.pk, "region": None}, field=field.slug, region=NATIONAL
            ),
            "milestones": field.milestones.public().distinct()[:10],
            "comparisons": comparisons_of(
                Target.objects.public()
                .filter(field_mappings__field=field, document__region__isnull=True)
                .only("metric_zh", "unit", "value")
            ),
            "indicators": field.indicators.public(),
            "previous": before,
            "next": after,
        }


class ProductPage(RecordView):
    model = SymbolicProduct
    template_name = "catalog/product_detail.html"
    form_class = ShadeForm

    def context(self, product):
        before, after = neighbours(SymbolicProduct.objects.public(), product)
        return {
            "field_mappings": product.field_mappings.filter(
                field__publication_state=PUBLIC
            ).select_related("field"),
            "technologies": product.technologies.public(),
            "documents": documents_about(
                {"product": product.pk, "region": None}, product=product.slug, region=NATIONAL
            ),
            "targets": targets_about(
                {"product": product.pk}, with_document=True, product=product.slug
            ),
            "milestones": product.milestones.public().distinct(),
            "indicators": product.indicators.public(),
            "terms": product.terms.public(),
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
        siblings = Technology.objects.public().filter(parent=technology.parent)
        before, after = neighbours(siblings, technology)
        return {
            "field_mappings": technology.field_mappings.filter(
                field__publication_state=PUBLIC
            ).select_related("field"),
            "children": technology.children.public(),
            "directions": technology.directions.select_related("field"),
            "documents": documents_about(
                {"technology": technology.pk, "region": None},
                technology=technology.slug,
                region=NATIONAL,
            ),
            "targets": targets_about(
                {"technology": technology.pk}, with_document=True, technology=technology.slug
            ),
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
            "documents": documents_about({"issuer": agency.pk}, issuer=agency.slug),
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
            "documents": documents_among(term.documents.public()),
            "previous": before,
            "next": after,
        }
