"""Regions and plans side by side, how alike they are, and what peers chose."""

import csv
import re
from io import StringIO

import pytest
from django.http import QueryDict

from catalog.models import Region, Technology
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.analysis.comparison import compare
from regions.analysis.similarity import Similarity, missing_from, nearest, similarity
from regions.counts import latest_checks
from regions.models import RegionalPlan, Track
from tests.factories import make_plan, make_region, make_target, make_technology, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

BOTH = "region=beijing&region=shanghai"


def read(client, query):
    response = client.get(f"/en/compare.json?{query}")
    assert response.status_code == 200
    return response.json()


def page(client, query, language="en"):
    response = client.get(f"/{language}/compare/?{query}")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def count_of_list(client, address):
    path, _question, query = address.partition("?")
    return client.get(path[path.index("/en/") :].rstrip("/") + ".json", QueryDict(query)).json()[
        "count"
    ]


def concepts(data, kind="technology"):
    return {
        found["slug"]: [side["tracks"] for side in found["sides"]]
        for found in data["results"]
        if found["kind"] == kind
    }


@pytest.mark.parametrize(
    "query",
    [
        BOTH,
        "region=jiangsu&region=nanjing&region=zhejiang&region=hangzhou",
        "plan=beijing-future-industries-2023&plan=shanghai-future-industries-2022",
    ],
)
def test_every_number_equals_the_list_that_it_leads_to(visitor, query):
    data = read(visitor, query)

    for side in data["sides"]:
        assert count_of_list(visitor, side["tracks_url"]) == side["tracks"]
    for found in data["results"][::7]:
        for side in found["sides"]:
            assert count_of_list(visitor, side["tracks_url"]) == side["tracks"], side


def test_the_order_of_regions_mirrors_the_columns_and_nothing_else(visitor):
    one, other = read(visitor, BOTH), read(visitor, "region=shanghai&region=beijing")

    assert one["sides"] == other["sides"][::-1]
    mirrored = {(f["kind"], f["slug"]): f["sides"][::-1] for f in other["results"]}
    assert {(f["kind"], f["slug"]): f["sides"] for f in one["results"]} == mirrored
    assert one["similarity"][0]["shared"] == other["similarity"][0]["shared"]


def test_beijing_and_shanghai_name_what_their_texts_say(visitor):
    html = page(visitor, BOTH, "zh-hans")
    found = {(f["kind"], f["slug"]): f["sides"] for f in read(visitor, BOTH)["results"]}

    energy = [line["name_zh"] for line in found["field", "future-energy"][1]["wordings"]]
    assert any("储能" in name for name in energy)
    assert any("核能" in name for name in energy)
    # A local name is shown as printed, and never as the same thing as a national field.
    plans = "plan=beijing-future-industries-2023&plan=shanghai-future-industries-2022"
    sides = [side for named in read(visitor, plans)["results"] for side in named["sides"]]
    lines = [line for side in sides for line in side["wordings"]]
    local = [line for line in lines if "未来智能" in line["name_zh"]]
    assert local
    assert not [line for line in local if line["match"] == "exact"]
    for document in ("京政办发〔2025〕14号",):
        assert RegionalPlan.objects.public().filter(document__document_number=document).exists()
    assert "beijing-future-investment-mechanism-2025" in html


def test_what_all_share_stands_before_what_only_one_names(visitor):
    html = page(visitor, BOTH).partition("<h2>Technology by technology")[2]

    parts = ("Named by both", "Beijing alone", "Shanghai alone")
    places = [html.index(words) for words in parts]
    assert places == sorted(places)
    shared = html[places[0] : places[1]]
    assert "/en/technologies/brain-computer-interfaces/" in shared or "brain-computer" in shared
    for slug, (first, second) in concepts(read(visitor, BOTH)).items():
        link = f"/en/technologies/{slug}/"
        if first and second:
            assert link in shared
        elif first:
            assert link in html[places[1] : places[2]]


def test_absence_is_spoken_of_only_where_a_region_was_read(visitor):
    html = page(visitor, "region=shanghai&region=nanjing&region=hebei")

    assert "not named" in html
    assert "read in part" in html
    newest = latest_checks()[Region.objects.get(slug="hebei").pk]
    assert f"no plan found (checked on {newest.checked_on})" in html


