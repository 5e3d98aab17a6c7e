"""The front page of the admin: what waits for whom, with numbers that equal the lists."""

import pytest
from django.urls import reverse

from futureind.desk.queues import queues_for
from futureind.publishing import history, proposals, workflow
from futureind.publishing.models.revisions import Action
from tests.admin_browser import address, save
from tests.chance import every
from tests.conftest import person
from tests.factories import make_agency, make_document, make_plan, make_proposal

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Bounded whatever the number of records: session and user, then at most five kinds in each list.
QUERIES = 75


def counts(client):
    work = client.get(reverse("admin:index")).context["work"]
    return {found["queue"].name: found["count"] for found in work}


def draft_by(name, make=make_document):
    record = make()
    field = "title_en" if hasattr(record, "title_en") else "note_en"
    setattr(record, field, f"By {name}")
    record.save()
    history.record(record, Action.EDITED, user=person(name))
    return record


def test_drafts_go_from_list_to_list(editor_client, reviewer_client):
    before_mine, before_theirs = counts(editor_client), counts(reviewer_client)
    document = draft_by("contributor")
    assert counts(editor_client)["drafts"] == before_mine["drafts"] + 1
    assert counts(reviewer_client)["drafts"] == before_theirs["drafts"]

    workflow.submit(document, user=person("contributor"))
    mine = counts(editor_client)
    assert (mine["drafts"], mine["handed-in"]) == (before_mine["drafts"], 1)
    assert counts(reviewer_client)["review"] == before_theirs["review"] + 1
    assert "review" not in mine

    workflow.send_back(document, user=person("reviewer"), note="Which edition?")
    save(editor_client, document, title_en="Edition 2")
    # Mended in several saves, it stays among what was sent back until it is handed in again.
    assert counts(editor_client)["returned"] == 1
    workflow.submit(document, user=person("contributor"))
    assert counts(editor_client)["returned"] == 0


def test_proposals_go_from_list_to_list(editor_client, reviewer_client):
    document = make_document(published=True)
    one = make_proposal(document, person("contributor"), title_en="One")
    other = make_proposal(document, person("reviewer"), title_zh="二")
    assert counts(editor_client)["handed-in"] == 1
    # Not one's own.
    assert counts(reviewer_client)["review"] == 1

    proposals.send_back(one, user=person("reviewer"), note="Why?")
    assert counts(editor_client)["returned"] == 1
    proposals.approve(other, user=person("administrator"))
    assert counts(editor_client)["conflicts"] == counts(reviewer_client)["conflicts"] == 1


@pytest.mark.parametrize("name", every(3, ["reviewer", "contributor", "administrator"]))
def test_every_number_is_that_of_its_list(name, client):
    client.force_login(person(name))
    for number in range(3):
        record = draft_by("contributor", [make_document, make_plan, make_agency][number])
        if number:
            workflow.submit(record, user=None)
    make_proposal(user=person("contributor"))

    work = client.get(reverse("admin:index")).context["work"]
    assert [queue.name for queue in queues_for(person(name))] == [f["queue"].name for f in work]
    for found in work:
        page = client.get(found["queue"].link())
        assert page.status_code == 200
        assert page.context["page"].paginator.count == found["count"]
        listed = page.context["entries"]
        assert len(listed) == min(found["count"], 50)
        assert found["entries"] == listed[: len(found["entries"])]
        for entry in listed[:5]:
            assert client.get(entry.address).status_code == 200


def test_a_list_that_is_not_for_somebody_is_not_there(editor_client, reviewer_client):
    assert reviewer_client.get(reverse("admin:work", args=["review"])).status_code == 200
    assert editor_client.get(reverse("admin:work", args=["review"])).status_code == 404
    assert editor_client.get(reverse("admin:work", args=["nothing"])).status_code == 404


def test_queries_are_bounded(reviewer_client, django_assert_max_num_queries):
    for _time in range(3):
        for make in (make_document, make_plan, make_agency):
            draft_by("reviewer", make)
            workflow.submit(draft_by("contributor", make), user=None)
        make_proposal(user=person("contributor"))

    with django_assert_max_num_queries(QUERIES):
        html = reviewer_client.get(reverse("admin:index")).content.decode()

    assert address(make_document(), "changelist") in html
