"""Fragment cache: rows of lists as HTML, kept until the content changes, and static fragments."""

from collections import OrderedDict
from functools import lru_cache

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language

# Some two kilobytes each; a map of the regions twenty.
ROWS_KEPT = 10_000


class RowStore:
    """A cache of the rows of one state of the content: a new state empties it."""

    def __init__(self, limit=ROWS_KEPT):
        self.limit = limit
        # Both in one, for threads of different states work here at a time.
        self.stamp_and_rows = (None, OrderedDict())

    def of(self, stamp):
        """Return the cached rows of a state of the content, as a dictionary to read and to fill.

        Any of them may be evicted at any time.
        """
        kept, rows = self.stamp_and_rows
        if stamp != kept:
            # Whoever still fills the older one keeps it to themselves.
            rows = OrderedDict()
            self.stamp_and_rows = (stamp, rows)
        while len(rows) > self.limit:
            rows.popitem(last=False)
        return rows


_store = RowStore()


def rendered_rows(view, pks, stamp):
    """Return the rows of records as HTML, in the order of their primary keys; see below."""
    found = rendered_by_key(view, pks, stamp)
    return [found[pk] for pk in pks if pk in found]


def rendered_by_key(view, pks, stamp):
    """Return ``{primary key: row as HTML}`` of the records that there are.

    Parameters: ``view``, a list view with ``row_template``, ``row_name`` (what the template calls
    the record) and ``records_with(pks)``; ``stamp``, the state of the content.
    """
    rows, language = _store.of(stamp), get_language()
    found = {pk: rows.get((view.list_name, language, pk)) for pk in pks}
    missing = [pk for pk, row in found.items() if row is None]
    if missing:
        template = get_template(view.row_template)
        for record in view.records_with(missing):
            row = template.render({view.row_name: record})
            found[record.pk] = rows[view.list_name, language, record.pk] = row
    return {pk: row for pk, row in found.items() if row is not None}


def kept(template_name, **values):
    """Render a template that depends on nothing but these values, once for each set of them.

    Parameters: ``values``, what the template reads, all hashable and few in number.
    """
    show = _rendered.__wrapped__ if settings.DEBUG else _rendered
    return show(template_name, get_language(), tuple(values.items()))


@lru_cache(maxsize=2000)
def _rendered(template_name, language, values):
    return render_to_string(template_name, dict(values))
