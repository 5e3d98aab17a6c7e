"""Which regions name a thing, each in one line: since when, in which words, in which plans.

The numbers are those of :mod:`regions.naming` and of the list of plans.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import timezone

from catalog.models import Region
from futureind.browse.evidence_tally import EvidenceTally
from futureind.browse.kept_records import public_records
from futureind.publishing.evidence import BEST_FIRST, EvidenceGrade
from futureind.publishing.models.content_version import ContentVersion
from regions.filters import plan_filter, track_filter
from regions.naming import Naming, OnRecord, places_of


@dataclass(frozen=True)
class RegionLine:
    """How a region names a thing.

    ``track`` is the one that named it first, the newest where none has a place in time;
    ``is_exact``, whether it does so in the same words anywhere, dated since ``exact_since``. Of its
    ``plans`` that name it ``in_force`` are so today. ``grade`` is the best evidence of its tracks.
    """

    region: Region
    track: int
    tracks: int
    first: date | None
    newest: date | None
    is_exact: bool
    exact_since: date | None
    plans: int
    in_force: int
    grade: EvidenceGrade


@dataclass(frozen=True)
class Spread:
    """Who names a thing, the first of them first, those without a dated text last."""

    naming: Naming
    lines: list[RegionLine]

    @property
    def exact_regions(self):
        return sum(line.is_exact for line in self.lines)

    @property
    def first(self):
        """The first day on which any region named it, and the regions that did."""
        return earliest((line.first, line.region) for line in self.lines)

    @property
    def first_exact(self):
        """The same of the same words."""
        return earliest((line.exact_since, line.region) for line in self.lines)

    @property
    def tally(self):
        """The best evidence of each region, as an EvidenceTally."""
        return EvidenceTally(Counter(line.grade for line in self.lines))


def earliest(days):
    """Return ``(first day, [who])`` of pairs of a day, or None, and who it is of."""
    dated = [(day, who) for day, who in days if day]
    first = min((day for day, _who in dated), default=None)
    return first, [who for day, who in dated if day == first]


def spread_of(kind, record):
    """Return the Spread of a field, product or technology (with those within it) today."""
    return spread_at(ContentVersion.stamp(), timezone.localdate(), kind, record.slug)


@lru_cache(maxsize=200)
def spread_at(stamp, day, kind, slug):
    on_record = OnRecord(day)
    first = on_record.results.first
    exact = on_record.exact.tracks_naming(kind, slug)
    found = []
    for region, part in on_record.parts(on_record.tracks_naming(kind, slug)).items():
        dated = part & on_record.dated
        same = part & exact
        found.append(
            {
                "region": region,
                "tracks": len(part),
                "first": first(dated, 1, upwards=True),
                "newest": first(dated, 1),
                "undated": [] if len(dated) else first(part, 1),
                "is_exact": bool(len(same)),
                "exact": first(same & on_record.dated, 1, upwards=True),
                "grade": best_grade(part, stamp),
            }
        )
    days = days_of(
        {pk for line in found for pk in (*line["first"], *line["newest"], *line["exact"])}
    )
    plans = plans_by_region(stamp, day, kind, slug, [line["region"] for line in found])
    regions = public_records(Region)
    lines = [line_of(line, regions, days, plans) for line in found]
    lines.sort(key=lambda line: (line.first is None, line.first, line.region.code))
    return Spread(on_record.naming(kind, slug), lines)


def line_of(found, regions, days, plans):
    first, newest, exact = (
        days[found[name][0]] if found[name] else None for name in ("first", "newest", "exact")
    )
    number, in_force = plans[found["region"]]
    # Of several tracks of the first day one in the same words says most.
    nearest = found["exact"] if exact and exact == first else found["first"]
    return RegionLine(
        region=regions[found["region"]],
        track=(nearest or found["undated"])[0],
        tracks=found["tracks"],
        first=first,
        newest=newest if newest != first else None,
        is_exact=found["is_exact"],
        exact_since=exact,
        plans=number,
        in_force=in_force,
        grade=found["grade"],
    )


def days_of(tracks):
    return {pk: day for pk, (_region, day) in places_of(tracks).items()}


def best_grade(tracks, stamp):
    """Return the best EvidenceGrade of a set of tracks."""
    for grade in BEST_FIRST[:-1]:
        if len(tracks & graded(stamp, grade)):
            return grade
    return BEST_FIRST[-1]


@lru_cache(maxsize=8)
def graded(stamp, grade):
    return track_filter({"evidence": [grade.value]}, stamp).results.everything


def plans_by_region(stamp, day, kind, slug, regions):
    """Return ``{region pk: (plans that name the thing, those of them in force on the day)}``."""
    found = plan_filter(stamp=stamp)
    facet = found.filters[kind]
    named = found.results.having(facet, facet.keys_of([slug]))
    current = plan_filter({"in_force_on": [day.isoformat()]}, stamp).results.everything
    numbers = {}
    for region in regions:
        own = named & found.results.having(found.filters["region"], [region])
        numbers[region] = len(own), len(own & current)
    return numbers
