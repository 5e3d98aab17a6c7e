"""The sentence on top of each page of analysis says what plain SQL says, whatever the content."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client

from catalog.models import DocumentRelation, PolicyDocument, Region, Technology
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from regions.models import CoverageCheck
from tests.analysis import sentences, sentences_of_absence
from tests.analysis.test_one_number import CHANGES, NATIONAL, a_day, some_things
from tests.chance import dice, few_and_many
from tests.factories import make_document, make_plan, make_region, make_technology, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

LANGUAGES = ("en", "zh-hans")
MOST_WORDS = 45


def said(client, language, path):
    """Return the finding of a page as a reader sees it, "" where it is silent."""
    response = client.get(f"/{language}/{path}")
    assert response.status_code == 200, path
    html = response.content.decode()
    found = re.search(r'<p class="finding">(.*?)<a class="how-computed"', html, re.DOTALL)
    if not found:
        return ""
    text = re.sub(r"<[^>]+>", "", re.sub(r"\s*\n\s*", "", found[1]))
    [rule] = re.findall(r'methodology/#([a-z-]+)"', html)
    assert f'<dt id="{rule}">' in rules(client, language)
    assert len(text.split()) <= MOST_WORDS, text
    return unescape(text).strip()


def rules(client, language):
    return client.get(f"/{language}/methodology/").content.decode()


# Changes beside those of who names what


def look(rng, _things):
    """Record a check of a region."""
    region = rng.choice(list(Region.objects.public().order_by("pk")))
    outcome = rng.choice(["found", "none-found"])
    check = CoverageCheck.objects.create(
        publication_state="published",
        region=region,
        checked_on=date(2026, 12, 1) + timedelta(days=rng.randrange(2000)),
        outcome=outcome,
        completeness=rng.choice(["complete", "partial"]) if outcome == "found" else "",
    )
    history.record(check, Action.CREATED)


def nation_names(rng, things):
    """Add a national text about something, with or without a date."""
    document = make_document(
        published=rng.random() < 0.9,
        region=None,
        level="national",
        issued_date=a_day(rng) if rng.random() < 0.8 else None,
        published_date=None,
    )
    kind, record = rng.choice(things)
    rows = getattr(document, f"{kind}_mappings")
    rows.create(**{kind: record}, basis=rng.choice(["stated", "analyst"]))
    history.record(document, Action.EDITED)


def answer(rng, _things):
    """Let a text carry out the Opinions of 2024."""
    upper = PolicyDocument.objects.get(slug=NATIONAL)
    others = PolicyDocument.objects.exclude(pk=upper.pk).exclude(relations_from__to_document=upper)
    lower = rng.choice(list(others.order_by("pk")))
    DocumentRelation.objects.create(
        from_document=lower,
        to_document=upper,
        type="implements",
        basis=rng.choice(["stated", "analyst"]),
    )
    history.record(lower, Action.EDITED)


ALL_CHANGES = [*CHANGES, look, look, nation_names, answer]


def check_findings(client, rng, kind, record):
    """Hold every sentence to plain SQL, in both languages."""
    regions = list(Region.objects.public().values_list("slug", flat=True))
    first, second = rng.sample(regions, 2)
    pair = f"compare/?region={first}&region={second}"
    for language in LANGUAGES:
        words = sentences.Words(language)
        assert said(client, language, pair) == sentences.of_two_regions(words, first, second)
        found = said(client, language, f"diffusion/?{kind}={record.slug}")
        assert found == sentences.of_one_thing(words, kind, record.slug)
        assert said(client, language, "diffusion/") == sentences.of_all_technologies(words)
        found = said(client, language, f"gaps/?region={first}")
        assert found == sentences_of_absence.of_one_region(words, first)
        found = said(client, language, f"gaps/?{kind}={record.slug}")
        assert found == sentences_of_absence.of_who_does_not(words, kind, record.slug)
        assert said(client, language, "gaps/") == sentences_of_absence.of_all_products(words)
        columns = {"field": "fields", "product": "products", "technology": "technologies"}[kind]
        found = said(client, language, f"matrix/?columns={columns}")
        assert found == sentences_of_absence.of_matrix(words, kind)
        assert said(client, language, "coverage/") == sentences_of_absence.of_coverage(words)
        found = said(client, language, f"documents/{NATIONAL}/cascade/")
        assert found == sentences_of_absence.of_cascade(words, NATIONAL)


# TEST_TIMES=40 goes through two hundred states and more.
@pytest.mark.parametrize("states", few_and_many(1, 5))
def test_sentences_say_what_plain_sql_says_in_every_state(db, states):
    rng, client = dice(f"findings {states}"), Client()
    for state in range(states):
        things = some_things(rng)
        for change in rng.sample(ALL_CHANGES, 4):
            change(rng, things)
        check_findings(client, rng, *things[state % len(things)])


@pytest.mark.parametrize("number", few_and_many(1, 6))
def test_sentences_say_what_plain_sql_says_of_what_is_on_record(db, number):
    rng, client = dice(f"findings of {number}"), Client()
    for kind, record in (some_things(rng) * 3)[:number]:
        check_findings(client, rng, kind, record)


def names_alone(technologies, **columns):
    """Return a new region whose plan names technologies in the same words."""
    region = make_region(published=True)
    document = make_document(published=True, region=region, **columns)
    plan = make_plan(published=True, region=region, document=document)
    for technology in technologies:
        make_track(plan=plan).technology_mappings.create(technology=technology, match="exact")
    history.record(plan, Action.EDITED)
    return region


@pytest.mark.parametrize("shared", [0, 1, 2])
@pytest.mark.parametrize("days", [(1, 2), (2, 1), (1, 1), (1, None)])
def test_a_comparison_minds_its_grammar(visitor, shared, days):
    both = [make_technology(published=True) for _ in range(shared)]
    own = [make_technology(published=True) for _ in range(3)]
    first, second = (
        names_alone([*both, *alone], issued_date=day and date(2024, 5, day))
        for alone, day in zip((own, own[:0]), days, strict=True)
    )

    for language in LANGUAGES:
        path = f"compare/?region={first.slug}&region={second.slug}"
        expected = sentences.of_two_regions(sentences.Words(language), first.slug, second.slug)
        assert said(visitor, language, path) == expected != ""


def test_no_sentence_stands_on_fewer_than_three_records(visitor):
    technologies = [make_technology(published=True) for _ in range(2)]
    first, second = (names_alone(technologies) for _ in range(2))

    for path in (
        f"compare/?region={first.slug}&region={second.slug}",
        f"diffusion/?technology={technologies[0].slug}",
        f"gaps/?region={first.slug}",
        "documents/beijing-future-industries-2023/cascade/",
    ):
        assert said(visitor, "en", path) == "", path


def test_three_sides_and_plans_have_their_sentences(visitor):
    three = said(visitor, "en", "compare/?region=hunan&region=hubei&region=anhui")
    data = visitor.get("/en/compare.json?region=hunan&region=hubei&region=anhui").json()
    rows = [row for row in data["results"] if row["kind"] == "technology"]
    by = [sum(1 for side in row["sides"] if side["tracks"]) for row in rows]
    alone = by.count(1)
    expected = f"Together they name {len(rows)} technologies; {by.count(3)} are named by all,"
    assert three.startswith(f"{expected} {alone} by one side alone.")
    plans = "plan=beijing-future-industries-2023&plan=shanghai-future-industries-2022"
    assert "by the first plan alone" in said(visitor, "en", f"compare/?{plans}")
    assert "仅前一份规划列出" in said(visitor, "zh-hans", f"compare/?{plans}")


def test_all_regions_of_the_first_day_were_first(visitor):
    technology = make_technology(published=True)
    regions = [names_alone([technology], issued_date=date(2019, 3, 1)) for _ in range(3)]
    names_alone([technology], issued_date=date(2020, 3, 1))

    names = sorted(regions, key=lambda region: region.code)
    listed = f"{names[0].name_en}, {names[1].name_en} and {names[2].name_en}"
    assert f"in March 2019 ({listed})" in said(
        visitor, "en", f"diffusion/?technology={technology.slug}"
    )
    assert Technology.objects.public().filter(pk=technology.pk).exists()


def test_a_matrix_under_filters_is_silent(visitor):
    assert said(visitor, "en", "matrix/?rows=provinces&sort=-tracks")
    for query in ("tier=exploratory", "q=quantum", "region=jiangsu", "match=related"):
        assert said(visitor, "en", f"matrix/?{query}") == ""
