"""How tracks are tied to fields, technologies and products."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import IndustryField, SymbolicProduct, Technology
from catalog.models.mappings import (
    Mapping,
    MappingQuerySet,
    Match,
    MatchedMapping,
    mapping_constraints,
)
from futureind.core.constraints import one_of
from regions.models.plans import Track


class TrackFieldMapping(Mapping):
    """A field that a track falls into."""

    owner_field = "track"
    natural_key_fields = ("track__slug", "field__slug")

    track = models.ForeignKey(
        Track, models.CASCADE, related_name="field_mappings", verbose_name=_("track")
    )
    field = models.ForeignKey(
        IndustryField, models.PROTECT, related_name="track_mappings", verbose_name=_("field")
    )

    class Meta(Mapping.Meta):
        verbose_name = _("field of a track")
        verbose_name_plural = _("fields of a track")
        constraints = mapping_constraints("track_field", "track", "field")


class TrackTechnologyMapping(MatchedMapping):
    """A technology that a track names, in the same or in other words."""

    owner_field = "track"
    natural_key_fields = ("track__slug", "technology__slug")

    track = models.ForeignKey(
        Track, models.CASCADE, related_name="technology_mappings", verbose_name=_("track")
    )
    technology = models.ForeignKey(
        Technology, models.PROTECT, related_name="track_mappings", verbose_name=_("technology")
    )

    objects = MappingQuerySet.as_manager()

    class Meta(MatchedMapping.Meta):
        verbose_name = _("technology of a track")
        verbose_name_plural = _("technologies of a track")
        constraints = [
            *mapping_constraints("track_technology", "track", "technology"),
            one_of("match", Match, name="track_technology_match_known"),
        ]


class TrackProductMapping(MatchedMapping):
    """A landmark product that a track names, in the same or in other words."""

    owner_field = "track"
    natural_key_fields = ("track__slug", "product__slug")

    track = models.ForeignKey(
        Track, models.CASCADE, related_name="product_mappings", verbose_name=_("track")
    )
    product = models.ForeignKey(
        SymbolicProduct,
        models.PROTECT,
        related_name="track_mappings",
        verbose_name=_("landmark product"),
    )

    objects = MappingQuerySet.as_manager()

    class Meta(MatchedMapping.Meta):
        verbose_name = _("product of a track")
        verbose_name_plural = _("products of a track")
        constraints = [
            *mapping_constraints("track_product", "track", "product"),
            one_of("match", Match, name="track_product_match_known"),
        ]
