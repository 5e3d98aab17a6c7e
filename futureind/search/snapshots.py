"""The index of a kind of records as stored bytes, built outside any publish."""

import functools

from django.db import models, transaction
from pyroaring import BitMap

from futureind.publishing.history import ContentVersion
from futureind.search import segments
from futureind.search.entries import SearchEntry

# Postings written by one statement; text bitmaps that a process keeps.
BATCH = 1000
POSTINGS_KEPT = 20_000


class SearchSnapshot(models.Model):
    """All facet bitmaps of a kind as they were at a content version."""

    kind = models.CharField(max_length=20)
    version = models.BigIntegerField()
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
    """The records of a snapshot that hold a text term."""

    snapshot = models.ForeignKey(SearchSnapshot, models.CASCADE, related_name="postings")
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

    Readers go on with the older one until the new one is committed. Returns the SearchSnapshot.
    """
    # Read before the entries: what is written meanwhile is newer and laid over the snapshot.
    version = ContentVersion.current()
    entries = SearchEntry.objects.filter(kind=kind, removed=False, version__lte=version)
    # One statement would see both alike; between two an entry may come or go.
    with transaction.atomic():
        places = list(entries.values_list("order", "object_id"))
        known = {pk for _order, pk in places}
        read = (e for e in entries.iterator(chunk_size=2000) if e.object_id in known)
        orders, pks, facets, postings = segments.number(places, read)
    with transaction.atomic():
        older = list(SearchSnapshot.objects.filter(kind=kind).values_list("pk", flat=True))
        SearchPosting.objects.filter(snapshot__in=older).delete()
        SearchSnapshot.objects.filter(pk__in=older).delete()
        snapshot = SearchSnapshot.objects.create(
            kind=kind, version=version, data=segments.to_bytes(orders, pks, facets)
        )
        SearchPosting.objects.bulk_create(
            (
                SearchPosting(snapshot=snapshot, term=term, bitmap=bitmap.serialize())
                for term, bitmap in postings.items()
                if len(term) <= 400
            ),
            batch_size=BATCH,
        )
        SearchEntry.objects.filter(kind=kind, removed=True, version__lte=version).delete()
    return snapshot


def newest_snapshot(kind):
    """Return ``(primary key, version, built at)`` of a kind's stored snapshot, None without one."""
    snapshots = SearchSnapshot.objects.filter(kind=kind).order_by("-version")
    return snapshots.values_list("pk", "version", "built_at").first()


def load_snapshot(pk):
    """Return the segment of a stored snapshot; its text bitmaps are read when asked for."""
    snapshot = SearchSnapshot.objects.get(pk=pk)

    @functools.lru_cache(maxsize=POSTINGS_KEPT)
    def posting(term):
        found = (
            SearchPosting.objects.filter(snapshot_id=snapshot.pk, term=term)
            .values_list("bitmap", flat=True)
            .first()
        )
        return segments.EMPTY if found is None else BitMap.deserialize(bytes(found))

    return segments.from_bytes(snapshot.data, posting)
