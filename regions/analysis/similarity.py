"""How alike regions are in what their plans name, and what those most alike name besides.

The measure is Jaccard's: of the technologies that either of two names, the share that both name. A
technology counts by itself where a track is mapped to it as exact, broader or narrower.
"""

from dataclasses import dataclass
from functools import lru_cache

from catalog.models import Region, Technology
from futureind.browse.kept_records import public_records
from futureind.publishing.models.content_version import ContentVersion
from regions.naming import Namings
from regions.profile import ENOUGH

# So many regions are called the peers of one.
PEERS = 5
# A technology is what peers chose where so many of them name it.
PEERS_THAT_CHOSE = 2


@dataclass(frozen=True)
class Similarity:
    """How many technologies two name both, and how many either of them names."""

    shared: int
    either: int

    @property
    def percent(self):
        """The share as a whole per cent, None where neither names any."""
        return round(100 * self.shared / self.either) if self.either else None

    @property
    def share(self):
        return self.shared / self.either if self.either else 0


def similarity(first, second):
    """Return the Similarity of two sets of technologies."""
    return Similarity(len(first & second), len(first | second))


def profiles():
    """Return ``{region pk: technologies that its tracks name, as a frozenset of pks}``.

    A city stands by itself, a province without its cities. Regions that name none are left out.
    """
    return profiles_at(ContentVersion.stamp())


@lru_cache(maxsize=2)
def profiles_at(stamp):
    namings = Namings(alone=True)
    technologies = namings.of_things("technology")
    found = {}
    for region, tracks in namings.of_region.items():
        named = frozenset(pk for pk, naming in technologies.items() if len(tracks & naming))
        if named:
            found[region] = named
    return found


@dataclass(frozen=True)
class Peer:
    region: Region
    similarity: Similarity


@dataclass(frozen=True)
class Peers:
    """The regions most like one, and what they chose that it did not."""

    peers: list[Peer]
    # [(Technology, the peers that name it), …], what most of them name first
    chosen: list[tuple]


def nearest(region_pk, found, number=PEERS):
    """Return ``[(pk, Similarity), …]``: the regions most like one, the most alike first.

    Parameter: ``found``, the profiles of all regions. Who shares nothing is no peer.
    """
    own = found.get(region_pk, frozenset())
    others = [(pk, similarity(own, named)) for pk, named in found.items() if pk != region_pk]
    others = [(pk, alike) for pk, alike in others if alike.shared]
    return sorted(others, key=lambda item: (-item[1].share, -item[1].shared, item[0]))[:number]


def missing_from(own, peers):
    """Return ``{technology pk: how many peers name it}`` of what is not in ``own``.

    Parameter: ``peers``, their sets of technologies.
    """
    numbers = {}
    for named in peers:
        for pk in named - own:
            numbers[pk] = numbers.get(pk, 0) + 1
    return {pk: number for pk, number in numbers.items() if number >= PEERS_THAT_CHOSE}


def with_those_above(pks, technologies):
    """Return the primary keys of technologies and of all that these stand within."""
    found = set()
    for pk in pks:
        while pk in technologies and pk not in found:
            found.add(pk)
            pk = technologies[pk].parent_id
    return found


def peers_of(region):
    """Return the Peers of a region, none where it or they name too little for a share."""
    found = {pk: named for pk, named in profiles().items() if len(named) >= ENOUGH}
    near = nearest(region.pk, found) if region.pk in found else []
    regions, technologies = public_records(Region), public_records(Technology)
    # What is named by something within it is not missing.
    own = with_those_above(found.get(region.pk, frozenset()), technologies)
    missing = missing_from(own, [found[pk] for pk, _ in near])
    # Of one number by name, in which order they come.
    by_number = sorted(
        (technology for pk, technology in technologies.items() if pk in missing),
        key=lambda technology: -missing[technology.pk],
    )
    return Peers(
        [Peer(regions[pk], alike) for pk, alike in near if pk in regions],
        [
            (
                technology,
                [regions[pk] for pk, _ in near if technology.pk in found[pk] and pk in regions],
            )
            for technology in by_number
        ],
    )
