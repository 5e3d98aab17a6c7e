"""How analysts get much content in at once, played in a browser without scripts."""

import io
import re

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.site.in_browser.looks import violations
from tests.site.in_browser.people import log_in

pytestmark = pytest.mark.browser

LINES = """重点 | 量子信息 | Quantum information | 未来信息 | ⊃ quantum computing | 二（一）
宏伟 | 智能机器人 | Robots | 未来制造 | robotics
 | 光子芯片 | Photonic chips | 未来信息 | ~ robots
"""


@pytest.fixture
def people(chromium, site):
    """Return a window of somebody who has logged in, or of a visitor."""
    contexts = []

    def window(name=None):
        context = chromium.new_context(base_url=site.url, java_script_enabled=False)
        contexts.append(context)
        page = context.new_page()
        if name:
            log_in(page, site, name)
        return page

    yield window
    for context in contexts:
        context.close()


def key_of(page, model, words):
    """Return the primary key of the first record that the search of a list finds."""
    page.goto(f"/admin/{model}/?q={words}")
    href = page.locator("#result_list tbody th a").first.get_attribute("href")
    return re.search(r"/(\d+)/change", href)[1]


def added(page):
    """Return the primary key in the message about what was just added."""
    link = page.locator(".messagelist .success a").first.get_attribute("href")
    return re.search(r"/(\d+)/change", link)[1]


def fill_document(page, level, **texts):
    for name, text in texts.items():
        page.fill(f"#id_{name}", text)
    page.select_option("#id_document_type", "plan")
    page.select_option("#id_level", level)


def test_an_analyst_enters_a_plan_and_nothing_without_a_source_goes_public(people):
    analyst, reviewer, visitor = people("contributor"), people("reviewer"), people()
    region = key_of(analyst, "catalog/region", "heilongjiang")
    source = key_of(analyst, "publishing/source", "s-")

    analyst.goto(f"/admin/catalog/policydocument/add/?region={region}&sources={source}")
    fill_document(
        analyst,
        title_en="Heilongjiang: a plan entered in one sitting",
        title_zh="黑龙江省一次录入的规划",
        slug="entered-in-one-sitting",
        document_number="黑测发〔2031〕77号",
        level="provincial",
    )
    analyst.click("[name=_save]")
    document = added(analyst)

    analyst.goto(f"/admin/regions/regionalplan/add/?region={region}&document={document}")
    analyst.click("[name=_continue]")
    plan = re.search(r"/(\d+)/change", analyst.url)[1]
    analyst.click("text=Tracks as a table")
    analyst.fill("#id_lines", LINES)
    analyst.click("[name=_read]")
    expect(analyst.locator(".messagelist")).to_contain_text("3 lines were read. 2 rows")
    expect(analyst.locator("tr.to-mend").first).to_contain_text("“宏伟” is no role in a plan")
    # The third line had taken the tier of the second.
    for tier in analyst.locator("tr.to-mend [name$=-tier]").all():
        expect(tier).to_have_value("宏伟")
        tier.fill("exploratory")
    analyst.click("[name=_save]")
    expect(analyst.locator(".messagelist")).to_contain_text("3 added")
    expect(analyst.locator(".messagelist")).to_contain_text("2 tracks have no locator yet")

    analyst.goto(f"/admin/catalog/target/add/?document={document}")
    analyst.select_option("#id_kind", "qualitative")
    analyst.fill("#id_statement_en", "Reach the front rank of the country")
    analyst.fill("#id_statement_zh", "进入全国前列")
    analyst.click("[name=_submit]")
    target = key_of(analyst, "catalog/target", "entered-in-one-sitting")
    for model, key in (("catalog/policydocument", document), ("regions/regionalplan", plan)):
        analyst.goto(f"/admin/{model}/{key}/change/")
        analyst.click("[name=_submit]")
    assert visitor.goto("/en/documents/entered-in-one-sitting/").status == 404

    reviewer.goto(f"/admin/catalog/policydocument/{document}/review/")
    reviewer.click("[name=_publish]")
    reviewer.goto(f"/admin/regions/regionalplan/{plan}/review/")
    expect(reviewer.locator("#content-main")).to_contain_text("2 rows do not say where")
    reviewer.click("[name=_publish]")
    reviewer.goto(f"/admin/catalog/target/{target}/review/")
    expect(reviewer.locator("#content-main")).to_contain_text("names no source")
    expect(reviewer.locator("[name=_publish]")).to_be_disabled()

    assert visitor.goto("/en/documents/entered-in-one-sitting/").status == 200
    expect(visitor.locator("main")).not_to_contain_text("front rank of the country")
    visitor.goto("/en/documents/entered-in-one-sitting/")
    expect(visitor.locator("main")).to_contain_text("Photonic chips")


