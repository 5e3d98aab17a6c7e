"""Fills a database with synthetic records, for benchmarks and load tests.

Usage: python -m benchmarks.corpus.generate --documents N [--seed S] [--again]

The same seed gives the same records. The database (VAR_DIR or DATABASE_URL) is one of its own,
filled by migrate and load_fixtures; that of a site in production is refused.
"""

import argparse
import gc
import os
import sys
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from django.conf import settings
from django.core.management import CommandError
from django.db import connection, connections
from tqdm import tqdm

import benchmarks.django_setup  # noqa: F401
from benchmarks.corpus.records import PREFIX, Corpus, prepare, store
from catalog.models import Agency, PolicyDocument, Region, Target, Technology
from futureind.publishing.models.content_version import ContentVersion
from futureind.search.entries import SearchEntry, indexed_models, make_entry, public_records
from futureind.search.snapshots import build_snapshot
from regions.models import RegionalPlan, Track

# Documents of one transaction; records whose entries are made and written at once.
CHUNK = 1000
# Chunks of which entries are being made or wait to be written.
CHUNKS_WAITING = 12
# New objects before the collector looks for cycles: a chunk makes far more than it expects.
OBJECTS = 50_000
MODELS = (Agency, PolicyDocument, RegionalPlan, Track, Target)


def generate(documents, seed, *, again=False, quiet=True):
    """Add synthetic policy documents with plans, tracks and targets, published and indexed.

    They have no history: nobody wrote them. The same seed and number give the same records on the
    same vocabulary. They cannot be deleted one by one, since they are public, so a database of its
    own is the place for them. Raises CommandError for a site in production, for a database without
    vocabulary, and for one that holds some already, unless ``again`` says that it gets more.
    """
    if settings.PRODUCTION:
        raise CommandError("Synthetic records are not for a site in production.")
    existing = PolicyDocument.objects.filter(slug__startswith=PREFIX).count()
    if existing and not again:
        raise CommandError(
            f"This database holds {existing} synthetic documents. --again adds more."
        )
    if not (Region.objects.exists() and Technology.objects.exists()):
        raise CommandError("There is no vocabulary to choose from. Run load_fixtures first.")
    write(seed, existing + 1, documents, quiet)
    for model in tqdm(indexed_models(), "snapshots", disable=quiet):
        build_snapshot(model.index_kind)
    # Every process reads the new snapshots on its next request.
    ContentVersion.raise_number()


def write(seed, first, documents, quiet):
    """Write the records and their entries, which other processes make meanwhile."""
    ContentVersion.raise_number()
    version, waiting = ContentVersion.current(), deque()
    with processes() as submit, tqdm(total=documents, disable=quiet) as bar:
        agencies = prepare()
        corpus = Corpus(seed)
        waiting += entries_of({Agency: agencies}, version, submit)
        for start in range(first, first + documents, CHUNK):
            count = min(CHUNK, first + documents - start)
            rows = corpus.chunk(start, count)
            store(rows)
            if start == first:
                count_rows()
            waiting += entries_of(rows, version, submit)
            bar.update(count)
            while len(waiting) > CHUNKS_WAITING:
                SearchEntry.objects.bulk_create(waiting.popleft().result())
        while waiting:
            SearchEntry.objects.bulk_create(waiting.popleft().result())
    count_rows()


def count_rows():
    """Let the database count its rows: it takes every column for a selective one until it did."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def entries_of(rows, version, submit):
    """Have the entries of new records made; return the Futures of lists of SearchEntry."""
    found = []
    for model in MODELS:
        pks = [record.pk for record in rows.get(model, ())]
        for start in range(0, len(pks), CHUNK):
            found.append(submit(make_entries, (model, pks[start : start + CHUNK], version)))
    return found


def make_entries(chunk):
    """Return the entries, not saved, of ``(model, pks, version)``."""
    model, pks, version = chunk
    return [make_entry(record, version) for record in public_records(model).in_bulk(pks).values()]


@contextmanager
def processes():
    """Yield a function that has work done by other processes and returns a Future of its result.

    Analysing the texts takes most of the time, and needs nothing but processor. Where others would
    not see our rows, the work is done at once.
    """
    if connection.in_atomic_block:
        yield done_at_once
        return
    # A connection must not be shared with the processes that are forked from this one.
    connections.close_all()
    with ProcessPoolExecutor(
        os.cpu_count(), get_context("fork"), gc.set_threshold, (OBJECTS,)
    ) as executor:
        # All are forked now, before there is a connection again.
        executor.submit(os.getpid).result()
        yield executor.submit


def done_at_once(function, argument):
    future = Future()
    future.set_result(function(argument))
    return future


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, required=True, metavar="N", help="how many")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which ones")
    parser.add_argument("--again", action="store_true", help="add more to those that are there")
    options = parser.parse_args()
    try:
        generate(**vars(options), quiet=not sys.stderr.isatty())
    except CommandError as error:
        sys.exit(str(error))
    print(f"{options.documents} synthetic documents were added.")


if __name__ == "__main__":
    main()
