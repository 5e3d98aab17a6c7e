"""Regions and the agencies that issue documents."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.indexing import name_record, region_names
from futureind.core.bilingual import Bilingual
from futureind.core.constraints import one_of
from futureind.publishing.models.records import (
    AliasField,
    ConfidenceField,
    PublicationState,
    PublicationStateField,
    Reviewed,
    WebAddressField,
    confidence_known,
    not_itself,
    refuse_parent_cycle,
    state_known,
    unverified_fields_column,
)
from futureind.publishing.models.slugged import Publishable, PublishableQuerySet, Slugged
from futureind.publishing.models.sources import SourcesField


class RegionLevel(models.TextChoices):
    MUNICIPALITY = "municipality", _("municipality")
    PROVINCE = "province", _("province")
    AUTONOMOUS_REGION = "autonomous-region", _("autonomous region")
    SAR = "sar", _("special administrative region")
    CITY = "city", _("city")


# What English puts behind a region's name where Chinese has it in the name.
LEVELS_IN_NAMES = {
    RegionLevel.MUNICIPALITY: "municipality",
    RegionLevel.PROVINCE: "province",
    RegionLevel.AUTONOMOUS_REGION: "autonomous region",
    RegionLevel.SAR: "special administrative region",
    RegionLevel.CITY: "city",
}


class RegionQuerySet(PublishableQuerySet):
    def provinces(self):
        """Return the province-level divisions, which make up the tile map."""
        return self.filter(parent__isnull=True)


class Region(Publishable):
    """A province-level division or a city, named as in the national standard GB/T 2260."""

    is_taxonomy = True
    url_name = "region"
    index_kind = "region"
    index_facets = ()
    index_related = (("parent",), ())
    index_depends = ("parent",)
    index_synonyms = True

    code = models.CharField(
        _("code"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^\d{6}$", _("Six digits, as in GB/T 2260."))],
        help_text=_("Six digits of GB/T 2260."),
    )
    letter_code = models.CharField(
        _("letter code"),
        max_length=2,
        blank=True,
        help_text=_("Two letters of GB/T 2260 for a province-level division, such as BJ."),
    )
    name_en = models.CharField(_("name (English)"), max_length=100)
    name_zh = models.CharField(_("name (Chinese)"), max_length=50)
    short_name_zh = models.CharField(
        _("short name (Chinese)"),
        max_length=10,
        blank=True,
        help_text=_("As on the tile map, such as 北京."),
    )
    level = models.CharField(
        pgettext_lazy("of a body or region", "level"), max_length=20, choices=RegionLevel
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    tile_row = models.PositiveSmallIntegerField(_("row of the tile map"), null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField(
        _("column of the tile map"), null=True, blank=True
    )
    aliases_en = AliasField(_("aliases (English)"))
    aliases_zh = AliasField(_("aliases (Chinese)"))
    website = WebAddressField(_("website"))
    sources = SourcesField(related_name="regions")
    unverified_fields = unverified_fields_column()

    name = Bilingual()
    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [
            state_known("region"),
            one_of("level", RegionLevel, name="region_level_known"),
            not_itself(name="region_parent_not_itself"),
            models.CheckConstraint(
                condition=Q(level=RegionLevel.CITY, parent__isnull=False)
                | (~Q(level=RegionLevel.CITY) & Q(parent__isnull=True)),
                name="region_city_has_province",
                violation_error_message=_("A city belongs to a province, a province to none."),
            ),
            models.CheckConstraint(
                condition=Q(tile_row__isnull=True, tile_column__isnull=True)
                | Q(
                    tile_row__isnull=False,
                    tile_column__isnull=False,
                    tile_row__gte=1,
                    tile_column__gte=1,
                ),
                name="region_tile_whole",
                violation_error_message=_("A tile needs both a row and a column, from 1."),
            ),
            models.UniqueConstraint(fields=["tile_row", "tile_column"], name="region_tile_unique"),
            models.UniqueConstraint(
                fields=["letter_code"],
                condition=~Q(letter_code=""),
                name="region_letter_code_unique",
            ),
        ]

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"

    def index_record(self):
        found = name_record(self)
        found.aliases.append(f"{self.name_en} {LEVELS_IN_NAMES[self.level]}")
        found.texts = [self.code, *region_names(self.parent)]
        return found

    def clean(self):
        super().clean()
        refuse_parent_cycle(self)


class RegionGroup(Reviewed, Slugged):
    """A named group of regions, such as the Yangtze River Delta."""

    is_taxonomy = True

    # Also for processes of a version that knew no state here, until they are restarted.
    publication_state = PublicationStateField(db_default=PublicationState.DRAFT)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name (English)"), max_length=100)
    name_zh = models.CharField(_("name (Chinese)"), max_length=50)
    # The same for these two.
    aliases_en = AliasField(_("aliases (English)"), default="", db_default="")
    aliases_zh = AliasField(_("aliases (Chinese)"), default="", db_default="")
    regions = models.ManyToManyField(Region, related_name="groups", verbose_name=_("regions"))
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)

    name = Bilingual()
    note = Bilingual()
    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of regions")
        verbose_name_plural = _("groups of regions")
        ordering = ["order", "slug"]
        constraints = [state_known("region_group")]

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"


class AgencyLevel(models.TextChoices):
    NATIONAL = "national", _("national body")
    MINISTRY = "ministry", _("ministry or commission")
    DEPARTMENT = "department", _("department of a ministry")
    PROVINCIAL = "provincial", _("provincial")
    CITY = "city", _("city")


class Agency(Publishable):
    """A body that issues documents."""

    url_name = "agency"
    index_kind = "agency"
    index_facets = ()
    index_related = ((), ())
    index_depends = ()
    index_synonyms = True

    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=100)
    abbreviation_en = models.CharField(_("abbreviation (English)"), max_length=20, blank=True)
    level = models.CharField(
        pgettext_lazy("of a body or region", "level"),
        max_length=20,
        choices=AgencyLevel,
        db_index=True,
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies",
        verbose_name=_("region"),
    )
    website = WebAddressField(_("website"))
    role_en = models.TextField(_("functions (English)"), blank=True)
    role_zh = models.TextField(_("functions (Chinese)"), blank=True)
    aliases_en = AliasField(_("aliases (English)"))
    aliases_zh = AliasField(_("aliases (Chinese)"))
    sources = SourcesField(related_name="agencies")
    confidence = ConfidenceField()
    unverified_fields = unverified_fields_column()

    name = Bilingual()
    role = Bilingual()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name_en", "id"]
        constraints = [
            state_known("agency"),
            confidence_known("agency"),
            one_of("level", AgencyLevel, name="agency_level_known"),
            not_itself(name="agency_parent_not_itself"),
            models.CheckConstraint(
                condition=Q(level__in=["provincial", "city"], region__isnull=False)
                | (~Q(level__in=["provincial", "city"]) & Q(region__isnull=True)),
                name="agency_region_fits_level",
                violation_error_message=_(
                    "A regional agency names its region; a national one has none."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.name_en} {self.name_zh}"

    def index_record(self):
        found = name_record(self, "role")
        found.aliases.append(self.abbreviation_en)
        return found

    def clean(self):
        super().clean()
        refuse_parent_cycle(self)
