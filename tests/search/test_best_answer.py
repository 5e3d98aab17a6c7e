"""What a query means before all else: the record, facts about it, and ways on."""

import re
from html import unescape

import pytest

from regions.models import Track
from tests.browse.list_page import one_line, read_list, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

BEST = re.compile(r'<section class="best-answer".*?</section>')
WAY = re.compile(r'<a href="([^"]+)">(.*?)</a>')


def best(visitor, query, language="en"):
    """Return ``[(what is said, {words: address} of its links), …]`` above the results."""
    html = one_line(visitor.get(f"/{language}/search/", {"q": query}).content.decode())
    return [
        (
            text_of(section),
            {words.strip(): unescape(address) for address, words in WAY.findall(section)},
        )
        for section in BEST.findall(html)
    ]


@pytest.mark.parametrize(
    ("query", "language", "kind", "address"),
    [
        ("Shanghai", "en", "Region", "/en/regions/shanghai/"),
        ("湖南省", "zh-hans", "地区", "/zh-hans/regions/hunan/"),
        ("humanoid robots", "en", "Landmark product", "/en/products/humanoid-robots/"),
        ("量子计算机", "zh-hans", "标志性产品", "/zh-hans/products/quantum-computers/"),
        ("future health", "en", "Field", "/en/fields/future-health/"),
        ("MIIT", "en", "Agency", "/en/agencies/miit/"),
    ],
)
def test_what_is_meant_stands_first_with_facts_and_ways_on(visitor, query, language, kind, address):
    [(said, links)] = best(visitor, query, language)

    assert said.startswith(kind)
    assert next(iter(links.values())) == address
    assert re.search(r"\d", said)
    for way in links.values():
        assert visitor.get(way).status_code == 200


@pytest.mark.parametrize(
    ("query", "language"), [("Beijing Shanghai", "en"), ("上海和北京", "zh-hans")]
)
def test_two_regions_lead_to_their_comparison(visitor, query, language):
    links = best(visitor, query, language)[0][1]

    [address] = links.values()
    assert set(re.findall(r"region=(\w+)", address)) == {"beijing", "shanghai"}
    assert visitor.get(address).status_code == 200


@pytest.mark.parametrize(
    ("query", "language"),
    [("Beijing humanoid robots", "en"), ("北京 人形机器人", "zh-hans")],
)
def test_a_region_with_a_thing_leads_to_its_tracks_on_that(visitor, query, language):
    state = {"region": "beijing", "product": "humanoid-robots"}
    number = read_list(visitor, "tracks", state).count
    assert Track.objects.filter(plan__region__slug="beijing").count() > number > 0

    [(_said, links)] = best(visitor, query, language)

    [words] = [w for w, a in links.items() if "product=humanoid-robots" in a]
    assert str(number) in words
    assert "region=beijing" in links[words]


def test_a_region_with_other_words_leads_to_no_tracks_on_them(visitor):
    [(_said, links)] = best(visitor, "Shanghai financing")

    assert all("product=" not in a and "technology=" not in a for a in links.values())
