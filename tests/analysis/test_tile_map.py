"""The map of the regions: numbers, shades, words, and the table beside it."""

import re
from datetime import date

import pytest

from catalog.models import IndustryField
from catalog.tile_map import Shade
from futureind.pagecache.cache import CACHEABLE
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.analysis.tile_map import TileTier, tile_map
from regions.models import Tier
from tests.factories import make_document, make_plan, make_region, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SUBJECTS = [
    ("field", "future-energy"),
    ("product", "humanoid-robots"),
    ("technology", "artificial-intelligence"),
]
FIELD = "future-space"


class Province:
    """A province on the map, whose plans name a field in tracks of their tiers."""

    def __init__(self, column=8):
        self.field = IndustryField.objects.get(slug=FIELD)
        self.region = make_region(published=True, tile_row=9, tile_column=column)

    def plan(self, issued, *tiers, region=None):
        region = region or self.region
        document = make_document(
            published=True,
            region=region,
            issued_date=issued,
            level="city" if region.level == "city" else "provincial",
        )
        plan = make_plan(published=True, region=region, document=document)
        for tier in tiers:
            make_track(plan=plan, tier=tier).field_mappings.create(field=self.field)
        history.record(plan, Action.EDITED)

    def tile(self, shade, *subject):
        [tile] = [t for t in tile_map(shade, *subject).tiles if t.region == self.region]
        return tile


@pytest.mark.parametrize(("kind", "slug"), SUBJECTS)
def test_each_number_is_that_of_the_list_behind_its_tile(visitor, kind, slug):
    found = tile_map(Shade.TRACKS, kind, slug)

    assert any(tile.number for tile in found.tiles)
    for tile in found.tiles:
        query = {kind: slug, "region": tile.region.slug}
        assert visitor.get("/en/tracks.json", query).json()["count"] == tile.number


@pytest.mark.parametrize("shade", Shade)
@pytest.mark.parametrize(("kind", "slug"), [("", ""), *SUBJECTS])
def test_every_tile_has_a_sign_that_the_legend_explains(shade, kind, slug):
    found = tile_map(shade, kind, slug)

    signs = {sign for _step, sign, _words in found.legend} | {a[1] for a in found.absences}
    for tile in found.tiles:
        assert tile.sign
        if shade == Shade.TRACKS and tile.number:
            assert tile.sign == str(tile.number)
            assert tile.step in {step for step, _sign, _words in found.legend}
        else:
            assert tile.sign in signs


def test_what_is_built_stands_above_what_is_explored():
    province = Province()
    province.plan(date(2024, 1, 1), Tier.EXPLORATORY, Tier.EXPLORATORY)
    explored = province.tile(Shade.TIER, "field", FIELD)
    province.plan(date(2024, 1, 1), Tier.CLUSTER)
    built = province.tile(Shade.TIER, "field", FIELD)

    assert (explored.tier, explored.sign, explored.number) == (TileTier.EXPLORED, "○", 2)
    assert (built.tier, built.sign, built.number) == (TileTier.BUILT, "●", 3)
    assert built.step > explored.step


def test_the_first_plan_is_that_of_the_province_or_a_city_of_it():
    province = Province()
    city = make_region(published=True, parent=province.region, level="city")
    province.plan(date(2024, 5, 1), Tier.AREA)
    province.plan(date(2022, 3, 2), Tier.AREA, region=city)
    province.plan(date(2020, 1, 1))

    named = province.tile(Shade.FIRST, "field", FIELD)
    any_plan = province.tile(Shade.FIRST)

    assert (named.first, named.sign) == (date(2022, 3, 2), "2022")
    assert any_plan.first == date(2020, 1, 1)


def test_a_plan_without_a_date_is_named_and_has_no_year():
    province = Province()
    province.plan(None, Tier.AREA)

    tile = province.tile(Shade.FIRST, "field", FIELD)

    assert (tile.first, tile.sign, tile.step, tile.number) == (None, "◌", 0, 1)


PAGES = ["", "fields/future-energy/", "products/humanoid-robots/", "technologies/photovoltaics/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("shade", ["", "tier", "first"])
def test_map_and_table_stand_on_the_page_and_are_kept(visitor, path, shade):
    response = visitor.get(f"/en/{path}" + (f"?shade={shade}" if shade else ""))
    body = response.content.decode()

    tiles = re.search(r'<ol class="tiles">.*?</ol>', body, re.DOTALL)[0]
    table = re.search(r"The map as a table.*?</table>", body, re.DOTALL)[0]
    assert len(re.findall(r"<li class=", tiles)) == 34
    assert len(re.findall(r'<th scope="row">', table)) == 34
    assert 'class="legend"' in body
    assert response.wsgi_request.META.get(CACHEABLE)


def test_tiles_are_labelled_in_the_language_of_the_page(visitor):
    english = visitor.get("/en/?shade=tier").content.decode()
    chinese = visitor.get("/zh-hans/?shade=tier").content.decode()

    assert re.search(r"Guangdong:\s+named to be built,\s+\d+ tracks", english)
    assert re.search(r"广东省：\s*列为发展建设、\s*\d+条赛道", chinese)


@pytest.mark.parametrize("path", PAGES)
def test_an_unknown_shade_is_refused_beside_the_choice(visitor, path):
    response = visitor.get(f"/en/{path}?shade=%3Cb%3E")
    body = response.content.decode()

    assert response.status_code == 400
    assert "“&lt;b&gt;” is not one of the choices here" in body
    assert 'class="tiles"' in body


def test_an_empty_shade_leads_to_the_plain_address(visitor):
    assert visitor.get("/en/?shade=")["Location"] == "/en/"
    assert visitor.get("/en/fields/future-energy/?shade=")["Location"] == (
        "/en/fields/future-energy/"
    )


def test_a_tile_leads_to_the_tracks_that_it_counts(visitor):
    body = visitor.get("/en/fields/future-energy/").content.decode()

    assert '/en/tracks/?field=future-energy&amp;region=guangdong"' in body
