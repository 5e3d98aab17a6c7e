"""Publishing and withdrawing at a set time, and what is run when."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from futureind import health
from futureind.accounts.roles import CONTRIBUTORS, REVIEWERS
from futureind.publishing import history, scheduling, workflow
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.schedules import Move, Schedule, ScheduleState
from futureind.publishing.workflow import TransitionError
from tests.admin_browser import act, address, texts
from tests.conftest import person
from tests.factories import make_document, make_plan, make_proposal, make_region
from tests.publishing.scheduling.schedule_steps import approve_later, later, plan, run_late

pytestmark = pytest.mark.django_db


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


def test_the_command_does_what_is_due(reviewer):
    document = make_document()
    plan(document, reviewer)
    Schedule.objects.update(due_at=later(minutes=-1))
    said = StringIO()

    call_command("apply_schedule", stdout=said)

    document.refresh_from_db()
    assert document.publication_state == "published"
    assert "done" in said.getvalue()


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
