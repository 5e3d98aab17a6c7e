"""Targets: what documents promise, and what is known about it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from catalog.models.documents import PolicyDocument
from catalog.models.indexing import (
    NEVER_DUE,
    NO_REGION,
    SUBJECT_FACETS,
    both,
    day_number,
    region_names,
    subject_facets,
)
from catalog.models.mappings import Mapping, mapping_constraints
from catalog.models.units import Unit
from catalog.models.vocabulary import IndustryField, SymbolicProduct, Technology
from futureind.core.bilingual import Bilingual
from futureind.core.constraints import one_of
from futureind.publishing.evidence import evidence_grade
from futureind.publishing.models.passages import Quoted, quoted_from_a_source
from futureind.publishing.models.records import (
    ConfidenceField,
    Part,
    confidence_known,
    state_known,
    unverified_fields_column,
)
from futureind.publishing.models.slugged import Publishable, PublishableQuerySet
from futureind.publishing.models.sources import Source, SourcesField
from futureind.search.entries import IndexRecord


class TargetKind(models.TextChoices):
    QUANTITATIVE = "quantitative", _("quantitative")
    QUALITATIVE = "qualitative", _("qualitative")


class Comparator(models.TextChoices):
    """How the number of a target is meant; 左右, 以上, 力争 are never smoothed over."""

    EQUAL = "eq", _("exactly")
    AT_LEAST = "ge", _("at least")
    MORE_THAN = "gt", _("more than")
    AT_MOST = "le", _("at most")
    LESS_THAN = "lt", _("less than")
    ABOUT = "about", _("about")
    RANGE = "range", _("between")


class DatePrecision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Verdict(models.TextChoices):
    MET = "met", _("met")
    ON_TRACK = "on-track", _("on track")
    MISSED = "missed", _("missed")
    NOT_ASSESSABLE = "not-assessable", _("cannot be told")


# The value of the facet "verdict" of a target without an assessment.
NO_VERDICT = "none"
# The value of the facet "due" of a target whose text states no date.
NO_DUE = "none"


class TargetQuerySet(PublishableQuerySet):
    def with_verdict(self):
        """Annotate ``verdict``: that of the newest assessment, None where there is no check."""
        newest = TargetAssessment.objects.filter(target=OuterRef("pk")).order_by("-assessed_on")
        return self.annotate(verdict=Subquery(newest.values("verdict")[:1]))

    def for_rows(self):
        """Return the targets with all that a row of a table of targets shows."""
        return (
            self.with_verdict()
            .select_related(
                *("unit__base_unit", "document__region", "indicator__unit", "quotation_source")
            )
            .prefetch_related(
                "sources",
                Prefetch("assessments", TargetAssessment.objects.select_related("source")),
                "indicator__points__source",
            )
        )

    def for_tables(self):
        """Return the targets with what their page asks of them before it shows their rows."""
        return self.with_verdict().only("document", "metric_zh", "unit", "value", "due_date")

    def in_force_on(self, day):
        """Return the targets of documents in force on a day."""
        return self.filter(document__in=PolicyDocument.objects.in_force_on(day).values("pk"))

    def ended_by(self, day):
        """Return the targets of documents that were in force and are so no more on a day."""
        return self.filter(document__in=PolicyDocument.objects.ended_by(day).values("pk"))

    def without_known_start(self):
        """Return what ``in_force_on`` always leaves out."""
        texts = PolicyDocument.objects.without_known_start()
        return self.filter(document__in=texts.values("pk"))


class Target(Quoted, Publishable):
    """Something that a document promises, measurable or not."""

    url_name = "target"
    index_kind = "target"
    index_facets = (
        *SUBJECT_FACETS,
        *("region", "level", "kind", "verdict", "evidence", "confidence", "document", "due"),
    )
    index_related = (
        ("document__region", "quotation_source"),
        ("field_mappings", "technology_mappings", "product_mappings", "assessments", "sources"),
    )
    index_depends = ("document", "document__region", "sources", "quotation_source")
    requires_source = True
    public_owners = ("document",)
    parts = ("field_mappings", "technology_mappings", "product_mappings", "assessments")

    document = models.ForeignKey(
        PolicyDocument,
        models.PROTECT,
        related_name="targets",
        verbose_name=_("policy document"),
    )
    order = models.PositiveSmallIntegerField(_("order"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=TargetKind, db_index=True)
    statement_en = models.TextField(_("statement (English)"))
    statement_zh = models.TextField(_("statement (Chinese)"))
    metric_en = models.CharField(_("metric (English)"), max_length=150, blank=True)
    metric_zh = models.CharField(_("metric (Chinese)"), max_length=80, blank=True)
    comparator = models.CharField(
        _("comparator"), max_length=5, choices=Comparator, blank=True, default=""
    )
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4, null=True, blank=True)
    value_max = models.DecimalField(
        _("upper value of a range"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    value_text_en = models.CharField(_("value as printed (English)"), max_length=150, blank=True)
    value_text_zh = models.CharField(_("value as printed (Chinese)"), max_length=80, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("unit"),
    )
    indicator = models.ForeignKey(
        "catalog.Indicator",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measured_targets",
        verbose_name=_("measured by"),
        help_text=_("The indicator that observes the same metric, in the same or a related unit."),
    )
    due_date = models.DateField(_("due on"), null=True, blank=True, db_index=True)
    due_precision = models.CharField(
        _("precision of the due date"),
        max_length=5,
        choices=DatePrecision,
        default=DatePrecision.YEAR,
        help_text=_("A year is held as its 31 December, a month as its last day."),
    )
    fields = models.ManyToManyField(
        IndustryField,
        through="TargetFieldMapping",
        related_name="targets",
        verbose_name=_("fields"),
    )
    technologies = models.ManyToManyField(
        Technology,
        through="TargetTechnologyMapping",
        related_name="targets",
        verbose_name=_("technologies"),
    )
    products = models.ManyToManyField(
        SymbolicProduct,
        through="TargetProductMapping",
        related_name="targets",
        verbose_name=_("landmark products"),
    )
    sources = SourcesField(related_name="targets")
    confidence = ConfidenceField()
    unverified_fields = unverified_fields_column()
    editors_note = models.TextField(
        _("note for editors"),
        blank=True,
        help_text=_("What might be said of it once somebody has checked; never shown to visitors."),
    )

    statement = Bilingual()
    metric = Bilingual()
    value_text = Bilingual()

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = [
            F("due_date").asc(nulls_last=True),
            "document_id",
            F("order").asc(nulls_last=True),
            "id",
        ]
        indexes = [models.Index(fields=["metric_zh", "unit"], name="target_same_metric")]
        constraints = [
            state_known("target"),
            confidence_known("target"),
            quoted_from_a_source("target"),
            one_of("kind", TargetKind, name="target_kind_known"),
            one_of("due_precision", DatePrecision, name="target_precision_known"),
            models.CheckConstraint(
                condition=Q(comparator__in=["", *Comparator.values]),
                name="target_comparator_known",
            ),
            models.CheckConstraint(
                condition=Q(kind=TargetKind.QUALITATIVE, value__isnull=True, comparator="")
                | (Q(kind=TargetKind.QUANTITATIVE, value__isnull=False) & ~Q(comparator="")),
                name="target_value_fits_kind",
                violation_error_message=_(
                    "A quantitative target has a value and a comparator, a qualitative one neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    comparator=Comparator.RANGE,
                    value_max__isnull=False,
                    value_max__gte=F("value"),
                )
                | (~Q(comparator=Comparator.RANGE) & Q(value_max__isnull=True)),
                name="target_range_in_order",
                violation_error_message=_(
                    "A range needs an upper value that is not below the lower one; "
                    "other targets have none."
                ),
            ),
        ]

    def index_record(self):
        newest = max(self.assessments.all(), key=lambda a: a.assessed_on, default=None)
        facets = subject_facets(self) | {
            "region": [self.document.region_id or NO_REGION],
            "level": [self.document.level],
            "kind": [self.kind],
            "verdict": [newest.verdict if newest else NO_VERDICT],
            "evidence": [evidence_grade(self)],
            "confidence": [self.confidence],
            "document": [self.document_id],
            "due": [str(self.due_date.year) if self.due_date else NO_DUE],
        }
        return IndexRecord(
            order=(
                -day_number(self.due_date, NEVER_DUE),
                -self.document_id,
                -(NEVER_DUE if self.order is None else self.order),
                -self.pk,
            ),
            facets=facets,
            names=[],
            titles=[
                *both(self, "statement", "metric", "value_text"),
                *region_names(self.document.region),
            ],
            texts=[*both(self.document, "title"), self.document.document_number],
        )

    @classmethod
    def slug_for(cls, columns):
        """Return the slug of the document with the first words of what is promised."""
        words = slugify(columns.get("metric_en") or columns.get("statement_en", "")).split("-")[:6]
        document = columns.get("document")
        return f"{document[0]}--{'-'.join(words)}" if document and any(words) else ""

    def __str__(self):
        return f"{self.statement_en} · {self.document.slug}"

    def clean(self):
        super().clean()
        if self.indicator_id and not (
            self.unit_id and self.unit.is_comparable(self.indicator.unit)
        ):
            raise ValidationError(
                {"indicator": _("The indicator is in another unit, so it does not measure this.")}
            )


class TargetFieldMapping(Mapping):
    """A field that a target concerns."""

    owner_field = "target"
    natural_key_fields = ("target__slug", "field__slug")

    target = models.ForeignKey(
        Target, models.CASCADE, related_name="field_mappings", verbose_name=_("target")
    )
    field = models.ForeignKey(
        IndustryField, models.PROTECT, related_name="target_mappings", verbose_name=_("field")
    )

    class Meta(Mapping.Meta):
        verbose_name = _("field of a target")
        verbose_name_plural = _("fields of a target")
        constraints = mapping_constraints("target_field", "target", "field")


class TargetTechnologyMapping(Mapping):
    """A technology that a target concerns."""

    owner_field = "target"
    natural_key_fields = ("target__slug", "technology__slug")

    target = models.ForeignKey(
        Target, models.CASCADE, related_name="technology_mappings", verbose_name=_("target")
    )
    technology = models.ForeignKey(
        Technology, models.PROTECT, related_name="target_mappings", verbose_name=_("technology")
    )

    class Meta(Mapping.Meta):
        verbose_name = _("technology of a target")
        verbose_name_plural = _("technologies of a target")
        constraints = mapping_constraints("target_technology", "target", "technology")


class TargetProductMapping(Mapping):
    """A landmark product that a target concerns."""

    owner_field = "target"
    natural_key_fields = ("target__slug", "product__slug")

    target = models.ForeignKey(
        Target, models.CASCADE, related_name="product_mappings", verbose_name=_("target")
    )
    product = models.ForeignKey(
        SymbolicProduct,
        models.PROTECT,
        related_name="target_mappings",
        verbose_name=_("landmark product"),
    )

    class Meta(Mapping.Meta):
        verbose_name = _("product of a target")
        verbose_name_plural = _("products of a target")
        constraints = mapping_constraints("target_product", "target", "product")


class TargetAssessment(Part):
    """What is known about a target on a date."""

    owner_field = "target"
    natural_key_fields = ("target__slug", "assessed_on")

    target = models.ForeignKey(
        Target, models.CASCADE, related_name="assessments", verbose_name=_("target")
    )
    assessed_on = models.DateField(_("assessed on"))
    verdict = models.CharField(_("verdict"), max_length=15, choices=Verdict)
    observed_value = models.DecimalField(
        _("observed value"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="assessments",
        verbose_name=_("source"),
    )

    note = Bilingual()

    class Meta:
        verbose_name = _("assessment of a target")
        verbose_name_plural = _("assessments of a target")
        ordering = ["-assessed_on", "id"]
        constraints = [
            one_of("verdict", Verdict, name="assessment_verdict_known"),
            models.UniqueConstraint(fields=["target", "assessed_on"], name="assessment_unique"),
        ]

    def __str__(self):
        return f"{self.assessed_on} · {self.get_verdict_display()}"
