"""Sheets as offices make them: never silently wrong. What is not read as it stands is said."""

import io

import pytest
from django.contrib.auth import get_user_model
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import Workbook

from catalog.models import PolicyDocument
from futureind.exchange.checking import Check
from futureind.exchange.files.reader import tables_in
from futureind.exchange.kinds import kind_named
from futureind.exchange.models import Outcome
from futureind.exchange.rows import differences_of
from tests.factories import make_document, make_region

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

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


# Control characters


def test_control_characters_are_left_out_and_said():
    dirty = {
        "title_zh": "控制符\x0b试验",
        "summary_zh": "竖\x0b与分页\x0c与\x1f",
        "aliases_zh": "别名\x08",
    }
    [row], [root] = check_csv("documents", DOCUMENT | dirty)

    assert row.outcome == NEW
    held = root.after["fields"]
    assert (held["title_zh"], held["summary_zh"], held["aliases_zh"]) == (
        "控制符试验",
        "竖与分页与",
        "别名",
    )
    assert readings(row) == [
        ("title_zh", "控制符␋试验", "控制符试验"),
        ("summary_zh", "竖␋与分页␌与␟", "竖与分页与"),
        ("aliases_zh", "别名␈", "别名"),
    ]


def test_what_a_workbook_escapes_is_a_control_character_too():
    [row], [root] = check_sheet(
        "documents", DOCUMENT | {"title_zh": "控_x000B_制", "note_zh": "a_x000D_\nb"}
    )

    assert root.after["fields"]["title_zh"] == "控制"
    assert root.after["fields"]["note_zh"] == "a\nb"
    assert readings(row)[0] == ("title_zh", "控␋制", "控制")


def test_a_column_of_one_line_has_no_line_breaks():
    broken = {
        "title_en": "Newline\ntrial",
        "title_zh": "换行\n试验",
        "document_number": "换试〔2031〕\n1号",
    }
    [row], [root] = check_sheet("documents", DOCUMENT | broken)

    held = root.after["fields"]
    assert (held["title_en"], held["title_zh"]) == ("Newline trial", "换行试验")
    assert held["document_number"] == "换试〔2031〕1号"
    assert [column for column, _before, _after in readings(row)] == [*broken]


# Numbers


@pytest.mark.parametrize(
    ("value", "number_format", "kept"),
    [
        (0.1, "0%", "10.0000"),
        (0.125, "0.0%", "12.5000"),
        (0.07, "[Red]0.00%", "7.0000"),
        (0.29, "0%;[Red]-0%", "29.0000"),
        (1, "0%", "100.0000"),
        ("10%", "General", "10.0000"),
        ("12.5％", "@", "12.5000"),
    ],
)
def test_a_percentage_is_read_as_it_is_shown(value, number_format, kept):
    [row], [root] = check_sheet(
        "targets", TARGET | {"value": value}, formats=[{"value": number_format}]
    )

    assert (row.outcome, root.after["fields"]["value"]) == (NEW, kept)
    assert next(column for column, _before, _after in readings(row)) == "value"


def test_a_percentage_in_a_text_stands_as_it_is_shown():
    [_row], [root] = check_sheet(
        "targets",
        TARGET | {"value": 10, "value_text_zh": 0.1},
        formats=[{"value": '0"%"', "value_text_zh": "0%"}],
    )

    held = root.after["fields"]
    assert (held["value"], held["value_text_zh"]) == ("10.0000", "10%")


@pytest.mark.parametrize("unit", ["", "100-million-cny"])
def test_a_percentage_needs_a_unit_that_is_one(unit):
    [row], roots = check_sheet(
        "targets", TARGET | {"value": 0.1, "unit": unit}, formats=[{"value": "0%"}]
    )

    assert (refused(row), roots) == (["value"], [])
    assert "percentage" in reasons(row)


@pytest.mark.parametrize("number_format", ["#,##0.0,", '0!.0,"万"', "0,,", '0"."00'])
def test_a_format_that_shows_another_number_is_refused(number_format):
    [row], roots = check_sheet(
        "targets", TARGET | {"value": 1234567}, formats=[{"value": number_format}]
    )

    assert (refused(row), roots) == (["value"], [])
    assert "another number" in reasons(row)


def test_the_unit_that_a_format_writes_is_said():
    cells = TARGET | {"value": 3000, "unit": "100-million-cny"}
    [row], [root] = check_sheet("targets", cells, formats=[{"value": '#,##0"亿元"'}])

    assert root.after["fields"]["value"] == "3000.0000"
    assert ("value", "3000亿元", "3000") in readings(row)


