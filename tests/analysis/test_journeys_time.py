"""Three visitors on their way from the home page to the right answer, in at most four clicks each.

A journalist asks for the wording of Shanghai's output target and whether anybody checked it. A
planning officer asks who answered the national Opinions, and after how many days. A data journalist
asks what was due by the end of 2025, and which plans ended without a successor. All walk without
scripts, in both languages.
"""

import re

import pytest

from tests.walk import WALKING, Walk

pytestmark = pytest.mark.browser

LANGUAGES = ["en", "zh-hans"]
NUMBERS = ["沪府发〔2022〕11号", "沪府发[2022]11号", "沪府发(2022)11号", "沪府发2022 11"]


@pytest.fixture(params=LANGUAGES)
def walk(chromium, site, request):
    context = chromium.new_context(base_url=site.url, **WALKING)
    yield Walk(context.new_page(), request.param)
    context.close()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_journalist_finds_the_wording_of_the_output_target(walk, number):
    walk.search(number)
    assert walk.path == f"/{walk.language}/documents/shanghai-future-industries-2022/"
    walk.follow("targets/shanghai-future-industries-2022--target-01/")
    text = walk.text

    assert "到2030年未来产业产值达到5000亿元左右" in text
    computed = {"en": "about CNY 500 billion", "zh-hans": "5000亿元左右"}[walk.language]
    assert computed in text
    assert "2030" in text
    nothing = {"en": "No check recorded.", "zh-hans": "尚无核查记录。"}[walk.language]
    assert nothing in text
    walk.click(walk.page.locator("article details.why > summary").first)
    why = walk.page.locator("article details.why dl").first
    assert why.is_visible()
    assert "shanghai-future-industries-2022" in why.locator("a").first.get_attribute("href")


def test_what_is_typed_is_echoed_as_text(walk):
    walk.search("<b>上海 5000亿</b>")

    assert "<b>" in walk.text
    assert walk.page.locator("main b").count() == 0


def test_a_planning_officer_sees_who_answered_the_opinions_and_how_fast(walk):
    walk.search("工信部联科〔2024〕12号")
    walk.follow("documents/future-industries-opinions-2024/cascade/")

    answers = walk.page.locator("main section").first
    hangzhou = answers.locator("tr", has=walk.page.locator('a[href*="hangzhou-future"]'))
    assert hangzhou.locator("td").first.inner_text().strip() == "336"
    assert "2024-12-30" in hangzhou.inner_text()
    other = 'a[href$="/documents/zhejiang-future-industries-2023/"]'
    assert hangzhou.locator(other).count() == 1
    for older in ("shanghai-future-industries-2022", "beijing-future-industries-2023"):
        assert answers.locator(f'a[href*="{older}"]').count() == 0
        assert walk.page.locator(f'#older a[href*="{older}"]').count() == 1
    cells = walk.page.locator("#uptake table.uptake").first.locator("tbody td")
    assert cells.count() > 150
    assert all(text.strip() for text in cells.all_text_contents())


def test_stated_answers_alone_are_one_choice_away(walk):
    walk.search("工信部联科〔2024〕12号")
    walk.follow("documents/future-industries-opinions-2024/cascade/")
    walk.page.locator("#id_relation").select_option("stated")
    walk.click(walk.page.locator("form.choices button"))

    assert walk.path.endswith("/cascade/?relation=stated")
    answers = walk.page.locator("main section").first
    assert answers.locator('a[href*="hangzhou-future"]').count() == 1
    assert walk.page.locator('main a[href*="/documents/bci-opinions-2025/"]').count() == 0


def test_a_data_journalist_sees_what_was_due_by_the_end_of_2025(walk):
    walk.menu("analysis/")
    walk.follow("timeline/")
    walk.click(walk.page.locator("main details.fold > summary").first)
    row = walk.page.locator("table.figures tr", has=walk.page.locator("th", has_text="2025"))
    link = row.locator('a[href*="/targets/?"]')
    number = link.inner_text().strip()
    walk.click(link)

    assert "due_after=2025-01-01&due_before=2025-12-31" in walk.path
    assert walk.page.locator("#count").inner_text().startswith(number)
    text = walk.text
    printed = walk.page.locator(
        "tr", has=walk.page.locator('a[href*="opinions-2025-leading-firms"]')
    )
    if printed.count():
        assert "百家" in printed.first.inner_text()
    assert {"en": "check", "zh-hans": "核查"}[walk.language] in text
    # Called missed only where somebody checked, on a day that stands beside it.
    for row in walk.page.locator("tr:has(.verdict-missed)").all():
        assert re.search(r"20\d\d-\d\d-\d\d", row.inner_text())


def test_targets_whose_date_has_passed_are_counted_as_their_list_shows_them(walk):
    walk.menu("targets/")
    tab = walk.page.locator('.tabs a[href*="due_before"]')
    number = tab.locator(".figure").inner_text().strip()
    walk.click(tab)

    assert walk.page.locator("#count").inner_text().startswith(number)
    assert walk.page.locator(".tabs [aria-current]").count() == 1


def test_a_year_of_the_strip_shows_its_targets_alone(walk):
    walk.menu("targets/")
    year = walk.page.locator('.year-strip a[href*="due=2027"]')
    number = year.locator(".figure").inner_text().strip()
    walk.click(year)

    assert walk.page.locator("#count").inner_text().startswith(number)
    assert "2027" in walk.page.locator(".year-strip [aria-current]").inner_text()


def test_what_falls_due_by_the_end_of_the_year_in_guangdong_is_three_clicks_away(walk):
    walk.click(walk.page.locator('.questions a[href*="due_after"]'))
    walk.click(walk.page.locator("#region-guangdong"))
    walk.click(walk.page.locator(".filter-actions button"))

    assert "region=guangdong" in walk.path
    assert walk.count() == len(walk.page.locator(".targets .statement").all())
    assert walk.count() > 0


def test_plans_that_ended_without_a_successor_are_two_clicks_away(walk):
    walk.menu("targets/")
    walk.follow("coverage/#ended")

    ended = walk.page.locator("#ended")
    row = ended.locator("tr", has=walk.page.locator('a[href*="shenzhen-future-industries-2022"]'))
    assert "2025-12-31" in row.inner_text()
