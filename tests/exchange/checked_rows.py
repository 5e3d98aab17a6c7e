"""Check the rows of a CSV file or a workbook, and read what is said of each."""

import io

from django.contrib.auth import get_user_model
from openpyxl import Workbook

from futureind.exchange.checking import Check
from futureind.exchange.files.reader import tables_in
from futureind.exchange.kinds import kind_named
from futureind.exchange.models import Outcome
from futureind.exchange.rows import differences_of

DOCUMENT = {
    "title_en": "Office trial of a sheet",
    "title_zh": "办公表格试验文件",
    "document_number": "办试〔2031〕1号",
    "document_type": "notice",
    "level": "national",
}
TARGET = {
    "document": "future-industries-opinions-2024",
    "kind": "quantitative",
    "statement_en": "A trial of numbers",
    "statement_zh": "数字试验",
    "metric_zh": "占比",
    "comparator": "ge",
    "unit": "percent",
    "due_date": "2027-12-31",
    "due_precision": "year",
}
NEW, CHANGED, UNCHANGED, REFUSED = (
    Outcome.CREATED,
    Outcome.CHANGED,
    Outcome.UNCHANGED,
    Outcome.REFUSED,
)


def check(data, ending, kind):
    """Read the bytes of a file and check them; returns the rows and the records that change."""
    kind = kind_named(kind)
    tables = [
        {"name": kind.name, "kind": kind.name, "rows": table.rows}
        for table in tables_in(ending, data)
    ]
    found = Check(tables, get_user_model().objects.get(username="contributor"))
    roots = found.run()
    return found.rows, roots


def check_csv(kind, *rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    return check(text.encode(), "csv", kind)


def check_sheet(kind, *rows, formats=None, merged=()):
    """Check rows of a workbook; ``formats``, the number formats of columns in each row."""
    book, data = Workbook(), io.BytesIO()
    sheet = book.active
    columns = list(dict.fromkeys(name for row in rows for name in row))
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(name) for name in columns])
    for number, by_column in enumerate(formats or (), start=2):
        for name, number_format in by_column.items():
            sheet.cell(number, columns.index(name) + 1).number_format = number_format
    for place in merged:
        sheet.merge_cells(place)
    book.save(data)
    return check(data.getvalue(), "xlsx", kind)


def outcomes(rows):
    return [row.outcome for row in rows]


def refused(row):
    """Return the columns of a row that are refused."""
    return [column for column, _value, _message in row.problems]


def reasons(row):
    return " ".join(message for _column, _value, message in row.problems)


def readings(row):
    return [(d[0][0], d[2], d[3]) for d in differences_of(row) if d[0][-1] == "read as"]
