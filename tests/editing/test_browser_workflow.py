"""Editors and reviewers in real browsers: a plan from draft to return, and two on one record.

Each person has a window of their own; visitors read what is public in between.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.site.in_browser.looks import violations
from tests.site.in_browser.people import log_in

pytestmark = pytest.mark.browser

TRACKS = [f"赛道{number}" for number in "一二三四五六七八九十"]
# The page of the document holds its plan.
PLAN = "/en/documents/browser-plan-2026/"


@pytest.fixture
def window(chromium, site):
    """A function that opens a window for somebody by user name, for a visitor by none."""
    contexts = []

    def open_for(name=None):
        context = chromium.new_context(base_url=site.url)
        contexts.append(context)
        page = context.new_page()
        if name:
            log_in(page, site, name)
        return page

    yield open_for
    for context in contexts:
        context.close()


def choose(page, field, text):
    """Choose in a search box, by what is typed into it."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    page.locator(".select2-search__field:focus").fill(text)
    page.locator(".select2-results__option--highlighted", has_text=re.compile(text, re.I)).click()


def draft_document(page):
    page.goto("/admin/catalog/policydocument/add/")
    page.fill("#id_title_en", "Browser plan 2026")
    page.fill("#id_title_zh", "浏览器未来产业方案")
    page.fill("#id_slug", "browser-plan-2026")
    page.select_option("#id_document_type", "plan")
    page.select_option("#id_level", "provincial")
    choose(page, "region", "Tibet")
    choose(page, "sources", "北京")
    page.fill("#id_issued_date", "2026-03-01")
    page.click("[name=_submit]")
    expect(page.locator(".messagelist")).to_contain_text("now waits for a reviewer")


def draft_plan(page):
    page.goto("/admin/regions/regionalplan/add/")
    choose(page, "region", "Tibet")
    choose(page, "document", "Browser plan")
    page.fill("#id_horizon_year", "2030")
    for number, name in enumerate(TRACKS):
        page.locator("#tracks-group .add-row a").click()
        row = f"#id_tracks-{number}-"
        page.fill(f"{row}order", str(number + 1))
        page.select_option(f"{row}tier", "area")
        page.fill(f"{row}name_en", f"Browser track {number + 1}")
        page.fill(f"{row}name_zh", name)
    page.click("[name=_submit]")
    expect(page.locator(".messagelist")).to_contain_text("now waits for a reviewer")


def first_of(page, queue):
    """Open the newest entry of a list on the front page."""
    page.goto("/admin/")
    page.locator(".queues > li", has=page.get_by_role("link", name=queue)).locator(
        "ol a"
    ).first.click()


