"""Regional plans and their tracks."""

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from catalog.models import (
    IndustryField,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    Technology,
)
from catalog.models.documents import YEAR_VALIDATORS
from catalog.models.indexing import (
    SUBJECT_FACETS,
    aliases,
    both,
    day_number,
    region_names,
    subject_facets,
)
from futureind.core.bilingual import Bilingual
from futureind.core.constraints import one_of
from futureind.publishing.evidence import evidence_grade
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.passages import Quoted, quoted_from_a_source
from futureind.publishing.models.records import (
    ConfidenceField,
    Part,
    confidence_known,
    not_itself,
    public_condition,
    refuse_parent_cycle,
    state_known,
    unverified_fields_column,
)
from futureind.publishing.models.slugged import (
    Publishable,
    PublishableQuerySet,
    SluggedQuerySet,
    refuse_former_slug,
)
from futureind.publishing.models.slugs import SLUG_LENGTH, FormerSlug
from futureind.publishing.models.sources import SourcesField
from futureind.search.entries import IndexRecord
from regions.models.tiers import TIER_ORDER, TIER_RANK, Tier, read_tier

TRACK_MAPPING_ROWS = (
    "tracks__field_mappings",
    "tracks__technology_mappings",
    "tracks__product_mappings",
)


# What the part of its document's page is called that holds the plan of a region.
PART_OF_PAGE = "plan-{}".format


class RegionalPlanQuerySet(PublishableQuerySet):
    def in_force_on(self, day):
        """Return the plans whose document is in force on a day."""
        return self.filter(document__in=PolicyDocument.objects.in_force_on(day).values("pk"))

    def without_known_start(self):
        """Return what ``in_force_on`` always leaves out."""
        texts = PolicyDocument.objects.without_known_start()
        return self.filter(document__in=texts.values("pk"))


