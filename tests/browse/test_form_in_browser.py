"""The form of a list in a real browser: results follow it, and it covers nothing that is wanted."""

import re

import pytest
from playwright.sync_api import expect

from tests.chance import every
from tests.public_views import LISTS

pytestmark = pytest.mark.browser

SCREENS = {"wide": (1280, 800), "narrow": (360, 740)}
# Whether the bar with the button lies over what has the focus, or that lies outside of the screen.
COVERED = """(focused) => {
    const bar = document.querySelector(".filter-actions");
    const box = focused.getBoundingClientRect(), over = bar.getBoundingClientRect();
    const isOver = !bar.contains(focused) && box.bottom > over.top && box.top < over.bottom;
    return isOver || box.bottom > innerHeight || box.top < 0;
}"""


@pytest.fixture
def open_list(chromium, site):
    """A function that opens a list on a screen, with its form in sight."""
    contexts = []

    def opened(path, screen, *, scripts=True):
        width, height = SCREENS[screen]
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        if screen == "narrow":
            page.click("[popovertarget=filters]")
        return page

    yield opened
    for context in contexts:
        context.close()


# The button


@pytest.mark.parametrize("name", every(2, LISTS))
@pytest.mark.parametrize("screen", SCREENS)
def test_the_button_is_on_the_first_screen(open_list, name, screen):
    page = open_list(f"/en/{name}/", screen)

    button = page.get_by_role("button", name="Show results")
    expect(button).to_be_in_viewport(ratio=1)
    # And stays there, however far down the form somebody reads.
    page.locator("#id_q").press("Tab")
    page.mouse.move(100, 400)
    page.mouse.wheel(0, 300)
    expect(button).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("screen", SCREENS)
def test_the_button_never_covers_what_has_the_focus(open_list, screen):
    page = open_list("/en/documents/?all=region", screen)
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    page.locator("#id_q").focus()

    covered, controls = [], 0
    while page.locator("#filters :focus").count():
        focused = page.locator(":focus")
        if focused.evaluate(COVERED):
            covered.append(focused.evaluate("e => e.outerHTML.slice(0, 90)"))
        controls += 1
        page.keyboard.press("Tab")

    assert controls > 60
    assert covered == []


def test_the_button_of_a_narrow_screen_leads_to_the_results(open_list):
    page = open_list("/en/documents/", "narrow")
    page.check("#field-future-health")

    page.get_by_role("button", name="Show results").click()

    expect(page.locator("#filters")).not_to_be_visible()
    expect(page.locator("#count")).to_be_in_viewport()
    expect(page.locator("#filters-label")).to_have_text("Filters (1)")


# Typing


@pytest.mark.parametrize("screen", SCREENS)
def test_results_follow_what_is_typed_and_the_box_keeps_it(open_list, screen):
    page = open_list("/en/plans/", screen)
    before = page.locator("#count").inner_text()
    box = page.locator("#id_q")

    box.press_sequentially("Shang", delay=30)
    expect(page).to_have_url(re.compile(r"\?q=Shang$"))
    box.press_sequentially("hai", delay=30)

    expect(page).to_have_url(re.compile(r"\?q=Shanghai$"))
    expect(page.locator("#count")).not_to_have_text(before)
    expect(page.locator("#announcement")).to_have_text(page.locator("#count").inner_text())
    expect(box).to_be_focused()
    expect(box).to_have_value("Shanghai")
    # Words that grew are one step.
    page.go_back()
    expect(page).to_have_url(re.compile(r"/en/plans/$"))
    expect(page.locator("#count")).to_have_text(before)
    expect(page.locator("#id_q")).to_have_value("")
    page.go_forward()
    expect(page.locator("#id_q")).to_have_value("Shanghai")


def test_what_is_typed_while_results_come_is_not_lost(open_list):
    page = open_list("/en/documents/", "wide")
    page.locator("#id_q").press_sequentially("robot", delay=20)
    page.check("#region-shanghai")
    page.locator("#id_q").press("End")
    page.locator("#id_q").press_sequentially("s in", delay=20)

    expect(page).to_have_url(re.compile(r"\?q=robots\+in&region=shanghai$"))
    expect(page.locator("#id_q")).to_have_value("robots in")


