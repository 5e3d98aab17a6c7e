"""What the check of an import says, row by row; it writes to no record."""

import re

import pytest
from django.contrib.auth import get_user_model

from catalog.models import Indicator, PolicyDocument, Target
from futureind.exchange.checking import Check
from futureind.exchange.exporting import export
from futureind.exchange.files.reader import tables_in
from futureind.exchange.kinds import all_kinds, kind_named
from futureind.exchange.models import ChangeKind, Outcome
from futureind.exchange.rows import change_kind, differences_of
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Revision
from regions.models import RegionalPlan, Track
from tests.chance import every
from tests.factories import make_document, make_plan, make_source, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def check(sheets, user="contributor"):
    """Check sheets, given as lists of rows by name; returns the check and its roots."""
    tables = [
        {
            "name": name,
            "kind": name,
            "rows": [{"number": n, "cells": cells} for n, cells in enumerate(rows, 2)],
        }
        for name, rows in sheets.items()
    ]
    found = Check(tables, get_user_model().objects.get(username=user))
    return found, found.run()


def outcomes(found):
    return [row.outcome for row in found.rows]


def reasons(row):
    return " ".join(reason for _column, _value, reason in row.problems)


DOCUMENT = {
    "slug": "",
    "title_en": "Test Province: Plan for future industries",
    "title_zh": "测试省未来产业规划",
    "document_number": "测政发〔2031〕9号",
    "document_type": "plan",
    "level": "省级",
    "region": "beijing",
    "issued_date": "2031-02-03",
}


@pytest.mark.parametrize("form", every(2, ["json", "xlsx"]))
def test_the_export_of_all_data_changes_nothing(form):
    before = Revision.objects.count(), ContentVersion.current()
    tables = tables_in(form, export(list(all_kinds().values()), form))
    stored = [
        {"name": table.name, "kind": table.name, "rows": table.rows}
        for table in tables
        if kind_named(table.name)
    ]
    found = Check(stored, get_user_model().objects.get(username="administrator"))

    assert found.run() == []
    assert len(found.rows) > 2000
    assert [(row.sheet, row.number) for row in found.rows if row.outcome != "unchanged"] == []
    assert (Revision.objects.count(), ContentVersion.current()) == before


@pytest.mark.parametrize("kind", every(3, ["tracks", "documents", "targets"]))
def test_the_export_as_csv_changes_nothing(kind):
    kind = kind_named(kind)
    [table] = tables_in("csv", export([kind], "csv"))
    stored = [{"name": kind.name, "kind": kind.name, "rows": table.rows}]
    found = Check(stored, get_user_model().objects.get(username="administrator"))

    assert found.run() == []
    assert set(outcomes(found)) == {Outcome.UNCHANGED}


