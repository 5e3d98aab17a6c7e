"""Pages about one thing stay short however much is on record, and say where all of it is."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.models import (
    Agency,
    IndustryField,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    Technology,
    Unit,
)
from catalog.promises import comparisons_of
from futureind.publishing.models.content_version import ContentVersion
from futureind.search.entries import SearchEntry
from futureind.search.index import index_for
from futureind.search.snapshots import SearchSnapshot
from regions.analysis.naming_rows import naming_of
from regions.counts import naming_counts
from regions.models import RegionalPlan, Track
from tests.browse.plain_sql import ask, count_tracks

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SUBJECTS = [
    ("technology", Technology, "quantum-technology"),
    ("technology", Technology, "robots"),
    ("technology", Technology, "artificial-intelligence"),
    ("product", SymbolicProduct, "humanoid-robots"),
    ("product", SymbolicProduct, "new-displays"),
]
REGIONS_NAMING = """
    SELECT COUNT(DISTINCT p.region_id)
    FROM regions_track{kind}mapping m
    JOIN regions_track t ON t.id = m.track_id
    JOIN regions_regionalplan p ON p.id = t.plan_id
    JOIN catalog_policydocument d ON d.id = p.document_id
    WHERE p.publication_state = 'published' AND d.publication_state = 'published'
      AND m.{kind}_id = %s {matches}
