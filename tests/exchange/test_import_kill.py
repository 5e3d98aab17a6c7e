"""Thousands of rows as jobs whose workers are killed, while other people save.

On a database of its own, of the kind that the tests run on, with real worker processes. Five
thousand rows on SQLite, where one writer holds up all others, two thousand on PostgreSQL.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import ROOT, slowness

DOCUMENTS, TRACKS_EACH = 400 if "DATABASE_URL" in os.environ else 1000, 3
ROWS = DOCUMENTS * (2 + TRACKS_EACH)
LONGEST_WAIT = 5

START = """
import django; django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from futureind.exchange.models import Import
from futureind.jobs.models import Job
from tests.factories import make_document, make_region, make_source, make_technology
call_command("create_accounts")
source, region = make_source(slug="the-source"), make_region(slug="here")
make_technology(slug="light")
make_document(slug="saved-by-others")
documents = [
    dict(title_en=f"Plan {n}", title_zh=f"规划{n}", document_type="plan", level="provincial",
         region="here", issued_date="2031-01-02", slug=f"plan-{n}", sources="the-source",
         document_number=f"测政发〔2031〕{n}号", summary_zh="未来产业" * 50)
    for n in range(%(documents)d)
]
plans = [dict(document=d["document_number"], region="here", horizon_year="2035") for d in documents]
tracks = [
    dict(plan=f"plan-{n}", tier="area", name_en=f"Track {t}", name_zh=f"赛道{t}", order=str(t),
         technologies="light (broader, stated)", locator_en=f"II.{t}")
    for n in range(%(documents)d) for t in range(%(tracks)d)
]
sheets = {"documents": documents, "plans": plans, "tracks": tracks}
tables = [
    dict(name=name, kind=name, rows=[dict(number=n, cells=row) for n, row in enumerate(rows, 2)])
    for name, rows in sheets.items()
]
user = get_user_model().objects.get(username="contributor")
of = Import.objects.create(name="large.xlsx", user=user, tables=tables)
Job.objects.create(kind="check-import", subject=of.pk, user=user)
"""
ASK = """
import django; django.setup()
from futureind.exchange.models import Import
from futureind.jobs.models import Job
of = Import.objects.get()
Job.objects.create(kind="%s", subject=of.pk, user=of.user)
"""
PLAN = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from catalog.models import PolicyDocument
from futureind.publishing import scheduling
from futureind.publishing.models.schedules import Move
document = PolicyDocument.objects.get(slug="saved-by-others")
scheduling.schedule(document, Move.PUBLISH, timezone.now() + timedelta(days=1), user=None)
"""
# As if long had gone by since the worker was killed.
LATER = "UPDATE jobs_job SET heard_at = '2026-01-01 00:00:00+00:00' WHERE state = 'running'"
LOOK = """
import django, json; django.setup()
from catalog.models import PolicyDocument
from futureind.exchange.models import Import
from futureind.jobs.models import Job
from futureind.publishing.snapshots import snapshot
from futureind.publishing.models.revisions import Origin, Revision
from regions.models import RegionalPlan, Track, TrackTechnologyMapping
of, job = Import.objects.get(), Job.objects.first()
whole = True
for revision in Revision.objects.filter(origin=Origin.IMPORT).order_by("-pk")[:40]:
    if revision.record:
        whole &= snapshot(revision.record) == revision.snapshot
print(json.dumps({
    "state": of.state, "job": job.state, "message": job.message, "counts": of.counts,
    "documents": PolicyDocument.objects.exclude(slug="saved-by-others").count(),
    "plans": RegionalPlan.objects.count(), "tracks": Track.objects.count(),
    "mappings": TrackTechnologyMapping.objects.count(),
    "sources": PolicyDocument.sources.through.objects.count() - 1,
    "revisions": Revision.objects.filter(origin=Origin.IMPORT).count(),
    "changes": of.changes.exclude(object_id=None).count(),
    "undone": of.changes.filter(is_undone=True).count(),
    "whole": whole,
}))
"""
# Somebody who goes on saving, and notes how long each save took.
SAVE = """
import django, time; django.setup()
from catalog.models import PolicyDocument
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
while True:
    began = time.monotonic()
    with history.in_turn():
        document = PolicyDocument.objects.get(slug="saved-by-others")
        document.note_en = str(began)
        document.save()
        history.record(document, Action.EDITED)
    print(time.monotonic() - began, flush=True)
    time.sleep(0.1)
"""


