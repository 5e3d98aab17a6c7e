"""Groups of options as the form of a list offers them: what can give results."""

from dataclasses import dataclass, field
from typing import NamedTuple

from futureind.browse.addresses import ALL, canonical_query, replaced, with_query

# Options of a group that stand there at once; the others are behind "more".
OPTIONS_SHOWN = 12
# The first groups of a form stand open. A later one of more than a few options is a link to itself,
# so that no form has more controls than a reader looks through.
GROUPS_OPEN = 4
A_FEW = 3


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
    def are_links(self):
        """Whether the options are links: all of a group are the same."""
        return bool(self.options and self.options[0].address)

    @property
    def ticked(self):
        """The number of options that are ticked."""
        return sum(option.is_ticked for option in self.options)


def option_groups(filterset):
    """Return the OptionGroups of a list's form; each counts under all filters but its own."""
    found = (group_of(filterset, facet, place) for place, facet in enumerate(filterset.offered))
    return [group for group in found if filterset.offers(group)]


def group_of(filterset, facet, place):
    """Return the OptionGroup of a facet that stands at a place of the form."""
    name, errors = facet.name, filterset.form.errors.get(facet.name, [])
    counts = filterset.results.facet_counts(facet)
    chosen = filterset.form.cleaned_data.get(name) or ()
    available = [
        choice for choice in facet.choices if counts.get(choice.value) or choice.value in chosen
    ]
    few = shown_at_once(available, counts, chosen, place)
    rest, is_whole = len(available) - len(few), name in filterset.whole
    return OptionGroup(
        name,
        facet.label,
        options_of(available if is_whole else few, counts, chosen),
        facet.note,
        errors,
        rest=0 if is_whole else rest,
        more_address=with_whole(filterset, name) if rest and not is_whole else "",
        fewer_address=with_whole(filterset, name) if rest and is_whole else "",
        is_open=bool(place < GROUPS_OPEN or chosen or errors or is_whole),
    )


def shown_at_once(choices, counts, chosen, place):
    """Return which choices of a group stand in a form before "more" is asked for.

    Parameters: ``choices``, those that can give results or are ticked; ``counts`` of results by
    value; ``chosen``, the values that are ticked; ``place`` of the group in the form.
    """
    if place >= GROUPS_OPEN and len(choices) > A_FEW and not chosen:
        return []
    if len(choices) <= OPTIONS_SHOWN:
        # Few stand in an order that their readers know, such as that of the six fields.
        return choices
    ranked = sorted(choices, key=lambda choice: counts.get(choice.value, 0), reverse=True)
    shown, others = ranked[:OPTIONS_SHOWN], ranked[OPTIONS_SHOWN:]
    shown += [choice for choice in others if choice.value in chosen]
    # Away from those above them, they do not show how deep they stand.
    return [choice._replace(depth=0) for choice in shown]


def options_of(choices, counts, chosen):
    return [
        Option(
            choice.value,
            choice.label,
            counts.get(choice.value, 0),
            choice.value in chosen,
            choice.depth,
        )
        for choice in choices
    ]


def with_whole(filterset, name):
    """Return the address of the same results with a group whole, or no longer so."""
    asked = replaced(filterset.data, **{ALL: None})
    asked.setlist(ALL, filterset.whole ^ {name})
    query = canonical_query(asked, filterset.base_filters)
    return with_query(filterset.request.path, query)
