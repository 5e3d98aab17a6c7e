"""Targets, timeline and indicators begin with what plain questions of the database give."""

import datetime
import re
from collections import Counter

import pytest
from django.test import Client
from django.utils import timezone, translation

from catalog.models import (
    Indicator,
    IndicatorPoint,
    IndustryField,
    Milestone,
    PolicyDocument,
    Target,
    Unit,
)
from catalog.models.commitments import Verdict
from futureind.publishing import workflow
from futureind.publishing.history import record as keep
from futureind.publishing.models.revisions import Action
from tests.browse.findings_said import finding_on
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


# What each sentence is to say


def in_language(language, english, chinese):
    return english if language == "en" else chinese


def many(number, one, several):
    return one if number == 1 else several


def of_targets(language):
    today = timezone.localdate()
    rows = list(Target.objects.public().with_verdict().values_list("due_date", "verdict"))
    if len(rows) < 3:
        return None
    years = Counter(day.year for day, _verdict in rows if day)
    most = max(years.values(), default=0)
    first = sorted(year for year, number in years.items() if number == most)
    n, fall = len(rows), many(most, "falls", "fall")
    more = ", more than in any other year"
    if not first:
        said = ("none of them with a date", "，均未载明期限")
        lead = in_language(
            language, f"{n} targets are on record, {said[0]}.", f"已收录目标{n}项{said[1]}。"
        )
    elif len(first) == 1:
        end = ", the only one that states a date" if most == 1 else more
        lead = in_language(
            language,
            f"{n} targets are on record; {most} {fall} due in {first[0]}{end}.",
            f"已收录目标{n}项；{first[0]}年到期的最多，有{most}项。",
        )
    elif len(first) == 2:
        english = (
            f"one falls due in {first[0]} and one in {first[1]}"
            if most == 1
            else f"{most} fall due in {first[0]} and as many in {first[1]}{more}"
        )
        lead = in_language(
            language,
            f"{n} targets are on record; {english}.",
            f"已收录目标{n}项；{first[0]}年和{first[1]}年"
            + ("各有1项到期。" if most == 1 else f"到期的最多，各有{most}项。"),
        )
    else:
        english = (
            "no year has more than one of them"
            if most == 1
            else f"{most} fall due in each of {len(first)} years, more than in any other"
        )
        lead = in_language(
            language,
            f"{n} targets are on record; {english}.",
            f"已收录目标{n}项；"
            + (
                "每年到期的至多1项。"
                if most == 1
                else f"有{len(first)}个年份到期的最多，各有{most}项。"
            ),
        )
    return lead + in_language(language, " ", "") + outcomes(language, rows, today)


def outcomes(language, rows, today):
    verdicts = [verdict for day, verdict in rows if day and day < today]
    passed, met, missed = len(verdicts), verdicts.count("met"), verdicts.count("missed")
    if not passed:
        return in_language(language, "No date has passed yet.", "目前均未到期。")
    dates = in_language(
        language, f"{passed} {many(passed, 'date has', 'dates have')} passed", f"已到期{passed}项"
    )
    if not met + missed:
        return dates + in_language(
            language,
            ", and no outcome is on record, so nothing is called met or missed.",
            "，尚无核查结果，是否达成不作判断。",
        )
    known = [
        in_language(language, english, chinese)
        for number, english, chinese in (
            (met, f"{met} recorded as met", f"经核查已达成{met}项"),
            (missed, f"{missed} recorded as missed", f"经核查未达成{missed}项"),
        )
        if number
    ]
    known, rest = in_language(language, ", ", "、").join(known), passed - met - missed
    other = many(rest, "one", str(rest))
    unknown = in_language(
        language, f"; how the other {other} went is not known", f"；其余{rest}项结果不详"
    )
    return in_language(
        language,
        f"{dates}: {known}{unknown if rest else ''}.",
        f"{dates}，其中{known}{unknown if rest else ''}。",
    )


def apart(first, last):
    """Return 1, 0 or -1: whether a milestone moved later, by the coarser of two precisions."""
    digits = {"year": 4, "month": 7, "day": 10}
    (one, a), (other, b) = first, last
    length = min(digits[a], digits[b])
    one, other = str(one)[:length], str(other)[:length]
    return (other > one) - (other < one)


