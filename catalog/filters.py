"""The parameters of the catalogue's lists."""

from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalog.facets import (
    AloneFacet,
    BasisFacet,
    DueFacet,
    FieldFacet,
    IssuerFacet,
    ProductFacet,
    RegionFacet,
    RegionGroupFacet,
    TechnologyFacet,
    TextsFacet,
    VerdictFacet,
)
from catalog.geography import geography_name
from catalog.models import (
    Agency,
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
from catalog.models.commitments import NO_VERDICT, TargetKind
from catalog.models.documents import DocumentLevel, DocumentType, LegalStatus
from catalog.models.indexing import NEVER_DUE, UNDATED
from catalog.models.observations import IndicatorKind, MilestoneState
from catalog.series import CHINA
from futureind.browse.facets import Choice, Facet, RecordFacet, column_choices
from futureind.browse.filters import (
    BrowseFilterSet,
    ChangedAfterFilter,
    ConfidenceFacet,
    DateFilter,
    EvidenceFacet,
    NarrowFilterSet,
    OrderedDateFilter,
    on_or_after,
    on_or_before,
)
from futureind.browse.kept_records import public_records
from futureind.core.name_order import ByName, place_of

NEWEST = F("date").desc(nulls_last=True)
OLDEST = F("date").asc(nulls_last=True)


class InForceFilter(DateFilter):
    """Records of texts in force on a day, by the queryset's own rule.

    Lists offer the day of today, above their results.
    """

    def __init__(self, **options):
        super().__init__(label=_("In force on"), listed=False, **options)

    def filter(self, queryset, value):
        return queryset.in_force_on(value) if value else queryset


class PolicyDocumentFilter(BrowseFilterSet):
    """Parameters of the list of policy documents."""

    searched = (
        "title_en",
        "title_zh",
        "aliases_en",
        "aliases_zh",
        "document_number",
        "summary_en",
        "summary_zh",
        "region__name_en",
        "region__name_zh",
    )
    orderings = {
        "-issued": (_("newest first"), [NEWEST, "id"]),
        "issued": (_("oldest first"), [OLDEST, "-id"]),
        "title": (_("by title"), ByName("title")),
        "-changed": (_("last changed"), ["-changed_at", "id"]),
    }

    index_orders = {"-issued": False, "issued": True}
    undated = UNDATED

    field = FieldFacet()
    product = ProductFacet()
    region = RegionFacet()
    group = RegionGroupFacet()
    type = Facet("document_type", column_choices(DocumentType), label=_("Document type"))
    level = Facet("level", column_choices(DocumentLevel), label=_("Level"))
    status = Facet("legal_status", column_choices(LegalStatus), label=_("Legal status"))
    technology = TechnologyFacet()
    basis = BasisFacet()
    alone = AloneFacet()
    issuer = IssuerFacet()
    evidence = EvidenceFacet()
    confidence = ConfidenceFacet()
    issued_after = on_or_after("date", OrderedDateFilter, label=_("Dated on or after"))
    issued_before = on_or_before("date", OrderedDateFilter, label=_("Dated on or before"))
    in_force_on = InForceFilter()
    changed_after = ChangedAfterFilter()

    class Meta:
        model = PolicyDocument
        fields = []


def documents_with(slugs):
    found = PolicyDocument.objects.public().filter(slug__in=slugs)
    return [(d.slug, d.title.plain, d.pk) for d in found.only("slug", "title_en", "title_zh")]


IN_DOCUMENT = ["document_id", F("order").asc(nulls_last=True), "id"]
IN_DOCUMENT_REVERSED = ["-document_id", F("order").desc(nulls_first=True), "-id"]


class TargetFilter(BrowseFilterSet):
    """Parameters of the list of targets."""

    searched = (
        "statement_en",
        "statement_zh",
        "metric_en",
        "metric_zh",
        "value_text_en",
        "value_text_zh",
        "document__title_en",
        "document__title_zh",
        "document__document_number",
        "document__region__name_en",
        "document__region__name_zh",
    )
    orderings = {
        "due": (_("due first"), [F("due_date").asc(nulls_last=True), *IN_DOCUMENT]),
        "-due": (_("due last"), [F("due_date").desc(nulls_last=True), *IN_DOCUMENT_REVERSED]),
        "-issued": (
            _("newest document first"),
            [F("document__date").desc(nulls_last=True), *IN_DOCUMENT],
        ),
        "-changed": (_("last changed"), ["-changed_at", "id"]),
    }

    index_orders = {"due": False, "-due": True}
    undated = -NEVER_DUE

    field = FieldFacet()
    product = ProductFacet()
    region = RegionFacet("document__region")
    group = RegionGroupFacet("document__region")
    level = Facet("document__level", column_choices(DocumentLevel), label=_("Level"))
    kind = Facet("kind", column_choices(TargetKind), label=_("Kind of target"))
    verdict = VerdictFacet()
    technology = TechnologyFacet()
    basis = BasisFacet()
    alone = AloneFacet()
    evidence = EvidenceFacet()
    confidence = ConfidenceFacet()
    document = RecordFacet("document", documents_with, label=_("Policy document"))
    texts = TextsFacet()
    due = DueFacet()
    due_after = on_or_after("due_date", label=_("Due on or after"))
    due_before = on_or_before("due_date", label=_("Due on or before"))
    in_force_on = InForceFilter()
    changed_after = ChangedAfterFilter()

    class Meta:
        model = Target
        fields = []

    def offers(self, group):
        """Tell whether a group is worth showing: the verdict only where somebody checked."""
        return super().offers(group) and (group.name != "verdict" or has_checks(group))


def has_checks(group):
    """Tell whether the group of the verdict has more to offer than that nobody checked."""
    verdicts = [option for option in group.options if option.value != NO_VERDICT]
    return bool(verdicts or group.ticked or group.errors)


def geography_choices(model, path):
    """Return a callable giving the geographies that a model's rows name, as choices."""

    def choices():
        names = model._base_manager.order_by().values_list(path, flat=True).distinct()
        found = [Choice(name, geography_name(name), name) for name in names]
        return sorted(found, key=lambda choice: (choice.key != CHINA, place_of(choice.label)))

    return choices


def query_of(asked):
    """Return ``{parameter: [values]}`` as a QueryDict."""
    query = QueryDict(mutable=True)
    for name, values in asked.items():
        query.setlist(name, values)
    return query


def targets_under(asked):
    """Return the results of the list of targets under ``{parameter: [values]}``."""
    return TargetFilter(query_of(asked), Target.objects.public()).results


class MilestoneFilter(BrowseFilterSet):
    """Parameters of the list of milestones."""

    searched = ("title_en", "title_zh", "summary_en", "summary_zh")
    orderings = {
        "-date": (_("newest first"), ["-date", "id"]),
        "date": (_("oldest first"), ["date", "-id"]),
        "-changed": (_("last changed"), ["-changed_at", "id"]),
    }

    index_orders = {"-date": False, "date": True}
    undated = UNDATED

    field = FieldFacet()
    product = ProductFacet()
    status = Facet("state", column_choices(MilestoneState), label=_("State of the event"))
    geography = Facet("geography", geography_choices(Milestone, "geography"), label=_("Country"))
    technology = TechnologyFacet()
    basis = BasisFacet()
    evidence = EvidenceFacet()
    confidence = ConfidenceFacet()
    due_after = on_or_after("date", OrderedDateFilter, label=_("On or after"))
    due_before = on_or_before("date", OrderedDateFilter, label=_("On or before"))
    changed_after = ChangedAfterFilter()

    class Meta:
        model = Milestone
        fields = []


def first_fields():
    """Return ``{primary key of an indicator: place of its first field among the fields}``."""
    order = {pk: place for place, pk in enumerate(public_records(IndustryField))}
    found = {}
    for pk, field in Indicator.fields.through.objects.values_list("indicator", "industryfield"):
        if field in order:
            found[pk] = min(order[field], found.get(pk, len(order)))
    return found


class ByFieldAndName(ByName):
    """An order of indicators: by the first field of each, then by name; last those of none."""

    def rows(self, rows):
        fields = first_fields()
        return sorted(super().rows(rows), key=lambda row: fields.get(row.pk, len(fields)))


class IndicatorFilter(BrowseFilterSet):
    """Parameters of the list of indicators."""

    searched = (
        "name_en",
        "name_zh",
        "definition_en",
        "definition_zh",
        "publisher_en",
        "publisher_zh",
    )
    orderings = {
        "field": (_("by field"), ByFieldAndName()),
        "name": (_("by name"), ByName()),
        "-changed": (_("last changed"), ["-changed_at", "id"]),
    }

    field = FieldFacet("fields")
    product = ProductFacet("products")
    kind = Facet("kind", column_choices(IndicatorKind), label=_("Kind of indicator"))
    geography = Facet(
        "points__geography",
        geography_choices(IndicatorPoint, "geography"),
        label=_("Geography"),
    )
    evidence = EvidenceFacet()
    confidence = ConfidenceFacet()
    changed_after = ChangedAfterFilter()

    class Meta:
        model = Indicator
        fields = []


NAMED = ("name_en", "name_zh", "aliases_en", "aliases_zh")


class FieldFilter(NarrowFilterSet):
    """Text box of the fields."""

    searched = (*NAMED, "description_en", "description_zh")

    class Meta:
        model = IndustryField
        fields = []


class ProductFilter(NarrowFilterSet):
    """Text box of the landmark products."""

    searched = (*NAMED, "description_en", "description_zh")

    class Meta:
        model = SymbolicProduct
        fields = []


class TechnologyFilter(NarrowFilterSet):
    """Text box of the technologies."""

    searched = (*NAMED, "description_en", "description_zh")

    class Meta:
        model = Technology
        fields = []


class AgencyFilter(NarrowFilterSet):
    """Text box of the agencies."""

    searched = (*NAMED, "abbreviation_en", "role_en", "role_zh")

    class Meta:
        model = Agency
        fields = []


class GlossaryFilter(NarrowFilterSet):
    """Text box of the glossary."""

    searched = ("term_en", "term_zh", "aliases_en", "aliases_zh", "definition_en", "definition_zh")

    class Meta:
        model = GlossaryTerm
        fields = []


def filter_of(filterset_class, model, asked=(), stamp=None):
    """Return the valid FilterSet of a list of public records under ``{parameter: [values]}``.

    Parameter: ``stamp``, the state of the content, where another list of it was read already.
    """
    filterset = filterset_class(query_of(dict(asked)), model.objects.public())
    if stamp is not None:
        filterset.stamp = stamp
    filterset.is_valid()
    return filterset
