"""Fill a database with synthetic records."""

import multiprocessing
import os
import sys
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from tqdm import tqdm

from catalog.models import Agency, PolicyDocument, Region, Target, Technology
from futureind.publishing.history import ContentVersion
from futureind.search.entries import SearchEntry, indexed_models, make_entry, public_records
from futureind.search.snapshots import build_snapshot
from regions.corpus import PREFIX, Corpus, prepare, store
from regions.models import RegionalPlan, Track

# Documents of one transaction; records whose entries are made and written at once.
CHUNK = 1000
MODELS = (Agency, PolicyDocument, RegionalPlan, Track, Target)


class Command(BaseCommand):
    """Add synthetic policy documents with plans, tracks and targets, published and indexed.

    They have no history: nobody wrote them. The same seed and number give the same records on the
    same vocabulary. They cannot be deleted one by one, since they are public, so a database of its
    own is the place for them.
    """

    help = (
        "Add N synthetic policy documents with plans, tracks and targets, for benchmarks and load "
        "tests. The same seed gives the same records. Use a database of its own (VAR_DIR or "
        "DATABASE_URL), filled by migrate and load_fixtures; production is refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("--documents", type=int, required=True, metavar="N", help="how many")
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="which ones (default: %(default)s)"
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="add more to a database that already holds synthetic records",
        )

    def handle(self, *args, documents, seed, again=False, verbosity=1, **options):
        if settings.PRODUCTION:
            raise CommandError("Synthetic records are not for a site in production.")
        existing = PolicyDocument.objects.filter(slug__startswith=PREFIX).count()
        if existing and not again:
            raise CommandError(
                f"This database holds {existing} synthetic documents. --again adds more."
            )
        if not (Region.objects.exists() and Technology.objects.exists()):
            raise CommandError("There is no vocabulary to choose from. Run load_fixtures first.")
        self.quiet = verbosity == 0 or not sys.stderr.isatty()
        newest = {model: newest_pk(model) for model in MODELS}
        self.write_records(seed, existing + 1, documents)
        # Without it the database takes every column for a selective one, and joins from there.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.write_index(newest)
        if verbosity:
            self.stdout.write(f"{documents} synthetic documents were added.")

    def write_records(self, seed, first, documents):
        prepare()
        corpus = Corpus(seed)
        with self.bar("records", documents) as bar:
            for start in range(first, first + documents, CHUNK):
                count = min(CHUNK, first + documents - start)
                store(corpus.chunk(start, count))
                bar.update(count)

    def write_index(self, newest):
        """Write the entries of what was added, then the snapshots of all kinds."""
        ContentVersion.raise_number()
        version = ContentVersion.current()
        with processes() as over_all:
            for model in MODELS:
                added = model._base_manager.filter(pk__gt=newest[model]).order_by("pk")
                pks = list(added.values_list("pk", flat=True))
                chunks = [(model, pks[i : i + CHUNK], version) for i in range(0, len(pks), CHUNK)]
                with self.bar(f"entries: {model._meta.verbose_name_plural}", len(pks)) as bar:
                    for entries in over_all(make_entries, chunks):
                        SearchEntry.objects.bulk_create(entries)
                        bar.update(len(entries))
        for model in tqdm(indexed_models(), "snapshots", disable=self.quiet):
            build_snapshot(model.index_kind)
        # Every process reads the new snapshots on its next request.
        ContentVersion.raise_number()

    def bar(self, title, total):
        return tqdm(desc=title, total=total, disable=self.quiet)


def make_entries(chunk):
    """Return the entries, not saved, of ``(model, pks, version)``."""
    model, pks, version = chunk
    return [make_entry(record, version) for record in public_records(model).in_bulk(pks).values()]


@contextmanager
def processes():
    """Yield a ``map`` that runs in several processes; one, where others would not see our rows.

    Analysing the texts takes most of the time, and needs nothing but processor.
    """
    if connection.in_atomic_block:
        yield map
        return
    # A connection must not be shared with the processes that are forked from this one.
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        yield pool.imap


def newest_pk(model):
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
