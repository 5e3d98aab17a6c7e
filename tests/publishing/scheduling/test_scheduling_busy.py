"""What is due while somebody else is writing: waited for briefly, and left for the next round."""

import time
from contextlib import closing, contextmanager

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.db.utils import ConnectionHandler

from futureind.core.locks import QUESTIONS, waiting_at_most
from futureind.publishing import scheduling
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.schedules import Schedule, ScheduleState
from tests.conftest import slowness
from tests.factories import make_document
from tests.own_database import NUMBER
from tests.publishing.scheduling.schedule_steps import later, plan, run_late

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(migrated):
    """A database of its own, on which this thread works and where its transactions are real."""
    usual = connections["default"]
    connections["default"] = ConnectionHandler({"default": migrated.settings})["default"]
    ContentType.objects.clear_cache()
    yield migrated
    connections["default"].close()
    connections["default"] = usual
    ContentType.objects.clear_cache()


@contextmanager
def somebody_writing(database):
    """Within the block somebody else is in the middle of a change; yields their connection."""
    with closing(database.connect()) as other:
        other.execute("BEGIN")
        other.execute(f"UPDATE {NUMBER} SET number = number + 1")
        yield other


def patience():
    with connection.cursor() as cursor:
        cursor.execute(QUESTIONS[connection.vendor])
        return cursor.fetchone()


def test_statements_wait_briefly_within_a_block_only(elsewhere):
    make_document()
    usual = patience()
    started = time.monotonic()

    with somebody_writing(elsewhere), pytest.raises(OperationalError), waiting_at_most(100):
        ContentVersion.raise_number()

    assert time.monotonic() - started < 5 * slowness()
    assert patience() == usual


def test_a_busy_database_refuses_nothing_and_keeps_no_other_back(elsewhere):
    first, second = (plan(make_document(), None, minutes=minutes) for minutes in (10, 20))

    with somebody_writing(elsewhere) as other:

        def let_go_after_failure(execute, *arguments):
            try:
                return execute(*arguments)
            except OperationalError:
                other.execute("ROLLBACK")
                raise

        wrapper = connection.execute_wrapper(let_go_after_failure)
        with waiting_at_most(100), wrapper, pytest.raises(OperationalError):
            run_late()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (ScheduleState.WAITING, ScheduleState.DONE)
    assert run_late() == [first]
    first.refresh_from_db()
    assert first.state == ScheduleState.DONE


def test_a_busy_database_is_waited_for_once(elsewhere, monkeypatch):
    monkeypatch.setattr(scheduling, "PATIENCE", 0.05)
    for minutes in range(1, 6):
        plan(make_document(), None, minutes=minutes)
    failures = []

    def count_failures(execute, *arguments):
        try:
            return execute(*arguments)
        except OperationalError as error:
            failures.append(error)
            raise

    wrapper = connection.execute_wrapper(count_failures)
    busy = pytest.raises(OperationalError)
    with somebody_writing(elsewhere), waiting_at_most(100), wrapper, busy:
        run_late()

    assert len(failures) == 1


def test_the_command_says_that_the_database_is_busy(elsewhere):
    planned = plan(make_document(), None)
    Schedule.objects.update(due_at=later(minutes=-1))

    busy = pytest.raises(CommandError, match="away or busy")
    with somebody_writing(elsewhere), waiting_at_most(100), busy:
        call_command("apply_schedule")

    planned.refresh_from_db()
    assert planned.state == ScheduleState.WAITING
