"""What is set on a list: filters in words, the switch above it, ways out of an empty one."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from futureind.browse.addresses import echoed, with_query, without
from futureind.browse.facets import Facet

IN_FORCE = "in_force_on"
# Values of one filter that a way out names.
VALUES_NAMED = 3


@dataclass(frozen=True)
class Chip:
    """A value of a filter that is set: in words, and the address of the list without it."""

    name: str
    label: str
    url: str


@dataclass(frozen=True)
class Switch:
    """A filter that a link sets and takes back: whether it is set, and where the link leads."""

    label: str
    url: str
    is_on: bool


@dataclass(frozen=True)
class WayOut:
    """A filter without which an empty list would have so many results, and where those are."""

    label: str
    count: int
    url: str


def chips_of(view):
    """Return a Chip for each value of each filter that is set on a list."""
    chips, asked = [], view.request.GET
    for name in view.active_names():
        item = view.filterset.filters[name]
        for value in sorted(set(asked.getlist(name))):
            url = address_under(view, without(asked, name, value))
            chips.append(Chip(name, in_words(item, [value]), url))
    return chips


def in_force_switch(view):
    """Return the Switch of a list to what is in force today, None for lists without such a day."""
    if not view.has_in_force:
        return None
    today = str(timezone.localdate())
    is_on = view.request.GET.getlist(IN_FORCE) == [today]
    url = view.address(**{IN_FORCE: None if is_on else today}, page=None)
    return Switch(_("In force today"), url, is_on)


def ways_out(view):
    """Return a WayOut for each filter that is set, those with most results first.

    A filter is left out as a whole: one of several values less gives no more results.
    """
    found, asked = [], view.request.GET
    for name in view.active_names():
        label = in_words(view.filterset.filters[name], sorted(set(asked.getlist(name))))
        rest = without(asked, name)
        found.append(WayOut(label, view.count_under(rest), address_under(view, rest)))
    found.sort(key=lambda way: -way.count)
    return [way for way in found if way.count]


def address_under(view, parameters):
    return with_query(view.request.path, view.query_of(parameters))


def in_words(item, values):
    """Return a filter with values as words, such as "Region: Beijing, Shanghai"."""
    named = [shown_value(item, value) for value in values[:VALUES_NAMED]]
    more = ["…"] if len(values) > VALUES_NAMED else []
    return f"{item.label}{_(': ')}{_(', ').join([*named, *more])}"


def shown_value(item, value):
    """Return a filter's value as words: the label of a facet's choice, else the value itself."""
    if isinstance(item, Facet):
        for choice in item.choices:
            if choice.value == value:
                return choice.label
    return echoed(value)
