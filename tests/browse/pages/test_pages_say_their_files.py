"""Pages of analysis say what their own files say: the same dates and numbers, row by row.

A page is read as a reader does, from its tables; the CSV or JSON of the same address is taken for
the truth of both languages.
"""

import csv
import io
import re

import pytest

from catalog.models import IndustryField, PolicyDocument, Region, SymbolicProduct, Technology
from regions.analysis.cascade import with_cascade
from regions.counts import standings
from tests.chance import every

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LANGUAGES = every(2, ["en", "zh-hans"])
TAGS = re.compile(r"<[^>]+>")
DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def page(client, language, path):
    response = client.get(f"/{language}/{path}")
    assert response.status_code == 200, path
    return response.content.decode()


def rows_of(client, path):
    """Return the rows of the CSV of a page."""
    address, mark, query = path.partition("?")
    response = client.get(f"/en/{address.rstrip('/')}.csv{mark}{query}")
    body = b"".join(response) if response.streaming else response.content
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def table_rows(html):
    """Return the rows of the bodies of all tables as HTML."""
    bodies = re.findall(r"<tbody.*?</tbody>", html, re.DOTALL)
    return [row for body in bodies for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]


def cells(row):
    return re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", row, re.DOTALL)


def said(cell):
    return " ".join(TAGS.sub(" ", cell).split())


def days(cell):
    return DAY.findall(said(cell))


