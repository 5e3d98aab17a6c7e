"""What happened and was measured: indicators with their points, milestones."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.geography import geography_name
from catalog.models.commitments import DatePrecision
from catalog.models.documents import PolicyDocument
from catalog.models.indexing import SUBJECT_FACETS, both, day_number, subject_facets
from catalog.models.mappings import Mapping, mapping_constraints
from catalog.models.places import Region
from catalog.models.units import Unit
from catalog.models.vocabulary import IndustryField, SymbolicProduct, Technology
from futureind.core.bilingual import Bilingual
from futureind.core.constraints import one_of
from futureind.publishing.evidence import evidence_grade
from futureind.publishing.models.passages import Located
from futureind.publishing.models.records import (
    Confidence,
    ConfidenceField,
    Part,
    RecordQuerySet,
    confidence_known,
    state_known,
    unverified_fields_column,
)
from futureind.publishing.models.slugged import Publishable
from futureind.publishing.models.sources import Source, SourcesField
from futureind.search.entries import IndexRecord


class IndicatorKind(models.TextChoices):
    COUNT = "count", _("count")
    VALUE = "value", _("value")
    SHARE = "share", _("share")
    RANK = "rank", _("rank")
    TARGET = "target", _("target")


class Frequency(models.TextChoices):
    ANNUAL = "annual", _("annual")
    EVENT = "event", _("as it happens")


class Indicator(Publishable):
    """An observed series of one publisher, in one unit and one scope."""

    url_name = "indicator"
    index_kind = "indicator"
    index_facets = ("field", "product", "kind", "geography", "evidence", "confidence")
    index_related = ((), ("fields", "products", "points", "sources"))
    index_depends = ("sources",)
    requires_source = True
    parts = ("points",)

    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=100)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="indicators", verbose_name=_("unit")
    )
    definition_en = models.TextField(_("definition (English)"), blank=True)
    definition_zh = models.TextField(_("definition (Chinese)"), blank=True)
    publisher_en = models.CharField(_("publisher (English)"), max_length=150, blank=True)
    publisher_zh = models.CharField(_("publisher (Chinese)"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=IndicatorKind, db_index=True)
    frequency = models.CharField(_("frequency"), max_length=10, choices=Frequency)
    fields = models.ManyToManyField(
        IndustryField, blank=True, related_name="indicators", verbose_name=_("fields")
    )
    products = models.ManyToManyField(
        SymbolicProduct, blank=True, related_name="indicators", verbose_name=_("landmark products")
    )
    sources = SourcesField(related_name="indicators")
    confidence = ConfidenceField()

    name = Bilingual()
    definition = Bilingual()
    publisher = Bilingual()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["name_en", "id"]
        constraints = [
            state_known("indicator"),
            confidence_known("indicator"),
            one_of("kind", IndicatorKind, name="indicator_kind_known"),
            one_of("frequency", Frequency, name="indicator_frequency_known"),
        ]

    def index_record(self):
        facets = {
            "field": [field.pk for field in self.fields.all()],
            "product": [product.pk for product in self.products.all()],
            "kind": [self.kind],
            "geography": [point.geography for point in self.points.all()],
            "evidence": [evidence_grade(self)],
            "confidence": [self.confidence],
        }
        return IndexRecord(
            order=(-self.pk,),
            facets=facets,
            names=both(self, "name"),
            texts=both(self, "definition", "publisher"),
        )

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"

    @property
    def public_points(self):
        """The points that were read in a source, out of those loaded before."""
        return [point for point in self.points.all() if point.confidence == Confidence.VERIFIED]


class IndicatorPointQuerySet(RecordQuerySet):
    def public(self):
        """Return the points that were read in a source; recalled ones wait for a check."""
        return self.filter(confidence=Confidence.VERIFIED)


class IndicatorPoint(Located, Part):
    """One observation of an indicator."""

    owner_field = "indicator"
    natural_key_fields = ("indicator__slug", "period", "geography")

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="points", verbose_name=_("indicator")
    )
    period = models.CharField(
        _("period"), max_length=20, help_text=_("The edition or year, such as 2025 or 2022H1.")
    )
    as_of = models.DateField(_("cut-off date"), null=True, blank=True)
    geography = models.CharField(
        _("geography"),
        max_length=80,
        help_text=_("An ISO country code, “world”, or the name of a place."),
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicator_points",
        verbose_name=_("region"),
    )
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    starts_anew = models.BooleanField(
        _("break in the series"),
        default=False,
        help_text=_("Measured in another way than the point before it: the two are not joined."),
    )
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="indicator_points", verbose_name=_("source")
    )
    confidence = ConfidenceField()

    note = Bilingual()

    objects = IndicatorPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of an indicator")
        verbose_name_plural = _("points of an indicator")
        ordering = ["period", "geography", "id"]
        constraints = [
            confidence_known("point"),
            models.UniqueConstraint(
                fields=["indicator", "period", "geography"], name="point_unique"
            ),
        ]

    def __str__(self):
        return f"{self.period} · {self.geography} · {self.value:f}"

    @property
    def label(self):
        """The point in the reader's words."""
        return f"{self.period} · {geography_name(self.geography)} · {self.value.normalize():f}"


class MilestoneState(models.TextChoices):
    ACHIEVED = "achieved", _("achieved")
    PLANNED = "planned", _("planned")
    SLIPPED = "slipped", _("slipped")


