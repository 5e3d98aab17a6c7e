"""The people of these tests."""

import pytest

from tests.conftest import person


@pytest.fixture
def contributor():
    return person("contributor")


@pytest.fixture
def reviewer():
    return person("reviewer")
