"""Tables as workbooks for spreadsheets (XLSX), written row by row."""

import datetime
import itertools
import tempfile
import weakref
from decimal import Decimal

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from futureind.core.output_forms import Problem, TableForm, joined_items

MOST_ROWS = 100_000
# What a cell holds at most, and a sheet of links: https://support.microsoft.com "Excel
# specifications and limits".
MOST_LETTERS = 32_767
MOST_LINKS = 65_530
# Digits of a number that spreadsheets keep.
MOST_DIGITS = 15
# Days before it are none to a spreadsheet.
FIRST_DAY = datetime.date(1900, 3, 1)
# The column that is shown as a link.
ADDRESS = "url"
WIDTHS = {ADDRESS: 40, "slug": 34}
WIDTH = 18
WIDTH_OF_NOTES = 100
# No text becomes a number, a formula or a link because of how it looks.
OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


class WorkbookForm(TableForm):
    """XLSX: typed cells, and a second sheet that says what the table is."""

    def response(self, table):
        file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
        try:
            write_workbook(file, table)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        name = f"{table.file_name}.{self.name}"
        response = FileResponse(
            file, as_attachment=True, filename=name, content_type=self.content_type
        )
        # Also where nobody reads or closes it.
        weakref.finalize(response, file.close)
        return response


def write_workbook(file, table):
    """Write a Table into a binary file.

    Raises Problem where it has more than MOST_ROWS rows.
    """
    with Workbook(file, OPTIONS) as book:
        formats = {
            "head": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        fill(Sheet(book.add_worksheet(_("Data")), formats), table)
        if table.notes:
            fill_notes(Sheet(book.add_worksheet(_("About")), formats), table.notes())


def fill(sheet, table):
    for place, name in enumerate(table.names):
        sheet.sheet.set_column(place, place, WIDTHS.get(name, WIDTH))
    sheet.sheet.freeze_panes(1, 0)
    sheet.add(table.names, is_head=True)
    address = table.names.index(ADDRESS) if ADDRESS in table.names else None
    for number, row in enumerate(table.rows, start=1):
        if number > MOST_ROWS:
            message = _("A workbook holds %(most)s rows at most. Take the CSV, which holds all.")
            raise Problem(400, {"xlsx": [message % {"most": MOST_ROWS}]})
        sheet.add([row[name] for name in table.names], address=address)
    sheet.sheet.autofilter(0, 0, max(sheet.height - 1, 0), len(table.names) - 1)


def fill_notes(sheet, notes):
    sheet.sheet.set_column(0, 0, WIDTH * 2)
    sheet.sheet.set_column(1, 1, WIDTH_OF_NOTES)
    for title, lines in notes:
        sheet.add([title], is_head=True)
        for line in itertools.chain(lines, [()]):
            sheet.add(line)


class Sheet:
    """A sheet of a workbook that grows by rows."""

    def __init__(self, sheet, formats):
        self.sheet, self.formats = sheet, formats
        self.height = self.links = 0

    def add(self, values, *, is_head=False, address=None):
        """Write a row. ``address`` is the place of the value that is shown as a link."""
        for place, value in enumerate(values):
            if place == address and value and self.links < MOST_LINKS:
                self.links += 1
                self.sheet.write_url(self.height, place, value, None, value)
            else:
                self.write(place, value, self.formats["head"] if is_head else None)
        self.height += 1

    def write(self, place, value, style):
        at, sheet = (self.height, place), self.sheet
        match cell_value(value):
            case None | "":
                pass
            case bool(truth):
                sheet.write_boolean(*at, truth)
            case int(number) | float(number):
                sheet.write_number(*at, number)
            case datetime.datetime() as moment:
                sheet.write_datetime(*at, moment, self.formats["time"])
            case datetime.date() as day:
                sheet.write_datetime(*at, day, self.formats["day"])
            case str(text) if text.startswith("<r>") and text.endswith("</r>"):
                # The library takes such a text for markup, but not the parts of one.
                sheet.write_rich_string(*at, text[:1], text[1:2], text[2:])
            case str(text):
                sheet.write_string(*at, text, style)


def cell_value(value):
    """Return a value as a cell can hold it exactly: what it cannot becomes a text."""
    match value:
        case list():
            return cut(joined_items(value))
        case bool() | None:
            return value
        case int() | Decimal():
            return number_or_text(Decimal(value))
        case datetime.datetime():
            return timezone.make_naive(value)
        case datetime.date() if value < FIRST_DAY:
            return value.isoformat()
        case datetime.date() | float():
            return value
    return cut(str(value))


def number_or_text(value):
    text = f"{value.normalize():f}"
    digits = text.strip("-0.").replace(".", "")
    return float(value) if len(digits) <= MOST_DIGITS else text


def cut(text):
    """Return as much of a text as a cell holds, with a mark where it was cut."""
    return text if len(text) <= MOST_LETTERS // 2 else shortened(text)


def shortened(text):
    units = text.encode("utf-16-le")
    if len(units) // 2 <= MOST_LETTERS:
        return text
    return units[: (MOST_LETTERS - 1) * 2].decode("utf-16-le", "ignore") + "…"


XLSX = WorkbookForm(
    "xlsx",
    "XLSX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write_workbook,
)
