"""For how long statements wait for what another transaction holds."""

from contextlib import contextmanager

from django.db import connection

# How each kind of database is asked for its patience, and given another.
QUESTIONS = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
ORDERS = {"sqlite": "PRAGMA busy_timeout = {}", "postgresql": "SET lock_timeout = '{}'"}


@contextmanager
def waiting_at_most(milliseconds):
    """Let statements within the block give up soon, with OperationalError.

    PostgreSQL waits without end by default, and SQLite, which has one writer at a time, as long as
    the settings say. The block is to stand outside of any transaction.
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
