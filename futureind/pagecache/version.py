"""The content version as caches read it: quickly, and without ever waiting for long."""

import logging
import os
import select
import sqlite3
import threading
import time
from pathlib import Path

import psycopg
from django.apps import apps
from django.db.utils import load_backend
from psycopg import pq

logger = logging.getLogger(__name__)

# Seconds: for an answer, for a connection (fewer than 2 are not possible), until the next attempt.
READ_TIMEOUT = 1
CONNECT_TIMEOUT = 2
PAUSE = 1

UNREADABLE = (sqlite3.Error, psycopg.Error, OSError)


class VersionReader:
    """Reads the row of ContentVersion, on a connection of its own in every thread.

    Django's connections are opened, checked and closed around its requests; these are used before
    any request reaches it. One for all threads would make a cached page dearer: threads that wait
    for a lock and for Python's own lock hold each other up.

    Parameter: ``database``, a dictionary as in the setting DATABASES.
    """

    def __init__(self, database):
        table = apps.get_model("publishing", "ContentVersion")._meta.db_table
        # With the time: after a backup was restored, a number may come a second time.
        self.query = f"SELECT number, raised_at FROM {table} WHERE id = 1"  # noqa: S608
        sessions = apps.get_model("sessions", "Session")._meta.db_table
        self.session_query = f"SELECT 1 FROM {sessions} WHERE session_key = "  # noqa: S608
        self.kind = SqliteRow if database["ENGINE"].endswith("sqlite3") else PostgresRow
        self.database = database
        self.own = threading.local()
        # Of the database, so the same for all threads; one that is a moment late does no harm.
        self.is_away = False
        self.retry_at = 0

    def read(self):
        """Return the row: number and time, to be compared for being equal only.

        Empty where there is no row yet, None if it cannot be read.
        """
        if self.is_away:
            if time.monotonic() < self.retry_at:
                return None
            # One thread tries, the others do not wait for it.
            self.retry_at = time.monotonic() + CONNECT_TIMEOUT + READ_TIMEOUT
        try:
            version = self.read_row()
        except UNREADABLE as error:
            self.went_away(error)
            return None
        if self.is_away:
            self.is_away = False
            logger.warning("The content version can be read again")
        return version

    def has_session(self, key):
        """Tell whether a session is stored under a key; False also where nobody can tell.

        To be asked after :meth:`read`, on whose connection.
        """
        row = getattr(self.own, "row", None)
        if row is None:
            return False
        try:
            return row.finds(self.session_query, key)
        except UNREADABLE as error:
            self.went_away(error)
            return False

    def read_row(self):
        row = getattr(self.own, "row", None)
        if row is not None:
            try:
                return row.read()
            except TimeoutError:
                raise
            except UNREADABLE:
                # A connection that was lost since the last read says nothing of the database.
                self.close()
        self.own.row = row = self.kind(self.database, self.query)
        return row.read()

    def went_away(self, error):
        if not self.is_away:
            logger.warning("The content version cannot be read: %s", error)
        self.retry_at = time.monotonic() + PAUSE
        self.is_away = True
        self.close()

    def close(self):
        """Close the connection of this thread; those of others close as the threads end."""
        row = getattr(self.own, "row", None)
        if row is not None:
            row.close()
            self.own.row = None


class VersionRow:
    """A connection to a database that answers one query, and whether another finds a text."""

    connection = None

    def close(self):
        if self.connection is not None:
            self.connection.close()

    # The thread that it belonged to has ended.
    __del__ = close


class SqliteRow(VersionRow):
    """The row in an SQLite file."""

    def __init__(self, database, query):
        self.path = Path(database["NAME"]).absolute()
        self.query = query
        self.file = self.identity()
        # Read-only, or a missing file would be created.
        self.connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode=ro",
            uri=True,
            timeout=READ_TIMEOUT,
            isolation_level=None,
            # Closed by whichever thread collects what is left of one that ended.
            check_same_thread=False,
        )

    def identity(self):
        status = os.stat(self.path)
        return status.st_dev, status.st_ino

    def read(self):
        # An open file lives on when another, such as a restored backup, takes its name.
        if self.identity() != self.file:
            raise FileNotFoundError("the database is another file now")
        return self.connection.execute(self.query).fetchone() or ()

    def finds(self, query, text):
        return self.connection.execute(f"{query}?", (text,)).fetchone() is not None


class PostgresRow(VersionRow):
    """The row in PostgreSQL, asked through libpq: psycopg itself waits for ever for an answer."""

    def __init__(self, database, query):
        parameters = load_backend(database["ENGINE"]).DatabaseWrapper(database)
        self.query = query.encode()
        self.connection = psycopg.connect(
            **parameters.get_connection_params()
            | {"connect_timeout": CONNECT_TIMEOUT, "autocommit": True}
        )

    def read(self):
        server = self.connection.pgconn
        server.send_query(self.query)
        found = self.result(server)
        return tuple(found.get_value(0, column) for column in range(2)) if found.ntuples else ()

    def finds(self, query, text):
        server = self.connection.pgconn
        server.send_query_params(f"{query}$1".encode(), [text.encode()])
        return self.result(server).ntuples > 0

    def result(self, server):
        found = self.wait_for_result(server)
        if found.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(found.get_error_message())
        while self.wait_for_result(server) is not None:
            pass
        return found

    def wait_for_result(self, server):
        poll = select.poll()
        poll.register(server.socket, select.POLLIN)
        while server.is_busy():
            # A server that hangs, or that the network lost, says nothing at all.
            if not poll.poll(READ_TIMEOUT * 1000):
                raise TimeoutError("the database does not answer")
            server.consume_input()
        return server.get_result()
