"""Who named each technology first, the nation or a region: all technologies at once."""

from dataclasses import dataclass
from functools import lru_cache

from catalog.models import PolicyDocument, Region, Technology
from futureind.browse.kept_records import public_records
from futureind.core.bilingual import CHINESE, active_language
from futureind.publishing.models.content_version import ContentVersion
from regions.analysis.diffusion import ALL, Texts
from regions.filters import track_filter
from regions.models import Track
from regions.naming import PLACED


@dataclass
class First:
    """The text that named a technology first: its region, None for the nation."""

    document: PolicyDocument
    region: Region | None


def short_title(document):
    """Return the first alias of a document in the reader's language, else its title."""
    is_chinese = active_language() == CHINESE
    aliases = document.aliases_zh if is_chinese else document.aliases_en
    return aliases.partition("\n")[0].strip() or document.title.plain


@dataclass
class FirstMover:
    """Who named a technology first: the nation, and among regions.

    ``regions`` name it, ``dated`` of them in a text with a place in time. ``leaders`` are all
    regions that were first: those whose first text has the day of the first one of all.
    """

    technology: Technology
    national: First | None
    first_regional: First | None
    leaders: list[Region]
    regions: int
    dated: int

    @property
    def first(self):
        """The text that named it first; on one day the national one stands first."""
        both = filter(None, (self.national, self.first_regional))
        return min(both, key=lambda first: first.document.date)

    @property
    def days_after(self):
        """Days from the publication of the first national text to that of the first region.

        Negative where the region led; None without one of the two.
        """
        if not (self.national and self.first_regional):
            return None
        return (self.first_regional.document.date - self.national.document.announced_on()).days

    @property
    def national_title(self):
        return short_title(self.national.document)

    @property
    def days_ahead(self):
        return -self.days_after


def first_movers(scope=ALL):
    """Return a FirstMover for every technology that a dated text in scope names.

    A technology includes those within it.
    """
    found = firsts_at(ContentVersion.stamp(), scope)
    documents = PolicyDocument.objects.in_bulk(
        {pk for firsts in found for pk in (firsts.national, firsts.regional) if pk}
    )
    regions, technologies = public_records(Region), public_records(Technology)
    return [
        FirstMover(
            technologies[firsts.technology],
            First(documents[firsts.national], None) if firsts.national else None,
            First(documents[firsts.regional], regions[firsts.region]) if firsts.regional else None,
            [regions[pk] for pk in firsts.leaders],
            firsts.regions,
            firsts.dated,
        )
        for firsts in found
    ]


def number_first(region):
    """Return how many technologies no region named before this one did."""
    return sum(region.pk in firsts.leaders for firsts in firsts_at(ContentVersion.stamp(), ALL))


@dataclass(frozen=True)
class Firsts:
    """Of a technology, as primary keys: the first national document, the first regional one with
    its region, and all regions that were first; how many regions name it, how many in a dated text.
    """

    technology: int
    national: int | None
    regional: int | None
    region: int | None
    leaders: tuple
    regions: int
    dated: int


@lru_cache(maxsize=4)
def firsts_at(stamp, scope):
    """Return the Firsts of all technologies, worked out once for each state of the content."""
    kind = "technology"
    everything, placed = Texts(scope, placed=False), Texts(scope, placed=True)
    facet = placed.plans.filterset.filters[kind]
    covered, parts = facet.keys_by_value(), {}
    for choice in facet.choices:
        keys = covered[choice.value]
        parts[choice.key] = (
            everything.regional(kind, keys),
            placed.regional(kind, keys),
            first_of(placed.nation.results, placed.national(kind, keys)),
        )
    first_track = {
        key: first_of(placed.plans.results, tracks)
        for key, (_all, tracks, _nation) in parts.items()
    }
    rows = Track.objects.filter(pk__in=filter(None, first_track.values())).values_list(
        "pk", "plan__document", "plan__region", "plan__document__date"
    )
    plan_of = {pk: row for pk, *row in rows}
    on_day = {day: tracks_on(day, scope, stamp) for day in {row[-1] for row in plan_of.values()}}
    found = []
    for key, (named, dated, national) in parts.items():
        document, region, day = plan_of.get(first_track[key]) or (None, None, None)
        if not (document or national):
            continue
        leaders = tuple(placed.plans.by_region(dated & on_day[day])) if document else ()
        numbers = len(everything.plans.by_region(named)), len(placed.plans.by_region(dated))
        found.append(Firsts(key, national, document, region, leaders, *numbers))
    return found


def first_of(results, part):
    """Return the first primary key in time of a part of results that all have a date, or None."""
    return results.first(part, 1, upwards=True)[0] if len(part) else None


def tracks_on(day, scope, stamp):
    """Return the tracks of texts of one day that have a place in time."""
    of_day = {"issued_after": [day.isoformat()], "issued_before": [day.isoformat()]}
    return track_filter(scope.asked_of_tracks() | PLACED | of_day, stamp).results.everything