def test_what_is_no_number_refuses_its_row_and_the_rest_is_checked():
    wrong = [
        *("nan", "inf", "-inf", "Infinity", "sNaN", "1e400", "1e25", "1e999999999", "9" * 35),
        *("0x10", "1_000", "१२", "1.23456", "०.५", "∞", "1" * 5000),
    ]
    right = {"-0": "0.0000", "+5": "5.0000", "５": "5.0000", "1e3": "1000.0000", "7.": "7.0000"}
    rows, roots = check_csv(
        "targets",
        *(
            TARGET
            | {"value": value, "statement_en": f"Trial {number}", "statement_zh": f"第{number}条"}
            for number, value in enumerate([*wrong, *right])
        ),
    )

    assert [refused(row) for row in rows] == [["value"]] * len(wrong) + [[]] * len(right)
    assert [root.after["fields"]["value"] for root in roots] == [*right.values()]
    assert readings(rows[len(wrong) + 2]) == [("value", "５", "5.0000")]


@pytest.mark.parametrize("year", ["२०२४", "2_024", "nan", "1e3", "9" * 35, "99999"])
def test_whole_numbers_are_written_in_digits(year):
    [row], roots = check_csv("documents", DOCUMENT | {"period_start": year, "period_end": 2035})

    assert ("period_start" in refused(row), roots) == (True, [])


# Merged cells, errors, other things than text


def test_cells_that_are_merged_are_refused_and_not_empty():
    documents = [
        DOCUMENT
        | {
            "title_zh": f"合并试验之{n}",
            "title_en": f"Merged {n}",
            "document_number": f"并试〔2031〕{n}号",
        }
        for n in "123"
    ]
    documents[0] |= {"issuers": "miit", "official_url": "https://example.org/a"}
    rows, roots = check_sheet("documents", *documents, merged=["F2:F4", "G2:G4"])

    assert outcomes(rows) == [NEW, REFUSED, REFUSED]
    assert [sorted(refused(row)) for row in rows[1:]] == [["issuers", "official_url"]] * 2
    assert len(roots) == 1


def test_merged_cells_take_no_issuers_from_records_that_are_there():
    known = [make_document() for _n in range(2)]
    rows, roots = check_sheet(
        "documents", *({"slug": d.slug, "issuers": "miit"} for d in known), merged=["B2:B3"]
    )

    assert outcomes(rows) == [CHANGED, REFUSED]
    assert [root.key for root in roots] == [(known[0].slug,)]


@pytest.mark.parametrize(
    "error",
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "########", "#n/a", "#名称?", "#引用！"],
)
@pytest.mark.parametrize("checked", [check_csv, check_sheet])
def test_an_error_of_a_spreadsheet_is_no_value(checked, error):
    cells = dict.fromkeys(
        ["title_en", "title_zh", "summary_zh", "issued_date", "issuers", "aliases_zh"], error
    )
    [row], roots = checked("documents", DOCUMENT | cells | {"aliases_zh": f"好; {error}"})

    assert roots == []
    assert {*cells} <= {*refused(row)}


def test_texts_with_the_sign_of_a_number_are_texts():
    [row], _roots = check_csv("documents", DOCUMENT | {"title_en": "#5G and #6G", "note_zh": "#"})

    assert row.outcome == NEW


@pytest.mark.parametrize(
    "cells",
    [
        {"title_en": True, "title_zh": 0, "summary_zh": 1.234567890123457e19},
        {"title_en": "FALSE", "title_zh": "12,345.0", "summary_zh": "１２"},
    ],
)
def test_numbers_and_truth_are_no_titles(cells):
    [row], roots = check_sheet("documents", DOCUMENT | cells)

    assert (sorted(refused(row)), roots) == (sorted(cells), [])


def test_a_number_that_is_a_title_already_stays_one():
    known = make_document(title_zh="2035")
    [row], roots = check_csv(
        "documents", {"slug": known.slug, "title_zh": "2035", "note_en": "New"}
    )

    assert (row.outcome, len(roots)) == (CHANGED, 1)


def test_all_faults_of_a_row_are_named():
    dates = dict.fromkeys(
        ["issued_date", "published_date", "official_url_retrieved_on"], "2024.1.18"
    )
    [row], _roots = check_csv("documents", DOCUMENT | dates | {"title_en": "TRUE", "level": "=1"})

    assert sorted(refused(row)) == sorted([*dates, "title_en", "level"])


def test_a_value_that_nobody_thought_of_refuses_its_row_only(monkeypatch, caplog):
    def clean(self):
        if "odd" in self.title_en:
            raise ArithmeticError("nobody thought of it")

    monkeypatch.setattr(PolicyDocument, "clean", clean)
    rows, roots = check_csv(
        "documents",
        DOCUMENT | {"title_en": "Very odd"},
        DOCUMENT | {"document_number": "办试〔2031〕2号"},
    )

    assert (outcomes(rows), len(roots)) == ([REFUSED, NEW], 1)
    assert "nobody thought of it" in caplog.text


