"""Who named a thing first and who followed, held against the dates of the official texts."""

import csv
from datetime import date
from io import StringIO

import pytest

from catalog.models import SymbolicProduct, Technology
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.analysis.diffusion import diffusion_of
from regions.analysis.first_movers import first_movers
from regions.analysis.pages.diffusion_drawing import NARROW, WIDE, draw_curve, width_of
from regions.models import Track
from tests.factories import make_document, make_plan, make_region, make_technology, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

COUNTED = {"exact", "broader", "narrower"}


def read(client, query):
    response = client.get(f"/en/diffusion.json?{query}")
    assert response.status_code == 200
    return response.json()


def order_of(data):
    return [(row["slug"], row["date"], row["days_from_first_national"]) for row in data["results"]]


def assert_in_order(data, known):
    """Those whose texts are known stand with their dates in this order, others between them."""
    slugs = [slug for slug, *_others in known]
    assert [row for row in order_of(data) if row[0] in slugs] == known


def test_humanoid_robots_spread_as_the_official_dates_say(visitor):
    data = read(visitor, "product=humanoid-robots")

    assert data["first"] == ["robot-plus-action-2023"]
    assert data["first_national"] == "robot-plus-action-2023"
    # Days from 2023-01-19, the day on which that text was made public.
    known = [
        ("beijing", "2023-06-28", 160),
        ("jiangsu", "2023-11-12", 297),
        ("anhui", "2024-02-05", 382),
        ("zhejiang", "2024-09-02", 592),
        ("liaoning", "2024-09-09", 599),
        ("hangzhou", "2024-12-30", 711),
        ("henan", "2025-01-18", 730),
        ("yancheng", "2025-09-18", 973),
    ]
    assert_in_order(data, known)
    by_region = {row["slug"]: row for row in data["results"]}
    assert by_region["beijing"]["document"] == "beijing-robots-2023-2025"
    # The Opinions of 2024, public on 29 January, came between Jiangsu and Anhui.
    assert by_region["jiangsu"]["national_before"] == "humanoid-robot-guiding-opinions-2023"
    assert by_region["jiangsu"]["national_after"] == "future-industries-opinions-2024"
    assert by_region["anhui"]["national_before"] == "future-industries-opinions-2024"
    assert "hangzhou-embodied-draft-2025-2027" in data["unplaced"]


def test_beijing_named_humanoid_robotics_before_the_nation_did(visitor):
    data = read(visitor, "technology=humanoid-robotics")

    assert data["first"] == ["beijing-robots-2023-2025"]
    assert order_of(data)[0] == ("beijing", "2023-06-28", -55)
    html = visitor.get("/en/diffusion/?technology=humanoid-robotics").content.decode()
    assert "1 region named it before the first national document was made public." in html


def test_quantum_technology_spread_as_the_official_dates_say(visitor):
    data = read(visitor, "technology=quantum-technology")

    assert data["first"] == ["14th-five-year-plan-outline-2021"]
    # Days from 2021-03-13, the day on which the outline was made public.
    known = [
        ("henan", "2021-12-31", 293),
        ("shenzhen", "2022-06-06", 450),
        ("shanghai", "2022-09-24", 560),
        ("wuxi", "2023-02-14", 703),
        ("zhejiang", "2023-02-28", 717),
        ("suzhou", "2023-09-01", 902),
        ("beijing", "2023-09-08", 909),
        ("jiangsu", "2023-11-12", 974),
        ("shandong", "2023-12-14", 1006),
        ("hunan", "2023-12-26", 1018),
        ("anhui", "2024-02-05", 1059),
        ("guangdong", "2024-02-14", 1068),
        ("chongqing", "2024-09-27", 1294),
        ("qingdao", "2025-04-14", 1493),
        ("sichuan", "2025-07-03", 1573),
    ]
    assert_in_order(data, known)
    assert [text["slug"] for text in data["national"]][:3] == [
        "14th-five-year-plan-outline-2021",
        "new-industry-standardisation-pilot-2023",
        "future-industries-opinions-2024",
    ]


