"""The index of a kind of records as stored bytes, built outside any publish.

Most terms, such as whole titles, stand in one record only. A row for each would take more room
than all the rest, so these share rows: 64 bits of the term's digest with the record's rank.
"""

import functools
from array import array
from bisect import bisect_left
from collections import defaultdict
from hashlib import blake2b
from sys import byteorder

from django.db import connection, models, transaction
from pyroaring import BitMap

from futureind.publishing.models.content_version import ContentVersion
from futureind.search import segments
from futureind.search.entries import SearchEntry, definition_of_kind

# Postings written by one statement; text bitmaps that a process keeps.
BATCH = 1000
POSTINGS_KEPT = 20_000
# Begins the names of the rows that terms of one record share; three hexadecimal digits follow.
SHARED = "#"


class SearchSnapshot(models.Model):
    """All facet bitmaps of a kind as they were at a content version."""

    kind = models.CharField(max_length=20)
    version = models.BigIntegerField()
    # That of all its entries.
    definition = models.CharField(max_length=16, default="")
    built_at = models.DateTimeField(auto_now_add=True)
    data = models.BinaryField()

    class Meta:
        verbose_name = "search snapshot"
        verbose_name_plural = "search snapshots"
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="search_snapshot_unique")
        ]

    def __str__(self):
        return f"{self.kind} {self.version}"


class SearchPosting(models.Model):
    """The records of a snapshot that hold a text term, or what terms of one record share."""

    # The unique constraint below begins with it.
    snapshot = models.ForeignKey(
        SearchSnapshot, models.CASCADE, related_name="postings", db_index=False
    )
    term = models.CharField(max_length=400)
    bitmap = models.BinaryField()

    class Meta:
        verbose_name = "search posting"
        verbose_name_plural = "search postings"
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "term"], name="search_posting_unique")
        ]

    def __str__(self):
        return self.term


def build_snapshot(kind):
    """Build and store the snapshot of a kind from its entries, in place of older ones.

    Readers go on with the older one until the new one is committed, and read that on their next
    request. Returns the SearchSnapshot, None where entries of other code are among them, which are
    to be written anew first.
    """
    definition = definition_of_kind(kind)
    # Read before the entries: what is written meanwhile is newer and laid over the snapshot.
    version = ContentVersion.current()
    entries = SearchEntry.objects.filter(kind=kind, removed=False, version__lte=version)
    # One statement would see both alike; between two an entry may come or go.
    with transaction.atomic():
        if entries.exclude(definition=definition).exists():
            return None
        places = list(entries.values_list("order", "object_id"))
        known = {pk for _order, pk in places}
        read = (e for e in entries.iterator(chunk_size=2000) if e.object_id in known)
        orders, pks, facets, postings = segments.number(places, read)
    with transaction.atomic():
        older = list(SearchSnapshot.objects.filter(kind=kind).values_list("pk", flat=True))
        SearchPosting.objects.filter(snapshot__in=older).delete()
        SearchSnapshot.objects.filter(pk__in=older).delete()
        snapshot = SearchSnapshot.objects.create(
            kind=kind,
            version=version,
            definition=definition,
            data=segments.to_bytes(orders, pks, facets),
        )
        SearchPosting.objects.bulk_create(
            (
                SearchPosting(snapshot=snapshot, term=name, bitmap=content)
                for name, content in posting_rows(postings)
            ),
            batch_size=BATCH,
        )
        # Late, since whoever changes records waits from here on; their entries are touched after.
        ContentVersion.raise_number()
        SearchEntry.objects.filter(kind=kind, removed=True, version__lte=version).delete()
    return snapshot


def posting_rows(postings):
    """Yield ``(name, bytes)`` of the rows that hold ``{term: ranks}``."""
    shared = defaultdict(list)
    for term, ranks in postings.items():
        if len(ranks) == 1:
            name, digest = shared_row(term)
            shared[name].append((digest, ranks[0]))
        elif len(term) <= 400:
            yield term, BitMap(ranks).serialize()
    for name, pairs in shared.items():
        digests, ranks = zip(*sorted(pairs), strict=True)
        yield name, array("Q", digests).tobytes() + array("Q", ranks).tobytes()


def shared_row(term):
    """Return ``(name of the row, digest)`` of a term that stands in one record only."""
    digest = blake2b(term.encode(), digest_size=8).digest()
    return SHARED + digest.hex()[:3], int.from_bytes(digest, byteorder)


def find_shared(content, digest):
    """Return the records of a digest in a shared row."""
    numbers = memoryview(content).cast("Q")
    half = len(numbers) // 2
    place = bisect_left(numbers, digest, hi=half)
    found = place < half and numbers[place] == digest
    return BitMap([numbers[half + place]]) if found else segments.EMPTY


def newest_snapshot(kind):
    """Return ``(primary key, version, definition, built at)`` of a kind's stored snapshot, or None.

    Together they tell one snapshot from all others.
    """
    snapshots = SearchSnapshot.objects.filter(kind=kind).order_by("-version")
    return snapshots.values_list("pk", "version", "definition", "built_at").first()


def load_snapshot(pk):
    """Return the segment of a stored snapshot; its text bitmaps are read when asked for."""
    data = SearchSnapshot.objects.values_list("data", flat=True).get(pk=pk)

    # It knows the key alone, so that the bytes are let go of.
    @functools.lru_cache(maxsize=POSTINGS_KEPT)
    def posting(term):
        return read_posting(pk, term)

    return segments.from_bytes(data, posting)


def read_posting(snapshot, term):
    """Return the records of a stored snapshot that hold a term."""
    name, digest = shared_row(term)
    # Not through the ORM, which would take most of the time of a search.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT term, bitmap FROM search_searchposting"
            " WHERE snapshot_id = %s AND term IN (%s, %s)",
            [snapshot, term, name],
        )
        rows = {found: bytes(content) for found, content in cursor.fetchall()}
    if term in rows:
        return BitMap.deserialize(rows[term])
    return find_shared(rows[name], digest) if name in rows else segments.EMPTY
