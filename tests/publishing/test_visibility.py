"""What the admin says of a record is what visitors find: its states, those above it, its links."""

import itertools
import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from catalog.models import Agency, DocumentIssuer
from futureind.desk.quality_queues import unlocated
from futureind.desk.review_queue import not_looked_at
from futureind.publishing import history, proposals, visibility, workflow
from futureind.publishing.models.records import PublicationState, public_condition
from futureind.publishing.models.revisions import Action
from futureind.publishing.snapshots import snapshot
from regions.models import RegionalPlan, Track
from tests.admin_browser import act, address, texts
from tests.chance import every
from tests.factories import (
    make_agency,
    make_document,
    make_plan,
    make_proposal,
    make_region,
    make_target,
    make_track,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

State = PublicationState
STATES = list(State)


def bring(record, state):
    """Take a draft to a state, by the moves that lead there."""
    if state == State.IN_REVIEW:
        workflow.submit(record, user=None)
    if state in (State.PUBLISHED, State.WITHDRAWN):
        workflow.publish(record, user=None)
    if state == State.WITHDRAWN:
        workflow.withdraw(record, user=None, note="wrong")
    return record


def change(record):
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])


def review(record):
    return change(record).replace("/change/", "/review/")


def status(client, record):
    return client.get(record.get_absolute_url()).status_code


# States


@pytest.mark.parametrize("kind", [make_plan, make_target])
@pytest.mark.parametrize(("own", "above"), every(3, itertools.product(STATES, STATES)))
def test_the_words_for_a_state_are_what_visitors_find(kind, own, above, visitor, reviewer_client):
    document = make_document(region=make_region(published=True))
    record = kind(document=document)
    bring(document, above)
    bring(record, own)
    shown = type(record)._base_manager.get(pk=record.pk)
    parts = [make_track(plan=shown)] if kind is make_plan else []

    found = {status(visitor, seen) for seen in (shown, *parts)}

    words = visibility.state_in_words(shown)
    is_public = own == above == State.PUBLISHED
    assert (found == {200}) == is_public == (words == "published")
    assert found == {200} if is_public else found <= {404, 410}
    for one in (shown, *parts):
        seen = type(one)._base_manager.filter(public_condition(type(one)), pk=one.pk)
        assert seen.exists() == type(one).objects.public().filter(pk=one.pk).exists() == is_public
    form = reviewer_client.get(change(record)).content.decode()
    assert ("This record is public." in form) == is_public
    if own == State.PUBLISHED and above != State.PUBLISHED:
        assert words.startswith("published, hidden because its policy document")
        for page in (
            form,
            reviewer_client.get(
                address(type(record), "changelist"), {"q": record.slug}
            ).content.decode(),
        ):
            assert words in page.lower()
            assert f'href="{change(document)}"' in page


def test_what_both_were_public_and_one_is_withdrawn_is_gone(visitor):
    plan = make_plan(published=True, tracks=1)
    workflow.withdraw(plan.document, user=None, note="wrong")
    plan = RegionalPlan.objects.get(pk=plan.pk)

    assert visibility.state_in_words(plan).endswith("its policy document was withdrawn")
    assert {status(visitor, plan), status(visitor, plan.tracks.get())} == {410}


def test_after_publishing_what_stays_hidden_is_said_with_the_link_that_mends_it(
    visitor, reviewer_client
):
    document = make_document(region=make_region(published=True))
    reviewed, selected = make_plan(document=document), make_target(document=document)
    for record in (reviewed, selected):
        workflow.submit(record, user=None)

    before = reviewer_client.get(review(reviewed)).content.decode()
    answers = [
        reviewer_client.post(review(reviewed), {"_publish": "yes"}, follow=True),
        act(reviewer_client, type(selected), "publish_selected", [selected]),
    ]

    assert "Once published, it stays hidden until this is published, too" in before
    assert f'href="{change(document)}"' in before
    for record, answer in zip((reviewed, selected), answers, strict=True):
        said = " ".join(texts(answer))
        assert "hidden because its policy document is a draft" in said
        assert change(document) in said
        assert f"“{record}” is public now." not in said
        assert status(visitor, record) == 404


def test_after_publishing_what_visitors_see_is_said_to_be_public(visitor, reviewer_client):
    document = make_document()
    workflow.submit(document, user=None)

    answer = reviewer_client.post(review(document), {"_publish": "yes"}, follow=True)

    assert texts(answer) == [f"“{document}” is public now."]
    assert status(visitor, document) == 200


def test_an_approved_change_of_a_hidden_record_is_not_called_public(reviewer_client):
    plan = bring(make_plan(), State.PUBLISHED)
    proposal = make_proposal(plan, horizon_year=2035)

    page = reviewer_client.get(change(proposal))
    answer = reviewer_client.post(
        change(proposal), {"_approve": "yes", "seen": proposal.version}, follow=True
    )

    assert "hidden because its policy document is a draft" in page.content.decode()
    assert "The change is public now." not in texts(answer)
    assert "hidden because its policy document is a draft" in " ".join(texts(answer))
    assert RegionalPlan.objects.get(pk=plan.pk).horizon_year == 2035


