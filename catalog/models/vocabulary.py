"""The words with which documents are described: fields, technologies, products, terms, units."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.indexing import aliases, both, name_record
from catalog.models.mappings import Mapping, mapping_constraints
from futureind.core.bilingual import Bilingual
from futureind.core.constraints import one_of
from futureind.publishing.models.passages import Quoted, quoted_from_a_source
from futureind.publishing.models.records import (
    AliasField,
    ConfidenceField,
    Part,
    confidence_known,
    not_itself,
    refuse_parent_cycle,
    state_known,
    unverified_fields_column,
)
from futureind.publishing.models.slugged import Publishable
from futureind.publishing.models.sources import SourcesField
from futureind.search.entries import IndexRecord


class IndustryField(Publishable):
    """One of the six future fields of the national Opinions of January 2024."""

    is_taxonomy = True
    url_name = "field"
    index_kind = "field"
    index_facets = ()
    index_related = ((), ())
    index_depends = ()
    index_synonyms = False
    parts = ("directions",)

    code = models.CharField(_("code"), max_length=2, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name (English)"), max_length=100)
    name_zh = models.CharField(_("name (Chinese)"), max_length=50)
    short_name_en = models.CharField(_("short name (English)"), max_length=50)
    short_name_zh = models.CharField(_("short name (Chinese)"), max_length=20)
    description_en = models.TextField(_("description (English)"), blank=True)
    description_zh = models.TextField(_("description (Chinese)"), blank=True)
    directions_note_en = models.TextField(_("note on the directions (English)"), blank=True)
    directions_note_zh = models.TextField(_("note on the directions (Chinese)"), blank=True)
    aliases_en = AliasField(_("aliases (English)"))
    aliases_zh = AliasField(_("aliases (Chinese)"))
    sources = SourcesField(related_name="industry_fields")
    confidence = ConfidenceField()

    name = Bilingual()
    short_name = Bilingual()
    description = Bilingual()
    directions_note = Bilingual()

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ["order", "slug"]
        constraints = [state_known("field"), confidence_known("field")]

    def index_record(self):
        found = name_record(self, "description")
        found.names += both(self, "short_name")
        return found

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"


class DirectionKind(models.TextChoices):
    TECHNOLOGY = "technology", _("technology")
    EQUIPMENT = "equipment", _("equipment")
    MODE = "mode", _("mode of production")
    PLATFORM = "platform", _("platform")
    INDUSTRY = "industry", _("industry")
    SERVICE = "service", _("service")
    PRODUCT = "product", _("product")


class FieldDirection(Part):
    """A direction that the national text lists within a field."""

    owner_field = "field"
    natural_key_fields = ("field__slug", "slug")

    field = models.ForeignKey(
        IndustryField, models.CASCADE, related_name="directions", verbose_name=_("field")
    )
    slug = models.SlugField(_("slug"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name (English)"), max_length=150)
    name_zh = models.CharField(_("name (Chinese)"), max_length=50)
    kind = models.CharField(_("kind"), max_length=20, choices=DirectionKind)
    confidence = ConfidenceField()

    name = Bilingual()

    class Meta:
        verbose_name = _("direction")
        verbose_name_plural = _("directions")
        ordering = ["field", "order", "id"]
        constraints = [
            confidence_known("direction"),
            one_of("kind", DirectionKind, name="direction_kind_known"),
            models.UniqueConstraint(fields=["field", "slug"], name="direction_unique"),
        ]

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"


class SymbolicProduct(Publishable):
    """One of the ten landmark (symbolic) products, 标志性产品, of the national Opinions."""

    is_taxonomy = True
    url_name = "product"
    index_kind = "product"
    index_facets = ()
    index_related = ((), ())
    index_depends = ()
    index_synonyms = False
    parts = ("key_technologies", "field_mappings")

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name (English)"), max_length=150)
    name_zh = models.CharField(_("name (Chinese)"), max_length=50)
    description_en = models.TextField(_("description (English)"), blank=True)
    description_zh = models.TextField(_("description (Chinese)"), blank=True)
    aliases_en = AliasField(_("aliases (English)"))
    aliases_zh = AliasField(_("aliases (Chinese)"))
    fields = models.ManyToManyField(
        IndustryField,
        through="ProductFieldMapping",
        related_name="products",
        verbose_name=_("fields"),
    )
    sources = SourcesField(related_name="products")
    confidence = ConfidenceField()
    unverified_fields = unverified_fields_column()

    name = Bilingual()
    description = Bilingual()

    class Meta:
        verbose_name = _("landmark product")
        verbose_name_plural = _("landmark products")
        ordering = ["order", "slug"]
        constraints = [state_known("product"), confidence_known("product")]

    def index_record(self):
        return name_record(self, "description")

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"


class KeyTechnology(Quoted, Part):
    """A key technology that the national text names for a product."""

    owner_field = "product"
    sources_stand_in = "product"
    natural_key_fields = ("product__slug", "name_zh")

    product = models.ForeignKey(
        SymbolicProduct,
        models.CASCADE,
        related_name="key_technologies",
        verbose_name=_("landmark product"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name (English)"), max_length=150)
    name_zh = models.CharField(_("name (Chinese)"), max_length=50)

    name = Bilingual()

    class Meta:
        verbose_name = _("key technology")
        verbose_name_plural = _("key technologies")
        ordering = ["product", "order", "id"]
        constraints = [
            quoted_from_a_source("key_technology"),
            models.UniqueConstraint(fields=["product", "name_zh"], name="key_technology_unique"),
        ]

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"


class ProductFieldMapping(Mapping):
    """The field under which a product stands, and why."""

    owner_field = "product"
    natural_key_fields = ("product__slug", "field__slug")

    product = models.ForeignKey(
        SymbolicProduct,
        models.CASCADE,
        related_name="field_mappings",
        verbose_name=_("landmark product"),
    )
    field = models.ForeignKey(
        IndustryField, models.PROTECT, related_name="product_mappings", verbose_name=_("field")
    )
    reason_en = models.TextField(_("reason (English)"), blank=True)
    reason_zh = models.TextField(_("reason (Chinese)"), blank=True)

    reason = Bilingual()

    class Meta(Mapping.Meta):
        verbose_name = _("field of a product")
        verbose_name_plural = _("fields of a product")
        constraints = mapping_constraints("product_field", "product", "field")


class Technology(Publishable):
    """A canonical technology: makes differently worded tracks comparable."""

    url_name = "technology"
    index_kind = "technology"
    index_facets = ()
    index_related = ((), ())
    index_depends = ()
    index_synonyms = True
    parts = ("field_mappings",)

    name_en = models.CharField(_("name (English)"), max_length=150)
    name_zh = models.CharField(_("name (Chinese)"), max_length=50)
    description_en = models.TextField(_("description (English)"), blank=True)
    description_zh = models.TextField(_("description (Chinese)"), blank=True)
    aliases_en = AliasField(_("aliases (English)"))
    aliases_zh = AliasField(_("aliases (Chinese)"))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    product = models.ForeignKey(
        SymbolicProduct,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="technologies",
        verbose_name=_("landmark product"),
    )
    fields = models.ManyToManyField(
        IndustryField,
        through="TechnologyFieldMapping",
        related_name="technologies",
        verbose_name=_("fields"),
    )
    directions = models.ManyToManyField(
        FieldDirection,
        blank=True,
        related_name="technologies",
        verbose_name=_("national directions"),
    )

    name = Bilingual()
    description = Bilingual()

    class Meta:
        verbose_name = _("technology")
        verbose_name_plural = _("technologies")
        ordering = ["name_en", "id"]
        constraints = [
            state_known("technology"),
            not_itself(name="technology_parent_not_itself"),
        ]

    def index_record(self):
        return name_record(self, "description")

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"

    def clean(self):
        super().clean()
        refuse_parent_cycle(self)


class TechnologyFieldMapping(Mapping):
    """A field of a technology; the first one is its main field."""

    owner_field = "technology"
    natural_key_fields = ("technology__slug", "field__slug")

    technology = models.ForeignKey(
        Technology,
        models.CASCADE,
        related_name="field_mappings",
        verbose_name=_("technology"),
    )
    field = models.ForeignKey(
        IndustryField, models.PROTECT, related_name="technology_mappings", verbose_name=_("field")
    )

    class Meta(Mapping.Meta):
        verbose_name = _("field of a technology")
        verbose_name_plural = _("fields of a technology")
        constraints = mapping_constraints("technology_field", "technology", "field")


class TermCategory(models.TextChoices):
    CONCEPT = "concept", _("concept")
    INSTRUMENT = "instrument", _("policy instrument")
    FINANCE = "finance", _("finance")
    FIRM = "firm", _("firm")
    TECHNOLOGY = "technology", _("technology")
    UNIT = "unit", _("unit")
    INSTITUTION = "institution", _("institution")
    DOCUMENT_TYPE = "document-type", _("document type")


class GlossaryTerm(Publishable):
    """A term of the policy language and its meaning."""

    url_name = "term"
    index_kind = "term"
    index_facets = ()
    index_related = ((), ())
    index_depends = ()
    index_synonyms = True

    term_en = models.CharField(_("term (English)"), max_length=150)
    term_zh = models.CharField(_("term (Chinese)"), max_length=50)
    definition_en = models.TextField(_("definition (English)"), blank=True)
    definition_zh = models.TextField(_("definition (Chinese)"), blank=True)
    category = models.CharField(_("category"), max_length=20, choices=TermCategory, db_index=True)
    aliases_en = AliasField(_("aliases (English)"))
    aliases_zh = AliasField(_("aliases (Chinese)"))
    fields = models.ManyToManyField(
        IndustryField, blank=True, related_name="terms", verbose_name=_("fields")
    )
    products = models.ManyToManyField(
        SymbolicProduct, blank=True, related_name="terms", verbose_name=_("landmark products")
    )
    documents = models.ManyToManyField(
        "PolicyDocument", blank=True, related_name="terms", verbose_name=_("policy documents")
    )
    sources = SourcesField(related_name="terms")
    confidence = ConfidenceField()

    term = Bilingual()
    definition = Bilingual()

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["term_en", "id"]
        constraints = [
            state_known("term"),
            confidence_known("term"),
            one_of("category", TermCategory, name="term_category_known"),
        ]

    def index_record(self):
        return IndexRecord(
            order=(-self.pk,),
            facets={},
            names=both(self, "term"),
            aliases=aliases(self),
            texts=both(self, "definition"),
        )

    def __str__(self):
        return f"{self.term_en} {self.term_zh}"
