"""How a document travels down: answers, chains, and what regions took up."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from catalog.models import DocumentRelation, IndustryField, PolicyDocument
from futureind.publishing import history
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action
from regions.analysis.cascade import UptakeState, cascade_of, naming_plans_at
from regions.analysis.chains import chain, flat
from regions.analysis.pages.cascade import plan_list
from regions.models import CoverageCheck, RegionalPlan
from regions.naming import namings
from tests.browse.plain_sql import ask
from tests.chance import dice
from tests.factories import make_document, make_plan, make_region, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

OPINIONS = "future-industries-opinions-2024"
HANGZHOU = "hangzhou-future-industries-2025-2026"


def implement(lower, upper, basis="stated", **columns):
    relation = DocumentRelation.objects.create(
        from_document=lower, to_document=upper, type="implements", basis=basis, **columns
    )
    history.record(lower, Action.EDITED)
    return relation


def opinions():
    return PolicyDocument.objects.get(slug=OPINIONS)


def read_csv(response):
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def table_rows(body, start, end):
    """Return the rows of the table bodies between two texts of a page."""
    part = body[body.index(start) : body.index(end)]
    return re.findall(r"<tr>.*?</tr>", part, re.DOTALL)


# The Opinions of 2024


@pytest.mark.parametrize(
    ("language", "stated", "judged"),
    [
        ("en", "Texts that name it as their basis", "Texts that an analyst judges"),
        ("zh-hans", "以本文件为依据的文件", "分析人员判断为落实"),
    ],
)
def test_hangzhou_answers_the_opinions_after_336_days(visitor, language, stated, judged):
    body = visitor.get(f"/{language}/documents/{OPINIONS}/cascade/").content.decode()

    answers = table_rows(body, stated, judged)
    [row] = [row for row in answers if f"/documents/{HANGZHOU}/" in row]
    assert re.search(r">\s*336\s*</td>", row)
    assert "2024-12-30" in row


def test_no_text_that_is_older_than_the_opinions_is_an_answer():
    cascade = cascade_of(opinions())

    answers = [*cascade.first_links("stated"), *cascade.first_links("analyst")]
    assert {link.document.slug for link in answers} >= {HANGZHOU, "bci-opinions-2025"}
    assert not [x for x in answers if x.document.date and x.document.date < date(2024, 1, 29)]
    older = {plan.document.slug for plan in cascade.older_plans.shown}
    assert {
        "shanghai-future-industries-2022",
        "beijing-future-industries-2023",
        "zhejiang-future-industries-2023",
    } <= older
    assert all(plan.document.date < date(2024, 1, 29) for plan in cascade.older_plans.shown)


def test_hangzhou_names_two_bases_and_each_is_a_step_upwards():
    upwards = chain(PolicyDocument.objects.get(slug=HANGZHOU), downwards=False)

    assert {link.document.slug for link in upwards} == {OPINIONS, "zhejiang-future-industries-2023"}
    assert {link.document.slug for link in flat(upwards) if link.level == 2} == {
        "14th-five-year-plan-outline-2021"
    }


def test_the_document_page_leads_to_its_cascade(visitor):
    body = visitor.get(f"/en/documents/{OPINIONS}/").content.decode()

    assert f'href="/en/documents/{OPINIONS}/cascade/"' in body


def test_older_plans_are_those_of_the_list_of_plans(visitor):
    cascade = cascade_of(opinions())
    address = plan_list(cascade, issued_before=date(2024, 1, 28))

    listed = visitor.get(address.replace("/?", ".json?")).json()["count"]

    assert len(cascade.older_plans) == listed


def test_a_long_group_stops_and_leads_to_the_list_of_plans(visitor, monkeypatch):
    monkeypatch.setattr("regions.analysis.cascade.MOST_PLANS", 5)
    body = visitor.get(f"/en/documents/{OPINIONS}/cascade/").content.decode()
    older = body[body.index('id="older"') : body.index('id="later"')]

    assert "The first 5 of" in older
    assert "issued_before=2024-01-28" in older
    assert len(re.findall(r'href="/en/documents/[^"?]+/"', older)) == 5


def test_the_number_of_regions_is_that_of_the_linked_list(visitor):
    [table, _products] = cascade_of(opinions()).tables
    for field, numbers in table.columns:
        answer = visitor.get(f"/en/plans.csv?field={field.slug}&issued_after=2024-01-29")
        regions = {row["region"] for row in read_csv(answer)}
        assert numbers[UptakeState.AFTER] == len(regions), field.slug


# Relations, stated and judged


def test_stated_relations_alone_leave_out_what_is_judged(visitor):
    upper = make_document(published=True)
    stated, judged = make_document(published=True), make_document(published=True)
    implement(stated, upper)
    implement(judged, upper, "analyst")

    both = visitor.get(f"/en/documents/{upper.slug}/cascade.json").json()
    alone = visitor.get(f"/en/documents/{upper.slug}/cascade.json?relation=stated").json()
    page = visitor.get(f"/en/documents/{upper.slug}/cascade/?relation=stated").content.decode()

    assert {row["slug"] for row in both["documents"]} == {stated.slug, judged.slug}
    assert [row["slug"] for row in alone["documents"]] == [stated.slug]
    assert stated.title_en in page
    assert judged.title_en not in page


def test_an_unknown_basis_is_refused_in_words(visitor):
    page = visitor.get(f"/en/documents/{OPINIONS}/cascade/?relation=%3Cb%3E")
    data = visitor.get(f"/en/documents/{OPINIONS}/cascade.json?relation=guessed")

    assert page.status_code == data.status_code == 400
    assert "“&lt;b&gt;” is not one of the choices here" in page.content.decode()
    assert "relation" in data.json()["errors"]


def test_an_empty_choice_leads_to_the_plain_address(visitor):
    response = visitor.get(f"/en/documents/{OPINIONS}/cascade/?relation=")

    assert (response.status_code, response["Location"]) == (
        302,
        f"/en/documents/{OPINIONS}/cascade/",
    )


def test_a_draft_has_no_cascade_and_stands_in_none(visitor):
    upper, draft = make_document(published=True), make_document()
    implement(draft, upper)

    assert visitor.get(f"/en/documents/{draft.slug}/cascade/").status_code == 404
    assert cascade_of(upper).links == []


# Chains


def test_chains_are_followed_over_levels_and_never_in_a_circle():
    top, middle, low = (
        make_document(published=True, issued_date=date(2024, month, 1)) for month in (1, 2, 3)
    )
    implement(middle, top)
    implement(low, middle)
    implement(low, top)
    implement(top, low)

    links = flat(chain(top, downwards=True))

    assert {(link.document.pk, link.level) for link in links} == {(middle.pk, 1), (low.pk, 1)}
    assert [(x.document.pk, x.level, x.days) for x in flat(chain(middle, downwards=True))] == [
        (low.pk, 1, 29),
        (top.pk, 2, -60),
    ]


@pytest.mark.parametrize(
    ("issued", "days", "is_older"),
    [(date(2024, 1, 28), -1, True), (date(2024, 1, 29), 0, False), (None, None, False)],
)
def test_a_text_from_before_the_upper_one_is_no_answer(issued, days, is_older):
    upper = make_document(
        published=True, issued_date=date(2024, 1, 18), published_date=date(2024, 1, 29)
    )
    implement(make_document(published=True, issued_date=issued), upper)

    cascade = cascade_of(upper)

    [link] = cascade.links
    assert (link.days, link.is_older) == (days, is_older)
    assert (cascade.first_links("stated") == []) is is_older
    assert (cascade.older_links == [link]) is is_older


# What regions took up


class World:
    """A national text on one field, dated 2024-01-15, and a region."""

    def __init__(self):
        self.field = IndustryField.objects.get(slug="future-space")
        self.text = make_document(published=True, issued_date=date(2024, 1, 15))
        self.text.field_mappings.create(field=self.field)
        history.record(self.text, Action.EDITED)
        self.region = make_region(published=True)

    def plan(self, issued, *, naming):
        document = make_document(published=True, region=self.region, issued_date=issued)
        plan = make_plan(published=True, region=self.region, document=document)
        track = make_track(plan=plan)
        if naming:
            track.field_mappings.create(field=self.field)
        history.record(plan, Action.EDITED)
        return plan

    def check(self, outcome, completeness=""):
        CoverageCheck.objects.create(
            publication_state="published",
            region=self.region,
            checked_on=date(2026, 1, 1),
            outcome=outcome,
            completeness=completeness,
        )

    def cell(self):
        [table] = cascade_of(self.text).tables
        [cells] = [cells for standing, cells in table.rows if standing.region == self.region]
        return cells[0]


def test_a_region_took_a_field_up_with_its_first_plan_from_the_day_on():
    world = World()
    before = world.plan(date(2024, 1, 14), naming=True)
    first = world.plan(date(2024, 1, 15), naming=True)
    world.plan(date(2025, 1, 15), naming=True)

    cell = world.cell()

    assert cell.state == UptakeState.AFTER
    assert (cell.after.pk, cell.before.pk) == (first.pk, before.pk)


@pytest.mark.parametrize("kind", ["field", "product"])
def test_the_plans_kept_for_a_state_are_those_of_plain_sql(kind):
    kept = naming_plans_at(ContentVersion.stamp(), kind)
    matched = "" if kind == "field" else "AND m.match IN ('exact', 'broader', 'narrower')"
    rows = ask(
        f"SELECT m.{kind}_id, p.region_id, p.id, d.slug FROM regions_track{kind}mapping m"
        " JOIN regions_track t ON t.id = m.track_id JOIN regions_regionalplan p ON p.id = t.plan_id"
        " JOIN catalog_policydocument d ON d.id = p.document_id"
        " WHERE p.publication_state = 'published' AND d.publication_state = 'published'"
        f" {matched} GROUP BY m.{kind}_id, p.region_id, p.id, d.slug, d.date"
        " ORDER BY d.date IS NULL, d.date, p.id"
    )
    expected = {}
    for thing, region, plan, document in rows:
        expected.setdefault(thing, {}).setdefault(region, []).append((plan, document))

    found = {
        thing: {
            region: [(plan.pk, plan.document_slug) for plan in plans]
            for region, plans in by_region.items()
        }
        for thing, by_region in kept.items()
        if by_region
    }
    assert found == expected


def test_a_field_that_only_an_older_plan_names_is_not_taken_up():
    world = World()
    before = world.plan(date(2023, 5, 1), naming=True)
    world.plan(date(2025, 5, 1), naming=False)

    cell = world.cell()

    assert (cell.state, cell.plan.pk) == (UptakeState.BEFORE, before.pk)


def test_an_undated_plan_leaves_the_order_open():
    world = World()
    world.plan(None, naming=True)

    assert world.cell().state == UptakeState.UNDATED


@pytest.mark.parametrize(
    ("check", "has_plan", "state"),
    [
        (("found", "complete"), True, UptakeState.NOT_NAMED),
        (("found", "partial"), True, UptakeState.IN_PART),
        (None, True, UptakeState.IN_PART),
        (("found", "partial"), False, UptakeState.NOT_RECORDED),
        (("none-found",), False, UptakeState.NONE_FOUND),
        (None, False, UptakeState.NOT_SEARCHED),
    ],
)
def test_not_named_is_said_only_of_what_was_read_completely(check, has_plan, state):
    world = World()
    if has_plan:
        world.plan(date(2025, 5, 1), naming=False)
    if check:
        world.check(*check)

    assert world.cell().state == state


def test_every_cell_of_the_page_has_a_word_and_a_shape(visitor):
    body = visitor.get(f"/en/documents/{OPINIONS}/cascade/").content.decode()

    cells = re.findall(r'<td class="(?:after|before|undated|[a-z-]+)">(.*?)</td>', body, re.DOTALL)
    uptake = [cell for cell in cells if 'aria-hidden="true"' in cell]
    assert len(uptake) > 500
    assert all(re.search(r'class="away">[a-z]', cell) for cell in uptake)
    assert '<th scope="row">' in body
    assert '<th scope="col">' in body


def test_numbers_of_regions_add_up_to_all_and_lead_to_as_many(visitor):
    for table in cascade_of(opinions()).tables:
        for subject, numbers in table.columns:
            named = sum(numbers[state] for state in ("after", "before", "undated"))
            assert named == namings(table.kind)[subject.pk].regions, subject

    html = visitor.get(f"/en/documents/{OPINIONS}/cascade/").content.decode()
    links = re.findall(r'<a href="/en/matrix/\?([^"]+)">(\d+)</a>', html)
    assert len(links) > 10
    for query, number in dice("numbers of a cascade").sample(links, 4):
        matrix = visitor.get("/en/matrix.json", QueryDict(query.replace("&amp;", "&"))).json()
        assert sum(1 for row in matrix["results"] if row["tracks"]) == int(number), query


def test_a_regional_text_asks_its_own_region_and_its_cities_only():
    cascade = cascade_of(PolicyDocument.objects.get(slug="zhejiang-future-industries-2023"))

    assert {s.region.slug for s in cascade.scope} >= {"zhejiang", "hangzhou", "ningbo"}
    assert {s.region.parent and s.region.parent.slug for s in cascade.scope} == {None, "zhejiang"}
    assert HANGZHOU in {link.document.slug for link in cascade.links}


def test_downloads_hold_what_the_page_shows(visitor):
    cascade = cascade_of(opinions())
    links = read_csv(visitor.get(f"/en/documents/{OPINIONS}/cascade.csv"))
    uptake = read_csv(visitor.get(f"/en/documents/{OPINIONS}/cascade-uptake.csv"))
    data = visitor.get(f"/en/documents/{OPINIONS}/cascade.json").json()

    assert [row["slug"] for row in links] == [link.document.slug for link in flat(cascade.links)]
    assert {row["slug"]: row["days"] for row in links}[HANGZHOU] == "336"
    states = [row["state"] for row in uptake if row["subject"] == "future-energy"]
    [table, _products] = cascade.tables
    [energy] = [total for field, total in table.columns if field.slug == "future-energy"]
    assert {state: states.count(state) for state in set(states)} == dict(energy)
    assert len(data["uptake"]) == len(uptake)
    assert len(data["documents"]) == len(links)


@pytest.mark.long
def test_the_number_of_queries_does_not_depend_on_the_number_of_regions(visitor):
    address = f"/en/documents/{OPINIONS}/cascade/"
    visitor.get(address)
    with CaptureQueriesContext(connection) as before:
        visitor.get(address)
    field = IndustryField.objects.get(slug="future-space")
    for _number in range(3):
        plan = make_plan(published=True, tracks=2)
        plan.tracks.first().field_mappings.create(field=field)
        implement(plan.document, opinions())

    # The index reads what is new before the count begins.
    visitor.get(address)
    with CaptureQueriesContext(connection) as after:
        visitor.get(address)

    assert len(after) <= len(before) + 1 <= 20
    assert RegionalPlan.objects.filter(pk=plan.pk, document__relations_from__isnull=False).exists()