def test_targets_stand_by_unit_and_are_not_ranked(visitor):
    html = page(visitor, BOTH)

    assert "They are not ranked" in html
    region, other = make_region(published=True), make_region(published=True)
    for place, value in ((region, 900), (other, 1)):
        plan = make_plan(published=True, region=place, tracks=1)
        make_target(
            published=True,
            document=plan.document,
            kind="quantitative",
            value=value,
            comparator="about",
            statement_en=f"Reach {value}",
        )
    html = page(visitor, f"region={region.slug}&region={other.slug}")
    [row] = re.findall(r"<tr>(?:(?!</tr>).)*\b900\b.*?</tr>", html, re.DOTALL)
    first, second = re.findall(r"<td.*?</td>", row, re.DOTALL)
    assert "900" in first
    assert "900" not in second
    assert re.search(r"\b1\b", re.sub("<[^>]+>", " ", second))


def test_similarity_is_stated_with_its_definition(visitor):
    data = read(visitor, BOTH)
    numbers = concepts(data)
    shared = sum(1 for first, second in numbers.values() if first and second)
    html = page(visitor, BOTH)

    assert data["similarity"] == [
        {
            "of": ["beijing", "shanghai"],
            "shared": shared,
            "either": len(numbers),
            "share": round(shared / len(numbers), 4),
        }
    ]
    assert f"both name {shared} of the {len(numbers)} technologies" in html
    assert "Similarity: of the technologies that either names" in html


def test_similarity_of_sets():
    assert similarity({1, 2, 3}, {2, 3, 4}) == Similarity(shared=2, either=4)
    assert similarity({1, 2, 3}, {2, 3, 4}).percent == 50
    assert similarity(set(), set()).percent is None


def test_peers_are_the_most_alike_and_share_something():
    found = {1: {"a", "b"}, 2: {"a", "b"}, 3: {"a"}, 4: {"z"}}

    assert [pk for pk, _ in nearest(1, found)] == [2, 3]
    assert missing_from({"a"}, [{"a", "b"}, {"b", "c"}]) == {"b": 2}


def three_regions(shared):
    """Return three regions that all name some technologies, two of them another one besides."""
    named = [make_technology(published=True) for _ in range(shared)]
    missed = make_technology(published=True, name_en="Missed technology")
    regions = []
    for number in range(3):
        plan = make_plan(published=True)
        regions.append(plan.region)
        for technology in [*named, *([missed] if number else [])]:
            make_track(plan=plan).technology_mappings.create(technology=technology, match="exact")
        history.record(plan, Action.EDITED)
    return regions


def test_a_region_shows_its_peers_and_what_they_chose(visitor):
    regions = three_regions(shared=9)

    html = visitor.get(f"/en/regions/{regions[0].slug}/").content.decode()
    html = re.sub(r"\s+", " ", html)

    assert "both name 9 of 10" in html
    assert f"/en/compare/?region={regions[0].slug}&amp;region={regions[1].slug}" in html
    assert "Missed technology" in html[html.index("at least two of them name") :]


def test_where_little_is_named_no_share_is_said(visitor):
    regions = three_regions(shared=5)

    html = visitor.get(f"/en/regions/{regions[0].slug}/").content.decode()

    assert "both name" not in html
    assert "Similar regions" not in html


def test_a_small_region_stands_beside_those_of_its_group(visitor):
    html = re.sub(r"\s+", " ", visitor.get("/zh-hans/regions/hunan/").content.decode())
    part = html[html.index('<section id="fellows">') :].partition("</section>")[0]

    assert "中部六省" in part
    rows = re.findall(r'<th scope="row">(.*?)</tr>', part)
    assert len(rows) == 6
    for region, plans in (("湖北省", "hubei"), ("湖南省", "hunan")):
        [row] = [row for row in rows if region in row]
        number = RegionalPlan.objects.public().filter(region__slug=plans).count()
        assert f'<td class="figure second">{number}</td>' in row


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("query", ["", "region=beijing", "region=beijing&region=beijing"])
def test_fewer_than_two_regions_give_a_page_that_helps(visitor, language, query):
    response = visitor.get(f"/{language}/compare/?{query}")
    html = response.content.decode()

    assert response.status_code == 200
    assert html.count('name="region"') > 20
    assert ('value="beijing" checked' in html) == bool(query)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("region=atlantis&region=beijing", "“atlantis” is not on record."),
        ("plan=x&plan=y", "“x” is not on record."),
        ("region=a&region=b&region=c&region=d&region=e", "At most 4 can stand side by side"),
        ("region=beijing&plan=beijing-future-industries-2023", "not one with the other"),
        ("region=%3Cb%3E&region=beijing", "&lt;b&gt;"),
        ("region=%00&region=beijing", "is not on record."),
    ],
)
def test_what_cannot_be_compared_is_answered_with_400_in_words(visitor, query, words):
    response = visitor.get(f"/en/compare/?{query}")

    assert response.status_code == 400
    assert words in response.content.decode()
    assert visitor.get(f"/en/compare.json?{query}").status_code == 400
    assert visitor.get(f"/en/compare.csv?{query}").status_code == 400


