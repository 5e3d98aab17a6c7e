"""Who names a thing: one definition, from which every page, map and file takes its numbers.

A region names a field, product or technology where a track of one of its public plans is mapped
to it in the same, broader or narrower words; a track that is merely related names nothing. All
plans on record count, the ended and the undated too, unless a list of some of them is asked.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models.documents import LegalStatus
from catalog.models.mappings import Match
from futureind.browse.facets import Facet
from futureind.browse.filters import EARLIEST
from futureind.publishing.models.content_version import ContentVersion
from regions.filters import track_filter
from regions.models import (
    Track,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)

MAPPINGS = {
    "field": TrackFieldMapping,
    "product": TrackProductMapping,
    "technology": TrackTechnologyMapping,
}

# What the matrix calls a kind above its columns; "" is what it shows unasked.
COLUMNS = {"field": "", "product": "products", "technology": "technologies"}

# The nearest words first.
NEAREST = [match.value for match in Match]

# What puts a text in its place among others: a date, and that it is not out for consultation.
PLACED = {
    "status": [status.value for status in LegalStatus if status != LegalStatus.CONSULTATION],
    "issued_after": [EARLIEST.isoformat()],
}


class Namings:
    """The tracks of every region, and of every thing, of a list of tracks: sets, read once.

    Parameters: ``filterset``, the list under what is asked of it, all of it where None;
    ``with_cities``, whether a province has its cities' tracks too, or each stands apart;
    ``alone``, whether a technology is named without those within it.
    """

    def __init__(self, filterset=None, *, with_cities=False, alone=False):
        self.filterset = filterset or track_filter()
        self.results = self.filterset.results
        self.with_cities, self.alone = with_cities, alone

    def in_words(self, kind):
        """Return in words how regions, and things of a kind, are counted."""
        words = [_("cities with their province") if self.with_cities else _("cities apart")]
        if kind == "technology":
            alone, within = _("each technology by itself"), _("technologies with those within them")
            words.append(alone if self.alone else within)
        return _("; ").join(words)

    @cached_property
    def of_region(self):
        """``{primary key: its tracks}`` of every public region."""
        return self._sets("region", beneath=self.with_cities)

    def of_things(self, kind):
        """Return ``{primary key: the tracks that name it}`` of every public thing of a kind."""
        return self._sets(kind, beneath=not self.alone)

    def tracks_of(self, kind, key):
        """Return the tracks that name the thing with a primary key, by itself."""
        return self.results.having(self.filterset.filters[kind], [key])

    def tracks_naming(self, kind, slug):
        """Return the tracks that name one thing, a technology with those within it."""
        facet = self.filterset.filters[kind]
        return self.results.having(facet, facet.keys_of([slug]))

    def _sets(self, name, *, beneath):
        facet = self.filterset.filters[name]
        covered = facet.keys_by_value() if beneath else Facet.keys_by_value(facet)
        return {
            choice.key: self.results.having(facet, covered[choice.value])
            for choice in facet.choices
        }

    def by_region(self, tracks):
        """Return ``{region pk: how many of these tracks it has}`` of the regions with any."""
        return {pk: len(part) for pk, part in self.parts(tracks).items()}

    def parts(self, tracks):
        """Return ``{region pk: those of these tracks that it has}`` of the regions with any."""
        parts = {pk: own & tracks for pk, own in self.of_region.items()}
        return {pk: part for pk, part in parts.items() if len(part)}


@dataclass(frozen=True)
class Naming:
    """Who names one thing, of all plans on record: cities apart, with what is within it.

    ``by_region`` is ``{region pk: how many of its tracks name it}``. Of these regions ``in_force``
    name it in a plan in force on ``day``, and ``dated`` in one with a place in time. Of the tracks
    ``exact`` name it in the same words.
    """

    kind: str
    slug: str
    day: date
    by_region: dict
    in_force: int
    dated: int
    tracks: int
    exact: int

    @property
    def regions(self):
        return len(self.by_region)

    @property
    def not_in_force(self):
        return self.regions - self.in_force

    @property
    def columns(self):
        return COLUMNS[self.kind]

    @property
    def in_words(self):
        """The numbers of regions and what they count, in one line."""
        number = self.regions
        regions = ngettext(
            "%(n)s region names it, cities apart", "%(n)s regions name it, cities apart", number
        ) % {"n": number}
        if not number:
            return regions
        rest = _("%(in_force)s in force today, %(dated)s dated")
        return f"{regions}{_('; ')}{rest % {'in_force': self.in_force, 'dated': self.dated}}"


class OnRecord(Namings):
    """All tracks on record, and which of them are in force on a day, dated, in the same words."""

    def __init__(self, day=None):
        super().__init__()
        self.day = day or timezone.localdate()
        self.in_force = self._under({"in_force_on": [self.day.isoformat()]}).results.everything
        self.dated = self._under(PLACED).results.everything
        self.exact = Namings(self._under({"match": [Match.EXACT.value]}))

    def _under(self, asked):
        return track_filter(asked, self.filterset.stamp)

    def by_itself(self, kind, slug):
        """Return the tracks that name one thing, a technology without those within it."""
        facet = self.filterset.filters[kind]
        return self.results.having(facet, Facet.keys_by_value(facet).get(slug, ()))

    def naming(self, kind, slug):
        """Return the Naming of one public thing."""
        tracks, exact = (n.tracks_naming(kind, slug) for n in (self, self.exact))
        return self._naming(kind, slug, tracks, exact)

    def namings(self, kind):
        """Return ``{primary key: Naming}`` of every public thing of a kind."""
        exact = self.exact.of_things(kind)
        slugs = {choice.key: choice.value for choice in self.filterset.filters[kind].choices}
        return {
            pk: self._naming(kind, slugs[pk], tracks, exact[pk])
            for pk, tracks in self.of_things(kind).items()
        }

    def _naming(self, kind, slug, tracks, exact):
        parts = self.parts(tracks)
        by_region = {pk: len(part) for pk, part in parts.items()}
        in_force, dated = (
            sum(1 for part in parts.values() if len(part & some))
            for some in (self.in_force, self.dated)
        )
        return Naming(kind, slug, self.day, by_region, in_force, dated, len(tracks), len(exact))


def namings(kind):
    """Return ``{primary key: Naming}`` of every public thing of a kind, counted once a day."""
    return namings_at(ContentVersion.stamp(), timezone.localdate(), kind)


@lru_cache(maxsize=6)
def namings_at(stamp, day, kind):
    return OnRecord(day).namings(kind)


def places_of(tracks):
    """Return ``{track pk: (its region, the day of its text)}``."""
    rows = Track.objects.filter(pk__in=tracks).order_by()
    places = rows.values_list("pk", "plan__region", "plan__document__date")
    return {pk: (region, day) for pk, region, day in places}
