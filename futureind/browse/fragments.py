"""Rows of lists as HTML, kept until the content changes."""

from collections import OrderedDict

from django.template.loader import get_template
from django.utils.translation import get_language

# Some two kilobytes each.
ROWS_KEPT = 5000


class RowStore:
    """The rows of one state of the content: a new state empties it."""

    def __init__(self, limit=ROWS_KEPT):
        self.limit = limit
        self.stamp = None
        self.rows = OrderedDict()

    def of(self, stamp):
        """Return the rows of a state of the content, as a dictionary to read and to fill."""
        if stamp != self.stamp:
            # Whoever still fills the older one keeps it to themselves.
            self.stamp, self.rows = stamp, OrderedDict()
        while len(self.rows) > self.limit:
            self.rows.popitem(last=False)
        return self.rows


_store = RowStore()


def rendered_rows(view, pks, stamp):
    """Return the rows of records as HTML, in the order of their primary keys.

    Parameters: ``view``, a list view with ``row_template``, ``row_name`` (what the template calls
    the record) and ``records_with(pks)``; ``stamp``, the state of the content.
    """
    rows = _store.of(stamp)
    keys = {pk: (view.list_name, get_language(), pk) for pk in pks}
    missing = [pk for pk in pks if keys[pk] not in rows]
    if missing:
        template = get_template(view.row_template)
        for record in view.records_with(missing):
            rows[keys[record.pk]] = template.render({view.row_name: record})
    return [rows[keys[pk]] for pk in pks if keys[pk] in rows]
