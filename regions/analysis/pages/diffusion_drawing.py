"""Where everything on the curve of a diffusion stands, in the units of its viewBox."""

from dataclasses import dataclass, field
from datetime import date

# Of a letter of a label, about: there is nothing here to measure it by.
LETTER, WIDE_LETTER = 6.8, 13.0
# Rows for the names of national texts above the curve.
NATIONAL_ROWS, ROW_HEIGHT = 3, 15
GAP = 8
# From the middle of a step down to the foot of its name, beside it and beneath it.
BESIDE, BENEATH = 4, 14


@dataclass(frozen=True)
class Format:
    """A size in which the curve is drawn: with names on its steps, or for a narrow screen."""

    name: str
    width: int
    left: int
    right: int
    bottom: int
    per_step: int
    least: int
    most_years: int
    most_numbers: int
    dot: int
    has_names: bool


WIDE = Format("wide", 1180, 44, 20, 28, 16, 240, 14, 6, 4, True)
NARROW = Format("narrow", 360, 28, 18, 24, 0, 220, 8, 5, 2, False)


@dataclass(frozen=True)
class Mark:
    """A place with its label; ``at_end`` where the label ends there instead of beginning."""

    x: float
    label: str
    y: float = 0
    label_x: float = 0
    label_y: float = 0
    at_end: bool = False
    title: str = ""

    @property
    def anchor(self):
        return "end" if self.at_end else "start"


@dataclass(frozen=True)
class Level:
    y: float
    label: int


@dataclass(frozen=True)
class Curve:
    """The cumulative number of regions over time, national texts as upright lines."""

    format: Format
    path: str
    steps: list[Mark]
    years: list[Mark]
    levels: list[Level]
    nationals: list[Mark]
    height: int
    top: int
    right: int = field(init=False)
    floor: int = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "right", self.format.width - self.format.right)
        object.__setattr__(self, "floor", self.height - self.format.bottom)


def width_of(text):
    """Return about how wide a label is."""
    return sum(LETTER if letter.isascii() else WIDE_LETTER for letter in text)


def draw_curve(steps, nationals, form=WIDE):
    """Return the Curve, None where no region named the thing.

    Parameters: ``steps``, ``(day, name)`` of the regions' first namings, ascending; ``nationals``,
    ``(day, short name, title)`` of the national texts, ascending; ``form``, its Format.
    """
    if not steps:
        return None
    everything = [day for day, *_names in [*steps, *nationals]]
    first, last = date(min(everything).year, 1, 1), date(max(everything).year + 1, 1, 1)
    span = (last - first).days
    top = (NATIONAL_ROWS if form.has_names and nationals else 0) * ROW_HEIGHT + 12
    height = top + form.bottom + max(form.per_step * len(steps), form.least)

    def x(day):
        return round(
            form.left + (form.width - form.left - form.right) * (day - first).days / span, 1
        )

    def y(number):
        return round(height - form.bottom - (height - top - form.bottom) * number / len(steps), 1)

    lines = [x(day) for day, *_names in nationals]
    path = [f"M{x(steps[0][0])} {y(0)}"]
    marks = []
    for number, (day, name) in enumerate(steps, 1):
        path.append(f"H{x(day)}V{y(number)}")
        marks.append(step_mark(x(day), y(number), name, lines, form))
    path.append(f"H{x(max(everything))}")
    step = -(-(last.year - first.year) // form.most_years)
    rise = -(-len(steps) // form.most_numbers)
    return Curve(
        form,
        "".join(path),
        marks,
        [Mark(x(date(year, 1, 1)), str(year)) for year in range(first.year, last.year + 1, step)],
        [Level(y(number), number) for number in range(0, len(steps) + 1, rise)],
        national_marks(nationals, lines, form),
        height,
        top,
    )


def step_mark(x, y, name, lines, form):
    """Return the Mark of a step: its name left of it, or beneath where a line would cross that."""
    if not form.has_names:
        return Mark(x, "", y)
    starts = x - GAP - width_of(name)
    is_crossed = starts < form.left or any(starts < line < x for line in lines)
    if is_crossed and x + GAP + width_of(name) < form.width:
        return Mark(x, name, y, x + GAP, y + BENEATH, title=name)
    return Mark(x, name, y, x - GAP, y + BESIDE, at_end=True, title=name)


def national_marks(nationals, lines, form):
    """Return the Marks of national texts, named in rows above the curve as far as there is room."""
    taken, marks = [form.left] * NATIONAL_ROWS, []
    for x, (_day, name, title) in zip(lines, nationals, strict=True):
        width = width_of(name)
        at_end = x + 4 + width > form.width
        starts = x - 4 - width if at_end else x + 4
        row = next((row for row, end in enumerate(taken) if end <= starts), None)
        if not form.has_names or row is None:
            marks.append(Mark(x, "", title=title))
            continue
        taken[row] = starts + width + GAP
        label_x = round(x - 4 if at_end else x + 4, 1)
        y = (row + 1) * ROW_HEIGHT - 3
        marks.append(Mark(x, name, y, label_x, y, at_end, title))
    return marks
