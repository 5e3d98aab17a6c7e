"""What a worker does beside its jobs: every second, and when no job waits.

Each is registered by the room that it is for.
"""

import logging
import threading

from django.db import Error, close_old_connections

logger = logging.getLogger(__name__)

# Seconds between two rounds.
PAUSE = 1.0
CHORES = []
FOR_PAUSES = []


def register(chore):
    """Let workers call a function, without arguments, every second. Returns it."""
    CHORES.append(chore)
    return chore


def register_for_pauses(chore):
    """Let workers call a function, without arguments, when no job waits. It may take long."""
    FOR_PAUSES.append(chore)
    return chore


def do_all(chores):
    """Do every chore once; what the database does not take now is left to the next round."""
    for chore in chores:
        try:
            chore()
        except Error as error:
            logger.warning("%s is left for another attempt: %s", chore.__qualname__, error)


class Rounds(threading.Thread):
    """Does the chores until it is stopped, also while the worker is busy with a long job."""

    def __init__(self):
        super().__init__(name="chores", daemon=True)
        self.is_to_end = threading.Event()

    def run(self):
        while not self.is_to_end.wait(PAUSE):
            close_old_connections()
            try:
                do_all(CHORES)
            except Exception:
                logger.exception("A chore failed.")
        close_old_connections()

    def stop(self):
        """End after the chore at hand, which is waited for."""
        self.is_to_end.set()
        self.join()
