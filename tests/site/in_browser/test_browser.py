"""What visitors and editors do in a real browser, with and without JavaScript, and what axe finds.

axe looks at each kind of page in both languages, wide and narrow, light and dark: in two of the
eight ways in which these meet, since looking takes seconds each time.
"""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.chance import every

pytestmark = pytest.mark.browser

# name: (language, width, colour scheme)
VIEWS = {
    "en-wide-light": ("en", 1280, "light"),
    "zh-narrow-dark": ("zh-hans", 360, "dark"),
}
# Of screens that a page has to fit, in both languages.
WIDTHS = (1280, 360, 320)
PAGES = {
    "home": "",
    "documents": "documents/",
    "plans": "plans/",
    "tracks": "tracks/",
    "targets": "targets/",
    "milestones": "milestones/",
    "indicators": "indicators/",
    "regions": "regions/",
    "fields": "fields/",
    "technologies": "technologies/",
    "products": "products/",
    "agencies": "agencies/",
    "glossary": "glossary/",
    "a document": "documents/hangzhou-future-industries-2025-2026/",
    "timeline": "timeline/",
    "timeline by month": "timeline/?scale=month&geography=US",
    "a cascade": "documents/future-industries-opinions-2024/cascade/",
    "a document with a plan": "documents/beijing-future-industries-2023/",
    "a track": "tracks/jiangsu-future-industries-2023--quantum/",
    "a target": "targets/opinions-2025-landmark-products/",
    "a milestone": "milestones/china-crewed-lunar-landing/",
    "an indicator": "indicators/c919-deliveries/",
    "a region": "regions/guangdong/",
    "a field": "fields/future-energy/",
    "a technology": "technologies/artificial-intelligence/",
    "a product": "products/humanoid-robots/",
    "an agency": "agencies/miit/",
    "a term": "glossary/ai-plus/",
    "search": "search/?q=quantum",
    "a search without a find": "search/?q=qqqqqq",
    "coverage": "coverage/",
    "changes": "changes/",
    "methodology": "methodology/",
    "accessibility": "accessibility/",
    "analysis": "analysis/",
    "the matrix": "matrix/",
    "a matrix of technologies": "matrix/?columns=technologies&region=jiangsu&region=zhejiang",
    "first movers": "diffusion/",
    "gaps": "gaps/",
    "gaps of a region": "gaps/?region=shandong",
    "gaps of a technology": "gaps/?technology=quantum-technology",
    "a diffusion": "diffusion/?technology=quantum-technology",
    "a diffusion of nothing": "diffusion/?technology=nothing",
    "a choice of regions": "compare/",
    "regions side by side": "compare/?region=beijing&region=shanghai",
    "too many regions": "compare/?region=a&region=b&region=c&region=d&region=e",
    "a matrix under bad filters": "matrix/?columns=none",
    "a filtered list": "documents/?product=humanoid-robots&region=beijing&sort=issued",
    "a list without results": "documents/?in_force_on=1950-01-01&region=tibet",
    "a list under bad filters": "documents/?field=none&issued_after=yesterday",
    "a list past its end": "documents/?page=999",
    "a narrowed vocabulary": "technologies/?q=quantum",
    "a missing page": "documents/no-such-document/",
}
AXE = Axe()
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
}
# Colours take axe three quarters of its time, and pages have theirs from the same style sheets:
# those of a few pages are looked at in `make test`, those of all in `make check-long`.
COLOURS = {**AXE_OPTIONS, "runOnly": {"type": "rule", "values": ["color-contrast"]}, "rules": {}}
ALL_BUT_COLOURS = {
    **AXE_OPTIONS,
    "rules": {**AXE_OPTIONS["rules"], "color-contrast": {"enabled": False}},
}
COLOURS_EACH_TIME = {
    *[("en-wide-light", name) for name in ("home", "a document", "the matrix")],
    *[("zh-narrow-dark", name) for name in ("documents", "a region", "timeline")],
}
# Each page in both views, by turns the one or the other first: at that `make test` looks.
LOOKS = [
    (view, name)
    for place, name in enumerate(PAGES)
    for view in list(VIEWS)[:: -1 if place % 2 else 1]
]
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(window, impacts=None, options=AXE_OPTIONS):
    """Return what axe finds as lines ``rule (impact): element``."""
    found = AXE.run(window, options=options).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:120]}"
        for rule in found
        if impacts is None or rule["impact"] in impacts
        for node in rule["nodes"][:3]
    ]