@pytest.mark.parametrize("name", every(3, ["technologies", "agencies", "glossary", "regions"]))
def test_a_vocabulary_follows_what_is_typed(open_list, name):
    page = open_list(f"/en/{name}/", "wide")

    page.locator("#id_q").press_sequentially("sh", delay=30)

    expect(page).to_have_url(re.compile(r"\?q=sh$"))
    expect(page.locator("#count")).to_have_text(re.compile(r"^\s*\d+ results?\s*$"))
    expect(page.locator("#id_q")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text(re.compile(r"\d+ results?"))


# Ticking


@pytest.mark.parametrize("screen", SCREENS)
def test_a_tick_keeps_the_focus_and_the_groups_as_they_were(open_list, screen):
    page = open_list("/en/documents/", screen)
    page.locator("#group-product > summary").click()
    page.locator("#group-level > summary").click()
    option = page.locator("#level-city")

    option.focus()
    page.keyboard.press("Space")

    expect(page).to_have_url(re.compile(r"\?level=city$"))
    expect(page.locator("#level-city")).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/en/documents/$"))
    expect(page.locator("#level-city")).to_be_focused()
    assert not page.locator("#group-product").evaluate("e => e.open")
    assert page.locator("#group-level").evaluate("e => e.open")


# More


@pytest.mark.parametrize("screen", SCREENS)
def test_more_opens_a_group_where_it_stands(open_list, screen):
    page = open_list("/en/documents/", screen)
    link = page.locator("#group-issuer a.more")
    number = int(link.locator(".number").inner_text())

    link.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#group-issuer .option")).to_have_count(number)
    expect(page.locator("#group-issuer > summary")).to_be_focused()
    expect(page.locator("#filters")).to_be_visible()
    # Typing in its own box narrows it, and asks for nothing.
    box = page.locator("#group-issuer .narrow-box")
    box.press_sequentially("shanghai", delay=20)
    shown = page.locator("#group-issuer .option:visible")
    assert 0 < shown.count() < number
    box.press("Enter")
    narrowed = shown.count()
    # By its own name: which one is the first may change when the group comes anew.
    page.locator(f"#{shown.first.locator('input').get_attribute('id')}").check()
    expect(page).to_have_url(re.compile(r"\?all=issuer&issuer=[a-z-]+$"))
    expect(page.locator("#group-issuer .option")).to_have_count(number)
    expect(shown).to_have_count(narrowed)
    expect(box).to_have_value("shanghai")

    page.locator("#group-issuer a.more").click()

    expect(page).to_have_url(re.compile(r"\?issuer=[a-z-]+$"))
    expect(page.locator("#group-issuer > summary")).to_be_focused()


@pytest.mark.parametrize("screen", SCREENS)
def test_more_works_without_scripts(open_list, screen):
    page = open_list("/en/documents/", screen, scripts=False)
    number = int(page.locator("#group-issuer .number").inner_text())

    page.locator("#group-issuer a.more").click()

    expect(page).to_have_url(re.compile(r"\?all=issuer#group-issuer$"))
    expect(page.locator("#group-issuer .option")).to_have_count(number)
    expect(page.locator("#group-issuer > summary")).to_be_in_viewport()
    page.locator("#group-issuer .option input").nth(20).check()
    page.get_by_role("button", name="Show results").click()
    expect(page).to_have_url(re.compile(r"\?all=issuer&issuer=[a-z-]+$"))


# The switch


def test_the_switch_says_its_state_and_keeps_the_focus(open_list):
    page = open_list("/en/tracks/?field=future-health", "wide")
    before = page.locator("#count").inner_text()
    expect(page.get_by_role("link", name=re.compile("In force today *: off"))).to_be_visible()

    page.locator("#switch").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#count")).not_to_have_text(before)
    expect(page.get_by_role("link", name=re.compile("In force today *: on"))).to_be_focused()
    # The form keeps it.
    page.locator("#group-status > summary").click()
    page.check("#status-in-force")
    expect(page).to_have_url(re.compile(r"field=future-health&status=in-force&in_force_on=\d{4}-"))
    page.locator("#switch").click()
    expect(page).to_have_url(re.compile(r"\?field=future-health&status=in-force$"))
