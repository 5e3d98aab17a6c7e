"""The matrix: every cell equals the list behind it, and every empty cell says why it is empty."""

import csv
import re
from datetime import date
from io import StringIO

import pytest
from django.http import QueryDict

from catalog.models import Region
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.analysis.matrix import Cell, MatrixFilter, build_matrix, crossed
from regions.counts import Standing, latest_checks
from regions.models import CoverageCheck, Track
from tests.chance import dice, every
from tests.factories import make_plan, make_region, make_technology, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STATES = [
    "",
    "rows=provinces",
    "rows=groups",
    "rows=list&sort=-tracks",
    "columns=products",
    "columns=products&match=exact",
    "columns=products&match=related&rows=provinces",
    "columns=technologies",
    "columns=technologies&children=without",
    "columns=technologies&children=without&match=exact&rows=provinces",
    "columns=technologies&technology=artificial-intelligence&order=-regions",
    "columns=fields&technology=quantum-technology&match=broader",
    "columns=fields&field=future-space&field=future-health&tier=exploratory",
    "columns=products&group=greater-bay-area&rows=provinces",
    "region=jiangsu&rows=provinces&columns=technologies",
    "region=nanjing&region=zhejiang&rows=provinces",
    "in_force_on=2024-06-30&columns=technologies",
    "basis=stated&columns=fields",
    "q=quantum&columns=technologies&sort=quantum-technology",
]


def read_matrix(client, query=""):
    response = client.get(f"/en/matrix.json?{query}")
    assert response.status_code == 200
    return response.json()


def named_cells(data):
    return [
        (row["slug"], column, cell)
        for row in data["results"]
        for column, cell in row["cells"].items()
        if cell["state"] == "named"
    ]


def count_of_list(client, address):
    path, _question, query = address.partition("?")
    found = client.get(path[path.index("/en/") :].rstrip("/") + ".json", QueryDict(query))
    assert found.status_code == 200, address
    return found.json()["count"]


@pytest.mark.parametrize("query", every(3, STATES))
def test_a_cell_equals_the_list_that_it_leads_to(visitor, query):
    cells = named_cells(read_matrix(visitor, query))

    assert cells
    for _row, _column, cell in dice(f"cells {query}").sample(cells, min(6, len(cells))):
        assert count_of_list(visitor, cell["url"]) == cell["tracks"], cell["url"]


@pytest.mark.parametrize("query", every(3, STATES))
def test_totals_equal_the_lists_that_they_lead_to(visitor, query):
    html = visitor.get(f"/en/matrix/?{query}").content.decode()
    table = html[html.index("<table") : html.index("</table>")].replace("&amp;", "&")
    links = re.findall(r'href="(/en/tracks/[^"]*)"[^>]*>\s*(\d+)\s*<', table)

    assert links
    for address, number in dice(f"totals {query}").sample(links, min(6, len(links))):
        assert count_of_list(visitor, address) == int(number), address


def test_every_cell_says_what_is_known(visitor):
    data = read_matrix(visitor)
    rows = {row["slug"]: row for row in data["results"]}
    states = {slug: {cell["state"] for cell in row["cells"].values()} for slug, row in rows.items()}

    assert states["shandong"] == {"named", "not-named"}
    assert {"named", "in-part"} in states.values()
    assert states["hebei"] == {"none-found"}
    assert states["baoding"] == {"not-searched"}
    assert {"not-recorded"} in states.values()
    assert sum(data["base"].values()) == len(rows) == Region.objects.public().count()


def test_regions_with_tracks_stand_first_and_the_others_one_link_away(visitor):
    data = read_matrix(visitor)
    html = visitor.get("/en/matrix/").content.decode()
    table = html[html.index("<tbody") : html.index("</table>")]
    shown = re.findall(r'<th scope="row"[^>]*>\s*<a href="/en/regions/([^/"]+)/"', table)
    with_tracks = {row["slug"] for row in data["results"] if row["tracks"]}

    assert with_tracks <= set(shown)
    for slug in set(shown) - with_tracks:
        cities = Region.objects.filter(parent__slug=slug).values_list("slug", flat=True)
        assert with_tracks & set(cities), slug
    without = len(data["results"]) - len(shown)
    [address] = re.findall(rf'<a class="way" href="([^"]+)">Show {without} without', html)
    assert address == "/en/matrix/?shown=all"
    everything = visitor.get(address).content.decode()
    assert all(f'href="/en/regions/{row["slug"]}/"' in everything for row in data["results"])
    assert read_matrix(visitor, "shown=all")["results"] == data["results"]
    # Of a region that is asked for it is said why it has no track.
    assert "not searched" in visitor.get("/en/matrix/?region=baoding").content.decode()


