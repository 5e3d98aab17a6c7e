"""The map of the regions: every province-level division as a tile of equal size.

A province includes its cities here. The map of all counts the technologies that plans in force
name, each by itself. That of one field, product or technology counts tracks, a technology with
those within it, so that each number is that of the list of tracks which its tile leads to.
"""

import re
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Region
from catalog.tile_map import Shade
from futureind.browse.fragments import rendered_rows
from futureind.core.bilingual import ENGLISH, active_language
from futureind.publishing.models.content_version import ContentVersion
from regions.counts import READINGS, Standing, absence_in_words, tiles
from regions.filters import track_filter
from regions.models import RegionalPlan, Tier
from regions.naming import Namings

# Upper ends of the first four steps of the shade; above them the fifth.
SHADE_STEPS = (4, 14, 24, 34)
STEPS = 5
# A province that names technologies, but in no plan that is in force.
NONE_IN_FORCE = "0"
# Between two syllables of a name in Latin letters, where a narrow tile may break it.
SYLLABLES = re.compile(
    r"(?<=[aeiou])(n?g?)(?=(?:zh|ch|sh|[bcdfghjklmnpqrstvwxyz])[aeiou])", re.IGNORECASE
)
SOFT_HYPHEN = "\u00ad"


class TileTier(models.TextChoices):
    """The highest rank that a region gives to something."""

    BUILT = "built", _("named to be built")
    EXPLORED = "explored", _("named to be explored only")


# Step of the shade and sign; the legend repeats both in words.
TIER_MARKS = {TileTier.BUILT: (4, "●"), TileTier.EXPLORED: (2, "○")}


@dataclass(frozen=True)
class Tile:
    """A division on the map: what is known of it, its number, its shade from 0 to 5 and its sign.

    ``tier`` is a TileTier or None, ``first`` the date of the first plan or None; ``is_over`` says
    that it names technologies in no plan that is in force.
    """

    standing: Standing
    number: int
    step: int
    sign: str
    tier: TileTier | None = None
    first: object = None
    is_over: bool = False

    @property
    def region(self):
        return self.standing.region

    @property
    def name(self):
        """The name of the division in full, which may break between its syllables."""
        if active_language() == ENGLISH:
            return SYLLABLES.sub(rf"\1{SOFT_HYPHEN}", self.region.name.plain)
        return self.region.short_name_zh or self.region.name.plain

    @property
    def reading(self):
        """How far the region was read, where it has no number."""
        return self.standing.reading

    @property
    def absence(self):
        """In words, why it has no number."""
        return absence_in_words(self.reading, self.standing.check)[1]


@dataclass(frozen=True)
class TileMap:
    """The tiles under one shade, and the legend ``[(step, sign, words), …]`` of what occurs.

    ``kind`` and ``slug`` say of which subject the tracks are, empty for all; ``day`` is that of
    the plans in force.
    """

    shade: Shade
    tiles: list[Tile]
    legend: list
    kind: str = ""
    slug: str = ""
    day: object = None

    @property
    def pk(self):
        """What tells the map from others of the same content."""
        return self.shade, self.kind, self.slug, self.day

    @property
    def counts_technologies(self):
        return self.shade == Shade.TRACKS and not self.kind

    @property
    def named(self):
        """How many of the divisions have a track of the subject, cities counted in."""
        return sum(1 for tile in self.tiles if tile.number)

    @property
    def absences(self):
        """``[(reading, sign, words), …]`` of the tiles without a number, for the legend."""
        found = {t.reading for t in self.tiles if not (t.number or t.first or t.is_over)}
        return [
            # On the map there is no room for the day of each check.
            (reading, "∅", _("no plan found"))
            if reading == "none-found"
            else (reading, *absence_in_words(reading))
            for reading in READINGS
            if reading in found
        ]


def tile_map(shade, kind="", slug="", day=None):
    """Return the TileMap of all regions, or of the tracks of one subject, on a day.

    Parameters: ``shade``, a Shade; ``kind``, ``field``, ``product`` or ``technology``, and the
    subject's ``slug``; both empty for all.
    """
    day = day or timezone.localdate()
    if shade == Shade.TRACKS and not kind:
        found = by_technologies(tiles(), day)
    else:
        found = shaded(shade, {kind: [slug]} if kind else {})
    return replace(found, kind=kind, slug=slug, day=day)


class Maps:
    """Maps as HTML, which is kept as rows of lists are, by shade and subject."""

    list_name = "tile maps"
    row_template = "regions/_tiles.html"
    row_name = "map"

    def records_with(self, asked):
        return [tile_map(*one) for one in asked]


def tile_map_html(shade, kind="", slug=""):
    """Return the tiles, legend and table of a :func:`tile_map` as HTML."""
    asked = (shade, kind, slug, timezone.localdate())
    [html] = rendered_rows(Maps(), [asked], ContentVersion.stamp())
    return html


