"""What is answered to errors, to machines and to requests that are none for a page."""

import re

import pytest
from django.conf import settings
from django.db.models import Max
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.timezone import localtime

from catalog.models import (
    PolicyDocument,
)
from futureind.exchange.files.reading import MEGABYTE, MOST_BYTES
from futureind.sitemaps import BilingualSitemap
from futureind.urls import SITEMAPS
from futureind.views import server_error
from regions.analysis.cascade import with_cascade
from regions.models import RegionalPlan, Track
from tests.browse.pages.reading import KINDS, LANGUAGES, OPINIONS, read

pytestmark = pytest.mark.one_database


# Errors


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["nothing/", "documents/nothing/", "tracks/nothing/"])
def test_a_missing_page_says_so_in_its_language(visitor, path, language):
    html = read(visitor, f"/{language}/{path}", status=404)

    assert f'<html lang="{LANGUAGES[language]}">' in html
    with translation.override(language):
        assert f"<h1>{translation.gettext('There is no such page')}</h1>" in html
    assert f'href="/{language}/documents/"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_for_another_host_is_refused_in_its_language(visitor, language):
    html = visitor.get(f"/{language}/", headers={"host": "elsewhere.example"})

    assert html.status_code == 400
    with translation.override(language):
        heading = translation.gettext("This request could not be read")
    assert f"<h1>{heading}</h1>" in html.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_account_may_not_do_is_said_in_words(editor_client, language):
    document = PolicyDocument.objects.public().first()
    editor_client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    response = editor_client.get(f"/admin/catalog/policydocument/{document.pk}/withdraw/")

    assert response.status_code == 403
    with translation.override(language):
        heading = translation.gettext("This page is not open to you")
    assert f"<h1>{heading}</h1>" in response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_is_told_without_asking_the_database(language):
    # Not marked for the database: any query would fail the test.
    request = RequestFactory().get(f"/{language}/documents/")

    with translation.override(language):
        response = server_error(request)
        heading = translation.gettext("Something broke on our side")

    assert response.status_code == 500
    assert f"<h1>{heading}</h1>" in response.content.decode()
    assert f'<html lang="{LANGUAGES[language]}">' in response.content.decode()


def test_a_view_that_fails_gives_that_page():
    # Without the database every list fails: pytest refuses the connection.
    client = Client(raise_request_exception=False)

    response = client.get("/en/documents/")

    assert response.status_code == 500
    assert "<h1>Something broke on our side</h1>" in response.content.decode()


class Unread:
    """What a client sends; whoever reads it fails."""

    def read(self, *size):
        raise AssertionError("It was read.")

    readline = read


def send_unread(path, language, length, **headers):
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    environ = {"wsgi.input": Unread(), "CONTENT_LENGTH": length, **headers}
    return client.post(path, {"file": "x"}, **environ)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/admin/login/", "/admin/exchange/import/add/", "/i18n/setlang/"])
def test_what_is_too_large_is_refused_unread(path, language):
    # Not marked for the database either: it must cost nothing.
    response = send_unread(path, language, str(settings.MOST_BYTES_SENT + 1))

    assert response.status_code == 413
    with translation.override(language):
        heading = translation.gettext("This is too large")
    assert f"<h1>{heading}</h1>" in response.content.decode()
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("length", ["", "much"])
def test_of_what_comes_without_a_length_nothing_is_read(length):
    response = send_unread("/admin/login/", "en", length, HTTP_TRANSFER_ENCODING="chunked")

    assert response.status_code == 403


def test_the_largest_file_to_import_may_be_sent_with_its_form():
    assert MOST_BYTES + MEGABYTE <= settings.MOST_BYTES_SENT


# For machines


@pytest.mark.django_db
def test_the_sitemap_names_every_public_page_in_both_languages_and_nothing_else(visitor):
    index = re.findall("<loc>(.*?)</loc>", read(visitor, "/sitemap.xml"))
    xml = "".join(read(visitor, address) for address in index)
    found = re.findall("<loc>(.*?)</loc>", xml)

    wanted = {"", "methodology/", "coverage/", "accessibility/", *(f"{kind}/" for kind in KINDS)}
    # Of a text and its plans there is one page.
    for kind, model in KINDS.items() - {("plans", RegionalPlan)}:
        wanted |= {
            f"{kind}/{slug}/" for slug in model.objects.public().values_list("slug", flat=True)
        }
    wanted |= {f"documents/{document.slug}/cascade/" for document in with_cascade()}
    pages = {re.sub(r"^https?://[^/]+", "", address) for address in found}
    assert len(found) == len(pages)
    both = {f"/{language}/{page}" for page in wanted for language in LANGUAGES}
    assert both - pages == set()
    lists_of_records = {page for page in pages - both if page.count("/") > 3}
    assert lists_of_records == set()
    assert [page for page in pages if re.search("/plans/.", page)] == []
    assert 'hreflang="zh-hans"' in xml.lower()


@pytest.mark.django_db
def test_the_sitemap_goes_on_where_a_section_is_full(visitor, monkeypatch):
    whole = read(visitor, "/sitemap-regions.xml")
    monkeypatch.setattr(BilingualSitemap, "limit", 20)

    index = re.findall("<loc>(.*?)</loc>", read(visitor, "/sitemap.xml"))
    pages = [address for address in index if "sitemap-regions.xml" in address]
    some = [re.findall("<loc>(.*?)</loc>", read(visitor, address)) for address in pages]

    assert len(pages) == -(-len(re.findall("<loc>", whole)) // 20) > 2
    assert {len(found) for found in some[:-1]} == {20}
    assert [address for found in some for address in found] == re.findall("<loc>(.*?)</loc>", whole)
    assert visitor.get(f"/sitemap-regions.xml?p={len(pages) + 1}").status_code == 404


@pytest.mark.django_db
def test_the_sitemap_names_the_last_change_without_reading_the_records(
    visitor, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2 * len(SITEMAPS)):
        response = visitor.get("/sitemap.xml")

    assert response["Cache-Control"] == "public, max-age=3600"
    last = Track.objects.public().aggregate(last=Max("plan__changed_at"))["last"]
    tracks = response.content.decode().partition("sitemap-tracks.xml</loc>")[2]
    assert tracks.startswith(f"<lastmod>{localtime(last).isoformat()}</lastmod>")
    assert visitor.get("/sitemap-tracks.xml")["Cache-Control"] == "public, max-age=3600"
    assert visitor.get("/sitemap-poems.xml").status_code == 404


@pytest.mark.django_db
def test_robots_are_kept_out_of_the_admin_and_shown_the_sitemap(visitor):
    response = visitor.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize(
    "path", ["/en/documents/", f"/en/{OPINIONS}", "/en/search/", "/en/regions/"]
)
def test_public_pages_are_only_read(visitor, path, method):
    assert getattr(visitor, method)(path).status_code in {403, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/", "/en/documents/", f"/en/{OPINIONS}"])
def test_a_page_can_be_asked_for_its_head(visitor, path):
    response = visitor.head(path)

    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.django_db
def test_an_address_without_its_last_slash_is_led_on(visitor):
    response = visitor.get("/en/documents?region=beijing")

    assert (response.status_code, response["Location"]) == (301, "/en/documents/?region=beijing")


@pytest.mark.django_db
def test_the_home_page_asks_the_database_little(visitor, django_assert_max_num_queries):
    # What is counted over all records is counted once for each state of the content.
    visitor.get("/en/")

    with django_assert_max_num_queries(5):
        visitor.get("/en/")
