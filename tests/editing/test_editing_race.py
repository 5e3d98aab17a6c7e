"""Eight people edit and publish the same records at once: nothing that was acknowledged is lost.

A few seconds here; a minute is ``python -m tests.editing.editing_race 60`` on an empty database.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT, slowness
from tests.editing.editing_race import LONGEST_WAIT

SECONDS = 6


@pytest.mark.long
def test_eight_people_at_the_same_records_lose_nothing(migrated, tmp_path):
    environment = {**os.environ, "DATABASE_URL": migrated.url, "VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.editing.editing_race", str(SECONDS)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["failures"] == []
    assert found["nowhere"] == []
    assert found["dropped"] == []
    assert found["slowest"] < LONGEST_WAIT * slowness()
    # All of it took place.
    assert min(found.get(kind, 0) for kind in ("saved", "proposed", "decided")) > 0
