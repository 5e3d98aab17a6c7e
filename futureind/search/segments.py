"""An immutable part of the index: records numbered in list order, and a bitmap for each value.

A filter value and a word are the same thing: a set of records. A segment holds them as compressed
bitmaps of the records' ranks; the record of rank 0 stands last in the list's own order.
"""

import json
from array import array
from bisect import bisect_left
from collections import defaultdict

from pyroaring import BitMap

from futureind.search.text import name_key

# Prefixes of text terms: whole names, whole aliases, terms of titles; those of the whole text have
# none.
NAME, ALIAS, TITLE = "=", "~", "^"
EMPTY = BitMap()
# So many primary keys are no longer looked up one by one.
MANY = 20_000


def compact(numbers):
    """Return whole numbers as an array of the smallest items that hold them all."""
    numbers = array("q", numbers)
    low, high = (min(numbers), max(numbers)) if numbers else (0, 0)
    for kind in "bhi":
        bound = 1 << (8 * array(kind).itemsize - 1)
        if -bound <= low and high < bound:
            return array(kind, numbers)
    return numbers


class Orders:
    """The order tuples of records by rank, ascending, kept as columns of numbers."""

    def __init__(self, columns):
        self.columns = columns

    @classmethod
    def of(cls, tuples):
        return cls([compact(column) for column in zip(*tuples, strict=True)])

    def __len__(self):
        return len(self.columns[0]) if self.columns else 0

    def __getitem__(self, rank):
        return tuple(column[rank] for column in self.columns)


class Segment:
    """Records in rank order with their facet bitmaps and a way to read text bitmaps.

    ``orders``: Orders; ``pks``: primary keys by rank; ``by_pk``: ranks in the order of the primary
    keys; ``facets``: ``{group: {value: BitMap}}``; ``posting``: a function of a text term that
    returns its BitMap.
    """

    def __init__(self, orders, pks, by_pk, facets, posting):
        self.orders = orders
        self.pks = pks
        self.by_pk = by_pk
        self.facets = facets
        self.posting = posting
        self.everything = BitMap(range(len(pks)))

    def value(self, group, value):
        """Return the records that have a value of a facet."""
        return self.facets.get(group, {}).get(value, EMPTY)

    def ranks_of(self, pks):
        """Return the ranks of a list of primary keys; those of other segments are left out."""
        rank_of = self._rank_of
        if len(pks) > MANY:
            # Too large to be kept, and made in the time of so many searches.
            rank_of = {pk: rank for rank, pk in enumerate(self.pks)}.get
        return BitMap(rank for pk in pks if (rank := rank_of(pk)) is not None)

    def _rank_of(self, pk):
        place = bisect_left(self.by_pk, pk, key=self.pks.__getitem__)
        found = place < len(self.by_pk) and self.pks[self.by_pk[place]] == pk
        return self.by_pk[place] if found else None

    def place_of(self, order):
        """Return the first rank whose order is not before the given one."""
        return bisect_left(self.orders, order)

    def between(self, first, last):
        """Return the records whose order begins with a number from ``first`` to ``last``."""
        return BitMap(range(self.place_of((first,)), self.place_of((last + 1,))))


def terms_of(entry):
    """Yield the text terms of an entry, with the prefixes of their zones."""
    yield from entry.terms.split()
    for term in entry.title_terms.split():
        yield TITLE + term
    for name in entry.names.splitlines():
        yield NAME + name_key(name)
    for alias in entry.aliases.splitlines():
        yield ALIAS + name_key(alias)


def number(places, entries):
    """Return ``(orders, pks, facets, postings)`` of entries, numbered by their order.

    ``postings`` holds the ranks of each text term, ``{term: array}``.

    Parameters: ``places``, the ``(order, primary key)`` of all entries; ``entries``, the same
    entries in any order, read once, so that they need not all be in memory.
    """
    placed = sorted((tuple(order), pk) for order, pk in places)
    rank_of = {pk: rank for rank, (_order, pk) in enumerate(placed)}
    facets, postings = defaultdict(ranks_by_value), defaultdict(new_ranks)
    for entry in entries:
        rank = rank_of[entry.object_id]
        for group, values in entry.facets.items():
            for value in values:
                facets[group][value].append(rank)
        for term in terms_of(entry):
            postings[term].append(rank)
    bitmaps = {
        group: {value: BitMap(ranks) for value, ranks in values.items()}
        for group, values in facets.items()
    }
    orders = Orders.of([order for order, _pk in placed])
    pks = compact(pk for _order, pk in placed)
    return orders, pks, bitmaps, postings


def new_ranks():
    return array("I")


def ranks_by_value():
    return defaultdict(new_ranks)


def segment_in_memory(entries):
    """Return a segment that keeps its text bitmaps in memory: for entries that are few."""
    places = [(entry.order, entry.object_id) for entry in entries]
    orders, pks, facets, postings = number(places, entries)

    def posting(term):
        return BitMap(postings.get(term, EMPTY))

    return Segment(orders, pks, ranks_by_pk(pks), facets, posting)


def ranks_by_pk(pks):
    return compact(sorted(range(len(pks)), key=pks.__getitem__))


def to_bytes(orders, pks, facets):
    """Return numbered records and their facet bitmaps as bytes: a JSON head, then the numbers."""
    numbers = [pks, ranks_by_pk(pks), *orders.columns]
    blobs, head = [column.tobytes() for column in numbers], []
    for group, values in facets.items():
        for value, bitmap in values.items():
            head.append([group, value])
            blobs.append(bitmap.serialize())
    described = {
        "numbers": [column.typecode for column in numbers],
        "facets": head,
        "lengths": [len(blob) for blob in blobs],
    }
    text = json.dumps(described).encode()
    return len(text).to_bytes(8, "big") + text + b"".join(blobs)


def from_bytes(data, posting):
    """Return the segment that :func:`to_bytes` wrote; ``posting`` reads its text bitmaps."""
    # Parts of it are looked at, not copied.
    data = memoryview(data)
    size = 8 + int.from_bytes(data[:8], "big")
    described = json.loads(bytes(data[8:size]))
    blobs, start = [], size
    for length in described["lengths"]:
        blobs.append(data[start : start + length])
        start += length
    numbers = [array(kind) for kind in described["numbers"]]
    for column, blob in zip(numbers, blobs, strict=False):
        column.frombytes(blob)
    pks, by_pk, *columns = numbers
    facets = defaultdict(dict)
    for (group, value), blob in zip(described["facets"], blobs[len(numbers) :], strict=True):
        facets[group][value] = BitMap.deserialize(blob)
    return Segment(Orders(columns), pks, by_pk, dict(facets), posting)
