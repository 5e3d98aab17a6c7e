"""Uploaded files read into tables of texts: CSV, XLSX, JSON, in known encodings, within limits.

Nothing is computed or guessed: a formula is refused, and so is an encoding that is not known.
"""

import codecs
import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from django.utils.translation import gettext as _
from openpyxl import load_workbook

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_UNPACKED = 100 * MEGABYTE
MOST_FILES_IN_ZIP = 500
MOST_ROWS = 20_000
# In all sheets of a workbook, empty ones above a row too: one cell far down makes thousands.
MOST_ROWS_SEEN = 5 * MOST_ROWS
MOST_COLUMNS = 100
MOST_CHARACTERS = 32_767
# What a spreadsheet would take for a formula; exports write an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Nearly all Chinese text is written with these characters; a wrong encoding hardly hits them.
COMMON_CHINESE = "gb2312"
SHARE_OF_COMMON = 0.85


class FileError(Exception):
    """Why a file cannot be read at all, as a sentence."""


@dataclass
class Table:
    """One sheet: its name, the heads of its columns, and its rows with their numbers in the file.

    A cell that holds a formula stands in ``formulas`` of its row.
    """

    name: str
    columns: list[str]
    rows: list[dict] = field(default_factory=list)


def read_tables(name, data):
    """Return the tables of a file, by the end of its name. Raises FileError."""
    if len(data) > MOST_BYTES:
        raise FileError(
            _("The file has %(size)d MB; at most %(limit)d MB are read. Split it.")
            % {"size": len(data) // MEGABYTE, "limit": MOST_BYTES // MEGABYTE}
        )
    ending = name.rpartition(".")[2].lower()
    readers = {"csv": read_csv, "json": read_json, "xlsx": read_xlsx}
    if ending not in readers:
        raise FileError(_("Only CSV, XLSX and JSON are read (by the end of the file's name)."))
    tables = [table for table in readers[ending](name, data) if table.rows or table.columns]
    if not any(table.rows for table in tables):
        raise FileError(_("There are no rows in the file."))
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise FileError(_("It has more than %(count)d rows. Split it.") % {"count": MOST_ROWS})
    return tables


# Texts


def decoded(data):
    """Return the text of bytes in UTF-8, UTF-16 (with its mark) or GB18030; raises FileError."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return without_nulls(decoded_as(data, encoding))
    text = decoded_as(data, "utf-8")
    if text is None:
        text = decoded_as(data, "gb18030")
        if text is not None and not looks_chinese(text):
            text = None
    return without_nulls(text)


def decoded_as(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def looks_chinese(text):
    """Tell whether a text that was read as GB18030 was written so."""
    others = [sign for sign in text if not sign.isascii()]
    common = sum(1 for sign in others if can_be(sign, COMMON_CHINESE))
    return common >= SHARE_OF_COMMON * len(others)


def can_be(sign, encoding):
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def without_nulls(text):
    if text is None or "\0" in text:
        raise FileError(_("The text is neither UTF-8 nor UTF-16 (with its mark) nor GB18030."))
    return text


def read_csv(name, data):
    text = decoded(data)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise FileError(_("This is not CSV: %(reason)s.") % {"reason": error}) from None
    plain = [[unescaped(cell) for cell in row] for row in rows]
    return [table_of("", plain)]


def unescaped(cell):
    """Return a cell as it was before an export wrote an apostrophe before it; mark formulas."""
    if is_escaped(cell):
        return cell[1:]
    return Formula(cell) if cell.startswith("=") else cell


def is_escaped(text):
    return text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)


class Formula(str):
    """The text of a cell that a spreadsheet computes."""


def table_of(name, rows):
    """Return a table from lists of cells, the first of which are the heads of the columns."""
    if not rows:
        return Table(name, [])
    columns = [str(cell or "").strip() for cell in rows[0]]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise FileError(_("It has more than %(count)d columns.") % {"count": MOST_COLUMNS})
    if "" in columns or len(set(columns)) < len(columns):
        raise FileError(_("Every column needs a head of its own in the first row."))
    table = Table(name, columns)
    for number, cells in enumerate(rows[1:], start=2):
        texts = [cell if isinstance(cell, str) else as_text(cell) for cell in cells]
        if any(text.strip() for text in texts):
            table.rows.append(row_of(number, columns, texts))
    return table


def row_of(number, columns, texts):
    cells = dict(zip(columns, [*texts, *[""] * len(columns)], strict=False))
    row = {"number": number, "cells": cells}
    formulas = [name for name, text in cells.items() if isinstance(text, Formula)]
    if formulas:
        row["formulas"] = formulas
    if any(text.strip() for text in texts[len(columns) :]):
        row["too_long"] = True
    refuse_cells(number, texts)
    return row


def refuse_cells(number, texts):
    """Raise FileError for a cell that cannot be kept."""
    if any(len(text) > MOST_CHARACTERS for text in texts):
        raise FileError(_("Row %(number)d has a cell that is too long.") % {"number": number})
    if not all(can_be_kept(text) for text in texts):
        message = _("Row %(number)d has a cell with a broken character.")
        raise FileError(message % {"number": number})


def can_be_kept(text):
    """Tell whether every database takes a text: half of an emoji, or a NUL, is no character."""
    return "\0" not in text and can_be(text, "utf-8")


def as_text(value):
    """Return a value of a spreadsheet or of JSON as a cell of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, list):
        return "; ".join(as_text(item) for item in value)
    return str(value)


