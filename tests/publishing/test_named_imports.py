"""Imports propose changes of sources that are public, and draft what is not public yet."""

import pytest

from futureind.publishing import workflow
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Origin
from futureind.publishing.models.sources import Source
from futureind.publishing.snapshots import snapshot
from regions.models import CoverageCheck
from tests.exchange.import_steps import newest, step, upload, workbook
from tests.factories import make_document, make_source
from tests.publishing.source_edits import CANARY, title_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def source_row(source, **columns):
    fields = snapshot(source)["fields"]
    names = ("slug", "title", "publisher", "kind", "language", "url")
    return {name: fields[name] for name in names} | columns


def test_an_import_proposes_what_is_public_and_changes_what_is_not(editor_client):
    public, private = make_source(), make_source()
    make_document(published=True, sources=[public])
    was = title_of(public)
    rows = [source_row(public, title=CANARY), source_row(private, title=CANARY)]

    upload(editor_client, workbook(sources=rows))
    step(editor_client, "write")

    assert (title_of(public), title_of(private)) == (was, CANARY)
    [proposal] = Proposal.objects.of(public)
    assert (proposal.origin, proposal.state) == (Origin.IMPORT, "in-review")


def test_an_import_stops_where_a_source_became_public_since_the_check(editor_client):
    source = make_source()
    document = make_document(sources=[source])
    was = title_of(source)
    upload(editor_client, workbook(sources=[source_row(source, title=CANARY)]))
    workflow.publish(document, user=None)

    step(editor_client, "write")

    assert title_of(source) == was
    assert newest().state == "checked"


def test_an_import_that_is_taken_back_leaves_what_is_public_by_now(editor_client):
    new = {"title": "新来源", "publisher": "社", "kind": "official", "language": "zh"}
    upload(editor_client, workbook(sources=[{"slug": f"test-new-{n}", **new} for n in (1, 2)]))
    step(editor_client, "write")
    published, drafted = Source.objects.filter(slug__startswith="test-new-").order_by("slug")
    make_document(published=True, sources=[published])
    draft = make_document(sources=[drafted])

    step(editor_client, "undo")

    # Neither what visitors see nor what somebody's draft names is taken away.
    assert Source.objects.filter(pk=published.pk).exists()
    assert list(draft.sources.all()) == [drafted]
    kept = dict(newest().changes.values_list("object_id", "kept_because"))
    assert kept[published.pk] == "Published records name it."
    assert "refers to it" in kept[drafted.pk]


def test_an_edit_by_import_is_not_taken_back_where_the_source_is_public_by_now(editor_client):
    source = make_source()
    document = make_document(sources=[source])
    upload(editor_client, workbook(sources=[source_row(source, title=CANARY)]))
    step(editor_client, "write")
    workflow.publish(document, user=None)

    step(editor_client, "undo")

    assert title_of(source) == CANARY


def test_an_import_drafts_a_coverage_check(editor_client):
    row = {"region": "beijing", "checked_on": "2031-01-05", "outcome": "none-found"}

    upload(editor_client, workbook(coverage_checks=[row]))
    step(editor_client, "write")

    check = CoverageCheck.objects.get(checked_on="2031-01-05")
    assert check.publication_state == "draft"
    assert check not in CoverageCheck.objects.public()
