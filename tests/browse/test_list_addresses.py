"""Addresses of lists: one for each state, and an answer in words to every bad value."""

import re

import pytest
from django.utils.html import escape

from tests.browse.list_page import read_list
from tests.browse.list_parameters import DATE_PAIRS, JUNK, PAIRS, PARAMETERS
from tests.browse.list_reference import LISTS, loaded_rows
from tests.chance import dice, every
from tests.public_views import VOCABULARIES

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

# Addresses


@pytest.mark.parametrize("name", LISTS)
def test_unknown_parameters_are_ignored(visitor, name):
    plain = read_list(visitor, name)
    page = read_list(visitor, name, "utm_source=letter&fbclid=1&%00=x")

    assert (page.status, page.count) == (200, plain.count)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("q=&field=&region=", ""),
        ("q=&region=beijing", "?region=beijing"),
        ("region=beijing&q=&field=future-health&page=1", "?field=future-health&region=beijing"),
        ("issued_after=&region=shanghai&region=beijing", "?region=beijing&region=shanghai"),
        ("q=&utm_source=x", ""),
        ("q=+++&page=2", "?page=2"),
    ],
)
def test_empty_parameters_lead_to_the_short_address(visitor, query, canonical):
    response = visitor.get(f"/en/documents/?{query}")

    assert response.status_code == 302
    assert response["Location"] == f"/en/documents/{canonical}"


@pytest.mark.parametrize("name", ["documents", "fields", "search"])
def test_an_empty_parameter_takes_no_other_with_it(visitor, name):
    response = visitor.get(f"/en/{name}/?q=&q=robots")

    assert (response.status_code, response["Location"]) == (302, f"/en/{name}/?q=robots")


def test_one_state_names_one_address_however_it_is_spelled(visitor):
    spellings = [
        "region=beijing&product=humanoid-robots",
        "product=humanoid-robots&region=beijing",
        "product=humanoid-robots&region=beijing&region=beijing&page=1&utm_source=x",
    ]

    links = {
        read_list(visitor, "documents", spelling)
        .html.split('rel="canonical" href="')[1]
        .split('"')[0]
        for spelling in spellings
    }

    [link] = links
    assert link.endswith("/en/documents/?product=humanoid-robots&amp;region=beijing")


def test_chips_remove_one_value_each(visitor):
    page = read_list(
        visitor,
        "documents",
        "field=future-health&region=beijing&region=shanghai&issued_after=2022-01-01&sort=issued",
    )

    rest = "/en/documents/?"
    assert page.chips == {
        "Field: Health": rest
        + "sort=issued&region=beijing&region=shanghai&issued_after=2022-01-01",
        "Region: Beijing": rest
        + "sort=issued&field=future-health&region=shanghai&issued_after=2022-01-01",
        "Region: Shanghai": rest
        + "sort=issued&field=future-health&region=beijing&issued_after=2022-01-01",
        "Dated on or after: 2022-01-01": rest
        + "sort=issued&field=future-health&region=beijing&region=shanghai",
    }
    for url in page.chips.values():
        assert len(read_list(visitor, "documents", url.partition("?")[2]).chips) == 3


def test_a_list_without_results_names_the_filters_to_drop(visitor):
    query = "product=deep-resource-equipment&region=tibet&q=quantum"
    page = read_list(visitor, "documents", query)

    assert (page.status, page.count) == (200, 0)
    assert "Nothing matches all of these filters." in page.html
    found = ways_out(page)
    # What alone is not in the way is not offered.
    for filter_left_out in ("q=quantum", "region=tibet", "product=deep-resource-equipment"):
        rest = "&".join(part for part in query.split("&") if part != filter_left_out)
        number = read_list(visitor, "documents", rest).count
        assert (number in found.values()) == (number > 0)
    assert found
    for address, number in found.items():
        assert read_list(visitor, "documents", address.partition("?")[2]).count == number


def test_a_filter_of_several_values_is_left_out_as_a_whole(visitor):
    query = "product=humanoid-robots&region=tibet&region=qinghai&q=humanoid"
    page = read_list(visitor, "documents", query)

    assert page.count == 0
    assert "without Region: Qinghai, Tibet" in page.html
    address = "/en/documents/?q=humanoid&product=humanoid-robots"
    assert ways_out(page)[address] == read_list(visitor, "documents", address[15:]).count