class Window:
    """A browser window with what its console said, the failed load of the page itself left out."""

    def __init__(self, context):
        self.page = context.new_page()
        self.complaints = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, message):
        if message.type != "error":
            return
        if message.location["url"] == self.page.url and "status of 4" in message.text:
            return
        self.complaints.append(message.text)

    def visit(self, path):
        self.complaints.clear()
        self.page.goto(path)
        return self.page


@pytest.fixture(scope="module")
def windows(chromium, site):
    """A window for each view, used by one test after another: readers carry no state."""
    contexts = {
        name: chromium.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        for name, (_language, width, scheme) in VIEWS.items()
    }
    yield {name: Window(context) for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture(params=[1280, 360])
def window(chromium, site, request):
    """A fresh window of a wide and of a narrow screen."""
    context = chromium.new_context(
        base_url=site.url, viewport={"width": request.param, "height": 800}
    )
    yield Window(context)
    context.close()


@pytest.fixture
def narrow(chromium, site):
    context = chromium.new_context(base_url=site.url, viewport={"width": 360, "height": 700})
    yield context.new_page()
    context.close()


@pytest.fixture(params=[1280, 360])
def without_scripts(chromium, site, request):
    context = chromium.new_context(
        base_url=site.url,
        viewport={"width": request.param, "height": 800},
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


# Every kind of page


@pytest.mark.by_turns
@pytest.mark.parametrize(("view", "name"), every(2, LOOKS))
def test_a_page_is_accessible_fits_its_screen_and_loads_quietly(windows, name, view):
    language, width, _scheme = VIEWS[view]
    window = windows[view]
    page = window.visit(f"/{language}/{PAGES[name]}")
    page.evaluate(OPEN_ALL)

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


# An editor corrects a text

# (address, user name) → cookies
SESSIONS = {}


def log_in(page, site, name):
    """Sign in by the form, the first time; later windows of the same person know them already."""
    known = SESSIONS.get((site.url, name))
    if known:
        page.context.add_cookies(known)
        page.goto("/admin/")
        return
    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", site.passwords[name])
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    SESSIONS[site.url, name] = page.context.cookies()


def approve(chromium, site, proposal, scripts):
    context = chromium.new_context(base_url=site.url, java_script_enabled=scripts)
    page = context.new_page()
    log_in(page, site, "administrator")
    page.goto(proposal)
    page.click("[name=_approve]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_editor_corrects_a_summary_and_visitors_read_it(chromium, site, scripts):
    context = chromium.new_context(base_url=site.url, java_script_enabled=scripts)
    page = context.new_page()
    summary = f"Corrected in the browser, {'with' if scripts else 'without'} scripts."
    log_in(page, site, "reviewer")

    page.get_by_role("link", name="Policy documents", exact=True).first.click()
    page.fill("#searchbar", "chengdu-future-industries-2024")
    page.keyboard.press("Enter")
    page.locator("#result_list tbody th a").first.click()
    page.fill("#id_summary_en", summary)
    page.fill("#id_change_reason", "Read the text once more.")
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    proposal = page.url
    context.close()
    approve(chromium, site, proposal, scripts)
    reader = chromium.new_context(base_url=site.url)
    public = reader.new_page()
    public.goto("/en/documents/chengdu-future-industries-2024/")
    expect(public.locator("main")).to_contain_text(summary)
    reader.close()


def test_a_contributor_drafts_a_document_that_visitors_do_not_see(chromium, site):
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    log_in(page, site, "contributor")

    page.goto("/admin/catalog/policydocument/add/")
    page.fill("#id_title_en", "A plan drafted in the browser")
    page.fill("#id_title_zh", "浏览器中起草的方案")
    page.fill("#id_slug", "drafted-in-the-browser")
    page.select_option("#id_document_type", "plan")
    page.select_option("#id_level", "national")
    page.click("[name=_save]")

    expect(page.locator(".messagelist .success")).to_be_visible()
    answer = page.goto("/en/documents/drafted-in-the-browser/")
    assert answer.status == 404
    page.goto("/en/documents/?q=drafted")
    expect(page.locator("#results")).not_to_contain_text("drafted in the browser")
    context.close()


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