class RegionalPlan(Publishable):
    """One region's part in one policy document."""

    url_name = "plan"
    index_kind = "plan"
    index_facets = (
        *SUBJECT_FACETS,
        "match",
        "region",
        "type",
        "level",
        "status",
        "evidence",
        "confidence",
    )
    index_related = (("region", "document"), (*TRACK_MAPPING_ROWS, "document__sources"))
    index_depends = ("document", "region", "document__sources")
    public_owners = ("document",)
    parts = ("tracks",)
    sources_stand_in = "document"

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="plans", verbose_name=_("region")
    )
    document = models.ForeignKey(
        PolicyDocument,
        models.PROTECT,
        related_name="plans",
        verbose_name=_("policy document"),
    )
    horizon_year = models.PositiveSmallIntegerField(
        _("horizon year"), null=True, blank=True, db_index=True, validators=YEAR_VALIDATORS
    )
    structure_en = models.CharField(
        _("structure (English)"), max_length=250, blank=True, help_text=_("Such as “10 + X”.")
    )
    structure_zh = models.CharField(_("structure (Chinese)"), max_length=120, blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    confidence = ConfidenceField()
    unverified_fields = unverified_fields_column()

    structure = Bilingual()
    note = Bilingual()

    objects = RegionalPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = [F("document__date").desc(nulls_last=True), "id"]
        constraints = [
            state_known("plan"),
            confidence_known("plan"),
            models.UniqueConstraint(fields=["region", "document"], name="plan_unique"),
        ]

    def index_record(self):
        document = self.document
        facets = subject_facets(*self.tracks.all()) | {
            "region": [self.region_id],
            "type": [document.document_type],
            "level": [document.level],
            "status": [document.legal_status],
            "evidence": [evidence_grade(self)],
            "confidence": [self.confidence],
        }
        return IndexRecord(
            order=(day_number(document.date), -self.pk),
            facets=facets,
            names=both(document, "title"),
            aliases=[*aliases(document), document.document_number],
            titles=region_names(self.region),
            texts=both(self, "structure", "note"),
        )

    def __str__(self):
        return f"{self.region.name_en}: {self.document.title_en}"

    @classmethod
    def slug_for(cls, columns):
        """Return the slug of the document."""
        document = columns.get("document")
        return document[0] if document else ""

    @property
    def title(self):
        return self.document.title

    @property
    def part_of_page(self):
        return PART_OF_PAGE(self.region.slug)

    @property
    def fragment(self):
        """What the address of its document's page ends with to lead to this plan."""
        return fragments_at(ContentVersion.stamp()).get(self.pk, "")

    def get_absolute_url(self):
        """Return where visitors find the plan: on the page of its document.

        One that they do not see has its own address only, at which is said what became of it.
        """
        if not self.is_public:
            return super().get_absolute_url()
        return self.document.get_absolute_url() + self.fragment


@lru_cache(maxsize=4)
def fragments_at(stamp):
    """Return ``{key: fragment}`` of the public plans that share their document, few if any.

    Asked once for each state of the content (``stamp``), so that a list need not count.
    """
    plans = RegionalPlan.objects.public().order_by()
    shared = plans.values("document").annotate(number=Count("pk")).filter(number__gt=1)
    found = plans.filter(document__in=shared.values("document"))
    rows = found.values_list("pk", "region__slug")
    return {key: f"#{PART_OF_PAGE(region)}" for key, region in rows}


class TrackQuerySet(SluggedQuerySet):
    def public(self):
        """Return the tracks of public plans; a track has no state of its own."""
        return self.filter(public_condition(self.model))

    def in_force_on(self, day):
        """Return the tracks of documents in force on a day."""
        return self.filter(plan__document__in=PolicyDocument.objects.in_force_on(day).values("pk"))

    def without_known_start(self):
        """Return what ``in_force_on`` always leaves out."""
        texts = PolicyDocument.objects.without_known_start()
        return self.filter(plan__document__in=texts.values("pk"))

    def in_plan_order(self):
        """Sort as the plan prints them: by tier, then by order."""
        return self.order_by("plan_id", TIER_RANK, "order", "id")


class Track(Quoted, Part):
    """An industry that a plan names."""

    url_name = "track"
    index_kind = "track"
    index_facets = (
        *SUBJECT_FACETS,
        *("match", "region", "tier", "status", "evidence", "confidence", "plan"),
    )
    index_related = (
        ("plan__region", "plan__document", "quotation_source"),
        ("field_mappings", "technology_mappings", "product_mappings", "sources"),
    )
    index_depends = (
        *("plan", "plan__document", "plan__region"),
        *("sources", "quotation_source"),
    )
    owner_field = "plan"
    natural_key_fields = ("slug",)
    parts = ("field_mappings", "technology_mappings", "product_mappings")
    # What sheets may say in a column beside its choices and their labels.
    choices_read_by = {"tier": read_tier}

    slug = models.SlugField(_("slug"), max_length=SLUG_LENGTH, unique=True)
    plan = models.ForeignKey(
        RegionalPlan, models.CASCADE, related_name="tracks", verbose_name=_("plan")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("within"),
    )
    tier = models.CharField(_("role in plan"), max_length=12, choices=Tier, db_index=True)
    tier_label_en = models.CharField(
        _("the text's word for it (English)"), max_length=100, blank=True
    )
    tier_label_zh = models.CharField(
        _("the text's word for it (Chinese)"), max_length=50, blank=True
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=100)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    fields = models.ManyToManyField(
        IndustryField,
        through="TrackFieldMapping",
        related_name="tracks",
        verbose_name=_("fields"),
    )
    technologies = models.ManyToManyField(
        Technology,
        through="TrackTechnologyMapping",
        related_name="tracks",
        verbose_name=_("technologies"),
    )
    products = models.ManyToManyField(
        SymbolicProduct,
        through="TrackProductMapping",
        related_name="tracks",
        verbose_name=_("landmark products"),
    )
    targets = models.ManyToManyField(
        Target, blank=True, related_name="tracks", verbose_name=_("targets")
    )
    sources = SourcesField(related_name="tracks")
    confidence = ConfidenceField()

    name = Bilingual()
    tier_label = Bilingual()
    note = Bilingual()

    objects = TrackQuerySet.as_manager()

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["plan", "tier", "order", "id"]
        constraints = [
            confidence_known("track"),
            quoted_from_a_source("track"),
            one_of("tier", Tier, name="track_tier_known"),
            not_itself(name="track_parent_not_itself"),
            models.UniqueConstraint(
                fields=["plan", "tier", "name_zh"],
                name="track_named_once_in_tier",
                violation_error_message=_("The plan already has a track of this name and role."),
            ),
        ]
        indexes = [models.Index(fields=["plan", "tier", "order"], name="track_in_plan")]

    def index_record(self):
        document = self.plan.document
        facets = subject_facets(self) | {
            "region": [self.plan.region_id],
            "tier": [self.tier],
            "status": [document.legal_status],
            "evidence": [evidence_grade(self)],
            "confidence": [self.confidence],
            "plan": [self.plan_id],
        }
        return IndexRecord(
            order=(
                day_number(document.date),
                -self.plan_id,
                -TIER_ORDER.index(self.tier),
                -self.order,
                -self.pk,
            ),
            facets=facets,
            names=both(self, "name"),
            titles=[*both(self, "tier_label"), *region_names(self.plan.region)],
            texts=[*both(document, "title"), document.document_number],
        )

    def __str__(self):
        return f"{self.name_en} {self.name_zh} · {self.plan_id and self.plan.slug}"

    @classmethod
    def slug_for(cls, columns):
        """Return the slug of the plan with the English name."""
        plan, name = columns.get("plan"), slugify(columns.get("name_en", ""))
        return f"{plan[0]}--{name}" if plan and name else ""

    @classmethod
    def renamed_from(cls, slug):
        """Return the track that once had this slug, or None."""

        return FormerSlug.objects.record_for(cls, slug)

    @property
    def first_published_at(self):
        return self.plan.first_published_at

    @property
    def changed_at(self):
        return self.plan.changed_at

    def get_absolute_url(self):
        return reverse(self.url_name, args=[self.slug])

    def clean(self):
        super().clean()
        refuse_former_slug(self)
        refuse_parent_cycle(self)
        if self.parent_id and self.parent.plan_id != self.plan_id:
            raise ValidationError({"parent": _("Choose a track of the same plan.")})
