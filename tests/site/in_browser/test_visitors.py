"""What visitors do in a real browser, with and without JavaScript, and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.site.in_browser.looks import OVERFLOW

pytestmark = pytest.mark.browser


# A visitor narrows a list


def count_of(page):
    return int(page.locator("#count").inner_text().split()[0].replace(",", ""))


def open_filters(page):
    if page.viewport_size["width"] < 1280:
        page.click("[popovertarget=filters]")


def close_filters(page):
    if page.viewport_size["width"] < 1280:
        page.keyboard.press("Escape")
        expect(page.locator("#filters")).not_to_be_visible()


def go_to_documents(page):
    page.goto("/en/")
    if page.viewport_size["width"] < 1280:
        page.click("[popovertarget=menu]")
    page.locator("#menu").get_by_role("link", name="Documents").click()
    page.wait_for_url("**/en/documents/")


def number_beside(page, option):
    """Return the number of results that a facet's option promises."""
    return int(page.locator(f"label:has(#{option}) .number").inner_text())


def test_results_follow_the_ticks_at_once(window):
    page = window.page
    go_to_documents(page)
    total = count_of(page)
    open_filters(page)
    with_product = number_beside(page, "product-humanoid-robots")

    page.check("#product-humanoid-robots")

    expect(page.locator("#count")).to_have_text(f"{with_product} documents")
    expect(page).to_have_url(re.compile(r"/en/documents/\?product=humanoid-robots$"))
    expect(page.locator("#announcement")).to_have_text(f"{with_product} documents")
    assert 0 < with_product < total
    # The panel stays open, with the counts under the first tick.
    expect(page.locator("#region-beijing")).to_be_visible()
    with_both = number_beside(page, "region-beijing")

    page.check("#region-beijing")

    expect(page.locator("#count")).to_have_text(f"{with_both} documents")
    expect(page).to_have_url(re.compile(r"/en/documents/\?product=humanoid-robots&region=beijing$"))
    expect(page.locator("#announcement")).to_have_text(f"{with_both} documents")
    close_filters(page)
    assert page.locator("#results li.row").count() == with_both
    assert page.locator(".chips li a:not(.clear)").all_inner_texts() == [
        "Product: Humanoid robots ✕\n(remove)",
        "Region: Beijing ✕\n(remove)",
    ]
    assert window.complaints == []


def test_the_back_button_gives_the_state_before(window):
    page = window.page
    page.goto("/en/documents/")
    before = page.locator("#count").inner_text()
    open_filters(page)
    page.check("#product-humanoid-robots")
    expect(page.locator("#count")).not_to_have_text(before)
    after = page.locator("#count").inner_text()

    page.go_back()

    expect(page).to_have_url(re.compile(r"/en/documents/$"))
    expect(page.locator("#count")).to_have_text(before)
    expect(page.locator("#product-humanoid-robots")).not_to_be_checked()

    page.go_forward()

    expect(page.locator("#count")).to_have_text(after)
    expect(page.locator("#product-humanoid-robots")).to_be_checked()
    assert window.complaints == []


def test_an_address_that_was_shared_shows_the_same_state(window):
    page = window.visit("/en/documents/?product=humanoid-robots&region=beijing")

    open_filters(page)

    expect(page.locator("#product-humanoid-robots")).to_be_checked()
    expect(page.locator("#region-beijing")).to_be_checked()
    assert page.locator("#results li.row").count() == count_of(page)
    assert window.complaints == []


def test_a_chip_removes_its_filter_alone(window):
    page = window.visit("/en/documents/?product=humanoid-robots&region=beijing&region=shanghai")

    page.locator(".chips").get_by_role("link", name="Region: Beijing").click()

    expect(page).to_have_url(
        re.compile(r"/en/documents/\?product=humanoid-robots&region=shanghai$")
    )
    expect(page.locator(".chips li a:not(.clear)")).to_have_count(2)


def test_a_bad_value_is_explained_where_it_was_entered(window):
    page = window.visit("/en/documents/")
    open_filters(page)
    page.fill("#id_issued_after", "0999-01-01")
    page.locator("#id_issued_after").dispatch_event("change")
    close_filters(page)

    alert = page.locator("#results [role=alert]")
    expect(alert).to_contain_text("Dated on or after: Enter a date between 1900-01-01")
    open_filters(page)
    expect(page.locator("#id_issued_after_error")).to_contain_text("Enter a date between")


def test_words_narrow_a_list_without_leaving_empty_parameters(window):
    page = window.visit("/en/plans/")
    open_filters(page)

    page.fill("#filters input[name=q]", "Beijing")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/en/plans/\?q=Beijing$"))
    expect(page.locator("#count")).to_have_text(re.compile(r"^\d+ plans?$"))


