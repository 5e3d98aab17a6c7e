"""Documents, milestones and due targets on one axis.

Plain functions over querysets: :func:`timeline_of` answers a :class:`Question`; the page, its
drawing and its downloads show what it returns.
"""

import calendar
import datetime
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.facets import NATIONAL
from catalog.models import Milestone, PolicyDocument, Target, Technology
from catalog.models.commitments import DatePrecision
from catalog.series import CHINA
from futureind.publishing.models.content_version import ContentVersion

MONTHS_AROUND = 12


class EventKind(models.TextChoices):
    DOCUMENT = "document", _("Policy documents")
    MILESTONE = "milestone", _("Milestones")
    TARGET = "target", _("Targets due")


class Scale(models.TextChoices):
    DECADE = "decade", _("by decade")
    YEAR = "year", _("by year")
    MONTH = "month", _("by month")


@dataclass(frozen=True)
class Question:
    """What a timeline is asked: slugs of filters (empty: all), the scale, first and last day."""

    fields: list = field(default_factory=list)
    products: list = field(default_factory=list)
    technologies: list = field(default_factory=list)
    regions: list = field(default_factory=list)
    geographies: list = field(default_factory=list)
    kinds: list = field(default_factory=list)
    scale: str = Scale.YEAR
    start: datetime.date | None = None
    end: datetime.date | None = None

    @property
    def subject(self):
        """What the events are about, whatever the stretch of time."""
        found = (self.fields, self.products, self.technologies, self.regions, self.geographies)
        return tuple(map(tuple, found))


def about(records, question):
    """Return the records that fall under the fields, products and technologies asked for.

    A technology includes those within it.
    """
    if not (question.fields or question.products or question.technologies):
        return records
    if question.fields:
        records = records.filter(field_mappings__field__slug__in=question.fields)
    if question.products:
        records = records.filter(product_mappings__product__slug__in=question.products)
    if question.technologies:
        within = with_descendants(question.technologies)
        records = records.filter(technology_mappings__technology__in=within)
    # A subquery: joins would repeat a record.
    return records.model.objects.filter(pk__in=records.order_by().values("pk"))


def with_descendants(slugs):
    """Return the keys of technologies and of all that stand beneath them."""
    rows = list(Technology.objects.order_by().values_list("pk", "slug", "parent_id"))
    found = {pk for pk, slug, _parent in rows if slug in slugs}
    while more := {pk for pk, _slug, parent in rows if parent in found} - found:
        found |= more
    return found


def in_regions(records, question, path):
    """Return the records of the regions asked for, with their cities, or of the nation."""
    if question.geographies and CHINA not in question.geographies:
        return records.none()
    if not question.regions:
        return records
    condition = Q(**{f"{path}__slug__in": question.regions}) | Q(
        **{f"{path}__parent__slug__in": question.regions}
    )
    if NATIONAL in question.regions:
        condition |= Q(**{f"{path}__isnull": True})
    return records.filter(condition)


def documents(question):
    return in_regions(about(PolicyDocument.objects.public(), question), question, "region")


def targets(question):
    return in_regions(about(Target.objects.public(), question), question, "document__region")


def milestones(question):
    """Milestones belong to countries: where regions are asked for there are none."""
    if question.regions:
        return Milestone.objects.none()
    found = about(Milestone.objects.public(), question)
    return found.filter(geography__in=question.geographies) if question.geographies else found


SOURCES = {
    EventKind.DOCUMENT: (documents, "date"),
    EventKind.MILESTONE: (milestones, "date"),
    EventKind.TARGET: (targets, "due_date"),
}


@dataclass(frozen=True)
class Bin:
    """A stretch of the axis: a decade, a year or a month."""

    label: str
    first: datetime.date
    last: datetime.date