def slugs_in(row, kind):
    return re.findall(rf'href="/[a-z-]+/{kind}/([^/"]+)/"', row)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "query", ["", "?sort=first", "?match=exact", "?in_force_on=2026-01-01", "?sort=name"]
)
def test_first_movers(visitor, language, query):
    every = f"{query or '?'}{'&' if query else ''}rows=all"
    html = page(visitor, language, f"diffusion/{every}")
    rows = [row for row in table_rows(html) if "?technology=" in row]
    found = {re.search(r"\?technology=([^&\"]+)", row)[1]: cells(row) for row in rows}
    told = rows_of(visitor, f"diffusion/{query}")

    slugs = [row["slug"] for row in told]
    assert found.keys() == set(slugs)
    # By name each language has an order of its own.
    assert list(found) == slugs or query == "?sort=name"
    for row in told:
        _name, regions, dated, regional, day, nation = found[row["slug"]]
        assert [said(regions), said(dated)] == [row["regions"], row["regions_dated"]]
        assert days(day) == [row["first_region_date"]][: bool(row["first_region_date"])]
        if row["first_region_document"]:
            assert slugs_in(day, "documents") == [row["first_region_document"]]
            region = Region.objects.get(slug=row["first_regional"])
            assert (region.name_en if language == "en" else region.name_zh) in said(regional)
        if not row["first_region"]:
            assert slugs_in(nation, "documents") == [row["first_document"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_movers_shown_are_the_most_widely_named(visitor, language):
    html = page(visitor, language, "diffusion/")
    shown = re.findall(r'<a href="\?technology=([^&"]+)"', html)
    told = rows_of(visitor, "diffusion/")

    assert shown == [row["slug"] for row in told[:14]]
    assert f'href="/{language}/diffusion/?rows=all"' in html
    # Bars: of how many technologies each region was the first, ties with all that share the day.
    bars = [cells(row) for row in table_rows(html) if "<svg" in row]
    numbers = [int(said(row[1])) for row in bars]
    assert numbers == sorted(numbers, reverse=True)
    assert sum(numbers) >= sum(1 for row in told if row["first_regional"])


def subjects():
    """Return ``(parameter, slug)`` of all fields and products, and of every third technology."""
    kinds = [("field", IndustryField, 1), ("product", SymbolicProduct, 1)]
    return [
        (kind, slug)
        for kind, model, step in [*kinds, ("technology", Technology, 3)]
        for slug in list(model.objects.public().values_list("slug", flat=True))[::step]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_each_thing_spread(visitor, language):
    asked = subjects()
    for kind, slug in asked:
        path = f"diffusion/?{kind}={slug}"
        html = page(visitor, language, path)
        rows = table_rows(html)
        told = rows_of(visitor, path)
        nations = [place for place, row in enumerate(rows) if 'class="national"' in row]
        places = [place for place, row in enumerate(rows) if slugs_in(row, "regions")]

        assert len(places) == len(told), path
        for place, step in zip(places, told, strict=True):
            first, region, _words, lag = cells(rows[place])
            assert slugs_in(region, "regions") == [step["slug"]]
            assert days(first) == [step["date"]], path
            assert slugs_in(first, "documents") == [step["document"]]
            number = step["days_from_first_national"]
            assert re.findall(r"-?\d+", said(lag)) == [number][: bool(number)]
            # The national texts around it are the nearest rows of the nation.
            above = [other for other in nations if other < place][-1:]
            before = [slug for other in above for slug in slugs_in(rows[other], "documents")]
            assert before == [step["national_before"]][: bool(step["national_before"])]
    assert len(asked) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_does_not_name_each_thing(visitor, language):
    for kind, slug in subjects()[::2]:
        path = f"gaps/?{kind}={slug}"
        html = page(visitor, language, path)
        told = rows_of(visitor, path)
        found = {slugs_in(row, "regions")[0]: row for row in table_rows(html)}

        assert found.keys() == {row["slug"] for row in told}
        for row in told:
            here = found[row["slug"]]
            assert [row["checked_on"]] * bool(row["checked_on"]) == days(cells(here)[-1])
            if row["state"] == "named":
                assert said(cells(here)[1]) == row["tracks"]
        for state in ("named", "not-named"):
            marked = "named" if state == "named" else "read"
            [number] = re.findall(rf'data-count="(\d+)" data-count-of="state-{marked}"', html)
            assert int(number) == sum(row["state"] == state for row in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_each_region_does_not_name(visitor, language):
    regions = [s.region.slug for s in standings(with_cities=False) if s.tracks][::3]
    for slug in regions:
        told = rows_of(visitor, f"gaps/?region={slug}")
        html = page(visitor, language, f"gaps/?region={slug}&rows=all")
        found = [said(cells(row)[1]) for row in table_rows(html)]

        assert found == [row["regions_that_name_it"] for row in told]
        if told[0]["state"] == "in-part":
            widest = sorted((int(number) for number in found), reverse=True)[:15]
            html = page(visitor, language, f"gaps/?region={slug}")
            assert [int(said(cells(row)[1])) for row in table_rows(html)] == widest
    assert len(regions) > 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["", "?columns=products", "?rows=provinces&match=exact"])
def test_matrix(visitor, language, query):
    told = rows_of(visitor, f"matrix/{query}")
    every = f"{query or '?'}{'&' if query else ''}shown=all"
    rows = table_rows(page(visitor, language, f"matrix/{every}"))
    found = {slugs_in(row, "regions")[0]: cells(row) for row in rows if slugs_in(row, "regions")}

    assert found.keys() == {row["slug"] for row in told}
    for row in told:
        tracks, *here = found[row["slug"]][1:]
        if row["tracks"] == "0":
            # One cell says of all columns why nothing stands there.
            assert {*days(" ".join(here))} <= {row["checked_on"]}
            continue
        numbers = [value if value.isdigit() else "" for value in list(row.values())[6:]]
        assert said(tracks) == row["tracks"]
        assert [first_number(cell) for cell in here] == numbers, row["slug"]


def first_number(cell):
    return next(iter(re.findall(r"\d+", said(cell))), "")


PAIRS = [
    "region=beijing&region=shanghai",
    "region=hunan&region=hubei&region=anhui",
    "region=guangdong&region=jiangsu&match=exact",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", PAIRS)
def test_regions_side_by_side(visitor, language, query):
    html = page(visitor, language, f"compare/?{query}")
    told = visitor.get(f"/en/compare.json?{query}").json()
    short = table_rows(html)[1]

    for side, cell in zip(told["sides"], cells(short)[1:], strict=True):
        numbers = re.findall(r"\d+", said(cell))
        assert int(numbers[0]) == side["tracks"]
    alike = re.findall(r"<strong>(\d+) %</strong>\D*(\d+)\D+(\d+)", html)
    expected = [
        (f"{one['share'] * 100:.0f}", {str(one["shared"]), str(one["either"])})
        for one in told["similarity"]
    ]
    assert [(percent, {*numbers}) for percent, *numbers in alike] == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_texts_travel_down(visitor, language):
    documents = list(with_cascade().order_by("pk").values_list("slug", flat=True))[::3]
    for slug in documents:
        path = f"documents/{slug}/cascade/"
        html = page(visitor, language, path)
        told = {row["slug"]: row for row in rows_of(visitor, path)}
        direct = [link for link in told.values() if link["level"] == "1"]
        rows = table_rows(re.split(r'<ul class="chain"|id="(?:uptake|older)"', html)[0])

        assert len(rows) == sum(link["is_older"] != "True" for link in direct), path
        for row in rows:
            link, shown = told[slugs_in(row, "documents")[0]], cells(row)
            day = link["issued_date"] or link["published_date"]
            assert days(shown[1]) == ([day] if day else []), path
            if link["days"]:
                assert re.findall(r"-?\d+", said(shown[0])) == [link["days"]], path
    assert len(documents) > 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "query",
    ["", "?field=future-energy", "?region=hunan", "?product=humanoid-robots&kind=document"],
)
def test_timeline(visitor, language, query):
    html = page(visitor, language, f"timeline/{query}")
    told = rows_of(visitor, f"timeline/{query}")
    [total] = re.findall(r'<h2 id="count" data-count="(\d+)"', html)

    assert int(total) == len(told)
    by_slug = {(row["kind"], row["slug"]): row["date"] for row in told}
    pattern = r'<li>\s*<time datetime="([^"]+)">.*?href="[^"]*/(\w+)s/([^/"]+)/"'
    lines = re.findall(pattern, html, re.DOTALL)
    assert lines
    for day, kind, slug in lines:
        assert by_slug[kind, slug].startswith(day)


@pytest.mark.parametrize("language", LANGUAGES)
def test_coverage_says_what_regions_say(visitor, language):
    html = page(visitor, language, "coverage/")
    rows = [(row, cells(row)) for row in table_rows(html)]
    in_regions = [(row, here) for row, here in rows if slugs_in(row, "regions")]
    found = {slugs_in(row, "regions")[0]: here for row, here in in_regions if len(here) == 5}

    for standing in standings(with_cities=False):
        _region, plans, tracks, checked, _outcome = found[standing.region.slug]
        assert (said(plans), said(tracks)) == (str(standing.plans), str(standing.tracks))
        expected = [standing.check.checked_on.isoformat()] if standing.check else []
        assert days(checked) == expected
    assert len(found) == Region.objects.public().count()


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_say_the_days_of_their_files(visitor, language):
    told = {row["slug"]: row for row in rows_of(visitor, "documents/?region=shanghai")}
    html = page(visitor, language, "documents/?region=shanghai")
    rows = re.findall(r'<li class="row">.*?</li>', html, re.DOTALL)

    assert rows
    for row in rows:
        document = told[slugs_in(row, "documents")[0]]
        day = document["issued_date"] or document["published_date"]
        assert DAY.findall(said(row))[:1] == [day][: bool(day)]
    assert PolicyDocument.objects.public().count() > 100
