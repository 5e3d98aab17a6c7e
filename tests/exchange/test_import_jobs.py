"""Imports that wait for a worker: jobs survive their workers, and checks are repeated."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from futureind.desk.link_jobs import CHECK_LINK
from futureind.exchange import admin as pages
from futureind.exchange.models import Import, ImportJob, ImportState
from futureind.jobs.models import Job, JobCancelled, JobLost, JobState
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from tests.admin_browser import texts
from tests.conftest import person
from tests.exchange.import_steps import linked_sheets, newest, step, upload, workbook
from tests.factories import make_document, make_import, make_source, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

# Jobs


@pytest.fixture
def waiting(monkeypatch, editor_client):
    """An import whose check waits for a worker."""
    monkeypatch.setattr(pages, "ROWS_AT_ONCE", 0)
    monkeypatch.setattr(pages, "CHANGES_AT_ONCE", 0)
    upload(editor_client, workbook(**linked_sheets(make_source())))
    return Job.objects.get()


def test_a_large_import_waits_for_the_worker(editor_client, waiting):
    address = reverse("admin:exchange_import_change", args=[newest().pk])
    assert newest().state == ImportState.UPLOADED
    assert "Look again" in editor_client.get(address).content.decode()

    call_command("run_jobs", "--once")
    assert newest().state == ImportState.CHECKED
    step(editor_client, "write")
    assert newest().state == ImportState.CHECKED
    call_command("run_jobs", "--once")

    assert newest().state == ImportState.WRITTEN
    assert Job.objects.filter(state=JobState.DONE).count() == 2
    assert "were drafted" in editor_client.get(address).content.decode()


def test_of_two_workers_one_gets_the_job(waiting):
    first, second = Job.objects.claim("one"), Job.objects.claim("two")

    assert (first.worker, second) == ("one", None)


def test_a_job_whose_worker_fell_silent_is_done_by_another(waiting):
    first = Job.objects.claim("one")
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.update(heard_at=long_ago)

    second = Job.objects.claim("two")

    assert (second.pk, second.attempts) == (first.pk, 2)
    with pytest.raises(JobLost):
        first.report(1)
    with pytest.raises(JobLost):
        first.hold()
    second.report(1, 10)


def test_a_job_that_ends_its_workers_is_given_up(waiting):
    for number in range(3):
        assert Job.objects.claim(f"worker {number}")
        Job.objects.update(heard_at=timezone.now() - timedelta(minutes=5))

    assert Job.objects.claim("another") is None
    waiting.refresh_from_db()
    assert (waiting.state, bool(waiting.message)) == (JobState.FAILED, True)


def test_a_job_is_cancelled_before_and_while_it_runs(editor_client, waiting):
    step(editor_client, "cancel")
    waiting.refresh_from_db()
    assert waiting.state == JobState.CANCELLED

    running = Job.objects.create(kind=ImportJob.CHECK, subject=1, user=waiting.user)
    running = Job.objects.claim("one")
    running.cancel()
    with pytest.raises(JobCancelled):
        running.report(1)
    with pytest.raises(JobCancelled):
        running.hold()


def test_an_error_of_a_job_is_written_to_it_and_the_worker_goes_on(waiting, caplog):
    Import.objects.update(tables=[{"name": "x", "kind": "no such", "rows": [{"number": 1}]}])

    call_command("run_jobs", "--once")

    waiting.refresh_from_db()
    assert waiting.state == JobState.FAILED
    assert "log of the site" in waiting.message
    assert newest().state == ImportState.UPLOADED


def test_a_second_job_about_the_same_waits_for_the_first(editor_client, waiting):
    address = reverse("admin:exchange_import_change", args=[newest().pk])
    call_command("run_jobs", "--once")

    step(editor_client, "write")
    answer = step(editor_client, "write")

    assert Job.objects.filter(kind=ImportJob.WRITE).count() == 1
    assert "being done already" in " ".join(texts(answer))
    assert editor_client.get(address).status_code == 200
    assert make_target().pk


# Checking again


def test_a_check_is_repeated_on_the_file_as_it_was_uploaded(editor_client):
    document, other = make_document(), make_document()
    rows = [{"slug": d.slug, "note_en": "Imported"} for d in (document, other)]
    upload(editor_client, workbook(documents=rows))
    other.note_en = "Imported"
    other.save()
    history.record(other, Action.EDITED, user=person("reviewer"))
    page = step(editor_client, "write").content.decode()
    assert reverse("admin:exchange_import_check", args=[newest().pk]) in page

    answer = step(editor_client, "check")

    of = newest()
    assert of.counts == {"documents": {"changed": 1, "unchanged": 1}}
    assert [change.object_id for change in of.changes.all()] == [document.pk]
    assert "Changed since the check" not in answer.content.decode()
    step(editor_client, "write")
    document.refresh_from_db()
    assert (newest().state, document.note_en) == (ImportState.WRITTEN, "Imported")


def test_nothing_can_be_written_while_it_is_checked_again(editor_client, waiting):
    call_command("run_jobs", "--once")
    step(editor_client, "check")
    assert newest().state == ImportState.UPLOADED

    answer = step(editor_client, "write")
    again = step(editor_client, "check")

    assert "waits for its check" in " ".join(texts(answer))
    assert "being done already" in " ".join(texts(again))
    call_command("run_jobs", "--once")
    assert newest().state == ImportState.CHECKED


def test_what_was_written_or_given_up_is_not_checked_again(editor_client):
    upload(editor_client, workbook(**linked_sheets(make_source())))
    step(editor_client, "give-up")

    step(editor_client, "check")

    assert newest().state == ImportState.GIVEN_UP


def test_nobody_checks_the_import_of_another_editor(editor_client):
    of = make_import("administrator")

    answer = editor_client.post(reverse("admin:exchange_import_check", args=[of.pk]))

    assert answer.status_code == 403


def test_a_job_about_something_else_of_the_same_number_is_left_alone(editor_client):
    of = make_import()
    link = Job.objects.create(kind=CHECK_LINK, subject=of.pk, user=of.user)
    page = editor_client.get(reverse("admin:exchange_import_change", args=[of.pk]))
    assert link.get_kind_display().capitalize() not in page.content.decode()

    step(editor_client, "cancel")
    step(editor_client, "check")

    link.refresh_from_db()
    assert not link.is_cancelled
    assert newest().state == ImportState.CHECKED
