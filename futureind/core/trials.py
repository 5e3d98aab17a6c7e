"""Writing something to see what would come of it."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone():
    """Undo at its end whatever a block writes."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def trial(record):
    """Undo at its end whatever a block writes to a record.

    Yields a copy of the record, since what is undone in the database stays in memory.
    """
    with undone():
        yield type(record)._base_manager.get(pk=record.pk)
