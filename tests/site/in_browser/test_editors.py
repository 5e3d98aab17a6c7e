"""What an editor corrects in a real browser, and what visitors see of it."""

import pytest
from playwright.sync_api import expect

from tests.site.in_browser.people import approve, log_in

pytestmark = pytest.mark.browser


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
