"""Who has a form open is told to whoever opens it as well."""

from datetime import timedelta

import pytest
from django.utils import timezone

from futureind.editing.models import LEFT_AFTER, OpenForm
from tests.admin_browser import address, change_page, read_form, save
from tests.factories import make_document, make_plan, make_proposal

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def told(client, page):
    return "contributor has had this open since" in client.get(page).content.decode()


def open_form(client, record):
    assert client.get(change_page(record)).status_code == 200


def test_who_opens_a_form_that_is_open_learns_since_when(editor_client, reviewer_client):
    document = make_document()
    assert not told(reviewer_client, change_page(document))
    open_form(editor_client, document)
    OpenForm.objects.filter(user__username="contributor").update(
        opened_at=timezone.now() - timedelta(minutes=7)
    )
    since = timezone.localtime(OpenForm.objects.get(user__username="contributor").opened_at)
    open_form(editor_client, document)

    html = reviewer_client.get(change_page(document)).content.decode()

    assert f"contributor has had this open since {since:%Y-%m-%d %H:%M}." in html
    assert not told(editor_client, change_page(document))
    assert not told(reviewer_client, change_page(make_document()))


def test_it_is_said_on_the_other_pages_of_the_record_too(editor_client, reviewer_client):
    plan = make_plan(published=True, tracks=1)
    proposal = make_proposal(plan, horizon_year=2040)
    track = plan.tracks.get()
    # A track is versioned with its plan, and the table edits the plan as well.
    open_form(editor_client, track)

    for page in (
        change_page(plan),
        change_page(track),
        address(plan, "review", plan.pk),
        address(plan, "tracks", plan.pk),
        address(proposal, "change", proposal.pk),
        f"{change_page(plan)}?proposal={proposal.pk}",
    ):
        assert told(reviewer_client, page), page


def test_saving_ends_it_and_a_form_to_be_mended_does_not(editor_client, reviewer_client):
    document = make_document()
    answer = save(editor_client, document, title_en="")
    assert answer.status_code == 200
    assert told(reviewer_client, change_page(document))

    save(editor_client, document, title_en="Saved")

    assert not told(reviewer_client, change_page(document))


def test_a_proposal_ends_it_too(editor_client, reviewer_client):
    document = make_document(published=True)

    save(editor_client, document, title_en="Proposed")

    assert not told(reviewer_client, change_page(document))


def test_the_table_of_tracks_counts_until_it_is_saved(editor_client, reviewer_client):
    plan = make_plan(tracks=1)
    table = address(plan, "tracks", plan.pk)
    data = read_form(editor_client, table)
    assert told(reviewer_client, change_page(plan))

    assert editor_client.post(table, {**data, "_save": "1"}).status_code == 302

    assert not told(reviewer_client, change_page(plan))


def test_a_form_that_was_left_is_forgotten(editor_client, reviewer_client):
    document, other = make_document(), make_document()
    open_form(editor_client, document)
    OpenForm.objects.update(opened_at=timezone.now() - LEFT_AFTER)
    assert not told(reviewer_client, change_page(document))

    open_form(editor_client, other)

    mine = OpenForm.objects.filter(user__username="contributor")
    assert [opening.object_id for opening in mine] == [other.pk]


def test_who_may_only_look_has_nothing_open(editor_client, reviewer_client):
    region = make_plan().region

    open_form(editor_client, region)

    assert not OpenForm.objects.filter(object_id=region.pk, user__username="contributor").exists()
