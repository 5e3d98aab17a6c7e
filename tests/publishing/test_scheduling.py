"""Publishing and withdrawing at a set time, and what is run when."""

import threading
import time
from contextlib import closing, contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.db.utils import ConnectionHandler
from django.urls import reverse
from django.utils import timezone

from futureind import health
from futureind.accounts.roles import CONTRIBUTORS, REVIEWERS
from futureind.core.locks import QUESTIONS, waiting_at_most
from futureind.desk.queues import conflicts_for
from futureind.jobs import chores
from futureind.publishing import history, proposals, scheduling, workflow
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.schedules import Move, Schedule, ScheduleState
from futureind.publishing.workflow import TransitionError
from tests.admin_browser import act, address, texts
from tests.conftest import person, slowness
from tests.factories import make_document, make_plan, make_proposal, make_region
from tests.own_database import NUMBER

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return person("reviewer")


def later(**time):
    return timezone.now() + timedelta(**time or {"hours": 1})


def plan(record, user, move=Move.PUBLISH, note="", **time):
    return scheduling.schedule(record, move, later(**time), user=user, note=note)


def run_late():
    """Run what will be due by tomorrow, as if it were tomorrow."""
    return scheduling.run_due(later(days=1))


def test_what_is_due_is_published_with_who_decided_it(reviewer, visitor):
    document = make_document()
    planned = plan(document, reviewer, note="With the press release")
    assert scheduling.run_due() == []
    assert visitor.get(document.get_absolute_url()).status_code == 404

    assert run_late() == [planned]

    planned.refresh_from_db()
    newest = Revision.objects.of(document).first()
    assert planned.state == ScheduleState.DONE
    assert (newest.action, newest.user, newest.note) == (
        Action.PUBLISHED,
        reviewer,
        "With the press release",
    )
    assert visitor.get(document.get_absolute_url()).status_code == 200
    assert run_late() == []


def test_what_is_published_in_vain_says_what_hides_it(reviewer, visitor):
    hidden = make_plan(document=make_document(region=make_region()))
    planned = plan(hidden, reviewer)

    run_late()

    planned.refresh_from_db()
    assert planned.state == ScheduleState.DONE
    assert planned.outcome == "published, hidden because its policy document is a draft"
    assert visitor.get(hidden.get_absolute_url()).status_code == 404


def test_what_is_due_is_withdrawn(reviewer, visitor):
    document = make_document(published=True)
    with pytest.raises(TransitionError, match="reason"):
        plan(document, reviewer, Move.WITHDRAW)
    plan(document, reviewer, Move.WITHDRAW, note="Superseded.")

    run_late()

    document.refresh_from_db()
    assert document.publication_state == "withdrawn"
    assert Revision.objects.of(document).first().note == "Superseded."


def test_nobody_schedules_their_own_work(reviewer):
    document = make_document()
    document.title_en = "Mine"
    document.save()
    history.record(document, Action.EDITED, user=reviewer)

    with pytest.raises(TransitionError, match="yourself"):
        plan(document, reviewer)


def deactivate(user):
    user.is_active = False
    user.save()


def make_contributor(user):
    user.groups.set(Group.objects.filter(name=CONTRIBUTORS))


@pytest.mark.parametrize("lose", [deactivate, make_contributor, lambda user: user.delete()])
def test_what_a_former_reviewer_decided_is_refused(lose):
    former = get_user_model().objects.create_user("former")
    former.groups.set(Group.objects.filter(name=REVIEWERS))
    document, public = make_document(), make_document(published=True)
    proposal = make_proposal(user=person("contributor"))
    planned = [
        plan(document, former),
        plan(public, former, Move.WITHDRAW, note="Superseded."),
        approve_later(proposal, former),
    ]
    by_command = plan(make_document(), None)

    lose(former)
    run_late()

    for row in (*planned, by_command, document, public, proposal):
        row.refresh_from_db()
    assert {row.state for row in planned} == {ScheduleState.REFUSED}
    assert all("former, who decided this" in row.outcome for row in planned)
    assert (document.publication_state, public.publication_state) == ("draft", "published")
    assert proposal.state == "in-review"
    assert by_command.state == ScheduleState.DONE


def test_what_was_changed_since_is_not_published(reviewer):
    document = make_document()
    planned = plan(document, reviewer)
    document.title_en = "Changed since"
    document.save()
    history.record(document, Action.EDITED, user=person("contributor"))

    run_late()

    planned.refresh_from_db()
    document.refresh_from_db()
    assert (planned.state, document.publication_state) == (ScheduleState.REFUSED, "draft")
    assert "contributor changed it" in planned.outcome


def test_one_that_is_refused_keeps_no_other_back(reviewer):
    bad, good = make_document(), make_document()
    plan(bad, reviewer, minutes=10)
    plan(good, reviewer, minutes=20)
    bad.sources.clear()

    settled = run_late()

    assert [planned.state for planned in settled] == [ScheduleState.REFUSED, ScheduleState.DONE]
    good.refresh_from_db()
    assert good.publication_state == "published"


