"""Uploaded files read into tables of texts: CSV, XLSX, JSON, in known encodings, within limits.

Nothing is computed or guessed: a formula is refused, and so is an encoding that is not known.
What a file does to whoever reads it happens in a process of its own, which is ended in time.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading

from django.conf import settings
from django.utils.translation import gettext_noop as _

from futureind.exchange.files.reader import NO_MEMORY
from futureind.exchange.tables import MEGABYTE, MOST_BYTES, MOST_ROWS, FileError, Table, TooManyRows

logger = logging.getLogger(__name__)

COMMAND = ("-m", "futureind.exchange.files.reader")
ENDINGS = ("csv", "json", "xlsx")
# More than the processor time that the reader has, since others work as well.
MOST_WAIT = 60
# What a process needs to start; secrets are nothing to whoever reads a stranger's file.
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
# Whoever else uploads meanwhile waits so long at most: a waiting request holds a thread.
MOST_QUEUE = 5
_turn = threading.Lock()


def read_tables(name, data):
    """Return the tables of a file, by the end of its name. Raises FileError."""
    if len(data) > MOST_BYTES:
        size, limit = len(data) // MEGABYTE, MOST_BYTES // MEGABYTE
        message = _("The file has %(size)d MB; at most %(limit)d MB are read. Split it.")
        raise FileError(message, size=size, limit=limit)
    ending = name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise FileError(_("Only CSV, XLSX and JSON are read (by the end of the file's name)."))
    return checked([table for table in read_apart(name, ending, data) if table.columns])


def checked(tables):
    """Return the tables of a file; raises FileError for too few or too many rows in all."""
    if not any(table.rows for table in tables):
        raise FileError(_("There are no rows in the file."))
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise TooManyRows
    return tables


def read_apart(name, ending, data):
    """Return the tables that a process of its own reads; raises FileError."""
    if not _turn.acquire(timeout=MOST_QUEUE):
        raise FileError(_("Another file is being read just now. Try again in a moment."))
    try:
        output, status = run_reader(ending, data)
    finally:
        _turn.release()
    return Answer(name).read(output, status)


def run_reader(ending, data):
    """Return what the reader wrote, and how it ended: its exit status, None where it was ended."""
    process = subprocess.Popen(  # noqa: S603 – the ending is one of three
        [sys.executable, *COMMAND, ending],
        cwd=settings.BASE_DIR,
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        output, errors = process.communicate(data, timeout=MOST_WAIT)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _errors = process.communicate()
        return output, None
    if process.returncode not in (0, NO_MEMORY):
        logger.warning("The reader of a file ended: %s", errors.decode(errors="replace")[-500:])
    return output, process.returncode


class Answer:
    """What the reader said of a file, line by line."""

    def __init__(self, name):
        self.part = name[:200]
        self.tables = []

    def read(self, output, status):
        """Return the tables; raises FileError with what the reader said, or why it was ended."""
        for line in output.split(b"\n"):
            if not line.endswith(b"]"):
                # It was ended in the middle of a line, or after the last.
                break
            kind, *values = json.loads(line)
            if kind == "end":
                return self.tables
            getattr(self, f"take_{kind}")(*values)
        raise FileError(why_ended(status), part=self.part)

    def take_part(self, part):
        self.part = part[:200]

    def take_table(self, name, columns):
        self.tables.append(Table(name, columns))

    def take_row(self, cells, row):
        table = self.tables[-1]
        pairs = zip(table.columns, cells, strict=True)
        row["cells"] = {name: text for name, text in pairs if text is not None}
        table.rows.append(row)

    def take_error(self, message, values):
        raise FileError(message, **values)


def why_ended(status):
    """Return the sentence for a reader that ended before it had read the file."""
    if status in (None, -signal.SIGXCPU, -signal.SIGKILL):
        return _("Reading “%(part)s” takes longer than is waited for. Split the file.")
    if status == NO_MEMORY:
        return _("Reading “%(part)s” takes more memory than is given to it. Split the file.")
    return _("“%(part)s” cannot be read.")