@pytest.mark.parametrize("slug", ["quantum-technology", "artificial-intelligence", "robots"])
def test_the_order_is_that_of_a_plain_count(visitor, slug):
    wanted, queue = set(), [slug]
    while queue:
        wanted.add(queue.pop())
        queue = list(
            Technology.objects.filter(parent__slug__in=wanted)
            .exclude(slug__in=wanted)
            .values_list("slug", flat=True)
        )
    firsts, named_by, unplaced = {}, set(), set()
    tracks = Track.objects.public().select_related("plan__document", "plan__region")
    for track in tracks.prefetch_related("technology_mappings__technology"):
        rows = track.technology_mappings.all()
        if not any(row.technology.slug in wanted and row.match in COUNTED for row in rows):
            continue
        document, region = track.plan.document, track.plan.region.slug
        day = document.issued_date or document.published_date
        named_by.add(region)
        if day and document.legal_status != "consultation":
            firsts[region] = min(day, firsts.get(region, date.max))
        else:
            unplaced.add(document.slug)

    data = read(visitor, f"technology={slug}")

    found = {row["slug"]: date.fromisoformat(row["date"]) for row in data["results"]}
    assert found == firsts
    assert list(found.values()) == sorted(found.values())
    assert data["regions"] == len(named_by)
    assert set(data["undated"]) == named_by - set(firsts)
    # National texts without a date stand there as well.
    assert set(data["unplaced"]) >= unplaced


def test_first_movers_agree_with_the_page_of_each_technology(visitor):
    rows = {row["slug"]: row for row in read(visitor, "")["results"]}

    assert len(rows) > 90
    for slug in list(rows)[::9]:
        data = read(visitor, f"technology={slug}")
        assert rows[slug]["first_document"] in data["first"]
        assert rows[slug]["regions"] == data["regions"]
        assert rows[slug]["regions_dated"] == data["count"]
        first = data["results"][0] if data["results"] else {}
        assert rows[slug]["first_regional"] == first.get("slug")
        assert rows[slug]["first_region_date"] == first.get("date")


def test_a_change_shows_at_once(visitor):
    technology = make_technology(published=True)
    assert technology not in [mover.technology for mover in first_movers()]

    plan = make_plan(published=True)
    make_track(plan=plan).technology_mappings.create(technology=technology, match="broader")
    history.record(plan, Action.EDITED)

    [mover] = [mover for mover in first_movers() if mover.technology == technology]
    assert (mover.first.document, mover.regions, mover.dated) == (plan.document, 1, 1)
    assert order_of(read(visitor, f"technology={technology.slug}")) == [
        (plan.region.slug, "2025-01-15", None)
    ]


def test_a_regional_document_names_nothing_without_a_track(visitor):
    technology = make_technology(published=True)
    plan = make_plan(published=True, tracks=1)
    plan.document.technology_mappings.create(technology=technology, basis="stated")
    history.record(plan.document, Action.EDITED)

    data = read(visitor, f"technology={technology.slug}")

    assert (data["count"], data["regions"]) == (0, 0)
    assert visitor.get(f"/en/documents.json?technology={technology.slug}").json()["count"] == 1


def test_a_region_named_in_undated_texts_only_is_said_by_name(visitor):
    technology = make_technology(published=True)
    for day in (date(2024, 5, 1), None):
        region = make_region(published=True)
        document = make_document(published=True, region=region, issued_date=day)
        plan = make_plan(published=True, region=region, document=document)
        make_track(plan=plan).technology_mappings.create(technology=technology)
        history.record(plan, Action.EDITED)

    response = visitor.get(f"/en/diffusion/?technology={technology.slug}")
    html = " ".join(response.content.decode().split())

    assert "<strong>2 regions</strong> name it, cities apart; 1 of them in a dated text." in html
    assert (
        f'Not in a dated text: <a href="{region.get_absolute_url()}">{region.name_en}</a>' in html
    )
    assert "1 region followed" in html


def test_a_merely_related_wording_is_no_naming(visitor):
    technology = make_technology(published=True)
    plan = make_plan(published=True)
    make_track(plan=plan).technology_mappings.create(technology=technology, match="related")
    history.record(plan, Action.EDITED)

    assert read(visitor, f"technology={technology.slug}")["count"] == 0
    html = visitor.get(f"/en/diffusion/?technology={technology.slug}").content.decode()
    assert "No dated document on record names it." in html