def test_a_scheduled_move_is_stopped(reviewer):
    document = make_document()
    planned = plan(document, reviewer)
    with pytest.raises(TransitionError, match="already"):
        plan(document, reviewer)

    scheduling.stop(planned, user=reviewer)

    assert run_late() == []
    with pytest.raises(TransitionError, match="stopped"):
        scheduling.stop(planned, user=reviewer)
    assert plan(document, reviewer)


def test_a_time_that_has_passed_is_refused(reviewer):
    with pytest.raises(TransitionError, match="passed"):
        plan(make_document(), reviewer, minutes=-1)


def test_planning_itself_changes_no_page(reviewer):
    document = make_document()
    number = ContentVersion.current()
    plan(document, reviewer)
    assert ContentVersion.current() == number

    run_late()

    assert ContentVersion.current() == number + 1


def test_a_move_that_nobody_did_for_a_minute_is_told(reviewer, client, editor_client, monkeypatch):
    monkeypatch.setattr(health, "database_is_readable", lambda cache: True)
    plan(make_document(), reviewer)
    plan(make_document(), reviewer)
    places = [reverse("admin:index"), reverse("admin:publishing_schedule_changelist")]
    told = "scheduled moves are overdue by more than a minute"
    Schedule.objects.update(due_at=later(seconds=-50))
    assert client.get("/readyz").json()["schedule"] == "ok"
    assert not any(told in editor_client.get(place).content.decode() for place in places)

    Schedule.objects.update(due_at=later(seconds=-61))

    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["schedule"] == "overdue"
    assert all(told in editor_client.get(place).content.decode() for place in places)


def test_a_worker_leaves_what_the_database_refuses_to_its_next_round(monkeypatch):
    done = []

    def refused():
        raise OperationalError("busy")

    monkeypatch.setattr(chores, "CHORES", {refused: 1, lambda: done.append(1): 1})
    chores.do_all(chores.CHORES)
    chores.do_all(chores.CHORES)

    assert done == [1, 1]


def test_a_chore_that_fails_ends_neither_the_worker_nor_the_others(monkeypatch, caplog):
    done = threading.Event()

    def broken():
        raise ValueError("never seen before")

    monkeypatch.setattr(chores, "CHORES", {broken: 0.01, done.set: 0.01})
    monkeypatch.setattr(chores, "PAUSE", 0.01)
    rounds = chores.Rounds()
    rounds.start()
    try:
        for _round in range(2):
            done.clear()
            assert done.wait(10)
        assert rounds.is_alive()
    finally:
        rounds.stop()
    assert "never seen before" in caplog.text


