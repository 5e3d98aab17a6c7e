"""Where everything on a timeline's picture stands, in the units of its viewBox."""

import datetime
from dataclasses import dataclass

from catalog.geography import geography_name
from catalog.models.observations import MilestoneState
from catalog.timeline import EventKind

WIDTH, MARGIN = 1000, 8
LANE, ROW, HEAD, AXIS = 74, 20, 20, 24
TALLEST = LANE - HEAD - 16
DOT, STACK = 9, 6
# Of a telephone.
NARROW = 340
# Room for a label of the axis, and for the number above a bar.
LABEL, NUMBER = 62, 18


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    number: int
    label: str
    is_told: bool

    @property
    def middle(self):
        return round(self.x + self.width / 2, 1)

    @property
    def above(self):
        return round(self.y - 3, 1)


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    entry: object

    @property
    def shape(self):
        return self.entry.record.state

    @property
    def is_square(self):
        return self.shape == MilestoneState.SLIPPED


@dataclass(frozen=True)
class Slip:
    """A milestone that moved: an arrow from its first date to the one on record.

    ``points`` are the dates between the two. One that was given up for an earlier one would stand
    after the end, as if it came later, so it is told in words alone.
    """

    entry: object
    y: float
    start: float
    points: list[float]
    x: float

    @property
    def first(self):
        return min(self.start, self.x)

    @property
    def name(self):
        return self.entry.heading.plain

    @property
    def all_points(self):
        return [self.start, *self.points]

    @property
    def head(self):
        """The x of the point of the arrow and of its back, before the mark of the milestone."""
        way = -1 if self.x < self.start else 1
        return round(self.x - 5 * way, 1), round(self.x - 12 * way, 1)

    @property
    def text_above(self):
        return round(self.y - 6, 1)


@dataclass(frozen=True)
class Lane:
    """A strip of the picture under its heading: bars, dots or slips."""

    label: str
    y: float
    base: float
    bars: list
    dots: list
    slips: list

    @property
    def text_y(self):
        return self.y + 13


@dataclass(frozen=True)
class Drawing:
    """A picture as lanes over an axis; ``ticks`` is ``[(x, label), …]``."""

    height: float
    lanes: list
    ticks: list
    lines: list
    today: float | None
    width: int = WIDTH

    @property
    def is_narrow(self):
        return self.width < WIDTH

    @property
    def letters(self):
        """How many letters of the name of a milestone that moved there is room for."""
        return 28 if self.is_narrow else 60

    @property
    def names_turn(self):
        """Beyond which x a name ends at its milestone, so that it stays in the picture."""
        return self.width * (0.5 if self.is_narrow else 0.65)

    @property
    def axis(self):
        return self.height - AXIS

    @property
    def tick_y(self):
        return self.height - 7


class Axis:
    """Places days and bins from left to right."""

    def __init__(self, bins, width):
        self.bins, self.width = bins, width
        self.step = (width - 2 * MARGIN) / len(bins)
        self.place = {one.label: number for number, one in enumerate(bins)}

    def left(self, number):
        return round(MARGIN + number * self.step, 1)

    def at(self, day):
        """Return the x of a day; days beyond the axis stand at its ends."""
        first, last = self.bins[0].first, self.bins[-1].last + datetime.timedelta(days=1)
        share = (day - first).days / (last - first).days
        return round(MARGIN + min(max(share, 0), 1) * (self.width - 2 * MARGIN), 1)


def drawing_of(timeline, width=WIDTH):
    """Return the Drawing of a timeline so many units wide, None where it has no bins."""
    if not timeline.bins:
        return None
    axis = Axis(timeline.bins, width)
    lanes, y = [], 0
    for kind in (EventKind.DOCUMENT, EventKind.TARGET):
        if kind in timeline.counts:
            lanes.append(bar_lane(kind.label, timeline.counts[kind], axis, y))
            y += LANE
    events = timeline.milestones
    for geography in sorted({entry.geography for entry in events}, key=country_order):
        found = [entry for entry in events if entry.geography == geography]
        lane, y = event_lane(geography_name(geography), found, axis, y)
        lanes.append(lane)
    every = -(-len(axis.bins) * LABEL // width)
    ticks = [
        (round(axis.left(number) + axis.step / 2, 1), one.label)
        for number, one in enumerate(axis.bins)
        if number % every == 0
    ]
    lines = [axis.left(number) for number in range(0, len(axis.bins) + 1, every)]
    first, last = axis.bins[0].first, axis.bins[-1].last
    today = axis.at(timeline.today) if first <= timeline.today <= last else None
    return Drawing(y + AXIS, lanes, ticks, lines, today, width)


def country_order(geography):
    # China first, the world last, others between them by code.
    return {"CN": (0, ""), "world": (2, "")}.get(geography, (1, geography))


def bar_lane(label, numbers, axis, y):
    most = max(numbers.values(), default=1)
    base = y + LANE - 6
    bars = []
    for text, number in numbers.items():
        if text in axis.place:
            height = round(max(2, TALLEST * number / most), 1)
            left = axis.left(axis.place[text])
            width = round(min(axis.step * 0.7, 40), 1)
            x = round(left + (axis.step - width) / 2, 1)
            # Beside each other numbers need room; that of the highest bar always has it.
            is_told = axis.step >= NUMBER or number == most
            bars.append(Bar(x, round(base - height, 1), width, height, number, text, is_told))
    return Lane(label, y, base, sorted(bars, key=lambda bar: bar.x), [], [])


def event_lane(label, entries, axis, y):
    """Return the Lane of one country's milestones, and where the next lane begins."""
    steady = [entry for entry in entries if not entry.has_moved]
    moved = [entry for entry in entries if entry.has_moved]
    levels, stacked = [], {}
    for entry in steady:
        number = int(axis.at(entry.day) // (DOT + 1))
        # Beyond the height of the lane marks lie on each other; the list tells them apart.
        levels.append(min(stacked.get(number, 0), STACK - 1))
        stacked[number] = levels[-1] + 1
    base = y + HEAD + (max(levels) + 1) * DOT if steady else y + HEAD
    dots = [
        Dot(axis.at(entry.day), round(base - 5 - level * DOT, 1), entry)
        for entry, level in zip(steady, levels, strict=True)
    ]
    slips = []
    for number, entry in enumerate(moved):
        row = base + 14 + number * (ROW + 8)
        start, *points = [axis.at(day) for day, _precision in entry.record.stations[:-1]]
        x = axis.at(entry.day)
        between = [point for point in points if min(start, x) <= point <= max(start, x)]
        slips.append(Slip(entry, row, start, between, x))
    return Lane(label, y, base, [], dots, slips), base + 14 + len(moved) * (ROW + 8)
