"""Whatever is ticked: the number beside an option is the number of results that it gives."""

from functools import lru_cache

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browse.list_page import all_slugs, read_list
from tests.browse.list_reference import LISTS, QUALIFIED, World, loaded_rows
from tests.chance import few_and_many
from tests.public_views import groups_of

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

SIZES = dict.fromkeys(LISTS, 25) | {"tracks": 50}
DAYS = ["2021-03-11", "2022-06-06", "2024-01-18", "2025-06-30", "2026-11-24", "2030-12-31"]
BOUNDS = {
    "documents": ["issued_after", "issued_before", "in_force_on"],
    "plans": ["issued_after", "issued_before", "in_force_on"],
    "tracks": ["issued_after", "issued_before", "in_force_on"],
    "targets": ["due_after", "due_before", "in_force_on"],
    "milestones": ["due_after", "due_before"],
    "indicators": [],
}


def known_values(name):
    """Return ``{parameter: values}`` that records of a list answer to."""
    known = {}
    for row in loaded_rows(name):
        for parameter, values in row.values.items():
            known.setdefault(parameter, set()).update(values)
        for parameter, mappings in row.mapped.items():
            known.setdefault(parameter, set()).update(value for value, _m, _b in mappings)
            known.setdefault("basis", set()).update(basis for _v, _m, basis in mappings)
            matches = {match for _v, match, _b in mappings} - {None}
            if matches:
                known.setdefault("match", set()).update(matches)
    return {parameter: sorted(values) for parameter, values in sorted(known.items())}


def states(name):
    """Return a strategy of filter states that real records suggest."""

    @st.composite
    def draw_state(draw):
        known = known_values(name)
        state = {}
        for parameter in draw(st.lists(st.sampled_from(list(known)), max_size=3, unique=True)):
            values = st.lists(
                st.sampled_from(known[parameter]), min_size=1, max_size=3, unique=True
            )
            state[parameter] = sorted(draw(values))
        if BOUNDS[name] and draw(st.booleans()):
            state[draw(st.sampled_from(BOUNDS[name]))] = [draw(st.sampled_from(DAYS))]
        return state

    return draw_state()


def rows_under(name, state):
    return [row for row in loaded_rows(name) if row.answers(state)]


def rows_with(name, state, group, value):
    """Return the rows under a state in which the option stands alone in its group."""
    if group in QUALIFIED:
        return rows_under(name, {**state, group: [value]})
    rest = {parameter: values for parameter, values in state.items() if parameter != group}
    # How a mapping is meant is asked together with what it leads to.
    further = [name for name in state if group in QUALIFIED.get(name, ((), 0))[0]]
    asked = {group: [value], **{name: state[name] for name in further}}
    return [row for row in narrowed(name, freeze(rest)) if row.answers(asked)]


def freeze(state):
    return tuple(sorted((parameter, tuple(values)) for parameter, values in state.items()))


@lru_cache(maxsize=64)
def narrowed(name, frozen):
    state = {parameter: list(values) for parameter, values in frozen}
    return rows_under(name, state)


@pytest.mark.parametrize("examples", few_and_many(5, 30))
@pytest.mark.parametrize("name", LISTS)
def test_each_number_is_what_the_option_would_give(db, name, examples):
    client = Client()

    @settings(max_examples=examples)
    @given(state=states(name), data=st.data())
    def check(state, data):
        page = read_list(client, name, state, whole=True)
        assert page.count == len(rows_under(name, state))
        for group in groups_of(name):
            options = page.options.get(group, {})
            if group == "verdict" and not options:
                # Left out where nobody checked anything.
                options = {"none": len(rows_with(name, state, group, "none"))}
            # What is not offered would give nothing.
            for value in {*options, *known_values(name)[group]}:
                number = len(rows_with(name, state, group, value))
                assert options.get(value, 0) == number, (state, group, value)
        if not page.options:
            # A day so early or late that nothing can be chosen.
            return
        # And the list itself agrees, asked for one of them.
        group = data.draw(st.sampled_from(sorted(page.options)))
        value, number = data.draw(st.sampled_from(sorted(page.options[group].items())))
        assert read_list(client, name, {**state, group: [value]}).count == number

    check()


@pytest.mark.parametrize("examples", few_and_many(2, 8))
@pytest.mark.parametrize("name", LISTS)
def test_the_pages_of_a_list_hold_each_result_once(db, name, examples):
    client = Client()

    @settings(max_examples=examples)
    @given(state=states(name))
    def check(state):
        found = all_slugs(client, name, state, size=SIZES[name])
        assert len(found) == len(set(found)) == read_list(client, name, state).count
        assert set(found) == {row.slug for row in rows_under(name, state)}

    check()


def test_the_reference_knows_every_public_record():
    world = World()

    assert {name: len(list(read(world))) for name, read in LISTS.items()} == {
        name: len(loaded_rows(name)) for name in LISTS
    }
