"""A segment of the inverted index: immutable posting lists of numbered records.

A value of a facet and a word are the same thing: a posting list, kept as a compressed bitmap of the
records' ranks. The record of rank 0 stands last in the list's own order.
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
# Bytes of the names of sets.
MUCH = 50_000
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
    """Records in rank order, with the posting lists of facets and a way to read those of terms.

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


class Numbering:
    """Entries numbered by their order: ``orders``, ``pks`` and ``rank_of`` each primary key.

    Parameter: ``places``, the ``(order, primary key)`` of all entries.
    """

    def __init__(self, places):
        placed = sorted((tuple(order), pk) for order, pk in places)
        self.rank_of = {pk: rank for rank, (_order, pk) in enumerate(placed)}
        self.orders = Orders.of([order for order, _pk in placed])
        self.pks = compact(pk for _order, pk in placed)

    def facets(self, entries):
        """Return the posting lists of all facet values, ``{group: {value: BitMap}}``.

        Entries without a number are left out; here and below they are read once, in any order, so
        that they need not all be in memory.
        """
        found = defaultdict(ranks_by_value)
        for entry in entries:
            rank = self.rank_of.get(entry.object_id)
            if rank is not None:
                for group, values in entry.facets.items():
                    for value in values:
                        found[group][value].append(rank)
        return {
            group: {value: BitMap(ranks) for value, ranks in values.items()}
            for group, values in found.items()
        }

    def postings(self, entries, part=0, parts=1):
        """Return the posting lists of all terms, ``{term: array}``, or of one of the ``parts``."""
        found = defaultdict(new_ranks)
        for entry in entries:
            rank = self.rank_of.get(entry.object_id)
            if rank is not None:
                for term in terms_of(entry):
                    if parts == 1 or hash(term) % parts == part:
                        found[term].append(rank)
        return found


def new_ranks():
    return array("I")


def ranks_by_value():
    return defaultdict(new_ranks)


def segment_in_memory(entries):
    """Return a segment with all posting lists in memory: for few entries."""
    numbering = Numbering((entry.order, entry.object_id) for entry in entries)
    facets, postings = numbering.facets(entries), numbering.postings(entries)

    def posting(term):
        return BitMap(postings.get(term, EMPTY))

    pks = numbering.pks
    return Segment(numbering.orders, pks, ranks_by_pk(pks), facets, posting)


def ranks_by_pk(pks):
    return compact(sorted(range(len(pks)), key=pks.__getitem__))


class StoredFacets:
    """The facet bitmaps of a stored segment, ``blocks`` as :func:`sets_to_bytes` wrote them.

    Most sets are those of single plans and documents, which few pages ask for: groups of so many
    are read when they are first asked for, the others, which nearly every page counts, at once.
    """

    def __init__(self, blocks):
        self.later = {group: bytes(block) for group, block in blocks.items() if holds_many(block)}
        self.groups = {
            group: sets_from(block) for group, block in blocks.items() if group not in self.later
        }

    def get(self, group, default):
        block = self.later.get(group)
        if block is not None:
            # Two threads may read it at once, and come to the same.
            self.groups[group] = sets_from(block)
            self.later.pop(group, None)
        return self.groups.get(group, default)


def holds_many(block):
    """Tell whether the bytes of a group hold thousands of sets, by the length of their names."""
    return int.from_bytes(block[:8], "big") > MUCH


def to_bytes(orders, pks, facets):
    """Return numbered records and their facet bitmaps as bytes: a JSON head, then its parts."""
    numbers = [pks, ranks_by_pk(pks), *orders.columns]
    blocks = {group: sets_to_bytes(values) for group, values in facets.items()}
    head = {
        "numbers": [[column.typecode, len(column.tobytes())] for column in numbers],
        "groups": [[group, len(block)] for group, block in blocks.items()],
    }
    return packed(head, [*(column.tobytes() for column in numbers), *blocks.values()])


def from_bytes(data, posting):
    """Return the segment that :func:`to_bytes` wrote; ``posting`` reads its text bitmaps."""
    head, rest = unpacked(data)
    numbers = []
    for kind, length in head["numbers"]:
        column = array(kind)
        column.frombytes(rest[:length])
        numbers.append(column)
        rest = rest[length:]
    blocks = {}
    for group, length in head["groups"]:
        blocks[group] = rest[:length]
        rest = rest[length:]
    pks, by_pk, *columns = numbers
    return Segment(Orders(columns), pks, by_pk, StoredFacets(blocks), posting)


def sets_to_bytes(values):
    """Return the bitmaps of one group, ``{value: BitMap}``, as bytes."""
    blobs = [bitmap.serialize() for bitmap in values.values()]
    return packed([[value, len(blob)] for value, blob in zip(values, blobs, strict=True)], blobs)


def sets_from(block):
    """Return the bitmaps that :func:`sets_to_bytes` wrote."""
    head, rest = unpacked(block)
    found, start = {}, 0
    for value, length in head:
        found[value] = BitMap.deserialize(rest[start : start + length])
        start += length
    return found


def packed(head, parts):
    text = json.dumps(head).encode()
    return len(text).to_bytes(8, "big") + text + b"".join(parts)


def unpacked(data):
    """Return the head of packed bytes, and a view of what follows it."""
    data = memoryview(data)
    size = 8 + int.from_bytes(data[:8], "big")
    return json.loads(bytes(data[8:size])), data[size:]
