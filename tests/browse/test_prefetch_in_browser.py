"""The page that a reader points at is fetched ahead: in a real browser, from the real server."""

import pytest


@pytest.mark.browser
@pytest.mark.whole
def test_a_browser_fetches_the_page_that_is_pointed_at(page):
    """Under the site's own policy, and with the type under which the file is really sent."""
    ahead = []

    def note(request):
        if "prefetch" in request.headers.get("sec-purpose", ""):
            ahead.append(request.url)

    page.context.on("request", note)
    page.goto("/en/")
    link = page.locator('main a[href^="/en/fields/"]').first
    # The rules come after the page.
    page.wait_for_load_state("networkidle")
    with page.context.expect_event("request", lambda r: "sec-purpose" in r.headers, timeout=10_000):
        link.hover()

    assert ahead == [page.evaluate("link => link.href", link.element_handle())]