class Site:
    """A database with accounts and an import that waits for its check."""

    def __init__(self, folder, database):
        self.database = database
        self.environment = {
            **os.environ,
            "DATABASE_URL": database.url,
            "DJANGO_SETTINGS_MODULE": "futureind.settings",
            "VAR_DIR": str(folder),
        }
        self.times = {}

    def python(self, *arguments):
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def popen(self, *arguments):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def look(self):
        return json.loads(self.python("-c", LOOK))

    def work(self, name):
        began = time.monotonic()
        self.python("manage.py", "run_jobs", "--once")
        self.times[name] = round(time.monotonic() - began, 1)

    def kill_at_work(self, seconds):
        """Start a worker and kill it so long after it has begun with a job."""
        worker = self.popen("manage.py", "run_jobs", "--once")
        question = "SELECT count(*) FROM jobs_job WHERE state = 'running'"
        with contextlib.closing(self.database.connect()) as connection:
            while connection.execute(question).fetchone()[0] == 0:
                time.sleep(0.02)
        time.sleep(seconds)
        assert worker.poll() is None
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()

    def let_time_go_by(self):
        with contextlib.closing(self.database.connect()) as connection:
            connection.execute(LATER)

    @contextlib.contextmanager
    def somebody_saving(self):
        """Let somebody save all the time; yields the list of how long each save took."""
        waits = []
        saver = self.popen("-c", SAVE)
        waits.append(float(saver.stdout.readline()))
        try:
            yield waits
        finally:
            saver.send_signal(signal.SIGTERM)
            waits += [float(line) for line in saver.stdout]
            saver.wait()
            saver.stdout.close()


@pytest.fixture
def site(tmp_path, migrated):
    site = Site(tmp_path, migrated)
    site.python("-c", START % {"documents": DOCUMENTS, "tracks": TRACKS_EACH})
    return site


def test_the_worker_ends_with_the_server_that_it_was_started_beside(tmp_path, migrated):
    site = Site(tmp_path, migrated)
    # Long enough for the worker to start.
    seconds = 6 * slowness()
    script = f"{sys.executable} manage.py run_jobs --with-parent & exec sleep {seconds}"

    # Returns when both have ended, for both hold the end of the pipe.
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        timeout=10 * seconds,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_scheduled_is_done_in_time_by_a_worker_that_is_busy(tmp_path, migrated):
    site = Site(tmp_path, migrated)
    site.python("-c", START % {"documents": 500, "tracks": TRACKS_EACH})
    site.python("-c", PLAN)
    job = "SELECT count(*) FROM jobs_job WHERE state = 'running'"
    move = "SELECT count(*) FROM publishing_schedule WHERE state = 'done'"
    with contextlib.closing(migrated.connect()) as connection:

        def ask(question):
            return connection.execute(question).fetchone()[0]

        worker = site.popen("manage.py", "run_jobs")
        try:
            wait_until(lambda: ask(job))
            due_at = datetime.now(UTC) + timedelta(seconds=1)
            connection.execute(f"UPDATE publishing_schedule SET due_at = '{due_at}'")
            wait_until(lambda: ask(move))
            late, is_busy = datetime.now(UTC) - due_at, ask(job)
        finally:
            worker.terminate()
            worker.wait()
            worker.stdout.close()

    assert is_busy
    assert timedelta(0) < late < timedelta(seconds=2) * slowness()


def wait_until(is_so):
    """Return when something is so; raises TimeoutError after a minute."""
    end = time.monotonic() + 60
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


@pytest.mark.long
def test_thousands_of_rows_are_written_and_undone_wholly_or_not_at_all(site):
    with site.somebody_saving() as waits:
        site.kill_at_work(seconds=1)
        assert site.look()["state"] == "uploaded"
        site.let_time_go_by()
        site.work("check")
        found = site.look()
        assert (found["state"], found["documents"]) == ("checked", 0)
        assert sum(counts["created"] for counts in found["counts"].values()) == ROWS

        site.python("-c", ASK % "write-import")
        site.kill_at_work(seconds=0.4)
        found = site.look()
        assert (found["state"], found["job"]) == ("checked", "running")
        names = ("documents", "plans", "tracks", "mappings", "sources", "revisions", "changes")
        assert [found[name] for name in names] == [0] * len(names)

        site.let_time_go_by()
        site.work("write")
        found = site.look()
        assert (found["state"], found["job"]) == ("written", "done")
        tracks = DOCUMENTS * TRACKS_EACH
        assert [found[name] for name in names] == [
            *(DOCUMENTS, DOCUMENTS, tracks, tracks, DOCUMENTS, 2 * DOCUMENTS, 2 * DOCUMENTS)
        ]
        assert found["whole"]

        site.python("-c", ASK % "undo-import")
        site.kill_at_work(seconds=1)
        found = site.look()
        assert found["state"] == "written"
        # What is undone is undone wholly, and noted so.
        assert found["documents"] + found["plans"] == 2 * DOCUMENTS - found["undone"]
        site.let_time_go_by()
        site.work("undo")
        found = site.look()
        assert (found["state"], found["documents"], found["tracks"]) == ("undone", 0, 0)

    longest = max(waits)
    kind = site.database.url.partition(":")[0]
    print(f"{kind}: {site.times}, longest of {len(waits)} saves {longest:.2f} s")  # noqa: T201
    assert len(waits) > 20
    assert longest < LONGEST_WAIT * slowness()
