"""Groups of options as the form of a list offers them: what can give results."""

from dataclasses import dataclass, field
from typing import NamedTuple

from futureind.browse.addresses import ALL, canonical_query, replaced, with_query

# Options of a group that stand there at once; the others are behind "more".
OPTIONS_SHOWN = 12
# The first groups of a form stand open. A later one of more than a few options is a link to itself,
# so that no form has more controls than a reader looks through.
GROUPS_OPEN = 4
A_FEW = 6


class Option(NamedTuple):
    """An option with the number of results that it would give.

    It is a box that sends ``value`` or, where it has an ``address``, a link to there.
    """

    value: str
    label: str
    count: int
    is_ticked: bool = False
    depth: int = 0
    address: str = ""


@dataclass
class OptionGroup:
    """A group of options as browse/_facet.html shows it.

    Parameters: ``name`` of the parameter; ``options``, those that stand there; ``rest``, how many
    more there are, and ``more_address``, where they stand; ``fewer_address`` leads back from there;
    ``is_open``, whether the group stands open at first.
    """

    name: str
    label: str
    options: list[Option]
    note: str = ""
    errors: list[str] = field(default_factory=list)
    rest: int = 0
    more_address: str = ""
    fewer_address: str = ""
    is_open: bool = True

    @property
    def is_empty(self):
        return not (self.options or self.rest or self.errors)

    @property
    def is_long(self):
        return len(self.options) > OPTIONS_SHOWN + self.ticked

    @property
    def ticked(self):
        """The number of options that are ticked."""
        return sum(option.is_ticked for option in self.options)


def available_options(choices, counts, chosen):
    """Return the Options that can give results or are ticked, in their own order.

    Parameters: ``choices`` of a facet; ``counts``, ``{value: number of results}``; ``chosen``, the
    values that are set.
    """
    return [
        Option(choice.value, choice.label, count, choice.value in chosen, choice.depth)
        for choice in choices
        if (count := counts.get(choice.value, 0)) or choice.value in chosen
    ]


def largest(options, number):
    """Return so many Options with most results, and after them all others that are ticked."""
    ranked = sorted(options, key=lambda option: option.count, reverse=True)
    shown = ranked[:number] + [option for option in ranked[number:] if option.is_ticked]
    # Away from those above them, they do not show how deep they stand.
    return [option._replace(depth=0) for option in shown]


def shown_at_once(options, *, place):
    """Return which of a group's available Options stand in a form before "more" is asked for.

    Parameter: ``place`` of the group in the form.
    """
    is_asked = place < GROUPS_OPEN or any(option.is_ticked for option in options)
    if not is_asked and len(options) > A_FEW:
        return []
    # Few stand in an order that their readers know, such as that of the six fields.
    return options if len(options) <= OPTIONS_SHOWN else largest(options, OPTIONS_SHOWN)


def option_groups(filterset):
    """Return the OptionGroups of a list's form; each counts under all filters but its own."""
    found = (group_of(filterset, facet, place) for place, facet in enumerate(filterset.offered))
    return [group for group in found if filterset.offers(group)]


def group_of(filterset, facet, place):
    """Return the OptionGroup of a facet that stands at a place of the form."""
    name, errors = facet.name, filterset.form.errors.get(facet.name, [])
    chosen = filterset.form.cleaned_data.get(name) or ()
    counts = filterset.results.facet_counts(facet)
    options = available_options(facet.choices, counts, chosen)
    few, is_whole = shown_at_once(options, place=place), name in filterset.whole
    rest = len(options) - len(few)
    return OptionGroup(
        name,
        facet.label,
        options if is_whole else few,
        facet.note,
        errors,
        rest=0 if is_whole else rest,
        more_address="" if is_whole or not rest else with_whole(filterset, name),
        fewer_address=with_whole(filterset, name) if is_whole and rest else "",
        is_open=bool(place < GROUPS_OPEN or chosen or errors or is_whole),
    )


def with_whole(filterset, name):
    """Return the address of the same results with a group whole, or no longer so."""
    asked = replaced(filterset.data, **{ALL: None})
    asked.setlist(ALL, filterset.whole ^ {name})
    query = canonical_query(asked, filterset.base_filters)
    return with_query(filterset.request.path, query)
