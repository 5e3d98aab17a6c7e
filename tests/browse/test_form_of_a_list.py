"""What the form of a list offers to visitors: few options, and all that can give results."""

import re
from html import unescape

import pytest
from django.utils import timezone
from django.utils.http import urlencode

from tests.browse.list_page import read_list
from tests.browse.list_reference import LISTS, loaded_rows
from tests.public_views import groups_of

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

LANGUAGES = ["en", "zh-hans"]
MOST_OPTIONS = 12
MOST_CONTROLS = 60
# Bytes of a page of the list without filters, uncompressed.
MOST_BYTES = {"documents": 50_000}
MORE = re.compile(
    r'<a class="more" href="([^"#]*)#group-([a-z]+)" hx-get="[^"]*">'
    r' ?(?:<span>[^<]*</span> <span class="number">)?(\d+)'
)
FEWER = re.compile(r'<a class="more" href="[^"]*" hx-get="([^"]*)"> ?fewer')
CONTROL = re.compile(r'<(?:input|select|textarea|button|summary|a)\b(?![^>]*type="hidden")')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def form_of(page):
    return page.html.partition('<form id="filters"')[2].partition("</form>")[0]


def more_of(page):
    """Return ``{group: (address, number)}`` of the options that are not there at once."""
    return {name: (unescape(url), int(n)) for url, name, n in MORE.findall(form_of(page))}


def state_of(address):
    return address.partition("?")[2]


# How much there is


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTS)
def test_a_form_has_few_controls_and_a_page_few_bytes(visitor, name, language):
    page = read_list(visitor, name, language=language)
    size = len(visitor.get(f"/{language}/{name}/").content)
    controls = len(CONTROL.findall(form_of(page)))

    assert 0 < controls <= MOST_CONTROLS
    assert size <= MOST_BYTES.get(name, size)
    for group, options in page.options.items():
        assert 0 < len(options) <= MOST_OPTIONS, group


@pytest.mark.parametrize("name", LISTS)
def test_only_what_can_give_results_is_offered(visitor, name):
    for page in (read_list(visitor, name), read_list(visitor, name, whole=True)):
        assert all(number for options in page.options.values() for number in options.values())


@pytest.mark.parametrize("name", LISTS)
def test_more_leads_to_the_rest_of_a_group(visitor, name):
    page = read_list(visitor, name)
    whole = read_list(visitor, name, whole=True)

    for group, (address, number) in more_of(page).items():
        opened = read_list(visitor, name, state_of(address))
        assert opened.options[group] == whole.options[group]
        assert len(opened.options[group]) == len(page.options.get(group, ())) + number
        assert opened.count == page.count
        [back] = FEWER.findall(form_of(opened))
        assert back == f"/en/{name}/"
    assert more_of(whole) == {}


def test_the_largest_stand_first_where_not_all_are_shown(visitor):
    page = read_list(visitor, "documents")
    whole = read_list(visitor, "documents", whole=True)
    shown = list(page.options["region"].values())

    assert len(shown) == MOST_OPTIONS
    assert shown == sorted(whole.options["region"].values(), reverse=True)[:MOST_OPTIONS]
    # Few stand in their own order, that of the national text.
    assert list(page.options["field"]) == [
        "future-manufacturing",
        "future-information",
        "future-materials",
        "future-energy",
        "future-space",
        "future-health",
    ]


def test_a_ticked_option_stays_though_it_is_small_or_gives_nothing(visitor):
    numbers = read_list(visitor, "documents", whole=True).options["region"]
    rare = min(numbers, key=numbers.get)
    assert rare not in read_list(visitor, "documents").options["region"]
    page = read_list(visitor, "documents", {"region": rare})

    assert page.options["region"][rare] == page.count == numbers[rare] > 0
    assert ("region", rare) in page.ticked
    none = read_list(visitor, "documents", {"region": ["tibet"], "product": ["new-displays"]})
    assert none.count == 0
    assert none.options["region"]["tibet"] == none.options["product"]["new-displays"] == 0
    assert none.ticked == {("region", "tibet"), ("product", "new-displays")}


