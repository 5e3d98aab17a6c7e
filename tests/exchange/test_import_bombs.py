"""Files that are made to exhaust whoever reads them: ended in time, with the part named."""

import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from futureind.exchange import tables
from futureind.exchange.files import reader, reading, workbooks
from futureind.exchange.files.reading import read_tables
from futureind.exchange.tables import MEGABYTE, FileError

pytestmark = pytest.mark.one_database

SHEET = "xl/worksheets/sheet1.xml"
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
MOST_SECONDS, MOST_MEMORY = reader.MOST_SECONDS, reader.MOST_MEMORY


def workbook(**parts):
    """Return a small workbook with other parts in the place of its own, or beside them."""
    book, plain, data = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["slug"])
    book.active.append(["a"])
    book.save(plain)
    whole = zipfile.ZipFile(plain)
    own = {name: whole.read(name) for name in whole.namelist()}
    if "xl/sharedStrings.xml" in parts:
        entry = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{STRINGS}"/></Types>'
        types = own["[Content_Types].xml"]
        own["[Content_Types].xml"] = types.replace(b"</Types>", entry.encode())
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (own | parts).items():
            archive.writestr(name, content)
    return data.getvalue()


def filled(start, unit, megabytes, end):
    return f"{start}{unit * (megabytes * MEGABYTE // len(unit))}{end}".encode()


def styles(megabytes):
    return filled(f"<styleSheet {SPACE}><cellXfs>", "<xf/>", megabytes, "</cellXfs></styleSheet>")


def strings(megabytes):
    return filled(f"<sst {SPACE}>", "<si/>", megabytes, "</sst>")


def rows(megabytes, row="<row/>"):
    return filled(f"<worksheet {SPACE}><sheetData>", row, megabytes, "</sheetData></worksheet>")


def sheet(cells, end=""):
    return f"<worksheet {SPACE}><sheetData>{cells}</sheetData>{end}</worksheet>".encode()


def cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.fixture
def little(monkeypatch):
    """A reader with so little time and memory that a test need not wait; returns how it is set."""

    def limited(seconds=MOST_SECONDS, memory=MOST_MEMORY):
        code = (
            "import sys; from futureind.exchange.files import reader;"
            f"reader.MOST_SECONDS, reader.MOST_MEMORY = {seconds}, {memory};"
            "reader.run(sys.argv[1])"
        )
        monkeypatch.setattr(reading, "COMMAND", ["-c", code])

    return limited


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl/styles.xml": styles(5)}, r"“xl/styles.xml” has 5 MB; at most 4"),
        ({"xl/sharedStrings.xml": strings(31)}, r"“xl/sharedStrings.xml” has 3\d MB; at most 30"),
        ({SHEET: rows(51)}, "“xl/worksheets/sheet1.xml” has 5. MB; at most 50"),
        ({SHEET: rows(2)}, "more than 100000 rows together"),
    ],
    ids=["styles", "strings", "sheet", "rows"],
)
def test_a_part_that_is_too_large_is_named_before_it_is_unpacked(parts, words):
    with pytest.raises(FileError, match=words):
        reader.tables_in("xlsx", workbook(**parts))


def test_rows_of_a_csv_are_counted_while_they_are_read():
    with pytest.raises(FileError, match="more than 20000 rows"):
        reader.tables_in("csv", b"slug\n" + b"\n" * MEGABYTE)


def test_a_reader_that_takes_too_much_memory_is_ended(little):
    little(memory=100 * MEGABYTE)

    with pytest.raises(FileError, match=r"“xl/styles.xml” takes more memory"):
        read_tables("a.xlsx", workbook(**{"xl/styles.xml": styles(3)}))


def test_a_reader_that_takes_too_long_is_ended(little):
    little(seconds=1)

    with pytest.raises(FileError, match=r"“xl/sharedStrings.xml” takes longer"):
        read_tables("a.xlsx", workbook(**{"xl/sharedStrings.xml": strings(25)}))


