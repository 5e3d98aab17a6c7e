"""Isolated dry runs: changes that are rolled back, seen by nobody else, and hold up no writer."""

from contextlib import contextmanager, nullcontext

from django.db import DEFAULT_DB_ALIAS, connection, connections

from futureind.core.trials import undone
from futureind.publishing import history
from futureind.publishing.models.content_version import stamp_of_its_own

# Bytes of a SQLite database that is copied for one page.
MOST_COPIED = 100_000_000
# Where the file format says by 2 that there is a write-ahead log, which memory has not, and by 1
# that there is none. Source: https://www.sqlite.org/fileformat.html (file format version numbers).
VERSION_NUMBERS = slice(18, 20)


@contextmanager
def apart():
    """Roll back at its end whatever a block changes in the database.

    PostgreSQL locks the changed rows until then and nothing else. SQLite has one writer at a time,
    so there the block works on a copy of the database in memory; where the database is too large to
    be copied, the block waits for the write lock.
    """
    place = own_copy() if connection.vendor == "sqlite" else nullcontext()
    with place, stamp_of_its_own(), undone():
        yield


@contextmanager
def own_copy():
    shared = connections[DEFAULT_DB_ALIAS]
    if size_of(shared) > MOST_COPIED:
        with history.in_turn():
            yield
        return
    copy = type(shared)({**shared.settings_dict, "NAME": ":memory:"}, DEFAULT_DB_ALIAS)
    copy.connect()
    try:
        copy.connection.deserialize(contents_of(shared))
        connections[DEFAULT_DB_ALIAS] = copy
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = shared
        # Django never closes what is in memory by itself.
        copy.connection.close()


def contents_of(database):
    """Return a SQLite database as bytes, with what its own transaction has changed so far."""
    contents = bytearray(database.connection.serialize())
    contents[VERSION_NUMBERS] = b"\x01\x01"
    return contents


def size_of(database):
    """Return how many bytes a SQLite database takes."""
    with database.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return cursor.fetchone()[0]
