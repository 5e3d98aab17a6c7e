"""One number for one question: whatever the content, each place that counts who names a thing says
what plain SQL says."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import IndustryField, PolicyDocument, Region, SymbolicProduct, Technology
from catalog.models.documents import LegalStatus
from catalog.models.mappings import Match
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action
from regions.models import RegionalPlan, Tier, Track
from tests.analysis.numbers_said import (
    COLUMNS,
    FOLDERS,
    best_answer,
    card_of,
    cells_of_matrix,
    data,
    found_by_search,
    line_of,
    number,
    options_of,
    page,
    row_at_home,
    rows_of_csv,
)
from tests.browse.plain_sql import ask, count_tracks, who_names
from tests.chance import dice, few_and_many
from tests.factories import make_document, make_plan, make_region, make_technology, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

MODELS = {"field": IndustryField, "product": SymbolicProduct, "technology": Technology}
NATIONAL = "future-industries-opinions-2024"
FIRST, LAST = date(2019, 1, 1), date(2027, 12, 31)


# States of the content


def a_day(rng):
    return FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))


def dates(rng):
    """Return columns of a document that say when it holds, in every way that they may."""
    issued = a_day(rng) if rng.random() < 0.6 else None
    published = a_day(rng) if rng.random() < 0.3 else None
    status = rng.choice([*LegalStatus.values, LegalStatus.IN_FORCE.value])
    ended = status in (LegalStatus.EXPIRED, LegalStatus.SUPERSEDED)
    starts = max(filter(None, (issued, published)), default=FIRST)
    lasts = starts.year + rng.randrange(6) if ended and rng.random() < 0.5 else None
    return {
        "issued_date": issued,
        "published_date": max(issued, published) if issued and published else published,
        "effective_date": starts + timedelta(days=30) if rng.random() < 0.15 else None,
        "expiry_date": starts + timedelta(days=900) if rng.random() < 0.2 else None,
        "legal_status": status,
        "period_start": lasts and starts.year,
        "period_end": lasts,
    }


def map_track(rng, track, kind, record):
    """Map a track to a thing, or to something near it, in any words."""
    match = {} if kind == "field" else {"match": rng.choice(Match.values)}
    if kind == "technology" and rng.random() < 0.5:
        near = Technology.objects.filter(parent=record) | Technology.objects.filter(
            pk=record.parent_id
        )
        record = rng.choice([record, *near.order_by("pk")])
    rows = getattr(track, f"{kind}_mappings")
    if not rows.filter(**{kind: record}).exists():
        rows.create(**{kind: record}, basis=rng.choice(["stated", "analyst"]), **match)


def new_plan(rng, things):
    """Add the plan of a city, of a province, or of a region that is a draft."""
    region = rng.choice(list(Region.objects.public()))
    if rng.random() < 0.2:
        city = {"level": "city", "parent": region} if region.level == "province" else {}
        region = make_region(published=rng.random() < 0.8, **city)
    level = "city" if region.level == "city" else "provincial"
    document = make_document(published=rng.random() < 0.9, region=region, level=level, **dates(rng))
    plan = make_plan(region=region, document=document)
    for _number in range(rng.randint(1, 4)):
        track = make_track(plan=plan, tier=rng.choice(Tier.values))
        for kind, record in rng.sample(things, rng.randint(1, min(3, len(things)))):
            map_track(rng, track, kind, record)
    history.record(plan, Action.EDITED)
    if document.is_public and region.is_public and rng.random() < 0.9:
        workflow.publish(plan, user=None)


def another_wording(rng, things):
    """Change the matches of a track that is on record, or what it is mapped to."""
    track = rng.choice(list(Track.objects.public().order_by("pk")))
    kind, record = rng.choice(things)
    if rng.random() < 0.4:
        track.product_mappings.all().delete()
        track.technology_mappings.all().delete()
    map_track(rng, track, kind, record)
    history.record(track.plan, Action.EDITED)


def another_date(rng, _things):
    """Change when a regional document holds."""
    documents = PolicyDocument.objects.public().filter(plans__isnull=False).order_by("pk")
    document = rng.choice(list(documents.distinct()))
    for name, value in dates(rng).items():
        setattr(document, name, value)
    document.full_clean()
    document.save()
    history.record(document, Action.EDITED)


def take_back(rng, _things):
    """Withdraw a plan."""
    plan = rng.choice(list(RegionalPlan.objects.public().order_by("pk")))
    workflow.withdraw(plan, user=None, note="Entered twice.")


def another_place(rng, things):
    """Let a technology stand within another, or add one within it."""
    technologies = [record for kind, record in things if kind == "technology"]
    for record in technologies[:1]:
        child = make_technology(published=rng.random() < 0.7, parent=record)
        track = rng.choice(list(Track.objects.public().order_by("pk")))
        map_track(rng, track, "technology", child)
        history.record(track.plan, Action.EDITED)


CHANGES = [new_plan, new_plan, another_wording, another_wording, another_date]
CHANGES += [take_back, another_place]


def some_things(rng):
    """Return a field, a product and two technologies, ``[(kind, record), …]``."""
    return [
        (kind, rng.choice(list(model.objects.public().order_by("pk"))))
        for kind, model in [*MODELS.items(), ("technology", Technology)]
    ]


# What each place says


def top_of(slugs):
    """Return the provinces of regions, and regions that stand in none."""
    parents = dict(
        ask(
            "SELECT r.slug, p.slug FROM catalog_region r JOIN catalog_region p"
            " ON p.id = r.parent_id WHERE p.publication_state = 'published'"
        )
    )
    return {parents.get(slug, slug) for slug in slugs}


def check_thing(client, rng, kind, record):
    """Hold every place that counts who names a thing to plain SQL."""
    slug, today = record.slug, timezone.localdate().isoformat()
    regions = who_names(kind, slug)
    in_force, dated = who_names(kind, slug, day=today), who_names(kind, slug, dated=True)
    tracks = count_tracks({kind: [slug]})
    tiles = set(ask("SELECT slug FROM catalog_region WHERE tile_row IS NOT NULL"))
    provinces = {top for top in top_of(regions) if (top,) in tiles}
    said = {
        "regions": len(regions),
        "in force": len(in_force),
        "dated": len(dated),
        "tracks": tracks,
        "exact": count_tracks({kind: [slug], "match": ["exact"]}),
        "provinces": len(provinces),
    }
    if kind == "field":
        del said["exact"]

    for language in ("en", "zh-hans"):
        found, numbers = line_of(client, kind, slug, language)
        expected = said if regions else {**said, **dict.fromkeys(("in force", "dated"), 0)}
        if not tracks:
            expected = {**expected, "exact": 0} if "exact" in said else expected
        assert found == expected, language
        for top, figure in numbers.items():
            assert figure == count_tracks({kind: [slug], "region": [top]}), top
    card = {what: said[what] for what in ("regions", "in force", "tracks")}
    assert card_of(client, f"/en/{FOLDERS[kind]}/", kind, slug) == card
    if kind != "technology":
        row = row_at_home(client, kind, slug)
        assert row == {"regions": said["regions"], "in force": said["in force"]}
    result = found_by_search(client, record)
    assert result in (None, {what: said[what] for what in ("regions", "in force", "dated")})
    assert best_answer(client, record) in (None, card)
    for name in ("tracks", "plans"):
        option, count = options_of(client, name, kind, slug)
        assert option == count, name
        assert name == "plans" or count == tracks

    check_analysis(client, rng, kind, record, (regions, in_force, dated))


def check_analysis(client, rng, kind, record, expected):
    slug, today = record.slug, timezone.localdate().isoformat()
    regions, in_force, dated = expected

    assert cells_of_matrix(client, kind, slug) == (regions, len(regions))
    assert cells_of_matrix(client, kind, slug, rows="provinces")[1] == len(top_of(regions))
    cells = cells_of_matrix(client, kind, slug, in_force_on=today)
    assert cells == (in_force, len(in_force))
    # Where the headline leads to: as many rows with tracks.
    matrix = page(client, f"/en/matrix/?{kind}={slug}&in_force_on={today}&columns={COLUMNS[kind]}")
    assert number(r"(\d+) with tracks", matrix) == len(in_force)

    places = data(client, "gaps", **{kind: slug})["results"]
    assert {p["slug"]: p["tracks"] for p in places if p["state"] == "named"} == regions
    html = page(client, f"/en/gaps/?{kind}={slug}")
    heading = html[html.index('id="count"') :]
    heading = heading[: heading.index("that were read")]
    assert number(r">(\d+)<", heading) == len(regions)
    for row in data(client, "gaps")["results"]:
        if (row["kind"], row["slug"]) == (kind, slug):
            assert row["named"] == len(regions)
    others = Region.objects.public().exclude(slug__in=regions).values_list("slug", flat=True)
    gaps = data(client, "gaps", region=rng.choice(list(others.order_by("pk"))))["results"]
    [gap] = [gap for gap in gaps if (gap["kind"], gap["slug"]) == (kind, slug)]
    assert gap["regions_that_name_it"] == len(regions)

    spread = data(client, "diffusion", **{kind: slug})
    assert (spread["regions"], spread["count"]) == (len(regions), len(dated))
    assert {row["slug"] for row in spread["results"]} == set(dated)
    assert set(spread["undated"]) == set(regions) - set(dated)
    assert len(rows_of_csv(client, f"/en/diffusion.csv?{kind}={slug}")) == len(dated)
    html = page(client, f"/en/diffusion/?{kind}={slug}")
    assert number(r"<strong>(\d+) regions?</strong> names? it, cities apart", html) == len(regions)
    if kind == "technology":
        movers = {row["slug"]: row for row in rows_of_csv(client, "/en/diffusion.csv")}
        assert slug in movers or not dated
        if slug in movers:
            found = movers[slug]["regions"], movers[slug]["regions_dated"]
            assert found == (str(len(regions)), str(len(dated)))

    sides = rng.sample([*regions, *others[:5]], 2)
    alone = who_names(kind, slug, alone=True)
    rows = data(client, "compare", region=sides)["results"]
    found = [row for row in rows if (row["kind"], row["slug"]) == (kind, slug)]
    for place, side in enumerate(sides):
        if found:
            assert found[0]["sides"][place]["tracks"] == alone.get(side, 0)
            assert found[0]["sides"][place]["within"] == regions.get(side, 0)
        else:
            assert side not in alone
    uptake = data(client, f"documents/{NATIONAL}/cascade")["uptake"]
    cells = [row for row in uptake if (row["kind"], row["subject"]) == (kind, slug)]
    named = {row["region"] for row in cells if row["state"] in ("after", "before", "undated")}
    assert not cells or named == set(regions)


def check_region(client, region):
    """Hold every place that counts the tracks of a region to plain SQL."""
    slug = region.slug
    own, whole = count_tracks({"region": [slug]}, {"region"}), count_tracks({"region": [slug]})
    html = page(client, f"/en/regions/{slug}/")
    assert number(r'href="/en/tracks/\?region=[^"]*">(\d+) tracks?<', html) == own
    row = page(client, "/en/coverage/")
    row = row[row.index(f'href="/en/regions/{slug}/"') :]
    assert number(r'<td class="figure">\d+</td> <td class="figure">(\d+)</td>', row) == own
    for rows, expected in (("regions", own), ("provinces", whole)):
        matrix = data(client, "matrix", rows=rows)["results"]
        found = [row["tracks"] for row in matrix if row["slug"] == slug]
        assert found == [expected] or rows == "provinces"
    other = Region.objects.public().exclude(pk=region.pk).first()
    [side, _other] = data(client, "compare", region=[slug, other.slug])["sides"]
    assert side["tracks"] == own
    assert data(client, "tracks", region=slug, alone="region")["count"] == own
    option, count = options_of(client, "tracks", "region", slug)
    assert option == count == whole


# TEST_TIMES=17 goes through a hundred states and more.
@pytest.mark.parametrize("states", few_and_many(1, 6))
def test_every_place_says_the_same_in_every_state(db, states):
    rng, client = dice(f"one number {states}"), Client()
    for state in range(states):
        things = some_things(rng)
        for change in rng.sample(CHANGES, 3):
            change(rng, things)
        kind, record = things[state % len(things)]
        check_thing(client, rng, kind, record)
        check_region(client, rng.choice(list(Region.objects.public().order_by("pk"))))


@pytest.mark.parametrize("number_of_things", few_and_many(1, 6))
def test_every_place_says_the_same_of_what_is_on_record(db, number_of_things):
    rng, client = dice(f"one number of {number_of_things}"), Client()
    things = [(kind, r) for kind, model in MODELS.items() for r in model.objects.public()]
    for kind, record in rng.sample(things, number_of_things):
        check_thing(client, rng, kind, record)
