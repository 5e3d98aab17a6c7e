"""Databases to be copied: one that is migrated and nothing more, one with the fixtures of the site.

Making them takes longer than any test, so `make test` does it once for all its rounds:
``TEST_TEMPLATES=FOLDER python -m tests.templates``. Where that variable is set, tests copy what is
there; else each run makes its own. What is there has the migrations and fixtures of that moment.
"""

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

import django

from tests.own_database import OwnPostgres, OwnSqlite, is_postgres
from tests.processes import run_python

# What Django, or Python, is going to take away fails today.
STRICT = ["-W", "error::DeprecationWarning", "-W", "error::PendingDeprecationWarning"]


@dataclass(frozen=True)
class Templates:
    """The two databases; nobody may be connected to one while it is copied."""

    migrated: OwnSqlite | OwnPostgres
    filled: OwnSqlite | OwnPostgres

    def drop(self):
        self.migrated.drop()
        self.filled.drop()


def templates_in(folder):
    """Return those that :func:`make_templates` has made for a folder, in whatever process."""
    return Templates(*[named(folder / name) for name in ("migrated", "filled")])


def named(folder):
    if is_postgres():
        return OwnPostgres(f"template_{zlib.crc32(str(folder).encode())}")
    return OwnSqlite(folder)


def make_templates(folder):
    """Make both, of the kind of database that the tests run on; ``drop`` them at the end."""
    made = templates_in(folder)
    # What a run that was killed has left.
    made.drop()
    made.migrated.create()
    manage("migrate", made.migrated)
    made.filled.create(made.migrated)
    manage("load_fixtures", made.filled)
    return made


def manage(command, database):
    run_python(*STRICT, "manage.py", command, "--verbosity=0", DATABASE_URL=database.url)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "futureind.settings")
    django.setup()
    make_templates(Path(os.environ["TEST_TEMPLATES"]))
