"""The tracks that name a field, product or technology as rows: the first of them, and how many.

The numbers are those of the list of tracks, which holds all that a page leaves out.
"""

from dataclasses import dataclass

from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone

from catalog.models import Technology
from catalog.models.mappings import COUNTED_MATCHES
from futureind.browse.addresses import list_address
from futureind.browse.fragments import rendered_rows
from futureind.browse.kept_records import public_records
from futureind.publishing.models.content_version import ContentVersion
from regions.filters import RegionalPlanFilter, TrackFilter, track_filter
from regions.models import Track
from regions.naming import MAPPINGS, NEAREST, Namings
from regions.spread import RegionLine
from regions.tracks.rows import TRACK_MAPPINGS

# More than any technology or product has today.
ROWS_SHOWN = 40


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


class LineRows:
    """Regions that name a thing as rows of a table, each with the words of its first track.

    Parameter: ``lines``, the RegionLines of a Spread.
    """

    row_name = "row"

    def __init__(self, kind, record, lines):
        self.kind, self.record = kind, record
        self.line_of = {line.region.pk: line for line in lines}
        # How many plans are in force is another question each day.
        self.list_name = "who names", kind, record.pk, timezone.localdate()

    @property
    def row_template(self):
        return f"catalog/_{'field' if self.kind == 'field' else 'subject'}_line.html"

    def records_with(self, pks):
        lines = [self.line_of[pk] for pk in pks]
        words = {} if self.kind == "field" else self.words_of([line.track for line in lines])
        return [Line(self.kind, self.record, line, words.get(line.track)) for line in lines]

    def words_of(self, tracks):
        """Return ``{track pk: its mapping}``, in the nearest words."""
        keys = track_filter().filters[self.kind].keys_of([self.record.slug])
        pks = nearest_mappings(self.kind, self.record, keys, COUNTED_MATCHES, tracks)
        mappings = MappingRows(self.kind, self.record).records_with(pks)
        return {mapping.track_id: mapping for mapping in mappings}


@dataclass(frozen=True)
class Line:
    """A RegionLine with what it names and, but of a field, the ``mapping`` with its words."""

    kind: str
    record: Model
    of: RegionLine
    mapping: Model | None

    @property
    def pk(self):
        return self.of.region.pk

    @property
    def plans_address(self):
        return list_address("plan-list", RegionalPlanFilter, self.asked)

    @property
    def tracks_address(self):
        return list_address("track-list", TrackFilter, self.asked)

    @property
    def asked(self):
        """The parameters of a list that leave what names the thing in this region."""
        query = QueryDict(mutable=True)
        query.update(
            {self.kind: self.record.slug, "region": self.of.region.slug, "alone": "region"}
        )
        return query


def line_rows(kind, record, spread):
    """Return the rows of the regions that name a thing, as HTML, in the order of the Spread."""
    rows = LineRows(kind, record, spread.lines)
    return rendered_rows(rows, list(rows.line_of), ContentVersion.stamp())