def test_a_chore_is_done_again_after_its_time(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(chores.time, "monotonic", lambda: now[0])
    often, rarely = (lambda: None), (lambda: None)
    monkeypatch.setattr(chores, "CHORES", {often: 1, rarely: 3600})
    rounds = chores.Rounds()

    assert rounds.due() == [often, rarely]
    rounds.done_at = {often: 100.0, rarely: 100.0}
    now[0] = 101.0
    assert rounds.due() == [often]
    now[0] = 3700.0
    assert rounds.due() == [often, rarely]


def test_workers_do_what_is_due():
    assert scheduling.run_due in chores.CHORES


def test_the_command_does_what_is_due(reviewer):
    document = make_document()
    plan(document, reviewer)
    Schedule.objects.update(due_at=later(minutes=-1))
    said = StringIO()

    call_command("apply_schedule", stdout=said)

    document.refresh_from_db()
    assert document.publication_state == "published"
    assert "done" in said.getvalue()


# While somebody else is writing


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


# In the admin


def test_a_reviewer_schedules_and_stops(reviewer_client):
    document = make_document()
    workflow.submit(document, user=None)
    review = address(document, "review", document.pk)

    answer = reviewer_client.post(review, {"_schedule": "1", "due_at": "soon"}, follow=True)
    assert any("Give a day and a time" in text for text in texts(answer))
    reviewer_client.post(review, {"_schedule": "1", "due_at": "2099-12-31T09:00"})

    planned = Schedule.objects.get()
    assert planned.due_at.isoformat() == "2099-12-31T01:00:00+00:00"
    assert "2099-12-31 09:00" in reviewer_client.get(review).content.decode()
    act(reviewer_client, Schedule, "stop_selected", [planned])
    planned.refresh_from_db()
    assert planned.state == ScheduleState.STOPPED


def test_a_reviewer_withdraws_later(reviewer_client):
    document = make_document(published=True)
    withdraw = address(document, "withdraw", document.pk)

    reviewer_client.post(
        withdraw,
        {"confirmed": "yes", "change_reason": "Superseded.", "due_at": "2099-12-31T09:00"},
    )

    document.refresh_from_db()
    assert document.publication_state == "published"
    assert Schedule.objects.get().move == Move.WITHDRAW


def test_a_contributor_schedules_nothing(editor_client):
    document, public = make_document(), make_document(published=True)
    workflow.submit(document, user=None)
    due = {"due_at": "2099-12-31T09:00", "change_reason": "x", "confirmed": "yes", "_schedule": "1"}

    for page, record in (("review", document), ("withdraw", public)):
        answer = editor_client.post(address(record, page, record.pk), due)
        assert answer.status_code == 403
    planned = plan(make_document(), None)
    act(editor_client, Schedule, "stop_selected", [planned])
    planned.refresh_from_db()
    assert Schedule.objects.count() == 1
    assert planned.state == ScheduleState.WAITING


# Approving a proposal


def approve_later(proposal, user, **time):
    return scheduling.schedule_approval(proposal, later(**time), user=user)


def steps_of(proposal):
    return [(step.step, step.user_name) for step in proposal.steps.all()]


def test_a_proposal_is_approved_when_it_is_due(reviewer, visitor):
    proposal = make_proposal(user=person("contributor"), title_en="From the first of January")
    page = proposal.record.get_absolute_url()
    planned = approve_later(proposal, reviewer)
    assert b"From the first of January" not in visitor.get(page).content

    assert run_late() == [planned]

    proposal.refresh_from_db()
    assert (proposal.state, proposal.result.user) == ("approved", reviewer)
    assert proposal.authors().get().approver == reviewer
    assert b"From the first of January" in visitor.get(page).content


def test_nobody_schedules_the_approval_of_their_own_proposal(reviewer):
    proposal = make_proposal(user=reviewer)
    with pytest.raises(TransitionError, match="yourself"):
        approve_later(proposal, reviewer)
    proposal.refresh_from_db()

    # Nor does a row that came about in any other way approve it.
    planned = Schedule.objects.create(
        record=proposal,
        record_name="x",
        move=Move.APPROVE,
        due_at=later(),
        revision=proposal.base,
        proposal_version=proposal.version,
        user=reviewer,
    )
    run_late()

    planned.refresh_from_db()
    proposal.refresh_from_db()
    assert (planned.state, proposal.state) == (ScheduleState.REFUSED, "in-review")
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.authors().update(approver=reviewer, approved_at=timezone.now())


def test_the_database_refuses_an_approval_of_no_version():
    proposal = make_proposal()
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.create(
            record=proposal,
            record_name="x",
            move=Move.APPROVE,
            due_at=later(),
            revision=proposal.base,
        )


def test_a_record_that_moved_on_sends_the_proposal_to_the_conflicts(reviewer, reviewer_client):
    proposal = make_proposal(title_en="Theirs")
    document = proposal.record
    planned = approve_later(proposal, reviewer)
    document.title_en = "Changed meanwhile"
    document.save()
    history.record(document, Action.EDITED, is_approved=True)

    run_late()

    planned.refresh_from_db()
    document.refresh_from_db()
    assert planned.state == ScheduleState.REFUSED
    assert "changed since" in planned.outcome
    assert document.title_en == "Changed meanwhile"
    assert proposal in [row for rows in conflicts_for(reviewer) for row in rows]
    page = reviewer_client.get(address(proposal, "change", proposal.pk)).content.decode()
    assert "not written at the set time" in page
    assert planned.outcome in page


def test_a_proposal_that_was_edited_since_is_not_approved(reviewer):
    proposal = make_proposal(title_en="As it was approved")
    planned = approve_later(proposal, reviewer)
    held = proposal.snapshot
    fields = held["fields"] | {"title_en": "Never seen by the reviewer"}
    proposals.revise(proposal, {**held, "fields": fields}, user=person("contributor"))

    run_late()

    planned.refresh_from_db()
    proposal.refresh_from_db()
    assert (planned.state, proposal.state) == (ScheduleState.REFUSED, "in-review")


def test_what_the_rules_forbid_is_not_scheduled(reviewer):
    proposal = make_proposal(title_en="", title_zh="")
    with pytest.raises(TransitionError):
        approve_later(proposal, reviewer)
    proposal.record.refresh_from_db()
    assert proposal.record.title_en


def test_a_reviewer_schedules_an_approval_and_stops_it(reviewer_client):
    proposal = make_proposal()
    page = address(proposal, "change", proposal.pk)
    data = {"_schedule": "1", "due_at": "2099-12-31T09:00", "seen": proposal.version}
    assert 'name="_schedule"' in reviewer_client.get(page).content.decode()

    answer = reviewer_client.post(page, data, follow=True)

    planned = Schedule.objects.get()
    assert planned.due_at.isoformat() == "2099-12-31T01:00:00+00:00"
    html = answer.content.decode()
    assert "reviewer approved it for 2099-12-31 09:00" in html
    assert 'name="_schedule"' not in html
    listed = reviewer_client.get("/admin/work/scheduled/").content.decode()
    assert proposal.record_name in listed
    again = reviewer_client.post(page, data | {"seen": ""}, follow=True)
    assert any("already" in text for text in texts(again))
    act(reviewer_client, Schedule, "stop_selected", [planned])
    assert steps_of(proposal)[-2:] == [("scheduled", "reviewer"), ("stopped", "reviewer")]
    assert run_late() == []


def test_a_contributor_schedules_no_approval(editor_client):
    proposal = make_proposal()
    data = {"_schedule": "1", "due_at": "2099-12-31T09:00"}

    answer = editor_client.post(address(proposal, "change", proposal.pk), data)

    assert answer.status_code == 403
    assert not Schedule.objects.exists()
