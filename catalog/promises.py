"""Promises side by side: what is due, the words that qualify a number, the same metric elsewhere.

Numbers of several texts are never added, for texts differ in what they cover, and never ranked.
"""

import datetime
import re
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Target, Unit
from catalog.models.commitments import NO_VERDICT, Comparator, TargetKind, Verdict

OPEN = [Verdict.ON_TRACK, Verdict.NOT_ASSESSABLE, NO_VERDICT]
NUMERAL = "[0-9０-９一二三四五六七八九十百千万亿两]"
# The words that limit a number, each where it stands at one: 突破 before a technology is a verb,
# 约 after 节 is another word, and 省级及以上 limits no number.
QUALIFIERS = [
    ("左右", _("about"), rf"{NUMERAL}[^，。；、年]{{0,8}}左右"),
    ("约", _("about"), rf"(?<![节契制])约{NUMERAL}"),
    ("以上", _("at least"), rf"{NUMERAL}[^，。；、年]{{0,8}}(?<!及)以上"),
    ("不低于", _("at least"), rf"不低于{NUMERAL}"),
    ("不少于", _("at least"), rf"不少于{NUMERAL}"),
    ("超过", _("over"), rf"超过{NUMERAL}"),
    ("突破", _("over"), rf"突破{NUMERAL}[0-9.,]*(?:万?亿|万|%|％)"),
    ("力争", _("strives for"), "力争"),
    ("争取", _("strives for"), "争取"),
]
# What each of them says by itself of the number; 力争 and 争取 say something of the promise.
COMPARATORS = {
    **dict.fromkeys(["左右", "约"], Comparator.ABOUT),
    **dict.fromkeys(["以上", "不低于", "不少于"], Comparator.AT_LEAST),
    **dict.fromkeys(["超过", "突破"], Comparator.MORE_THAN),
}
MOST_METRICS, MOST_COMPARED = 100, 300


@dataclass(frozen=True)
class DueGroup:
    """A group of targets as the parameters of the list that shows it."""

    key: str
    label: str
    parameters: dict


def due_groups(today):
    """Return the DueGroups on a day: overdue, due within a year, met, missed, without a check.

    A target is overdue when its day has passed and no check calls it met or missed; that nobody
    has checked it makes it no missed one.
    """
    return [
        DueGroup(
            "overdue",
            _("overdue, not known to be met or missed"),
            {"verdict": list(OPEN), "due_before": [day_before(today)]},
        ),
        DueGroup(
            "within-a-year",
            _("due within a year"),
            {"due_after": [today], "due_before": [year_after(today)]},
        ),
        DueGroup("met", _("met"), {"verdict": [Verdict.MET]}),
        DueGroup("missed", _("missed"), {"verdict": [Verdict.MISSED]}),
        DueGroup("no-check", _("no check recorded"), {"verdict": [NO_VERDICT]}),
    ]


def day_before(day):
    return day - datetime.timedelta(days=1)


def year_after(day):
    """Return the same day of the next year, 28 February after a 29th."""
    if (day.month, day.day) == (2, 29):
        return datetime.date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def is_overdue(target, today):
    """True where the day of a target (with its ``verdict``) has passed without met or missed."""
    passed = target.due_date is not None and target.due_date < today
    return passed and (target.verdict or NO_VERDICT) in OPEN


def qualifiers(target):
    """Return ``[(word as printed, its meaning), …]`` of what qualifies a target's number."""
    text = f"{target.value_text_zh}。{target.statement_zh}"
    return [(word, meaning) for word, meaning, place in QUALIFIERS if re.search(place, text)]


def comparator_word(target):
    """Return the text's own word for the comparator of a target, "" where it has none."""
    words = (word for word, _meaning in qualifiers(target))
    return next((word for word in words if COMPARATORS.get(word) == target.comparator), "")


@dataclass
class Comparison:
    """One metric in one unit: what the nation promises, and what regions promise."""

    metric: object
    unit: Unit
    national: list[Target] = field(default_factory=list)
    regional: list[Target] = field(default_factory=list)

    @property
    def is_worth_showing(self):
        return len(self.national) + len(self.regional) > 1


def comparisons_of(targets):
    """Return the Comparisons in which some targets stand, those with nothing beside them left out.

    The metric is the same where its Chinese name and its unit are; no judgement goes into it.
    """
    wanted = {metric_of(t) for t in targets if t.value is not None and t.unit_id and t.metric_zh}
    if not wanted:
        return []
    same = Q()
    for metric, unit in sorted(wanted)[:MOST_METRICS]:
        same |= Q(metric_zh=metric, unit=unit)
    measured = Target.objects.public().filter(kind=TargetKind.QUANTITATIVE)
    others = measured.filter(metric_zh=OuterRef("metric_zh"), unit=OuterRef("unit"))
    by_date = [F("due_date").asc(nulls_last=True), "document__region__code", "id"]
    found = (
        measured.filter(same, Exists(others.exclude(pk=OuterRef("pk"))))
        .select_related("unit__base_unit", "document__region")
        .order_by(*by_date)[:MOST_COMPARED]
    )
    comparisons = {}
    for target in found:
        comparison = comparisons.setdefault(
            metric_of(target), Comparison(target.metric, target.unit)
        )
        side = comparison.regional if target.document.region_id else comparison.national
        side.append(target)
    return [c for c in comparisons.values() if c.is_worth_showing]


def metric_of(target):
    return target.metric_zh, target.unit_id
