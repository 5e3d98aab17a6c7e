"""CSV and JSON files: bytes in known encodings read into tables."""

import codecs
import csv
import io
import json
from collections import Counter

from futureind.exchange.tables import (
    MOST_ROWS,
    MOST_ROWS_SEEN,
    FileError,
    Table,
    TooManyRows,
    as_text,
    can_be,
    can_be_kept,
    heads,
    marked,
    refuse_many,
    refuse_names,
    row_of,
    unescaped,
    without_empty_end,
)
from futureind.exchange.tables import gettext_noop as _

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Nearly all Chinese text is written with these characters; a wrong encoding hardly hits them.
COMMON_CHINESE = "gb2312"
SHARE_OF_COMMON = 0.85


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
    others = {sign: count for sign, count in Counter(text).items() if not sign.isascii()}
    common = sum(count for sign, count in others.items() if can_be(sign, COMMON_CHINESE))
    return common >= SHARE_OF_COMMON * sum(others.values())


def without_nulls(text):
    if text is None or "\0" in text:
        raise FileError(_("The text is neither UTF-8 nor UTF-16 (with its mark) nor GB18030."))
    return text


def read_csv(data):
    """Yield the table of a CSV file; its rows are counted while they are read."""
    lines = csv.reader(io.StringIO(decoded(data), newline=""), strict=True)
    table, number = None, 0
    try:
        for number, cells in enumerate(lines, start=1):
            if number > MOST_ROWS_SEEN:
                raise TooManyRows
            cells = without_empty_end(cells)
            if table is None:
                refuse_many(cells)
                table = Table("", heads([*map(unescaped, cells)]))
            elif row := row_of(number, table.columns, [*map(unescaped, cells)]):
                table.rows.append(row)
                if len(table.rows) > MOST_ROWS:
                    raise TooManyRows
    except csv.Error as error:
        message = _("This is not CSV, from row %(number)d on: %(reason)s.")
        raise FileError(message, number=number + 1, reason=str(error)) from None
    if table is not None:
        yield table


def read_json(data):
    """Yield the tables of a list of objects, or of an object that holds such lists by kind."""
    try:
        # Numbers stay as they are written.
        found = json.loads(decoded(data), object_pairs_hook=without_repetition, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise FileError(_("This is not JSON: %(reason)s."), reason=str(error)) from None
    for kind, rows in (found if isinstance(found, dict) else {"": found}).items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise FileError(_("Write a list of objects, or lists of objects by their kind."))
        if len(rows) > MOST_ROWS:
            raise TooManyRows
        yield json_table(kind, rows)


def without_repetition(pairs):
    """Return an object; of two values under one name one would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise FileError(_("An object in it has two values under one name."))
    return found


def json_table(kind, rows):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if not all(can_be_kept(name) for name in (kind, *columns)):
        raise FileError(_("A name in it has a broken character."))
    refuse_names(columns)
    table = Table(kind, columns)
    for number, row in enumerate(rows, start=1):
        refuse_nested(number, row.values())
        table.rows.append(marked(number, {name: as_text(value) for name, value in row.items()}))
    return table


def refuse_nested(number, values):
    """Raise FileError for a cell that holds more than a value or a list of values."""
    inner = [item for value in values if isinstance(value, list) for item in value]
    if any(isinstance(value, dict) for value in (*values, *inner)):
        raise FileError(_("Row %(number)d holds an object in a cell."), number=number)
    if any(isinstance(item, list) for item in inner):
        raise FileError(_("Row %(number)d holds a list within a list."), number=number)