def test_a_technology_can_stand_alone(visitor):
    together = read(visitor, "technology=robots")
    alone = read(visitor, "technology=robots&children=without")

    assert alone["regions"] < together["regions"]


def test_national_texts_around_a_day_are_counted_from_their_publication():
    product = SymbolicProduct.objects.get(slug="new-displays")
    region = make_region(published=True)
    plan_day = date(1990, 5, 10)
    texts = [
        make_document(published=True, issued_date=date(1990, 5, 1), published_date=plan_day),
        make_document(published=True, issued_date=plan_day, published_date=date(1990, 5, 20)),
    ]
    for text in texts:
        text.product_mappings.create(product=product)
        history.record(text, Action.EDITED)
    document = make_document(published=True, issued_date=plan_day, region=region)
    plan = make_plan(published=True, region=region, document=document)
    make_track(plan=plan).product_mappings.create(product=product)
    history.record(plan, Action.EDITED)

    [step, *_rest] = diffusion_of("product", [product.pk]).steps

    assert (step.region, step.lag) == (region, 0)
    assert (step.before, step.after) == (texts[0], texts[1])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("technology=nothing", "“nothing” is not on record."),
        ("field=%3Cb%3E", "&lt;b&gt;"),
        ("technology=robots&field=future-space", "Ask for one thing at a time."),
        ("technology=robots&children=some", "is not one of the choices here"),
        ("sort=up", "is not one of the choices here"),
    ],
)
def test_a_bad_value_is_answered_with_400_in_words(visitor, query, words):
    response = visitor.get(f"/en/diffusion/?{query}")

    assert response.status_code == 400
    assert words in response.content.decode()
    assert visitor.get(f"/en/diffusion.json?{query}").status_code == 400


def test_the_csv_holds_the_steps_of_the_page(visitor):
    response = visitor.get("/en/diffusion.csv?technology=quantum-technology")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))

    steps = read(visitor, "technology=quantum-technology")["results"]
    assert [row["slug"] for row in rows] == [step["slug"] for step in steps]
    assert rows[0]["wordings"].startswith("量子信息 (")


def test_the_curve_rises_by_one_for_each_region():
    days = [date(2022, 1, 1), date(2023, 1, 1), date(2023, 1, 1)]

    steps = [(day, f"Region {number}") for number, day in enumerate(days)]
    nationals = [(date(2021, 6, 1), "A text", "A national text")]
    for form in (WIDE, NARROW):
        curve = draw_curve(steps, nationals, form)

        assert curve.path.count("V") == 3
        assert [level.label for level in curve.levels] == [0, 1, 2, 3]
        assert curve.years[0].label == "2021"
        named = [mark.label for mark in curve.steps if mark.label]
        assert named == [name for _day, name in steps if form is WIDE]
        assert [mark.title for mark in curve.nationals] == ["A national text"]
        assert draw_curve([], [], form) is None


def test_names_of_the_curve_stay_within_it_and_out_of_the_lines():
    steps = [(date(2021 + place // 4, 1 + place % 12, 3), f"Region {place}") for place in range(24)]
    nationals = [(date(2021, 1, 1 + place), f"Text {place}", "") for place in range(8)]

    curve = draw_curve(steps, nationals)

    for mark in [*curve.steps, *[mark for mark in curve.nationals if mark.label]]:
        begins = mark.label_x - (width_of(mark.label) if mark.at_end else 0)
        assert 0 <= begins <= begins + width_of(mark.label) <= curve.format.width
    rows = [mark.y for mark in curve.nationals if mark.label]
    assert 0 < len(rows) < len(nationals)
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_picture_has_a_table_beside_it(visitor, language):
    html = visitor.get(f"/{language}/diffusion/?product=humanoid-robots").content.decode()

    assert '<svg class="curve curve-wide"' in " ".join(html.split())
    assert '<svg class="curve curve-narrow"' in " ".join(html.split())
    assert html.count("/regions/") >= 8
    assert html.index("<svg") < html.index("<table")
