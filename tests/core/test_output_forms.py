"""A form of output is one registration: every page then answers it, or says that it has no such."""

import ast
import re

import pytest
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from catalog.models import Indicator
from futureind.core import output_forms
from futureind.core.output_forms import CSV, FORMS, FormConverter, TableForm, register
from regions.analysis.cascade import with_cascade
from tests.site.code.test_layers import ROOT, python_files

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

# What a page cannot do without.
NEEDED = {"compare": "?region=beijing&region=shanghai"}
PROBLEM = "application/problem+json"


@pytest.fixture
def lines(monkeypatch):
    """A form that nothing in the site knows of."""
    form = TableForm("txt", "Lines", "text/x-lines; charset=utf-8", write_lines)
    monkeypatch.setitem(FORMS, form.name, form)
    return form


def write_lines(names, rows):
    for row in rows:
        yield f"{row[names[0]]}\n"


def patterns(resolver=None):
    """Yield every pattern of the site whose address ends in a form."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        elif isinstance(pattern.pattern.converters.get("form"), FormConverter):
            yield pattern


def slug_for(pattern):
    """Return the slug of a record whose page has all that is offered there."""
    if pattern.name.startswith("cascade"):
        return with_cascade().values_list("slug", flat=True)[0]
    return pattern.callback.view_class().public_records().values_list("slug", flat=True)[0]


def places():
    """Yield ``(name of the pattern, arguments before the form)`` of all that has forms."""
    for pattern in patterns():
        has_slug = "slug" in pattern.pattern.converters
        yield pattern.name, [slug_for(pattern)] if has_slug else []


def address_of(name, arguments, *form):
    return reverse(name, args=[*arguments, *form]) + NEEDED.get(name.removesuffix("-form"), "")


def test_addresses_with_forms_are_found():
    names = {name for name, _arguments in places()}

    assert len(names) > 15
    assert {"document-list-form", "term-list-form", "search-form", "changes-form"} < names
    assert {"matrix-form", "compare-form", "timeline-form", "cascade-uptake-form"} < names


def answered(client):
    """Return ``{address: OutputForm}`` of all that is answered in a registered form.

    Fails where an address answers neither in its form nor that there is no such.
    """
    found = {}
    for name, arguments in places():
        for form in FORMS.values():
            address = address_of(name, arguments, form)
            response = client.get(address)
            is_there = response.status_code != 404
            assert response.status_code == (200 if is_there else 404), address
            assert response["Content-Type"] == (form.content_type if is_there else PROBLEM), address
            if is_there:
                found[address] = form
    return found


def test_every_page_answers_a_new_form_and_offers_what_it_answers(visitor, lines):
    found = answered(visitor)
    tables = [address for address, form in found.items() if form == CSV]
    assert [address for address, form in found.items() if form == lines] == [
        address.replace(".csv", ".txt") for address in tables
    ]
    assert len(tables) > 15

    offers = set()
    for name, arguments in places():
        try:
            page = address_of(name.removesuffix("-form"), arguments)
        except NoReverseMatch:
            # It stands beside a page and has none of its own.
            continue
        links = offered(visitor.get(page).content.decode())
        assert all(found[address].label == label.split()[0] for label, address in links), page
        offers |= {address for _label, address in links}
    indicator = visitor.get(f"/en/indicators/{Indicator.objects.public()[0].slug}/")
    offers |= {address for _label, address in offered(indicator.content.decode())}
    # The page of a search offers no files.
    assert offers == {address for address in found if not address.startswith("/en/search.")}


def test_a_new_form_has_the_rows_of_the_page(visitor, lines):
    told = b"".join(visitor.get("/en/fields.txt")).decode().split()

    assert told == [row["slug"] for row in visitor.get("/en/fields.json").json()["results"]]
    assert len(told) == 6


def offered(html):
    """Return ``(label, address)`` of the downloads of a page."""
    found = re.findall(r'<p class="downloads">(.*?)</p>', html, re.DOTALL)
    links = [re.findall(r'<a href="([^"]+)">([^<]+)</a>', part) for part in found]
    return [(label, address.replace("&amp;", "&")) for part in links for address, label in part]


def test_what_is_beside_a_page_is_offered_there(visitor, lines):
    slug = with_cascade().values_list("slug", flat=True)[0]
    cascade = offered(visitor.get(f"/en/documents/{slug}/cascade/").content.decode())
    slug = Indicator.objects.public()[0].slug
    indicator = offered(visitor.get(f"/en/indicators/{slug}/").content.decode())

    assert [label for label, _address in cascade] == [
        *("CSV", "CSV by region", "JSON", "XLSX", "XLSX by region", "Lines", "Lines by region"),
    ]
    assert [label for label, _address in indicator] == ["CSV", "XLSX", "Lines", "Atom"]


@pytest.mark.parametrize("path", ["documents.txt", "gaps.html", "compare.xls", "fields.CSV"])
def test_what_is_not_registered_is_no_address(visitor, path):
    response = visitor.get(f"/en/{path}")

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_a_page_without_what_a_form_needs_says_so(visitor):
    response = visitor.get("/en/search.csv?q=robots")

    assert (response.status_code, response["Content-Type"]) == (404, PROBLEM)
    assert response.json()["title"] == "No such page"


def test_registering_hands_back_the_form(monkeypatch):
    monkeypatch.setattr(output_forms, "FORMS", {})

    assert register(CSV) is CSV
    assert output_forms.FORMS == {"csv": CSV}


def test_no_page_knows_the_name_of_a_form():
    rooms = re.compile(r"futureind/browse/|futureind/(urls|views)\.py|catalog/|regions/")
    found = [
        f"{path}:{node.lineno} {node.value}"
        for path in python_files()
        if rooms.match(str(path)) and path.name != "output_forms.py"
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in ("csv", "json", "html")
    ]

    assert found == []
