"""Two visitors on their way from the home page to the right answer, in at most four clicks each.

An investor asks who names brain-computer interfaces, or something wider that contains them, since
when, and who was read at all. A researcher asks how Beijing's fields of 2023 and Shanghai's of 2022
differ. Both walk without scripts, in both languages.
"""

import csv
from io import StringIO

import pytest

from tests.walk import MOST_CLICKS, WALKING, Walk

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "product": "Brain-computer interfaces",
        "gaps": "Who does not name it",
        "diffusion": "Who named it first",
        "not searched": "not searched",
        "regions": "Regions",
        "compare": "Compare the ticked regions",
        "not ranked": "They are not ranked",
        "about": "about",
        "broader": "broader",
    },
    "zh-hans": {
        "product": "脑机接口",
        "gaps": "哪些地区未列出",
        "diffusion": "谁最早提出",
        "not searched": "未检索",
        "regions": "地区",
        "compare": "比较所选地区",
        "not ranked": "不作排名",
        "about": "约",
        "broader": "上位",
    },
}
SHENZHEN_2022 = "shenzhen-future-industries-2022--brain-science"


@pytest.fixture(params=list(WORDS))
def walk(chromium, site, request):
    context = chromium.new_context(base_url=site.url, **WALKING)
    yield Walk(context.new_page(), request.param)
    context.close()


def rows_naming(page):
    """Return the rows of the product page's table of regions."""
    return page.locator("main table.lines tbody tr:not(.why-row)")


def test_an_investor_learns_who_names_brain_computer_interfaces(walk):
    words, page = WORDS[walk.language], walk.page
    walk.click(walk.link(words["product"]))

    assert "future-industries-opinions-2024" in page.content()
    assert "15th-five-year-plan-recommendations-2025" in page.content()
    row = page.locator(f"tr:has(a[href$='/tracks/{SHENZHEN_2022}/'])").first
    assert words["broader"] in row.inner_text()
    assert "2022-06-06" in row.inner_text()
    named = rows_naming(page).count()

    walk.click(page.locator("main a[href$='/tracks/?product=brain-computer-interfaces']"))
    tracks = list(csv.DictReader(StringIO(walk.download("CSV"))))
    assert walk.count() == len(tracks)
    assert len({track["region"] for track in tracks}) == named

    page.go_back()
    walk.click(page.locator("main a[href$='?product=brain-computer-interfaces&match=exact']"))
    exact = list(csv.DictReader(StringIO(walk.download("CSV"))))
    assert walk.count() == len(exact) < len(tracks)
    assert SHENZHEN_2022 not in [track["slug"] for track in exact]


def test_an_investor_learns_who_was_not_read(walk):
    words = WORDS[walk.language]
    walk.click(walk.link(words["product"]))
    walk.click(walk.link(words["gaps"]))

    rows = {row["slug"]: row for row in csv.DictReader(StringIO(walk.download("CSV")))}
    assert rows["baoding"]["state"] == "not-searched"
    assert rows["hebei"]["state"] == "none-found"
    assert rows["shenzhen"]["state"] == "named"
    named = [row for row in rows.values() if row["state"] == "named"]
    assert walk.count() == len(named)
    assert words["not searched"] in walk.text


def test_an_investor_learns_since_when(walk):
    words, page = WORDS[walk.language], walk.page
    walk.click(walk.link(words["product"]))
    walk.click(walk.link(words["diffusion"]))

    steps = list(csv.DictReader(StringIO(walk.download("CSV"))))
    assert (steps[0]["slug"], steps[0]["date"]) == ("shenzhen", "2022-06-06")
    assert "(broader)" in steps[0]["wordings"]
    assert int(steps[0]["days_from_first_national"]) < 0
    assert page.locator("svg.curve-wide").is_visible()


def test_the_national_text_of_2024_is_not_named_before_it_was_public(walk):
    page = walk.page
    page.goto(
        f"/{walk.language}/documents/?product=brain-computer-interfaces&in_force_on=2023-12-31"
    )

    assert "future-industries-opinions-2024" not in page.locator("#results").inner_html()


def test_a_researcher_sets_beijing_beside_shanghai(walk):
    words, page = WORDS[walk.language], walk.page
    walk.click(walk.link(words["regions"], within=".site-header"))
    for slug in ("beijing", "shanghai"):
        page.locator(f"input[name=region][value={slug}]").check()
    walk.click(page.get_by_role("button", name=words["compare"]))

    assert page.url.endswith("/compare/?region=beijing&region=shanghai")
    assert walk.clicks <= MOST_CLICKS
    text = walk.text
    for slug in (
        "beijing-future-industries-2023",
        "shanghai-future-industries-2022",
        "beijing-future-investment-mechanism-2025",
    ):
        assert page.locator(f"#dates a[href$='/documents/{slug}/']").count()
    followed = page.locator(
        "#dates tr:has(td:nth-child(2) a[href$='/beijing-future-investment-mechanism-2025/'])"
    )
    assert "third-plenum-decision-2024" in followed.inner_html()
    assert words["not ranked"] in text
    assert words["about"] in text


def test_local_names_stand_as_printed_one_click_from_the_fields(walk):
    page = walk.page
    plans = "plan=beijing-future-industries-2023&plan=shanghai-future-industries-2022"
    page.goto(f"/{walk.language}/compare/?{plans}")

    walk.click(page.locator("#fields tr:has(.field-fe) td a").nth(1))
    assert "储能" in walk.text
    assert "核能" in walk.text
    assert "shanghai-future-industries-2022" in page.url


def test_no_local_name_is_made_equal_to_a_national_one(walk):
    page = walk.page
    plans = "plan=beijing-future-industries-2023&plan=shanghai-future-industries-2022"
    page.goto(f"/{walk.language}/compare/?{plans}")

    for row in page.locator("table.compare tbody tr").all():
        cells = row.locator("td").all_inner_texts()
        for sign, words in zip(cells[::3], cells[1::3], strict=True):
            if "未来智能" in words:
                assert "=" not in sign


def test_a_researcher_sees_the_columns_mirrored(walk):
    page = walk.page

    def cells(*regions):
        query = "&".join(f"region={slug}" for slug in regions)
        page.goto(f"/{walk.language}/compare/?{query}")
        rows = page.locator("table.compare tbody tr:has(th a[href*='/technologies/'])")
        return {
            row.locator("th").inner_text(): row.locator("td").all_inner_texts()
            for row in rows.all()
        }

    one, other = cells("beijing", "shanghai"), cells("shanghai", "beijing")

    assert one
    # Of each side a sign, its words and a month.
    assert {name: found[3:] + found[:3] for name, found in one.items()} == other


def test_on_a_phone_a_comparison_reads_concept_by_concept(chromium, site):
    context = chromium.new_context(base_url=site.url, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto("/en/compare/?region=beijing&region=shanghai")
    both = page.locator("#technology-all tbody tr").first
    alone = page.locator("#technology-1 tbody tr:has(td.none)").first
    boxes = [both.locator("th").bounding_box()]
    boxes += [cell.bounding_box() for cell in both.locator("td.sign").all()]
    label = both.locator("td").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    absent = [cell.is_visible() for cell in alone.locator("td.none").all()]
    context.close()

    assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)
    assert len({round(box["x"]) for box in boxes}) == 1
    assert "Beijing" in label
    assert absent == [False, False]