# JSON


def read_json(name, data):
    """Read a list of objects, or an object that holds such lists by the name of their kind."""
    try:
        found = json.loads(decoded(data))
    except (ValueError, RecursionError) as error:
        raise FileError(_("This is not JSON: %(reason)s.") % {"reason": error}) from None
    lists = found if isinstance(found, dict) else {"": found}
    tables = []
    for kind, rows in lists.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise FileError(_("Write a list of objects, or lists of objects by their kind."))
        columns = list(dict.fromkeys(column for row in rows for column in row))
        tables.append(json_table(str(kind), columns, rows))
    return tables


def json_table(kind, columns, rows):
    if not all(can_be_kept(name) for name in (kind, *columns)):
        raise FileError(_("A name in it has a broken character."))
    table = Table(kind, columns)
    for number, row in enumerate(rows, start=1):
        refuse_nested(number, row.values())
        cells = {name: as_text(value) for name, value in row.items()}
        refuse_cells(number, cells.values())
        table.rows.append({"number": number, "cells": cells})
    return table


def refuse_nested(number, values):
    """Raise FileError for a cell that holds more than a value or a list of values."""
    inner = [item for value in values if isinstance(value, list) for item in value]
    if any(isinstance(value, dict) for value in (*values, *inner)):
        raise FileError(_("Row %(number)d holds an object in a cell.") % {"number": number})
    if any(isinstance(item, list) for item in inner):
        raise FileError(_("Row %(number)d holds a list within a list.") % {"number": number})


# XLSX


def read_xlsx(name, data):
    refuse_bomb(data)
    try:
        # With formulas as they are written, not the values that were once computed.
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        rows_left = count(MOST_ROWS_SEEN, -1)
        return [sheet_table(sheet, rows_left) for sheet in workbook.worksheets]
    except FileError:
        raise
    except Exception as error:
        # openpyxl raises what its parsers raise: KeyError, ValueError, BadZipFile, ParseError …
        message = _("This workbook cannot be read: %(reason)s.")
        raise FileError(message % {"reason": error}) from None


def refuse_bomb(data):
    """Raise FileError where unpacking would take much room; looks at the directory only."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise FileError(_("This is no XLSX workbook.")) from None
    size = sum(entry.file_size for entry in entries)
    if size > MOST_UNPACKED or len(entries) > MOST_FILES_IN_ZIP:
        raise FileError(
            _("Unpacked the workbook would have %(size)d MB; at most %(limit)d MB are read.")
            % {"size": size // MEGABYTE, "limit": MOST_UNPACKED // MEGABYTE}
        )


def sheet_table(sheet, rows_left):
    """Return the table of a sheet; ``rows_left``, an iterator that counts down for all sheets."""
    rows = []
    for cells in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1):
        if next(rows_left) <= 0:
            message = _(
                "Its sheets have more than %(count)d rows together, with empty ones. "
                "Delete those below the last that is filled, or split it."
            )
            raise FileError(message % {"count": MOST_ROWS_SEEN})
        rows.append([cell_value(cell) for cell in cells])
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MOST_ROWS + 1:
        raise FileError(_("It has more than %(count)d rows. Split it.") % {"count": MOST_ROWS})
    return table_of(sheet.title, rows)


def cell_value(cell):
    if getattr(cell, "data_type", "") == "f":
        return Formula(cell.value)
    value = cell.value
    return value[1:] if isinstance(value, str) and is_escaped(value) else value
