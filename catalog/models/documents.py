"""Policy documents and how they relate."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models.document_choices import (
    DocumentLevel,
    DocumentType,
    LegalStatus,
    RelationType,
    TitleOrigin,
)
from catalog.models.indexing import (
    NO_REGION,
    SUBJECT_FACETS,
    aliases,
    both,
    day_number,
    issuer_names,
    region_names,
    subject_facets,
    ways_to_cite,
)
from catalog.models.places import Agency, Region
from catalog.models.titles import KnownTitles, cited_by_number, name_another
from catalog.models.vocabulary import IndustryField, SymbolicProduct, Technology
from futureind.core.bilingual import Bilingual
from futureind.core.constraints import one_of
from futureind.publishing.evidence import evidence_grade
from futureind.publishing.models.records import (
    AliasField,
    ConfidenceField,
    PublicationState,
    WebAddressField,
    confidence_known,
    state_known,
    unverified_fields_column,
)
from futureind.publishing.models.slugged import Publishable, PublishableQuerySet
from futureind.publishing.models.sources import SourcesField
from futureind.search.entries import IndexRecord
from futureind.search.text import document_number, normalised


class PolicyDocumentQuerySet(PublishableQuerySet):
    def numbered(self, number):
        """Return the documents with a number, as a list; the style of its brackets is no matter."""
        wanted = folded_number(number)
        if not wanted:
            return []
        near = self.all()
        for digits in re.findall(r"\d+", wanted):
            near = near.filter(document_number__contains=digits)
        return [document for document in near if folded_number(document.document_number) == wanted]

    def cited_as(self, number):
        """Return the documents that a number may mean, see :func:`cited_by_number`."""
        return cited_by_number(self, number)

    def in_force_on(self, day):
        """Return the documents in force on a day.

        In force from the effective date, else the document's date, to the expiry date; without
        one, a superseded text ends the day before its successor starts, and an expired or
        superseded one at the end of the last year of its period or horizon. Texts without a date
        and texts for consultation are left out.
        """
        successors = PolicyDocument.objects.filter(
            publication_state=PublicationState.PUBLISHED,
            relations_from__type=RelationType.SUPERSEDES,
            relations_from__to_document=OuterRef("pk"),
        )
        started_successors = successors.filter(
            Q(effective_date__lte=day) | Q(effective_date__isnull=True, date__lte=day)
        )
        dated_successors = successors.filter(
            Q(effective_date__isnull=False) | Q(date__isnull=False)
        )
        ended = Q(legal_status__in=[LegalStatus.EXPIRED, LegalStatus.SUPERSEDED])
        superseded = Q(legal_status=LegalStatus.SUPERSEDED)
        return self.annotate(
            _start=Coalesce("effective_date", "date"),
            _last_year=Coalesce("period_end", "horizon_year"),
            _has_successor=Exists(dated_successors),
            _successor_started=Exists(started_successors),
        ).filter(
            Q(_start__lte=day),
            ~Q(legal_status=LegalStatus.CONSULTATION),
            Q(expiry_date__gte=day)
            | Q(expiry_date__isnull=True)
            & (
                ~ended
                | superseded & Q(_has_successor=True, _successor_started=False)
                | ended & ~(superseded & Q(_has_successor=True)) & Q(_last_year__gte=day.year)
            ),
        )

    def ended_by(self, day):
        """Return the documents that have begun by a day and are not in force on it."""
        begun = self.filter(
            Q(effective_date__lte=day) | Q(effective_date__isnull=True, date__lte=day)
        ).exclude(legal_status=LegalStatus.CONSULTATION)
        return begun.exclude(pk__in=PolicyDocument.objects.in_force_on(day).values("pk"))

    def without_known_start(self):
        """Return what ``in_force_on`` always leaves out: undated texts and consultations."""
        return self.filter(
            Q(legal_status=LegalStatus.CONSULTATION)
            | Q(effective_date__isnull=True, date__isnull=True)
        )


def folded_number(number):
    """Return a document number as it is compared, "" for none."""
    return normalised(document_number(number) or number).strip()


YEAR_VALIDATORS = [MinValueValidator(1949), MaxValueValidator(2100)]


class PolicyDocument(Publishable):
    """A published policy text, national or regional."""

    url_name = "document"
    index_kind = "document"
    index_facets = (
        *SUBJECT_FACETS,
        "region",
        "type",
        "level",
        "status",
        "issuer",
        "evidence",
        "confidence",
    )
    index_related = (
        ("region",),
        (
            *("field_mappings", "technology_mappings", "product_mappings"),
            *("issuer_rows__agency", "sources"),
        ),
    )
    index_depends = ("region", "sources", "issuer_rows__agency")
    requires_source = True
    also_named_by = "document_number"
    parts = (
        "issuer_rows",
        "field_mappings",
        "technology_mappings",
        "product_mappings",
        "passages",
        "relations_from",
    )

    title_en = models.CharField(_("title (English)"), max_length=300)
    title_zh = models.CharField(_("title (Chinese)"), max_length=150)
    title_en_origin = models.CharField(
        _("origin of the English title"),
        max_length=10,
        choices=TitleOrigin,
        default=TitleOrigin.OURS,
    )
    aliases_en = AliasField(_("aliases (English)"))
    aliases_zh = AliasField(_("aliases (Chinese)"))
    document_number = models.CharField(
        _("document number"),
        max_length=60,
        blank=True,
        db_index=True,
        help_text=_("As printed, such as 工信部联科〔2024〕12号."),
    )
    document_type = models.CharField(
        _("document type"), max_length=30, choices=DocumentType, db_index=True
    )
    level = models.CharField(_("level"), max_length=10, choices=DocumentLevel, db_index=True)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("region"),
        help_text=_("Empty for a national document."),
    )
    legal_status = models.CharField(
        _("legal status"),
        max_length=12,
        choices=LegalStatus,
        default=LegalStatus.IN_FORCE,
        db_index=True,
    )
    issued_date = models.DateField(_("issued on"), null=True, blank=True)
    published_date = models.DateField(_("made public on"), null=True, blank=True)
    effective_date = models.DateField(_("in force from"), null=True, blank=True)
    expiry_date = models.DateField(_("expires on"), null=True, blank=True)
    date = models.GeneratedField(
        expression=Coalesce("issued_date", "published_date"),
        output_field=models.DateField(verbose_name=_("date")),
        db_persist=True,
        verbose_name=_("date (issued, else made public)"),
    )
    period_start = models.PositiveSmallIntegerField(
        _("first year of the period"), null=True, blank=True, validators=YEAR_VALIDATORS
    )
    period_end = models.PositiveSmallIntegerField(
        _("last year of the period"), null=True, blank=True, validators=YEAR_VALIDATORS
    )
    # Written by regions when a plan changes; nobody edits it here.
    horizon_year = models.PositiveSmallIntegerField(
        _("horizon of its plan"), null=True, blank=True, editable=False
    )
    issuers = models.ManyToManyField(
        Agency,
        through="DocumentIssuer",
        related_name="documents",
        verbose_name=_("issuing agencies"),
    )
    official_url = WebAddressField(_("official text"))
    official_url_archived = WebAddressField(_("archived copy of the official text"))
    official_url_retrieved_on = models.DateField(
        _("official text retrieved on"), null=True, blank=True
    )
    summary_en = models.TextField(_("summary (English)"), blank=True)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    fields = models.ManyToManyField(
        IndustryField,
        through="DocumentFieldMapping",
        related_name="documents",
        verbose_name=_("fields"),
    )
    technologies = models.ManyToManyField(
        Technology,
        through="DocumentTechnologyMapping",
        related_name="documents",
        verbose_name=_("technologies"),
    )
    products = models.ManyToManyField(
        SymbolicProduct,
        through="DocumentProductMapping",
        related_name="documents",
        verbose_name=_("landmark products"),
    )
    related_documents = models.ManyToManyField(
        "self",
        through="DocumentRelation",
        through_fields=("from_document", "to_document"),
        symmetrical=False,
        verbose_name=_("related documents"),
    )
    sources = SourcesField(related_name="documents")
    confidence = ConfidenceField()
    unverified_fields = unverified_fields_column()

    title = Bilingual()
    summary = Bilingual()
    note = Bilingual()

    objects = PolicyDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        ordering = [F("date").desc(nulls_last=True), "id"]
        indexes = [
            models.Index(fields=["-date", "id"], name="document_newest"),
            # The page of a document names those before and after it in its region.
            models.Index(fields=["region", "date", "id"], name="document_in_region_by_date"),
        ]
        constraints = [
            state_known("document"),
            confidence_known("document"),
            one_of("document_type", DocumentType, name="document_type_known"),
            one_of("level", DocumentLevel, name="document_level_known"),
            one_of("legal_status", LegalStatus, name="document_legal_status_known"),
            one_of("title_en_origin", TitleOrigin, name="document_title_origin_known"),
            models.CheckConstraint(
                condition=Q(issued_date__lte=F("published_date"))
                | Q(issued_date__isnull=True)
                | Q(published_date__isnull=True),
                name="document_issued_before_published",
                violation_error_message=_("A text is issued before or when it is made public."),
            ),
            models.CheckConstraint(
                condition=Q(issued_date__lte=F("effective_date"))
                | Q(issued_date__isnull=True)
                | Q(effective_date__isnull=True),
                name="document_issued_before_effective",
                violation_error_message=_("A text is issued before or when it takes effect."),
            ),
            models.CheckConstraint(
                condition=Q(effective_date__lte=F("expiry_date"))
                | Q(effective_date__isnull=True)
                | Q(expiry_date__isnull=True),
                name="document_effective_before_expiry",
                violation_error_message=_("A text takes effect before it expires."),
            ),
            models.CheckConstraint(
                condition=Q(issued_date__lte=F("expiry_date"))
                | Q(issued_date__isnull=True)
                | Q(expiry_date__isnull=True),
                name="document_issued_before_expiry",
                violation_error_message=_("A text is issued before it expires."),
            ),
            models.CheckConstraint(
                # A comparison with an unknown value is no refusal in SQL, so it is asked for.
                condition=Q(period_start__isnull=True, period_end__isnull=True)
                | Q(
                    period_start__isnull=False,
                    period_end__isnull=False,
                    period_start__lte=F("period_end"),
                ),
                name="document_period_in_order",
                violation_error_message=_("A period needs a first and a last year, in order."),
            ),
            models.CheckConstraint(
                condition=Q(level=DocumentLevel.NATIONAL, region__isnull=True)
                | (~Q(level=DocumentLevel.NATIONAL) & Q(region__isnull=False)),
                name="document_region_fits_level",
                violation_error_message=_(
                    "A regional document names its region; a national one has none."
                ),
            ),
        ]

    def index_record(self):
        facets = subject_facets(self) | {
            "region": [self.region_id or NO_REGION],
            "type": [self.document_type],
            "level": [self.level],
            "status": [self.legal_status],
            "issuer": [row.agency_id for row in self.issuer_rows.all()],
            "evidence": [evidence_grade(self)],
            "confidence": [self.confidence],
        }
        return IndexRecord(
            order=(day_number(self.date), -self.pk),
            facets=facets,
            names=both(self, "title"),
            aliases=[*aliases(self), self.document_number],
            titles=region_names(self.region),
            texts=[*both(self, "summary", "note"), *issuer_names(self)],
            cited=ways_to_cite(self),
        )

    def clean(self):
        super().clean()
        others = PolicyDocument.objects.exclude(pk=self.pk).numbered(self.document_number)
        if others:
            message = _("“%(name)s” is on record with this number already.")
            params = {"name": others[0], "pk": others[0].pk}
            problem = ValidationError(message, code="same_number", params=params)
            raise ValidationError({"document_number": problem})

    def __str__(self):
        return f"{self.title_en} {self.document_number or self.title_zh}"

    @classmethod
    def known_titles(cls):
        return KnownTitles(cls.objects.all())

    def is_another(self, said):
        return name_another(self, said)

    @property
    def legal_status_label(self):
        # get_legal_status_display would make a dictionary of all choices for every row of a list.
        return LegalStatus(self.legal_status).label

    @property
    def date_kind(self):
        """Which of the two dates ``date`` is: a short lower-case phrase."""
        return _("issued") if self.issued_date else _("made public")

    @property
    def period(self):
        """The years of the period as text, empty where the text states none."""
        if self.period_start is None:
            return ""
        if self.period_start == self.period_end:
            return str(self.period_start)
        return f"{self.period_start}–{self.period_end}"

    def announced_on(self):
        """The day from which answers to this text are counted: made public, else issued."""
        return self.published_date or self.issued_date
