"""What pages say of themselves to search engines and to whoever shares them: title, description."""

import re
from collections import defaultdict
from html import unescape

import pytest
from django.urls import reverse
from django.utils.translation import override

from tests.public_views import RECORDS, addresses_of_one_page

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
META = re.compile(r'<meta (?:name|property)="([^"]+)"\s+content="([^"]*)"', re.DOTALL)
BEHIND = [
    "documents/future-industries-opinions-2024/cascade/",
    "diffusion/?product=humanoid-robots",
    "gaps/?region=hunan",
    "gaps/?product=humanoid-robots",
    "compare/?region=beijing&region=shanghai",
    "search/?q=quantum",
    "changes/?kind=target",
]
DEFAULT = {
    "en": "China’s policy on future industries: national documents, six fields",
    "zh-hans": "中国未来产业政策：国家文件",
}


def addresses(language):
    """Return the address of each page that there is once, of a record of each kind, and others."""
    with override(language):
        records = [
            model.objects.public().first().get_absolute_url().partition(f"/{language}/")[2]
            for model in RECORDS.values()
        ]
    return [*addresses_of_one_page(), *records, *BEHIND]


@pytest.fixture(params=["en", "zh-hans"])
def said(request, visitor):
    """``(language, {address: (title, names and contents of meta elements)})`` of all kinds."""
    pages = {}
    for address in addresses(request.param):
        html = visitor.get(f"/{request.param}/{address}").content.decode()
        found = {name: unescape(content) for name, content in META.findall(html)}
        pages[address] = unescape(TITLE.search(html)[1]), found
    return request.param, pages


def test_every_kind_of_page_describes_itself_and_no_two_alike(said):
    language, pages = said
    same = defaultdict(list)
    for address, (_title, found) in pages.items():
        same[found["description"]].append(address)

    assert [alike for alike in same.values() if len(alike) > 1] == []
    # The site as a whole is what the home page may speak of.
    of_the_site = [a for text, [a] in same.items() if text.startswith(DEFAULT[language])]
    assert [address for address in of_the_site if address] == []
    assert all(12 <= len(text) <= 400 for text in same), sorted(same, key=len)[:3]


def test_what_is_shared_says_the_same_as_the_page(said):
    _language, pages = said
    for address, (title, found) in pages.items():
        assert title.startswith(found["og:title"] + " · "), address
        assert found["og:description"] == found["description"], address


def test_no_title_or_description_holds_a_line_break(said):
    _language, pages = said
    for address, (title, found) in pages.items():
        texts = [title, found["og:title"], found["description"]]
        assert [text for text in texts if re.search(r"\n|  |^ | $", text)] == [], address


def test_titles_of_all_kinds_differ(said):
    _language, pages = said

    assert len({title for title, _found in pages.values()}) == len(pages)


def test_a_record_is_described_by_its_own_words_where_it_has_any(visitor):
    html = visitor.get(reverse("term", args=["new-quality-productive-forces"])).content.decode()
    found = dict(META.findall(html))

    assert "what the term means" not in found["description"]
