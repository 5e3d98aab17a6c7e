"""How high the pages are that were walls once, in pixels: what repeats or has ended is folded."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.whole]

OPINIONS = "documents/future-industries-opinions-2024/"
PAIR = "compare/?region=beijing&region=shanghai"


@pytest.mark.parametrize(
    ("width", "path", "most"),
    [
        (1280, "en/regions/shanghai/", 2700),
        (1280, f"en/{OPINIONS}", 2700),
        (1280, f"en/{PAIR}", 3600),
        (1280, "en/diffusion/", 2100),
        (1280, "zh-hans/search/?q=量子", 2500),
        (1280, "en/search/?q=quantum", 2500),
        (375, "en/regions/shanghai/", 5600),
        (375, f"en/{PAIR}", 6600),
        (375, "zh-hans/regions/hunan/", 4500),
    ],
)
def test_a_page_is_no_wall(page, width, path, most):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.goto(f"/{path}").status == 200

    assert page.evaluate("document.documentElement.scrollHeight") <= most
