"""The files of lists and analysis pages: the same records in the same order, in every form."""

import gzip
import re

import pytest

from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from tests.chance import dice, few_and_many
from tests.downloads.files import body_of, csv_rows, json_rows, workbook_rows
from tests.factories import make_agency, make_document, make_region, make_technology
from tests.search.list_states import LISTS, random_state

ANALYSIS = [
    "compare.{form}?region=beijing&region=shanghai",
    "matrix.{form}",
    "gaps.{form}?region=hunan",
    "diffusion.{form}",
    "diffusion.{form}?technology=quantum-technology",
    "timeline.{form}?region=guangdong",
    "changes.{form}",
    "documents/future-industries-opinions-2024/cascade.{form}",
    "indicators/c919-deliveries/points.{form}",
]
VOCABULARIES = ["regions", "fields", "products", "technologies", "agencies", "glossary"]


def in_files(client, path, query):
    """Return the slugs of a list's records, in order, in each of its forms."""
    return {
        "CSV": [row["slug"] for row in csv_rows(client.get(f"{path}.csv?{query}"))],
        "XLSX": [row["slug"] for row in workbook_rows(client.get(f"{path}.xlsx?{query}"))],
        "JSON": [row["slug"] for row in json_rows(client, f"{path}.json?{query}")],
    }


def on_its_pages(client, path, query, name):
    """Return ``(number of records, slugs on the first page)`` as the page shows them."""
    page = client.get(f"{path}/?{query}", follow=True)
    results = re.search(r'<div id="results".*?</main>', page.content.decode(), re.DOTALL)
    slugs = re.findall(rf'href="/en/{name}/([a-z0-9-]+)/"', results.group())
    return page.context["count"], list(dict.fromkeys(slugs))


@pytest.mark.parametrize("number", few_and_many(5, 50))
@pytest.mark.parametrize("view", LISTS, ids=lambda view: view.list_name)
def test_all_forms_hold_the_same_records_in_the_same_order(visitor, view, number):
    rng = dice(f"forms of {view.list_name}")
    for _ in range(number):
        query = random_state(view, rng).urlencode()
        path = f"/en/{view.list_name}"

        found = in_files(visitor, path, query)

        count, shown = on_its_pages(visitor, path, query, view.list_name)
        assert found["CSV"] == found["XLSX"] == found["JSON"], query
        assert len(found["CSV"]) == count, query
        # A plan is shown on the page of its text.
        if view.list_name != "plans":
            held = set(shown)
            assert [slug for slug in shown if slug in set(found["CSV"])] == [
                slug for slug in found["CSV"] if slug in held
            ], query


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_is_the_same_in_all_forms(visitor, name):
    found = in_files(visitor, f"/zh-hans/{name}", "")

    assert found["CSV"] == found["XLSX"] == found["JSON"]
    assert found["CSV"]


@pytest.mark.parametrize("address", ANALYSIS)
def test_an_analysis_is_the_same_as_csv_and_workbook(visitor, address):
    as_csv = csv_rows(visitor.get(f"/en/{address.format(form='csv')}"))
    as_workbook = workbook_rows(visitor.get(f"/en/{address.format(form='xlsx')}"))

    assert len(as_csv) == len(as_workbook)
    for one, other in zip(as_csv, as_workbook, strict=True):
        assert list(one) == list(other)
        texts = {name: value for name, value in other.items() if isinstance(value, str)}
        assert {name: one[name].removeprefix("'") for name in texts} == {
            name: value.removeprefix("'") for name, value in texts.items()
        }


