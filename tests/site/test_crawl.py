"""A crawl from the home page: what a reader, or a search engine, reaches by following links.

One crawl serves all tests here. Addresses with a query are other states of a list, without end: of
those a few are visited for each list, and all pages of the list itself. Pages come from the same
queries in both languages: `make test` visits some records of each kind in English, which share
their templates and queries, `make check-long` all in Chinese.
"""

import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client, override_settings
from django.urls import resolve
from django.utils.translation import override

from tests.public_views import RECORDS, addresses_of_one_page
from tests.site.counted_rows import contradictions

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

ALL = 1_000_000
QUERIES_A_LIST = 5
# The matrix of all technologies is the heaviest of all.
HEAVIEST = 500_000
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
MUTE = {"script", "style", "template", "svg", "code", "pre", "kbd"}
DATA = {"application/ld+json", "application/json"}
SPOKEN = ("alt", "aria-label", "placeholder", "title", "data-label")
# Six words in a row are a sentence that nobody translated, not a name or a unit.
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z]+\b[ ,]+){5,}[A-Za-z]+")


class Page(HTMLParser):
    """What a page says of itself: links, headings, code, and the text in its own language."""

    def __init__(self, html):
        super().__init__()
        self.lang, self.title, self.links, self.ids, self.own = "", "", [], [], []
        self.headings, self.inline, self.open = 0, [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if tag == "html":
            self.lang = attributes.get("lang", "")
        self.headings += tag == "h1"
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "style" in attributes or any(name.startswith("on") for name in attributes):
            self.inline.append(self.get_starttag_text()[:80])
        if tag == "style" or (
            tag == "script" and "src" not in attributes and attributes.get("type") not in DATA
        ):
            self.inline.append(tag)
        lang = attributes.get("lang", "").lower()
        english = lang.startswith("en") and tag != "html"
        if not (self.is_muted or english):
            self.own += [attributes[name] for name in SPOKEN if attributes.get(name)]
        if tag not in VOID:
            self.open.append((tag, self.is_muted or tag in MUTE or english))

    @property
    def is_muted(self):
        return bool(self.open and self.open[-1][1])

    def handle_endtag(self, tag):
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "title":
            self.title += data.strip()
        elif not self.is_muted:
            self.own.append(data)

    @property
    def stray_english(self):
        found = ENGLISH.search(" \n".join([*self.own, self.title]))
        return found[0] if found else ""


@dataclass
class Crawl:
    """What one crawl met: addresses that links lead to, and what was wrong with pages."""

    home: str
    reached: set[str] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    titles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    anchors: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ids: dict[str, set[str]] = field(default_factory=dict)

    def visit(self, client, path):
        """Ask for an address; return the addresses that its page links, on this site."""
        response = client.get(path)
        if response.status_code != 200:
            self.wrong["status"].append(f"{response.status_code} {path}")
            return []
        self.visited.add(path)
        html = response.content.decode()
        page = Page(html)
        self.look_at(path, page, html, len(response.content))
        links = []
        for link in page.links:
            address = urlsplit(urljoin(path, link))
            if address.netloc or address.scheme or not address.path.startswith(("/en/", "/zh-")):
                continue
            target = address.path + (f"?{address.query}" if address.query else "")
            if address.fragment:
                self.anchors[target].add(address.fragment)
            links.append(target)
        return links

    def look_at(self, path, page, html, weight):
        language = "zh-Hans" if path.startswith("/zh-hans/") else "en"
        self.ids[path] = set(page.ids)
        if page.headings != 1:
            self.wrong["headings"].append(f"{page.headings} {path}")
        if page.lang != language:
            self.wrong["language"].append(f"{page.lang} {path}")
        if page.inline:
            self.wrong["inline"].append(f"{page.inline[0]} {path}")
        if weight > HEAVIEST:
            self.wrong["weight"].append(f"{weight} {path}")
        if language == "zh-Hans" and page.stray_english:
            self.wrong["english"].append(f"{page.stray_english} | {path}")
        twice = [name for name, number in Counter(page.ids).items() if number > 1]
        if twice:
            self.wrong["ids"].append(f"{twice[:3]} {path}")
        self.wrong["counts"] += [f"{said} | {path}" for said in contradictions(html)]
        if "?" not in path:
            self.titles[page.title].append(path)


def follow_links(client, home, records_of_a_kind):
    crawl, queue = Crawl(home, reached={home}), deque([home])
    queries, records = Counter(), Counter()
    while queue:
        for link in crawl.visit(client, queue.popleft()):
            if link in crawl.reached:
                continue
            crawl.reached.add(link)
            path, asks, query = link.partition("?")
            if not (path.endswith("/") and path.startswith(home)):
                continue
            # The pages of a list come to an end.
            if asks and not query.startswith("page="):
                queries[path] += 1
                if queries[path] > QUERIES_A_LIST:
                    continue
            kind, _slash, slug = path.removeprefix(home).partition("/")
            if kind in RECORDS and slug:
                records[kind] += 1
                if records[kind] > records_of_a_kind:
                    continue
            queue.append(link)
    return crawl


# The home page that it begins at, and how many records of a kind it visits.
CRAWLS = [
    pytest.param(("/en/", 3), id="few"),
    pytest.param(("/zh-hans/", ALL), marks=pytest.mark.long, id="all"),
]


@pytest.fixture(scope="module", params=CRAWLS)
def crawl(request, django_db_setup, django_db_blocker):
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    # Django leaves the language of the last page switched on.
    with django_db_blocker.unblock(), override_settings(STORAGES=plain), override("en"):
        return follow_links(Client(), *request.param)


@pytest.mark.parametrize("kind", RECORDS)
def test_every_public_record_is_reached_by_links(crawl, kind):
    slugs = list(RECORDS[kind].objects.public().values_list("slug", flat=True))
    pages = {f"{crawl.home}{kind}/{slug}/" for slug in slugs}

    assert len(slugs) > 5
    assert sorted(pages - crawl.reached) == []


def test_every_list_and_text_is_reached_by_links(crawl):
    # Search is reached by its form.
    addresses = set(addresses_of_one_page()) - {"search/"}
    pages = {f"{crawl.home}{address}" for address in addresses}

    assert sorted(pages - crawl.reached) == []


def test_no_link_is_broken(crawl):
    assert crawl.wrong["status"] == []


def test_no_link_leads_to_where_something_has_no_page_any_more(crawl):
    """Of the pages that were not visited as well: an answer of 301 is no page, see above."""
    paths = {re.sub("^/[^/]+/", "/en/", link.partition("?")[0]) for link in crawl.reached}

    assert [path for path in sorted(paths) if resolve(path).url_name == "plan"] == []


def test_links_into_a_page_name_a_part_that_is_there(crawl):
    lost = [
        f"{path}#{anchor}"
        for path, anchors in crawl.anchors.items()
        if path in crawl.ids
        for anchor in anchors - crawl.ids[path]
    ]

    assert lost == []


def test_every_page_has_one_main_heading(crawl):
    assert crawl.wrong["headings"] == []


def test_no_two_pages_have_the_same_title(crawl):
    assert "" not in crawl.titles
    assert {title: paths for title, paths in crawl.titles.items() if len(paths) > 1} == {}


def test_every_page_states_its_language(crawl):
    assert crawl.wrong["language"] == []


def test_chinese_pages_hold_no_english_that_is_not_marked_as_such(crawl):
    assert crawl.wrong["english"] == []


def test_no_page_holds_code_of_its_own(crawl):
    assert crawl.wrong["inline"] == []


def test_names_of_parts_are_unique_on_a_page(crawl):
    assert crawl.wrong["ids"] == []


def test_no_count_is_contradicted_by_its_rows(crawl):
    assert crawl.wrong["counts"] == []


def test_no_page_is_heavy(crawl):
    assert crawl.wrong["weight"] == []
