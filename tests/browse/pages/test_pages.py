"""Every kind of page: its languages and headers, and what never stands on one."""

import re

import pytest
from django.conf import settings
from django.utils import translation

from catalog.models import (
    Milestone,
    PolicyDocument,
)
from futureind.publishing import workflow
from tests.browse.pages.reading import KINDS, LANGUAGES, OPINIONS, head, read
from tests.chance import every
from tests.factories import (
    make_document,
    make_plan,
    make_region,
    make_target,
    make_track,
)

pytestmark = pytest.mark.one_database

TEXTS = ["", "methodology/", "coverage/", "accessibility/", "search/", "search/?q=quantum"]


# Every address


@pytest.mark.django_db
@pytest.mark.parametrize("language", every(2, LANGUAGES))
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_and_its_records_answer_in_both_languages(visitor, kind, language):
    records = list(KINDS[kind].objects.public().order_by("slug"))
    some = records[:: max(1, len(records) // 6)]
    with translation.override(LANGUAGES[language]):
        paths = [f"/{language}/{kind}/", *(record.get_absolute_url() for record in some)]

    pages = {path: read(visitor, path) for path in paths}

    assert len(some) >= 6
    assert len({head(html, "<title>(.*?)</title>")[0] for html in pages.values()}) == len(pages)
    for html in pages.values():
        assert f'<html lang="{LANGUAGES[language]}">' in html
        assert html.count("<h1") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", every(2, LANGUAGES))
@pytest.mark.parametrize("path", [*TEXTS, *(f"{kind}/" for kind in KINDS), OPINIONS])
def test_a_page_names_itself_and_its_twin(visitor, path, language):
    html = read(visitor, f"/{language}/{path}")
    site = settings.SITE_URL
    query = path.partition("?")[2]
    suffix = f"?{query}" if query and not path.startswith("search") else ""
    bare = path.partition("?")[0]

    [canonical] = head(html, 'rel="canonical" href="([^"]*)"')
    twins = dict(head(html, 'rel="alternate" hreflang="([^"]+)" href="([^"]*)"'))
    assert canonical.startswith(f"{site}/{language}/{bare}{suffix}")
    assert twins["en"].startswith(f"{site}/en/{bare}")
    assert twins["zh-Hans"].startswith(f"{site}/zh-hans/{bare}")
    assert twins["x-default"].startswith(f"{site}/{bare}")
    other = "zh-hans" if language == "en" else "en"
    assert f'href="/{other}/{path}"' in html.replace("&amp;", "&")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/en/",
        "/zh-hans/documents/",
        "/en/documents/?region=beijing",
        "/en/documents/?region=atlantis",
        "/en/technologies/",
        "/en/search/?q=quantum",
        f"/en/{OPINIONS}",
        "/en/coverage/",
        "/en/documents/no-such-document/",
        "/",
        "/robots.txt",
        "/sitemap.xml",
        "/sitemap-documents.xml",
    ],
)
def test_public_pages_are_the_same_for_everybody_and_protected(visitor, path):
    response = visitor.get(path)

    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in response.headers["Permissions-Policy"]


# Languages


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "home"),
    [
        ("en", "/en/"),
        ("en-GB,en;q=0.9", "/en/"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "/zh-hans/"),
        ("zh", "/zh-hans/"),
        ("zh-Hans", "/zh-hans/"),
        ("zh-TW", "/zh-hans/"),
        ("de,zh;q=0.5,en;q=0.3", "/zh-hans/"),
        ("de-AT", "/en/"),
        ("*", "/en/"),
        ("", "/en/"),
        ("%%%;q=x", "/en/"),
    ],
)
def test_the_bare_address_leads_to_the_readers_language(visitor, wanted, home):
    response = visitor.get("/", headers={"accept-language": wanted})

    assert (response.status_code, response["Location"]) == (302, home)
    assert response["Vary"] == "Accept-Language"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["documents/?region=beijing&sort=issued&page=1", "search/?q=%E9%87%8F%E5%AD%90", OPINIONS],
)
def test_the_language_switch_keeps_the_place(visitor, path):
    html = read(visitor, f"/en/{path}")

    [twin] = re.findall(r'<a class="twin" href="([^"]*)" lang="zh-Hans" hreflang="zh-Hans"', html)
    assert twin.replace("&amp;", "&") == f"/zh-hans/{path}"
    back = read(visitor, twin.replace("&amp;", "&"))
    [twin] = re.findall(r'<a class="twin" href="([^"]*)" lang="en" hreflang="en"', back)
    assert twin.replace("&amp;", "&") == f"/en/{path}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "words"),
    [("/en/documents/", "Policy documents"), ("/zh-hans/documents/", "政策文件")],
)
def test_an_address_decides_about_the_language_whatever_the_browser_asks(visitor, path, words):
    for wanted in ("en", "zh-CN"):
        html = visitor.get(path, headers={"accept-language": wanted}).content.decode()
        assert f"<h1>{words}</h1>" in html


# What is not public

DRAFTS = [PolicyDocument, Milestone]


@pytest.mark.django_db
@pytest.mark.parametrize("model", DRAFTS)
def test_drafts_have_no_page(visitor, model):
    drafts = model.objects.exclude(publication_state="published")

    addresses = [draft.get_absolute_url() for draft in drafts]

    assert len(addresses) >= 3
    assert {visitor.get(address).status_code for address in addresses} == {404}
    twins = [address.replace("/en/", "/zh-hans/") for address in addresses]
    assert {visitor.get(address).status_code for address in twins} == {404}


@pytest.mark.django_db
def test_a_draft_is_named_on_no_page_that_it_is_tied_to(visitor):
    region = make_region(published=True)
    public = make_document(published=True, region=region)
    draft = make_document(title_en="Hidden draft", title_zh="未公开草稿", region=region)
    make_target(document=public, statement_en="Hidden target", statement_zh="未公开目标")
    plan = make_plan(region=region, document=draft, published=False)
    make_track(plan=plan, name_en="Hidden track", name_zh="未公开赛道")
    draft.relations_from.create(to_document=public, type="implements")
    public.relations_from.create(to_document=draft, type="cites")

    for path in ("", "documents/", "plans/", "tracks/", "targets/", f"regions/{region.slug}/",
                 f"documents/{public.slug}/", "search/?q=hidden"):  # fmt: skip
        for language in LANGUAGES:
            html = read(visitor, f"/{language}/{path}").replace('value="hidden"', "")
            assert "Hidden" not in html
            assert "未公开" not in html


@pytest.mark.django_db
def test_editors_see_no_more_on_public_pages_than_visitors(editor_client):
    draft = make_document()

    assert editor_client.get(draft.get_absolute_url()).status_code == 404


# Addresses that were given up


@pytest.mark.django_db
def test_a_former_address_leads_on_for_good(visitor, django_user_model):
    user = django_user_model.objects.get(username="administrator")
    document = PolicyDocument.objects.get(slug="hangzhou-future-industries-2025-2026")
    workflow.rename(document, "hangzhou-plan", user=user)
    workflow.rename(document, "hangzhou-action-plan", user=user)

    for former in ("hangzhou-future-industries-2025-2026", "hangzhou-plan"):
        for language in LANGUAGES:
            response = visitor.get(f"/{language}/documents/{former}/")
            assert response.status_code == 301
            assert response["Location"] == f"/{language}/documents/hangzhou-action-plan/"
    workflow.withdraw(document, user=user, note="Entered twice.")
    response = visitor.get("/en/documents/hangzhou-plan/", follow=True)
    assert response.redirect_chain == [("/en/documents/hangzhou-action-plan/", 301)]
    assert response.status_code == 410
