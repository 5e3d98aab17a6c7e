"""Approving a proposal at a set time, and what keeps it from being approved."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from futureind.desk.queues import conflicts_for
from futureind.publishing import history, proposals
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.schedules import Move, Schedule, ScheduleState
from futureind.publishing.workflow import TransitionError
from tests.admin_browser import act, address, texts
from tests.conftest import person
from tests.factories import make_proposal
from tests.publishing.scheduling.schedule_steps import approve_later, later, run_late

pytestmark = pytest.mark.django_db


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