def test_a_tick_in_a_folded_group_shows_it(visitor):
    page = read_list(visitor, "documents")
    assert "issuer" not in page.options
    issuer = next(iter(read_list(visitor, "documents", "all=issuer").options["issuer"]))

    ticked = read_list(visitor, "documents", {"issuer": [issuer]})

    assert issuer in ticked.options["issuer"]
    assert ("issuer", issuer) in ticked.ticked


# What is not for visitors

EDITORS = {
    "match": "exact",
    "basis": "stated",
    "confidence": "verified",
    "changed_after": "2020-01-01",
    "in_force_on": "2024-06-30",
}


@pytest.mark.parametrize("parameter", EDITORS)
def test_what_editors_filter_by_is_applied_but_not_offered(visitor, parameter):
    value = EDITORS[parameter]
    plain = read_list(visitor, "tracks", whole=True)
    page = read_list(visitor, "tracks", {parameter: value})

    assert f'name="{parameter}"' not in form_of(plain)
    assert (parameter, value) in HIDDEN.findall(form_of(page))
    [address] = page.chips.values()
    assert address == "/en/tracks/"
    assert page.count == sum(row.answers({parameter: [value]}) for row in loaded_rows("tracks"))


# In force today


@pytest.mark.parametrize("name", ["documents", "plans", "tracks", "targets"])
def test_a_switch_sets_what_is_in_force_today_and_takes_it_back(visitor, name):
    today = str(timezone.localdate())
    switch = re.compile(r'<a id="switch" href="([^"]*)" [^>]*?(aria-current="true")?>(.*?)</a>')
    off = read_list(visitor, name, "field=future-health&page=1")
    url, current, words = switch.search(off.html).groups()
    assert (current, "off" in words) == (None, True)
    assert unescape(url) == f"/en/{name}/?field=future-health&in_force_on={today}"

    on = read_list(visitor, name, state_of(unescape(url)))

    back, current, words = switch.search(on.html).groups()
    assert (bool(current), ": on" in words) == (True, True)
    assert back == f"/en/{name}/?field=future-health"
    state = {"field": ["future-health"], "in_force_on": [today]}
    assert on.count == sum(row.answers(state) for row in loaded_rows(name)) < off.count
    # It is not said twice.
    assert list(on.chips) == ["Field: Health"]


def test_a_list_without_such_a_day_has_no_switch(visitor):
    assert 'id="switch"' not in read_list(visitor, "milestones").html


# The parameter that shows groups whole


@pytest.mark.parametrize("name", LISTS)
def test_how_much_is_shown_changes_neither_address_nor_files(visitor, name):
    more = urlencode({"all": groups_of(name)}, doseq=True)
    plain = read_list(visitor, name, "field=future-space")
    page = read_list(visitor, name, f"{more}&field=future-space")

    def said(html, pattern):
        return re.findall(pattern, html)

    for pattern in (
        r'rel="canonical" href="([^"]*)"',
        r'hreflang="[^"]*" href="([^"]*)"',
        r'property="og:url" content="([^"]*)"',
        r'href="([^"]*\.(?:csv|json)[^"]*)"',
    ):
        assert said(page.html, pattern) == said(plain.html, pattern) != []
    for form in ("csv", "json"):
        with_it = visitor.get(f"/en/{name}.{form}?field=future-space&{more}&all=nonsense")
        without = visitor.get(f"/en/{name}.{form}?field=future-space")
        assert with_it.status_code == 200
        assert body(with_it) == body(without)


def body(response):
    return b"".join(response) if response.streaming else response.content


def test_groups_stay_whole_while_the_reader_goes_on(visitor):
    page = read_list(visitor, "documents", "all=region&field=future-health")

    assert ("all", "region") in HIDDEN.findall(form_of(page))
    links = re.findall(r'href="([^"]*)"', page.results)
    states = [url for url in links if "sort=" in url or "page=" in url]
    assert states
    assert all("all=region" in url for url in states)


def test_links_to_other_lists_do_not_say_how_much_was_shown(visitor):
    html = visitor.get("/en/matrix/?all=region").content.decode()
    cells = [url for url in re.findall(r'href="([^"]*)"', html) if "/tracks/?" in url]

    assert cells
    assert not [url for url in cells if "all=" in url]