def test_a_plan_from_draft_to_return(window):
    contributor, reviewer, visitor = window("contributor"), window("reviewer"), window()

    # The contributor drafts a document and a plan of ten tracks; the reviewer sends it back.
    draft_document(contributor)
    first_of(reviewer, "Awaiting my review")
    reviewer.click("[name=_publish]")
    expect(reviewer.locator(".messagelist .success")).to_be_visible()
    draft_plan(contributor)
    first_of(reviewer, "Awaiting my review")
    expect(reviewer.locator("#differences + .wide")).to_contain_text(TRACKS[9])
    assert violations(reviewer, impacts={"serious", "critical"}) == []
    reviewer.fill("#note", "The horizon is 2035.")
    reviewer.click("[name=_send_back]")

    # The contributor mends it, the reviewer publishes.
    first_of(contributor, "Sent back to me")
    expect(contributor.locator("body")).to_contain_text("The horizon is 2035.")
    visitor.goto(PLAN)
    expect(visitor.locator("main")).not_to_contain_text("Browser track")
    contributor.fill("#id_horizon_year", "2035")
    contributor.click("[name=_submit]")
    first_of(reviewer, "Awaiting my review")
    reviewer.click("[name=_publish]")
    visitor.goto(PLAN)
    expect(visitor.locator("main")).to_contain_text("Browser track 10")

    # The contributor proposes another year and another name of a track: nothing public changes.
    contributor.goto("/admin/regions/regionalplan/?q=browser-plan-2026")
    contributor.locator("#result_list tbody th a").first.click()
    contributor.fill("#id_horizon_year", "2036")
    contributor.locator("[id^=id_tracks-][id$=-name_en]").first.fill("Renamed in the browser")
    contributor.fill("#id_change_reason", "Second edition")
    contributor.click("[name=_save]")
    expect(contributor.locator("#content")).to_contain_text("You worked on it yourself")
    expect(contributor.locator("[name=_approve]")).to_have_count(0)
    visitor.goto(PLAN)
    expect(visitor.locator("main")).not_to_contain_text("Renamed in the browser")
    expect(visitor.locator("main")).not_to_contain_text("2036")

    # The reviewer sees what changes, the preview of both languages, and approves.
    first_of(reviewer, "Awaiting my review")
    expect(reviewer.locator(".differences").first).to_contain_text("2036")
    assert violations(reviewer, impacts={"serious", "critical"}) == []
    proposal = reviewer.url
    for language in ("English", "简体中文"):
        reviewer.locator(".previews").get_by_role("link", name=language).click()
        expect(reviewer.locator(".preview-note")).to_be_visible()
        expect(reviewer.locator("main")).to_contain_text("2036")
        reviewer.goto(proposal)
    reviewer.click("[name=_approve]")
    expect(reviewer.locator(".messagelist")).to_contain_text("public now")
    visitor.goto(PLAN)
    expect(visitor.locator("main")).to_contain_text("Renamed in the browser")
    expect(visitor.locator(".versions").last).to_contain_text("changed")

    # The administrator proposes the return; the reviewer, who did not, approves that too.
    administrator = window("administrator")
    administrator.goto("/admin/regions/regionalplan/?q=browser-plan-2026")
    administrator.locator("#result_list tbody th a").first.click()
    administrator.get_by_role("link", name="History").click()
    administrator.get_by_role("link", name="Return to this version…").first.click()
    administrator.fill("#change_reason", "The second edition was a draft.")
    administrator.get_by_role("button", name="Propose the return").click()
    expect(administrator.locator("[name=_approve]")).to_have_count(0)
    first_of(reviewer, "Awaiting my review")
    reviewer.click("[name=_approve]")
    visitor.goto(PLAN)
    expect(visitor.locator("main")).to_contain_text("Browser track 1")
    expect(visitor.locator("main")).not_to_contain_text("Renamed in the browser")


def test_two_editors_one_record(window):
    """Journey E2: the second is told, keeps what was typed, and takes both together knowingly."""
    wang, li = window("contributor"), window("reviewer")
    wang.goto("/admin/catalog/agency/add/")
    wang.fill("#id_name_en", "Agency of two editors")
    wang.fill("#id_name_zh", "双编辑机构")
    wang.fill("#id_slug", "agency-of-two-editors")
    wang.select_option("#id_level", "ministry")
    wang.click("[name=_continue]")
    form = wang.url
    li.goto(form)

    # Both change the Chinese name; each changes another column as well.
    li.fill("#id_name_zh", "李的名称")
    li.fill("#id_abbreviation_en", "LI")
    li.click("[name=_continue]")
    expect(li.locator(".messagelist .success")).to_be_visible()
    wang.fill("#id_name_zh", "王的名称")
    wang.fill("#id_name_en", "Typed by Wang")
    with wang.expect_response(lambda answer: answer.request.method == "POST") as answer:
        wang.click("[name=_continue]")
    assert answer.value.status == 409

    conflict = wang.locator(".conflict")
    expect(conflict).to_contain_text("reviewer")
    rows = conflict.locator("tbody tr", has=wang.locator("[type=radio]"))
    expect(rows).to_have_count(1)
    for text in ("双编辑机构", "李的名称", "王的名称"):
        expect(rows).to_contain_text(text)
    expect(wang.locator("body")).to_contain_text("Typed by Wang")
    assert violations(wang, impacts={"serious", "critical"}) == []
    li.goto(form)
    expect(li.locator("#id_name_zh")).to_have_value("李的名称")

    wang.get_by_label("王的名称").check()
    wang.click("[name=_take]")

    expect(wang.locator("#id_name_en")).to_have_value("Typed by Wang")
    expect(wang.locator("#id_name_zh")).to_have_value("王的名称")
    expect(wang.locator("#id_abbreviation_en")).to_have_value("LI")
    wang.get_by_role("link", name="History").click()
    expect(wang.locator(".history section").first).to_contain_text("reviewer")
    expect(wang.locator(".history section").first).to_contain_text("contributor")
