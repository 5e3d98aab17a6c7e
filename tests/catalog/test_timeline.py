"""Documents, milestones and targets on one axis."""

import csv
import datetime
import io
import itertools
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog.drawings.timeline import drawing_of
from catalog.models import Milestone
from catalog.numbers import moved_in_words
from catalog.timeline import EventKind, Question, Scale, bins_between, timeline_of
from futureind.publishing.history import record
from futureind.publishing.models.revisions import Action
from tests.factories import make_document, make_region, make_source, make_target, stored

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TODAY = datetime.date(2026, 11, 24)
MOON = "technology=crewed-spaceflight&geography=CN&geography=US&kind=milestone"


def make_milestone(date, *, precision="day", **columns):
    slug = f"test-milestone-{Milestone.objects.count()}"
    values = {
        "slug": slug,
        "title_en": f"Test event {slug}",
        "title_zh": f"测试事件 {slug}",
        "date": date,
        "precision": precision,
        "state": "planned",
        "geography": "CN",
        **columns,
    }
    return stored(Milestone(**values), published=True, sources=[make_source()])


def slugs(timeline):
    return {entry.record.slug for entry in timeline.entries}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_ways_to_the_moon_stand_side_by_side(visitor, language):
    body = visitor.get(f"/{language}/timeline/?{MOON}").content.decode()

    pictures = re.findall(r'<svg class="timeline (\w+)".*?</svg>', body, re.DOTALL)
    assert pictures == ["wide", "narrow"]
    for width in pictures:
        picture = re.search(rf'<svg class="timeline {width}".*?</svg>', body, re.DOTALL)[0]
        lanes = re.findall(r'<text class="lane"[^>]*>(.*?)</text>', picture)
        assert lanes == {"en": ["China", "United States"], "zh-hans": ["中国", "美国"]}[language]
    listed = body[body.index('id="list"') :]
    assert f'href="/{language}/milestones/china-crewed-lunar-landing/"' in listed
    assert f'href="/{language}/milestones/artemis-iv-landing/"' in listed


def test_a_slip_is_shown_from_date_to_date(visitor):
    timeline = timeline_of(Question(technologies=["crewed-spaceflight"]), TODAY)
    drawing = drawing_of(timeline)
    body = visitor.get(f"/en/timeline/?{MOON}").content.decode()

    slips = {slip.entry.record.slug: slip for lane in drawing.lanes for slip in lane.slips}
    artemis = slips["artemis-ii"]
    # One of the dates that were given up lies after the end, and is told in words alone.
    assert len(artemis.points) == 3
    assert all(artemis.start < point < artemis.x for point in artemis.points)
    [moved] = re.findall(r"artemis-ii/.*?moved.*?</span>\s*</span>\s*</li>", body, re.DOTALL)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", moved))
    assert "moved later by 1 year 5 months: 2024-11 † not yet read" in text
    assert re.search(r"read ?→ 2025-09 → 2026-04 → .*→ 2026-04-01", text)


@pytest.mark.parametrize(
    ("stations", "english", "chinese"),
    [
        ("2024 2026-09", "moved later by 2 years", "推迟2年"),
        ("2030 2028", "moved earlier by 2 years", "提前2年"),
        ("2024-11 2026-02", "moved later by 1 year 3 months", "推迟1年3个月"),
        ("2026-08-24 2026-09-01", "moved later by 8 days", "推迟8天"),
        ("2026-08-24 2026-08-23", "moved earlier by 1 day", "提前1天"),
        ("2025 2027 2025", "moved, and back to its first date; at last earlier by 2 years", None),
        (
            "2024 2027-06 2026-09",
            "moved later by 2 years; at last earlier by 9 months",
            "推迟2年；最近一次提前9个月",
        ),
        ("2026 2026-03", "moved, and back to its first date", None),
    ],
)
def test_the_list_says_which_way_a_date_moved(stations, english, chinese):
    dates = [a_date(text) for text in stations.split()]

    with translation.override("en"):
        assert moved_in_words(dates) == english
    with translation.override("zh-hans"):
        assert chinese is None or moved_in_words(dates) == chinese


def a_date(text):
    """Return ``(date, precision)`` of a date written as 2026, 2026-09 or 2026-09-01."""
    precision = {4: "year", 7: "month", 10: "day"}[len(text)]
    return datetime.date.fromisoformat(text + "2000-12-28"[len(text) :]), precision


