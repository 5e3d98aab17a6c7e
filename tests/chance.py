"""How much is tried: chance, and what `make test` leaves to `make check-long`.

Every die of a run comes from one seed, which is printed at its head.

``TEST_SEED=NUMBER make test`` throws the same again. Chance looks where nobody thought of looking;
a failure that it finds is a fault like any other, to be found with its seed.
"""

import os
import random
import secrets

import pytest
from hypothesis import HealthCheck, core, settings

# In the environment, for the processes that tests start.
SEED = os.environ.setdefault("TEST_SEED", str(secrets.randbelow(10**9)))


def dice(name):
    """Return a random.Random of its own for what bears this name in the run."""
    return random.Random(f"{SEED} {name}")


def seed_hypothesis():
    """Have hypothesis draw from the seed too, and leave time and files out of what it judges."""
    # What --hypothesis-seed sets; there is no other way for all tests at once.
    core.global_force_seed = int(SEED)
    settings.register_profile(
        "tests",
        # A machine that does much else is slow, which is no fault.
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=True,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
            HealthCheck.too_slow,
        ],
    )
    settings.load_profile("tests")


# How many times as much chance as usual the long checks take: TEST_TIMES=5 make check-long.
TIMES = int(os.environ.get("TEST_TIMES", "1"))


def every(number, values):
    """Return values to parametrise with: every so many-th in `make test`, the others in
    `make check-long`."""
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else [value]),
            marks=[] if place % number == 0 else pytest.mark.long,
        )
        for place, value in enumerate(values)
    ]


def few_and_many(few, many):
    """Return values to parametrise a number with: few in `make test`, many in `make check-long`."""
    return [
        pytest.param(few, id="few"),
        pytest.param(many * TIMES, id="many", marks=pytest.mark.long),
    ]