def test_nobody_waits_for_a_reader_that_does_nothing(monkeypatch):
    monkeypatch.setattr(reading, "COMMAND", ["-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(reading, "MOST_WAIT", 0.5)

    with pytest.raises(FileError, match=r"“a.csv” takes longer"):
        read_tables("a.csv", b"slug\na\n")


def test_a_reader_that_breaks_is_said_and_logged(monkeypatch, caplog):
    monkeypatch.setattr(reading, "COMMAND", ["-c", "raise SystemError('odd')"])

    with pytest.raises(FileError, match=r"“a.csv” cannot be read"):
        read_tables("a.csv", b"slug\na\n")

    assert "odd" in caplog.text


def test_one_file_is_read_at_a_time(monkeypatch):
    monkeypatch.setattr(reading, "MOST_QUEUE", 0.01)

    with reading._turn, pytest.raises(FileError, match="Another file is being read"):
        read_tables("a.csv", b"slug\na\n")


def test_what_the_reader_hands_back_is_what_it_read():
    data = workbook(
        **{SHEET: sheet(f"<row>{cell('A1', 'slug')}</row><row>{cell('A2', '甲')}</row>")}
    )
    [table] = read_tables("a.xlsx", data)

    assert [table] == reader.tables_in("xlsx", data)
    assert read_tables("a.json", b'[{"a": "x"}, {"b": 1}]')[0].rows == [
        {"number": 1, "cells": {"a": "x"}},
        {"number": 2, "cells": {"b": "1"}},
    ]


def test_the_reader_is_given_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    command = ["-c", "import json, os; print(json.dumps(['error', ' '.join(os.environ), {}]))"]
    monkeypatch.setattr(reading, "COMMAND", command)

    with pytest.raises(FileError) as problem:
        read_tables("a.csv", b"slug\na\n")

    assert "SECRET_KEY" not in str(problem.value)


# What does no harm, or is refused with a reason


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"x", "Only CSV, XLSX and JSON"),
        ("a.csv", b"x" * (tables.MOST_BYTES + 1), "at most 10 MB"),
    ],
)
def test_what_is_no_file_to_read_starts_nothing(monkeypatch, name, data, words):
    monkeypatch.setattr(reading, "run_reader", None)

    with pytest.raises(FileError, match=words):
        read_tables(name, data)


@pytest.mark.parametrize(
    ("ending", "data", "words"),
    [
        ("csv", b"a," * 200, "more than 100 columns"),
        ("csv", b"x" * 300 + b"\na\n", "head of a column is too long"),
        ("csv", b'slug,note\na,"never closed\nb,c\n', "not CSV, from row 2 on"),
        ("csv", b"slug\n" + b"x" * 40_000, "Row 2 has a cell that is too long"),
        ("csv", b"slug\n" + b"x" * 200_000, "not CSV, from row 2 on"),
        ("json", b'[{"a": ' + b"9" * 5000 + b"}]", "not JSON"),
        ("json", b'[{"a": "x", "a": "y"}]', "two values under one name"),
        ("json", b'{"a": [], "a": [{"b": 1}]}', "two values under one name"),
        ("json", json.dumps([{str(n): n} for n in range(200)]).encode(), "more than 100 columns"),
        ("xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old workbook"),
    ],
)
def test_other_files_say_why_they_are_refused(ending, data, words):
    with pytest.raises(FileError, match=words):
        reader.tables_in(ending, data)


def test_numbers_of_json_stay_as_they_are_written():
    [table] = reader.tables_in(
        "json", b'[{"a": 1e999999999, "b": 0.12345678901234567890, "c": NaN}]'
    )

    assert table.rows[0]["cells"] == {"a": "1e999999999", "b": "0.12345678901234567890", "c": "NaN"}


