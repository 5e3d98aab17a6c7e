"""The content version: a single row that every change increments, and caches compare."""

import secrets
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The stamp that the current request has read: a list of at most one.
_stamp_read = ContextVar("stamp_read", default=None)


class ContentVersion(models.Model):
    """One row: incremented by every change in its own transaction, read by caches."""

    ROW = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ROW, editable=False)
    number = models.BigIntegerField(_("number"), default=0)
    raised_at = models.DateTimeField(_("raised at"), null=True)

    class Meta:
        verbose_name = _("content version")
        verbose_name_plural = _("content versions")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="content_version_one_row")]

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls):
        """Return the number now, 0 before the first change."""
        return cls.objects.filter(pk=cls.ROW).values_list("number", flat=True).first() or 0

    @classmethod
    def stamp(cls):
        """Return the number and the time of its last increment, None before the first change.

        To be compared for equality only. After a rollback or a restored backup the number alone may
        come a second time, the pair never does. Within :func:`stamp_read_once` it is read once.
        """
        read = _stamp_read.get()
        if read is None:
            return cls._read_stamp()
        if not read:
            read.append(cls._read_stamp())
        return read[0]

    @classmethod
    def _read_stamp(cls):
        # Read by every page that is not cached, so not through the ORM.
        table = cls._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT number, raised_at FROM {table} WHERE id = {cls.ROW}")  # noqa: S608
            return cursor.fetchone()

    @classmethod
    def raise_number(cls):
        # The stamp that was read is outdated; none is cached, as the change may yet be rolled back.
        _stamp_read.set(None)
        raised = cls.objects.filter(pk=cls.ROW).update(
            number=F("number") + 1, raised_at=timezone.now()
        )
        if not raised:
            cls.objects.create(number=1, raised_at=timezone.now())


@contextmanager
def stamp_read_once():
    """Read the stamp once within the block, and anew after the block itself changes content."""
    token = _stamp_read.set([])
    try:
        yield
    finally:
        _stamp_read.reset(token)


@contextmanager
def stamp_of_its_own():
    """Use a unique stamp within the block, so that nothing cached under it is read by others."""
    token = _stamp_read.set([("apart", secrets.token_hex(8))])
    try:
        yield
    finally:
        _stamp_read.reset(token)
