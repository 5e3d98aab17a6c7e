"""What files are read into: tables of texts, within limits, with a mark at what cannot be taken."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext

from futureind.core.texts import one_line

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_ROWS = 20_000
# In all sheets of a file together, empty ones too.
MOST_ROWS_SEEN = 5 * MOST_ROWS
MOST_COLUMNS = 100
# In one cell, and in all of them.
MOST_CHARACTERS = 32_767
MOST_TEXT = 20 * MEGABYTE
LONGEST_HEAD = 200
# What a spreadsheet would take for a formula; exports write an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# What a spreadsheet shows where it cannot compute something, or where a column is too narrow.
ERRORS = {
    *("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#spill!", "#calc!"),
    *("#field!", "#blocked!", "#connect!", "#unknown!", "#busy!", "#external!", "#python!"),
    *("#getting_data", "#error!"),
}
# The same in the words of other languages, such as #名称? and #引用!.
ERROR_IN_WORDS = re.compile(r"#[^\s#]{1,12}[!?！？]")


def gettext_noop(message):
    """Mark a sentence for translation; whoever only reads files knows no settings to ask."""
    return message


_ = gettext_noop


class FileError(Exception):
    """Why a file cannot be read at all: a sentence to be translated, and what stands in it."""

    def __init__(self, message, **values):
        super().__init__(message, values)

    def __str__(self):
        message, values = self.args
        return gettext(message) % values


class TooManyRows(FileError):
    """A file with more rows than are read."""

    def __init__(self):
        super().__init__(_("It has more than %(count)d rows. Split it."), count=MOST_ROWS)


@dataclass
class Table:
    """One sheet: its name, the heads of its columns, and its rows with their numbers in the file.

    A row is a dictionary of ``number`` and ``cells``, and names under ``formulas``, ``errors``,
    ``merged`` and ``scaled`` the columns whose cells cannot be taken as they stand; ``shown`` lists
    ``[column, what is stored, what was read]``.
    """

    name: str
    columns: list[str]
    rows: list[dict] = field(default_factory=list)


class Marked(str):
    """The text of a cell of which something has to be said."""

    mark = ""


class Formula(Marked):
    """A text that a spreadsheet computes."""

    mark = "formulas"


class Scaled(Marked):
    """A number that is shown as another one."""

    mark = "scaled"


class Shown(str):
    """A number as its cell shows it; ``stored``, what is behind it."""

    stored = ""


def shown_as(text, stored):
    found = Shown(text)
    found.stored = stored
    return found


def unescaped(cell):
    """Return a cell as it was before an export wrote an apostrophe before it; mark formulas."""
    if is_escaped(cell):
        return cell[1:]
    return Formula(cell) if cell.startswith("=") else cell


def is_escaped(text):
    return text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)


def heads(cells):
    """Return the heads of the columns from the cells of a row; raises FileError."""
    cells = without_empty_end(cells)
    refuse_many(cells)
    columns = [one_line(cell if isinstance(cell, str) else as_text(cell)) for cell in cells]
    columns = without_empty_end(columns)
    refuse_names(columns)
    if "" in columns or len(set(columns)) < len(columns):
        raise FileError(_("Every column needs a head of its own in the first row."))
    return columns


def without_empty_end(cells):
    """Return the cells of a row up to the last in which something stands."""
    filled = len(cells)
    while filled and not cells[filled - 1]:
        filled -= 1
    return cells[:filled]


def refuse_many(names):
    if len(names) > MOST_COLUMNS:
        raise FileError(_("It has more than %(count)d columns."), count=MOST_COLUMNS)


def refuse_names(names):
    """Raise FileError for names of columns that cannot be kept, or too many of them."""
    refuse_many(names)
    if any(len(name) > LONGEST_HEAD for name in names):
        raise FileError(_("The head of a column is too long."))


def row_of(number, columns, cells):
    """Return a row from its cells, None for an empty one; raises FileError."""
    cells = without_empty_end(cells)
    texts = [cell if isinstance(cell, str) else as_text(cell) for cell in cells]
    if not any(text.strip() for text in texts):
        return None
    row = marked(number, dict(zip(columns, [*texts, *[""] * len(columns)], strict=False)))
    if any(text.strip() for text in texts[len(columns) :]):
        row["too_long"] = True
    return row


def marked(number, cells):
    """Return a row with what has to be said of its cells; raises FileError."""
    row = {"number": number, "cells": cells}
    refuse_cells(number, cells.values())
    for name, text in cells.items():
        if isinstance(text, Marked):
            row.setdefault(text.mark, []).append(name)
        elif isinstance(text, Shown):
            row.setdefault("shown", []).append([name, text.stored, str(text)])
        elif is_error(text):
            row.setdefault("errors", []).append(name)
    return row


def is_error(text):
    """Tell whether a spreadsheet wrote that it has no value; a cell may hold a list of such."""
    if "#" not in text:
        return False
    parts = (part.strip() for part in text.replace("；", ";").replace("\n", ";").split(";"))
    return any(
        part.casefold() in ERRORS
        or ERROR_IN_WORDS.fullmatch(part)
        or (len(part) > 2 and set(part) == {"#"})
        for part in parts
    )


def refuse_cells(number, texts):
    """Raise FileError for a cell that cannot be kept."""
    if any(len(text) > MOST_CHARACTERS for text in texts):
        raise FileError(_("Row %(number)d has a cell that is too long."), number=number)
    if not all(can_be_kept(text) for text in texts):
        raise FileError(_("Row %(number)d has a cell with a broken character."), number=number)


def can_be_kept(text):
    """Tell whether every database takes a text: half of an emoji, or a NUL, is no character."""
    return "\0" not in text and can_be(text, "utf-8")


def can_be(text, encoding):
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


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
