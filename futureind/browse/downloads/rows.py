"""The rows of a list's table, read by chunks while they are sent."""

from django.utils.translation import get_language, override

from futureind.browse.results import in_order
from futureind.publishing.models.content_version import stamp_read_once

# Records fetched at a time.
CHUNK = 500


def rows_of(records, pks, columns):
    """Return an iterator over the rows of records, as a Table has them.

    Parameters: ``records``, a queryset with all that the columns read; ``pks``, in their order. The
    response has begun when they are read, so they bring its language with them.
    """
    return _rows(records, pks, columns, get_language())


def _rows(records, pks, columns, language):
    for start in range(0, len(pks), CHUNK):
        with override(language), stamp_read_once():
            chunk = in_order(records, pks[start : start + CHUNK])
            rows = [{column.name: column.read(record) for column in columns} for record in chunk]
        yield from rows