def test_a_file_says_what_and_when(visitor):
    asked = "/en/tracks.csv?region=guangdong&field=future-health&q=量子"
    name = visitor.get(asked)["Content-Disposition"]

    assert re.fullmatch(
        r'attachment; filename="tracks-future-health-guangdong-\d{4}-\d\d-\d\d\.csv"', name
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_names_and_addresses_stand_beside_slugs(visitor, language):
    rows = csv_rows(visitor.get(f"/{language}/documents.csv"))
    row = next(row for row in rows if row["slug"] == "future-industries-opinions-2024")

    assert row["url"].endswith(f"/{language}/documents/{row['slug']}/")
    issuers = [agency.split(" ")[0] for agency in row["issuers"].split("; ")]
    assert len(row["issuers_name_zh"].split("; ")) == len(issuers) > 1
    assert "工业和信息化部" in row["issuers_name_zh"]
    assert len(row["fields_name_en"].split("; ")) == len(row["fields"].split("; ")) == 6


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", [view.list_name for view in LISTS] + VOCABULARIES)
def test_a_file_asks_a_bounded_number_of_times(visitor, name, form, django_assert_max_num_queries):
    with django_assert_max_num_queries(18):
        rows = (csv_rows if form == "csv" else workbook_rows)(visitor.get(f"/en/{name}.{form}"))

    assert len(rows) > 5


# What is wanted, and what means nothing


def test_a_file_has_the_columns_that_are_asked_for(visitor):
    asked = "columns=url,title_en&columns=slug&field=future-space"

    found = [
        csv_rows(visitor.get(f"/en/documents.csv?{asked}"))[0],
        workbook_rows(visitor.get(f"/en/documents.xlsx?{asked}"))[0],
        json_rows(visitor, f"/en/documents.json?{asked}")[0],
    ]

    assert [list(row) for row in found] == [["slug", "title_en", "url"]] * 3
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("name", ["tracks", "agencies"])
def test_a_column_that_there_is_not_is_refused_and_the_others_named(visitor, name, form):
    answer = visitor.get(f"/en/{name}.{form}?columns=slug,colour")

    assert answer.status_code == 400
    (message,) = answer.json()["errors"]["columns"]
    assert "“colour”" in message
    assert "slug, name_en" in message


@pytest.mark.parametrize("address", ["documents", "agencies", "matrix", "timeline", "changes"])
@pytest.mark.parametrize("form", ["/", ".csv", ".json"])
def test_a_parameter_that_means_nothing_is_named(visitor, address, form):
    response = visitor.get(f"/en/{address}{form}?colour=red&<b>=1&field=future-space")

    assert response.status_code == 200
    named = response["Ignored-Parameters"].split(", ")
    assert named[:2] == ["colour", "%3Cb%3E"]
    if form == ".json":
        assert response.json()["ignored_parameters"][:2] == ["colour", "<b>"]
    if form == "/":
        assert "<code>colour</code>" in response.content.decode()
        assert "<code>&lt;b&gt;</code>" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "documents/?field=future-space&q=moon&sort=issued&all=issuer",
        "documents.csv?field=future-space&columns=slug",
        "diffusion/?technology=quantum-technology",
        "diffusion/?of=no+such+thing",
        "matrix/?columns=technologies",
        "compare/?region=beijing&region=shanghai",
        "search/?q=quantum",
        "agencies.json?page=1",
        "coverage/?all=ended",
    ],
)
def test_what_means_something_is_not_called_ignored(visitor, address):
    assert "Ignored-Parameters" not in visitor.get(f"/en/{address}")


# Asked again


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_who_has_the_file_is_not_sent_it_again(visitor, form):
    address = f"/en/documents.{form}?field=future-space"
    first = visitor.get(address)
    body_of(first)

    assert visitor.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    for other in (f"{address}&q=moon", address.replace("/en/", "/zh-hans/")):
        response = visitor.get(other)
        body_of(response)
        assert response["ETag"] != first["ETag"]
    history.record(make_document(published=True), Action.EDITED)
    assert body_of(visitor.get(address, headers={"If-None-Match": first["ETag"]}))


def test_a_file_is_compressed_on_its_way(visitor):
    plain = body_of(visitor.get("/en/documents.csv"))
    packed = visitor.get("/en/documents.csv", headers={"Accept-Encoding": "br, gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(body_of(packed)) == plain
    refused = visitor.get("/en/documents.csv", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused


@pytest.mark.parametrize("form", ["csv", "json"])
def test_no_file_names_a_draft_that_a_public_record_is_tied_to(visitor, form):
    technology = make_technology(slug="draft-technology", name_en="Draft technology")
    agency = make_agency(slug="draft-agency", name_en="Draft agency")
    region = make_region(slug="draft-region", name_en="Draft region")
    document = make_document(published=True, slug="a-text", title_en="Findable", region=region)
    document.technology_mappings.create(technology=technology)
    document.issuer_rows.create(agency=agency)
    make_technology(published=True, slug="a-technology", name_en="Findable", parent=technology)

    for name in ("documents", "technologies"):
        text = body_of(visitor.get(f"/en/{name}.{form}?q=Findable")).decode()
        assert "a-te" in text
        assert re.findall("draft-[a-z]+|Draft [a-z]+", text) == []
