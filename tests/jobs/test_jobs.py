"""Jobs: who has one, what administrators see of them, and how they end one."""

import json

import pytest

from futureind.exchange.models import ImportJob
from futureind.jobs import work
from futureind.jobs.models import Job, JobState
from tests.admin_browser import act, address, texts
from tests.conftest import run_python
from tests.factories import make_import

pytestmark = pytest.mark.django_db


def make_job(kind=ImportJob.CHECK):
    of = make_import()
    return Job.objects.create(kind=kind, subject=of.pk, user=of.user)


def test_the_list_says_whose_job_it_is_how_far_and_what_went_wrong(administrator_client):
    running, failed = make_job(), make_job(ImportJob.WRITE)
    Job.objects.claim("a worker", only=running.pk).report(120, 480)
    Job.objects.claim("another", only=failed.pk).end(JobState.FAILED, "The file was gone.")

    html = administrator_client.get(address(Job, "changelist")).content.decode()

    for word in ("120 / 480", "The file was gone.", "plans.xlsx", "contributor", "running"):
        assert word in html
    assert address(running, "change", running.pk) in html
    assert administrator_client.get(address(running, "change", running.pk)).status_code == 200


def test_the_list_asks_the_database_no_more_for_more_jobs(
    administrator_client, django_assert_max_num_queries
):
    for _ in range(12):
        make_job()

    with django_assert_max_num_queries(15):
        administrator_client.get(address(Job, "changelist"))


def test_an_administrator_ends_one_that_waits(administrator_client):
    waiting, done = make_job(), make_job()
    work.do_now(done)
    done.refresh_from_db()
    was = done.state

    answer = act(administrator_client, Job, "end_selected", [waiting, done])

    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.state, done.state) == (JobState.CANCELLED, was)
    assert texts(answer) == ["1 job ends."]
    assert Job.objects.claim("a worker") is None


def test_nobody_else_sees_or_ends_jobs(editor_client, reviewer_client):
    job = make_job()
    for client in (editor_client, reviewer_client):
        assert client.get(address(Job, "changelist")).status_code == 403
        assert client.get(address(job, "change", job.pk)).status_code == 403
        act(client, Job, "end_selected", [job])
    job.refresh_from_db()
    assert job.state == JobState.WAITING


# A worker writes so long that it seems silent, while another looks for work. On PostgreSQL the
# other is not kept waiting; on SQLite, where all writers wait, it looks when the first is done.
LONG_WRITING = """
import django, json, threading; django.setup()
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone
from futureind.jobs.models import Job, JobState
def look_for_work():
    found.append(Job.objects.claim("another"))
    connection.close()
def seem_silent():
    Job.objects.update(heard_at=timezone.now() - timedelta(minutes=5))
user = get_user_model().objects.create_user("somebody")
Job.objects.create(kind="write-import", subject=1, user=user)
job, found, other = Job.objects.claim("one"), [], threading.Thread(target=look_for_work)
seem_silent()
with transaction.atomic():
    job.hold()
    seem_silent()
    other.start()
    other.join(15 if connection.vendor == "postgresql" else 1)
    is_kept_waiting = other.is_alive()
    job.hold()
other.join()
job.end(JobState.DONE)
waits = is_kept_waiting and connection.vendor
print(json.dumps([waits, found, Job.objects.get().state], default=str))
"""


def test_a_worker_that_writes_for_long_is_not_taken_for_dead(migrated):
    waits, found, state = json.loads(run_python("-c", LONG_WRITING, DATABASE_URL=migrated.url))

    assert waits in (False, "sqlite")
    assert (found, state) == ([None], "done")