def shaded(shade, asked):
    """Return the map of the tracks that parameters of their list ask for."""
    standings = tiles()
    if asked:
        numbers = numbers_by_region(asked)
    else:
        numbers = {standing.region.pk: standing.tracks for standing in standings}
    if shade == Shade.TIER:
        return by_tier(standings, numbers, numbers_by_region(asked, built_only=True))
    if shade == Shade.FIRST:
        return by_first(standings, numbers, first_dates(asked))
    return TileMap(Shade.TRACKS, *by_number(standings, numbers))


def numbers_by_region(asked, *, built_only=False):
    """Return ``{region pk: number of tracks}`` as the list of tracks counts them."""
    if built_only:
        asked = asked | {"tier": [tier.value for tier in Tier if tier != Tier.EXPLORATORY]}
    namings = Namings(track_filter(asked), with_cities=True)
    return {pk: len(tracks) for pk, tracks in namings.of_region.items()}


def first_dates(asked):
    """Return ``{region pk: date}`` of the first dated plan, by cities themselves."""
    if asked:
        filterset = track_filter(asked)
        tracks = filterset.filter_queryset(filterset.queryset, without=("sort",))
        rows = tracks.order_by().values_list("plan__region").annotate(Min("plan__document__date"))
    else:
        plans = RegionalPlan.objects.public().order_by()
        rows = plans.values_list("region").annotate(Min("document__date"))
    return {pk: day for pk, day in rows if day}


def empty_tile(standing):
    return Tile(standing, 0, 0, absence_in_words(standing.reading, standing.check)[0])


def by_number(standings, numbers):
    """Return ``(tiles, legend)`` of ``{region pk: number}``."""
    found = []
    for standing in standings:
        number = numbers.get(standing.region.pk, 0)
        step = 1 + sum(number > limit for limit in SHADE_STEPS)
        found.append(Tile(standing, number, step, str(number)) if number else empty_tile(standing))
    lower = [1, *(limit + 1 for limit in SHADE_STEPS)]
    ranges = zip(range(1, STEPS + 1), lower, [*SHADE_STEPS, None], strict=True)
    used = {tile.step for tile in found}
    return found, [(step, "", in_range(low, high)) for step, low, high in ranges if step in used]


def in_range(low, high):
    """Return a step of the shade in words; it has no end where ``high`` is None."""
    return f"{low}–{high}" if high else _("%(n)s or more") % {"n": low}


def by_technologies(standings, day):
    """Return the TileMap of how many technologies plans in force on a day name, each by itself."""
    in_force = Namings(
        track_filter({"in_force_on": [day.isoformat()]}), with_cities=True, alone=True
    )
    numbers = technologies_by_region(in_force)
    on_record = technologies_by_region(Namings(with_cities=True, alone=True))
    found, legend = by_number(standings, numbers)
    found = [
        replace(tile, sign=NONE_IN_FORCE, is_over=True)
        if not tile.number and on_record.get(tile.region.pk)
        else tile
        for tile in found
    ]
    if any(tile.is_over for tile in found):
        legend.append((0, NONE_IN_FORCE, _("in no plan in force today")))
    return TileMap(Shade.TRACKS, found, legend)


def technologies_by_region(namings):
    """Return ``{region pk: how many technologies its tracks name}`` of a Namings."""
    named = [tracks for tracks in namings.of_things("technology").values() if len(tracks)]
    return {
        pk: sum(1 for tracks in named if len(own & tracks))
        for pk, own in namings.of_region.items()
        if len(own)
    }


def by_tier(standings, numbers, built):
    found = []
    for standing in standings:
        number = numbers.get(standing.region.pk, 0)
        if not number:
            found.append(empty_tile(standing))
            continue
        tier = TileTier.BUILT if built.get(standing.region.pk) else TileTier.EXPLORED
        step, sign = TIER_MARKS[tier]
        found.append(Tile(standing, number, step, sign, tier=tier))
    used = {tile.tier for tile in found}
    return TileMap(
        Shade.TIER,
        found,
        [(step, sign, tier.label) for tier, (step, sign) in TIER_MARKS.items() if tier in used],
    )


def by_first(standings, numbers, dates):
    """The earlier the first plan of a province or a city of it, the darker the tile."""
    province_of = {standing.region.pk: standing.region.pk for standing in standings}
    cities = Region.objects.filter(parent__in=list(province_of)).values_list("pk", "parent")
    province_of |= dict(cities)
    first = {}
    for pk, day in dates.items():
        province = province_of.get(pk)
        if province:
            first[province] = min(day, first.get(province, day))
    newest = max((day.year for day in first.values()), default=0)
    found = []
    for standing in standings:
        day = first.get(standing.region.pk)
        number = numbers.get(standing.region.pk, 0)
        if day:
            step = min(STEPS, newest - day.year + 1)
            found.append(Tile(standing, number, step, str(day.year), first=day))
        elif number:
            found.append(Tile(standing, number, 0, "◌"))
        else:
            found.append(empty_tile(standing))
    years = sorted({tile.first.year for tile in found if tile.first})
    legend = [(min(STEPS, newest - year + 1), str(year), _("first plan")) for year in years]
    if any(tile.number and not tile.first for tile in found):
        legend.append((0, "◌", _("named, date not recorded")))
    return TileMap(Shade.FIRST, found, legend)
