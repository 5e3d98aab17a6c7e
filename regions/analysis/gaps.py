"""Who has no track, and what supports saying so: "not named" and "nobody looked" are two facts.

A region stands by itself, a province without its cities; a technology includes those within it. A
thing is named where a track is mapped to it as exact, broader or narrower.
"""

from dataclasses import dataclass

from catalog.models import IndustryField, SymbolicProduct, Technology
from regions.counts import READINGS, Standing, standings
from regions.filters import track_filter

# In the order of a page: the fields, the products, the technologies.
KINDS = {"field": IndustryField, "product": SymbolicProduct, "technology": Technology}
STATES = ("named", *READINGS)


@dataclass(frozen=True)
class Place:
    """A region before one thing: how many of its tracks name it, and how far it was read."""

    standing: Standing
    tracks: int

    @property
    def state(self):
        """``named``, else how far the region was read (``read`` is: not named)."""
        return "named" if self.tracks else self.standing.reading


@dataclass(frozen=True)
class Gap:
    """A thing that a region does not name, and how many other regions do."""

    kind: str
    record: object
    regions: int


@dataclass(frozen=True)
class Overview:
    """A field or product, and how many regions stand in which state before it."""

    kind: str
    record: object
    numbers: dict[str, int]


class NamedThings:
    """The tracks of every region and of every thing as sets, read once for one answer."""

    def __init__(self):
        self.filterset = track_filter()
        self.results = self.filterset.results
        self.standings = standings(with_cities=False)
        region = self.filterset.filters["region"]
        self.of_region = {
            standing.region.pk: self.results.having(region, [standing.region.pk])
            for standing in self.standings
            if standing.tracks
        }

    def things(self, kind):
        """Yield ``(primary key, tracks that name it)`` of every thing of a kind."""
        facet = self.filterset.filters[kind]
        covered = facet.keys_by_value()
        for choice in facet.choices:
            yield choice.key, self.results.having(facet, covered[choice.value])

    def naming(self, kind, slug):
        """Return the tracks that name one thing."""
        facet = self.filterset.filters[kind]
        return self.results.having(facet, facet.keys_of([slug]))

    def places(self, tracks):
        """Return the Place of every region before a thing that these tracks name."""
        return [
            Place(standing, len(self.of_region[standing.region.pk] & tracks))
            if standing.tracks
            else Place(standing, 0)
            for standing in self.standings
        ]


def places_before(kind, slug):
    """Return ``{state: its Places}`` of all regions before one field, product or technology."""
    naming = NamedThings()
    found = {state: [] for state in STATES}
    for place in naming.places(naming.naming(kind, slug)):
        found[place.state].append(place)
    return found


def gaps_of(region):
    """Return the region's Standing and the Gaps of everything it does not name.

    What most other regions name stands first within each kind.
    """
    naming = NamedThings()
    own = next(standing for standing in naming.standings if standing.region.pk == region.pk)
    found = []
    for kind, model in KINDS.items():
        records = model.objects.public().in_bulk()
        gaps = []
        for pk, tracks in naming.things(kind):
            named_by = {at for at, theirs in naming.of_region.items() if len(theirs & tracks)}
            if region.pk not in named_by and pk in records:
                gaps.append(Gap(kind, records[pk], len(named_by)))
        found += sorted(gaps, key=lambda gap: -gap.regions)
    return own, found


def overview():
    """Return an Overview of each field and product."""
    naming = NamedThings()
    found = []
    for kind in ("field", "product"):
        records = KINDS[kind].objects.public().in_bulk()
        for pk, tracks in naming.things(kind):
            states = [place.state for place in naming.places(tracks)]
            found.append(
                Overview(kind, records[pk], {state: states.count(state) for state in STATES})
            )
    return found
