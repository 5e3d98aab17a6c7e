"""Files to import: encodings, limits, formulas, broken ones; what is exported is read again."""

import contextlib
import io
import zipfile

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from futureind.exchange import tables as limits
from futureind.exchange.exporting import escaped, export, is_number
from futureind.exchange.files.reader import tables_in
from futureind.exchange.files.reading import checked
from futureind.exchange.files.workbooks import MOST_UNPACKED
from futureind.exchange.kinds import all_kinds, kind_named
from futureind.exchange.tables import FileError, Formula, unescaped
from tests.chance import every

pytestmark = pytest.mark.one_database

CHINESE = "slug,title_zh\na,《关于未来产业的意见》〔2024〕12号\nb,量子信息\n"


def read_tables(name, data):
    """Read a file as the process does that reads uploads, without starting one."""
    return checked(tables_in(name.rpartition(".")[2], data))


def workbook(*rows, name="documents"):
    book = Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_same_text_in_any_known_encoding(encoding):
    [table] = read_tables("documents.csv", CHINESE.encode(encoding))

    assert table.columns == ["slug", "title_zh"]
    assert [row["cells"]["title_zh"] for row in table.rows] == [
        "《关于未来产业的意见》〔2024〕12号",
        "量子信息",
    ]
    assert [row["number"] for row in table.rows] == [2, 3]


@pytest.mark.parametrize(
    "data",
    [
        "slug,title_zh\na,未來產業發展規劃與實施方案\n".encode("big5"),
        "slug,title_zh\na,Überführung für Größe\n".encode("latin-1"),
        "slug,title_zh\na,未来産業の発展についての計画\n".encode("shift-jis"),
        "slug,title\na,plain\n".encode("utf-16-le"),
        b"slug,title\n\xff\xfea,\x80\x81\n",
    ],
    ids=["big5", "latin-1", "shift-jis", "utf-16 without its mark", "bytes"],
)
def test_another_encoding_is_an_error_not_mojibake(data):
    with pytest.raises(FileError, match="UTF-8"):
        read_tables("documents.csv", data)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"no zip", "no XLSX workbook"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[" * 100_000, "not JSON"),
        ("a.json", b'["a"]', "list of objects"),
        ("a.json", b'[{"a": {"b": 1}}]', "object in a cell"),
        ("a.json", b'[{"a": [{"b": 1}]}]', "object in a cell"),
        ("a.json", b'[{"a": [1, [2]]}]', "Row 1 holds a list within a list"),
        ("a.json", b'[{"a": ' + b"[" * 480 + b"]" * 480 + b"}]", "list within a list"),
        ("a.json", rb'[{"a": "x"}, {"a": "cut \ud83d"}]', "Row 2 has a cell with a broken"),
        ("a.json", rb'[{"a": ["x", "\udc00"]}]', "Row 1 has a cell with a broken"),
        ("a.json", rb'[{"a": "\u0000"}]', "Row 1 has a cell with a broken"),
        ("a.json", rb'[{"a\ud83d": "x"}]', "name in it has a broken"),
        ("a.json", rb'{"\u0000": [{"a": "x"}]}', "name in it has a broken"),
        ("a.csv", b"", "no rows"),
        ("a.csv", b"slug\n", "no rows"),
        ("a.csv", b"slug,slug\na,b\n", "head of its own"),
        ("a.csv", b'slug\n"a\n', "not CSV"),
        ("a.csv", b"slug\n" + b"a\n" * (limits.MOST_ROWS + 1), "more than 20000 rows"),
    ],
)
def test_what_cannot_be_read_says_why(name, data, words):
    with pytest.raises(FileError, match=words):
        read_tables(name, data)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (MOST_UNPACKED + 1))
    assert len(data.getvalue()) < limits.MEGABYTE

    with pytest.raises(FileError, match="at most 100 MB"):
        read_tables("a.xlsx", data.getvalue())


@pytest.mark.parametrize("missing", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_broken_workbook_says_so(missing):
    whole, broken = zipfile.ZipFile(io.BytesIO(workbook(["slug"], ["a"]))), io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, b"<x" if name == missing else whole.read(name))

    with pytest.raises(FileError, match="cannot be read"):
        read_tables("a.xlsx", broken.getvalue())


def test_a_cell_far_away_makes_no_large_table():
    book = Workbook()
    book.active.append(["slug"])
    book.active.append(["a"])
    book.active["XFD1048576"] = "far"
    data = io.BytesIO()
    book.save(data)

    [table] = read_tables("a.xlsx", data.getvalue())

    assert table.columns == ["slug"]
    assert [(row["number"], row.get("too_long")) for row in table.rows] == [
        (2, None),
        (1048576, True),
    ]


def test_cells_far_down_stand_in_rows_of_their_own_numbers():
    book = Workbook()
    for number in range(8):
        sheet = book.create_sheet(f"documents {number}")
        sheet["A1"], sheet[f"A{limits.MOST_ROWS * 2}"] = "slug", "a"
    data = io.BytesIO()
    book.save(data)

    tables = read_tables("a.xlsx", data.getvalue())

    assert [row["number"] for table in tables for row in table.rows] == [limits.MOST_ROWS * 2] * 8


def test_formulas_are_marked_and_text_that_looks_like_one_is_kept():
    [in_xlsx] = read_tables("a.xlsx", workbook(["slug", "x", "y"], ["a", "=1+1", "'+86 10"]))
    [in_csv] = read_tables("a.csv", b"slug,x,y,z\na,=1+1,'=1+1,-5\n")

    assert in_xlsx.rows[0]["formulas"] == ["x"]
    assert in_xlsx.rows[0]["cells"]["y"] == "+86 10"
    assert in_csv.rows[0]["formulas"] == ["x"]
    assert in_csv.rows[0]["cells"] == {"slug": "a", "x": "=1+1", "y": "=1+1", "z": "-5"}


@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=("Cs",))))
def test_what_an_export_escapes_an_import_reads_as_it_was(text):
    cell = escaped(text)

    assert is_number(text) or not cell.startswith(limits.FORMULA_STARTS)
    assert unescaped(cell) == text
    assert not isinstance(unescaped(cell), Formula)


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.json", "a.xlsx"]))
def test_any_bytes_are_read_or_refused(data, name):
    with contextlib.suppress(FileError):
        read_tables(name, data)


@pytest.mark.django_db
@pytest.mark.parametrize("form", every(2, ["json", "xlsx"]))
def test_a_workbook_holds_all_kinds_in_sheets_that_are_known_again(form):
    tables = read_tables(f"all.{form}", export(list(all_kinds().values()), form))

    kinds = {kind_named(table.name) for table in tables if table.name != "notes"}
    assert {kind.name for kind in kinds} <= {kind.name for kind in all_kinds().values()}
    assert len(kinds) >= len(all_kinds()) - 1
    for table in tables:
        # An empty list of JSON has no columns to tell.
        if table.name != "notes" and table.rows:
            assert table.columns == list(kind_named(table.name).columns)


@pytest.mark.django_db
def test_a_template_has_the_columns_and_says_what_stands_in_them():
    kind = kind_named("tracks")
    data = export([kind], "xlsx", empty=True)

    book = load_workbook(io.BytesIO(data))
    assert [cell.value for cell in book["tracks"][1]] == list(kind.columns)
    meanings = {row[1].value: row[4].value for row in book["notes"].iter_rows(min_row=2)}
    assert "exploratory" in meanings["tier"]


@pytest.mark.django_db
def test_an_export_asks_as_often_for_many_rows_as_for_few(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        export([kind_named("plans"), kind_named("tracks")], "json")
    assert connection.vendor