"""
COUNTED = "AND m.match IN ('exact', 'broader', 'narrower')"


def page(visitor, path):
    response = visitor.get(path)
    assert response.status_code == 200, path
    return " ".join(response.content.decode().split())


def link(html, words):
    """Return the address of the first link with these words."""
    address, *_others = re.findall(rf'<a [^>]*href="([^"]+)">{re.escape(words)}</a>', html)
    return address.replace("&amp;", "&")


def count_behind(visitor, address):
    parts = urlsplit(address)
    return visitor.get(f"{parts.path[:-1]}.json", parse_qs(parts.query)).json()["count"]


def regions_naming(kind, pk):
    sql = REGIONS_NAMING.format(kind=kind, matches="" if kind == "field" else COUNTED)
    [(number,)] = ask(sql, [pk])
    return number


@pytest.fixture(params=["index", "plain SQL"])
def answered_by(request, db):
    """The index of the search, or plain queries where there is none."""
    if request.param == "plain SQL":
        SearchEntry.objects.all().delete()
        SearchSnapshot.objects.all().delete()
        ContentVersion.raise_number()
        assert index_for("track") is None


@pytest.mark.parametrize(("kind", "model", "slug"), SUBJECTS)
def test_the_numbers_of_a_page_are_those_of_plain_sql(answered_by, kind, model, slug):
    record = model.objects.get(slug=slug)
    found = naming_of(kind, record)
    state, alone = {kind: [slug]}, {"technology"}

    assert len(found.counted) == count_tracks(state, alone)
    assert found.exact == count_tracks({**state, "match": ["exact"]}, alone)
    assert len(found.related) == count_tracks({**state, "match": ["related"]}, alone)
    assert found.regions == regions_naming(kind, record.pk)
    assert len(found.counted.rows) == len(found.counted)


@pytest.mark.parametrize(
    ("kind", "model"),
    [("field", IndustryField), ("product", SymbolicProduct), ("technology", Technology)],
)
def test_the_numbers_beside_names_are_those_of_plain_sql(answered_by, kind, model):
    numbers = naming_counts(kind)

    for record in list(model.objects.public())[::3]:
        assert numbers[record.pk] == {
            "tracks": count_tracks({kind: [record.slug]}, {"technology"}),
            "regions": regions_naming(kind, record.pk),
        }


@pytest.mark.parametrize(("kind", "_model", "slug"), SUBJECTS[:1] + SUBJECTS[3:4])
def test_a_long_table_of_namings_ends_with_the_way_to_all(visitor, monkeypatch, kind, _model, slug):
    monkeypatch.setattr("regions.analysis.naming_rows.ROWS_SHOWN", 3)
    number = count_tracks({kind: [slug]}, {"technology"})
    folder = {"technology": "technologies", "product": "products"}[kind]
    html = page(visitor, f"/en/{folder}/{slug}/")

    assert f"The 3 of the newest plans, of {number}." in html
    assert count_behind(visitor, link(html, "All in the list of tracks")) == number


def test_a_region_shows_its_newest_plans_and_the_way_to_all(visitor, monkeypatch):
    monkeypatch.setattr("regions.views.PLANS_SHOWN", 4)
    beijing = Region.objects.get(slug="beijing")
    plans = RegionalPlan.objects.public().filter(region=beijing)
    html = page(visitor, "/en/regions/beijing/")

    assert f"The newest 4 of {len(plans)} stand here." in html
    shown = re.findall(r'<section id="plan-([^"]+)"', html)
    dated = plans.filter(document__date__isnull=False)
    newest = sorted(dated, key=lambda plan: plan.document.date, reverse=True)[:4]
    assert set(shown) == {plan.slug for plan in newest}
    assert [RegionalPlan.objects.get(slug=slug).document.date for slug in shown] == sorted(
        plan.document.date for plan in newest
    )
    assert count_behind(visitor, link(html, "All in the list of plans")) == len(plans)
    tracks = Track.objects.public().filter(plan__region=beijing).count()
    assert f"{tracks} tracks" in html


def test_a_region_with_few_plans_shows_every_track(visitor):
    html = page(visitor, "/en/regions/shanghai/")

    assert "stand here." not in html
    for track in Track.objects.public().filter(plan__region__slug="shanghai"):
        assert f'href="{track.get_absolute_url()}"' in html


def test_a_field_shows_some_tracks_of_each_region_and_how_many_there_are(visitor, monkeypatch):
    monkeypatch.setattr("regions.analysis.naming_rows.OF_REGION_SHOWN", 2)
    html = page(visitor, "/en/fields/future-information/")
    number = count_tracks({"field": ["future-information"], "region": ["shanghai"]}, {"region"})

    [row] = re.findall(r'<dt>\s*<a href="/en/regions/shanghai/">.*?</dd>', html)
    assert f">{number}</span>" in row
    assert len(re.findall(r'href="/en/tracks/[^"?]+"', row)) == 2
    assert count_behind(visitor, link(row, f"all {number} tracks")) == number


def test_documents_and_targets_are_cut_with_the_way_to_all(visitor, monkeypatch):
    monkeypatch.setattr("catalog.excerpts.SHOWN", 2)
    agency = Agency.objects.get(slug="miit")
    issued = PolicyDocument.objects.public().filter(issuer_rows__agency=agency).count()
    html = page(visitor, "/en/agencies/miit/")
    assert f"The first 2 of {issued}." in html
    assert count_behind(visitor, link(html, "All in the list of documents")) == issued

    html = page(visitor, "/en/products/humanoid-robots/")
    targets = Target.objects.public().filter(product_mappings__product__slug="humanoid-robots")
    assert f"The first 2 of {targets.count()}." in html
    assert count_behind(visitor, link(html, "All in the list of targets")) == targets.count()

    html = page(visitor, "/en/regions/beijing/")
    targets = Target.objects.public().filter(document__region__slug="beijing")
    assert count_behind(visitor, link(html, "All in the list of targets")) == targets.count()
    for target in targets[:2]:
        assert f'href="{target.get_absolute_url()}"' in html


@pytest.mark.parametrize("path", ["regions/jiangsu/", "technologies/artificial-intelligence/"])
def test_what_a_page_counts_is_what_its_list_holds(visitor, monkeypatch, path):
    monkeypatch.setattr("catalog.excerpts.SHOWN", 1)
    html = page(visitor, f"/en/{path}")

    found = re.findall(r'The first 1 of (\d+)\. <a href="([^"]+)">All in the list of (\w+)<', html)
    assert "targets" in [kind for _number, _address, kind in found]
    for number, address, kind in found:
        # What is left out of "Other documents" stands among the plans of the region.
        if (path, kind) != ("regions/jiangsu/", "documents"):
            assert count_behind(visitor, address.replace("&amp;", "&")) == int(number)


def test_any_number_of_metrics_can_be_compared():
    unit = Unit.objects.first()
    many = [Target(metric_zh=f"指标{n}", unit=unit, value=1) for n in range(1500)]

    assert comparisons_of(many) == []
