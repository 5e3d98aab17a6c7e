"""For how long statements wait for what another transaction holds, and how many wait at once."""

import threading
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

# How each kind of database is asked for its patience, and given another.
QUESTIONS = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
ORDERS = {"sqlite": "PRAGMA busy_timeout = {}", "postgresql": "SET lock_timeout = '{}'"}

# Milliseconds for which whoever writes waits without a place: most are done sooner.
GLANCE = 250
# Seconds between two looks whether it is one's turn.
LOOK = 0.01


class NoTurn(OperationalError):
    """As many wait for their turn already as may."""


class WaitingRoom:
    """Those threads of a process that wait until they may write.

    A process answers with few threads. If all of them waited for one that writes, nobody could
    read. ``places`` is how many may wait, None where nobody else is held up by that.
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
    """Make this process one that answers requests: no thread waits long, and not all of them."""
    ROOM.places = max(1, settings.WEB_THREADS // 2)
    connection_created.connect(limit_patience, dispatch_uid="futureind.locks")


def limit_patience(sender, connection, **kwargs):
    """Tell a new connection how long a request may wait, for a lock and for an answer."""
    milliseconds = max(1, settings.LOCK_SECONDS) * 1000
    orders = [ORDERS[connection.vendor].format(milliseconds)]
    if connection.vendor == "postgresql":
        orders.append(f"SET statement_timeout = '{settings.STATEMENT_SECONDS}s'")
        # Who computes for so long within a transaction keeps all others from writing.
        orders.append(f"SET idle_in_transaction_session_timeout = '{settings.STATEMENT_SECONDS}s'")
    with connection.cursor() as cursor:
        for order in orders:
            cursor.execute(order)


def lock_in_turn(rows):
    """Lock the first of the rows of a queryset, in PostgreSQL, when nobody else has it.

    Raises OperationalError where that takes too long, or too many wait already.
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
    """Let statements within the block give up soon, with OperationalError.

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
