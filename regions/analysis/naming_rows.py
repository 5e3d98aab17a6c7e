"""The tracks that name a field, product or technology as rows: the first of them, and how many.

The numbers are those of the list of tracks, which holds all that a page leaves out.
"""

from dataclasses import dataclass

from catalog.models import Region, Technology
from catalog.models.mappings import COUNTED_MATCHES, Match
from futureind.browse.fragments import rendered_rows
from futureind.browse.kept_records import public_records
from regions.filters import track_filter
from regions.models import Track
from regions.naming import MAPPINGS, Namings
from regions.track_rows import TRACK_MAPPINGS

# More than any technology or product has today; and more than any region names in one field.
ROWS_SHOWN = 40
OF_REGION_SHOWN = 16
# Of several mappings of a track the one that says most stands for it.
NEAREST = [match.value for match in Match]


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


class MappingRows:
    """Mappings of tracks to a product, or to a technology and those within it, as rows."""

    row_template = "catalog/_naming_row.html"
    row_name = "mapping"

    def __init__(self, kind, record):
        self.kind, self.record = kind, record
        self.list_name = f"naming {kind} {record.pk}"

    def records_with(self, pks):
        mappings = list(MAPPINGS[self.kind].objects.filter(pk__in=pks))
        tracks = Track.objects.select_related("plan__region", "plan__document", "quotation_source")
        track_of = tracks.prefetch_related(*TRACK_MAPPINGS).in_bulk([m.track_id for m in mappings])
        within = public_records(Technology) if self.kind == "technology" else {}
        for mapping in mappings:
            mapping.track = track_of[mapping.track_id]
            key = getattr(mapping, f"{self.kind}_id")
            mapping.names = None if key == self.record.pk else within.get(key)
        return mappings


def naming_rows(kind, record, matches=()):
    """Return the NamingRows of a product, or of a technology with those within it.

    Parameter: ``matches`` that are asked for; the counted ones where empty.
    """
    namings = Namings(track_filter({"match": matches} if matches else {}))
    tracks = namings.tracks_naming(kind, record.slug)
    shown = namings.results.first(tracks, ROWS_SHOWN)
    keys = namings.filterset.filters[kind].keys_of([record.slug])
    pks = nearest_mappings(kind, record, keys, matches or COUNTED_MATCHES, shown)
    rows = rendered_rows(MappingRows(kind, record), pks, namings.filterset.stamp)
    return NamingRows(rows, len(tracks))


def nearest_mappings(kind, record, keys, matches, tracks):
    """Return the primary keys of one mapping of each track, by region: to the record itself, or
    in the nearest words."""
    mappings = (
        MAPPINGS[kind]
        .objects.filter(**{f"{kind}__in": keys}, match__in=matches, track__in=tracks)
        .order_by(
            *("track__plan__region__code", "track__plan", "track__tier", "track__order", "track")
        )
        .values_list("track", "pk", kind, "match")
    )
    nearest = {}
    for track, pk, key, match in mappings:
        rank = (key != record.pk, NEAREST.index(match), pk)
        nearest[track] = min(rank, nearest.get(track, rank))
    return [pk for _is_within, _match, pk in nearest.values()]


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
    namings = Namings(track_filter({"field": [field.slug]}))
    sets = {pk: found for pk, found in namings.of_region.items() if len(found)}
    by_code = [pk for pk in public_records(Region) if pk in sets]
    rows = RegionRows(field, namings.results, sets)
    return rendered_rows(rows, by_code, namings.filterset.stamp)