def of_timeline(language):
    documents = list(PolicyDocument.objects.public().values_list("date", flat=True))
    targets = list(Target.objects.public().values_list("due_date", flat=True))
    milestones = list(Milestone.objects.public().prefetch_related("superseded_dates"))
    kinds = [
        (documents, ("documents", "的文件", "各时段的文件", "份")),
        ([m.date for m in milestones], ("milestones", "的里程碑", "各时段的里程碑", "项")),
        (targets, ("targets due", "到期的目标", "各时段到期的目标", "项")),
    ]
    if sum(1 for days, _words in kinds for day in days if day) < 3:
        return None
    clauses = []
    for days, (english, chinese, each, unit) in [kinds[0], kinds[2], kinds[1]]:
        years = Counter(day.year for day in days if day)
        total, most = sum(years.values()), max(years.values(), default=0)
        first = [year for year, number in years.items() if number == most]
        if total < 3:
            continue
        if len(first) == 1:
            clauses.append(
                in_language(
                    language,
                    f"{first[0]} has the most {english}, {most} of {total}",
                    f"{first[0]}年{chinese}最多，{total}{unit}中占{most}{unit}",
                )
            )
        else:
            clauses.append(
                in_language(
                    language,
                    f"no stretch has more than {most} of the {total} {english}",
                    f"{each}至多{most}{unit}，共{total}{unit}",
                )
            )
    if not clauses:
        return None
    lead = in_language(language, "; ", "；").join(clauses[:2])
    lead = lead[0].upper() + lead[1:] + in_language(language, ".", "。")
    rest = [*moved(language, milestones), *left_out(language, [*documents, *targets])]
    return in_language(language, " ", "").join([lead, *rest])


def moved(language, milestones):
    ways = Counter()
    for milestone in milestones:
        dates = [(slip.date, slip.precision) for slip in milestone.superseded_dates.all()]
        own = (milestone.date, milestone.precision)
        if dates and dates != [own]:
            ways[apart(dates[0], own)] += 1
    total = sum(ways.values())
    if not total:
        return
    parts = [
        in_language(language, english, chinese)
        for number, english, chinese in (
            (ways[1], f"{ways[1]} later", f"推迟{ways[1]}项"),
            (ways[-1], f"{ways[-1]} earlier", f"提前{ways[-1]}项"),
            (ways[0], f"{ways[0]} there and back", f"回到最初日期{ways[0]}项"),
        )
        if number
    ]
    dates = many(total, "date of 1 milestone", f"dates of {total} milestones")
    yield in_language(
        language,
        f"The {dates} moved: {', '.join(parts)}.",
        f"有{total}项里程碑的日期作过调整：{'、'.join(parts)}。",
    )


def left_out(language, days):
    number = days.count(None)
    if number:
        records = many(number, "record without a date is", "records without a date are")
        yield in_language(
            language,
            f"{number} {records} left out.",
            f"另有{number}条记录未载明日期，未列入。",
        )


def of_indicators(language):
    series = [
        [p for p in indicator.points.all() if p.confidence == "verified"]
        for indicator in Indicator.objects.public().prefetch_related("points")
    ]
    if len(series) < 3:
        return None
    longest = [max(Counter(p.geography for p in s).values(), default=0) for s in series]
    long, single, none = (sum(map(f, longest)) for f in (lambda n: n >= 3, (1).__eq__, (0).__eq__))
    total = len(series)
    if long:
        have = many(long, "has three points or more and so shows a course", "")
        have = have or "have three points or more and so show a course"
        lead = in_language(
            language,
            f"Of {total} series, {long} {have}.",
            f"{total}个指标系列中，有{long}个具备三个以上数据点，可以看出走势。",
        )
    else:
        lead = in_language(
            language,
            f"Of {total} series none has three points yet, so none shows a course.",
            f"{total}个指标系列均不足三个数据点，尚看不出走势。",
        )
    newest = Counter(max(year_of(p) for p in s) for s in series if s)
    parts = []
    if newest:
        year = max(newest)
        number = newest[year]
        were = many(number, "was", "were")
        parts.append(
            in_language(
                language,
                f"{number} {were} last observed in {year}",
                f"{number}个的最新数据为{year}年",
            )
        )
    if single:
        english = many(
            single,
            "1 has a single observation, which tells no trend",
            f"{single} have a single observation each, which tells no trend",
        )
        parts.append(in_language(language, english, f"{single}个只有一个数据点，看不出趋势"))
    if none:
        english = f"{none} {many(none, 'has', 'have')} none yet"
        parts.append(in_language(language, english, f"{none}个尚无数据"))
    if not parts:
        return lead
    rest = in_language(language, "; ", "；").join(parts) + in_language(language, ".", "。")
    return lead + in_language(language, " ", "") + rest


def year_of(point):
    return point.as_of.year if point.as_of else int(point.period[:4])


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