def test_a_number_on_record_leads_to_its_document_and_a_draft_to_who_has_the_link(people):
    """Journey E1: nothing is entered twice, and a draft is seen by those who were sent its link."""
    analyst, visitor = people("contributor"), people()
    analyst.goto("/admin/catalog/policydocument/add/")
    fill_document(
        analyst,
        title_en="Shown by a link",
        title_zh="以链接示人",
        slug="shown-by-a-link",
        document_number="浙政办发[2023]9号",
        level="national",
    )
    analyst.click("[name=_save]")
    error = analyst.locator(".errorlist", has_text="This number is on record already")
    expect(error.get_by_role("link")).to_contain_text("Zhejiang")
    expect(analyst.locator("#id_title_zh")).to_have_value("以链接示人")
    analyst.fill("#id_document_number", "")
    analyst.click("[name=_save]")

    analyst.goto(f"/admin/catalog/policydocument/{added(analyst)}/review/")
    analyst.fill("#for_whom", "The ministry")
    analyst.click("[name=_share]")
    link = analyst.get_by_role("link", name="The ministry").get_attribute("href")
    assert visitor.goto("/en/documents/shown-by-a-link/").status == 404
    assert visitor.goto(link).status == 200
    expect(visitor.locator("h1")).to_have_text("Shown by a link")

    analyst.goto("/admin/publishing/previewlink/")
    analyst.locator("#result_list tbody tr", has_text="Shown by a link").get_by_role(
        "checkbox"
    ).check()
    analyst.select_option("[name=action]", "revoke_selected")
    analyst.click("[name=index]")
    assert visitor.goto(link).status == 410
    expect(visitor.locator("body")).not_to_contain_text("Shown by a link")


def workbook(path):
    """Write forty plans with tracks and targets, one row of them wrong."""
    book = Workbook()
    book.remove(book.active)

    def sheet(name, columns, rows):
        page = book.create_sheet(name)
        page.append(columns)
        for row in rows:
            page.append(row)

    numbers = [f"辽测发〔2031〕{n}号" for n in range(40)]
    sheet(
        "documents",
        ["slug", "title_en", "title_zh", "document_number", "document_type", "level", "region"],
        [
            [f"imported-{n}", f"Plan {n}", f"规划{n}", number, "plan", "provincial", "liaoning"]
            for n, number in enumerate(numbers)
        ],
    )
    sheet("plans", ["document", "region"], [[number, "liaoning"] for number in numbers])
    tracks = [[f"imported-{n}", "重点", f"赛道{n}", f"Track {n}", "robots"] for n in range(40)]
    tracks[7][1] = "宏伟"
    sheet("tracks", ["plan", "tier", "name_zh", "name_en", "technologies"], tracks)
    data = io.BytesIO()
    book.save(data)
    path.write_bytes(data.getvalue())
    return path


def test_forty_plans_are_imported_safely_and_taken_back(people, tmp_path):
    analyst, reviewer = people("contributor"), people("reviewer")
    analyst.goto("/admin/exchange/import/add/")
    analyst.set_input_files("#id_file", workbook(tmp_path / "forty.xlsx"))
    analyst.fill("#id_note", "Forty plans of one province")
    analyst.click("text=Check the file")

    counts = analyst.locator(".counts tbody tr", has_text="tracks").locator("td")
    assert counts.all_inner_texts() == ["39", "0", "0", "1", "40"]
    analyst.click("nav >> text=Refused")
    wrong = analyst.locator(".import-rows tbody tr")
    expect(wrong).to_have_count(1)
    for words in ("tracks", "9", "tier", "宏伟", "Choose one of"):
        expect(wrong).to_contain_text(words)
    analyst.goto("/admin/catalog/policydocument/?q=辽测发")
    expect(analyst.locator("#result_list tbody tr")).to_have_count(0)
    analyst.go_back()
    analyst.click("text=Write these drafts and proposals")
    expect(analyst.locator(".messagelist")).to_contain_text("Say that they are left out")
    analyst.check("[name=leave_out]")
    analyst.click("text=Write these drafts and proposals")
    expect(analyst.locator(".said")).to_contain_text("80 records")
    page_of_import = analyst.url

    reviewer.goto("/admin/catalog/policydocument/?q=辽测发〔2031〕3号")
    reviewer.locator("#result_list tbody th a").first.click()
    reviewer.fill("#id_summary_en", "Written by somebody else since")
    reviewer.click("[name=_save]")
    analyst.goto(page_of_import)
    analyst.click("text=Take this import back…")
    expect(analyst.locator("#content")).to_contain_text("reviewer changed it since")
    analyst.click("text=Take it back")

    expect(analyst.locator(".facts")).to_contain_text("undone")
    expect(analyst.locator("#content")).to_contain_text("imported-3 – reviewer changed it since")
    analyst.goto("/admin/catalog/policydocument/?q=辽测发")
    expect(analyst.locator("#result_list tbody tr")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_for_entering_have_no_barrier(chromium, site, tmp_path, width):
    context = chromium.new_context(base_url=site.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    log_in(page, site, "administrator")
    plan = key_of(page, "regions/regionalplan", "beijing")
    found = {}
    for address in (
        f"/admin/regions/regionalplan/{plan}/tracks/",
        f"/admin/regions/regionalplan/{plan}/next/",
        "/admin/exchange/import/",
        "/admin/exchange/import/add/",
        "/admin/exchange/import/export/",
    ):
        page.goto(address)
        found[address] = violations(page)
    page.goto("/admin/exchange/import/add/")
    page.set_input_files("#id_file", workbook(tmp_path / "forty.xlsx"))
    page.click("text=Check the file")
    found["result"] = violations(page)
    context.close()

    assert {address: problems for address, problems in found.items() if problems} == {}
