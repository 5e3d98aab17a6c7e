"""The index in memory: a stored snapshot, overlaid with the entries that are newer."""

import logging
import threading
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from pyroaring import BitMap

from futureind.publishing.models.content_version import ContentVersion
from futureind.search import segments
from futureind.search.entries import SearchEntry, definition_of_kind
from futureind.search.snapshots import SearchSnapshot, load_snapshot, newest_snapshot

logger = logging.getLogger(__name__)

# How many results an index caches: those of facet options and of plain SQL.
QUESTIONS_KEPT = 5000


@dataclass(frozen=True)
class Hits:
    """A set of records of a kind: their ranks in the snapshot and among the newer entries."""

    stored: BitMap
    newer: BitMap

    def __and__(self, other):
        return Hits(self.stored & other.stored, self.newer & other.newer)

    def __or__(self, other):
        return Hits(self.stored | other.stored, self.newer | other.newer)

    def __sub__(self, other):
        return Hits(self.stored - other.stored, self.newer - other.newer)

    def __len__(self):
        return len(self.stored) + len(self.newer)

    def common(self, other):
        """Return how many records are in both, without making the set of them."""
        stored = self.stored.intersection_cardinality(other.stored)
        # Counted for hundreds of options, and mostly there is nothing newer.
        return stored + self.newer.intersection_cardinality(other.newer) if self.newer else stored


class KindIndex:
    """The index of one kind of records, immutable: after a change a new one replaces it."""

    def __init__(self, stamp, stored, newer, outdated):
        self.stamp = stamp
        self._parts = (stored, newer)
        # Records of the snapshot that were changed or removed after it.
        self._outdated = outdated
        self.everything = self._hits(lambda segment: segment.everything)
        # Where each newer record stands among those of the snapshot.
        self._places = [stored.place_of(newer.orders[rank]) for rank in range(len(newer.pks))]
        self._kept = {}

    def _hits(self, read):
        stored, newer = self._parts
        return Hits(read(stored) - self._outdated, BitMap(read(newer)))

    def values(self, pairs: Iterable):
        """Return the records that have any of the ``(group, value)`` pairs."""
        pairs = tuple(pairs)
        return self.kept(pairs, lambda: self._any_of(pairs))

    def _any_of(self, pairs):
        return self._hits(
            lambda segment: BitMap.union(
                segments.EMPTY, *(segment.value(group, value) for group, value in pairs)
            )
        )

    def kept(self, question, answer):
        """Return ``answer()``, computed once for each question while the content stays the same."""
        found = self._kept.get(question)
        if found is None:
            found = answer()
            if len(self._kept) < QUESTIONS_KEPT:
                self._kept[question] = found
        return found

    def term(self, term):
        """Return the records that hold a text term (with the prefix of its zone)."""
        return self._hits(lambda segment: segment.posting(term))

    def records(self, pks):
        """Return the records with these primary keys."""
        pks = list(pks)
        return self._hits(lambda segment: segment.ranks_of(pks))

    def between(self, first, last):
        """Return the records whose order begins with a number from ``first`` to ``last``."""
        return self._hits(lambda segment: segment.between(first, last))

    def slice(self, hits, start, stop, *, upwards=False, last=None):
        """Return the primary keys of a part of the hits in the list's own order.

        Parameters: ``start`` and ``stop``, positions from 0; ``upwards``, from the other end;
        ``last``, the first number of the order of records that stand last both ways (undated).
        """
        total = len(hits)
        turn = len(hits & self.between(last, last)) if upwards and last is not None else 0
        places = self._newer_places(hits)
        found = []
        for position in range(start, min(stop, total)):
            rank = (position + turn) % total if upwards else total - 1 - position
            found.append(self._nth(hits, places, rank))
        return found

    def _newer_places(self, hits):
        """Return ``[(position among all hits, rank), …]`` of the newer hits, ascending."""
        return [
            (self._before(hits.stored, self._places[rank]) + position, rank)
            for position, rank in enumerate(hits.newer)
        ]

    @staticmethod
    def _before(bitmap, place):
        return bitmap.rank(place - 1) if place else 0

    def _nth(self, hits, places, position):
        stored, newer = self._parts
        passed = bisect_left(places, (position, -1))
        if passed < len(places) and places[passed][0] == position:
            return newer.pks[places[passed][1]]
        return stored.pks[hits.stored[position - passed]]


_indexes = {}
# The segment of each kind's snapshot, which stays the same through many changes.
_stored = {}
_loading = threading.Lock()


def index_for(kind, stamp=None):
    """Return the KindIndex of the content as it is now, None where nothing is indexed.

    Costs one query while nothing changes (none where the caller read the ``stamp`` of the
    content); after a change the newer entries are read and laid over the snapshot.
    """
    stamp = stamp or ContentVersion.stamp()
    index = _indexes.get(kind)
    if index is not None and index.stamp == stamp:
        return index
    with _loading:
        index = _indexes.get(kind)
        if index is None or index.stamp != stamp:
            index = _indexes[kind] = load(kind, stamp)
    return index


def number_of_public(model):
    """Return how many records of a model are public."""
    index = index_for(model.index_kind)
    return model.objects.public().count() if index is None else len(index.everything)


def stored_segment(kind, found):
    """Return the segment of a kind's snapshot, read once for as long as it is the newest.

    None where the snapshot was stored by another version of this code.
    """
    if found is None:
        return segments.segment_in_memory([])
    known, segment = _stored.get(kind, (None, None))
    if known != found:
        try:
            segment = load_snapshot(found[0])
        except (KeyError, TypeError, ValueError) as error:
            text = "The snapshot of %s cannot be read (%r). Run rebuild_search."
            logger.error(text, kind, error)
            segment = None
        _stored[kind] = (found, segment)
    return segment


def load(kind, stamp):
    """Return the KindIndex of a kind from the database.

    None where it has no entry, where its snapshot cannot be read, or where entries were made by
    other code, which may lack a facet: plain SQL answers until they are made anew.
    """
    found = newest_snapshot(kind)
    version = found[1] if found else -1
    newer = list(SearchEntry.objects.filter(kind=kind, version__gt=version))
    if not found and not newer:
        return None
    definitions = {entry.definition for entry in newer} | ({found[2]} if found else set())
    if definitions != {definition_of_kind(kind)}:
        return None
    try:
        stored = stored_segment(kind, found)
    except SearchSnapshot.DoesNotExist:
        # A newer one has just taken its place.
        return load(kind, stamp)
    if stored is None:
        return None
    outdated = stored.ranks_of([entry.object_id for entry in newer])
    laid_over = segments.segment_in_memory([entry for entry in newer if not entry.removed])
    return KindIndex(stamp, stored, laid_over, outdated)
