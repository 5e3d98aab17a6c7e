"""Which matches count and on which day texts are in force, asked alike on pages of analysis."""

import re
from datetime import date
from unittest.mock import ANY

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Region, Technology
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from tests.browse.plain_sql import COUNTED, count_tracks, first_namings
from tests.browse.test_numbers_agree import query_of, read
from tests.chance import few_and_many
from tests.factories import make_document, make_plan, make_track

pytestmark = pytest.mark.django_db

EXAMPLES = few_and_many(3, 8)
BOTH = "region=beijing&region=shanghai"
MATCHES = ("exact", "broader", "narrower", "related")


@st.composite
def scopes(draw):
    """A state of the two parameters, each of them there or not."""
    matches = draw(st.lists(st.sampled_from(MATCHES), unique=True, max_size=3))
    day = draw(st.none() | st.dates(date(2022, 1, 1), date(2028, 12, 31)))
    state = {"match": sorted(matches)} if matches else {}
    return {**state, "in_force_on": [day.isoformat()]} if day else state


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("examples", EXAMPLES)
def test_a_comparison_counts_in_scope_as_plain_sql_and_the_matrix_do(db, examples):
    client = Client()
    regions = list(Region.objects.public().values_list("slug", flat=True))

    @settings(max_examples=examples)
    @given(
        scope=scopes(),
        sides=st.lists(st.sampled_from(regions), min_size=2, max_size=3, unique=True),
        columns=st.sampled_from(["fields", "products", "technologies"]),
    )
    def check(scope, sides, columns):
        data = read(client, "/en/compare.json", {"region": sides, **scope})
        shape = {"columns": [columns], "rows": ["list"], "children": ["without"]}
        matrix = read(client, "/en/matrix.json", {**scope, **shape})
        rows = {row["slug"]: row for row in matrix["results"]}
        kind = {"fields": "field", "products": "product", "technologies": "technology"}[columns]
        concepts = {found["slug"]: found for found in data["results"] if found["kind"] == kind}
        for place, slug in enumerate(sides):
            own = {**scope, "region": [slug]}
            number = count_tracks(own, {"region"})
            assert data["sides"][place]["tracks"] == rows[slug]["tracks"] == number
            for column, cell in rows[slug]["cells"].items():
                found = concepts.get(column)
                theirs = found["sides"][place]["tracks"] if found else 0
                assert theirs == cell.get("tracks", 0), (scope, slug, column)
            for column in list(concepts)[::5]:
                state = {**own, kind: [column]}
                theirs = concepts[column]["sides"][place]["tracks"]
                assert theirs == count_tracks(state, {"region", "technology"}), state

    check()


def test_a_number_of_a_comparison_leads_to_that_many_tracks(visitor):
    data = visitor.get(f"/en/compare.json?{BOTH}&match=exact&in_force_on=2025-06-01").json()

    for found in data["results"][::9]:
        for side in found["sides"]:
            path, _mark, query = side["tracks_url"].partition("?")
            path = path[path.index("/en/") : -1] + ".json"
            assert visitor.get(path, QueryDict(query)).json()["count"] == side["tracks"]


@pytest.mark.parametrize("examples", EXAMPLES)
def test_a_diffusion_in_scope_gives_the_days_of_plain_sql(db, examples):
    client = Client()
    technologies = list(Technology.objects.public().values_list("slug", flat=True))

    @settings(max_examples=examples)
    @given(scope=scopes(), technology=st.sampled_from(technologies))
    def check(scope, technology):
        rows = read(client, "/en/diffusion.json", {"technology": [technology], **scope})["results"]
        day = scope.get("in_force_on", [None])[0]
        expected = first_namings(technology, scope.get("match") or COUNTED, day)
        assert {row["slug"]: row["date"] for row in rows} == expected

    check()


@pytest.mark.parametrize(
    "query",
    ["technology=robots", "technology=quantum-technology", "product=humanoid-robots", "sort=name"],
)
def test_the_counted_matches_asked_for_by_name_change_nothing(visitor, query):
    by_name = "&".join(f"match={match}" for match in COUNTED)
    default = visitor.get(f"/en/diffusion.json?{query}").json()
    asked = visitor.get(f"/en/diffusion.json?{query}&{by_name}").json()

    assert asked == {**default, "match": ANY}
    assert sorted(asked["match"]) == sorted(COUNTED)