def test_a_draft_region_is_not_on_record(visitor):
    draft = make_region()

    assert visitor.get(f"/en/compare/?region={draft.slug}&region=beijing").status_code == 400


def test_the_csv_holds_the_rows_of_the_page(visitor):
    data = read(visitor, BOTH)
    response = visitor.get(f"/en/compare.csv?{BOTH}")
    rows = list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))

    assert [row["slug"] for row in rows] == [found["slug"] for found in data["results"]]
    for row, found in zip(rows, data["results"], strict=True):
        if found["sides"][0]["tracks"]:
            assert row["beijing:tracks"] == str(found["sides"][0]["tracks"])
            assert found["sides"][0]["wordings"][0]["name_zh"] in row["beijing:wordings"]


def test_regions_are_chosen_from_their_list(visitor):
    html = visitor.get("/en/regions/").content.decode()

    assert 'action="/en/compare/"' in html
    assert 'name="region" value="beijing"' in re.sub(r"\s+", " ", html)
    assert 'value="hebei"' not in html


def test_many_wordings_lead_to_their_list(visitor):
    technology = make_technology(published=True)
    plan, other = make_plan(published=True), make_plan(published=True)
    for owner, number in ((plan, 8), (other, 1)):
        for _number in range(number):
            track = make_track(plan=owner)
            track.technology_mappings.create(technology=technology, match="narrower")
        history.record(owner, Action.EDITED)

    query = f"plan={plan.slug}&plan={other.slug}"
    html = page(visitor, query)

    assert "all 8 tracks" in html
    assert concepts(read(visitor, query)) == {technology.slug: [8, 1]}


def test_a_side_that_names_what_is_within_is_not_said_to_name_nothing(visitor):
    parent = make_technology(published=True)
    child = make_technology(published=True, parent=parent)
    plan, other = make_plan(published=True), make_plan(published=True)
    make_track(plan=plan).technology_mappings.create(technology=parent)
    make_track(plan=other).technology_mappings.create(technology=child, match="narrower")
    for owner in (plan, other):
        history.record(owner, Action.EDITED)

    query = f"region={plan.region.slug}&region={other.region.slug}"
    data = read(visitor, query)

    assert concepts(data) == {parent.slug: [1, 0], child.slug: [0, 1]}
    within = {f["slug"]: [side["within"] for side in f["sides"]] for f in data["results"]}
    assert within == {parent.slug: [1, 1], child.slug: [0, 1]}
    html = page(visitor, query)
    words = "only what is within it: 1 track</a>"
    [address] = re.findall(rf'<a href="([^"]+)">{words}', html)
    assert count_of_list(visitor, address.replace("&amp;", "&")) == 1


def test_what_a_region_names_by_something_within_is_not_missing(visitor):
    parent = make_technology(published=True, name_en="Wider technology")
    child = make_technology(published=True, parent=parent)
    shared = [make_technology(published=True) for _number in range(8)]
    for technologies in ([child], [child, parent], [child, parent]):
        plan = make_plan(published=True)
        for technology in [*shared, *technologies]:
            make_track(plan=plan).technology_mappings.create(technology=technology)
        history.record(plan, Action.EDITED)
    first = RegionalPlan.objects.order_by("pk").reverse()[2].region

    html = visitor.get(first.get_absolute_url()).content.decode()

    assert "Similar regions" in html
    assert "of them name and this region does not" not in html


def test_a_comparison_needs_neither_request_nor_template(db):
    beijing, hebei = Region.objects.get(slug="beijing"), Region.objects.get(slug="hebei")

    comparison = compare([beijing, hebei])

    assert [side.reading for side in comparison.sides] == ["in-part", "none-found"]
    assert comparison.sides[0].track_count == (
        Track.objects.public().filter(plan__region=beijing).count()
    )
    assert comparison.sides[1].technologies == frozenset()
    named = Technology.objects.filter(
        track_mappings__track__plan__region=beijing,
        track_mappings__match__in=["exact", "broader", "narrower"],
    )
    assert len(comparison.sides[0].technologies) == named.distinct().count()
