"""A small world of fixtures in an empty database, to be loaded or loaded already."""

import pytest

from tests.loading.fixture_world import World, empty_database


@pytest.fixture
def world(tmp_path, db):
    empty_database()
    return World(tmp_path)


@pytest.fixture
def loaded(world):
    world.load()
    return world
