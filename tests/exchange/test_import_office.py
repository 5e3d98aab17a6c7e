"""Sheets as offices make them: never silently wrong. What is not read as it stands is said."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.models import PolicyDocument
from futureind.exchange.kinds import kind_named
from futureind.exchange.models import Outcome
from tests.exchange.checked_rows import (
    CHANGED,
    DOCUMENT,
    NEW,
    REFUSED,
    TARGET,
    check_csv,
    check_sheet,
    outcomes,
    readings,
    reasons,
    refused,
)
from tests.factories import make_document

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

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