def ways_out(page):
    """Return ``{address: number}`` of what an empty list offers instead."""
    part = page.results.partition('class="empty"')[2]
    found = re.findall(r'<a href="([^"]+)">[^<]*</a> <span class="number">(\d+)</span>', part)
    return {url.replace("&amp;", "&"): int(number) for url, number in found}


# Bad values

BAD = {
    "field": ("no-such-field", "Field: “no-such-field” is not one of the choices here."),
    "region": ("atlantis", "Region: “atlantis” is not one of the choices here."),
    "group": ("x", "Group of regions: “x” is not one of the choices here."),
    "product": ("x", "Product: “x” is not one of the choices here."),
    "technology": ("x", "Technology: “x” is not one of the choices here."),
    "issuer": ("x", "Issuing agency: “x” is not one of the choices here."),
    "type": ("x", "Document type: “x” is not one of the choices here."),
    "level": ("x", "Level: “x” is not one of the choices here."),
    "status": ("draft", "Legal status: “draft” is not one of the choices here."),
    "confidence": ("x", "Confidence: “x” is not one of the choices here."),
    "all": ("level and more", "Groups with all their options: “level and more” is not one of"),
    "sort": ("nonsense", "Sort: A list cannot be sorted by “nonsense”. Choose one of: -issued"),
    "issued_after": ("yesterday", "Dated on or after: Enter a date as year-month-day"),
    "issued_before": ("2024-13-45", "Dated on or before: Enter a date as year-month-day"),
    "in_force_on": ("0000-00-00", "In force on: Enter a date as year-month-day"),
    "changed_after": ("2024-1-1", "Record changed on or after: Enter a date as year-month-day"),
    "q": ("x" * 201, "Text: Ensure this value has at most 200 characters"),
}


@pytest.mark.parametrize("parameter", BAD)
def test_a_bad_value_is_answered_with_400_that_names_the_field(visitor, parameter):
    value, message = BAD[parameter]

    page = read_list(visitor, "documents", {parameter: value})

    assert page.status == 400
    assert escape(message) in page.results.replace("&quot;", "“") or message in page.html
    assert page.slugs("documents") == []


@pytest.mark.parametrize(
    ("name", "parameter"),
    [*((n, p) for n, p in PAIRS if n != "documents"), *DATE_PAIRS],
)
def test_every_list_answers_a_bad_value_with_400(visitor, name, parameter):
    assert read_list(visitor, name, {parameter: "§ nothing"}).status == 400


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1.5", "٣", "99999999999999999999", "1e9"])
def test_a_page_that_is_no_number_from_1_is_400(visitor, page):
    answer = read_list(visitor, "documents", {"page": page})

    assert answer.status == 400
    assert "A page is a whole number from 1." in answer.html


def test_a_page_past_the_end_is_404_in_words(visitor):
    answer = read_list(visitor, "documents", "page=99999")

    assert answer.status == 404
    last = -(-len(loaded_rows("documents")) // 25)
    assert f"There is no page 99999: this list ends with page {last}." in answer.html


def test_the_last_page_holds_the_rest(visitor):
    number = len(loaded_rows("documents"))
    last = -(-number // 25)

    page = read_list(visitor, "documents", {"page": last})

    assert len(page.slugs("documents")) == number - 25 * (last - 1)


@pytest.mark.parametrize("name", every(3, [*LISTS, *VOCABULARIES, "search"]))
def test_nothing_a_visitor_types_breaks_the_site(visitor, name):
    thrown = dice(f"junk for {name}")
    queries = [f"q={junk}" for junk in JUNK]
    for _round in range(12):
        some = thrown.sample(PARAMETERS, 4)
        queries.append("&".join(f"{parameter}={thrown.choice(JUNK)}" for parameter in some))

    for query in queries:
        status = visitor.get(f"/en/{name}/?{query}").status_code
        assert status in {200, 302, 400, 404}, query


@pytest.mark.parametrize("name", [*LISTS, "technologies", "search"])
def test_markup_that_a_visitor_types_is_shown_as_text(visitor, name):
    html = visitor.get(f"/en/{name}/?q=<script>alert(1)</script>&sort=<b>&x=<i>").content.decode()

    assert "<script>alert(1)" not in html
    assert "<b>" not in html
