"""What holds for all pages of analysis: reachable, cached, proof against what visitors type."""

import pytest

from tests.browse.list_parameters import JUNK
from tests.chance import dice, every
from tests.public_views import PAGES, addresses_of_one_page

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PARAMETERS = {
    address.rstrip("/"): PAGES[address.rstrip("/")]().parameters()
    for address in addresses_of_one_page()
    if PAGES.get(address.rstrip("/"), object).__module__.startswith("regions.analysis.")
}


@pytest.mark.parametrize("name", every(2, PARAMETERS))
def test_nothing_a_visitor_types_breaks_a_page(visitor, name):
    parameters = PARAMETERS[name]
    thrown = dice(f"junk for {name}")
    queries = [f"{parameter}={thrown.choice(JUNK)}" for parameter in parameters for _ in range(3)]
    for _round in range(12):
        some = thrown.sample(parameters, min(3, len(parameters)))
        queries.append("&".join(f"{parameter}={thrown.choice(JUNK)}" for parameter in some))

    for query in queries:
        for form in ("/", ".json", ".csv"):
            status = visitor.get(f"/en/{name}{form}?{query}").status_code
            assert status in {200, 302, 400}, (form, query)


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_markup_that_a_visitor_types_is_shown_as_text(visitor, name, language):
    query = "&".join(f"{parameter}=<i>x" for parameter in PARAMETERS[name])
    html = visitor.get(f"/{language}/{name}/?{query}").content.decode()

    assert "<i>x" not in html


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_page_is_in_the_menu_of_analysis_and_in_the_sitemap(visitor, name):
    assert f'href="/en/{name}/"' in visitor.get("/en/analysis/").content.decode()
    assert f"/zh-hans/{name}/" in visitor.get("/sitemap-pages.xml").content.decode()
    assert 'href="/en/analysis/"' in visitor.get("/en/").content.decode()


@pytest.mark.parametrize(
    ("query", "is_kept"),
    [
        ("matrix/", True),
        ("matrix/?columns=products&rows=list", True),
        ("matrix/?rows=list&columns=products", False),
        ("matrix.json", True),
        ("compare/?region=beijing&region=shanghai", True),
        ("compare/?region=shanghai&region=beijing", True),
        ("compare/?region=shanghai&region=beijing&x=1", False),
        ("compare/?region=shanghai&region=beijing&match=exact&in_force_on=2025-01-01", True),
        ("compare/?match=exact&region=shanghai&region=beijing", False),
        ("diffusion/?technology=robots&match=exact&in_force_on=2025-01-01", True),
        ("compare/?region=atlantis", False),
        ("diffusion/?technology=robots", True),
        ("gaps/?region=beijing", True),
    ],
)
def test_a_page_is_kept_at_its_one_address(visitor, query, is_kept):
    response = visitor.get(f"/en/{query}")

    assert ("futureind.cacheable" in response.wsgi_request.META) == is_kept
