"""Stored snapshots of the index of a kind, built by a worker or command, not while publishing.

Most terms, such as whole titles, occur in one record only. A row for each of their posting lists
would take more room than all the rest, so these share rows: 64 bits of the term's digest with the
record's rank.
"""

import functools
import itertools
from array import array
from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta
from hashlib import blake2b
from sys import byteorder

from django.db import connection, models, transaction
from django.utils import timezone
from pyroaring import BitMap

from futureind.publishing.models.content_version import ContentVersion
from futureind.search import segments
from futureind.search.entries import SearchEntry, definition_of_kind

# Postings written by one statement; text bitmaps that a process keeps.
BATCH = 1000
POSTINGS_KEPT = 20_000
# Entries whose terms are held in memory at once; since all are read anew for each part, there are
# only so many parts, and a large index takes more memory rather than hours.
ENTRIES_A_PART = 25_000
MOST_PARTS = 8
# A builder without a heartbeat for so long was killed; for so long requests that began earlier
# may read a snapshot that was replaced.
SILENCE, IN_USE = timedelta(minutes=5), timedelta(minutes=1)
# Begins the names of the rows that terms of one record share; three hexadecimal digits follow.
SHARED = "#"


class SearchSnapshot(models.Model):
    """All facet bitmaps of a kind as they were at a content version."""

    kind = models.CharField(max_length=20)
    version = models.BigIntegerField()
    # The digest of the code that made all its entries.
    definition = models.CharField(max_length=16, default="")
    # The last heartbeat of its builder, as long as ``built_at`` is None.
    alive_at = models.DateTimeField(default=timezone.now)
    built_at = models.DateTimeField(null=True)
    data = models.BinaryField()

    class Meta:
        verbose_name = "search snapshot"
        verbose_name_plural = "search snapshots"

    def __str__(self):
        return f"{self.kind} {self.version}"


class SearchPosting(models.Model):
    """The posting list of a term in a snapshot, or a row shared by terms of one record each."""

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

    It is written in batches, each a transaction of its own, so that nobody waits long; readers go
    on with the older one until the last step, and read the new one on their next request. Returns
    the SearchSnapshot, None where some entries were made by other code: these have to be rewritten
    first.
    """
    definition = definition_of_kind(kind)
    # Read before the entries: what is written meanwhile is newer and laid over the snapshot.
    version = ContentVersion.current()
    entries = SearchEntry.objects.filter(kind=kind, removed=False, version__lte=version)
    if entries.exclude(definition=definition).exists():
        return None
    forget_older_snapshots(kind)
    numbering = segments.Numbering(entries.values_list("order", "object_id"))
    facets = numbering.facets(in_steps(entries))
    snapshot = SearchSnapshot.objects.create(
        kind=kind,
        version=version,
        definition=definition,
        data=segments.to_bytes(numbering.orders, numbering.pks, facets),
    )
    try:
        write_postings(snapshot, numbering, entries)
        finish(snapshot)
    except BaseException:
        # Also where the worker is asked to end: the next one begins at once.
        if SearchSnapshot.objects.filter(pk=snapshot.pk, built_at=None).exists():
            forget(snapshot.pk)
        raise
    SearchEntry.objects.filter(kind=kind, removed=True, version__lte=version).delete()
    return snapshot


def in_steps(entries):
    return entries.iterator(chunk_size=2000)


def write_postings(snapshot, numbering, entries):
    """Store the text terms of a snapshot, a part of them at a time."""
    parts = min(-(-len(numbering.pks) // ENTRIES_A_PART) or 1, MOST_PARTS)
    shared = Shared()
    for part in range(parts):
        postings = numbering.postings(in_steps(entries), part, parts)
        write_rows(snapshot, shared.take(postings))
    write_rows(snapshot, shared.rows())


def write_rows(snapshot, rows):
    """Store ``(name, bytes)`` pairs, many in a transaction."""
    rows = iter(rows)
    while some := list(itertools.islice(rows, BATCH)):
        SearchPosting.objects.bulk_create(
            SearchPosting(snapshot=snapshot, term=name, bitmap=content) for name, content in some
        )
        SearchSnapshot.objects.filter(pk=snapshot.pk).update(alive_at=timezone.now())


class Shared:
    """The terms that occur in one record only, by the row that they share."""

    def __init__(self):
        self.digests = defaultdict(lambda: array("Q"))
        self.ranks = defaultdict(lambda: array("Q"))

    def take(self, postings):
        """Take the terms of one record out of ``{term: ranks}``; yield the rows of the others."""
        for term, ranks in postings.items():
            if len(ranks) == 1:
                name, digest = shared_row(term)
                self.digests[name].append(digest)
                self.ranks[name].append(ranks[0])
            elif len(term) <= 400:
                yield term, BitMap(ranks).serialize()

    def rows(self):
        for name, digests in self.digests.items():
            digests, ranks = zip(*sorted(zip(digests, self.ranks[name], strict=True)), strict=True)
            yield name, array("Q", digests).tobytes() + array("Q", ranks).tobytes()


@transaction.atomic
def finish(snapshot):
    """Let readers have a snapshot that is whole."""
    snapshot.built_at = timezone.now()
    snapshot.save(update_fields=["built_at"])
    ContentVersion.raise_number()


def forget_older_snapshots(kind):
    """Remove what is left of builds that never ended, and what a newer snapshot has replaced.

    Both stay for a while: somebody may be building still, or reading the former one.
    """
    now, newest = timezone.now(), newest_snapshot(kind)
    left = models.Q(built_at=None, alive_at__lt=now - SILENCE)
    if newest is not None and newest[3] < now - IN_USE:
        left |= models.Q(built_at__isnull=False) & ~models.Q(pk=newest[0])
    older = SearchSnapshot.objects.filter(left, kind=kind)
    for pk in list(older.values_list("pk", flat=True)):
        forget(pk)


def forget(pk):
    """Remove a snapshot, in short transactions."""
    postings = SearchPosting.objects.filter(snapshot=pk)
    while some := list(postings.values_list("pk", flat=True)[:BATCH]):
        SearchPosting.objects.filter(pk__in=some).delete()
    SearchSnapshot.objects.filter(pk=pk).delete()


def has_replaced_snapshots():
    """Tell whether a kind has more than one snapshot, of which some are to be removed in time."""
    kinds = SearchSnapshot.objects.values("kind").annotate(number=models.Count("pk"))
    return kinds.filter(number__gt=1).exists()


def is_being_built(kind):
    """Tell whether somebody builds a snapshot of a kind at this moment."""
    since = timezone.now() - SILENCE
    return SearchSnapshot.objects.filter(kind=kind, built_at=None, alive_at__gt=since).exists()


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
    finished = SearchSnapshot.objects.filter(kind=kind, built_at__isnull=False)
    snapshots = finished.order_by("-version", "-pk")
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
