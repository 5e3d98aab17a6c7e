"""What stands above the list of targets: its tabs by time, and its strip of years."""

from dataclasses import dataclass
from itertools import pairwise

from catalog.models.commitments import NO_DUE
from catalog.promises import DUE_PARAMETERS, day_before, due_groups
from futureind.browse.addresses import replaced

# Years without any target that the strip shows between two with some.
LONGEST_GAP = 5


def tabs_by_time(view, today):
    """Return ``(label, count, address, is current)`` of the groups by what is due, and how it went.

    Each counts under the other filters that are set, in the same way as the list it leads to.
    Empty groups are left out, but all of them together and the current one.
    """
    asked, tabs = view.request.GET, []
    for group in due_groups(today):
        query = replaced(asked, **dict.fromkeys(DUE_PARAMETERS), page=None)
        for name, values in group.parameters.items():
            query.setlist(name, values)
        number, is_current = view.count_under(query), set_by_time(asked) == group.parameters
        if number or is_current or not group.parameters:
            tabs.append((group.label, number, f"?{view.query_of(query)}", is_current))
    return tabs


def set_by_time(asked):
    """Return what of the parameters decides which tab is the current one: years may be chosen."""
    found = {name: asked.getlist(name) for name in DUE_PARAMETERS}
    found["due"] = [value for value in found["due"] if value == NO_DUE]
    return {name: values for name, values in found.items() if values}


@dataclass(frozen=True)
class YearDue:
    """A year: how many targets fall due, and of how many of them the day has passed.

    ``address`` sets the year in the list, or takes it back where it is set.
    """

    year: int
    number: int
    passed: int
    address: str
    is_current: bool

    @property
    def century(self):
        """The digits that a narrow screen leaves out."""
        return str(self.year)[:-2]

    @property
    def short(self):
        return str(self.year)[-2:]


@dataclass(frozen=True)
class YearStrip:
    """The YearDue of each year in which targets fall due under the other filters."""

    years: list

    def __iter__(self):
        return iter(self.years)

    def __len__(self):
        return len(self.years)

    @property
    def most(self):
        return max((year.number for year in self.years), default=0)

    @property
    def any_passed(self):
        return any(year.passed for year in self.years)


def year_strip(view, today):
    """Return the YearStrip of the list of targets."""
    filterset = view.filterset
    counts = filterset.results.facet_counts(filterset.filters["due"])
    counts = {int(value): n for value, n in counts.items() if n and value != NO_DUE}
    chosen = filterset.form.cleaned_data.get("due") or ()
    current = {int(value) for value in chosen if value != NO_DUE}
    passed = {year: number for year, number in counts.items() if year < today.year}
    if today.year in counts:
        until = {"due": str(today.year), "due_before": str(day_before(today)), "page": None}
        number = view.count_under(replaced(view.request.GET, **until))
        passed[today.year] = min(number, counts[today.year])
    return YearStrip(
        [
            YearDue(
                year,
                counts.get(year, 0),
                passed.get(year, 0),
                "?" + view.query(due=None if year in current else str(year), page=None),
                year in current,
            )
            for year in with_gaps(sorted(counts.keys() | current))
        ]
    )


def with_gaps(years):
    """Return years in order with those between them, but for long stretches without any."""
    found = years[:1]
    for before, year in pairwise(years):
        found += [*range(before + 1, year)] if year - before <= LONGEST_GAP else []
        found.append(year)
    return found
