"""The files of lists and analysis pages: the same records in the same order, in every form."""

import re

import pytest

from tests.chance import dice, few_and_many
from tests.downloads.files import csv_rows, json_rows, workbook_rows
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
