"""Dry runs: write something, look at the result, and roll it back."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone():
    """Roll back at its end whatever a block writes."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def trial(record):
    """Roll back at its end whatever a block writes to a record.

    Yields a copy of the record, since a rollback does not undo changes of the object in memory.
    """
    with undone():
        yield type(record)._base_manager.get(pk=record.pk)
