"""Who has no track, and what supports saying so."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.http import QueryDict
from django.utils import translation

from catalog.models import Region, Technology
from futureind.core.name_order import place_of
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.analysis.gaps import STATES, gaps_of, places_before
from regions.counts import latest_checks
from regions.models import CoverageCheck, Track
from tests.chance import every
from tests.factories import make_plan, make_technology, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def read(client, query=""):
    response = client.get(f"/en/gaps.json?{query}")
    assert response.status_code == 200
    return response.json()["results"]


def page(client, query, language="en"):
    response = client.get(f"/{language}/gaps/?{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    "query",
    every(
        3,
        ["technology=quantum-technology", "product=humanoid-robots", "field=future-materials"],
    ),
)
def test_every_region_stands_in_one_state_before_a_thing(visitor, query):
    rows = read(visitor, query)
    kind, _equals, slug = query.partition("=")

    assert sorted(row["slug"] for row in rows) == sorted(
        Region.objects.public().values_list("slug", flat=True)
    )
    for row in rows:
        listed = visitor.get(
            "/en/tracks.json", QueryDict(f"{kind}={slug}&region={row['slug']}&alone=region")
        ).json()["count"]
        assert row["tracks"] == listed
        assert (row["state"] == "named") == bool(listed)
        if row["state"] == "not-named":
            assert (row["outcome"], row["completeness"]) == ("found", "complete")
        if row["state"] == "none-found":
            assert row["outcome"] == "none-found"
            assert row["checked_on"]
        if row["state"] == "not-searched":
            assert row["checked_on"] is None


def test_not_searched_is_not_the_same_as_not_named(visitor):
    html = page(visitor, "technology=quantum-technology")
    rows = {row["slug"]: row for row in read(visitor, "technology=quantum-technology")}

    assert rows["baoding"]["state"] == "not-searched"
    assert rows["hebei"]["state"] == "none-found"
    assert rows["beijing"]["state"] == "named"
    assert "Of the others nobody can say:" in html
    assert "What was searched for" in html
    assert html.index(">not named <") < html.index(">not searched <") < html.index(">named <")


def test_a_complete_region_lists_what_it_does_not_name(visitor):
    region = Region.objects.get(slug="shandong")
    named = set(
        Technology.objects.filter(
            track_mappings__track__in=Track.objects.public().filter(plan__region=region),
            track_mappings__match__in=["exact", "broader", "narrower"],
        ).values_list("slug", flat=True)
    )
    rows = read(visitor, "region=shandong")
    gaps = {row["slug"] for row in rows if row["kind"] == "technology"}

    assert not gaps & named
    assert {row["state"] for row in rows} == {"not-named"}
    numbers = [row["regions_that_name_it"] for row in rows if row["kind"] == "technology"]
    assert numbers == sorted(numbers, reverse=True)
    assert "2026-11-24" in page(visitor, "region=shandong")


def test_what_as_many_regions_name_stands_in_the_readers_order(visitor):
    shandong = Region.objects.get(slug="shandong")
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            gaps = [gap for gap in gaps_of(shandong)[1] if gap.kind == "technology"]
            keys = [(-gap.regions, place_of(gap.record.name.plain)) for gap in gaps]
        assert keys == sorted(keys)
        assert len({number for number, _name in keys}) < len(keys)


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("shandong", "what stands here is not named in its plans"),
        ("beijing", "may stand in what nobody read"),
        ("hebei", "nothing can be said about what its plans name"),
        ("baoding", "No coverage check is on record."),
    ],
)
def test_a_region_says_how_far_it_was_read(visitor, slug, words):
    assert words in page(visitor, f"region={slug}")


def test_a_technology_is_named_by_what_stands_within_it(db):
    parent = make_technology(published=True)
    child = make_technology(published=True, parent=parent)
    plan = make_plan(published=True)
    make_track(plan=plan).technology_mappings.create(technology=child, match="narrower")
    history.record(plan, Action.EDITED)
    check = CoverageCheck.objects.create(
        publication_state="published",
        region=plan.region,
        checked_on=date(2026, 2, 1),
        outcome="found",
        completeness="complete",
    )
    history.record(check, Action.CREATED)

    standing, gaps = gaps_of(plan.region)

    slugs = {gap.record.slug for gap in gaps}
    assert standing.reading == "read"
    assert parent.slug not in slugs
    assert child.slug not in slugs
    [place] = places_before("technology", parent)["named"]
    assert (place.standing.region, place.tracks) == (plan.region, 1)


def test_the_overview_adds_up_to_all_regions(visitor):
    rows = read(visitor)

    assert len(rows) == 16
    for row in rows:
        assert sum(row[state] for state in STATES) == Region.objects.public().count()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("region=atlantis", "“atlantis” is not on record."),
        ("technology=%3Cb%3E", "&lt;b&gt;"),
        ("region=beijing&technology=robots", "Ask for one thing at a time."),
    ],
)
def test_a_bad_value_is_answered_with_400_in_words(visitor, query, words):
    response = visitor.get(f"/en/gaps/?{query}")

    assert response.status_code == 400
    assert words in response.content.decode()
    assert visitor.get(f"/en/gaps.csv?{query}").status_code == 400


def test_the_csv_holds_the_check_behind_each_state(visitor):
    response = visitor.get("/en/gaps.csv?product=humanoid-robots")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = {row["slug"]: row for row in csv.DictReader(StringIO(text))}

    newest = latest_checks()[Region.objects.get(slug="hebei").pk]
    assert rows["hebei"]["state"] == "none-found"
    assert rows["hebei"]["checked_on"] == newest.checked_on.isoformat()
    assert rows["hebei"]["queries"]


def test_gaps_are_reached_from_regions_and_technologies(visitor):
    assert "/en/gaps/?region=beijing" in visitor.get("/en/regions/beijing/").content.decode()
    html = visitor.get("/en/technologies/robots/").content.decode()
    assert "/en/gaps/?technology=robots" in html
