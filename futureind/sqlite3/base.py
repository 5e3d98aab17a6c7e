"""Django's SQLite backend, made safe for threads that wait for each other's transactions."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that leaves no open cursor behind when a transaction cannot begin."""

    def _start_transaction_under_autocommit(self):
        # A cursor that is not closed lives on in the traceback of "database is locked". Garbage is
        # collected in whatever thread; freeing a cursor there waits until its connection is idle,
        # and that one may be waiting for the very transaction of the thread that collects.
        with self.cursor() as cursor:
            cursor.execute(f"BEGIN {self.transaction_mode}")
