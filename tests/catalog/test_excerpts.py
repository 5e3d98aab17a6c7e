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
    # The region stands once, in the words of its first track, as the thing itself is named.
    assert table.count("<tr>") == 1
    assert table.count('title="broader"') == 1
    assert f'href="{both.get_absolute_url()}"' in table


@pytest.mark.parametrize(("kind", "_model", "slug"), SUBJECTS)
def test_a_region_that_names_a_thing_says_in_how_many_plans(visitor, kind, _model, slug):
    folder = {"technology": "technologies", "product": "products"}[kind]
    html = page(visitor, f"/en/{folder}/{slug}/")
    table = html[html.index('class="plain lines"') :].partition("</table>")[0]
    rows = re.findall(r'<th scope="row"><a href="/en/regions/([^/]+)/">(.*?)</tr>', table)

    assert {region for region, _row in rows} == set(who_names(kind, slug))
    today = timezone.localdate()
    for region, row in rows:
        [(address, in_force, plans)] = re.findall(r'href="(/en/plans/[^"]+)">(\d+) of (\d+)<', row)
        address = address.replace("&amp;", "&")
        assert count_behind(visitor, address) == int(plans), region
        assert count_behind(visitor, f"{address}&in_force_on={today}") == int(in_force), region


def test_related_wordings_are_cut_with_the_way_to_all(visitor, monkeypatch):
    monkeypatch.setattr("regions.analysis.naming_rows.ROWS_SHOWN", 1)
    numbers = {
        slug: count_tracks({"technology": [slug], "match": ["related"]})
        for slug in Technology.objects.public().values_list("slug", flat=True)
    }
    slug = max(numbers, key=numbers.get)
    number = numbers[slug]
    html = page(visitor, f"/en/technologies/{slug}/")

    assert number > 1
    assert f"The 1 of the newest plans, of {number}." in html
    assert count_behind(visitor, link(html, "All in the list of tracks")) == number


def test_a_region_shows_every_plan_in_one_line_and_folds_those_that_ended(visitor):
    html = page(visitor, "/en/regions/shanghai/")
    plans = RegionalPlan.objects.public().filter(region__slug="shanghai")
    part = html[html.index('<section id="plans">') :].partition("</section>")[0]
    shown, _fold, folded = part.partition("<details")

    in_force = set(plans.in_force_on(timezone.localdate()))
    assert in_force
    for plan in plans:
        row = f'href="{plan.get_absolute_url()}"'
        assert (row in shown) or (row in folded and plan not in in_force), plan
        assert row in shown or plan.document.legal_status in ("expired", "superseded")
    tracks = Track.objects.public().filter(plan__region__slug="shanghai").count()
    assert count_behind(visitor, link(html, f"{tracks} tracks")) == tracks


def test_what_a_region_bets_on_leads_to_the_plans_that_name_it(visitor):
    html = page(visitor, "/en/regions/shanghai/")
    table = html[html.index('class="plain bets"') :].partition("</table>")[0]
    rows = re.findall(r'/technologies/([^/]+)/">.*?href="(/en/plans/[^"]+)">(\d+)<', table)

    own = Technology.objects.public().filter(
        track_mappings__match__in=["exact", "broader", "narrower"],
        track_mappings__track__in=Track.objects.public().filter(plan__region__slug="shanghai"),
    )
    assert {slug for slug, _address, _number in rows} == set(own.values_list("slug", flat=True))
    for _slug, address, number in rows[::4]:
        assert count_behind(visitor, address.replace("&amp;", "&")) == int(number)


def test_a_field_says_how_many_tracks_of_each_region_stand_in_it(visitor):
    html = page(visitor, "/en/fields/future-information/")
    table = html[html.index('class="plain lines"') :].partition("</table>")[0]
    rows = re.findall(
        r'<th scope="row"><a href="/en/regions/([^/]+)/">.*?href="(/en/tracks/[^"]+)">(\d+)<', table
    )

    assert {slug: int(number) for slug, _address, number in rows} == who_names(
        "field", "future-information"
    )
    for _slug, address, number in rows[::5]:
        assert count_behind(visitor, address.replace("&amp;", "&")) == int(number)


def test_documents_and_targets_are_cut_with_the_way_to_all(visitor, monkeypatch):
    monkeypatch.setattr("catalog.excerpts.SHOWN", 2)
    agency = Agency.objects.get(slug="miit")
    issued = PolicyDocument.objects.public().filter(issuer_rows__agency=agency).count()
    html = page(visitor, "/en/agencies/miit/")
    assert f"The first 2 of {issued}." in html
    assert count_behind(visitor, link(html, "All in the list of documents")) == issued

    html = page(visitor, "/en/products/humanoid-robots/")
    targets = Target.objects.public().filter(product_mappings__product__slug="humanoid-robots")
    shares = re.findall(
        r'The first 2 of (\d+)\. <a href="([^"]+)">All in the list of targets<', html
    )
    assert shares
    for number, address in shares:
        assert count_behind(visitor, address.replace("&amp;", "&")) == int(number)
    today = timezone.localdate()
    parts = [targets.filter(due_date__gte=today), targets.filter(due_date__lt=today)]
    parts = [part.count() for part in (*parts, targets.filter(due_date=None))]
    assert sorted(int(number) for number, _address in shares) == sorted(
        number for number in parts if number > 2
    )

    html = page(visitor, "/en/regions/beijing/")
    targets = Target.objects.public().filter(document__region__slug="beijing")
    part = html[html.index('<section id="targets">') :].partition("</section>")[0]
    assert count_behind(visitor, link(part, "Targets")) == targets.count()
    numbers = [int(number) for number in re.findall(r"(\d+) targets?[,<]", part)]
    assert sum(numbers) == targets.count()


def test_what_a_page_counts_is_what_its_list_holds(visitor, monkeypatch):
    monkeypatch.setattr("catalog.excerpts.SHOWN", 1)
    html = page(visitor, "/en/technologies/artificial-intelligence/")

    found = re.findall(r'The first 1 of (\d+)\. <a href="([^"]+)">All in the list of (\w+)<', html)
    assert "targets" in [kind for _number, _address, kind in found]
    for number, address, _kind in found:
        assert count_behind(visitor, address.replace("&amp;", "&")) == int(number)


def test_any_number_of_metrics_can_be_compared():
    unit = Unit.objects.first()
    many = [Target(metric_zh=f"指标{n}", unit=unit, value=1) for n in range(1500)]

    assert comparisons_of(many) == []
