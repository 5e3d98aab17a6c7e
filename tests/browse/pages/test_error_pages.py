"""Pages of errors: what they offer instead, at what cost, and what they do not claim to be."""

import re
from html import unescape

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from catalog.views.lists import TechnologyList
from futureind import views
from futureind.search import near
from futureind.search.near import meant_by
from tests.factories import make_technology

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ERRORS = {
    400: lambda request: views.bad_request(request, None),
    403: lambda request: views.permission_denied(request, None),
    404: lambda request: views.not_found(request, None),
    413: views.too_large,
    500: views.server_error,
    503: views.unavailable,
}


def read(visitor, path, status=404):
    response = visitor.get(path)
    assert response.status_code == status
    return response.content.decode()


def offered(html):
    """Return the near addresses that a page offers."""
    found = re.search(r'<ul class="near">.*?</ul>', html, re.DOTALL)
    return re.findall(r'href="([^"]+)"', found[0]) if found else []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("path", "meant"),
    [
        (
            "technologies/brain-computer-interface/",
            "technologies/brain-computer-interface-technology/",
        ),
        (
            "technologies/Brain_Computer_Interface",
            "technologies/brain-computer-interface-technology/",
        ),
        ("technology/humanoid-robot/", "technologies/humanoid-robotics/"),
        ("region/shanghia/", "regions/shanghai/"),
        ("fields/future-spce/", "fields/future-space/"),
        ("region/", "regions/"),
        ("plans/shanghai-future-industries-2023/", "documents/shanghai-future-industries-2022/"),
        (
            "documents/future-industries-opinion-2024/",
            "documents/future-industries-opinions-2024/",
        ),
        (
            "documents/future-industries-opinions-2024/cascades/",
            "documents/future-industries-opinions-2024/",
        ),
    ],
)
def test_a_near_address_is_offered(visitor, language, path, meant):
    response = visitor.get(f"/{language}/{path}", follow=True)

    assert response.status_code == 404
    assert offered(response.content.decode())[0] == f"/{language}/{meant}"


@pytest.mark.parametrize(
    "path",
    [
        "/en/poems/",
        "/en/%00/",
        "/en/" + "a" * 3000 + "/",
        "/nowhere/at/all/",
    ],
)
def test_what_is_like_nothing_is_answered_without_an_offer(visitor, path):
    html = read(visitor, path)

    assert offered(html) == []
    assert "There is no such page" in html


@pytest.mark.parametrize(
    "rest",
    ["zzzzzzzzzzzz/", "%00/", "%F0%9F%98%80/", "a" * 3000 + "/", "-" * 120 + "/", "x/" * 200],
)
def test_of_a_kind_without_anything_alike_the_list_is_offered(visitor, rest):
    assert offered(read(visitor, f"/en/technologies/{rest}")) == ["/en/technologies/"]


def test_only_what_is_public_is_offered(visitor):
    make_technology(slug="secret-thing-of-ours", name_en="Secret thing")

    assert "Secret thing" not in read(visitor, "/en/technologies/secret-thing-of-our/")


def test_it_costs_at_most_three_queries_and_compares_so_many_slugs(visitor, monkeypatch):
    monkeypatch.setattr(near, "COMPARED", 20)
    compared = []
    find = near.difflib.get_close_matches

    def watch(word, possibilities, **options):
        compared.append(len(list(possibilities)))
        return find(word, possibilities, **options)

    monkeypatch.setattr(near.difflib, "get_close_matches", watch)
    lists = [TechnologyList]
    path = "/en/technologies/brain-computer-interface/"

    with CaptureQueriesContext(connection) as queries:
        view, records = meant_by(path, lists)

    assert view is lists[0]
    assert records[0].slug == "brain-computer-interface-technology"
    assert len(queries) <= 3
    assert max(compared) <= 20


def test_it_is_said_while_the_database_is_away(visitor, monkeypatch):
    def away(*_arguments):
        raise OperationalError("the database does not answer")

    monkeypatch.setattr(near, "near_records", away)

    assert "There is no such page" in read(visitor, "/en/nowhere/")
    request = RequestFactory().get("/en/technologies/brain-computer-interface/")
    assert views.not_found(request, None, [TechnologyList]).status_code == 404


@pytest.mark.parametrize("status", ERRORS)
def test_every_page_of_an_error_can_be_searched_from_and_is_not_cited(status):
    request = RequestFactory().get("/en/technologies/no-such-thing/")
    response = ERRORS[status](request)
    html = response.content.decode()

    assert response.status_code == status
    assert 'id="site-q"' in html
    assert "Cite this page" not in html
    assert '<meta name="description"' not in html
    assert "Speculation-Rules" not in response.headers


@pytest.mark.parametrize("status", [400, 404])
def test_where_the_address_is_wrong_its_words_stand_in_a_search_box(status):
    request = RequestFactory().get("/en/technologies/no-such-thing/")
    html = unescape(ERRORS[status](request).content.decode())

    box = re.search(r'<input id="error-q"[^>]*>', html)[0]
    assert 'value="no such thing"' in box
    assert 'href="/en/documents/"' in html


def test_no_answer_of_that_kind_is_kept(visitor):
    """The page cache keeps what is found; otherwise made-up addresses would fill it."""
    response = visitor.get("/en/technologies/brain-computer-interface/")

    assert "futureind.cacheable" not in response.wsgi_request.META
