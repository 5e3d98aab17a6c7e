"""The admin: two people save the same record or proposal, and neither loses anything."""

import pytest

from futureind.publishing.models.proposals import Proposal, ProposalState
from futureind.publishing.models.revisions import Revision
from tests.admin_browser import change_page, read_form, revisions_of, save, texts
from tests.conftest import person
from tests.editing.proposal_steps import decide, page_of
from tests.factories import make_agency, make_document, make_plan, make_proposal

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def opened_by_both(client, other, record):
    return read_form(client, change_page(record)), read_form(other, change_page(record))


def test_the_second_of_two_is_told_and_loses_nothing(editor_client, reviewer_client):
    document = make_document()
    mine, theirs = opened_by_both(editor_client, reviewer_client, document)
    url = change_page(document)

    reviewer_client.post(url, theirs | {"title_en": "Theirs"})
    answer = editor_client.post(url, mine | {"title_en": "Mine", "title_zh": "我的"})

    assert answer.status_code == 409
    html = answer.content.decode()
    assert "reviewer" in html
    for text in ("Theirs", "Mine", "我的"):
        assert text in html
    document.refresh_from_db()
    assert (document.title_en, Revision.objects.of(document)[0].user.username) == (
        "Theirs",
        "reviewer",
    )
    [held] = Proposal.objects.of(document)
    assert held.state == ProposalState.HELD

    # A choice is needed for the one, the other is kept.
    [conflict] = answer.context["merge"].conflicts
    last = answer.context["last_revision"]
    undecided = editor_client.post(page_of(held), {"_take": "1", "last_revision": last})
    assert undecided.status_code == 409
    editor_client.post(page_of(held), {"_take": "1", "last_revision": last, conflict.name: "ours"})

    document.refresh_from_db()
    assert (document.title_en, document.title_zh) == ("Mine", "我的")
    newest = revisions_of(document)[0]
    assert newest.user.username == "contributor"
    assert "reviewer" in newest.note


@pytest.mark.parametrize("opened_with", ["0", "9" * 15, "x", ""])
def test_a_form_opened_before_any_version_overwrites_nothing(
    editor_client, reviewer_client, opened_with
):
    document = make_document()
    Revision.objects.of(document).delete()
    data = read_form(editor_client, change_page(document))
    assert data["opened_with"] == ["0"]
    save(reviewer_client, document, title_en="Theirs")

    editor_client.post(
        change_page(document), data | {"title_zh": "我的", "opened_with": opened_with}
    )

    document.refresh_from_db()
    assert document.title_en == "Theirs"
    proposal = Proposal.objects.of(document).get()
    assert proposal.snapshot["fields"]["title_zh"] == "我的"


def test_changes_that_do_not_overlap_are_taken_together_by_a_button(editor_client, reviewer_client):
    plan = make_plan(tracks=2)
    mine, theirs = opened_by_both(editor_client, reviewer_client, plan)
    reviewer_client.post(change_page(plan), theirs | {"tracks-0-name_en": "Theirs"})

    answer = editor_client.post(
        change_page(plan), mine | {"tracks-1-name_en": "Mine", "horizon_year": 2035}
    )
    assert answer.status_code == 409
    assert answer.context["merge"].conflicts == []
    plan.refresh_from_db()
    assert plan.horizon_year == 2030
    [held] = Proposal.objects.of(plan)
    last = answer.context["last_revision"]
    editor_client.post(page_of(held), {"_take": "1", "last_revision": last})

    plan.refresh_from_db()
    assert plan.horizon_year == 2035
    assert {track.name_en for track in plan.tracks.all()} == {"Theirs", "Mine"}


def test_a_row_that_somebody_deleted_meanwhile_is_a_conflict(editor_client, reviewer_client):
    plan = make_plan(tracks=2)
    gone = plan.tracks.order_by("order").first()
    mine, theirs = opened_by_both(editor_client, reviewer_client, plan)
    number = next(n for n in (0, 1) if mine[f"tracks-{n}-id"] == [str(gone.pk)])
    reviewer_client.post(change_page(plan), theirs | {f"tracks-{number}-DELETE": "on"})
    assert plan.tracks.count() == 1

    answer = editor_client.post(
        change_page(plan), mine | {f"tracks-{number}-name_en": "Typed at length"}
    )

    assert answer.status_code == 409
    [held] = Proposal.objects.of(plan)
    names = [track["fields"]["name_en"] for track in held.snapshot["parts"]["tracks"]]
    assert "Typed at length" in names
    assert len(answer.context["merge"].conflicts) == 1


def test_a_record_that_changes_again_is_not_taken_unseen(editor_client, reviewer_client):
    agency = make_agency()
    mine, theirs = opened_by_both(editor_client, reviewer_client, agency)
    reviewer_client.post(change_page(agency), theirs | {"name_en": "One"})
    answer = editor_client.post(change_page(agency), mine | {"name_zh": "我的"})
    save(reviewer_client, agency, name_en="Two")
    [held] = Proposal.objects.of(agency)

    answer = editor_client.post(
        page_of(held), {"_take": "1", "last_revision": answer.context["last_revision"]}, follow=True
    )

    assert any("changed again" in text for text in texts(answer))
    agency.refresh_from_db()
    assert (agency.name_en, agency.name_zh) != ("One", "我的")


def test_a_proposal_begun_before_another_was_approved_shows_three_columns(
    editor_client, reviewer_client, administrator_client
):
    document = make_document(published=True)
    one = make_proposal(document, person("contributor"), title_en="One")
    other = make_proposal(document, person("reviewer"), title_en="Other", title_zh="另一个")
    decide(reviewer_client, one, "_approve")

    page = administrator_client.get(page_of(other))
    assert 'name="_approve"' not in page.content.decode()
    [conflict] = page.context["merge"].conflicts
    assert (conflict.theirs, conflict.ours) == ("One", "Other")
    decide(administrator_client, other, "_approve")
    document.refresh_from_db()
    assert document.title_en == "One"

    last = page.context["last_revision"]
    data = {"_take": "1", "last_revision": last, conflict.name: "theirs"}
    reviewer_client.post(page_of(other), data)
    decide(administrator_client, other, "_approve")

    document.refresh_from_db()
    assert (document.title_en, document.title_zh) == ("One", "另一个")
