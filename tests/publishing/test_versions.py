"""Versions of a record: any two compared, the way back to one, and what visitors see of them."""

import re

import pytest

from catalog.models import PolicyDocument
from futureind.publishing import history, proposals, workflow
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Action, Origin
from futureind.publishing.public_history import public_history
from futureind.publishing.snapshots import snapshot
from tests.admin_browser import address, revisions_of, save
from tests.conftest import person
from tests.factories import make_agency, make_document, make_plan, make_proposal

pytestmark = pytest.mark.django_db


def edit(record, **columns):
    for name, value in columns.items():
        setattr(record, name, value)
    record.save()
    return history.record(record, Action.EDITED)


def compare(client, record, one, other):
    url = address(record, "history", record.pk)
    return client.get(url, {"from": one.pk, "to": other.pk})


def test_any_two_versions_are_compared(editor_client):
    document = make_document(title_en="One")
    first = revisions_of(document)[0]
    edit(document, title_en="Two")
    last = edit(document, title_en="Three", title_zh="三")

    for pair in ((first, last), (last, first)):
        html = compare(editor_client, document, *pair).content.decode()
        assert "<del>One</del>" in html
        assert "<ins>Three</ins>" in html
        assert "Two" not in html.split('class="differences"')[1]


def test_versions_of_other_records_are_not_compared(editor_client):
    document, other = make_document(), make_document()
    mine, theirs = revisions_of(document)[0], revisions_of(other)[0]

    assert compare(editor_client, document, mine, theirs).status_code == 404
    url = address(document, "history", document.pk)
    for asked in ({"from": "x", "to": mine.pk}, {"from": mine.pk}, {"from": "9" * 30, "to": "1"}):
        assert editor_client.get(url, asked).status_code == 404


def test_a_reviewer_proposes_the_return_to_a_version(reviewer_client, administrator_client):
    plan = make_plan(published=True, tracks=1)
    first = revisions_of(plan)[0]
    track = plan.tracks.get()
    proposal = make_proposal(plan, person("contributor"), horizon_year=2040)
    proposals.approve(proposal, user=person("reviewer"))
    url = address(plan, "revert", plan.pk)
    html = reviewer_client.get(address(plan, "history", plan.pk)).content.decode()
    assert f"{url}?revision={first.pk}" in html
    assert "<del>2040</del>" in reviewer_client.get(url, {"revision": first.pk}).content.decode()

    reviewer_client.post(url, {"revision": first.pk, "change_reason": " "})
    assert Proposal.objects.of(plan).open().count() == 0
    reviewer_client.post(url, {"revision": first.pk, "change_reason": "A typing error"})

    [waiting] = Proposal.objects.of(plan).open()
    assert (waiting.origin, waiting.note) == (Origin.REVERT, "A typing error")
    page = address(waiting, "change", waiting.pk)
    administrator_client.post(page, {"_approve": "1", "seen": waiting.version})
    plan.refresh_from_db()
    assert (plan.horizon_year, plan.tracks.get()) == (2030, track)


def test_a_contributor_returns_to_nothing(editor_client):
    document = make_document(published=True)
    url = address(document, "revert", document.pk)
    revision = revisions_of(document)[-1]

    assert editor_client.get(url).status_code == 403
    assert editor_client.post(url, {"revision": revision.pk}).status_code == 403
    assert "revert" not in editor_client.get(
        address(document, "history", document.pk)
    ).content.decode().replace("load_fixtures", "")


def test_a_draft_returns_without_approval(reviewer_client):
    document = make_document(title_en="One")
    first = revisions_of(document)[0]
    save(reviewer_client, document, title_en="Two")
    url = address(document, "revert", document.pk)

    reviewer_client.post(url, {"revision": first.pk, "change_reason": "Rather not"})
    [held] = Proposal.objects.of(document)
    page = address(held, "change", held.pk)
    html = reviewer_client.get(page).content.decode()
    assert 'name="_take"' in html
    last = re.search(r'name="last_revision" value="(\d+)"', html)[1]
    reviewer_client.post(page, {"_take": "1", "last_revision": last})

    document.refresh_from_db()
    assert document.title_en == "One"


# What visitors see


def test_visitors_see_days_and_kinds_of_changes_and_no_names(visitor):
    document = make_document()
    edit(document, title_en="Before anybody saw it")
    workflow.publish(document, user=person("reviewer"))
    for correction in (False, True):
        wanted = snapshot(document)
        wanted["fields"]["title_en"] = f"Title {correction}"
        proposal = proposals.propose(
            document,
            wanted,
            person("contributor"),
            "Not for visitors",
            is_correction=correction,
        )
        proposals.approve(proposal, user=person("reviewer"))
        document.refresh_from_db()

    kinds = [version.kind for version in public_history(document).versions]
    assert kinds == ["corrected", "changed", "added"]
    html = visitor.get(document.get_absolute_url()).content.decode()
    assert 'class="correction"' in html
    for hidden in ("reviewer", "contributor", "Not for visitors"):
        assert hidden not in html


def test_what_changed_while_nobody_saw_it_is_not_public():
    agency = make_agency(published=True)
    workflow.withdraw(agency, user=None, note="Entered twice.")
    edit(agency, name_en="Changed in the dark")
    workflow.publish(agency, user=None)

    assert [version.kind for version in public_history(agency).versions] == ["added", "withdrawn"]


def test_a_part_shows_the_history_of_its_record(visitor):
    track = (
        PolicyDocument.objects.get(slug="beijing-future-industries-2023").plans.get().tracks.first()
    )

    html = visitor.get(track.get_absolute_url()).content.decode()

    assert 'class="versions"' in html
