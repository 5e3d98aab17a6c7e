"""Every kind of page: what it says, in which language, with which headers."""

import json
import re
from collections import Counter
from datetime import date
from html import unescape

import pytest
from django.conf import settings
from django.db.models import Max
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.utils.timezone import localtime

from catalog.models import (
    Agency,
    GlossaryTerm,
    Indicator,
    IndustryField,
    Milestone,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    Technology,
)
from futureind.exchange.files.reading import MEGABYTE, MOST_BYTES
from futureind.publishing import workflow
from futureind.publishing.evidence import EvidenceGrade, evidence_grade
from futureind.sitemaps import BilingualSitemap
from futureind.urls import SITEMAPS
from futureind.views import server_error
from regions.analysis.cascade import with_cascade
from regions.models import TIER_ORDER, CoverageCheck, RegionalPlan, Track, TrackProductMapping
from tests.browse.list_reference import one_line, read_list
from tests.browse.plain_sql import who_names
from tests.chance import every
from tests.factories import (
    make_document,
    make_plan,
    make_region,
    make_source,
    make_target,
    make_track,
)

pytestmark = pytest.mark.one_database

KINDS = {
    "documents": PolicyDocument,
    "plans": RegionalPlan,
    "tracks": Track,
    "targets": Target,
    "milestones": Milestone,
    "indicators": Indicator,
    "regions": Region,
    "fields": IndustryField,
    "technologies": Technology,
    "products": SymbolicProduct,
    "agencies": Agency,
    "glossary": GlossaryTerm,
}
TEXTS = ["", "methodology/", "coverage/", "accessibility/", "search/", "search/?q=quantum"]
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
OPINIONS = "documents/future-industries-opinions-2024/"


