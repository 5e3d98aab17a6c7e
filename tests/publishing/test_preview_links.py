"""Links to drafts and proposals for people without an account."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from futureind.publishing import proposals, workflow
from futureind.publishing.models.preview_links import PreviewLink
from futureind.publishing.preview_links import share
from tests.admin_browser import act, address
from tests.factories import make_document, make_plan, make_proposal

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def page(link, language="en"):
    return reverse("preview", args=[link.token, language])


def test_a_draft_is_shown_in_both_languages_to_who_has_the_link(visitor):
    plan = make_plan(tracks=1)
    link = share(plan, user=None, days=1)
    track = plan.tracks.get()

    for language, name in (("en", track.name_en), ("zh-hans", track.name_zh)):
        answer = visitor.get(page(link, language))
        assert answer.status_code == 200
        assert name in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
    assert visitor.get(plan.get_absolute_url()).status_code == 404
    assert visitor.get(reverse("preview", args=[link.token])).url == page(link)


def test_a_proposal_is_shown_until_it_is_decided(visitor):
    proposal = make_proposal(title_en="Not public yet")
    link = share(proposal, user=None, days=1)
    assert "Not public yet</h1>" in visitor.get(page(link)).content.decode()

    proposals.give_up(proposal, user=None)

    assert visitor.get(page(link)).status_code == 410


def test_a_link_expires_and_is_revoked(visitor, editor_client):
    document = make_document()
    expired, revoked = (share(document, user=None, days=1) for _time in range(2))
    past = {"created_at": timezone.now() - timedelta(2), "expires_at": timezone.now()}
    PreviewLink.objects.filter(pk=expired.pk).update(**past)
    act(editor_client, PreviewLink, "revoke_selected", [revoked])

    for link in (expired, revoked):
        answer = visitor.get(page(link))
        assert answer.status_code == 410
        assert document.title_en not in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]


def test_a_withdrawal_ends_the_links_that_were_made_before(visitor):
    plan = make_plan(published=True)
    proposal = make_proposal(plan, horizon_year=2040)
    document = plan.document
    # Withdrawing a document hides its plan as well.
    before = [share(target, user=None, days=1) for target in (document, plan, proposal)]
    other = share(make_document(published=True), user=None, days=1)
    assert [visitor.get(page(link)).status_code for link in before] == [200] * 3

    workflow.withdraw(document, user=None, note="By mistake")

    after = [share(target, user=None, days=1) for target in (document, plan, proposal)]
    assert [visitor.get(page(link)).status_code for link in before] == [410] * 3
    assert [visitor.get(page(link)).status_code for link in (*after, other)] == [200] * 4


def test_a_link_to_what_was_deleted_leads_nowhere(visitor):
    document = make_document()
    link = share(document, user=None, days=1)

    document.delete()

    assert visitor.get(page(link)).status_code == 410


def test_a_link_that_was_made_up_leads_nowhere(visitor):
    link = share(make_document(), user=None, days=1)
    forged = link.token[:-1] + ("a" if link.token[-1] != "a" else "b")

    assert visitor.get(reverse("preview", args=[forged, "en"])).status_code == 404
    assert visitor.get(page(link, "fr")).status_code == 404
    assert visitor.post(page(link)).status_code == 405


def test_an_editor_makes_a_link(editor_client, visitor):
    document = make_document()
    review = address(document, "review", document.pk)

    editor_client.post(review, {"_share": "1", "days": "7", "for_whom": "The ministry"})
    editor_client.post(review, {"_share": "1", "days": "9000"})

    link = PreviewLink.objects.get()
    assert link.user == get_user_model().objects.get(username="contributor")
    assert timedelta(6) < link.expires_at - timezone.now() < timedelta(8)
    html = editor_client.get(review).content.decode()
    assert link.address in html
    assert "The ministry" in html
    assert visitor.get(page(link)).status_code == 200


def test_what_a_preview_computes_is_shown_to_nobody_else(visitor):
    document = make_document(published=True)
    proposal = make_proposal(document, title_en="Only previewed")
    link = share(proposal, user=None, days=1)

    visitor.get(page(link))

    for path in ("/en/", "/en/documents/", document.get_absolute_url(), "/en/documents.json"):
        assert "Only previewed" not in visitor.get(path).content.decode()
