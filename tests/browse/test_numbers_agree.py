"""Whatever is asked for: matrix, comparison, gaps, diffusion, lists, files and map give one number.

The number is a count in plain SQL.
"""

import csv
import re
from io import StringIO

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Region, Technology
from futureind.publishing.models.content_version import ContentVersion
from futureind.search.entries import SearchEntry
from futureind.search.index import index_for
from futureind.search.snapshots import SearchSnapshot
from tests.analysis.test_matrix import STATES as MATRICES
from tests.browse.plain_sql import count_tracks, first_namings, who_names
from tests.browse.test_facets_property import states
from tests.chance import few_and_many

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

# What the plain count knows; the others are held to the lists' own reference elsewhere.
KNOWN = {
    *("field", "product", "technology", "match", "basis", "region", "group", "tier", "status"),
    *("issued_after", "issued_before"),
}
SHAPES = {
    "columns": ["fields", "products", "technologies"],
    "rows": ["regions", "provinces", "groups", "list"],
    "children": ["with", "without"],
}
DIMENSIONS = {"fields": "field", "products": "product", "technologies": "technology"}


def query_of(state):
    query = QueryDict(mutable=True)
    for name, values in state.items():
        query.setlist(name, values)
    return query


def read(client, path, state=None):
    response = client.get(path, query_of(state)) if state else client.get(path)
    assert response.status_code == 200, (path, state)
    return response.json()


def known_part(state):
    return {name: values for name, values in state.items() if name in KNOWN}


@st.composite
def shapes(draw):
    return {name: draw(st.sampled_from(values)) for name, values in SHAPES.items()}


@pytest.mark.parametrize("examples", few_and_many(5, 20))
def test_cells_lists_and_files_give_the_plain_count(db, examples):
    client = Client()

    @settings(max_examples=examples)
    @given(
        state=states("tracks").map(known_part),
        shape=shapes(),
        chosen=st.randoms(use_true_random=True),
    )
    def check(state, shape, chosen):
        matrix = read(client, "/en/matrix.json", {**state, **{k: [v] for k, v in shape.items()}})
        count = count_tracks(state)
        assert matrix["tracks"] == read(client, "/en/tracks.json", state)["count"] == count
        response = client.get("/en/tracks.csv", query_of(state))
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        assert len(list(csv.DictReader(StringIO(text)))) == count

        dimension = DIMENSIONS[shape["columns"]]
        alone = {"region"} - ({"region"} if shape["rows"] == "provinces" else set())
        if dimension == "technology" and shape["children"] == "without":
            alone = alone | {"technology"}
        cells = [
            (row["slug"], column, cell.get("tracks", 0))
            for row in matrix["results"]
            for column, cell in row["cells"].items()
        ]
        named = [cell for cell in cells if cell[2]]
        for row, column, number in [
            *chosen.sample(cells, min(4, len(cells))),
            *chosen.sample(named, min(4, len(named))),
        ]:
            # The filter by the dimension itself holds with what is within; the cell may not.
            outer = {name: state[name] for name in state if name != "region"}
            cell_state = {**outer, "region": [row], dimension: [column]}
            assert number == count_tracks(cell_state, alone), (state, shape, row, column)
        for row in chosen.sample(matrix["results"], min(3, len(matrix["results"]))):
            row_state = {**state, "region": [row["slug"]]}
            assert row["tracks"] == count_tracks(row_state, alone & {"region"})

    check()


@pytest.mark.parametrize("examples", few_and_many(3, 10))
def test_comparison_and_gaps_give_the_plain_count(db, examples):
    client = Client()
    regions = list(Region.objects.public().values_list("slug", flat=True))
    technologies = list(Technology.objects.public().values_list("slug", flat=True))

    @settings(max_examples=examples)
    @given(
        sides=st.lists(st.sampled_from(regions), min_size=2, max_size=4, unique=True),
        technology=st.sampled_from(technologies),
    )
    def check(sides, technology):
        data = read(client, "/en/compare.json", {"region": sides})
        for place, slug in enumerate(sides):
            own = {"region": [slug]}
            assert data["sides"][place]["tracks"] == count_tracks(own, {"region"})
            for found in data["results"][:: max(1, len(data["results"]) // 4)]:
                state = {**own, found["kind"]: [found["slug"]]}
                number = found["sides"][place]["tracks"]
                assert number == count_tracks(state, {"region", "technology"}), state
        places = read(client, "/en/gaps.json", {"technology": [technology]})["results"]
        tracks = {place["slug"]: place["tracks"] for place in places}
        for slug in sides:
            state = {"region": [slug], "technology": [technology]}
            assert tracks[slug] == count_tracks(state, {"region"})

    check()


@pytest.mark.parametrize("step", range(3))
def test_a_diffusion_gives_the_days_of_plain_sql(visitor, step):
    for slug in Technology.objects.public().values_list("slug", flat=True)[step::24]:
        rows = read(visitor, "/en/diffusion.json", {"technology": [slug]})["results"]
        assert {row["slug"]: row["date"] for row in rows} == first_namings(slug)


def technologies_by_province(**asked):
    """Return ``{region: technologies that its plans or its cities' name}``, by plain SQL."""
    parents = dict(Region.objects.public().values_list("slug", "parent__slug"))
    found = {}
    for technology in Technology.objects.public().values_list("slug", flat=True):
        for slug in who_names("technology", technology, alone=True, **asked):
            found.setdefault(parents.get(slug) or slug, set()).add(technology)
    return {slug: len(technologies) for slug, technologies in found.items()}


def test_the_map_gives_the_plain_count(visitor):
    html = " ".join(visitor.get("/en/").content.decode().split())
    tiles = re.findall(
        r'class="tile [^"]*" href="/en/regions/([^/]+)/".*?class="figure"[^>]*>([^<]*)<', html
    )
    in_force = technologies_by_province(day=timezone.localdate().isoformat())
    on_record = technologies_by_province()

    assert len(tiles) == 34
    for slug, figure in tiles:
        if figure.strip().isdigit():
            assert int(figure) == in_force.get(slug, 0), slug
            assert slug in on_record
        else:
            assert slug not in on_record


ANSWERS = [
    *(f"matrix.json?{query}" for query in MATRICES),
    "compare.json?region=beijing&region=shanghai",
    "compare.json?region=jiangsu&region=nanjing&region=zhejiang&region=hangzhou",
    "diffusion.json",
    "diffusion.json?technology=quantum-technology",
    "diffusion.json?technology=robots&children=without",
    "diffusion.json?field=future-space",
    "compare.json?region=beijing&region=shanghai&match=exact&in_force_on=2025-06-01",
    "diffusion.json?match=exact",
    "diffusion.json?technology=robots&match=exact&match=related",
    "diffusion.json?technology=quantum-technology&in_force_on=2024-06-01",
    "diffusion.json?field=future-space&match=broader&in_force_on=2026-01-01",
    "gaps.json",
    "gaps.json?region=beijing",
    "gaps.json?technology=artificial-intelligence",
]


@pytest.mark.long
def test_plain_queries_give_the_same_answers_as_the_index(visitor):
    from_index = {path: read(visitor, f"/en/{path}") for path in ANSWERS}
    SearchEntry.objects.all().delete()
    SearchSnapshot.objects.all().delete()
    ContentVersion.raise_number()
    assert index_for("track") is None
    assert index_for("document") is None

    for path in ANSWERS:
        assert read(visitor, f"/en/{path}") == from_index[path], path
