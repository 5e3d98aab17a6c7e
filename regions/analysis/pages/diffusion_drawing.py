"""Where everything on the curve of a diffusion stands, in the units of its viewBox."""

from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 36, 16, 34, 28
# Labels that fit beside each other.
MOST_YEARS, MOST_NUMBERS = 12, 6


@dataclass(frozen=True)
class Mark:
    x: float
    label: str
    title: str = ""


@dataclass(frozen=True)
class Level:
    y: float
    label: int


@dataclass(frozen=True)
class Curve:
    """The cumulative number of regions over time, national texts as upright lines."""

    path: str
    years: list[Mark]
    levels: list[Level]
    nationals: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    floor: int = HEIGHT - BOTTOM
    year_y: int = HEIGHT - 8


def draw_curve(days, nationals):
    """Return the Curve, None where no region named the thing.

    Parameters: ``days`` of the regions' first namings, ascending; ``nationals``, ``(day, title)``
    of the national texts in the order of their numbers.
    """
    if not days:
        return None
    everything = [*days, *(day for day, _title in nationals)]
    first = date(min(everything).year, 1, 1)
    last = date(max(everything).year + 1, 1, 1)
    span = (last - first).days

    def x(day):
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span, 1)

    def y(number):
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * number / len(days), 1)

    path = [f"M{x(days[0])} {y(0)}"]
    for number, day in enumerate(days, 1):
        path.append(f"H{x(day)}V{y(number)}")
    path.append(f"H{x(max(everything))}")
    step = -(-(last.year - first.year) // MOST_YEARS)
    rise = -(-len(days) // MOST_NUMBERS)
    return Curve(
        "".join(path),
        [Mark(x(date(year, 1, 1)), str(year)) for year in range(first.year, last.year + 1, step)],
        [Level(y(number), number) for number in range(0, len(days) + 1, rise)],
        [Mark(x(day), str(number), title) for number, (day, title) in enumerate(nationals, 1)],
    )
