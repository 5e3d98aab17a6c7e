"""Django's SQLite backend, made safe for threads that wait for each other's transactions."""

import sqlite3

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from futureind.core.locks import GLANCE, ORDERS, QUESTIONS, ROOM

# What never waits for whoever writes, as statements begin.
READS = ("SELECT", "PRAGMA", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits in turn to write, and leaves no open cursor behind where it fails."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(write_in_turn)

    def _start_transaction_under_autocommit(self):
        # A cursor that is not closed lives on in the traceback of "database is locked". Garbage is
        # collected in whatever thread; freeing a cursor there waits until its connection is idle,
        # and that one may be waiting for the very transaction of the thread that collects.
        with self.cursor() as cursor:
            cursor.execute(f"BEGIN {self.transaction_mode}")


def write_in_turn(execute, sql, params, many, context):
    """Execute a statement; one that writes or begins a transaction takes a place in WaitingRoom.

    SQLite has one writer at a time. Within a transaction this connection has the lock already.
    """
    connection = context["connection"]
    if ROOM.places is None or connection.in_atomic_block or sql.lstrip().startswith(READS):
        return execute(sql, params, many, context)
    raw = connection.connection
    [patience] = raw.execute(QUESTIONS["sqlite"]).fetchone()
    if patience <= GLANCE:
        return execute(sql, params, many, context)
    if ROOM.waiting == 0:
        raw.execute(ORDERS["sqlite"].format(GLANCE))
        try:
            return execute(sql, params, many, context)
        except OperationalError as error:
            if not is_busy(error):
                raise
        finally:
            raw.execute(ORDERS["sqlite"].format(patience))
    with ROOM.place():
        return execute(sql, params, many, context)


def is_busy(error):
    """Tell whether an error of Django says that somebody else writes."""
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY
