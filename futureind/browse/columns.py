"""One definition of what a list says of a record: its columns, for all forms alike."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from django.conf import settings

from futureind.publishing.models.records import PublicationState


@dataclass(frozen=True)
class Column:
    """A named value of a record: text, number, date, bool, None, or a list of dictionaries.

    ``read`` is a function of the record. A list of dictionaries, such as
    ``[{"slug": "future-energy", "basis": "stated"}]``, stands in one cell of a table.
    """

    name: str
    read: Callable
    # Where it stands in the record, if it is one column of it: a dotted path.
    path: str = ""

    def as_json(self, record):
        value = self.read(record)
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        if isinstance(value, datetime.datetime | datetime.date):
            return value.isoformat()
        return None if value == "" else value


def columns(*names):
    """Return columns that read attributes of the same name; ``a=b.c`` reads a path as ``a``."""
    made = []
    for name in names:
        title, _equals, path = name.partition("=")
        made.append(Column(title, path_reader(path or title), path or title))
    return made


def reference(name, path, text="name"):
    """Return the columns that name another record: its slug, and its name in both languages.

    Parameters: ``name`` of the column with the slug; ``path``, dotted, to the record; ``text``, the
    beginning of the columns with its name there.
    """
    names = [f"{name}_name_{language}={path}.{text}_{language}" for language in ("en", "zh")]
    return columns(f"{name}={path}.slug", *names)


def names_of(name, read):
    """Return the columns with the names of the records that ``read`` returns for a record."""
    return [names_in(f"{name}_{column}", column, read) for column in ("name_en", "name_zh")]


def names_in(name, column, read):
    return Column(name, lambda record: [getattr(other, column) for other in read(record)])


def path_reader(path):
    """Return a function that follows a dotted path; None where a step is missing or hidden."""
    steps = [attrgetter(step) for step in path.split(".")]

    def read(record):
        for step in steps:
            if record is None or not is_seen(record):
                return None
            record = step(record)
        return record

    return read


def is_seen(record):
    """Tell whether a record is no draft and was not withdrawn itself, whatever it stands in."""
    state = getattr(record, "publication_state", PublicationState.PUBLISHED)
    return state == PublicationState.PUBLISHED


ADDRESS = Column("url", lambda record: settings.SITE_URL + record.get_absolute_url())
