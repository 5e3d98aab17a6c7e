"""How much of the country was looked at: totals for the page of coverage."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from catalog.models import Indicator, IndicatorPoint
from catalog.series import point_day
from regions.counts import READINGS, Standing, tiles

# What a research institute counts: provinces that issued a policy on future industries.
PROVINCES_COUNTED = "china-provinces-with-future-industry-policy"


@dataclass(frozen=True)
class Reading:
    """The Standings of the regions that were read alike."""

    value: str
    standings: list[Standing]

    @property
    def label(self):
        return {
            "read": _("Read completely"),
            "in-part": _("Read in part"),
            "not-recorded": _("Plan found, tracks not recorded"),
            "none-found": _("Searched, no plan found"),
            "not-searched": _("Not searched"),
        }[self.value]

    def __len__(self):
        return len(self.standings)


def by_reading(standings):
    """Return the Readings of some Standings, from read completely to not searched."""
    groups = [(value, [s for s in standings if s.reading == value]) for value in READINGS]
    return [Reading(value, found) for value, found in groups]


@dataclass(frozen=True)
class Provinces:
    """How many provinces have something on record here, and how many others count.

    ``total`` provinces, cities counted in; ``with_plan`` and ``with_tracks`` of them have a plan,
    or its tracks, on record. ``point`` is what somebody else counted last, or None.
    """

    total: int
    with_plan: int
    with_tracks: int
    point: IndicatorPoint | None


def provinces():
    """Return the Provinces: what this site has of them beside what is counted elsewhere."""
    found = tiles()
    return Provinces(
        len(found),
        sum(1 for standing in found if standing.state in ("tracks", "not-recorded")),
        sum(1 for standing in found if standing.tracks),
        newest_count(),
    )


def newest_count():
    """Return the newest public point of the indicator that counts provinces, None without one."""
    indicator = Indicator.objects.public().filter(slug=PROVINCES_COUNTED).first()
    if indicator is None:
        return None
    points = indicator.points.public().select_related("source", "indicator")
    return max(points, key=lambda point: point_day(point) or date.min, default=None)
