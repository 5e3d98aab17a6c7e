"""Periodic tasks of a worker, beside its jobs: at intervals, and when no job waits.

Each is registered by the app that it belongs to.
"""

import logging
import threading
import time

from django.db import Error, close_old_connections, connections

logger = logging.getLogger(__name__)

# Seconds between two looks for a job.
PAUSE = 1.0
# Seconds between two rounds of chores: beside an import what is due takes another one.
ROUND = 0.25
# Functions without arguments, with how many seconds after its end each is done again.
CHORES = {}
FOR_PAUSES = []


def register(chore, *, every=ROUND):
    """Let workers call a function, without arguments, every so many seconds. Returns it."""
    CHORES[chore] = every
    return chore


def register_for_pauses(chore):
    """Let workers call a function, without arguments, when no job waits. It may take long."""
    FOR_PAUSES.append(chore)
    return chore


def do_all(chores):
    """Do every chore once; what fails is left to its next turn, and keeps no other back."""
    for chore in chores:
        try:
            chore()
        except Error as error:
            logger.warning("%s is left for another attempt: %s", chore.__qualname__, error)
        except Exception:
            logger.exception("%s failed.", chore.__qualname__)


class Rounds(threading.Thread):
    """Does the chores until it is stopped, also while the worker is busy with a long job."""

    def __init__(self):
        super().__init__(name="chores", daemon=True)
        self.is_to_end = threading.Event()
        self.done_at = {}

    def run(self):
        while not self.is_to_end.wait(ROUND):
            close_old_connections()
            for chore in self.due():
                do_all([chore])
                self.done_at[chore] = time.monotonic()
        # The thread ends, and nobody else uses them.
        connections.close_all()

    def due(self):
        now = time.monotonic()
        return [c for c, every in CHORES.items() if now - self.done_at.get(c, -every) >= every]

    def stop(self):
        """End after the chore at hand, which is waited for."""
        self.is_to_end.set()
        self.join()
