"""Make the search index anew."""

import sys

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _
from tqdm import tqdm

from futureind.search.entries import (
    SearchEntry,
    indexed_models,
    is_outdated,
    write_all_entries,
)
from futureind.search.snapshots import build_snapshot


class Command(BaseCommand):
    """Write the entries of all public records and store the snapshots of all kinds.

    Readers are served from the older index of a kind until its new one is there. Entries of
    records that are no longer public are marked removed. SQLite also counts its rows anew, to plan
    its queries by. ``--snapshots`` only stores snapshots of the entries there are; ``--outdated``
    leaves the kinds alone whose entries the code as it is has made.
    """

    help = "Make the search index anew from the public records, without downtime."

    def add_arguments(self, parser):
        parser.add_argument(
            "--snapshots",
            action="store_true",
            help="only store snapshots of the entries there are",
        )
        parser.add_argument(
            "--outdated",
            action="store_true",
            help="only for kinds of records whose entries were made by other code",
        )

    def handle(self, *args, snapshots=False, outdated=False, verbosity=1, **options):
        quiet = verbosity == 0 or not sys.stderr.isatty()
        models = [model for model in indexed_models() if not outdated or is_outdated(model)]
        if not models:
            return
        if connection.vendor == "sqlite":
            # PostgreSQL learns by itself how selective its columns are.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for model in models:
            if not snapshots:
                self.write(model, quiet)
            build_snapshot(model.index_kind)
            if verbosity:
                count = SearchEntry.objects.filter(kind=model.index_kind, removed=False).count()
                self.stdout.write(f"{model._meta.verbose_name_plural}: {count}")

    def write(self, model, quiet):
        name = str(model._meta.verbose_name_plural)
        with tqdm(desc=name, disable=quiet, unit=_(" records")) as bar:
            for written in write_all_entries(model):
                bar.update(written)