def test_no_cell_is_empty_and_each_has_its_word(visitor):
    html = visitor.get("/en/matrix/?shown=all").content.decode()
    table = html[html.index("<tbody") : html.index("</tbody>")]
    newest = latest_checks()[Region.objects.get(slug="hebei").pk]

    assert not re.search(r"<td[^>]*>\s*</td>", table)
    for words in (
        "not named",
        "read in part",
        "plan found, tracks not recorded",
        f"no plan found (checked on {newest.checked_on})",
        "not searched",
    ):
        assert words in table
    assert "Base, in regions and cities:" in html


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("query", ["", "?columns=technologies", "?rows=groups"])
def test_the_table_can_be_read_without_seeing_it(visitor, language, query):
    html = visitor.get(f"/{language}/matrix/{query}").content.decode()
    table = html[html.index("<table") : html.index("</table>")]

    assert "<caption" in table
    assert table.count('scope="row"') == table.count("<tr") - table.count('scope="rowgroup"') - (
        2 if "technologies" in query else 1
    )
    assert not re.search(r"<th(?![^>]*scope=)[ >]", table)


def test_the_match_is_always_stated(visitor):
    plain = visitor.get("/en/matrix/?columns=technologies").content.decode()
    exact = visitor.get("/en/matrix/?columns=technologies&match=exact").content.decode()

    assert "Match: <strong>exact, broader, narrower</strong>" in re.sub(r"\s+", " ", plain)
    assert "Match: <strong>exact</strong>" in re.sub(r"\s+", " ", exact)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", 'Regions that name it <span class="soft">cities apart</span>'),
        (
            "rows=provinces",
            'Regions that name it <span class="soft">cities with their province</span>',
        ),
        ("columns=technologies", "cities apart; technologies with those within them"),
        ("columns=technologies&children=without", "cities apart; each technology by itself"),
        ("columns=products&match=related", "Regions with such tracks"),
    ],
)
def test_it_says_how_regions_and_columns_are_counted(visitor, query, words):
    html = " ".join(visitor.get(f"/en/matrix/?{query}").content.decode().split())

    assert words in html
    assert "Numbers beside options count tracks." in html


def test_exact_matches_are_fewer(visitor):
    every = read_matrix(visitor, "columns=products")
    exact = read_matrix(visitor, "columns=products&match=exact")

    numbers = {(row, column): cell["tracks"] for row, column, cell in named_cells(every)}
    for row, column, cell in named_cells(exact):
        assert cell["tracks"] <= numbers[row, column]
    assert len(named_cells(exact)) < len(numbers)


def test_a_province_can_count_its_cities_in(visitor):
    apart = {row["slug"]: row for row in read_matrix(visitor)["results"]}
    together = {row["slug"]: row for row in read_matrix(visitor, "rows=provinces")["results"]}

    cities = ("nanjing", "suzhou")
    own = {slug: apart[slug]["tracks"] for slug in ("jiangsu", *cities)}
    assert own["nanjing"]
    assert own["suzhou"]
    assert together["jiangsu"]["tracks"] >= sum(own.values())
    assert "nanjing" not in together


def test_columns_stand_in_the_csv_as_on_the_page(visitor):
    data = read_matrix(visitor, "columns=products&order=-regions")
    response = visitor.get("/en/matrix.csv?columns=products&order=-regions")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(StringIO(text))

    columns = [column["slug"] for column in data["columns"]]
    assert head[0] == "slug"
    assert head[-len(columns) :] == columns
    regions = [column["regions"] for column in data["columns"]]
    assert regions == sorted(regions, reverse=True)
    for row, found in zip(data["results"], rows, strict=True):
        cells = [row["cells"][column] for column in columns]
        assert found[0] == row["slug"]
        assert found[-len(columns) :] == [str(c.get("tracks", c["state"])) for c in cells]