class Milestone(Publishable):
    """A dated event, past or planned."""

    url_name = "milestone"
    index_kind = "milestone"
    index_facets = (*SUBJECT_FACETS, "status", "geography", "evidence", "confidence")
    index_related = (
        (),
        ("field_mappings", "technology_mappings", "product_mappings", "sources"),
    )
    index_depends = ("sources",)
    requires_source = True
    parts = ("field_mappings", "technology_mappings", "product_mappings", "superseded_dates")

    title_en = models.CharField(_("title (English)"), max_length=200)
    title_zh = models.CharField(_("title (Chinese)"), max_length=100)
    date = models.DateField(_("date"), db_index=True)
    date_end = models.DateField(_("last day"), null=True, blank=True)
    precision = models.CharField(
        _("precision of the date"),
        max_length=5,
        choices=DatePrecision,
        help_text=_("A year is held as its 31 December, a month as its last day."),
    )
    state = models.CharField(_("state of the event"), max_length=10, choices=MilestoneState)
    geography = models.CharField(
        _("geography"), max_length=80, help_text=_("An ISO country code or “world”.")
    )
    summary_en = models.TextField(_("summary (English)"), blank=True)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    fields = models.ManyToManyField(
        IndustryField,
        through="MilestoneFieldMapping",
        related_name="milestones",
        verbose_name=_("fields"),
    )
    technologies = models.ManyToManyField(
        Technology,
        through="MilestoneTechnologyMapping",
        related_name="milestones",
        verbose_name=_("technologies"),
    )
    products = models.ManyToManyField(
        SymbolicProduct,
        through="MilestoneProductMapping",
        related_name="milestones",
        verbose_name=_("landmark products"),
    )
    documents = models.ManyToManyField(
        PolicyDocument, blank=True, related_name="milestones", verbose_name=_("policy documents")
    )
    sources = SourcesField(related_name="milestones")
    confidence = ConfidenceField()
    unverified_fields = unverified_fields_column()

    title = Bilingual()
    summary = Bilingual()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["-date", "id"]
        constraints = [
            state_known("milestone"),
            confidence_known("milestone"),
            one_of("precision", DatePrecision, name="milestone_precision_known"),
            one_of("state", MilestoneState, name="milestone_event_state_known"),
            models.CheckConstraint(
                condition=Q(date_end__isnull=True) | Q(date__lte=F("date_end")),
                name="milestone_dates_in_order",
                violation_error_message=_("An event begins before it ends."),
            ),
        ]

    def index_record(self):
        facets = subject_facets(self) | {
            "status": [self.state],
            "geography": [self.geography],
            "evidence": [evidence_grade(self)],
            "confidence": [self.confidence],
        }
        return IndexRecord(
            order=(day_number(self.date), -self.pk),
            facets=facets,
            names=both(self, "title"),
            texts=both(self, "summary"),
        )

    def __str__(self):
        return f"{self.title_en} {self.title_zh}"

    @property
    def stations(self):
        """``[(date, precision), …]`` that it had one after the other, the one on record last."""
        earlier = [(slip.date, slip.precision) for slip in self.superseded_dates.all()]
        own = (self.date, self.precision)
        return earlier if earlier[-1:] == [own] else [*earlier, own]


class MilestoneFieldMapping(Mapping):
    """A field that a milestone belongs to."""

    owner_field = "milestone"
    natural_key_fields = ("milestone__slug", "field__slug")

    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="field_mappings", verbose_name=_("milestone")
    )
    field = models.ForeignKey(
        IndustryField, models.PROTECT, related_name="milestone_mappings", verbose_name=_("field")
    )

    class Meta(Mapping.Meta):
        verbose_name = _("field of a milestone")
        verbose_name_plural = _("fields of a milestone")
        constraints = mapping_constraints("milestone_field", "milestone", "field")


class MilestoneTechnologyMapping(Mapping):
    """A technology that a milestone belongs to."""

    owner_field = "milestone"
    natural_key_fields = ("milestone__slug", "technology__slug")

    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="technology_mappings", verbose_name=_("milestone")
    )
    technology = models.ForeignKey(
        Technology,
        models.PROTECT,
        related_name="milestone_mappings",
        verbose_name=_("technology"),
    )

    class Meta(Mapping.Meta):
        verbose_name = _("technology of a milestone")
        verbose_name_plural = _("technologies of a milestone")
        constraints = mapping_constraints("milestone_technology", "milestone", "technology")


class MilestoneProductMapping(Mapping):
    """A landmark product that a milestone belongs to."""

    owner_field = "milestone"
    natural_key_fields = ("milestone__slug", "product__slug")

    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="product_mappings", verbose_name=_("milestone")
    )
    product = models.ForeignKey(
        SymbolicProduct,
        models.PROTECT,
        related_name="milestone_mappings",
        verbose_name=_("landmark product"),
    )

    class Meta(Mapping.Meta):
        verbose_name = _("product of a milestone")
        verbose_name_plural = _("products of a milestone")
        constraints = mapping_constraints("milestone_product", "milestone", "product")


class SupersededDate(Part):
    """An earlier date of a milestone, and why it was given up."""

    owner_field = "milestone"
    natural_key_fields = ("milestone__slug", "order")

    milestone = models.ForeignKey(
        Milestone, models.CASCADE, related_name="superseded_dates", verbose_name=_("milestone")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    date = models.DateField(_("date"))
    precision = models.CharField(_("precision of the date"), max_length=5, choices=DatePrecision)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    announced_en = models.CharField(_("announced (English)"), max_length=100, blank=True)
    announced_zh = models.CharField(_("announced (Chinese)"), max_length=50, blank=True)
    confidence = ConfidenceField()

    note = Bilingual()
    announced = Bilingual()

    class Meta:
        verbose_name = _("earlier date")
        verbose_name_plural = _("earlier dates")
        ordering = ["order", "id"]
        constraints = [
            confidence_known("superseded_date"),
            one_of("precision", DatePrecision, name="superseded_date_precision_known"),
            models.UniqueConstraint(
                fields=["milestone", "order"], name="superseded_date_order_unique"
            ),
        ]

    def __str__(self):
        return f"{self.date}"
