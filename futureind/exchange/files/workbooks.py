"""XLSX workbooks read into tables, part by part, each within a limit of its own."""

import io
import zipfile
from bisect import bisect_left, bisect_right
from decimal import Decimal

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import WorkSheetParser

from futureind.exchange.files.number_formats import PERCENT, UNCLEAR, reading_of, words_of
from futureind.exchange.tables import (
    MEGABYTE,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_ROWS_SEEN,
    MOST_TEXT,
    FileError,
    Formula,
    Scaled,
    Table,
    TooManyRows,
    as_text,
    heads,
    is_escaped,
    row_of,
    shown_as,
)
from futureind.exchange.tables import gettext_noop as _

MOST_UNPACKED = 100 * MEGABYTE
MOST_FILES_IN_ZIP = 500
MOST_SHEETS = 100
# Unpacked, by how the name of a part ends or begins; what is not named is small.
MOST_IN_PART = 4 * MEGABYTE
MOST_IN_STRINGS = 30 * MEGABYTE
MOST_IN_SHEET = 50 * MEGABYTE
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
# The beginning of an old workbook, and of one that a password protects.
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def read_xlsx(data, report=lambda part: None):
    """Return the tables of a workbook; ``report`` is told each part before it is read."""
    if data.startswith(OLD_WORKBOOK):
        message = _(
            "It is an old workbook (XLS), or a password protects it. Save it as plain XLSX."
        )
        raise FileError(message)
    refuse_bomb(data)
    try:
        return tables_of(Workbook(data, report))
    except (FileError, MemoryError):
        raise
    except Exception as error:
        # openpyxl raises what its parsers raise: KeyError, ValueError, BadZipFile, ParseError …
        message = _("This workbook cannot be read: %(reason)s.")
        raise FileError(message, reason=str(error)[:300]) from None


