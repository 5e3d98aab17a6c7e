"""Lock timeouts of the database, and a limit on how many threads wait for the write lock."""

import threading
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

# How the lock timeout of each kind of database is read and set.
QUESTIONS = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
ORDERS = {"sqlite": "PRAGMA busy_timeout = {}", "postgresql": "SET lock_timeout = '{}'"}

# Milliseconds to wait for the lock without a place: most changes are done sooner.
GLANCE = 250
# Seconds between two attempts to take the lock.
LOOK = 0.01


class NoTurn(OperationalError):
    """Too many threads wait for the write lock already."""


class WaitingRoom:
    """A bounded semaphore: the threads of a process that may wait for the write lock.

    A process answers with few threads. If all of them waited for one that writes, nobody could
    read. ``places`` is how many may wait, None (no limit) in a process that answers no requests.
    """

    def __init__(self, places=None):
        self.places = places
        self.waiting = 0
        self.door = threading.Lock()

    @contextmanager
    def place(self):
        """Hold a place within the block; raises NoTurn where none is left."""
        with self.door:
            if self.places is not None and self.waiting >= self.places:
                raise NoTurn("too many wait for their turn to write")
            self.waiting += 1
        try:
            yield
        finally:
            with self.door:
                self.waiting -= 1


ROOM = WaitingRoom()


def answer_requests():
    """Set this process up for requests: lock timeouts, and a limit on waiting threads."""
    ROOM.places = max(1, settings.WEB_THREADS // 2)
    connection_created.connect(limit_patience, dispatch_uid="futureind.locks")


def limit_patience(sender, connection, **kwargs):
    """Set the lock timeout and the statement timeout of a new connection."""
    milliseconds = max(1, settings.LOCK_SECONDS) * 1000
    orders = [ORDERS[connection.vendor].format(milliseconds)]
    if connection.vendor == "postgresql":
        orders.append(f"SET statement_timeout = '{settings.STATEMENT_SECONDS}s'")
        # A transaction that is idle for so long blocks all other writers.
        orders.append(f"SET idle_in_transaction_session_timeout = '{settings.STATEMENT_SECONDS}s'")
    with connection.cursor() as cursor:
        for order in orders:
            cursor.execute(order)


def lock_in_turn(rows):
    """Lock the first of the rows of a queryset, in PostgreSQL, when it is free.

    Raises OperationalError where that takes too long, or too many threads wait already.
    """
    if ROOM.places is None or not connection.features.has_select_for_update:
        rows.select_for_update().first()
        return
    if ROOM.waiting == 0 and locked_soon(rows):
        return
    with ROOM.place():
        rows.select_for_update().first()


def locked_soon(rows):
    """Lock the first row if it is free at a glance; tell whether it was."""
    end = time.monotonic() + GLANCE / 1000
    # A statement that ran into its limit would end the transaction.
    while rows.select_for_update(skip_locked=True).first() is None:
        if time.monotonic() > end:
            return False
        time.sleep(LOOK)
    return True


@contextmanager
def waiting_at_most(milliseconds):
    """Set a short lock timeout for the statements within the block: they raise OperationalError.

    The block is to stand outside of any transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(QUESTIONS[connection.vendor])
        [usual] = cursor.fetchone()
    be_patient(milliseconds)
    try:
        yield
    finally:
        # A connection that was lost meanwhile is made anew as it usually is.
        if connection.connection is not None:
            be_patient(usual)


def be_patient(time):
    with connection.cursor() as cursor:
        cursor.execute(ORDERS[connection.vendor].format(time))