def test_a_date_given_up_for_an_earlier_one_is_not_drawn_after_the_end():
    for stations in ("2024 2027-06 2026-09", "2030 2026 2028"):
        *earlier, last = [a_date(text) for text in stations.split()]
        milestone = make_milestone(last[0], precision=last[1])
        for order, (day, precision) in enumerate(earlier):
            milestone.superseded_dates.create(order=order, date=day, precision=precision)
        record(milestone, Action.EDITED)

        drawing = drawing_of(timeline_of(Question(kinds=[EventKind.MILESTONE]), TODAY))
        [slip] = [s for lane in drawing.lanes for s in lane.slips if s.entry.record == milestone]
        assert slip.points == []
        assert (slip.start < slip.x) == (earlier[0][0] < last[0])
        tip, back = slip.head
        assert (back < tip) == (slip.start < slip.x)


@pytest.mark.parametrize("query", ["", "scale=month", "scale=decade", MOON])
def test_the_narrow_picture_is_whole_on_a_telephone(visitor, query):
    body = visitor.get(f"/en/timeline/?{query}").content.decode()
    picture = re.search(r'<svg class="timeline narrow".*?</svg>', body, re.DOTALL)[0]

    assert 'viewBox="0 0 340 ' in picture
    places = re.findall(r' (?:x|cx|x1|x2)="([\d.]+)"', picture)
    assert places
    assert all(0 <= float(x) <= 340 for x in places)


def test_what_is_not_public_or_has_no_date_is_left_out():
    draft = make_document(issued_date=datetime.date(2025, 3, 1))
    undated = make_document(published=True, issued_date=None)
    endless = make_target(published=True, due_date=None)

    assert not slugs(timeline_of(Question(), TODAY)) & {draft.slug, undated.slug, endless.slug}


def test_a_region_includes_its_cities_and_has_no_milestones():
    province = make_region(published=True)
    city = make_region(published=True, parent=province, level="city")
    text = make_document(published=True, region=city, level="city")
    target = make_target(published=True, document=text, due_date=datetime.date(2030, 12, 31))
    make_document(published=True, region=make_region(published=True))

    timeline = timeline_of(Question(regions=[province.slug]), TODAY)

    assert slugs(timeline) == {text.slug, target.slug}
    assert [(bin.label, len(found)) for bin, found in timeline.groups] == [("2025", 1), ("2030", 1)]


def test_other_countries_have_milestones_only():
    timeline = timeline_of(Question(geographies=["US"]), TODAY)

    assert {entry.kind for entry in timeline.entries} == {EventKind.MILESTONE}
    assert {entry.geography for entry in timeline.entries} == {"US"}


@pytest.mark.parametrize(
    ("scale", "start", "end", "labels"),
    [
        (Scale.DECADE, (2019, 5, 1), (2030, 1, 1), ["2010–2019", "2020–2029", "2030–2039"]),
        (Scale.YEAR, (2024, 12, 31), (2026, 1, 1), ["2024", "2025", "2026"]),
        (Scale.MONTH, (2024, 11, 30), (2025, 2, 1), ["2024-11", "2024-12", "2025-01", "2025-02"]),
    ],
)
def test_bins_cover_the_stretch_without_gaps(scale, start, end, labels):
    bins = bins_between(datetime.date(*start), datetime.date(*end), scale)

    assert [one.label for one in bins] == labels
    day = datetime.timedelta(days=1)
    assert all(one.last + day == two.first for one, two in itertools.pairwise(bins))


def test_by_month_a_year_is_no_december():
    vague = make_milestone(datetime.date(2026, 12, 31), precision="year")
    exact = make_milestone(datetime.date(2026, 12, 31))

    timeline = timeline_of(Question(scale=Scale.MONTH), TODAY)

    december = {
        e.record.slug for one, found in timeline.groups for e in found if "-12" in one.label
    }
    assert exact.slug in december
    assert vague.slug not in december
    assert vague.slug in {entry.record.slug for entry in timeline.vague}
    assert timeline.total == len(timeline.entries)


def test_by_month_the_years_around_today_are_shown():
    bins = timeline_of(Question(scale=Scale.MONTH), TODAY).bins

    assert (bins[0].label, bins[-1].label) == ("2025-11", "2027-11")


@pytest.mark.parametrize("query", ["", "field=future-energy", "scale=decade&region=jiangsu"])
def test_numbers_are_those_of_the_lists_that_they_link_to(visitor, query):
    body = visitor.get(f"/en/timeline/?{query}").content.decode()

    cells = re.findall(r'<td class="figure">\s*<a href="([^"]+)">(\d+)</a>\s*</td>', body)
    assert cells
    for address, number in cells[::4]:
        listed = visitor.get(unescape(address).replace("/?", ".json?")).json()["count"]
        assert listed == int(number), address


