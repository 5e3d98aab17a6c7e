"""Whoever publishes a record decides about the versions of the sources that it names as well."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from futureind.publishing import named, proposals, scheduling, workflow
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.schedules import Move, Schedule
from futureind.publishing.usage import stands_in_public
from futureind.publishing.workflow import TransitionError
from tests.admin_browser import address, change_page, read_form, revisions_of, texts
from tests.conftest import person
from tests.factories import make_document, make_proposal, make_source
from tests.publishing.source_edits import CANARY, edit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_a_review_shows_what_the_record_names_and_the_decision_rests_on_it(reviewer_client):
    source = make_source()
    document = make_document(sources=[source])
    workflow.submit(document, user=person("contributor"))
    page = address(document, "review", document.pk)

    response = reviewer_client.get(page)
    html = response.content.decode()

    version = revisions_of(source)[0]
    assert response.context["check"].named_seen == str(version.pk)
    assert "becomes public with it" in html
    assert source.url in html
    reviewer_client.post(page, {"_publish": "1", "named_seen": version.pk})
    decision = revisions_of(document)[0]
    assert (decision.action, decision.rests_on) == ("published", [version.pk])
    told = reviewer_client.get(address(document, "history", document.pk)).content.decode()
    assert reverse("admin:publishing_revision_change", args=[version.pk]) in told


def test_a_source_that_changed_after_the_look_keeps_the_record_from_being_published(
    reviewer_client,
):
    source = make_source()
    document = make_document(sources=[source])
    workflow.submit(document, user=person("contributor"))
    page = address(document, "review", document.pk)
    seen = reviewer_client.get(page).context["check"].named_seen
    edit(source, person("contributor"), url="https://evil.example/phish")

    answer = reviewer_client.post(page, {"_publish": "1", "named_seen": seen}, follow=True)

    document.refresh_from_db()
    assert document.publication_state == "in-review"
    [said] = texts(answer)
    assert said == f"“{source}” was changed by contributor after you looked. Look at it again."


def test_save_and_publish_rests_on_what_the_form_was_opened_with(reviewer_client):
    source = make_source()
    document = make_document(sources=[source])
    data = read_form(reviewer_client, change_page(document))
    edit(source, person("contributor"), title=CANARY)

    reviewer_client.post(change_page(document), data | {"_publish": "1"})

    document.refresh_from_db()
    assert document.publication_state == "draft"


def test_nobody_publishes_a_source_of_their_own_in_the_record_of_another():
    source = make_source()
    edit(source, person("reviewer"), title=CANARY)
    document = make_document(sources=[source])

    with pytest.raises(TransitionError, match="which becomes public with it"):
        workflow.publish(document, user=person("reviewer"))
    workflow.publish(document, user=person("administrator"))

    assert Authorship.objects.of(source).get().approver == person("administrator")
    # It is public now: nobody decides about it once more.
    other = make_document(sources=[source])
    edit_by_form = named.decision_about(other)
    assert edit_by_form.new == []


def test_a_proposal_that_names_another_source_rests_on_it_too():
    source = make_source()
    document = make_document(published=True)
    edit(source, person("reviewer"), title="Mine")
    proposal = make_proposal(document, person("contributor"), sources=[[source.slug]])
    seen = [revisions_of(source)[0].pk]

    with pytest.raises(TransitionError, match="which becomes public with it"):
        proposals.approve(proposal, user=person("reviewer"), named_seen=seen)
    edit(source, person("contributor"), title=CANARY)
    with pytest.raises(TransitionError, match="changed by contributor after you looked"):
        proposals.approve(proposal, user=person("administrator"), named_seen=seen)

    seen = [revisions_of(source)[0].pk]
    proposals.approve(proposal, user=person("administrator"), named_seen=seen)
    assert revisions_of(document)[0].rests_on == seen


@pytest.mark.parametrize("kind", ["record", "proposal"])
def test_what_is_scheduled_is_refused_where_a_source_has_changed_since(kind):
    source, later = make_source(), timezone.now() + timedelta(hours=1)
    if kind == "record":
        record = make_document(sources=[source])
        scheduling.schedule(record, Move.PUBLISH, later, user=person("reviewer"))
    else:
        record = make_document(published=True)
        proposal = make_proposal(record, person("contributor"), sources=[[source.slug]])
        scheduling.schedule_approval(proposal, later, user=person("reviewer"))
    planned = Schedule.objects.get()
    assert planned.rests_on == [revisions_of(source)[0].pk]
    edit(source, person("contributor"), title=CANARY)

    scheduling.run_due(later + timedelta(seconds=1))

    planned.refresh_from_db()
    assert planned.state == "refused"
    assert "after you looked" in planned.outcome
    assert not stands_in_public(source)


def test_the_versions_that_a_form_carries_are_read_or_left_out():
    assert named.read_token("12-7") == [12, 7]
    assert named.read_token("") == []
    assert named.read_token(None) is None
    # Garbage was shown to nobody, so nothing counts as seen.
    assert named.read_token("12-x") == []
