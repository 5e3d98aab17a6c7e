"""Running scheduled moves in front of the requests that would come too late for them."""

import logging
import threading
import time

from django.db import DatabaseError, close_old_connections

logger = logging.getLogger(__name__)

# Seconds until the next attempt, where the database did not take the changes.
PAUSE = 5

_turn = threading.Lock()
_retry_at = 0


def is_due(version):
    """Tell whether a row of the content version says that a scheduled move is due."""
    return len(version) > 2 and version[2] is not None and int(version[2]) <= time.time()


def run_before_request():
    """Do what is due; other threads wait, so that none of them sends a page from before it."""
    global _retry_at
    with _turn:
        if time.monotonic() < _retry_at:
            return
        # This runs outside of Django's handling of requests, which opens and closes them.
        close_old_connections()
        try:
            # The page cache is imported before Django has read its models.
            from futureind.publishing import scheduling

            scheduling.run_due()
        except DatabaseError:
            logger.exception("What is due could not be run")
            _retry_at = time.monotonic() + PAUSE
        finally:
            close_old_connections()
