"""What editors do about quality in a real browser: out of step, second factor, no barrier."""

import base64
import re
import time
from datetime import date, timedelta

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import expect

from tests.site.in_browser.looks import violations
from tests.site.in_browser.people import approve, log_in

pytestmark = pytest.mark.browser

DOCUMENT = "/admin/catalog/policydocument/?q=future-industries-opinions-2024"
PUBLIC = "/en/documents/future-industries-opinions-2024/"
PASSWORD = "a long enough pass phrase"


def new_page(chromium, site, **options):
    return chromium.new_context(base_url=site.url, **options).new_page()


def number(page, queue):
    """Return the number at a list of the front page."""
    page.goto("/admin/")
    text = page.locator("#work h3 a", has_text=queue).locator(".count").inner_text()
    return int(text)


def test_what_is_out_of_step_is_seen_and_settled(chromium, site):
    """Journey E4: a Chinese text changes, its rendering shows as out of step, and is settled."""
    queue = "Translations out of step"
    contributor, reviewer = (new_page(chromium, site) for _person in range(2))
    visitor = new_page(chromium, site)
    log_in(contributor, site, "contributor")
    log_in(reviewer, site, "reviewer")
    before = number(reviewer, queue)

    contributor.goto(DOCUMENT)
    contributor.locator("#result_list tbody th a").first.click()
    text = contributor.input_value("#id_summary_zh")
    contributor.fill("#id_summary_zh", f"{text}（补充一句）")
    contributor.click("[name=_save]")
    visitor.goto(PUBLIC)
    expect(visitor.locator(".outdated")).to_have_count(0)
    assert number(reviewer, queue) == before

    approve(chromium, site, contributor.url, scripts=True)

    assert number(reviewer, queue) == before + 1
    visitor.goto(PUBLIC)
    expect(visitor.locator(".outdated")).to_contain_text("Summary (English)")
    visitor.goto(PUBLIC.replace("/en/", "/zh-hans/"))
    expect(visitor.locator(".outdated")).to_have_count(0)

    reviewer.goto("/admin/")
    reviewer.locator("#work h3 a", has_text=queue).click()
    reviewer.click("text=As a table, with actions")
    row = reviewer.locator("#result_list tbody tr", has_text="补充一句")
    row.locator("[name=_selected_action]").check()
    reviewer.select_option("[name=action]", "still_fits")
    reviewer.click("[name=index]")
    expect(reviewer.locator(".messagelist .success")).to_be_visible()
    assert number(reviewer, queue) == before
    visitor.goto(PUBLIC)
    expect(visitor.locator(".outdated")).to_have_count(0)
    for page in (contributor, reviewer, visitor):
        page.context.close()


def test_a_publication_is_scheduled_stopped_and_a_record_withdrawn(chromium, site):
    """Journey E4: nobody approves their own; what waits for its time shows; what went says so."""
    contributor, reviewer, visitor = (new_page(chromium, site) for _person in range(3))
    log_in(contributor, site, "contributor")
    log_in(reviewer, site, "reviewer")
    public = "/en/agencies/agency-of-the-schedule/"
    contributor.goto("/admin/catalog/agency/add/")
    contributor.fill("#id_name_en", "Agency of the schedule")
    contributor.fill("#id_name_zh", "日程机构")
    contributor.fill("#id_slug", "agency-of-the-schedule")
    contributor.select_option("#id_level", "ministry")
    contributor.click("[name=_submit]")
    contributor.goto("/admin/catalog/agency/?q=agency-of-the-schedule")
    record = contributor.locator("#result_list tbody th a").first.get_attribute("href")
    review = record.replace("/change/", "/review/").partition("?")[0]
    contributor.goto(review)
    expect(contributor.locator("[name=_publish]")).to_have_count(0)
    waiting = number(reviewer, "Scheduled")

    reviewer.goto(review)
    reviewer.fill("#due_at", "2099-12-31T09:00")
    reviewer.click("[name=_schedule]")
    assert number(reviewer, "Scheduled") == waiting + 1
    assert visitor.goto(public).status == 404
    reviewer.goto(review)
    reviewer.get_by_role("link", name="Stop it in the list").click()
    reviewer.locator("#result_list tbody tr", has_text="Agency of the schedule").get_by_role(
        "checkbox"
    ).check()
    reviewer.select_option("[name=action]", "stop_selected")
    reviewer.click("[name=index]")
    assert number(reviewer, "Scheduled") == waiting

    reviewer.goto(review)
    reviewer.click("[name=_publish]")
    assert visitor.goto(public).status == 200
    reviewer.goto(record)
    reviewer.get_by_role("link", name="Withdraw…").click()
    reviewer.fill("#id_change_reason", "Entered twice.")
    reviewer.click("[type=submit][value=Withdraw]")
    assert visitor.goto(public).status == 410
    expect(visitor.locator("main")).to_contain_text(f"Withdrawn on {date.today()}")
    assert violations(visitor) == []
    visitor.goto("/en/changes/?change=withdrawn")
    expect(visitor.locator("main")).to_contain_text("Agency of the schedule")
    for page in (contributor, reviewer, visitor):
        page.context.close()