def test_cells_merged_over_all_that_there_is_cost_nothing():
    cells = f'<row r="1">{cell("A1", "slug")}{cell("B1", "name")}</row>'
    cells += f'<row r="2">{cell("A2", "a")}</row><row r="9">{cell("A9", "b")}</row>'
    merged = '<mergeCells><mergeCell ref="B2:XFD1048576"/></mergeCells>'
    [table] = reader.tables_in("xlsx", workbook(**{SHEET: sheet(cells, merged)}))

    assert [row.get("merged") for row in table.rows] == [None, ["name"]]


def test_one_text_in_many_cells_is_counted_each_time(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_TEXT", 50_000)
    cells = f"<row>{cell('A1', 'slug')}</row>"
    cells += "".join(f"<row>{cell(f'A{number}', 'x' * 30_000)}</row>" for number in (2, 3))

    with pytest.raises(FileError, match="million characters"):
        reader.tables_in("xlsx", workbook(**{SHEET: sheet(cells)}))


def test_a_row_with_a_cell_far_to_the_right_is_refused():
    with pytest.raises(FileError, match="more than 100 columns"):
        reader.tables_in("xlsx", workbook(**{SHEET: sheet(f"<row>{cell('ZZ1', 'far')}</row>")}))


def changed(data, start, offset, value):
    """Return an archive with two bytes changed in every header that begins with a sign."""
    data, place = bytearray(data), 0
    while (place := data.find(start, place)) >= 0:
        data[place + offset : place + offset + len(value)] = value
        place += 4
    return bytes(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: changed(data, b"PK\x01\x02", 8, b"\x01\x00"),  # encrypted
        lambda data: changed(data, b"PK\x01\x02", 10, b"\x0e\x00"),  # another compression
        lambda data: changed(data, b"PK\x01\x02", 24, b"\x01\x00\x00\x00"),  # another size
        lambda data: changed(data, b"PK\x01\x02", 42, b"\x00\x00\x00\x00"),  # one place
        lambda data: data[: len(data) // 2],
    ],
    ids=["encrypted", "method", "size", "overlapping", "cut"],
)
def test_an_archive_that_lies_is_refused(change):
    with pytest.raises(FileError, match="workbook"):
        reader.tables_in("xlsx", change(workbook()))


@pytest.mark.parametrize("name", [b"xl/../../etc", b"/etc/passwd/", b"xl\\styles.xm"])
def test_names_of_parts_lead_nowhere(name):
    data = workbook(**{"xl/drawing1.x": b"picture"})
    [table] = reader.tables_in("xlsx", data.replace(b"xl/drawing1.x", (name + b"x" * 13)[:13]))

    assert [row["cells"] for row in table.rows] == [{"slug": "a"}]


def test_a_part_that_stands_twice_is_refused():
    data = io.BytesIO(workbook())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(data, "a") as archive:
        archive.writestr(SHEET, rows(1))

    with pytest.raises(FileError, match="no XLSX workbook"):
        reader.tables_in("xlsx", data.getvalue())


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", lambda: workbook(**{"xl/styles.xml": styles(95)}), "at most 4 MB"),
        ("a.xlsx", lambda: workbook(**{"xl/sharedStrings.xml": strings(50)}), "at most 30 MB"),
        ("a.xlsx", lambda: workbook(**{SHEET: rows(95)}), "at most 50 MB"),
        ("a.xlsx", lambda: workbook(**{SHEET: rows(45)}), "100000 rows together"),
        ("a.xlsx", lambda: workbook(**{SHEET: rows(45, "<row><c/></row>")}), "100000 rows"),
        ("a.csv", lambda: b"\n" * (tables.MOST_BYTES - 1), "more than 20000 rows"),
        ("a.csv", lambda: b"," * (tables.MOST_BYTES - 1), "no rows|head of its own|more memory"),
        ("a.json", lambda: b"[" + b"[]," * 3_000_000 + b"[]]", "list of objects|more memory"),
    ],
)
def test_the_largest_bombs_are_ended_in_time(name, data, words):
    with pytest.raises(FileError, match=words):
        read_tables(name, data())
