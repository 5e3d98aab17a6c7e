"""Who names a thing: one definition, from which every page, map and file takes its numbers.

A region names a field, product or technology where a track of one of its public plans is mapped
to it in the same, broader or narrower words; a track that is merely related names nothing. All
plans on record count, the ended and the undated too, unless a list of some of them is asked.
"""

from functools import cached_property

from catalog.models.mappings import COUNTED_MATCHES
from futureind.browse.facets import Facet
from regions.filters import track_filter
from regions.models import TrackFieldMapping, TrackProductMapping, TrackTechnologyMapping

MAPPINGS = {
    "field": TrackFieldMapping,
    "product": TrackProductMapping,
    "technology": TrackTechnologyMapping,
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

    @cached_property
    def of_region(self):
        """``{primary key: its tracks}`` of every public region."""
        return self._sets("region", beneath=self.with_cities)

    def of_things(self, kind):
        """Return ``{primary key: the tracks that name it}`` of every public thing of a kind."""
        return self._sets(kind, beneath=not self.alone)

    def _sets(self, name, *, beneath):
        facet = self.filterset.filters[name]
        covered = facet.keys_by_value() if beneath else Facet.keys_by_value(facet)
        return {
            choice.key: self.results.having(facet, covered[choice.value])
            for choice in facet.choices
        }

    def by_region(self, tracks):
        """Return ``{region pk: how many of these tracks it has}`` of the regions with any."""
        numbers = {pk: len(own & tracks) for pk, own in self.of_region.items()}
        return {pk: number for pk, number in numbers.items() if number}


def plans_naming(kind, keys):
    """Return ``{key: primary keys of the plans that name it}`` of things of a kind, drafts too."""
    rows = MAPPINGS[kind].objects.filter(**{f"{kind}__in": keys})
    if kind != "field":
        rows = rows.filter(match__in=COUNTED_MATCHES)
    found = {}
    for key, plan in rows.order_by().values_list(f"{kind}_id", "track__plan_id").distinct():
        found.setdefault(key, set()).add(plan)
    return found