def test_sheets_refer_to_each_other_by_slug_and_by_number():
    source = make_source()
    number = "测政发[2031] 9"
    found, roots = check(
        {
            "tracks": [
                {
                    "plan": "test-province-plan-for-future-industries",
                    "tier": "前沿探索",
                    "name_zh": "量子信息",
                    "name_en": "Quantum information",
                    "fields": "future-information (analyst)",
                    "technologies": "quantum-computing (broader, stated); robots (相关)",
                }
            ],
            "targets": [
                {
                    "document": number,
                    "kind": "qualitative",
                    "statement_en": "Reach the front",
                    "statement_zh": "进入前列",
                }
            ],
            "plans": [{"document": number, "region": "beijing", "horizon_year": "2035.0"}],
            "documents": [DOCUMENT | {"sources": source.slug, "issuers": "ＭＩＩＴ"}],
        }
    )

    assert [(row.sheet, row.problems) for row in found.rows if row.problems] == []
    assert set(outcomes(found)) == {Outcome.CREATED}
    assert [root.model for root in roots] == [PolicyDocument, Target, RegionalPlan]
    [track] = roots[2].after["parts"]["tracks"]
    assert (
        track["fields"]["slug"] == "test-province-plan-for-future-industries--quantum-information"
    )
    assert track["fields"]["tier"] == "exploratory"
    assert track["fields"]["confidence"] == "recalled"
    rows = [row["fields"] for row in track["parts"]["technology_mappings"]]
    assert {(r["technology"][0], r["match"], r["basis"], r["order"]) for r in rows} == {
        ("quantum-computing", "broader", "stated", 1),
        ("robots", "related", "analyst", 2),
    }
    assert not PolicyDocument.objects.filter(document_number="测政发〔2031〕9号").exists()


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        ({"region": "atlantis"}, "region", "There is no region “atlantis”"),
        ({"document_type": "poem"}, "document_type", "Choose one of"),
        ({"issued_date": "soon"}, "issued_date", "date"),
        ({"issued_date": "2031-02-30"}, "issued_date", "date"),
        ({"period_start": "20x"}, "period_start", "integer|整数"),
        ({"sources": "no-such"}, "sources", "There is no source “no-such”"),
        ({"issuers": "miit (loud)"}, "issuers", "means nothing here"),
        ({"fields": "future-information (derived)"}, "fields", "means nothing here"),
        ({"title_zh": ""}, "title_zh", "blank|空"),
        ({"title_en": "x" * 400, "slug": "long"}, "title_en", "at most 300"),
        ({"slug": "no slug"}, "slug", "slug"),
        ({"level": "national"}, "", "national one has none"),
        ({"issued_date": "2031-02-03", "expiry_date": "2030-01-01"}, "", "before it expires"),
        ({"official_url": "javascript:alert(1)"}, "official_url", "URL"),
        ({"unverified_fields": "colour"}, "unverified_fields", "no column “colour”"),
        ({"title_en": "", "slug": ""}, "slug", "Give it a slug"),
    ],
)
def test_a_refused_row_says_which_cell_and_why(wrong, column, words):
    found, roots = check({"documents": [DOCUMENT | wrong]})
    [row] = found.rows

    assert row.outcome == Outcome.REFUSED
    assert roots == []
    assert column in [problem[0] for problem in row.problems]
    assert re.search(words, reasons(row))


def test_yes_and_no_are_read_in_words():
    indicator, source = Indicator.objects.first(), make_source()
    cells = {"indicator": indicator.slug, "geography": "world", "value": "1.5"}
    cells |= {"source": source.slug, "confidence": "verified"}
    words = {"2031": "true", "2032": "否", "2033": "", "2034": "perhaps"}
    points = [cells | {"period": year, "starts_anew": word} for year, word in words.items()]
    found, [root] = check({"points-of-an-indicator": points})

    assert outcomes(found) == [Outcome.CREATED] * 3 + [Outcome.REFUSED]
    held = {
        p["fields"]["period"]: p["fields"]["starts_anew"] for p in root.after["parts"]["points"]
    }
    assert [held[year] for year in ("2031", "2032", "2033")] == [True, False, False]


def test_a_formula_is_refused_in_its_cell():
    user = get_user_model().objects.get(username="contributor")
    rows = [{"number": 2, "cells": DOCUMENT | {"title_en": "=1+1"}, "formulas": ["title_en"]}]
    found = Check([{"name": "documents", "kind": "documents", "rows": rows}], user)

    assert found.run() == []
    assert found.rows[0].problems[0][0] == "title_en"
    assert "formula" in reasons(found.rows[0])


def test_what_depends_on_a_refused_row_is_refused_too():
    found, roots = check(
        {
            "documents": [DOCUMENT | {"document_type": "poem"}],
            "plans": [{"document": DOCUMENT["document_number"], "region": "beijing"}],
            "tracks": [
                {
                    "plan": "test-province-plan-for-future-industries",
                    "tier": "area",
                    "name_zh": "量子",
                    "name_en": "Quantum",
                }
            ],
        }
    )

    assert roots == []
    assert outcomes(found) == [Outcome.REFUSED] * 3
    assert "which is refused" in reasons(found.rows[1])


def test_a_record_that_stands_twice_is_refused_once():
    found, roots = check({"documents": [DOCUMENT, DOCUMENT | {"title_en": "Another"}]})

    assert outcomes(found) == [Outcome.CREATED, Outcome.REFUSED]
    assert "row 2" in reasons(found.rows[1])
    assert len(roots) == 1