def test_without_scripts_the_button_shows_the_results(without_scripts):
    page = without_scripts
    go_to_documents(page)
    total = count_of(page)
    open_filters(page)
    page.check("#product-humanoid-robots")
    page.check("#region-beijing")

    page.get_by_role("button", name="Show results").click()

    # Browsers send the empty fields too; the answer leads to the short address.
    expect(page).to_have_url(re.compile(r"/en/documents/\?product=humanoid-robots&region=beijing$"))
    assert 0 < count_of(page) < total
    assert page.locator("#results li.row").count() == count_of(page)

    page.locator(".chips").get_by_role("link", name="Region: Beijing").click()

    expect(page).to_have_url(re.compile(r"/en/documents/\?product=humanoid-robots$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"region=beijing$"))


def test_without_scripts_a_bad_value_is_explained(without_scripts):
    answer = without_scripts.goto("/en/documents/?region=atlantis&issued_after=2024-13-45")

    assert answer.status == 400
    alert = without_scripts.locator("#results [role=alert]")
    expect(alert).to_contain_text("Region: “atlantis” is not one of the choices here.")
    expect(alert).to_contain_text("Dated on or after: Enter a date as year-month-day")


def test_a_search_from_the_home_page_leads_to_a_record(without_scripts):
    page = without_scripts
    page.goto("/en/")

    page.fill("#home-q", "humanoid")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/en/search/\?q=humanoid$"))
    page.locator("main").get_by_role("link", name="Humanoid robots", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Humanoid robots")


def test_the_language_switch_keeps_page_and_filters(without_scripts):
    without_scripts.goto("/en/documents/?region=beijing&sort=issued")
    count = count_of(without_scripts)

    without_scripts.get_by_role("link", name="中文", exact=True).click()

    expect(without_scripts).to_have_url(
        re.compile(r"/zh-hans/documents/\?region=beijing&sort=issued$")
    )
    assert str(count) in without_scripts.locator("#count").inner_text()
    without_scripts.get_by_role("link", name="English", exact=True).click()
    expect(without_scripts).to_have_url(re.compile(r"/en/documents/\?region=beijing&sort=issued$"))


# Keyboard


@pytest.mark.parametrize("panel", ["menu", "filters"])
@pytest.mark.parametrize("scripts", [True, False])
def test_panels_of_a_narrow_screen_open_by_click_and_by_keyboard(chromium, site, panel, scripts):
    context = chromium.new_context(
        base_url=site.url,
        viewport={"width": 360, "height": 700},
        java_script_enabled=scripts,
    )
    page = context.new_page()
    page.goto("/en/documents/")
    button, opened = page.locator(f"[popovertarget={panel}]"), page.locator(f"#{panel}")
    expect(opened).not_to_be_visible()

    button.click()
    expect(opened).to_be_visible()
    page.keyboard.press("Escape")
    expect(opened).not_to_be_visible()

    button.focus()
    page.keyboard.press("Enter")
    expect(opened).to_be_visible()
    # What opened is next on the way of the keyboard.
    page.keyboard.press("Tab")
    expect(opened.locator(":focus")).to_have_count(1)
    context.close()


def test_filters_close_when_the_keyboard_leaves_them(narrow):
    narrow.goto("/en/documents/")
    narrow.locator("[popovertarget=filters]").click()
    last = narrow.get_by_role("button", name="Show results")
    last.focus()
    expect(narrow.locator("#filters")).to_be_visible()

    for _tab in range(3):
        narrow.keyboard.press("Tab")

    expect(narrow.locator("#filters")).not_to_be_visible()
    expect(narrow.locator("body :focus")).to_be_in_viewport()


def test_a_long_word_of_a_filter_breaks(narrow):
    narrow.goto(f"/en/documents/?q={'a' * 199}")

    assert narrow.evaluate(OVERFLOW) == 0


def test_the_first_key_offers_to_skip_to_the_content(window):
    page = window.visit("/en/documents/")

    page.keyboard.press("Tab")

    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to the content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main:focus")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


@pytest.mark.parametrize(
    "path", ["/en/", "/en/documents/", "/en/documents/beijing-future-industries-2023/"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_is_framed(chromium, site, path, scheme):
    context = chromium.new_context(base_url=site.url, color_scheme=scheme)
    page = context.new_page()
    page.goto(path)

    unframed = []
    for _step in range(40):
        page.keyboard.press("Tab")
        frame = page.locator(":focus").evaluate(
            "e => { const s = getComputedStyle(e); const b = e.getBoundingClientRect();"
            " return [e.outerHTML.slice(0, 100), s.outlineStyle, parseFloat(s.outlineWidth),"
            " b.width * b.height, b.bottom > 0 && b.top < innerHeight] }"
        )
        html, style, width, area, in_sight = frame
        if style == "none" or width < 2 or not area or not in_sight:
            unframed.append(html)
    context.close()

    assert unframed == []
