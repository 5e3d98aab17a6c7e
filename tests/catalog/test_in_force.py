"""Which texts are in force on a day, by the rule that the methodology states."""

from datetime import date, timedelta

import pytest

from catalog.models import DocumentRelation, PolicyDocument
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action
from regions.models import RegionalPlan, Track
from tests.browse.list_page import read_list
from tests.browse.list_reference import loaded_rows
from tests.factories import make_document, make_plan, make_region, make_target, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

DAY = timedelta(days=1)
START = date(2020, 3, 1)
END = date(2024, 6, 30)


def in_force(document, day):
    return PolicyDocument.objects.in_force_on(day).filter(pk=document.pk).exists()


def holds_from_to(document, first, last):
    """Tell whether a text is in force from one day to the other, and on no day beside them."""
    return (
        not in_force(document, first - DAY)
        and in_force(document, first)
        and in_force(document, last)
        and not in_force(document, last + DAY)
    )


def make(**columns):
    return make_document(published=True, **{"issued_date": START, **columns})


def supersede(older, *, published=True, **columns):
    """Publish a text that takes the place of an older one; return it."""
    newer = make_document(published=published, **columns)
    DocumentRelation.objects.create(from_document=newer, to_document=older, type="supersedes")
    history.record(newer, Action.EDITED)
    return newer


def test_a_text_is_in_force_from_its_issue_without_end():
    document = make()

    assert not in_force(document, START - DAY)
    assert in_force(document, START)
    assert in_force(document, date(2199, 1, 1))


def test_a_text_that_was_only_made_public_counts_from_that_day():
    document = make(issued_date=None, published_date=START)

    assert not in_force(document, START - DAY)
    assert in_force(document, START)


def test_a_text_that_names_the_day_it_takes_effect_counts_from_that_day():
    document = make(effective_date=START + 30 * DAY)

    assert not in_force(document, START + 29 * DAY)
    assert in_force(document, START + 30 * DAY)


@pytest.mark.parametrize("status", ["in-force", "expired", "superseded"])
def test_a_text_with_a_last_day_ends_with_it_whatever_its_status(status):
    document = make(legal_status=status, expiry_date=END, period_start=2020, period_end=2030)

    assert holds_from_to(document, START, END)


def test_a_superseded_text_ends_the_day_before_the_next_one_starts():
    document = make(legal_status="superseded", period_start=2020, period_end=2035)
    supersede(document, issued_date=END, effective_date=END + 10 * DAY)

    assert holds_from_to(document, START, END + 9 * DAY)


def test_of_two_successors_the_earlier_one_ends_it():
    document = make(legal_status="superseded")
    supersede(document, issued_date=END + 100 * DAY)
    supersede(document, issued_date=END + DAY)

    assert holds_from_to(document, START, END)


def test_a_successor_that_is_not_public_ends_nothing():
    document = make(legal_status="superseded", period_start=2020, period_end=2025)
    supersede(document, published=False, issued_date=END)

    assert holds_from_to(document, START, date(2025, 12, 31))


def test_without_a_dated_successor_a_superseded_text_ends_with_its_period():
    document = make(legal_status="superseded", period_start=2020, period_end=2025)
    supersede(document, issued_date=None)

    assert holds_from_to(document, START, date(2025, 12, 31))


def test_an_expired_text_ends_with_the_last_year_of_its_period():
    document = make(legal_status="expired", period_start=2021, period_end=2025)

    assert holds_from_to(document, START, date(2025, 12, 31))


def test_an_expired_text_without_a_period_ends_with_the_horizon_of_its_plan():
    region = make_region(published=True)
    document = make(legal_status="expired", region=region)
    make_plan(published=True, region=region, document=document, horizon_year=2023)

    assert holds_from_to(document, START, date(2023, 12, 31))


def test_an_expired_text_of_which_nobody_knows_the_end_is_in_force_on_no_day():
    document = make(legal_status="expired")

    assert not in_force(document, START)


def test_a_text_that_others_supersede_but_that_is_in_force_goes_on():
    document = make(legal_status="in-force")
    supersede(document, issued_date=END)

    assert in_force(document, END + DAY)


def test_texts_for_consultation_and_undated_ones_are_left_out_and_counted(visitor):
    draft_law = make(legal_status="consultation", title_en="Left out one")
    undated = make(issued_date=None, title_en="Left out two")

    assert not in_force(draft_law, START)
    assert not in_force(undated, START)
    page = read_list(visitor, "documents", "q=Left+out&in_force_on=2025-01-01")
    assert page.count == 0
    assert "2 records under these filters are left out" in page.html


def test_one_record_left_out_is_said_in_the_singular(visitor):
    make(issued_date=None, title_en="Left out alone")

    page = read_list(visitor, "documents", "q=Left+out+alone&in_force_on=2025-01-01")

    assert "1 record under these filters is left out" in page.html


def test_none_left_out_is_said_as_well(visitor):
    make(title_en="Dated and alone")

    page = read_list(visitor, "documents", "q=Dated+and+alone&in_force_on=2025-01-01")

    assert page.count == 1
    assert "0 records under these filters are left out" in page.html


def test_plans_tracks_and_targets_follow_their_document(visitor):
    region = make_region(published=True)
    document = make(region=region, legal_status="expired", period_start=2020, period_end=2022)
    plan = make_plan(published=True, region=region, document=document, horizon_year=2030)
    make_track(plan=plan)
    make_target(published=True, document=document)

    for name in ("plans", "tracks", "targets"):
        within = read_list(visitor, name, f"region={region.slug}&in_force_on=2022-12-31")
        after = read_list(visitor, name, f"region={region.slug}&in_force_on=2023-01-01")
        assert (within.count, after.count) == (1, 0)


def test_the_horizon_of_a_withdrawn_plan_ends_nothing():
    region = make_region(published=True)
    document = make(legal_status="expired", region=region)
    plan = make_plan(published=True, region=region, document=document, horizon_year=2023)
    workflow.withdraw(plan, user=None, note="Entered twice.")

    assert not in_force(document, START)


@pytest.mark.parametrize(
    "day", ["2019-01-01", "2021-03-10", "2021-03-11", "2022-06-06", "2025-12-31", "2026-01-01"]
)
def test_the_texts_on_record_are_in_force_as_counted_in_plain_python(day):
    day = date.fromisoformat(day)

    expected = {row.slug for row in loaded_rows("documents") if row.in_force(day)}

    found = PolicyDocument.objects.public().in_force_on(day)
    assert set(found.values_list("slug", flat=True)) == expected
    plans = RegionalPlan.objects.public().in_force_on(day)
    assert {plan.document.slug for plan in plans} <= expected
    assert Track.objects.public().in_force_on(day).count() == sum(
        row.in_force(day) for row in loaded_rows("tracks")
    )


def test_the_outline_of_2021_gives_way_to_that_of_2026():
    older = PolicyDocument.objects.get(slug="14th-five-year-plan-outline-2021")

    assert in_force(older, date(2021, 3, 11))
    assert in_force(older, date(2025, 12, 31))
    assert not in_force(older, date(2026, 11, 24))
