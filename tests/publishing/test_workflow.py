"""The moves of a record towards the public and back, and that nobody approves their own work."""

import pytest
from django.db import IntegrityError, transaction

from futureind.publishing import history, workflow
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.workflow import TransitionError
from tests.conftest import person
from tests.factories import make_document, make_plan, make_target, make_track

pytestmark = pytest.mark.django_db


def edit(document, user, **columns):
    for name, value in columns.items():
        setattr(document, name, value)
    document.save()
    return history.record(document, Action.EDITED, user=user)


def test_the_way_of_a_draft_is_written_with_who_and_why(contributor, reviewer):
    document = make_document()
    edit(document, contributor, title_en="First")
    workflow.submit(document, user=contributor, note="Please look.")
    workflow.send_back(document, user=reviewer, note="The date is missing.")
    edit(document, contributor, title_en="Second")
    workflow.submit(document, user=contributor)
    workflow.publish(document, user=reviewer)
    workflow.withdraw(document, user=reviewer, note="Entered twice.")

    found = [(r.action, r.user_name, r.note) for r in Revision.objects.of(document)]
    assert found == [
        (Action.WITHDRAWN, "reviewer", "Entered twice."),
        (Action.PUBLISHED, "reviewer", ""),
        (Action.SUBMITTED, "contributor", ""),
        (Action.EDITED, "contributor", ""),
        (Action.RETURNED, "reviewer", "The date is missing."),
        (Action.SUBMITTED, "contributor", "Please look."),
        (Action.EDITED, "contributor", ""),
        (Action.CREATED, "", ""),
    ]


@pytest.mark.parametrize("name", ["contributor", "reviewer", "administrator"])
def test_nobody_publishes_what_they_worked_on(name):
    document, author = make_document(), person(name)
    edit(document, author, title_en="Mine")

    with pytest.raises(TransitionError, match="yourself"):
        workflow.publish(document, user=author)

    document.refresh_from_db()
    assert document.publication_state == "draft"


def test_one_of_several_authors_does_not_publish(contributor, reviewer):
    document = make_document()
    edit(document, reviewer, title_en="Begun by the reviewer")
    edit(document, contributor, title_en="Finished by another")

    for author in (reviewer, contributor):
        with pytest.raises(TransitionError, match="yourself"):
            workflow.publish(document, user=author)
    workflow.publish(document, user=person("administrator"))

    approved = Authorship.objects.of(document)
    assert {(work.author, work.approver.username) for work in approved} == {
        (reviewer, "administrator"),
        (contributor, "administrator"),
    }


def test_work_that_was_approved_binds_nobody(contributor, reviewer):
    document = make_document()
    edit(document, reviewer, title_en="Mine")
    workflow.publish(document, user=person("administrator"))
    workflow.withdraw(document, user=reviewer, note="A mistake.")

    workflow.publish(document, user=reviewer)

    assert document.publication_state == "published"


def test_the_database_refuses_an_approval_by_the_author(reviewer):
    document = make_document()
    edit(document, reviewer, title_en="Mine")

    with pytest.raises(IntegrityError), transaction.atomic():
        Authorship.objects.approve(document, reviewer)


def test_a_record_that_changed_since_it_was_seen_is_not_published(contributor, reviewer):
    document = make_document()
    seen = edit(document, contributor, title_en="As seen")
    edit(document, contributor, title_en="Changed since")

    with pytest.raises(TransitionError, match="contributor changed it"):
        workflow.publish(document, user=reviewer, seen=seen.pk)


@pytest.mark.parametrize("move", [workflow.send_back, workflow.withdraw])
def test_sending_back_and_withdrawing_need_a_reason(move, reviewer):
    document = make_document(published=move is workflow.withdraw)
    before = document.publication_state

    with pytest.raises(TransitionError):
        move(document, user=reviewer, note="  ")

    document.refresh_from_db()
    assert document.publication_state == before


def test_moves_that_are_not_foreseen_are_refused(reviewer):
    draft, public = make_document(), make_document(published=True)

    for move, record in ((workflow.withdraw, draft), (workflow.send_back, public)):
        with pytest.raises(TransitionError, match="cannot become"):
            move(record, user=reviewer, note="Because.")
    with pytest.raises(TransitionError, match="cannot become"):
        workflow.submit(public, user=reviewer)


def test_a_verified_track_without_a_source_keeps_its_plan_back(reviewer):
    plan = make_plan()
    make_track(plan=plan, confidence="recalled", sources=[])
    assert workflow.publication_problems(plan) == []

    make_track(plan=plan, sources=[], name_en="Quantum")

    [problem] = workflow.publication_problems(plan)
    assert "Quantum" in problem


def test_a_missing_locator_is_a_warning_only():
    plan = make_plan(tracks=2)
    make_track(plan=plan, locator_en="Part 2")
    target = make_target()

    assert workflow.publication_warnings(plan) == [
        "tracks: 2 rows do not say where in the text they stand."
    ]
    assert len(workflow.publication_warnings(target)) == 1
    assert workflow.publication_problems(plan) == workflow.publication_problems(target) == []
