"""Targets in short: a few of each year in which they fall due, and the way to all of them."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import timezone

from catalog.models import Target
from catalog.promises import awaits_check
from catalog.sums import CURRENCY
from futureind.browse.fragments import rendered_rows
from futureind.browse.results import in_order
from futureind.publishing.models.content_version import ContentVersion

# Of a year that is yet to end, and of one that is over.
SHOWN, SHOWN_OF_THE_PAST = 3, 2


@dataclass(frozen=True)
class DueYear:
    """The targets of one year, None of no stated one: how many, and the first of them as rows.

    ``is_past``: the year has ended; ``is_unchecked``, no check calls any of them met or missed.
    """

    year: int | None
    number: int
    rows: list
    is_past: bool
    is_unchecked: bool

    @property
    def more(self):
        return self.number - len(self.rows)

    @property
    def first_day(self):
        return self.year and date(self.year, 1, 1)

    @property
    def last_day(self):
        return self.year and date(self.year, 12, 31)


class TargetsInShort:
    """Targets as rows of two cells, on a day.

    Parameter: ``is_past``, that the year above them has ended, so that none says so of its own day.
    """

    row_template = "catalog/_target_in_short.html"
    row_name = "target"

    def __init__(self, is_past, day):
        self.is_past, self.day = is_past, day

    @property
    def list_name(self):
        return "targets in short", self.is_past, self.day

    def records_with(self, pks):
        records = in_order(Target.objects.for_rows(), pks)
        for record in records:
            record.table = self
        return records


def due_years(region):
    """Return the DueYears of a region's public targets, the earliest first, undated ones last.

    Sums of money stand first, then other numbers, then what is promised in words.
    """
    today, stamp = timezone.localdate(), ContentVersion.stamp()
    return [
        DueYear(
            year,
            number,
            rendered_rows(TargetsInShort(is_past, today), shown, stamp),
            is_past,
            is_unchecked,
        )
        for year, number, shown, is_past, is_unchecked in due_at(stamp, today, region.pk)
    ]


@lru_cache(maxsize=200)
def due_at(stamp, today, region_pk):
    """Return what each DueYear of a region holds, with the primary keys of its targets shown."""
    targets, years = Target.objects.public().filter(document__region=region_pk), {}
    columns = ["due_date", "value", "unit__factor", "unit__slug", "unit__base_unit__slug"]
    for target in targets.with_verdict().select_related("unit__base_unit").only(*columns):
        years.setdefault(target.due_date and target.due_date.year, []).append(target)
    found = []
    for year, due in sorted(years.items(), key=lambda item: (item[0] is None, item[0])):
        is_past = bool(year) and year < today.year
        shown = sorted(due, key=weight)[: SHOWN_OF_THE_PAST if is_past else SHOWN]
        is_unchecked = all(awaits_check(target, today) for target in due)
        found.append((year, len(due), [target.pk for target in shown], is_past, is_unchecked))
    return found


def weight(target):
    """Return what sorts the targets of a year: sums of money by size before all others."""
    if target.value is None:
        return 2, 0
    unit = target.unit
    if unit and CURRENCY in (unit.slug, unit.base_unit and unit.base_unit.slug):
        return 0, -unit.in_base_unit(target.value)
    return 1, 0
