"""The sentences on top of targets, timeline and indicators, from plain questions."""

from collections import Counter

from django.utils import timezone

from catalog.models import (
    Indicator,
    Milestone,
    PolicyDocument,
    Target,
)


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
