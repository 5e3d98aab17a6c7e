"""What axe finds on each kind of page, and whether pages fit their screens and load quietly.

axe looks in both languages, wide and narrow, light and dark: in two of the eight ways in which
these meet, since looking takes seconds each time.
"""

import itertools
import re

import pytest
from playwright.sync_api import expect

from tests.chance import TIMES, dice, every
from tests.site.in_browser.looks import (
    ALL_BUT_COLOURS,
    COLOURS,
    COLOURS_EACH_TIME,
    HEIGHT,
    LOOKS,
    OPEN_ALL,
    OVERFLOW,
    PAGES,
    VIEWS,
    WIDTHS,
    violations,
)
from tests.site.in_browser.people import log_in

pytestmark = pytest.mark.browser


# Every kind of page


@pytest.mark.by_turns
@pytest.mark.parametrize(("view", "name"), every(2, LOOKS))
def test_a_page_is_accessible_fits_its_screen_and_loads_quietly(windows, name, view):
    language, width, _scheme = VIEWS[view]
    window = windows[view]
    page = window.visit(f"/{language}/{PAGES[name]}")
    page.evaluate(OPEN_ALL)
    # On a screen as high as the page nothing lies half beneath the bar that stays in sight, from
    # where a reader scrolls it: each control is looked at as a whole.
    page.set_viewport_size({"width": width, "height": page.evaluate(HEIGHT)})

    assert violations(page, options=ALL_BUT_COLOURS) == []
    overflow = {}
    for screen in WIDTHS:
        page.set_viewport_size({"width": screen, "height": 900})
        overflow[screen] = page.evaluate(OVERFLOW)
    page.set_viewport_size({"width": width, "height": 900})
    assert max(overflow.values()) <= 0, overflow
    assert window.complaints == []


def test_what_is_left_out_for_its_colours_is_found_by_them(windows):
    # Not within a page of the site, whose policy refuses a style that stands inline.
    page = windows["en-wide-light"].visit("about:blank")
    page.set_content(
        '<html lang="en"><title>Pale</title><main><h1 style="color: #ddd">Pale</h1></main></html>'
    )

    assert violations(page, options=ALL_BUT_COLOURS) == []
    assert [line[:14] for line in violations(page, options=COLOURS)] == ["color-contrast"]


@pytest.mark.by_turns
@pytest.mark.parametrize(
    ("view", "name"),
    [
        pytest.param(*look, marks=() if look in COLOURS_EACH_TIME else pytest.mark.long)
        for look in LOOKS
    ],
)
def test_the_words_of_a_page_stand_out_from_what_is_behind_them(windows, name, view):
    language, _width, _scheme = VIEWS[view]
    page = windows[view].visit(f"/{language}/{PAGES[name]}")
    page.evaluate(OPEN_ALL)

    assert violations(page, options=COLOURS) == []


@pytest.mark.parametrize(
    ("button", "scheme"), every(3, itertools.product(["#menu", "#filters"], ["light", "dark"]))
)
def test_what_opens_on_a_narrow_screen_is_accessible(narrow, button, scheme):
    narrow.emulate_media(color_scheme=scheme)
    narrow.goto("/en/tracks/")
    narrow.click(f"[popovertarget={button[1:]}]")
    narrow.evaluate(OPEN_ALL)

    assert narrow.locator(button).is_visible()
    assert violations(narrow) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", ["regions", "fields", "products", "technologies", "targets"])
def test_a_record_fits_a_screen_of_320_pixels(page, kind):
    page.set_viewport_size({"width": 320, "height": 900})
    language = dice(kind).choice(["en", "zh-hans"])
    page.goto(f"/{language}/{kind}/")
    records = sorted(set(re.findall(rf'href="(/{language}/{kind}/[a-z0-9-]+/)"', page.content())))
    assert records

    wider = {}
    for address in dice(kind).sample(records, min(len(records), 25 * TIMES)):
        page.goto(address)
        page.evaluate(OPEN_ALL)
        wider[address] = page.evaluate(OVERFLOW)

    assert {address: pixels for address, pixels in wider.items() if pixels} == {}


# The admin


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/work/locate/",
        "/admin/catalog/policydocument/",
        "/admin/catalog/policydocument/add/",
        "/admin/catalog/region/?q=beijing",
        "/admin/catalog/policydocument/?q=hangzhou-future",
    ],
)
@pytest.mark.by_turns
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_of_the_admin_have_no_serious_barrier(chromium, site, path, width):
    context = chromium.new_context(base_url=site.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    log_in(page, site, "administrator")
    page.goto(path)
    if "q=" in path:
        page.locator("#result_list tbody th a").first.click()
        expect(page.locator("#id_change_reason")).to_be_attached()
    # Search boxes are built, and then named, when all of the page is there.
    page.wait_for_load_state()
    expect(page.locator(".select2-search__field:not([aria-label])")).to_have_count(0)

    found = violations(page, impacts={"serious", "critical"})
    context.close()

    assert found == []


@pytest.mark.parametrize("width", [1280, 360])
def test_lists_of_the_admin_scroll_within_the_page(chromium, site, width):
    context = chromium.new_context(base_url=site.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    log_in(page, site, "reviewer")
    overflow = {}
    for name in ("agency", "policydocument", "target", "technology"):
        page.goto(f"/admin/catalog/{name}/")
        overflow[name] = page.evaluate(OVERFLOW)
    context.close()

    assert set(overflow.values()) == {0}, overflow
