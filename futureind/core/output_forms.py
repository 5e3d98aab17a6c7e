"""Output formats of pages beside HTML: one registration each, by the suffix of addresses.

A page knows none of them. It returns an :class:`~futureind.browse.answers.Answer` with a table,
with data, or with both, and each format takes what it needs.
"""

import csv
import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path, register_converter

# Spreadsheets take a text that begins so for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# The registered forms by name, in the order in which pages offer them.
FORMS = {}


@dataclass(frozen=True)
class Table:
    """Named rows: ``rows`` are dictionaries by ``names``, read once and while they are sent.

    A value is a text, number, date, bool or None, or a list of dictionaries such as
    ``[{"slug": "future-energy", "basis": "stated"}]``. ``file_name`` is without an ending.
    ``notes``, a function, returns what the table is, as ``(title, [line, …])`` with lines of cells.
    """

    file_name: str
    names: list
    rows: Iterable
    notes: Callable | None = None


class Problem(Exception):
    """Why there is no table, or no data, though parameters are good for the page."""

    def __init__(self, status, errors):
        super().__init__(status, errors)
        self.status, self.errors = status, errors


@dataclass(frozen=True)
class OutputForm:
    """An output format: its ``name`` is the suffix in addresses, its ``label`` stands on pages.

    Subclasses have ``part_of(answer)``, which returns the function of the answer that they need
    (None where the page has no such), and ``response(part)``, which writes its result.
    """

    name: str
    label: str
    content_type: str
    write: Callable

    # Whether it is sent while it is made.
    is_streamed = False
    # Whether pages announce it to programs that come back by themselves.
    is_announced = False

    @property
    def media_type(self):
        """The type without its parameters, as links name it."""
        return self.content_type.partition(";")[0]


class TableForm(OutputForm):
    """A format for tables: ``write(names, rows)`` yields a file piece by piece, as it is sent."""

    is_streamed = True

    def part_of(self, answer):
        return answer.table

    def response(self, table):
        response = StreamingHttpResponse(
            self.write(table.names, table.rows), content_type=self.content_type
        )
        response["Content-Disposition"] = f'attachment; filename="{table.file_name}.{self.name}"'
        return response


class DataForm(OutputForm):
    """A format for data: ``write(data)`` returns it as one text."""

    def part_of(self, answer):
        return answer.data

    def response(self, data):
        return HttpResponse(self.write(data), content_type=self.content_type)


def register(form):
    """Register an output format, which all pages then offer. Returns it."""
    FORMS[form.name] = form
    return form


class FormConverter:
    """The suffix of an address; only what is registered when a request comes is one."""

    regex = "[a-z0-9]+"

    def to_python(self, value):
        if value not in FORMS:
            raise ValueError
        return FORMS[value]

    def to_url(self, form):
        return form.name


register_converter(FormConverter, "form")


def page_paths(address, view, url_name):
    """Return the addresses of a page and of its other forms.

    Parameters: ``address`` without a slash at its end; ``view``, a function; ``url_name`` of the
    page.
    """
    return [
        path(f"{address}/", view, name=url_name),
        path(f"{address}.<form:form>", view, name=f"{url_name}-form"),
    ]


class Echo:
    """A file that hands back what is written to it, for the csv module."""

    def write(self, text):
        return text


def csv_lines(names, rows):
    """Yield a CSV; without a byte-order mark at its beginning spreadsheets garble Chinese."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    for line in itertools.chain([names], ([cell(row[name]) for name in names] for row in rows)):
        yield writer.writerow(line)


def cell(value):
    """Return a value as it stands in a cell of a CSV."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        value = joined_items(value)
    return safe_cell(str(value)) if isinstance(value, str) else value


def joined_items(items):
    """Return a list as it stands in one cell."""
    return "; ".join(map(cell_of, items))


def cell_of(item):
    """Return one item of a list as it stands in a cell: ``slug (stated, exact)``."""
    if not isinstance(item, dict):
        return str(item)
    first, *rest = (str(value) for value in item.values() if value not in (None, ""))
    return f"{first} ({', '.join(rest)})" if rest else first


def safe_cell(text):
    """Return a text that no spreadsheet takes for a formula.

    Source: https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def json_text(data):
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)


CSV = register(TableForm("csv", "CSV", "text/csv; charset=utf-8", csv_lines))
JSON = register(DataForm("json", "JSON", "application/json", json_text))
