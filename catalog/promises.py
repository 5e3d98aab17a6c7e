"""Promises side by side: what is due, the words that qualify a number, the same metric elsewhere.

Numbers of several texts are never added, for texts differ in what they cover, and never ranked.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Target, Unit
from catalog.models.commitments import NO_DUE, NO_VERDICT, Comparator, TargetKind, Verdict
from catalog.numbers import chinese_number, raw

NUMBER = re.compile(r"\d+(?:\.\d+)?")
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


# What says when targets fall due, how they went and whether their text has ended.
DUE_PARAMETERS = ("verdict", "texts", "due", "due_after", "due_before")


def due_groups(today):
    """Return the DueGroups on a day: all, passed and not checked, checked, still to come, …

    A target waits for a check when its day has passed and none is recorded; that nobody has
    checked it makes it no missed one.
    """
    checked = [verdict.value for verdict in Verdict]
    return [
        DueGroup("all", _("All"), {}),
        DueGroup(
            "passed",
            _("Date passed – not checked"),
            {"verdict": [NO_VERDICT], "due_before": [str(day_before(today))]},
        ),
        DueGroup("checked", _("Checked"), {"verdict": checked}),
        DueGroup("later", _("Due later"), {"due_after": [str(today)]}),
        DueGroup("undated", pgettext_lazy("of targets", "No date"), {"due": [NO_DUE]}),
        DueGroup("ended", _("In texts no longer in force"), {"texts": ["ended"]}),
    ]


def day_before(day):
    return day - datetime.timedelta(days=1)


def awaits_check(target, today):
    """True where the day of a target (with its ``verdict``) has passed and nobody checked it."""
    return target.due_date is not None and target.due_date < today and not target.verdict


def qualifiers(target):
    """Return ``[(word as printed, its meaning), …]`` of what qualifies a target's number."""
    text = f"{target.value_text_zh}。{target.statement_zh}"
    return [(word, meaning) for word, meaning, place in QUALIFIERS if re.search(place, text)]


def prints_otherwise(target):
    """True where a target's number is printed in other digits than those of its value.

    Such are 百项 for 100 and 1.8亿千瓦 for 180 GW; 5000亿元 has the digits of its value.
    """
    printed = NUMBER.findall(unicodedata.normalize("NFKC", target.value_text_zh).replace(",", ""))
    values = [value for value in (target.value, target.value_max) if value is not None]
    written = {spelling for value in values for spelling in (raw(value), chinese_number(value))}
    return bool(target.value_text_zh) and not (
        printed and set(printed) <= {digits for text in written for digits in NUMBER.findall(text)}
    )


def further_words(target):
    """Return the ``(word, meaning)`` of :func:`qualifiers` that the comparator does not say."""
    return [
        (word, meaning)
        for word, meaning in qualifiers(target)
        if COMPARATORS.get(word) != target.comparator
    ]


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