def test_parents_of_the_same_sheet_come_first_and_circles_are_refused():
    rows = [
        {"slug": "x-child", "name_en": "Child", "name_zh": "子", "parent": "x-parent"},
        {"slug": "x-parent", "name_en": "Parent", "name_zh": "父"},
        {"slug": "x-a", "name_en": "A", "name_zh": "甲", "parent": "x-b"},
        {"slug": "x-b", "name_en": "B", "name_zh": "乙", "parent": "x-a"},
    ]
    found, roots = check({"technologies": rows}, user="administrator")

    assert outcomes(found)[:2] == [Outcome.CREATED] * 2
    assert set(outcomes(found)[2:]) == {Outcome.REFUSED}
    assert [root.key for root in roots] == [("x-parent",), ("x-child",)]


def test_a_column_that_is_left_out_is_left_alone_and_an_empty_cell_empties():
    document = make_document(summary_en="Kept", note_en="Goes", document_number="测〔2031〕3号")
    found, [root] = check({"documents": [{"slug": document.slug, "note_en": ""}]})

    assert outcomes(found) == [Outcome.CHANGED]
    assert root.after["fields"]["summary_en"] == "Kept"
    assert root.after["fields"]["note_en"] == ""
    assert root.after["fields"]["title_zh"] == document.title_zh
    [(path, _kind, before, after)] = differences_of(found.rows[0])
    assert (before, after) == ("Goes", "")
    assert "English" in path[0]


def test_languages_never_cross():
    document = make_document(title_en="English", title_zh="中文")
    _found, [root] = check({"documents": [{"slug": document.slug, "title_zh": "新中文"}]})

    assert root.after["fields"]["title_en"] == "English"
    assert root.after["fields"]["title_zh"] == "新中文"


def test_a_track_is_known_by_its_place_where_no_slug_is_given():
    track = make_track(name_zh="光子")
    cells = {"plan": track.plan.slug, "tier": track.tier, "name_zh": "光子", "locator_en": "II.3"}
    empty = {"slug": make_track(plan=track.plan).slug, "plan": "", "tier": "", "locator_en": "II.4"}
    found, [root] = check({"tracks": [cells, empty]})

    assert outcomes(found) == [Outcome.CHANGED] * 2
    assert root.pk == track.plan_id
    held = {part["fields"]["slug"]: part["fields"] for part in root.after["parts"]["tracks"]}
    assert held[track.slug]["locator_en"] == "II.3"
    assert held[empty["slug"]]["locator_en"] == "II.4"


def test_a_required_reference_that_is_empty_is_said():
    found, roots = check({"tracks": [{"slug": "x--y", "plan": "", "tier": "area"}]})

    assert roots == []
    assert "plan" in [column for column, _value, _reason in found.rows[0].problems]


def test_a_track_stays_with_its_plan():
    track, other = make_track(), make_plan()
    found, roots = check({"tracks": [{"slug": track.slug, "plan": other.slug}]})

    assert roots == []
    assert "stays with" in reasons(found.rows[0])


def test_what_something_published_names_is_proposed_and_all_else_is_a_draft(db):
    source, public = make_source(), make_source()
    make_document(published=True, sources=[public])
    found, roots = check(
        {
            "sources": [
                {"slug": source.slug, "title": "Changed"},
                {"slug": public.slug, "title": "Changed"},
                {"title": "新来源", "publisher": "某网", "kind": "media", "language": "zh"},
            ],
            "coverage-checks": [
                {"region": "tibet", "checked_on": "2031-01-01", "outcome": "none-found"}
            ],
        }
    )

    changed, created = Outcome.CHANGED, Outcome.CREATED
    assert outcomes(found) == [changed, changed, created, created]
    kinds = [change_kind(root) for root in roots]
    assert kinds == [ChangeKind.EDIT, ChangeKind.PROPOSE, ChangeKind.CREATE, ChangeKind.CREATE]


def test_the_taxonomy_is_for_administrators():
    cells = {"slug": "robots-field", "code": "RF", "name_en": "Robots", "name_zh": "机器"}
    found, roots = check({"fields": [cells]})

    assert roots == []
    assert "may not" in reasons(found.rows[0])


def test_tracks_that_name_the_same_twice_are_refused_once():
    plan = make_plan()
    cells = {"plan": plan.slug, "tier": "area", "name_zh": "光子", "name_en": "Photonics"}
    found, [root] = check({"tracks": [cells, cells | {"name_en": "Light"}]})

    assert outcomes(found) == [Outcome.CREATED, Outcome.REFUSED]
    assert len(root.after["parts"]["tracks"]) == 1
    assert Track.objects.filter(plan=plan).count() == 0
