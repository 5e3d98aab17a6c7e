"""Lists as a visitor reads them."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from regions.models import RegionalPlan
from tests.public_views import groups_of


def one_line(html):
    """Return a page with every run of white space as one space: how it is broken says nothing."""
    return re.sub(r"\s+", " ", html)


def text_of(html):
    """Return what a reader reads: no tags, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


RESULTS = re.compile(r'id="results".*?id="announcement"')
COUNT = re.compile(r'id="count"[^>]*>\s*([\d,]+)')
OPTION = re.compile(
    r'<input type="checkbox" id="[^"]*" name="([^"]+)" value="([^"]+)"( checked)? ?/?>'
    r'.*?class="number">\s*(\d+)'
)
CHIP = re.compile(r'<li> ?<a href="([^"]*)"> ?([^<]*?) ?<span aria-hidden="true">✕')


@dataclass
class ListPage:
    """A list as a visitor reads it."""

    status: int
    html: str

    @property
    def count(self):
        return int(COUNT.search(self.html)[1].replace(",", ""))

    @property
    def results(self):
        return RESULTS.search(self.html)[0]

    def slugs(self, name):
        """Return the slugs of the records on this page, in order."""
        # A plan is found on the page of its document, of which all here hold one.
        page = "documents" if name == "plans" else name
        links = re.findall(rf'href="/(?:en|zh-hans)/{page}/([^"/?]+)/"', self.results)
        slugs = list(dict.fromkeys(links))
        if name != "plans":
            return slugs
        plan_of = dict(RegionalPlan.objects.values_list("document__slug", "slug"))
        return [plan_of[slug] for slug in slugs]

    @property
    def options(self):
        """The facets: ``{parameter: {value: number}}``."""
        found = {}
        for group, value, _checked, number in OPTION.findall(self.html):
            found.setdefault(group, {})[value] = int(number)
        return found

    @property
    def ticked(self):
        return {(group, value) for group, value, ticked, _n in OPTION.findall(self.html) if ticked}

    @property
    def chips(self):
        """``{label: address without it}``."""
        return {label: url.replace("&amp;", "&") for url, label in CHIP.findall(self.html)}


def read_list(client, name, state=None, *, language="en", whole=False):
    """Visit a list under a state: a query string or ``{parameter: values}``.

    Parameter: ``whole``, whether to ask for all options of its groups.
    """
    more = {"all": groups_of(name)} if whole else {}
    if isinstance(state, str):
        query = "&".join(filter(None, [state, urlencode(more, doseq=True)]))
        response = client.get(f"/{language}/{name}/?{query}")
    else:
        response = client.get(f"/{language}/{name}/", (state or {}) | more)
    return ListPage(response.status_code, one_line(response.content.decode()))


def all_slugs(client, name, state=None, *, size):
    """Return the slugs over all pages of a list, in order."""
    first = read_list(client, name, state)
    found = first.slugs(name)
    for number in range(2, -(-first.count // size) + 1):
        found += read_list(client, name, {**(state or {}), "page": number}).slugs(name)
    return found
