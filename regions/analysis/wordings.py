"""What the sides of a comparison call a thing: the nearest words for a page, all for files."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from catalog.models.mappings import COUNTED_MATCHES
from futureind.core.bilingual import BilingualText, bilingual_text
from regions.filters import track_filter
from regions.models import Track
from regions.naming import MAPPINGS, NEAREST, PLACED, Namings

# Of each side, in files: tracks of a concept. The linked lists hold the rest.
WORDINGS_SHOWN = {"field": 16, "technology": 4, "product": 4}


@dataclass(frozen=True)
class Words:
    """How a side names a thing: a track in the nearest words, the earliest of these.

    ``first`` is the day of the first dated text that names it, in whatever words; ``has_ended``,
    whether all texts that name it held once and hold no more.
    """

    slug: str
    name: BilingualText
    confidence: str
    match: str
    is_same: bool
    first: date | None
    has_ended: bool


def add_words(comparison):
    """Give the technologies and products of a comparison the Words of each side, for its page."""
    nearest = NearestTracks(comparison.filterset)
    cells = [
        (kind, concept.record, wordings)
        for kind, concept in comparison.concepts()
        if kind != "field"
        for wordings in concept.wordings
        if wordings.number
    ]
    found = [nearest.of(kind, record.pk, wordings.tracks) for kind, record, wordings in cells]
    tracks = tracks_by_key({pk for _match, near, first in found for pk in (near, first) if pk})
    for (_kind, record, wordings), (match, near, first) in zip(cells, found, strict=True):
        slug, name_en, name_zh, confidence, _day = tracks[near]
        name = bilingual_text(name_en, name_zh)
        wordings.words = Words(
            slug,
            name,
            confidence,
            match,
            name.plain.casefold() == record.name.plain.casefold(),
            tracks[first][-1] if first else None,
            not len(wordings.tracks - nearest.ended),
        )


def tracks_by_key(keys):
    """Return ``{key: (slug, names, confidence, day)}`` of tracks."""
    columns = ("slug", "name_en", "name_zh", "confidence", "plan__document__date")
    rows = Track.objects.filter(pk__in=keys).values_list("pk", *columns)
    return {pk: row for pk, *row in rows}


class NearestTracks:
    """Of sets of tracks that name a thing, the nearest in words, and the first in time."""

    def __init__(self, filterset):
        self.results = filterset.results
        asked, stamp = dict(filterset.data.lists()), filterset.stamp
        matches = filterset.form.cleaned_data.get("match") or COUNTED_MATCHES
        self.in_words = [
            (match, Namings(track_filter(asked | {"match": [match]}, stamp), alone=True))
            for match in NEAREST
            if match in matches
        ]
        self.dated = track_filter(asked | PLACED, stamp).results.everything
        self.ended = ended_tracks(asked, stamp)

    def of(self, kind, key, tracks):
        """Return ``(match, pk of the nearest track, pk of the first dated one or None)``."""
        match, near = self._nearest(kind, key, tracks)
        return match, self._first(near), self._first(tracks, only_dated=True)

    def _nearest(self, kind, key, tracks):
        for match, namings in self.in_words:
            near = tracks & namings.tracks_of(kind, key)
            if len(near):
                return match, near
        raise LookupError(key)

    def _first(self, tracks, *, only_dated=False):
        dated = tracks & self.dated
        if len(dated):
            return self.results.first(dated, 1, upwards=True)[0]
        return None if only_dated else self.results.first(tracks, 1)[0]


def ended_tracks(asked, stamp):
    """Return the tracks of texts that held once and hold no more today."""
    today = timezone.localdate()
    placed = track_filter(asked | PLACED | {"issued_before": [today.isoformat()]}, stamp).results
    in_force = track_filter({"in_force_on": [today.isoformat()]}, stamp).results.everything
    later = Track.objects.filter(plan__document__effective_date__gt=today)
    not_yet = placed.among(later.values_list("pk", flat=True))
    return placed.everything - in_force - not_yet


# For files


def add_wordings(comparison):
    """Give every concept of a comparison the first tracks of each side with their mappings."""
    results = comparison.filterset.results
    shown = {}
    for kind, concept in comparison.concepts():
        for wordings in concept.wordings:
            if wordings.number:
                first = results.first(wordings.tracks, WORDINGS_SHOWN[kind])
                shown.setdefault(kind, []).append((concept.record.pk, wordings, first))
    for kind, cells in shown.items():
        tracks = {pk for _key, _wordings, first in cells for pk in first}
        facet = comparison.filterset.filters[kind]
        mappings = mappings_of(kind, tracks, facet)
        for key, wordings, first in cells:
            wordings.shown = [mappings[pk, key] for pk in first if (pk, key) in mappings]


def mappings_of(kind, tracks, facet):
    """Return ``{(track pk, key): mapping with its track}`` of the mappings that numbers count."""
    condition = {} if kind == "field" else {"match__in": facet.matches}
    rows = MAPPINGS[kind].objects.filter(track__in=tracks, **condition)
    columns = ("slug", "name_en", "name_zh", "tier", "confidence")
    track_of = Track.objects.only(*columns).in_bulk(tracks)
    found = {}
    for row in rows:
        row.track = track_of[row.track_id]
        found[row.track_id, getattr(row, f"{kind}_id")] = row
    return found
