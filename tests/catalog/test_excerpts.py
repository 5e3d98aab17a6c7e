"""Pages about one thing stay short however much is on record, and say where all of it is."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

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
from futureind.publishing import history
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action
from futureind.search.entries import SearchEntry
from futureind.search.index import index_for
from futureind.search.snapshots import SearchSnapshot
from regions.analysis.naming_rows import ROWS_SHOWN, naming_rows
from regions.models import RegionalPlan, Track
from regions.naming import OnRecord, namings
from tests.browse.plain_sql import count_tracks, who_names
from tests.factories import make_plan, make_technology, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SUBJECTS = [
    ("technology", Technology, "quantum-technology"),
    ("technology", Technology, "robots"),
    ("technology", Technology, "artificial-intelligence"),
    ("product", SymbolicProduct, "humanoid-robots"),
    ("product", SymbolicProduct, "new-displays"),
]


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
    record, today = model.objects.get(slug=slug), timezone.localdate().isoformat()
    found = OnRecord().naming(kind, slug)

    regions = who_names(kind, slug)
    assert {Region.objects.get(pk=pk).slug: n for pk, n in found.by_region.items()} == regions
    assert found.regions == len(regions)
    assert found.in_force == len(who_names(kind, slug, day=today))
    assert found.dated == len(who_names(kind, slug, dated=True))
    for rows, number, matches in [
        (naming_rows(kind, record), found.tracks, []),
        (naming_rows(kind, record, ["exact"]), found.exact, ["exact"]),
        (naming_rows(kind, record, ["related"]), None, ["related"]),
    ]:
        counted = count_tracks({kind: [slug]} | ({"match": matches} if matches else {}))
        assert len(rows) == counted
        assert number in (None, counted)
        assert len(rows.rows) == min(counted, ROWS_SHOWN)


@pytest.mark.parametrize(
    ("kind", "model"),
    [("field", IndustryField), ("product", SymbolicProduct), ("technology", Technology)],
)
def test_the_numbers_beside_names_are_those_of_plain_sql(answered_by, kind, model):
    numbers = namings(kind)

    for record in list(model.objects.public())[::3]:
        found = numbers[record.pk]
        assert found.tracks == count_tracks({kind: [record.slug]})
        assert found.regions == len(who_names(kind, record.slug))


def test_a_technology_is_named_by_what_is_within_it(visitor):
    parent = make_technology(published=True)
    child = make_technology(published=True, parent=parent, name_en="Within it")
    plan = make_plan(published=True)
    both, below = make_track(plan=plan), make_track(plan=plan)
    both.technology_mappings.create(technology=parent, match="broader")
    both.technology_mappings.create(technology=child, match="exact")
    below.technology_mappings.create(technology=child, match="narrower")
    make_track(plan=plan).technology_mappings.create(technology=child, match="related")
    history.record(plan, Action.EDITED)

    html = page(visitor, parent.get_absolute_url())

    assert re.search(r"<strong>1 region</strong></a>, cities apart", html)
    assert count_behind(visitor, link(html, "2 tracks")) == 2
    assert count_behind(visitor, link(html, "1 track names it by itself")) == 1
    assert "1 merely related track; such a wording does not count" in html
    start = html.index("<tbody data-rows>")
    table = html[start : html.index("</tbody>", start)]
    table = re.sub(r'<tr class="why-row".*?</tr>', "", table, flags=re.DOTALL)
    # The track that is mapped to both stands once, as the thing itself is named.
    assert table.count("<tr>") == 2
    assert table.count('title="broader"') == 1
    assert table.count('title="narrower"') == 1
    assert table.count("Within it") == 1


@pytest.mark.parametrize(("kind", "_model", "slug"), SUBJECTS[:1] + SUBJECTS[3:4])
def test_a_long_table_of_namings_ends_with_the_way_to_all(visitor, monkeypatch, kind, _model, slug):
    monkeypatch.setattr("regions.analysis.naming_rows.ROWS_SHOWN", 3)
    number = count_tracks({kind: [slug]})
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
