"""Tables as workbooks: typed, exact, and harmless whatever a text looks like."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from futureind.core.output_forms import Problem, Table
from futureind.core.texts import plain_text
from futureind.core.workbooks import MOST_ROWS, write_workbook
from tests.downloads.files import workbook_of, workbook_rows
from tests.factories import make_document

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1",
    "-1",
    "'quoted",
    '"quoted"',
    "two\nlines",
    "007",
    "1e5",
    "https://example.org/",
    "<r><t>markup</t></r>",
    "_x000D_",
    "_x005F_",
    " spaces around ",
    "量子科技",
    "🤖",
    "a\u2028b",
    "TRUE",
    "#N/A",
]


def written(*values):
    """Return a workbook of one column with these values, as another library reads it."""
    file = io.BytesIO()
    write_workbook(file, Table("texts", ["value"], [{"value": value} for value in values]))
    file.seek(0)
    return openpyxl.load_workbook(file)


def cells(*values):
    return [cell for (cell,) in written(*values).active.iter_rows(min_row=2)]


def test_a_text_stays_the_text_that_it_is():
    found = cells(*HOSTILE)

    # As the standard has it (ECMA-376, ST_Xstring), which this reader leaves to its user.
    assert [unescape(cell.value) for cell in found] == HOSTILE
    assert {cell.data_type for cell in found} <= {"s", "inlineStr"}
    assert not any(cell.hyperlink for cell in found)


@settings(max_examples=50)
@given(st.lists(st.text().map(plain_text).filter(str.strip), min_size=1, max_size=20))
def test_whatever_is_kept_can_be_written(texts):
    assert [unescape(cell.value) for cell in cells(*texts)] == texts


def test_values_have_their_types():
    day, moment = datetime.date(2025, 12, 31), datetime.datetime(2025, 1, 2, tzinfo=datetime.UTC)
    found = cells(3, Decimal("0.10"), True, day, moment, None, "", datetime.date(1899, 1, 1))

    assert [cell.value for cell in found[:3]] == [3, 0.1, True]
    assert found[3].is_date
    assert found[3].value == datetime.datetime(2025, 12, 31)
    # As clocks go in Shanghai.
    assert found[4].value == datetime.datetime(2025, 1, 2, 8)
    assert [cell.value for cell in found[5:]] == [None, None, "1899-01-01"]


def test_a_number_that_spreadsheets_would_round_is_a_text():
    assert [cell.value for cell in cells(Decimal("1234567890123456.7"), 10**20)] == [
        "1234567890123456.7",
        1e20,
    ]


def test_a_text_that_no_cell_holds_is_cut_and_marked():
    (cell,) = cells("🤖" * 20_000)

    assert cell.value.endswith("🤖…")
    assert len(cell.value.encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.long
def test_more_rows_than_a_workbook_holds_are_refused_with_words():
    rows = ({"value": number} for number in range(MOST_ROWS + 1))

    with pytest.raises(Problem) as refused:
        write_workbook(io.BytesIO(), Table("numbers", ["value"], rows))

    assert "CSV" in refused.value.errors["xlsx"][0]


def test_the_head_stays_and_addresses_are_links(visitor):
    book = workbook_of(visitor.get("/en/targets.xlsx?region=guangdong"))
    sheet = book.worksheets[0]
    address = [cell.value for cell in sheet[1]].index("url")

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    for row in sheet.iter_rows(min_row=2):
        assert row[address].hyperlink.target == row[address].value


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_second_sheet_says_what_the_table_is(visitor, language):
    book = workbook_of(visitor.get(f"/{language}/targets.xlsx?region=guangdong&due=2026"))
    data, about = book.worksheets
    rows = [row for row in about.iter_rows(values_only=True) if row[0]]
    lines = {row[0]: row[1:] for row in rows}

    assert [row[:2] for row in rows if row[1] in {"guangdong", "2026"}] == [
        ("region", "guangdong"),
        ("due", "2026"),
    ]
    assert lines["official"][0] == {"en": "official text read", "zh-hans": "已读官方原文"}[language]
    names = [cell.value for cell in data[1]]
    assert {name: lines[name][0] for name in names if not lines[name][0]} == {}
    assert any(f"/{language}/targets/?region=guangdong&due=2026" in str(v) for v in lines.values())


def test_a_draft_is_in_no_workbook(visitor):
    make_document(slug="a-draft", title_en="Draft of nobody")
    make_document(published=True, slug="a-text", title_en="=Text", title_zh="@文件")

    rows = {row["slug"]: row for row in workbook_rows(visitor.get("/en/documents.xlsx"))}

    assert "a-draft" not in rows
    assert (rows["a-text"]["title_en"], rows["a-text"]["title_zh"]) == ("=Text", "@文件")
