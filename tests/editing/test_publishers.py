"""Several publishers at once, each on a connection of their own."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.long
def test_eight_publishers_at_once_leave_the_index_as_if_rebuilt(migrated, tmp_path):
    environment = {
        **os.environ,
        "DATABASE_URL": migrated.url,
        "DJANGO_SETTINGS_MODULE": "futureind.settings",
        "VAR_DIR": str(tmp_path),
    }
    found = subprocess.run(
        [sys.executable, "-m", "tests.editing.publishers"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert found.returncode == 0, found.stderr
    assert "80 changes" in found.stdout
