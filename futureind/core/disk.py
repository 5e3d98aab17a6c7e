"""Whether the folders that the site writes to can be written."""

import errno
import os
import tempfile
import threading
import time
from pathlib import Path

from django.conf import settings

# What one save may need.
PROBE_BYTES = 1024 * 1024
# Seconds that an answer holds, so that whoever asks often writes little.
HOLDS = 5
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Disk:
    """Tries to write to folders, at most every few seconds.

    Parameter: ``folders``, ``{name: path}``.
    """

    def __init__(self, folders):
        self.folders = folders
        self.lock = threading.Lock()
        self.tried_at = None
        self.found = dict.fromkeys(folders, "ok")

    def state(self):
        """Return ``{name: "ok", "full", "read-only" or another reason}``.

        One thread tries; others get the last answer, since a disk that hangs would hold up all.
        """
        is_old = self.tried_at is None or time.monotonic() - self.tried_at > HOLDS
        if is_old and self.lock.acquire(blocking=False):
            try:
                self.found = {name: try_to_write(path) for name, path in self.folders.items()}
                self.tried_at = time.monotonic()
            finally:
                self.lock.release()
        return self.found


def try_to_write(folder):
    """Return "ok", or why nothing can be written into a folder; nothing stays in it."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * PROBE_BYTES)
            file.flush()
    except OSError as error:
        return reason_of(error)
    return "ok"


def reason_of(error):
    """Return "full", "read-only" or the system's own words for an OSError."""
    if error.errno in FULL:
        return "full"
    if error.errno == errno.EROFS:
        return "read-only"
    return os.strerror(error.errno).lower() if error.errno else str(error)


def written_folders():
    """Return ``{name: path}`` of the folders that the site writes to while it runs."""
    folders = {"var": settings.VAR_DIR, "uploads": Path(tempfile.gettempdir())}
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "futureind.core.sqlite3":
        folders["database"] = Path(database["NAME"]).parent
    return folders


disk = Disk(written_folders())
