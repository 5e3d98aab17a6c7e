"""Parts of pages as HTML: rows of lists, kept until the content changes, and what never changes."""

from collections import OrderedDict
from functools import lru_cache

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language

# Some two kilobytes each.
ROWS_KEPT = 10_000


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


def kept(template_name, **values):
    """Return a template as HTML that shows nothing but these values, rendered once for them.

    Parameters: ``values``, what the template reads, all hashable and few in number.
    """
    show = _rendered.__wrapped__ if settings.DEBUG else _rendered
    return show(template_name, get_language(), tuple(values.items()))


@lru_cache(maxsize=2000)
def _rendered(template_name, language, values):
    return render_to_string(template_name, dict(values))
