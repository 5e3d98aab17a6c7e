"""Somebody who never saw the site finds answers from the home page, in at most four clicks each.

Without scripts, in both languages; what is found is compared with the database's own content.
"""

import re

import pytest

from tests.walk import WALKING, Walk

pytestmark = [pytest.mark.browser, pytest.mark.whole]

SHANGHAI_TARGET = "shanghai-future-industries-2022--target-01"


@pytest.fixture(params=["en", "zh-hans"])
def walk(chromium, site, request):
    context = chromium.new_context(base_url=site.url, **WALKING)
    yield Walk(context.new_page(), request.param)
    context.close()


def finding(walk):
    """Return the sentence on top of the page, which every answer begins with."""
    return re.sub(r"\s+", " ", walk.page.locator("main .finding").first.inner_text())


def test_which_regions_bet_on_brain_computer_interfaces_and_since_when(walk):
    walk.follow("products/brain-computer-interfaces/")

    rows = walk.page.locator("#regions tbody tr:not(.why-row)")
    first = rows.first.inner_text()
    assert {"en": "Shenzhen", "zh-hans": "深圳市"}[walk.language] in first
    assert "2022-06-06" in first
    assert str(rows.count()) in finding(walk)


def test_how_beijing_and_shanghai_differ(walk):
    walk.follow("compare/")

    said = list(map(int, re.findall(r"\d+", finding(walk))[:4]))
    together, both, *alone = said
    assert together == both + sum(alone)
    names = {"en": ("Beijing", "Shanghai"), "zh-hans": ("北京市", "上海市")}[walk.language]
    assert all(name in finding(walk) for name in names)


def test_what_hunan_has_not_named_and_whether_anybody_looked(walk):
    walk.follow("regions/hunan/")
    walk.click(walk.page.locator('main a[href$="/gaps/?region=hunan"]').first)

    in_part = {"en": "read only in part", "zh-hans": "仅部分查阅"}[walk.language]
    assert in_part in finding(walk)
    assert walk.page.locator("main tbody[data-rows] tr").count() >= 15


def test_where_the_500_billion_stand(walk):
    walk.search("上海 5000亿元")
    walk.follow(f"targets/{SHANGHAI_TARGET}/")

    assert "未来产业产值达到5000亿元左右" in walk.page.content()
    document = walk.page.locator('main a[href*="/documents/shanghai-future-industries-2022/"]')
    assert document.count()
