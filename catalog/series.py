"""What observed series say: when a point was taken, and how far a target is met."""

import calendar
import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from catalog.models.commitments import Comparator

HALF = re.compile(r"(\d{4})H([12])")
MONTH = re.compile(r"(\d{4})-(\d{2})")
YEAR = re.compile(r"\d{4}")
# A share of a number makes sense where more is what is promised.
REACHED_FROM_BELOW = (
    Comparator.EQUAL,
    Comparator.AT_LEAST,
    Comparator.MORE_THAN,
    Comparator.ABOUT,
)
CHINA = "CN"


def period_end(period):
    """Return the last day of a period such as 2025, 2022H1 or 2025-06; None for other wordings."""
    if half := HALF.fullmatch(period):
        year, number = map(int, half.groups())
        return datetime.date(year, 6, 30) if number == 1 else datetime.date(year, 12, 31)
    if (month := MONTH.fullmatch(period)) and 1 <= int(month[2]) <= 12:
        year, number = map(int, month.groups())
        return datetime.date(year, number, calendar.monthrange(year, number)[1])
    if YEAR.fullmatch(period):
        return datetime.date(int(period), 12, 31)
    return None


def period_middle(period):
    """Return the middle of a period as a number of years, such as 2025.5; None for other wordings.

    Series are drawn by it: the cut-off of an edition is often not known.
    """
    end = period_end(period)
    if end is None:
        return None
    months = 12 if YEAR.fullmatch(period) else 6 if HALF.fullmatch(period) else 1
    return end.year + (end.month - months / 2) / 12


def point_day(point):
    """Return the day that a point stands for: its cut-off, else the end of its period, or None."""
    return point.as_of or period_end(point.period)


def main_place(points):
    """Return the place that stands for a series: China, else that of the greatest newest value."""
    places = {}
    for point in sorted(points, key=in_time):
        places[point.geography] = point
    if CHINA in places:
        return CHINA
    return max(places, key=lambda place: (places[place].value, place), default=None)


def main_series(points):
    """Return the points of the main place in the order of time, from the last break on."""
    place, found = main_place(points), []
    for point in sorted(points, key=in_time):
        if point.geography == place and period_middle(point.period) is not None:
            found = [point] if point.starts_anew else [*found, point]
    return found


def newest_point(points):
    """Return the newest point of the main place, None without points."""
    place = main_place(points)
    return max((p for p in points if p.geography == place), key=in_time, default=None)


def in_time(point):
    """Return a key that brings points into the order of time, those at no known time first."""
    return point_day(point) or datetime.date.min, point.period, point.pk


@dataclass(frozen=True)
class Progress:
    """The newest point of the indicator that measures a target, and its share of the number."""

    point: object
    percent: int

    @property
    def bar(self):
        """Length of the bar out of 100."""
        return min(self.percent, 100)


def progress_of(target):
    """Return the Progress of a target, None where nothing measures it.

    The indicator's points must be of the same place: China for a national target, the region for
    a regional one. Only numbers to be reached from below have a share; a range or a limit has none.
    """
    indicator = target.indicator if target.indicator_id else None
    if indicator is None or not indicator.is_public:
        return None
    if target.comparator not in REACHED_FROM_BELOW or not target.value:
        return None
    if target.unit is None or not target.unit.is_comparable(indicator.unit):
        return None
    region = target.document.region_id
    points = [
        point
        for point in indicator.public_points
        if point_day(point) and (point.region_id == region if region else point.geography == CHINA)
    ]
    if not points:
        return None
    newest = max(points, key=point_day)
    observed, promised = indicator.unit.in_base_unit, target.unit.in_base_unit
    share = observed(newest.value) / promised(target.value)
    return Progress(newest, int(share * Decimal(100)))
