"""Which tracks name a field, product or technology: numbers of all, and the first of them as rows.

The numbers are those of the list of tracks, which holds all that a page leaves out.
"""

from dataclasses import dataclass

from catalog.facets import Alone
from catalog.models import Region
from catalog.models.mappings import COUNTED_MATCHES
from futureind.browse.fragments import rendered_rows
from futureind.browse.kept_records import public_records
from regions.filters import track_filter
from regions.models import Track
from regions.naming import MAPPINGS
from regions.track_rows import TRACK_MAPPINGS

# More than any technology or product has today; and more than any region names in one field.
ROWS_SHOWN = 40
OF_REGION_SHOWN = 16


@dataclass(frozen=True)
class NamingRows:
    """How many tracks name a thing by some matches, and the first of them as rows of HTML.

    ``rows`` are by region; where not all are shown they are those of the newest plans.
    """

    rows: list
    number: int

    def __len__(self):
        return self.number

    @property
    def is_cut(self):
        return len(self.rows) < self.number


@dataclass(frozen=True)
class Naming:
    """The tracks that name a thing in counted wordings, those merely related, and numbers."""

    counted: NamingRows
    related: NamingRows
    regions: int
    exact: int


class MappingRows:
    """Mappings of tracks to one kind of thing, as rows of a table."""

    row_template = "catalog/_naming_row.html"
    row_name = "mapping"

    def __init__(self, kind):
        self.kind = kind
        self.list_name = f"naming {kind}"

    def records_with(self, pks):
        mappings = list(MAPPINGS[self.kind].objects.filter(pk__in=pks))
        tracks = Track.objects.select_related("plan__region", "plan__document")
        track_of = tracks.prefetch_related(*TRACK_MAPPINGS).in_bulk([m.track_id for m in mappings])
        for mapping in mappings:
            mapping.track = track_of[mapping.track_id]
        return mappings


def naming_of(kind, record):
    """Return the Naming of a product or technology, of a technology by itself.

    Parameter: ``kind``, ``product`` or ``technology``.
    """
    asked = {kind: [record.slug], "alone": Alone.values}
    filterset = track_filter(asked)
    regions = filterset.results.facet_counts(filterset.filters["region"])
    return Naming(
        naming_rows(kind, record, filterset, COUNTED_MATCHES),
        naming_rows(kind, record, track_filter(asked | {"match": ["related"]}), ["related"]),
        sum(1 for number in regions.values() if number),
        track_filter(asked | {"match": ["exact"]}).results.count(),
    )


def naming_rows(kind, record, filterset, matches):
    results = filterset.results
    mappings = (
        MAPPINGS[kind]
        .objects.filter(**{kind: record}, match__in=matches, track__in=results.pks(0, ROWS_SHOWN))
        .order_by(
            *("track__plan__region__code", "track__plan", "track__tier", "track__order", "track")
        )
        .values_list("pk", flat=True)
    )
    rows = rendered_rows(MappingRows(kind), list(mappings), filterset.stamp)
    return NamingRows(rows, results.count())


class RegionRows:
    """Regions, each with its first tracks in a field.

    Parameters: ``field``; ``results`` of the list of tracks; ``sets``, ``{region pk: its tracks
    in the field}``.
    """

    row_template = "regions/_tracks_of_region.html"
    row_name = "region"

    def __init__(self, field, results, sets):
        self.field = field
        self.results = results
        self.sets = sets
        self.list_name = f"field {field.pk}"

    def records_with(self, pks):
        first = {pk: self.results.first(self.sets[pk], OF_REGION_SHOWN) for pk in pks}
        wanted = [pk for found in first.values() for pk in found]
        tracks = Track.objects.only("slug", "name_en", "name_zh", "confidence").in_bulk(wanted)
        regions = Region.objects.in_bulk(pks)
        for pk in pks:
            region = regions[pk]
            region.field = self.field
            region.number = len(self.sets[pk])
            region.tracks = [tracks[found] for found in first[pk]]
        return list(regions.values())


def tracks_by_region(field):
    """Return the rows of the regions that name tracks in a field, as HTML, by code."""
    filterset = track_filter({"field": [field.slug]})
    results, facet = filterset.results, filterset.filters["region"]
    sets = {choice.key: results.having(facet, [choice.key]) for choice in facet.choices}
    sets = {pk: found for pk, found in sets.items() if len(found)}
    by_code = [pk for pk in public_records(Region) if pk in sets]
    return rendered_rows(RegionRows(field, results, sets), by_code, filterset.stamp)
