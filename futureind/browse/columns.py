"""One definition of what a list says of a record: its columns, for all forms alike."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from django.conf import settings


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
    return [
        Column(f"{name}_name_en", lambda record: [other.name_en for other in read(record)]),
        Column(f"{name}_name_zh", lambda record: [other.name_zh for other in read(record)]),
    ]


def path_reader(path):
    """Return a function that follows a dotted path; None where a step of it is missing."""
    steps = [attrgetter(step) for step in path.split(".")]

    def read(record):
        for step in steps:
            if record is None:
                return None
            record = step(record)
        return record

    return read


ADDRESS = Column("url", lambda record: settings.SITE_URL + record.get_absolute_url())
