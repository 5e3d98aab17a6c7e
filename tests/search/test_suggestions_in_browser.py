"""What a search box suggests while somebody types: by keys, by mouse, said to screen readers."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.whole]


@pytest.mark.parametrize(
    ("language", "typed", "meant", "address"),
    [
        (
            "en",
            "brain-comp",
            "Brain-computer interfaces",
            "/en/products/brain-computer-interfaces/",
        ),
        ("zh-hans", "naojiji", "脑机接口", "/zh-hans/products/brain-computer-interfaces/"),
    ],
)
def test_a_record_is_chosen_by_keys(page, language, typed, meant, address):
    page.goto(f"/{language}/documents/")
    box = page.locator("#site-q")
    box.press_sequentially(typed)
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text(meant)
    expect(box).to_have_attribute("aria-expanded", "true")

    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    box.press("Enter")
    expect(page).to_have_url(re.compile(f"{address}$"))


def test_suggestions_are_left_by_escape_and_chosen_by_mouse(page):
    page.goto("/en/")
    box = page.locator("main [data-names]").first
    box.press_sequentially("human")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    box.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("human")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("Escape")

    box.press_sequentially("oid")
    options.filter(has_text="Landmark product").first.click()
    expect(page).to_have_url(re.compile("/en/products/humanoid-robots/$"))