def text_of(html):
    """Return what a reader reads: no tags, single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def read(client, path, *, status=200):
    response = client.get(path)
    assert response.status_code == status
    return one_line(response.content.decode())


def head(html, pattern):
    return re.findall(pattern, html.partition("</head>")[0])


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


# Documents


@pytest.mark.django_db
def test_a_document_page_begins_with_the_way_to_the_official_text(visitor):
    found = PolicyDocument.objects.public().exclude(official_url="").first()
    html = read(visitor, f"/en/documents/{found.slug}/")
    assert f'<a class="button" href="{found.official_url}"' in html
    assert "Read the official text" in html

    missing = PolicyDocument.objects.public().filter(official_url="").first()
    html = read(visitor, f"/en/documents/{missing.slug}/")
    after_heading = html.partition("</header>")[2].partition("<article")[2]
    assert "Official text not found" in after_heading
    chinese = read(visitor, f"/zh-hans/documents/{missing.slug}/")
    assert "Official text not found" not in chinese


@pytest.mark.django_db
def test_the_days_between_two_documents_stand_beside_their_relation(visitor):
    html = read(visitor, "/en/documents/hangzhou-future-industries-2025-2026/")
    rows = [text_of(row) for row in re.findall(r"<li>.*?</li>", html, re.DOTALL)]

    [row] = [row for row in rows if row.startswith("implements") and " 336 days " in row]
    assert "2024-01-18" in row
    other = read(visitor, f"/en/{OPINIONS}").partition('id="answers"')[2].partition("</table>")[0]
    rows = [text_of(row) for row in re.findall(r"<tr>.*?</tr>", other, re.DOTALL)]
    assert [row for row in rows if row.startswith("2024-12-30") and " 336 " in row] != []
    assert (date(2024, 12, 30) - date(2024, 1, 29)).days == 336


@pytest.mark.django_db
def test_a_document_describes_itself_to_machines(visitor):
    html = read(visitor, f"/en/{OPINIONS}")

    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data = json.loads(script)
    assert data["@type"] == "Legislation"
    assert data["legislationIdentifier"] == "工信部联科〔2024〕12号"
    assert data["legislationDate"] == "2024-01-18"
    assert data["datePublished"] == "2024-01-29"
    assert data["url"].endswith(f"/en/{OPINIONS}")


@pytest.mark.django_db
def test_no_title_can_break_out_of_what_machines_read(visitor):
    title = 'Plan </script><script>alert("1")</script> & more'
    document = make_document(published=True, title_en=title)

    html = read(visitor, f"/en/documents/{document.slug}/")

    assert "<script>alert" not in html
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(script)["name"] == title


@pytest.mark.django_db
def test_an_address_for_editors_only_is_never_shown(visitor):
    source = make_source(evidence_url="https://mirror.example/secret")
    document = make_document(published=True, sources=[source])

    for language in LANGUAGES:
        assert "mirror.example" not in read(visitor, f"/{language}/documents/{document.slug}/")


# What is still to be checked


@pytest.mark.django_db
def test_recalled_tracks_are_shown_and_marked(visitor):
    plan = RegionalPlan.objects.get(slug="beijing-future-industries-2023")
    recalled = plan.tracks.filter(confidence="recalled")
    verified = plan.tracks.filter(confidence="verified")

    html = read(visitor, f"/en/documents/{plan.document.slug}/")

    for track in recalled:
        row = html.partition(f"/tracks/{track.slug}/")[2].partition("</td>")[0]
        assert "not yet read" in row
    for track in verified:
        row = html.partition(f"/tracks/{track.slug}/")[2].partition("</td>")[0]
        assert "not yet read" not in row
    assert len(recalled) == 10
    page = read(visitor, f"/en/tracks/{recalled[0].slug}/")
    assert "not yet read" in page
    assert "no source yet" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("en/agencies/central-military-commission/", "not yet read"),
        ("zh-hans/agencies/central-military-commission/", "尚未查阅"),
        ("en/documents/yancheng-embodied-2025-2027/", "not yet read"),
        ("zh-hans/documents/yancheng-embodied-2025-2027/", "尚未查阅"),
        ("en/fields/future-energy/", "not yet read"),
        ("en/regions/beijing/", "not yet read"),
    ],
)
def test_what_nobody_has_read_yet_is_marked(visitor, path, mark):
    assert mark in read(visitor, f"/{path}").partition("<main")[2].partition("</main>")[0]


@pytest.mark.django_db
def test_a_document_page_says_once_that_nobody_read_any_of_its_tracks(visitor):
    slug = "shenzhen-20-8-scheme-2024"
    html = read(visitor, f"/en/documents/{slug}/")
    number = Track.objects.filter(plan__slug=slug, confidence="recalled").count()

    assert number == Track.objects.filter(plan__slug=slug).count() > 3
    tally = html.partition("Evidence of these tracks")[2].partition("</p>")[0]
    assert f"Not yet read {number}" in text_of(tally)
    for track in Track.objects.filter(plan__slug=slug):
        after = html.partition(f'/tracks/{track.slug}/">')[2].partition("</td>")[0]
        assert "†" not in after, track.slug


# Plans and tracks


@pytest.mark.django_db
@pytest.mark.parametrize(
    "slug",
    ["beijing-future-industries-2023", "jiangsu-future-industries-2023",
     "zhejiang-future-industries-2023", "shenzhen-future-industries-2022",
     "shanghai-future-industries-2022"],
)  # fmt: skip
def test_a_plan_shows_its_tracks_by_tier_in_its_own_order(visitor, slug):
    html = read(visitor, f"/en/documents/{slug}/").partition("<main")[2]
    tracks = list(Track.objects.filter(plan__slug=slug))
    tops = [track for track in tracks if track.parent_id is None]

    shown = list(dict.fromkeys(re.findall(r'href="/en/tracks/([^"/?]+)/"', html)))

    tiers = [
        next(t.tier for t in tops if t.slug == s) for s in shown if s in {t.slug for t in tops}
    ]
    assert set(shown) >= {track.slug for track in tracks}
    assert tiers == sorted(tiers, key=TIER_ORDER.index)
    for track in tops:
        below = [child.slug for child in tracks if child.parent_id == track.pk]
        place = shown.index(track.slug) + 1
        assert set(shown[place : place + len(below)]) == set(below)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "name_en"), ("zh-hans", "name_zh")])
def test_a_plan_names_all_its_tracks_in_the_readers_language(visitor, language, words):
    slug = "zhejiang-future-industries-2023"
    text = text_of(read(visitor, f"/{language}/documents/{slug}/"))

    for track in Track.objects.filter(plan__slug=slug):
        assert getattr(track, words) in text.replace("&amp;", "&").replace("&#x27;", "'")


@pytest.mark.django_db
def test_the_title_of_a_track_names_its_plan(visitor):
    track = Track.objects.get(slug="jiangsu-future-industries-2023--quantum")

    [title] = head(read(visitor, f"/en/tracks/{track.slug}/"), "<title>(.*?)</title>")

    assert title.startswith(track.name_en)
    assert track.plan.document.title_en in title.replace("&#x27;", "'")


@pytest.mark.django_db
def test_a_plan_without_tracks_on_record_says_so(visitor):
    plan = RegionalPlan.objects.filter(tracks=None).first()

    assert "not on record yet" in read(visitor, f"/en/documents/{plan.document.slug}/")
    assert "tracks not recorded" in read_list(visitor, "plans", f"region={plan.region.slug}").html


@pytest.mark.django_db
def test_a_target_without_a_check_says_so_and_is_not_called_missed(visitor):
    html = read(visitor, "/en/targets/opinions-2025-landmark-products/")

    assert "No check recorded." in html
    assert "missed" not in html.partition("<main")[2]


# Home, regions, coverage


@pytest.mark.django_db
def test_the_home_page_counts_what_the_lists_hold(visitor):
    html = read(visitor, "/en/")
    text = text_of(html)

    everything = read_list(visitor, "documents").count
    assert f"All {everything} documents" in text
    for address, number in re.findall(
        r'href="/en/targets/\?([^"]+)">\s*(?:All )?(\d+) (?:that fall|earlier)', html
    ):
        assert read_list(visitor, "targets", unescape(address)).count == int(number)
    [count] = re.findall(r"Falls due by 20\d\d-12-31 (\d+)", text)
    assert f"All {count} that fall due" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "model", "number"),
    every(2, [("products", SymbolicProduct, 10), ("fields", IndustryField, 6)]),
)
def test_a_row_of_the_home_page_counts_who_names_it(visitor, kind, model, number):
    html = " ".join(read(visitor, "/en/").partition('id="fields"')[2].split())
    rows = re.findall(
        rf'href="/en/{kind}/([^"/]+)/".*?figure named">(\d+)<.*?in-force">(\d+)<', html
    )

    assert len(rows) == model.objects.public().count() == number
    assert [int(named) for _slug, named, _n in rows] == sorted(
        (int(named) for _slug, named, _n in rows), reverse=True
    )
    for slug, named, in_force in rows:
        today = timezone.localdate().isoformat()
        assert len(who_names(kind.removesuffix("s"), slug)) == int(named)
        assert len(who_names(kind.removesuffix("s"), slug, day=today)) == int(in_force)


@pytest.mark.django_db
def test_the_map_says_of_each_province_what_is_known(visitor):
    html = read(visitor, "/en/").partition('class="tiles"')[2].partition("</ol>")[0]
    tiles = re.findall(
        r'href="/en/regions/([^"/]+)/".*?class="away">(.*?)</span>\s*<', html, re.DOTALL
    )

    assert len(tiles) == 34
    for slug, words in tiles:
        words = text_of(words)
        if read_list(visitor, "tracks", {"region": slug}).count:
            assert re.search(r"\d+ technolog(y|ies) in plans in force|no plan in force", words)
            continue
        checks = CoverageCheck.objects.filter(region__slug=slug)
        if RegionalPlan.objects.public().filter(region__slug=slug).exists():
            assert "plan found, tracks not recorded" in words
        elif not checks:
            assert "not searched" in words
        elif checks.filter(outcome="none-found"):
            assert "no plan found (checked on 20" in words
    assert "no plan found (checked on" in html


@pytest.mark.django_db
def test_the_map_names_every_province_in_full(visitor):
    for language in ("en", "zh-hans"):
        html = read(visitor, f"/{language}/").partition('class="tiles"')[2].partition("</ol>")[0]
        names = [n.replace("\u00ad", "") for n in re.findall(r'class="name"[^>]*>([^<]+)<', html)]
        regions = Region.objects.public().exclude(tile_row=None)
        column = "name_en" if language == "en" else "short_name_zh"
        assert sorted(names) == sorted(regions.values_list(column, flat=True))


@pytest.mark.django_db
def test_a_region_where_nobody_looked_and_one_without_a_find_are_told_apart(visitor):
    unknown = make_region(published=True, tile_row=50, tile_column=50)
    empty = make_region(published=True, tile_row=51, tile_column=50)
    CoverageCheck.objects.create(
        publication_state="published",
        region=empty,
        checked_on=date(2026, 1, 5),
        outcome="none-found",
        queries="未来产业",
    )

    assert "Not searched yet." in read(visitor, f"/en/regions/{unknown.slug}/")
    assert "No plan found as of 2026-01-05." in read(visitor, f"/en/regions/{empty.slug}/")
    coverage = read(visitor, "/en/coverage/")
    for region, words in ((unknown, "not searched"), (empty, "2026-01-05")):
        row = coverage.partition(f"/regions/{region.slug}/")[2].partition("</tr>")[0]
        assert words in text_of(row)


@pytest.mark.django_db
def test_the_coverage_page_counts_what_has_evidence(visitor):
    html = read(visitor, "/en/coverage/")
    rows = [text_of(row).split() for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL)]

    numbers = {row[0]: row[1:] for row in rows if row[0] in ("Tracks", "Targets")}
    for name, model in (("Tracks", Track), ("Targets", Target)):
        claims = model.objects.public()
        grades = Counter(map(evidence_grade, claims))
        located = sum(1 for claim in claims if claim.locator)
        quoted = sum(1 for claim in claims if claim.quotation)
        linked = claims.filter(sources__url__gt="").distinct().count()
        counted = [grades[grade] for grade in EvidenceGrade]
        wanted = [len(claims), *counted, quoted, located, linked]
        assert numbers[name] == list(map(str, wanted))


@pytest.mark.django_db
def test_a_product_lists_related_tracks_apart(visitor):
    html = read(visitor, "/en/products/humanoid-robots/")

    rows = TrackProductMapping.objects.filter(
        track__in=Track.objects.public(), product__slug="humanoid-robots"
    )
    related = rows.filter(match="related").count()
    counted = rows.exclude(match="related").count()
    assert related
    assert counted
    assert f"{related} merely related tracks; such wordings do not count" in html
    assert f">{counted} tracks</a>" in html
    assert 'href="/en/tracks/?product=humanoid-robots"' in html


@pytest.mark.django_db
def test_points_of_an_indicator_that_wait_for_a_check_are_counted_and_not_shown(visitor):
    indicator = Indicator.objects.public().filter(points__confidence="recalled").first()
    held_back = indicator.points.filter(confidence="recalled").count()

    html = read(visitor, f"/en/indicators/{indicator.slug}/")

    assert f"{held_back} further point" in html
    rows = html.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")
    assert rows == indicator.points.public().count()


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
