"""One definition of what a list says of a record: its columns, for all forms alike."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter


@dataclass(frozen=True)
class Column:
    """A named value of a record: text, number, date, bool, None, or a list of dictionaries.

    ``read`` is a function of the record. A list of dictionaries, such as
    ``[{"slug": "future-energy", "basis": "stated"}]``, stands in one cell of a table.
    """

    name: str
    read: Callable

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
        made.append(Column(title, path_reader(path or title)))
    return made


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
