"""What is on record for each region, and how far it was read.

A city counts as a region of its own here; where a province is counted with its cities, as on the
map, the page says so.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Region
from futureind.publishing.models.content_version import ContentVersion
from futureind.search.index import index_for
from regions.models import Completeness, CoverageCheck, CoverageOutcome, RegionalPlan, Track

# From "an absent thing is not named" to "nothing can be said".
READINGS = ("read", "in-part", "not-recorded", "none-found", "not-searched")


@dataclass(frozen=True)
class Standing:
    """What is on record for a region: its tracks, plans and last coverage check.

    ``state`` is ``tracks``, ``not-recorded`` (plan found, its tracks not on record),
    ``none-found`` (searched without a find) or ``not-searched``.
    """

    region: Region
    tracks: int
    plans: int
    check: CoverageCheck | None

    @property
    def state(self):
        if self.tracks:
            return "tracks"
        if self.plans or (self.check and self.check.outcome == CoverageOutcome.FOUND):
            return "not-recorded"
        return "none-found" if self.check else "not-searched"

    @property
    def reading(self):
        """How far the region was read: one of READINGS.

        Tracks without a check that calls the record complete were read in part: an absent thing may
        stand in what nobody read.
        """
        if self.state != "tracks":
            return self.state
        is_complete = self.check and self.check.completeness == Completeness.COMPLETE
        return "read" if is_complete else "in-part"


def numbers_read(found):
    """Return how many of Standings were read how far, by READINGS with low lines for templates."""
    readings = [standing.reading for standing in found]
    return {reading.replace("-", "_"): readings.count(reading) for reading in READINGS}


def absence_in_words(reading, check=None):
    """Return the sign and the words for what a region does not name, by how far it was read."""
    if reading == "none-found":
        day = check.checked_on.isoformat()
        return "∅", _("no plan found (checked on %(day)s)") % {"day": day}
    return {
        "read": ("–", _("not named")),
        "in-part": ("…", _("read in part")),
        "not-recorded": ("…", _("plan found, tracks not recorded")),
        "not-searched": ("?", _("not searched")),
    }[reading]


def latest_checks():
    """Return ``{region pk: its newest public CoverageCheck}``."""
    newest = CoverageCheck.objects.public().order_by("region", "checked_on")
    return {check.region_id: check for check in newest}


def numbers_by_region(model, path, regions):
    """Return ``{region pk: number of public records}``, from the index where there is one."""
    index = index_for(model.index_kind)
    if index is not None:
        return {region.pk: len(index.values([("region", region.pk)])) for region in regions}
    records = model.objects.public().order_by()
    return dict(records.values_list(path).annotate(number=Count("pk")))


def standings(*, with_cities):
    """Return the Standing of every public region, in the order of the codes.

    Parameter: ``with_cities``, whether a province's tracks and plans include its cities'.
    """
    return list(standings_at(ContentVersion.stamp(), with_cities))


@lru_cache(maxsize=4)
def standings_at(stamp, with_cities):
    regions = list(Region.objects.public())
    plans = numbers_by_region(RegionalPlan, "region", regions)
    tracks = numbers_by_region(Track, "plan__region", regions)
    children = {}
    for region in regions:
        children.setdefault(region.parent_id, []).append(region.pk)
    checks = latest_checks()

    def total(numbers, region):
        own = numbers.get(region.pk, 0)
        beneath = children.get(region.pk, ()) if with_cities else ()
        return own + sum(numbers.get(pk, 0) for pk in beneath)

    return [
        Standing(region, total(tracks, region), total(plans, region), checks.get(region.pk))
        for region in regions
    ]


def tiles():
    """Return the Standing of every province-level division with a tile, cities included."""
    return [standing for standing in standings(with_cities=True) if standing.region.tile_row]


def standing_of(region):
    """Return the Standing of a region by itself; one that is not public has nothing on record."""
    found = standings(with_cities=False)
    nothing = Standing(region, 0, 0, None)
    return next((standing for standing in found if standing.region.pk == region.pk), nothing)


def last_checked_on():
    """Return the day of the newest public coverage check, None without one."""
    checks = (standing.check for standing in standings(with_cities=False))
    return max((check.checked_on for check in checks if check), default=None)


def number_of_regions(number):
    return ngettext("%(n)s region", "%(n)s regions", number) % {"n": number}
