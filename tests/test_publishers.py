"""Several publishers at once, each on a connection of their own."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.page_cache.own_database import own_database


@pytest.fixture
def environment(tmp_path):
    """The environment of a process that works on an empty, migrated database of its own."""
    database = own_database(tmp_path)
    variables = {
        **os.environ,
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "futureind.settings",
        "VAR_DIR": str(tmp_path),
    }
    run(["manage.py", "migrate", "--verbosity=0"], variables)
    yield variables
    database.drop()


def run(arguments, environment):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_eight_publishers_at_once_leave_the_index_as_if_rebuilt(environment):
    found = run(["-m", "tests.publishers"], environment)

    assert found.returncode == 0, found.stderr
    assert "80 changes" in found.stdout