def bins_between(start, end, scale):
    """Return the Bins that cover two days."""
    if scale == Scale.MONTH:
        months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
        return [month_bin(number // 12, number % 12 + 1) for number in months]
    step = 10 if scale == Scale.DECADE else 1
    label = "{0}–{1}" if step > 1 else "{0}"
    return [
        Bin(
            label.format(year, year + step - 1),
            datetime.date(year, 1, 1),
            datetime.date(year + step - 1, 12, 31),
        )
        for year in range(start.year // step * step, end.year + 1, step)
    ]


def month_bin(year, month):
    last = calendar.monthrange(year, month)[1]
    return Bin(
        f"{year}-{month:02}", datetime.date(year, month, 1), datetime.date(year, month, last)
    )


@dataclass(frozen=True)
class Entry:
    """Something on the axis: a document, a milestone or a target on its day."""

    kind: EventKind
    day: datetime.date
    precision: str
    record: models.Model

    @property
    def pk(self):
        return self.record.pk

    @property
    def heading(self):
        return self.record.statement if self.kind == EventKind.TARGET else self.record.title

    @property
    def region(self):
        if self.kind == EventKind.MILESTONE:
            return None
        owner = self.record if self.kind == EventKind.DOCUMENT else self.record.document
        return owner.region

    @property
    def geography(self):
        return self.record.geography if self.kind == EventKind.MILESTONE else CHINA

    @property
    def slips(self):
        """The dates that a milestone had before, in the order in which they were given up."""
        return list(self.record.superseded_dates.all()) if self.is_milestone else []

    @property
    def has_moved(self):
        return self.is_milestone and len(self.record.stations) > 1

    @property
    def is_milestone(self):
        return self.kind == EventKind.MILESTONE

    @property
    def day_field(self):
        """The column that the day comes from, for the marks of doubt."""
        return "due_date" if self.kind == EventKind.TARGET else "date"


@dataclass(frozen=True)
class Timeline:
    """The answer: bins with counts of each kind, and the entries in them.

    ``counts`` is ``{kind: Counter of bin labels}`` of all entries; ``groups`` is ``[(Bin, [Entry,
    …]), …]`` of the part asked for, without the empty ones; ``milestones`` holds all of them, for
    the picture, but those whose day is known less precisely than the scale: they are ``vague``.
    """

    question: Question
    today: datetime.date
    bins: list
    counts: dict
    groups: list
    milestones: list
    vague: list

    @property
    def placed(self):
        """How many entries stand in a bin."""
        return sum(sum(numbers.values()) for numbers in self.counts.values())

    @property
    def total(self):
        return self.placed + len(self.vague)

    @property
    def numbers(self):
        """``{bin label: number}`` of all entries."""
        return sum(self.counts.values(), Counter())

    @property
    def entries(self):
        return [entry for _bin, entries in self.groups for entry in entries] + self.vague

    @property
    def totals(self):
        """``[(kind, number), …]`` of all that stand in a bin."""
        return [(kind, sum(numbers.values())) for kind, numbers in self.counts.items()]


def timeline_of(question, today, part=None):
    """Return the Timeline that answers a question on a day.

    Parameter: ``part``, the first and the last position of the entries to list, all where None.
    """
    kinds = question.kinds or EventKind.values
    found = {kind: SOURCES[kind][0](question) for kind in EventKind if kind in kinds}
    days = {kind: days_of(kind, question) for kind in found}
    start, end = window(question, days, today)
    bins = bins_between(start, end, question.scale)
    start, end = (bins[0].first, bins[-1].last) if bins else (start, end)
    days = {
        kind: {day: number for day, number in numbers.items() if start <= day <= end}
        for kind, numbers in days.items()
    }
    milestones, vague = [], []
    if EventKind.MILESTONE in found:
        records = found[EventKind.MILESTONE].filter(date__range=(start, end))
        milestones, vague = milestones_in(records, question.scale)
        days[EventKind.MILESTONE] = Counter(entry.day for entry in milestones)
    counts = {kind: by_bin(numbers, question.scale) for kind, numbers in days.items()}
    entries = entries_in(found, days, milestones, *(part or (0, None)))
    groups = grouped(entries, bins, question.scale)
    return Timeline(question, today, bins, counts, groups, milestones, vague)


def days_of(kind, question):
    """Return ``{day: number of records}`` of a kind, worked out once while the content stays."""
    found = days_at(ContentVersion.stamp(), kind, question.subject)
    return {day: number for day, number in found.items() if day}


def undated(kind, question):
    """Return how many records of a kind have no day, and so no place on the axis."""
    return days_at(ContentVersion.stamp(), kind, question.subject).get(None, 0)


@lru_cache(maxsize=60)
def days_at(stamp, kind, subject):
    read, column = SOURCES[kind]
    rows = read(Question(*map(list, subject))).order_by().values_list(column)
    return dict(rows.annotate(number=models.Count("pk")))


def milestones_in(records, scale):
    """Return ``(those with a place, those too vague for the scale)`` as Entries, in order."""
    placed, vague = [], []
    for record in records.prefetch_related("superseded_dates").order_by("date", "pk"):
        entry = Entry(EventKind.MILESTONE, record.date, record.precision, record)
        # Held as 31 December, which nobody announced.
        is_vague = scale == Scale.MONTH and record.precision == DatePrecision.YEAR
        (vague if is_vague else placed).append(entry)
    return placed, vague


def entries_in(found, days, milestones, start, stop):
    """Return the Entries from one position to another, in order of time.

    Parameters: ``found``, ``{kind: records}``; ``days``, ``{kind: {day: number}}``;
    ``milestones``, the Entries of those.
    """
    first, last, passed = stretch(sum(map(Counter, days.values()), Counter()), start, stop)
    if first is None:
        return []
    entries = [entry for entry in milestones if first <= entry.day <= last]
    for kind, records in found.items():
        if kind != EventKind.MILESTONE:
            within = records.filter(**{f"{SOURCES[kind][1]}__range": (first, last)})
            entries += as_entries(kind, within)
    kinds = list(EventKind)
    entries.sort(key=lambda entry: (entry.day, kinds.index(entry.kind), entry.pk))
    return entries[start - passed : None if stop is None else stop - passed]


def stretch(numbers, start, stop):
    """Return ``(first day, last day, entries before it)`` of a part of the entries.

    Parameter: ``numbers``, ``{day: number of entries}``. The first day is None where the part
    holds none.
    """
    first = last = None
    passed = before = 0
    for day in sorted(numbers):
        if stop is not None and passed >= stop:
            break
        passed += numbers[day]
        if passed > start:
            if first is None:
                first, before = day, passed - numbers[day]
            last = day
    return first, last, before


def window(question, days, today):
    """Return first and last day: those asked for, else what there is, by month a year each way."""
    if question.scale == Scale.MONTH:
        start = question.start or months_from(question.end or today, -MONTHS_AROUND)
        return start, question.end or months_from(question.start or today, MONTHS_AROUND)
    known = [day for numbers in days.values() for day in numbers]
    start = question.start or min(known, default=today)
    end = question.end or max(known, default=today)
    return min(start, end), max(start, end)


def months_from(day, number):
    """Return the first of the month that is so many months away."""
    months = day.year * 12 + day.month - 1 + number
    return datetime.date(months // 12, months % 12 + 1, 1)


def by_bin(days, scale):
    """Return a Counter of records by the label of their bin, from ``{day: number}``."""
    numbers = Counter()
    for day, number in days.items():
        numbers[label_of(day.year, day.month, scale)] += number
    return numbers


def label_of(year, month, scale):
    if scale == Scale.MONTH:
        return f"{year}-{month:02}"
    first = year // 10 * 10
    return f"{first}–{first + 9}" if scale == Scale.DECADE else str(year)


def as_entries(kind, records):
    """Return the Entries of documents or targets, with all that their lines show."""
    if kind == EventKind.DOCUMENT:
        records = records.select_related("region")
    else:
        records = records.select_related("document__region", "unit__base_unit")
    column = SOURCES[kind][1]
    return [
        Entry(kind, getattr(record, column), precision_of(kind, record), record)
        for record in records.order_by()
    ]


def precision_of(kind, record):
    return record.due_precision if kind == EventKind.TARGET else DatePrecision.DAY


def grouped(entries, bins, scale):
    """Return ``[(Bin, its entries), …]`` without the empty ones."""
    by_label = {one.label: [] for one in bins}
    for entry in entries:
        by_label[label_of(entry.day.year, entry.day.month, scale)].append(entry)
    return [(one, by_label[one.label]) for one in bins if by_label[one.label]]