def test_the_tracks_page_of_a_hidden_plan_does_not_call_it_public(reviewer_client):
    page = reverse("admin:regions_regionalplan_tracks", args=["0"])
    seen, hidden = make_plan(published=True), bring(make_plan(), State.PUBLISHED)

    for plan, is_public in ((seen, True), (hidden, False)):
        html = reviewer_client.get(page.replace("/0/", f"/{plan.pk}/")).content.decode()
        assert ("This plan is public" in html) == is_public
        assert ("hidden because its policy document is a draft" in html) != is_public


def test_lists_of_what_is_public_leave_out_what_is_hidden():
    hidden = bring(make_plan(tracks=1), State.PUBLISHED)
    target = bring(make_target(document=hidden.document), State.PUBLISHED)
    seen = make_plan(published=True, tracks=1)
    claims = {model: part for part in unlocated(None) for model in [part.model]}

    assert not claims[Track].filter(plan=hidden).exists()
    assert claims[Track].filter(plan=seen).exists()
    assert not claims[type(target)].filter(pk=target.pk).exists()
    for part in not_looked_at(None):
        assert not part.exclude(public_condition(part.model)).exists()


def test_a_preview_of_what_visitors_see_does_not_call_it_hidden(reviewer_client):
    hidden, seen = bring(make_plan(), State.PUBLISHED), make_plan(published=True)

    for plan, is_public in ((seen, True), (hidden, False)):
        html = reviewer_client.get(
            change(plan).replace("/change/", "/preview/en/")
        ).content.decode()
        assert ("visitors see this page as well" in html) == is_public
        assert ("this is not public" in html) != is_public


# Links


def with_issuer(document, agency):
    DocumentIssuer.objects.create(document=document, agency=agency, order=1)
    history.record(document, Action.EDITED)
    return document


def test_a_draft_issuer_is_named_before_and_after_publishing(visitor, reviewer_client):
    agency = make_agency(name_en="Hidden Ministry")
    document = with_issuer(make_document(), agency)
    workflow.submit(document, user=None)

    before = [reviewer_client.get(page(document)).content.decode() for page in (change, review)]
    answer = reviewer_client.post(review(document), {"_publish": "yes"}, follow=True)

    for page in before:
        assert "Visitors do not see these" in page
        assert f'<a href="{change(agency)}">{escape(agency)}</a> (draft)' in page
    assert f"“{document}” is public now." in " ".join(texts(answer))
    assert change(agency) in " ".join(texts(answer))
    public = visitor.get(document.get_absolute_url()).content.decode()
    assert "Hidden Ministry" not in public

    workflow.publish(agency, user=None)
    assert "Hidden Ministry" in visitor.get(document.get_absolute_url()).content.decode()
    assert visibility.unseen_links(document) == []


def test_what_a_record_and_its_parts_name_in_vain_is_found():
    document = make_document(region=make_region())
    plan = make_plan(document=document, region=document.region)
    track = make_track(plan=plan)
    target = make_target(document=document)
    track.targets.add(target)

    assert [u.record for u in visibility.unseen_links(document)] == [document.region]
    assert [u.record for u in visibility.unseen_links(plan)] == [plan.region, target]
    # The document decides whether they are seen: that is said apart.
    assert visibility.unseen_links(target) == []
    assert visibility.obstacles_above(track) == [document]


def test_a_proposal_names_the_draft_that_it_would_link_to(reviewer_client):
    document, agency = make_document(published=True), make_agency()
    held = snapshot(document)
    other = snapshot(with_issuer(make_document(), agency))
    wanted = {**held, "parts": other["parts"]}
    proposal = proposals.propose(document, wanted, None)

    page = reviewer_client.get(change(proposal)).content.decode()
    assert f'<a href="{change(agency)}">{escape(agency)}</a> (draft)' in page


# Withdrawing


def test_withdrawing_names_all_that_goes_with_it(administrator_client, visitor):
    plan = make_plan(published=True, tracks=2)
    document = plan.document
    target, draft = make_target(document=document, published=True), make_target(document=document)

    question = administrator_client.get(change(document).replace("/change/", "/withdraw/"))

    html = re.sub(r"\s+", " ", question.content.decode())
    for words in (
        f'1 plan: <a href="{change(plan)}"',
        "2 tracks:",
        f'1 target: <a href="{change(target)}"',
    ):
        assert words in html
    assert change(draft) not in html
    for track in plan.tracks.all():
        assert change(track) in html
    assert ">Cancel<" in html

    gone = [row for loss in visibility.gone_with(document) for row in loss.rows]
    assert [status(visitor, row) for row in gone] == [200] * 4
    workflow.withdraw(document, user=None, note="wrong")
    assert [status(visitor, row) for row in gone] == [410] * 4


def test_many_that_go_are_counted():
    plan = make_plan(published=True, tracks=visibility.NAMED + 3)

    [tracks] = visibility.gone_with(plan)

    assert (tracks.count, tracks.more, len(tracks.rows)) == (visibility.NAMED + 3, 3, 20)
    assert visibility.gone_with(make_document()) == []


def test_bulk_publishing_of_agencies_says_no_more_than_is_so(reviewer_client):
    parent = make_agency()
    child = make_agency(parent=parent)
    workflow.submit(child, user=None)

    answer = act(reviewer_client, Agency, "publish_selected", [child])

    assert "1 record was published." in texts(answer)
    assert change(parent) in " ".join(texts(answer))
