"""Versions of a record: any two compared, the way back to one, and what visitors see of them."""

import re
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from catalog.models import Agency, PolicyDocument, Target, Technology
from futureind.publishing import history, proposals, workflow
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.public_history import public_history
from futureind.publishing.snapshots import snapshot
from regions.models import RegionalPlan
from tests.admin_browser import address, revisions_of, save
from tests.conftest import person
from tests.factories import make_agency, make_document, make_plan, make_proposal, make_target

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
    document = PolicyDocument.objects.get(slug="beijing-future-industries-2023")
    plan = document.plans.get()
    edit(plan, structure_en="One, two, many")

    html = visitor.get(plan.tracks.first().get_absolute_url()).content.decode()

    assert 'class="versions"' in html


# Since when a record is here


def test_the_day_of_the_first_publication_is_kept_for_good():
    agency = make_agency()
    assert (agency.first_published_at, agency.recorded_at) == (None, None)

    workflow.publish(agency, user=None)
    first = Revision.objects.of(agency).first().created_at
    workflow.withdraw(agency, user=None, note="Entered twice.")
    workflow.publish(agency, user=None)
    edit(agency, name_en="Changed later")
    agency.refresh_from_db()

    assert agency.first_published_at == agency.recorded_at == first < agency.changed_at


def test_what_writes_a_whole_row_anew_does_not_change_that_day():
    agency = make_agency(published=True)
    first = agency.first_published_at
    agency.first_published_at = None
    edit(agency, name_en="Written by what knew nothing of it")
    agency.refresh_from_db()

    assert agency.first_published_at == first


def test_a_record_is_recorded_once_all_it_waits_for_is_public():
    target = make_target(published=True)
    document = target.document

    document.first_published_at = target.first_published_at + timedelta(days=1)
    assert target.recorded_at == document.first_published_at

    document.first_published_at = None
    assert target.recorded_at is None


def test_everything_public_has_such_a_day():
    for model in (Agency, PolicyDocument, Target, Technology, RegionalPlan):
        assert not model.objects.public().filter(first_published_at=None).exists()


@pytest.mark.parametrize(
    ("module", "model"),
    [
        ("catalog.migrations.0004_first_published_at", PolicyDocument),
        ("regions.migrations.0003_first_published_at", RegionalPlan),
    ],
)
def test_databases_of_before_get_the_day_from_the_history(module, model):
    agency = make_agency()
    workflow.withdraw(make_agency(published=True), user=None, note="Entered twice.")
    kept = dict(model.objects.values_list("pk", "first_published_at"))
    model.objects.update(first_published_at=None)
    label = model._meta.app_label, model._meta.object_name
    fill = import_module(module).fill_from_history(label, ("catalog", "Agency"))

    fill(apps, SimpleNamespace(connection=connection))

    assert dict(model.objects.values_list("pk", "first_published_at")) == kept
    agency.refresh_from_db()
    assert agency.first_published_at is None
    assert not Agency.objects.exclude(pk=agency.pk).filter(first_published_at=None).exists()


def test_the_page_of_a_record_says_since_when_it_is_here(visitor):
    agency = make_agency(published=True)
    long_ago = datetime(2031, 3, 1, 17, 30, tzinfo=UTC)
    Agency.objects.filter(pk=agency.pk).update(first_published_at=long_ago, changed_at=long_ago)
    html = visitor.get(agency.get_absolute_url()).content.decode()

    assert ">2031-03-02</time>" in html
    assert "Recorded here" in html
    # Once is enough.
    assert "Last changed" not in html
    assert 'class="versions"' not in html
