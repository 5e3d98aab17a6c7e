"""What a document is tied to: its issuing agencies, its subjects, other documents."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.documents import PolicyDocument, RelationType
from catalog.models.mappings import Mapping, mapping_constraints
from catalog.models.places import Agency
from catalog.models.vocabulary import IndustryField, SymbolicProduct, Technology
from futureind.core.constraints import one_of
from futureind.publishing.models.passages import Located, Quoted, quoted_from_a_source
from futureind.publishing.models.records import ConfidenceField, Part, confidence_known


class DocumentIssuer(Part):
    """An issuing agency of a document, in the order printed."""

    owner_field = "document"
    natural_key_fields = ("document__slug", "agency__slug")

    document = models.ForeignKey(
        PolicyDocument,
        models.CASCADE,
        related_name="issuer_rows",
        verbose_name=_("policy document"),
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="issued_rows", verbose_name=_("issuing agency")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("issuing agency")
        verbose_name_plural = _("issuing agencies")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "agency"], name="document_issuer_unique")
        ]

    def __str__(self):
        return str(self.agency)


class DocumentFieldMapping(Mapping):
    """A field that a document is about."""

    owner_field = "document"
    natural_key_fields = ("document__slug", "field__slug")

    document = models.ForeignKey(
        PolicyDocument,
        models.CASCADE,
        related_name="field_mappings",
        verbose_name=_("policy document"),
    )
    field = models.ForeignKey(
        IndustryField, models.PROTECT, related_name="document_mappings", verbose_name=_("field")
    )

    class Meta(Mapping.Meta):
        verbose_name = _("field of a document")
        verbose_name_plural = _("fields of a document")
        constraints = mapping_constraints("document_field", "document", "field")


class DocumentTechnologyMapping(Mapping):
    """A technology that a document is about."""

    owner_field = "document"
    natural_key_fields = ("document__slug", "technology__slug")

    document = models.ForeignKey(
        PolicyDocument,
        models.CASCADE,
        related_name="technology_mappings",
        verbose_name=_("policy document"),
    )
    technology = models.ForeignKey(
        Technology,
        models.PROTECT,
        related_name="document_mappings",
        verbose_name=_("technology"),
    )

    class Meta(Mapping.Meta):
        verbose_name = _("technology of a document")
        verbose_name_plural = _("technologies of a document")
        constraints = mapping_constraints("document_technology", "document", "technology")


class DocumentProductMapping(Mapping):
    """A landmark product that a document is about."""

    owner_field = "document"
    natural_key_fields = ("document__slug", "product__slug")

    document = models.ForeignKey(
        PolicyDocument,
        models.CASCADE,
        related_name="product_mappings",
        verbose_name=_("policy document"),
    )
    product = models.ForeignKey(
        SymbolicProduct,
        models.PROTECT,
        related_name="document_mappings",
        verbose_name=_("landmark product"),
    )

    class Meta(Mapping.Meta):
        verbose_name = _("product of a document")
        verbose_name_plural = _("products of a document")
        constraints = mapping_constraints("document_product", "document", "product")


class DocumentPassage(Quoted, Part):
    """Words of a document that state a fact about it: its number, its structure, what it sets."""

    owner_field = "document"
    natural_key_fields = ("document__slug", "quotation")

    document = models.ForeignKey(
        PolicyDocument,
        models.CASCADE,
        related_name="passages",
        verbose_name=_("policy document"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("quoted passage")
        verbose_name_plural = _("quoted passages")
        ordering = ["order", "id"]
        constraints = [
            quoted_from_a_source("passage"),
            models.CheckConstraint(condition=~Q(quotation=""), name="passage_has_words"),
            models.UniqueConstraint(fields=["document", "quotation"], name="passage_unique"),
        ]

    def __str__(self):
        return self.quotation


INVERSE_LABELS = {
    RelationType.IMPLEMENTS: _("implemented by"),
    RelationType.SUPERSEDES: _("superseded by"),
    RelationType.AMENDS: _("amended by"),
    RelationType.CITES: _("cited by"),
}


class RelationBasis(models.TextChoices):
    STATED = "stated", _("stated by the text")
    ANALYST = "analyst", _("judged by an analyst")


class DocumentRelation(Located, Part):
    """A relation from one document to another, with its basis."""

    owner_field = "from_document"
    natural_key_fields = ("from_document__slug", "to_document__slug", "type")

    from_document = models.ForeignKey(
        PolicyDocument,
        models.CASCADE,
        related_name="relations_from",
        verbose_name=_("from document"),
    )
    type = models.CharField(_("relation"), max_length=12, choices=RelationType)
    to_document = models.ForeignKey(
        PolicyDocument,
        models.PROTECT,
        related_name="relations_to",
        verbose_name=_("to document"),
    )
    basis = models.CharField(
        _("basis"), max_length=10, choices=RelationBasis, default=RelationBasis.ANALYST
    )
    confidence = ConfidenceField()

    class Meta:
        verbose_name = _("relation between documents")
        verbose_name_plural = _("relations between documents")
        ordering = ["type", "id"]
        constraints = [
            confidence_known("relation"),
            one_of("type", RelationType, name="relation_type_known"),
            one_of("basis", RelationBasis, name="relation_basis_known"),
            models.UniqueConstraint(
                fields=["from_document", "to_document", "type"], name="relation_unique"
            ),
            models.CheckConstraint(
                condition=~Q(from_document=F("to_document")),
                name="relation_not_to_itself",
                violation_error_message=_("A document is not related to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.from_document.slug} {self.type} {self.to_document.slug}"

    @property
    def inverse_label(self):
        """The relation in words, read from the second document to the first."""
        return INVERSE_LABELS[self.type]

    @property
    def days_between(self):
        """Days from the upper text's publication (else issue) to the lower one's issue (else
        publication); None where one of them has no date."""
        upper, lower = self.to_document.announced_on(), self.from_document.date
        if upper is None or lower is None:
            return None
        return (lower - upper).days
