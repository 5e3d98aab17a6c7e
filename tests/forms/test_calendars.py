"""Calendars: each dated record once, on its day, with a number that grows when it changes."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Milestone, Target
from futureind.core.calendars import folded, in_value
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action
from tests.factories import make_document, make_target
from tests.forms.reading import calendar, read_calendar, unescaped

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]


def event_of(client, record, language="en"):
    events = calendar(client, f"/{language}/targets.ics")
    return next((one for one in events if one["URL"].endswith(f"/{record.slug}/")), None)


def edit(record, action=Action.EDITED, **columns):
    record.refresh_from_db()
    for name, value in columns.items():
        setattr(record, name, value)
    record.save()
    return history.record(record, action)


def test_a_target_of_a_year_stands_on_its_last_day_and_says_so(visitor):
    target = make_target(published=True, due_date=date(2027, 12, 31), due_precision="year")
    event = event_of(visitor, target)

    assert (event["DTSTART"], "DTEND" in event) == ("20271231", False)
    assert event["SUMMARY"] == target.statement_en
    assert event["DESCRIPTION"].splitlines() == [
        "By the end of 2027",
        "Only the year is on record: this stands on its last day.",
        target.document.title_en,
    ]
    assert event["URL"].endswith(f"/en/targets/{target.slug}/")


@pytest.mark.parametrize(
    ("precision", "day", "words"),
    [
        ("month", date(2027, 6, 30), "By the end of June 2027"),
        ("day", date(2027, 6, 5), "Due on 2027-06-05"),
    ],
)
def test_other_days_are_said_as_exactly_as_they_are_known(visitor, precision, day, words):
    target = make_target(published=True, due_date=day, due_precision=precision)
    lines = event_of(visitor, target)["DESCRIPTION"].splitlines()

    assert lines[0] == words
    assert any("last day" in line for line in lines) == (precision == "month")


def test_an_event_has_one_name_in_both_languages(visitor):
    target = make_target(published=True, due_date=date(2027, 12, 31), statement_zh="建成，一个")
    english, chinese = event_of(visitor, target), event_of(visitor, target, "zh-hans")

    assert english["UID"] == chinese["UID"]
    assert english["UID"].startswith(f"targets/{target.slug}@")
    assert chinese["SUMMARY"] == "建成，一个"
    assert "/zh-hans/" in chinese["URL"]


def test_the_number_grows_with_a_change_and_not_otherwise(visitor):
    target = make_target(due_date=date(2027, 12, 31))
    edit(target, statement_en="Still a draft")
    assert event_of(visitor, target) is None
    workflow.publish(target.document, user=None)
    workflow.publish(target, user=None)
    first = event_of(visitor, target)
    assert event_of(visitor, target) == first
    make_target(published=True, due_date=date(2027, 12, 31))
    edit(target)
    assert event_of(visitor, target) == first

    edit(target, due_date=date(2028, 12, 31))
    second = event_of(visitor, target)

    assert (first["SEQUENCE"], second["SEQUENCE"]) == ("0", "1")
    assert (second["UID"], second["DTSTART"]) == (first["UID"], "20281231")
    assert second["DTSTAMP"] >= first["DTSTAMP"]


def test_drafts_undated_and_withdrawn_targets_are_left_out(visitor):
    due = {"due_date": date(2027, 12, 31)}
    draft = make_target(document=make_document(published=True), **due)
    undated = make_target(published=True)
    withdrawn = make_target(published=True, **due)
    workflow.withdraw(withdrawn, user=None, note="A duplicate")

    assert [event_of(visitor, one) for one in (draft, undated, withdrawn)] == [None] * 3
    dated = Target.objects.public().filter(due_date__isnull=False).count()
    assert len(calendar(visitor, "/en/targets.ics")) == dated


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_all_milestones_have_a_day(visitor, language):
    events = calendar(visitor, f"/{language}/milestones.ics")

    assert len(events) == Milestone.objects.public().count()
    spans = [event for event in events if "DTEND" in event]
    assert all(event["DTEND"] > event["DTSTART"] for event in spans)


def test_the_timeline_is_a_calendar_of_what_it_lists(visitor):
    rows = visitor.get("/en/timeline.json?kind=target&kind=milestone").json()["results"]
    events = calendar(visitor, "/en/timeline.ics?kind=target&kind=milestone")

    assert {event["URL"] for event in events} == {row["url"] for row in rows}
    assert len(calendar(visitor, "/en/timeline.ics")) > len(events) > 100


def test_nothing_due_is_a_calendar_too(visitor):
    assert calendar(visitor, "/en/targets.ics?q=zzzzqq") == []


def test_a_calendar_is_told_in_its_language_while_it_is_sent(visitor):
    chinese = visitor.get("/zh-hans/targets.ics")
    visitor.get("/en/")
    events = read_calendar(b"".join(chinese))

    assert all("By the end" not in event["DESCRIPTION"].splitlines()[0] for event in events)
    assert all("/zh-hans/" in event["URL"] for event in events)


def test_many_targets_take_as_few_queries_as_few(visitor):
    make_target(published=True, due_date=date(2027, 12, 31))
    calendar(visitor, "/en/targets.ics")
    with CaptureQueriesContext(connection) as few:
        calendar(visitor, "/en/targets.ics")
    for _number in range(10):
        make_target(published=True, due_date=date(2027, 12, 31))
    calendar(visitor, "/en/targets.ics")
    with CaptureQueriesContext(connection) as many:
        calendar(visitor, "/en/targets.ics")

    assert len(many) <= len(few) <= 10


@pytest.mark.parametrize("text", ["a" * 300, "量子" * 100, "a" + "𠮷" * 60, "", "b" * 75, "b" * 76])
def test_lines_are_broken_between_letters(text):
    lines = folded(text).split(b"\r\n")

    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode().startswith(" ") for line in lines[1:-1])
    assert folded(text).decode().replace("\r\n ", "") == text + "\r\n"


@pytest.mark.parametrize("text", ["a, b; c\\n", "one\r\ntwo\nthree", "\\", "x:y\tz"])
def test_signs_that_would_end_a_value_are_escaped(text):
    assert unescaped(in_value(text)) == text.replace("\r\n", "\n")
    assert "\n" not in in_value(text)


def test_signs_that_no_calendar_may_hold_are_left_out():
    assert in_value("a\x00b\x1bc") == "abc"