def test_rows_can_be_sorted_by_a_column(visitor):
    data = read_matrix(visitor, "rows=list&sort=future-energy")
    numbers = [row["cells"]["future-energy"].get("tracks", 0) for row in data["results"]]

    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > 1


def test_a_group_stands_above_its_members(visitor):
    html = visitor.get("/en/matrix/?rows=groups&group=northeast").content.decode()
    body = html[html.index("<tbody") : html.index("</table>")]

    assert body.index("Northeast") < body.index("/en/regions/liaoning/")
    assert "/en/regions/beijing/" not in body


def test_a_day_in_force_leaves_out_what_came_later(visitor):
    early = read_matrix(visitor, "in_force_on=2022-12-31")
    rows = {row["slug"]: row["tracks"] for row in early["results"]}

    assert rows["shanghai"] > 0
    assert rows["hangzhou"] == 0
    assert early["tracks"] < read_matrix(visitor)["tracks"]


@pytest.mark.parametrize(
    "query",
    ["columns=foo", "rows=x", "children=maybe", "order=up", "sort=nothing", "region=atlantis"],
)
@pytest.mark.parametrize("form", ["/", ".json", ".csv"])
def test_a_bad_value_is_answered_with_400_in_words(visitor, query, form):
    response = visitor.get(f"/en/matrix{form}?{query}")

    assert response.status_code == 400
    assert "is not one of the choices here" in response.content.decode()


def test_one_state_names_one_address(visitor):
    assert visitor.get("/en/matrix/?rows=&columns=products").url == "/en/matrix/?columns=products"
    html = visitor.get("/en/matrix/?rows=list&columns=products").content.decode()
    assert re.search(r'rel="canonical"[^>]*matrix/\?columns=products&amp;rows=list"', html)


def test_region_without_a_complete_check_is_never_called_not_named(visitor):
    region = make_region(published=True)
    plan = make_plan(published=True, region=region)
    track = make_track(plan=plan)
    technology = make_technology(published=True)
    track.technology_mappings.create(technology=technology, match="exact")
    history.record(plan, Action.EDITED)

    def states():
        data = read_matrix(visitor, f"region={region.slug}&columns=fields")
        return {cell["state"] for row in data["results"] for cell in row["cells"].values()}

    assert states() == {"in-part"}
    check = CoverageCheck.objects.create(
        publication_state="published",
        region=region,
        checked_on=date(2026, 1, 1),
        outcome="found",
        completeness="complete",
    )
    history.record(check, Action.CREATED)
    assert states() == {"not-named"}


def test_a_technology_stands_with_or_without_those_within_it(visitor):
    parent = make_technology(published=True)
    child = make_technology(published=True, parent=parent)
    plan = make_plan(published=True)
    make_track(plan=plan).technology_mappings.create(technology=child, match="exact")
    history.record(plan, Action.EDITED)

    def numbers(query):
        data = read_matrix(visitor, f"columns=technologies&region={plan.region.slug}{query}")
        return {column: cell["tracks"] for _row, column, cell in named_cells(data)}

    assert numbers("") == {parent.slug: 1, child.slug: 1}
    assert numbers("&children=without") == {child.slug: 1}


def test_crossing_counts_sets():
    rows = {"a": {1, 2, 3}, "b": set()}
    columns = {"x": {1, 2}, "y": {9}}

    assert crossed(rows, columns, {2}) == {"a": {"x": Cell(2, 1)}, "b": {}}


def test_a_matrix_needs_neither_request_nor_template(db):
    filterset = MatrixFilter(QueryDict("columns=products"), Track.objects.public())
    assert filterset.is_valid()

    matrix = build_matrix(filterset)

    assert matrix.tracks == Track.objects.public().count()
    assert len(matrix.columns) == 10
    assert all(isinstance(row.standing, Standing) for row in matrix.rows)