def test_a_row_without_a_title_has_no_odd_name():
    known = make_document()
    [row], _roots = check_csv(
        "documents", {"slug": known.slug, "title_zh": "", "title_en": "", "note_zh": "改"}
    )

    assert row.name == known.slug


# The rules of the form


@pytest.mark.parametrize(
    "typed", ["旧试[2031]7号", "旧试（２０３１）第7号", "旧试【2031】 7 号", "旧试2031年7号"]
)
def test_a_number_in_other_brackets_is_no_change(typed):
    known = make_document(document_number="旧试〔2031〕7号")
    rows, roots = check_csv("documents", {"document_number": typed, "note_zh": "括号"})

    assert outcomes(rows) == [CHANGED]
    assert [root.key for root in roots] == [(known.slug,)]
    assert roots[0].after["fields"]["document_number"] == "旧试〔2031〕7号"
    rows, roots = check_csv("documents", {"document_number": typed})
    assert (outcomes(rows), roots) == ([UNCHANGED], [])


def test_a_number_is_kept_as_it_is_printed():
    _rows, [root] = check_csv("documents", DOCUMENT | {"document_number": "办试[2031]5号"})

    assert root.after["fields"]["document_number"] == "办试〔2031〕5号"


@pytest.mark.parametrize(
    "other",
    [
        {"title_zh": "完全不同的另一份文件", "title_en": "Another thing"},
        {"title_en": "Another thing"},
        {"level": "provincial", "region": "beijing"},
        {"title_zh": "石家庄市2030年行动计划"},
    ],
)
def test_a_number_found_under_another_title_or_region_changes_nothing(other):
    known = make_document(document_number="旧试〔2031〕7号", title_zh="石家庄市2031年行动计划")
    [row], roots = check_csv("documents", {"document_number": "旧试〔2031〕7号"} | other)

    assert (row.outcome, roots) == (REFUSED, [])
    assert known.slug in reasons(row)
    assert str(known) in reasons(row)
    [row], roots = check_csv(
        "documents", {"slug": known.slug, "document_number": "旧试〔2031〕7号"} | other
    )
    assert (row.outcome, len(roots)) == (CHANGED, 1)


def test_a_mended_title_is_no_other_title():
    known = make_document(
        document_number="旧试〔2031〕7号", title_zh="关于推动测试产业创新发展的实施意见"
    )
    cells = {
        "document_number": known.document_number,
        "title_zh": "关于推动测试产业创新发展实施意见",
    }

    assert outcomes(check_csv("documents", cells)[0]) == [CHANGED]


def test_nearly_the_same_title_is_refused_unless_a_slug_says_that_it_is_another():
    known = make_document(title_zh="关于推动测试产业创新发展的实施意见")
    same = DOCUMENT | {"title_zh": "《关于推动测试产业创新发展实施意见》"}
    [row], roots = check_csv("documents", same)

    assert (row.outcome, roots, refused(row)) == (REFUSED, [], ["title_zh"])
    assert known.slug in reasons(row)
    assert outcomes(check_csv("documents", same | {"slug": "another-one"})[0]) == [NEW]
    region = make_region()
    elsewhere = same | {"level": "provincial", "region": region.slug}
    assert outcomes(check_csv("documents", elsewhere)[0]) == [NEW]


def test_two_rows_of_a_file_are_not_one_document():
    rows, _roots = check_csv(
        "documents",
        DOCUMENT | {"document_number": "办试〔2031〕1号"},
        DOCUMENT | {"document_number": "办试〔2031〕2号", "title_en": "Quite another one"},
    )

    assert outcomes(rows) == [NEW, REFUSED]


def test_a_record_that_takes_the_title_of_another_is_refused():
    known, other = make_document(title_zh="关于推动测试产业创新发展的实施意见"), make_document()
    [row], _roots = check_csv("documents", {"slug": other.slug, "title_zh": known.title_zh})

    assert (row.outcome, refused(row)) == (REFUSED, ["title_zh"])


# Anything at all

STARTS = {
    "documents": DOCUMENT,
    "targets": TARGET,
    "points-of-an-indicator": {"indicator": "x", "period": "2031", "value": "1"},
    "units": {"name_en": "of a trial", "name_zh": "试"},
}

CELLS = st.text(st.characters(exclude_characters='\0"', exclude_categories=("Cs",)), max_size=40)
ODD = st.sampled_from(
    ["1e25", "-0", "nan", "#N/A", "9" * 400, "0001-01-01", "2031-13-45", "；", "a(b)", "٣"]
)


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
@pytest.mark.parametrize("kind", STARTS)
def test_no_value_ends_a_check(caplog, kind, data):
    column = data.draw(st.sampled_from([*kind_named(kind).columns]))
    cell = data.draw(CELLS | ODD)
    start = STARTS[kind]

    rows, _roots = check_csv(kind, start | {column: cell})

    assert all(row.outcome in Outcome.values for row in rows)
    assert "cannot be checked" not in caplog.text
