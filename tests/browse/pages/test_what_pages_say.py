"""What pages say of documents, plans, regions and of what is still to be checked."""

import json
import re
from collections import Counter
from datetime import date
from html import unescape

import pytest
from django.utils import timezone

from catalog.models import (
    Indicator,
    IndustryField,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
)
from futureind.publishing.evidence import EvidenceGrade, evidence_grade
from regions.models import TIER_ORDER, CoverageCheck, RegionalPlan, Track, TrackProductMapping
from tests.browse.list_page import read_list, text_of
from tests.browse.pages.reading import LANGUAGES, OPINIONS, head, read
from tests.browse.plain_sql import who_names
from tests.chance import every
from tests.factories import (
    make_document,
    make_region,
    make_source,
)

pytestmark = pytest.mark.one_database


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

    assert "or they are not entered yet" in read(visitor, f"/en/documents/{plan.document.slug}/")
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
