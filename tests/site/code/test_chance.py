"""All that tests throw comes from the seed that a run prints."""

import os
import re

import pytest
from hypothesis import core, settings

from tests.chance import SEED, dice
from tests.processes import ROOT, run_python

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

OWN_DICE = re.compile(r"^(import|from) random|derandomize|@seed\b|random_module", re.MULTILINE)


def test_the_same_seed_throws_the_same_for_each_name():
    throws = "from tests.chance import dice; print(dice('a').random(), dice('b').random())"
    first, again, other = (run_python("-c", throws, TEST_SEED=seed) for seed in ("7", "7", "8"))

    assert first == again != other
    assert dice("a").random() == dice("a").random() != dice("b").random()


def test_processes_that_tests_start_have_the_seed_of_the_run():
    assert os.environ["TEST_SEED"] == SEED


def test_hypothesis_draws_from_the_seed_and_judges_no_speed():
    assert core.global_force_seed == int(SEED)
    assert settings.default.deadline is None
    assert not settings.default.derandomize


def test_no_test_throws_dice_of_its_own():
    found = [
        path.name
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path.name not in ("chance.py", "test_chance.py") and OWN_DICE.search(path.read_text())
    ]

    assert found == []
