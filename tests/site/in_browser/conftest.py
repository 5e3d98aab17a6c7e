"""Windows of a browser."""

import pytest

from tests.site.in_browser.looks import (
    VIEWS,
    Window,
)


@pytest.fixture(scope="module")
def windows(chromium, site):
    """A window for each view, used by one test after another: readers carry no state."""
    contexts = {
        name: chromium.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        for name, (_language, width, scheme) in VIEWS.items()
    }
    yield {name: Window(context) for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture(params=[1280, 360])
def window(chromium, site, request):
    """A fresh window of a wide and of a narrow screen."""
    context = chromium.new_context(
        base_url=site.url, viewport={"width": request.param, "height": 800}
    )
    yield Window(context)
    context.close()


@pytest.fixture
def narrow(chromium, site):
    context = chromium.new_context(base_url=site.url, viewport={"width": 360, "height": 700})
    yield context.new_page()
    context.close()


@pytest.fixture(params=[1280, 360])
def without_scripts(chromium, site, request):
    context = chromium.new_context(
        base_url=site.url,
        viewport={"width": request.param, "height": 800},
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()
