"""Operational errors of the database (busy, read-only, full, away), in words for people."""

import sqlite3

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from futureind.core.locks import NoTurn


class Trouble(TextChoices):
    """Why nothing could be saved, or read; a faulty SQL statement is not among the reasons."""

    BUSY = "busy", _("Another change takes long, and yours did not get its turn.")
    READ_ONLY = "read-only", _("The site can be read but not written to at present.")
    FULL = "full", _("The disk of the site is full, so it cannot keep anything.")
    AWAY = "away", _("The database of the site does not answer.")


SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR: Trouble.AWAY,
    sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
}
# PostgreSQL: a limit of time that was reached, a deadlock, a standby, a disk; and what begins so.
POSTGRESQL = {
    "55P03": Trouble.BUSY,
    "57014": Trouble.BUSY,
    "40P01": Trouble.BUSY,
    "40001": Trouble.BUSY,
    "25006": Trouble.READ_ONLY,
    "53100": Trouble.FULL,
    "25P03": Trouble.BUSY,
}
AWAY_BEGINS = ("08", "53", "57P", "58")


def trouble_of(error):
    """Return the :class:`Trouble` behind an exception, None for any other error."""
    if isinstance(error, NoTurn):
        return Trouble.BUSY
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # The connection was lost, or could not be made: the server has said nothing.
        return Trouble.AWAY if isinstance(error, OperationalError | InterfaceError) else None
    return POSTGRESQL.get(state) or (Trouble.AWAY if state.startswith(AWAY_BEGINS) else None)