def refuse_bomb(data):
    """Raise FileError where unpacking would take much room; looks at the directory only."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise FileError(_("This is no XLSX workbook.")) from None
    size = sum(entry.file_size for entry in entries)
    if size > MOST_UNPACKED or len(entries) > MOST_FILES_IN_ZIP:
        message = _("Unpacked the workbook would have %(size)d MB; at most %(limit)d MB are read.")
        values = {"size": size // MEGABYTE, "limit": MOST_UNPACKED // MEGABYTE}
        raise FileError(message, **values)
    names = {entry.filename for entry in entries}
    plain = all(e.compress_type in METHODS and not e.flag_bits & ENCRYPTED for e in entries)
    if len(names) < len(entries) or not plain:
        # Programs differ in which of two parts of one name they read.
        raise FileError(_("This is no XLSX workbook."))


class Parts(zipfile.ZipFile):
    """The parts of a workbook, each within its limit; unpacking ends where a part says it does."""

    def __init__(self, data, report):
        super().__init__(io.BytesIO(data))
        self.report_part = report

    def open(self, name, mode="r", *args, **options):
        part = self.getinfo(name) if isinstance(name, str) else name
        limit = most_in(part.filename)
        self.report_part(part.filename)
        if part.file_size > limit:
            message = _("Its part “%(part)s” has %(size)d MB; at most %(limit)d MB are read.")
            size, limit = part.file_size // MEGABYTE, limit // MEGABYTE
            raise FileError(message, part=part.filename[:200], size=size, limit=limit)
        return super().open(name, mode, *args, **options)


def most_in(part):
    """Return how many bytes of a part are unpacked at most."""
    if part.endswith("sharedStrings.xml"):
        return MOST_IN_STRINGS
    return MOST_IN_SHEET if "worksheets/" in part else MOST_IN_PART


class Workbook:
    """What of a workbook is read: its sheets, the strings and number formats of their cells.

    openpyxl would also read what nobody asks for, each sheet once more among it.
    """

    def __init__(self, data, report):
        self.reader = reader = ExcelReader(io.BytesIO(data), read_only=True, keep_links=False)
        self.parts = reader.archive = Parts(data, report)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(self.parts, reader.wb)
        self.formats = {}

    def sheets(self):
        """Return ``(title, name of its part)`` of all sheets of cells."""
        found = [(sheet.name, rel) for sheet, rel in self.reader.parser.find_sheets()]
        names = {*self.parts.namelist()}
        sheets = [(t, r.target) for t, r in found if r.target in names and "chart" not in r.Type]
        if len(sheets) > MOST_SHEETS:
            raise FileError(_("It has more than %(count)d sheets."), count=MOST_SHEETS)
        return sheets

    def parser(self, source):
        """Return what reads the rows of a sheet: with formulas as they are written."""
        book = self.reader.wb
        return WorkSheetParser(
            source,
            self.reader.shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )

    def number_format(self, style):
        """Return the format of the cells of a style."""
        if style not in self.formats:
            book = self.reader.wb
            number = book._cell_styles[style].numFmtId
            own = number - BUILTIN_FORMATS_MAX_SIZE
            known = BUILTIN_FORMATS.get(number, "General")
            self.formats[style] = known if own < 0 else book._number_formats[own]
        return self.formats[style]


class Allowance:
    """What all sheets of a workbook may hold together."""

    def __init__(self):
        self.rows, self.rows_seen, self.characters = MOST_ROWS, MOST_ROWS_SEEN, MOST_TEXT

    def take_row(self):
        self.rows_seen -= 1
        if self.rows_seen < 0:
            message = _(
                "Its sheets have more than %(count)d rows together, with empty ones. "
                "Delete those below the last that is filled, or split it."
            )
            raise FileError(message, count=MOST_ROWS_SEEN)

    def take(self, row):
        self.rows -= 1
        self.characters -= sum(map(len, row["cells"].values()))
        if self.rows < 0:
            raise TooManyRows
        if self.characters < 0:
            message = _("Its cells hold more than %(count)d million characters. Split it.")
            raise FileError(message, count=MOST_TEXT // 1_000_000)


def tables_of(workbook):
    allowance = Allowance()
    return [sheet_table(workbook, *sheet, allowance) for sheet in workbook.sheets()]


def sheet_table(workbook, title, part, allowance):
    """Return the table of a sheet; what is merged is known only behind its rows."""
    columns, found = None, {}
    with workbook.parts.open(part) as source:
        parser = workbook.parser(source)
        for number, cells in parser.parse():
            allowance.take_row()
            values = values_of(workbook, cells)
            if number == 1 and columns is None:
                columns = heads(values)
            elif row := row_of(number, columns or [], values):
                refuse_place(number, columns, found)
                allowance.take(row)
                found[number] = row
    mark_merged(found, columns or [], parser.merged_cells)
    return Table(title, columns or [], list(found.values()))


def refuse_place(number, columns, rows):
    """Raise FileError for a row that stands where no row can stand."""
    if not columns:
        raise FileError(_("Every column needs a head of its own in the first row."))
    if number in rows:
        raise FileError(_("Row %(number)d stands twice in it."), number=number)


def values_of(workbook, cells):
    """Return the values of a row's cells, each at its place; one behind all places stands last."""
    places = {}
    for cell in cells:
        place = min(cell["column"], MOST_COLUMNS + 1)
        value = value_of(workbook, cell)
        if value not in (None, ""):
            places[place] = value
    return [places.get(place) for place in range(1, max(places, default=0) + 1)]


def value_of(workbook, cell):
    value, kind = cell["value"], cell["data_type"]
    if kind == "f":
        return Formula(getattr(value, "text", value) or "=")
    if isinstance(value, str):
        value = unescape(value[: MOST_CHARACTERS + 1])
        return value[1:] if is_escaped(value) else value
    if kind == "n" and isinstance(value, int | float):
        return number_of(value, workbook.number_format(cell["style_id"]))
    return value


def number_of(value, number_format):
    """Return a number as its cell shows it, with what has to be said of that."""
    reading = reading_of(number_format, value)
    if reading == UNCLEAR:
        return Scaled(as_text(value))
    if reading == PERCENT:
        # A spreadsheet keeps fifteen digits; what comes behind them is noise.
        percent = f"{(Decimal(f'{value:.15g}') * 100).normalize():f}%"
        return shown_as(percent, as_text(value))
    if words := words_of(number_format):
        return shown_as(as_text(value), f"{as_text(value)}{words}")
    return value


def mark_merged(rows, columns, merged):
    """Mark the cells that are merged with another one: what stands in that may be meant for all."""
    numbers = sorted(rows)
    for merge in merged.mergeCell if merged else ():
        left, top, right, bottom = range_boundaries(merge.ref)
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            row = rows[number]
            for place, name in enumerate(columns[left - 1 : right], start=left):
                if (number, place) != (top, left):
                    row.setdefault("merged", []).append(name)
