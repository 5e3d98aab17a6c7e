"""The parameters of the lists of plans, tracks and regions."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.facets import (
    AloneFacet,
    BasisFacet,
    FieldFacet,
    ProductFacet,
    QualifyingFacet,
    RegionFacet,
    RegionGroupFacet,
    TechnologyFacet,
)
from catalog.filters import NAMED, InForceFilter, filter_of
from catalog.models import Region
from catalog.models.documents import DocumentLevel, DocumentType, LegalStatus
from catalog.models.indexing import UNDATED
from catalog.models.mappings import COUNTED_MATCHES, Match
from futureind.browse.facets import Facet, RecordFacet, column_choices
from futureind.browse.filters import (
    BrowseFilterSet,
    ChangedAfterFilter,
    ConfidenceFacet,
    EvidenceFacet,
    NarrowFilterSet,
    OrderedDateFilter,
    on_or_after,
    on_or_before,
)
from futureind.core.name_order import ByName
from regions.models import TIER_RANK, RegionalPlan, Tier, Track


class MatchedFacetMixin:
    """A facet over tracks' mappings that counts the matches asked for by ``match``."""

    @property
    def matches(self):
        return self.parent.form.cleaned_data.get("match") or COUNTED_MATCHES

    def condition(self):
        mapping = self.path.rpartition("__")[0]
        return super().condition() & Q(**{f"{mapping}__match__in": self.matches})

    def groups(self):
        return [f"{self.name}={match}" for match in self.matches]


class MatchedTechnologyFacet(MatchedFacetMixin, TechnologyFacet):
    pass


class MatchedProductFacet(MatchedFacetMixin, ProductFacet):
    pass


class MatchFacet(QualifyingFacet):
    """How a track's wording relates to the technologies and products that are asked for."""

    def __init__(self, prefix="", **options):
        super().__init__(
            "match",
            column_choices(Match),
            subjects=("technology", "product"),
            prefix=prefix,
            label=_("Match"),
            listed=False,
            **options,
        )


class RegionalPlanFilter(BrowseFilterSet):
    """Parameters of the list of plans."""

    searched = (
        "document__title_en",
        "document__title_zh",
        "document__aliases_en",
        "document__aliases_zh",
        "document__document_number",
        "structure_en",
        "structure_zh",
        "region__name_en",
        "region__name_zh",
    )
    orderings = {
        "-issued": (_("newest first"), [F("document__date").desc(nulls_last=True), "id"]),
        "issued": (_("oldest first"), [F("document__date").asc(nulls_last=True), "-id"]),
        "region": (_("by region"), ["region__code", "id"]),
        "-changed": (_("last changed"), ["-changed_at", "id"]),
    }

    index_orders = {"-issued": False, "issued": True}
    undated = UNDATED

    field = FieldFacet("tracks__field_mappings__field")
    product = MatchedProductFacet("tracks__product_mappings__product")
    region = RegionFacet(national=False)
    group = RegionGroupFacet()
    type = Facet("document__document_type", column_choices(DocumentType), label=_("Document type"))
    level = Facet("document__level", column_choices(DocumentLevel), label=_("Level"))
    status = Facet("document__legal_status", column_choices(LegalStatus), label=_("Legal status"))
    technology = MatchedTechnologyFacet("tracks__technology_mappings__technology")
    match = MatchFacet("tracks__")
    basis = BasisFacet("tracks__")
    alone = AloneFacet()
    evidence = EvidenceFacet()
    confidence = ConfidenceFacet()
    issued_after = on_or_after("document__date", OrderedDateFilter, label=_("Dated on or after"))
    issued_before = on_or_before("document__date", OrderedDateFilter, label=_("Dated on or before"))
    in_force_on = InForceFilter()
    changed_after = ChangedAfterFilter()

    class Meta:
        model = RegionalPlan
        fields = []


def plans_with(slugs):
    found = RegionalPlan.objects.public().filter(slug__in=slugs).select_related("document")
    return [(plan.slug, plan.title.plain, plan.pk) for plan in found]


NEWEST_PLAN = F("plan__document__date")


class TrackFilter(BrowseFilterSet):
    """Parameters of the list of tracks."""

    searched = (
        "name_en",
        "name_zh",
        "tier_label_en",
        "tier_label_zh",
        "plan__document__title_en",
        "plan__document__title_zh",
        "plan__document__document_number",
        "plan__region__name_en",
        "plan__region__name_zh",
    )
    orderings = {
        "-issued": (
            _("newest plan first"),
            [NEWEST_PLAN.desc(nulls_last=True), "plan_id", TIER_RANK, "order", "id"],
        ),
        "issued": (
            _("oldest plan first"),
            [NEWEST_PLAN.asc(nulls_last=True), "-plan_id", TIER_RANK.desc(), "-order", "-id"],
        ),
        "region": (_("by region"), ["plan__region__code", "plan_id", TIER_RANK, "order", "id"]),
        "name": (_("by name"), ByName()),
        # A track changes with its plan.
        "-changed": (_("last changed"), ["-plan__changed_at", "plan_id", TIER_RANK, "order", "id"]),
    }

    index_orders = {"-issued": False, "issued": True}
    undated = UNDATED

    field = FieldFacet()
    product = MatchedProductFacet()
    region = RegionFacet("plan__region", national=False)
    group = RegionGroupFacet("plan__region")
    tier = Facet("tier", column_choices(Tier), label=_("Role in plan"))
    technology = MatchedTechnologyFacet()
    match = MatchFacet()
    basis = BasisFacet()
    alone = AloneFacet()
    status = Facet(
        "plan__document__legal_status", column_choices(LegalStatus), label=_("Legal status")
    )
    evidence = EvidenceFacet()
    confidence = ConfidenceFacet()
    plan = RecordFacet("plan", plans_with, label=_("Plan"))
    issued_after = on_or_after(
        "plan__document__date", OrderedDateFilter, label=_("Dated on or after")
    )
    issued_before = on_or_before(
        "plan__document__date", OrderedDateFilter, label=_("Dated on or before")
    )
    in_force_on = InForceFilter()
    changed_after = ChangedAfterFilter("plan__changed_at")

    class Meta:
        model = Track
        fields = []


def track_filter(asked=(), stamp=None):
    """Return the valid FilterSet of the list of tracks under ``{parameter: [values]}``.

    Parameter: ``stamp``, the state of the content, where another list of it was read already.
    """
    return filter_of(TrackFilter, Track, asked, stamp)


def plan_filter(asked=(), stamp=None):
    """Return the valid FilterSet of the list of plans; parameters as above."""
    return filter_of(RegionalPlanFilter, RegionalPlan, asked, stamp)


class RegionFilter(NarrowFilterSet):
    """Text box of the regions."""

    searched = (*NAMED, "code", "parent__name_en", "parent__name_zh")

    class Meta:
        model = Region
        fields = []