def test_an_entry_is_taken_snoozed_and_woken_with_the_keyboard(chromium, site):
    page = new_page(chromium, site)
    log_in(page, site, "contributor")
    queue = "Public claims without locator or source"
    before = number(page, queue)
    page.locator("#work h3 a", has_text=queue).click()
    title = page.locator(".work tbody th").first.inner_text()

    page.locator("[name=entry]").first.focus()
    page.keyboard.press("Space")
    page.locator("[name=_take]").focus()
    press_enter(page)
    expect(page.locator(".work tbody tr").first).to_contain_text("contributor")
    page.locator("[name=entry]").first.focus()
    page.keyboard.press("Space")
    page.locator("[name=until]").focus()
    page.keyboard.type(f"{date.today() + timedelta(days=9)}")
    page.locator("[name=reason]").focus()
    page.keyboard.type("Waits for the gazette")
    page.locator("[name=_snooze]").focus()
    press_enter(page)
    assert number(page, queue) == before - 1

    page.locator("#work li", has_text=queue).locator("a", has_text="Snoozed").click()
    expect(page.locator(".work tbody th")).to_have_text(title)
    page.locator("[name=entry]").focus()
    page.keyboard.press("Space")
    page.locator("[name=_wake]").focus()
    press_enter(page)
    assert number(page, queue) == before
    page.context.close()


def code_for(page):
    key = page.locator("code.key").inner_text().replace(" ", "")
    totp = TOTP(base64.b32decode(key))
    totp.time = time.time()
    return f"{totp.token():06d}"


def press_enter(page):
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_second_factor_is_set_up_and_asked_for_by_keyboard_alone(chromium, site):
    administrator = new_page(chromium, site)
    log_in(administrator, site, "administrator")
    administrator.goto("/admin/accounts/user/add/")
    administrator.fill("#id_username", "zhao")
    administrator.fill("#id_password1", PASSWORD)
    administrator.fill("#id_password2", PASSWORD)
    administrator.click("[name=_save]")
    administrator.check("#id_is_staff")
    administrator.click("[name=_save]")
    zhao = new_page(chromium, site)
    zhao.goto("/admin/second-factor/set-up/")
    expect(zhao.locator("#id_username")).to_be_focused()
    zhao.keyboard.type("zhao")
    zhao.keyboard.press("Tab")
    zhao.keyboard.type(PASSWORD)
    press_enter(zhao)

    expect(zhao.locator("svg.qr")).to_be_visible()
    expect(zhao.locator("#id_code")).to_be_focused()
    zhao.keyboard.type(code_for(zhao))
    press_enter(zhao)
    codes = zhao.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    assert violations(zhao) == []
    zhao.context.clear_cookies()

    zhao.goto("/admin/")
    expect(zhao.locator("#id_username")).to_be_focused()
    zhao.keyboard.type("zhao")
    zhao.keyboard.press("Tab")
    zhao.keyboard.type(PASSWORD)
    press_enter(zhao)
    expect(zhao).to_have_url(re.compile("/admin/second-factor/"))
    expect(zhao.locator("#id_code")).to_be_focused()
    assert violations(zhao) == []
    zhao.keyboard.type(codes[0])
    press_enter(zhao)
    expect(zhao).to_have_url(re.compile("/admin/$"))

    for page in (administrator, zhao):
        page.context.close()


PAGES = [
    *("/admin/", "/admin/work/verify/", "/admin/work/locate/", "/admin/desk/linkcheck/"),
    *("/admin/catalog/policydocument/", "/admin/catalog/policydocument/add/"),
    *("/admin/catalog/policydocument/1/change/", "/admin/catalog/policydocument/1/history/"),
    *("/admin/regions/regionalplan/", "/admin/regions/regionalplan/add/"),
    *("/admin/regions/regionalplan/1/change/", "/admin/regions/regionalplan/1/history/"),
    *("/admin/catalog/target/", "/admin/catalog/target/add/", "/admin/catalog/target/1/change/"),
    *("/admin/regions/track/1/change/", "/admin/publishing/source/1/used/"),
    *("/admin/publishing/source/1/merge/", "/admin/desk/staletranslation/"),
    *("/admin/desk/verification/catalog.region/1/new/", "/admin/password_change/"),
    "/admin/second-factor/set-up/",
]


@pytest.fixture(scope="module")
def desks(chromium, site):
    """An administrator's windows: English, wide and light; Chinese, narrow and dark."""
    wide = new_page(chromium, site, viewport={"width": 1280, "height": 900})
    narrow = new_page(chromium, site, viewport={"width": 360, "height": 900}, color_scheme="dark")
    for page in (wide, narrow):
        log_in(page, site, "administrator")
    narrow.locator(".language-switch button[value=zh-hans]").click()
    yield {"wide": wide, "narrow": narrow}
    for page in (wide, narrow):
        page.context.close()


@pytest.mark.by_turns
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("desk", ["wide", "narrow"])
def test_pages_of_every_day_have_no_barrier(desks, desk, path):
    page = desks[desk]
    answer = page.goto(path)
    assert answer.status == 200
    page.wait_for_timeout(100)  # the search boxes get their names after the page has loaded

    assert violations(page) == []


def test_the_log_in_has_no_barrier(chromium, site):
    page = new_page(chromium, site)
    page.goto("/admin/login/")
    assert violations(page) == []
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "wrong")
    press_enter(page)
    assert violations(page) == []
    page.context.close()


def test_a_whole_name_and_enter_choose_the_agency_of_that_name(chromium, site):
    """By keyboard alone: the ministry, not one of the departments that begin with its name."""
    page = new_page(chromium, site)
    log_in(page, site, "contributor")
    page.goto("/admin/catalog/agency/add/")
    page.locator("#id_parent + .select2 .select2-selection").focus()
    page.keyboard.press("Enter")
    with page.expect_response(lambda answer: "term=%E5" in answer.url):
        page.keyboard.type("工业和信息化部")
    expect(page.locator(".select2-results__option--highlighted")).to_contain_text("工业和信息化部")
    page.keyboard.press("Enter")

    chosen = page.locator("#id_parent option:checked")
    expect(chosen).to_have_text("Ministry of Industry and Information Technology 工业和信息化部")