def test_picture_and_list_hold_the_same(visitor):
    timeline = timeline_of(Question(), TODAY)
    drawing = drawing_of(timeline)

    drawn = [dot.entry for lane in drawing.lanes for dot in [*lane.dots, *lane.slips]]
    listed = [entry for entry in timeline.entries if entry.is_milestone]
    assert {id(entry) for entry in drawn} == {id(entry) for entry in listed}
    bars = sum(bar.number for lane in drawing.lanes for bar in lane.bars)
    assert bars + len(listed) == timeline.total == len(timeline.entries)
    assert all(0 <= dot.x <= 1000 and 0 <= dot.y <= drawing.height for dot in drawn_marks(drawing))


def drawn_marks(drawing):
    return [mark for lane in drawing.lanes for mark in [*lane.dots, *lane.slips, *lane.bars]]


def test_downloads_hold_the_list(visitor):
    text = b"".join(visitor.get(f"/en/timeline.csv?{MOON}")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    data = visitor.get(f"/en/timeline.json?{MOON}").json()

    assert [row["slug"] for row in rows] == [row["slug"] for row in data["results"]]
    assert data["count"] == len(rows)
    [artemis] = [row for row in rows if row["slug"] == "artemis-ii"]
    assert artemis["earlier_dates"].startswith("2024-11-30; 2025-09-30")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("field=none", "“none” is not one of the choices here"),
        ("scale=week", "“week” is not one of the choices here"),
        ("due_after=yesterday", "Enter a date as year-month-day"),
        ("due_after=2026-01-01&due_before=2025-01-01", "The end lies before the beginning"),
        ("scale=month&due_after=2000-01-01&due_before=2026-01-01", "at most ten years"),
    ],
)
def test_bad_filters_are_refused_in_words(visitor, query, message):
    page = visitor.get(f"/en/timeline/?{query}")
    data = visitor.get(f"/en/timeline.json?{query}")

    assert (page.status_code, data.status_code) == (400, 400)
    assert message in page.content.decode()


@pytest.mark.parametrize("query", ["scale=month&due_after=1900-01-01", "due_before=1900-01-01"])
def test_half_open_stretches_are_answered(visitor, query):
    assert visitor.get(f"/en/timeline/?{query}").status_code == 200


def test_an_empty_choice_leads_to_the_canonical_address(visitor):
    response = visitor.get("/en/timeline/?due_after=&field=future-energy&scale=")

    assert response["Location"] == "/en/timeline/?field=future-energy"


@pytest.mark.long
def test_a_bounded_number_of_queries(visitor):
    visitor.get("/en/timeline/")
    with CaptureQueriesContext(connection) as before:
        visitor.get("/en/timeline/")
    for number in range(8):
        milestone = make_milestone(datetime.date(2026, 5, 1 + number))
        milestone.superseded_dates.create(order=1, date=datetime.date(2025, 1, 1), precision="day")
        record(milestone, Action.EDITED)
        region = make_region(published=True)
        text = make_document(published=True, region=region)
        make_target(published=True, document=text, due_date=datetime.date(2030, 12, 31))

    # The choices of the filters are asked for anew after a change.
    visitor.get("/en/timeline/")
    with CaptureQueriesContext(connection) as after:
        visitor.get("/en/timeline/")

    assert len(after) <= len(before) + 1 <= 20


@pytest.mark.parametrize("query", ["", "scale=decade&field=future-space", "region=beijing"])
def test_pages_of_the_list_hold_every_event_once_and_downloads_all(visitor, monkeypatch, query):
    monkeypatch.setattr("catalog.views.timeline.PAGE_SIZE", 40)
    data = visitor.get(f"/en/timeline.json?{query}").json()
    assert len(data["results"]) == data["count"] == timeline_count(visitor, query)

    listed = []
    for number in range(1, -(-data["count"] // 40) + 1):
        html = visitor.get(f"/en/timeline/?{query}&page={number}").content.decode()
        part = html[html.index('id="list"') :]
        listed += re.findall(r'</time>\s*<span>\s*<a href="/en/\w+/([^/]+)/"', part)
        # The picture is of all, on every page.
        assert f"{data['count']} events" in html
    assert listed == [row["slug"] for row in data["results"]]


def timeline_count(visitor, query):
    return len(b"".join(visitor.get(f"/en/timeline.csv?{query}")).splitlines()) - 1


@pytest.mark.parametrize(("page", "status"), [("2", 200), ("900", 404), ("0", 400), ("x", 400)])
def test_a_page_of_the_list_that_is_not_there_says_so(visitor, page, status):
    response = visitor.get(f"/en/timeline/?page={page}")

    assert response.status_code == status
    assert ('role="alert"' in response.content.decode()) == (status != 200)
