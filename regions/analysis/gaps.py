"""Who has no track, and what supports saying so: "not named" and "nobody looked" are two facts.

A region stands by itself, a province without its cities; a technology includes those within it. A
thing is named where a track is mapped to it as exact, broader or narrower.
"""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from catalog.models import IndustryField, SymbolicProduct, Technology
from futureind.browse.kept_records import public_records
from regions.counts import READINGS, Standing, standing_of, standings
from regions.naming import namings

# In the order of a page: the fields, the products, the technologies.
KINDS = {"field": IndustryField, "product": SymbolicProduct, "technology": Technology}
WORDS = {
    "field": _("field"),
    "product": _("landmark product"),
    "technology": _("technology"),
}
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

    @property
    def label(self):
        return WORDS[self.kind]


@dataclass(frozen=True)
class Overview:
    """A field or product, and how many regions stand in which state before it."""

    kind: str
    record: object
    numbers: dict[str, int]


def places(naming):
    """Return the Place of every region before the thing of a Naming."""
    return [
        Place(standing, naming.by_region.get(standing.region.pk, 0))
        for standing in standings(with_cities=False)
    ]


def places_before(kind, record):
    """Return ``{state: its Places}`` of all regions before one field, product or technology."""
    found = {state: [] for state in STATES}
    for place in places(namings(kind)[record.pk]):
        found[place.state].append(place)
    return found


def gaps_of(region):
    """Return the region's Standing and the Gaps of everything it does not name.

    What most other regions name stands first within each kind.
    """
    found = []
    for kind, model in KINDS.items():
        numbers = namings(kind)
        gaps = [
            Gap(kind, record, numbers[pk].regions)
            for pk, record in public_records(model).items()
            if pk in numbers and region.pk not in numbers[pk].by_region
        ]
        found += sorted(gaps, key=lambda gap: -gap.regions)
    return standing_of(region), found


def number_of_things():
    """Return how many fields, products and technologies a region could name."""
    return sum(len(namings(kind)) for kind in KINDS)


def overview():
    """Return an Overview of each field and product."""
    found = []
    for kind in ("field", "product"):
        numbers = namings(kind)
        for pk, record in public_records(KINDS[kind]).items():
            if pk in numbers:
                states = Counter(place.state for place in places(numbers[pk]))
                found.append(Overview(kind, record, {state: states[state] for state in STATES}))
    return found
