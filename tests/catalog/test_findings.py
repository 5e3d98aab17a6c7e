"""Targets, timeline and indicators begin with what plain questions of the database give."""

import datetime
import re
from collections import Counter

import pytest
from django.test import Client
from django.utils import translation

from catalog.models import (
    Indicator,
    IndicatorPoint,
    IndustryField,
    Milestone,
    Target,
    Unit,
)
from catalog.models.commitments import Verdict
from futureind.publishing import workflow
from futureind.publishing.history import record as keep
from futureind.publishing.models.revisions import Action
from tests.browse.findings_said import finding_on
from tests.catalog.sentences import of_indicators, of_targets, of_timeline
from tests.chance import dice, few_and_many
from tests.factories import make_document, make_region, make_source, make_target, stored

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

LANGUAGES = ("en", "zh-hans")


def a_day(rng):
    return datetime.date(rng.randint(2022, 2031), rng.randint(1, 12), rng.randint(1, 28))


# States of the content


def another_target(rng):
    day = a_day(rng) if rng.random() < 0.8 else None
    target = make_target(published=rng.random() < 0.9, due_date=day, due_precision="day")
    for _check in range(rng.choice([0, 0, 1, 2])):
        target.assessments.update_or_create(
            assessed_on=a_day(rng),
            defaults={"verdict": rng.choice(Verdict.values), "source": make_source()},
        )
    keep(target, Action.EDITED)


def fewer_targets(rng):
    found = list(Target.objects.public().order_by("pk"))
    for target in rng.sample(found, min(len(found), rng.choice([1, 5, 60]))):
        workflow.withdraw(target, user=None, note="Entered twice.")


def another_document(rng):
    day = a_day(rng) if rng.random() < 0.7 else None
    make_document(published=True, issued_date=day, region=make_region(published=True))


def another_milestone(rng):
    milestone = stored(
        Milestone(
            slug=f"test-milestone-{Milestone.objects.count()}",
            title_en="Test event",
            title_zh="测试事件",
            date=a_day(rng),
            precision=rng.choice(["day", "month", "year"]),
            state="planned",
            geography=rng.choice(["CN", "US"]),
        ),
        published=True,
        sources=[make_source()],
    )
    for order in range(rng.choice([0, 1, 3])):
        precision = rng.choice(["day", "month", "year"])
        milestone.superseded_dates.create(order=order, date=a_day(rng), precision=precision)
    keep(milestone, Action.EDITED)


def another_series(rng):
    number = Indicator.objects.count()
    indicator = stored(
        Indicator(
            slug=f"test-indicator-{number}",
            name_en=f"Test indicator {number}",
            name_zh=f"测试指标{number}",
            unit=Unit.objects.get(slug="companies"),
            kind=rng.choice(["count", "rank"]),
            frequency="annual",
        ),
        published=True,
        sources=[make_source()],
    )
    indicator.fields.set(rng.sample(list(IndustryField.objects.public()), rng.randint(0, 2)))
    for year in rng.sample(range(2018, 2028), rng.randint(0, 6)):
        for place in rng.sample(["CN", "US", "IN"], rng.randint(1, 2)):
            IndicatorPoint.objects.create(
                indicator=indicator,
                period=str(year),
                value=rng.randint(1, 9),
                geography=place,
                starts_anew=rng.random() < 0.1,
                confidence=rng.choice(["verified", "verified", "recalled"]),
                source=make_source(),
            )
    keep(indicator, Action.EDITED)


CHANGES = [another_target, fewer_targets, another_document, another_milestone, another_series]


EXPECTED = {"targets/": of_targets, "timeline/": of_timeline, "indicators/": of_indicators}


def check():
    for language in LANGUAGES:
        for path, expect in EXPECTED.items():
            assert finding_on(Client(), path, language) == expect(language), (language, path)


@pytest.mark.parametrize("states", few_and_many(1, 5))
def test_each_sentence_is_computed_anew_in_every_state(db, states):
    rng = dice(f"findings {states}")
    check()
    for _state in range(states):
        for change in rng.choices(CHANGES, k=3):
            change(rng)
        check()


@pytest.mark.parametrize("left", [0, 2, 3, 4, 6])
def test_few_targets_are_told_in_words_that_fit(db, left):
    rng = dice(f"few targets {left}")
    for target in Target.objects.public().order_by("pk")[left:]:
        workflow.withdraw(target, user=None, note="Entered twice.")
    for language in LANGUAGES:
        assert finding_on(Client(), "targets/", language) == of_targets(language)
    another_target(rng)
    for language in LANGUAGES:
        assert finding_on(Client(), "targets/", language) == of_targets(language)


@pytest.mark.parametrize(
    "path",
    [
        "targets/?region=guangdong",
        "targets/?due=2027",
        "targets/?region=none",
        "indicators/?q=robot",
    ],
)
def test_a_filtered_list_says_nothing_of_the_whole(visitor, path):
    assert finding_on(visitor, path.partition("?")[0], "en")
    assert finding_on(visitor, path, "en") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("query", "silent"), [("region=hainan", None), ("field=future-materials", False)]
)
def test_a_narrowed_timeline_speaks_of_what_it_shows(visitor, language, query, silent):
    total = visitor.get(f"/{language}/timeline.json?{query}").json()["count"]
    said = finding_on(visitor, f"timeline/?{query}", language)

    assert (said is None) == (total < 3) or silent is None
    if said:
        assert "63" not in said


def test_a_series_is_told_from_three_points_on(visitor):
    for indicator in Indicator.objects.public().prefetch_related("points"):
        said = finding_on(visitor, f"indicators/{indicator.slug}/", "en")
        points = [p for p in indicator.points.all() if p.confidence == "verified"]
        places = Counter(p.geography for p in points)
        if said is None:
            is_told_apart = indicator.kind == "rank" or any(p.starts_anew for p in points)
            assert "CN" not in places or places["CN"] < 3 or is_told_apart
            continue
        number = int(re.search(r"(\d+) observations are on record", said)[1])
        assert 3 <= number <= max(places.values())
        with translation.override("en"):
            assert said.startswith(("China: ", "World: ", "United States: ")) or ":" in said
