"""What a page offers to cite: the state that it shows, and no error."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from futureind.publishing import workflow
from tests.chance import every
from tests.factories import make_document

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CITED = re.compile(
    r'<p class="citation">\s*(?:Cite this page|引用本页|Future|未来)[^<]*?(https?://\S+?)'
    r"(?:[.。]\s*CC BY[^<]*)?\s*</p>"
)
REPORTED = re.compile(r'href="mailto:([^"]+)"')

STATES = [
    "",
    "documents/?region=shanghai&status=in-force&sort=title",
    "tracks/?field=future-energy&page=2",
    "compare/?region=beijing&region=shanghai",
    "matrix/?columns=products&rows=list",
    "search/?q=量子 robots",
    "diffusion/?product=humanoid-robots&in_force_on=2025-01-01",
    "gaps/?region=hunan",
    "timeline/?field=future-energy&scale=month",
    "changes/?kind=document",
    "regions/?q=shan",
    "documents/future-industries-opinions-2024/cascade/?relation=stated",
    "products/humanoid-robots/?shade=tier",
    "targets/opinions-2025-landmark-products/",
    "documents/future-industries-opinions-2024/",
    "coverage/",
]
ERRORS = [
    ("nowhere/", 404),
    ("documents/none-of-this-name/", 404),
    ("documents/?page=999", 404),
    ("documents/?region=atlantis", 400),
    ("matrix/?match=none", 400),
    ("gaps/?region=atlantis", 400),
    ("diffusion/?product=none", 400),
    ("compare/?region=atlantis&region=beijing", 400),
    ("timeline/?kind=none", 400),
    ("changes/?page=x", 400),
    ("documents/future-industries-opinions-2024/cascade/?relation=x", 400),
]


def query_of(address):
    return parse_qs(urlsplit(address).query)


@pytest.mark.parametrize("language", every(2, ["en", "zh-hans"]))
@pytest.mark.parametrize("path", STATES)
def test_a_page_cites_the_state_that_it_shows(visitor, language, path):
    html = visitor.get(f"/{language}/{path}").content.decode()

    [cited] = map(unescape, CITED.findall(html))
    assert urlsplit(cited).path == f"/{language}/{path.partition('?')[0]}"
    assert query_of(cited) == query_of(path)
    assert visitor.get(cited).status_code == 200
    assert f'<meta property="og:url" content="{cited.replace("&", "&amp;")}">' in html


@pytest.mark.parametrize("path", STATES[1:4])
def test_an_error_is_reported_of_the_state_that_it_was_seen_in(visitor, path):
    html = visitor.get(f"/en/{path}").content.decode()

    [reported] = set(REPORTED.findall(html))
    [body] = query_of(f"mailto:{unescape(reported)}")["body"]
    assert query_of(body) == query_of(path)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("path", "status"), ERRORS)
def test_an_error_is_no_page_to_be_cited(visitor, language, path, status):
    response = visitor.get(f"/{language}/{path}")

    assert response.status_code == status
    assert 'class="citation"' not in response.content.decode()


def test_what_was_withdrawn_is_not_cited(visitor):
    document = make_document(published=True)
    workflow.withdraw(document, user=None, note="Mistaken.")

    response = visitor.get(document.get_absolute_url())

    assert response.status_code == 410
    assert 'class="citation"' not in response.content.decode()
