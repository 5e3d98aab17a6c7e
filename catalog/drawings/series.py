"""Observed series as small multiples: one panel for each place, all on one scale."""

from dataclasses import dataclass

from django.db import models

from catalog.drawings.timeline import country_order
from catalog.geography import geography_name
from catalog.models.observations import IndicatorKind
from catalog.series import CHINA, period_middle

WIDTH, HEIGHT, MARGIN, TOP = 200, 86, 12, 18
# Points of a place that make a picture.
FEWEST = 3
# Years between two periods beyond which one is missing between them.
LONGEST_STEP = 1.6


class Join(models.TextChoices):
    """How two points of one place follow each other."""

    SAME = "same", "same kind of period, none missing between"
    UNLIKE = "unlike", "a period is missing between, or the two are of unlike length"
    BREAK = "break", "measured in another way"


@dataclass(frozen=True)
class Mark:
    """A point of a series in its panel, and how it follows the one before (None for the first)."""

    x: float
    y: float
    point: object
    join: Join | None

    @property
    def label_y(self):
        return round(self.y - 6, 1)


@dataclass(frozen=True)
class Panel:
    """One place: its Marks in order, and the lines between those that may be joined."""

    label: str
    region: object
    marks: list[Mark]

    @property
    def lines(self):
        """``[(from Mark, to Mark, Join), …]``; there is none across a break."""
        pairs = zip(self.marks, self.marks[1:], strict=False)
        return [(one, two, two.join) for one, two in pairs if two.join != Join.BREAK]

    @property
    def breaks(self):
        """The x at which a break stands, half-way between its two points."""
        pairs = zip(self.marks, self.marks[1:], strict=False)
        return [round((a.x + b.x) / 2, 1) for a, b in pairs if b.join == Join.BREAK]

    @property
    def last(self):
        return self.marks[-1]

    @property
    def anchor(self):
        """Where the label of the last value begins or ends, so that it stays in the panel."""
        return "end" if self.last.x > WIDTH * 0.7 else "start"


@dataclass(frozen=True)
class Figure:
    """The panels of an indicator; ``undrawn`` points have a period that is no time."""

    panels: list[Panel]
    undrawn: list
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = MARGIN
    right: int = WIDTH - MARGIN
    base: int = HEIGHT - MARGIN

    @property
    def is_worth_drawing(self):
        """False where no place has three points: two tell no course, and the table says all."""
        return any(len(panel.marks) >= FEWEST for panel in self.panels)

    @property
    def joins(self):
        """The ways in which points follow each other here, for the legend."""
        return {mark.join for panel in self.panels for mark in panel.marks if mark.join}


def figure_of(indicator):
    """Return the Figure of an indicator's public points, which are loaded before."""
    placed, undrawn = [], []
    for point in indicator.public_points:
        (undrawn if period_middle(point.period) is None else placed).append(point)
    if not placed:
        return Figure([], undrawn, "", "")
    placed.sort(key=lambda point: period_middle(point.period))
    first, last = period_middle(placed[0].period), period_middle(placed[-1].period)
    most = max(point.value for point in placed) or 1
    by_place = {}
    for point in placed:
        by_place.setdefault(point.geography, []).append(point)

    def mark(point, before):
        share = (period_middle(point.period) - first) / (last - first) if last > first else 0.5
        height = float(point.value / most)
        if indicator.kind == IndicatorKind.RANK:
            # First place stands on top.
            height = 1 - height * 0.9
        x = MARGIN + share * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - height * (HEIGHT - MARGIN - TOP)
        return Mark(round(x, 1), round(y, 1), point, before and join(before, point))

    panels = [
        Panel(
            geography_name(place),
            points[0].region,
            [mark(p, before) for before, p in zip([None, *points], points, strict=False)],
        )
        for place, points in sorted(by_place.items(), key=lambda item: place_order(item[0]))
    ]
    return Figure(panels, undrawn, placed[0].period, placed[-1].period)


def place_order(place):
    return (place != CHINA, country_order(place))


def join(before, point):
    """Return the Join from one point to the next of the same place."""
    if point.starts_anew:
        return Join.BREAK
    step = period_middle(point.period) - period_middle(before.period)
    alike = len(before.period) == len(point.period)
    return Join.SAME if alike and step <= LONGEST_STEP else Join.UNLIKE