def test_a_text_names_a_thing_merely_related_only_where_that_is_asked_for(visitor):
    technology = Technology.objects.get(slug="robots")
    region = Region.objects.get(slug="hainan")
    plan = make_plan(
        published=True, region=region, document=make_document(published=True, region=region)
    )
    track = make_track(plan=plan)
    track.technology_mappings.create(technology=technology, match="related")
    history.record(plan, Action.EDITED)

    def named(query):
        rows = visitor.get(f"/en/diffusion.json?technology=robots{query}").json()["results"]
        return {row["document"] for row in rows if row["slug"] == "hainan"}

    assert plan.document.slug not in named("")
    assert plan.document.slug not in named("&match=exact")
    assert named("&match=related") == {plan.document.slug}


@pytest.mark.parametrize(
    "address",
    [
        f"/en/compare/?{BOTH}",
        "/en/diffusion/?technology=quantum-technology",
        "/en/diffusion/?product=humanoid-robots",
        "/en/diffusion/?field=future-space",
        "/en/diffusion/?sort=name",
    ],
)
def test_a_page_states_its_scope_and_offers_others(visitor, address):
    html = page(visitor, address)
    assert "Counted are all texts on record." in html
    assert "Match: <strong>exact, broader, narrower</strong>." in html
    [exact] = re.findall(r'<a href="([^"]+)">exact only</a>', html)

    html = page(visitor, exact.replace("&amp;", "&"))
    assert "Match: <strong>exact</strong>." in html
    assert '<strong aria-current="true">exact only</strong>' in html

    html = page(visitor, f"{address}&in_force_on=2025-06-01")
    assert "Counted are texts in force on <strong>2025-06-01</strong>." in html
    assert 'value="2025-06-01"' in html
    for field, value in QueryDict(address.partition("?")[2]).items():
        assert f'type="hidden" name="{field}" value="{value}"' in html


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("start", [f"compare/?{BOTH}", "diffusion/?technology=robots"])
def test_bad_values_are_refused_with_what_is_wrong(visitor, language, start):
    html = page(visitor, f"/{language}/{start}&match=alike&in_force_on=2025-13-01", status=400)

    assert "“alike”" in html
    assert ("year-month-day" in html) == (language == "en")
    data = start.replace("/?", ".json?")
    response = visitor.get(f"/{language}/{data}&match=alike&in_force_on=soon")
    assert response.status_code == 400
    assert {"match", "in_force_on"} <= set(response.json()["errors"])


def test_plans_documents_and_targets_of_a_side_are_those_in_force(visitor):
    old = "2015-01-01"
    data = visitor.get(f"/en/compare.json?{BOTH}&in_force_on={old}").json()
    assert {side["tracks"] for side in data["sides"]} == {0}
    assert {side["documents"] for side in data["sides"]} == {0}

    day = "2025-06-01"
    data = visitor.get(f"/en/compare.json?{BOTH}&in_force_on={day}").json()
    for side in data["sides"]:
        query = query_of({"region": [side["slug"]], "in_force_on": [day]})
        assert visitor.get("/en/documents.json", query).json()["count"] == side["documents"] > 0
        assert visitor.get("/en/targets.json", query).json()["count"] == side["targets"] > 0


def test_what_has_no_date_is_left_out_and_counted(visitor):
    region = Region.objects.get(slug="hainan")
    undated = make_document(published=True, region=region, issued_date=None)
    make_plan(published=True, region=region, document=undated, tracks=3)
    html = page(visitor, "/en/compare/?region=beijing&region=hainan&in_force_on=2026-01-01")

    state = {"region": ["beijing", "hainan"], "alone": ["region"], "in_force_on": ["2026-01-01"]}
    tracks = visitor.get("/en/tracks/", query_of(state)).content.decode()
    words = "records under these filters are left out"
    [left_out] = re.findall(rf"(\d+) {words}", tracks)
    assert int(left_out) >= 3
    assert f"{left_out} {words}" in html
