"""Running scheduled moves in front of the requests that would come too late for them."""

import logging
import threading
import time

from django.db import Error, close_old_connections

from futureind.core.locks import waiting_at_most

logger = logging.getLogger(__name__)

# Seconds until the next attempt, where the database did not take the changes.
PAUSE = 5
# Seconds for which a request waits for another one that does what is due.
TURN = 1
# Milliseconds for which what is due waits for whoever is changing records. Less than the turn, so
# that those who wait for it mostly learn what came of it.
LOCK_WAIT = 500

_turn = threading.Lock()
_retry_at = 0


def is_due(version):
    """Tell whether a row of the content version says that a scheduled move is due."""
    return len(version) > 2 and version[2] is not None and int(version[2]) <= time.time()


def run_before_request():
    """Do what is due; other threads wait, so that none of them sends a page from before it.

    Where it takes long, because somebody holds the database up, pages are sent as they are.
    """
    global _retry_at
    if time.monotonic() < _retry_at:
        return
    if not _turn.acquire(timeout=TURN):
        _retry_at = time.monotonic() + PAUSE
        return
    try:
        if time.monotonic() >= _retry_at:
            _retry_at = 0 if run() else time.monotonic() + PAUSE
    finally:
        _turn.release()


def run():
    """Do what is due; tell whether the database took it."""
    # This runs outside of Django's handling of requests, which opens and closes them.
    close_old_connections()
    try:
        # The page cache is imported before Django has read its models.
        from futureind.publishing import scheduling

        with waiting_at_most(LOCK_WAIT):
            scheduling.run_due()
    except Error:
        logger.exception("What is due could not be run")
        return False
    finally:
        close_old_connections()
    return True
