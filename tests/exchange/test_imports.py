"""Imports from upload to drafts and proposals, as editors meet them."""

import pytest

from catalog.models import PolicyDocument, Target
from futureind.exchange.models import ImportState
from futureind.exchange.writing import write
from futureind.publishing import history, proposals
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.snapshots import snapshot
from regions.models import RegionalPlan, Track
from tests.admin_browser import revisions_of, texts
from tests.conftest import person
from tests.exchange.import_steps import linked_sheets, newest, step, upload, workbook
from tests.factories import make_document, make_plan, make_source, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]


def test_a_workbook_of_linked_sheets_becomes_drafts(editor_client):
    number = ContentVersion.current(), Revision.objects.count()
    source = make_source()
    version = ContentVersion.current()
    looked = upload(editor_client, workbook(**linked_sheets(source)), note="Forty plans")

    assert newest().state == ImportState.CHECKED
    assert newest().counts["documents"] == {"created": 1}
    assert PolicyDocument.objects.filter(document_number="测政发〔2031〕9号").count() == 0
    assert "Quantum information" in looked.content.decode()
    assert Revision.objects.count() == number[1] + 1  # that of the source
    step(editor_client, "write")

    document = PolicyDocument.objects.get(document_number="测政发〔2031〕9号")
    plan = RegionalPlan.objects.get(document=document)
    assert newest().state == ImportState.WRITTEN
    assert {r.publication_state for r in (document, plan)} == {"draft"}
    assert [row.agency.slug for row in document.issuer_rows.all()] == ["miit"]
    assert plan.tracks.count() == 2
    track = plan.tracks.get(name_zh="量子信息")
    mapping = track.technology_mappings.get()
    assert (mapping.technology.slug, mapping.match, mapping.basis) == (
        "quantum-computing",
        "broader",
        "stated",
    )
    assert ContentVersion.current() == version
    for record in (document, plan, Target.objects.get(document=document)):
        [revision] = revisions_of(record)
        assert (revision.origin, revision.user.username) == (Origin.IMPORT, "contributor")
        assert revision.note.startswith("Forty plans\n")
        # Saved once more without a change there would be no second version.
        assert snapshot(type(record).objects.get(pk=record.pk)) == revision.snapshot
        assert record.changed_at == revision.created_at


def test_published_records_get_proposals_and_stay_as_they_are(editor_client, reviewer_client):
    plan = make_plan(published=True)
    track = make_track(plan=plan, name_en="Old")
    rows = [{"slug": track.slug, "name_en": "New", "technologies": "robots (related, analyst)"}]
    upload(editor_client, workbook(tracks=rows))

    step(editor_client, "write")

    track.refresh_from_db()
    assert track.name_en == "Old"
    [change] = newest().changes.all()
    assert change.proposal.state == "in-review"
    assert [a.author.username for a in change.proposal.authors()] == ["contributor"]
    with pytest.raises(proposals.TransitionError, match="somebody else"):
        proposals.approve(change.proposal, user=person("contributor"))
    proposals.approve(change.proposal, user=person("reviewer"))
    track.refresh_from_db()
    assert track.name_en == "New"
    assert [r.technology.slug for r in track.technology_mappings.all()] == ["robots"]


def test_drafts_are_changed_with_their_parts_and_choices(editor_client):
    old, new = make_source(), make_source()
    document = make_document(sources=[old], note_en="Old")
    plan = make_plan(tracks=2)
    first, second = plan.tracks.order_by("pk")
    upload(
        editor_client,
        workbook(
            documents=[
                {
                    "slug": document.slug,
                    "note_en": "New",
                    "sources": new.slug,
                    "fields": "future-space (stated)",
                    "issuers": "miit; most",
                }
            ],
            tracks=[
                {"slug": first.slug, "parent": second.slug, "locator_en": "II.1"},
                {"slug": second.slug, "parent": "", "locator_en": "II"},
            ],
        ),
    )
    step(editor_client, "write")

    document.refresh_from_db()
    first.refresh_from_db()
    assert (document.note_en, list(document.sources.all())) == ("New", [new])
    assert [row.field.slug for row in document.field_mappings.all()] == ["future-space"]
    assert [row.agency.slug for row in document.issuer_rows.all()] == ["miit", "most"]
    assert (first.parent, first.locator) == (second, "II.1")
    for record in (document, plan):
        assert snapshot(type(record).objects.get(pk=record.pk)) == revisions_of(record)[0].snapshot


def test_refused_rows_are_left_out_only_when_that_is_said(editor_client):
    source = make_source()
    sheets = linked_sheets(source)
    sheets["tracks"].append(sheets["tracks"][0] | {"name_zh": "玄学", "tier": "宏伟"})
    looked = upload(editor_client, workbook(**sheets))
    assert "宏伟" in looked.content.decode()

    refused = step(editor_client, "write")
    assert newest().state == ImportState.CHECKED
    assert "Say that they are left out" in " ".join(texts(refused))
    step(editor_client, "write", leave_out="on")

    assert Track.objects.filter(name_zh="玄学").count() == 0
    assert Track.objects.filter(plan__document__document_number="测政发〔2031〕9号").count() == 2


def test_what_changed_since_the_check_stops_the_import(editor_client):
    document, other = make_document(), make_document()
    rows = [{"slug": d.slug, "note_en": "Imported"} for d in (document, other)]
    upload(editor_client, workbook(documents=rows))
    other.title_en = "Changed by hand"
    other.save()
    history.record(other, Action.EDITED, user=person("reviewer"))

    answer = step(editor_client, "write")

    document.refresh_from_db()
    assert document.note_en == ""
    assert newest().state == ImportState.CHECKED
    assert "Changed since the check" in answer.content.decode()


def test_what_was_made_since_the_check_stops_the_import(editor_client):
    upload(editor_client, workbook(**linked_sheets(make_source())))
    make_document(slug="test-province-plan-for-future-industries")

    answer = step(editor_client, "write")

    assert "Made since the check" in answer.content.decode()
    assert RegionalPlan.objects.filter(document__document_number="测政发〔2031〕9号").count() == 0


def test_an_import_is_written_once(editor_client):
    upload(editor_client, workbook(**linked_sheets(make_source())))

    step(editor_client, "write")
    step(editor_client, "write")

    assert PolicyDocument.objects.filter(document_number="测政发〔2031〕9号").count() == 1


def test_an_import_holds_its_job_from_before_it_writes_until_all_is_written(editor_client):
    upload(editor_client, workbook(**linked_sheets(make_source())))
    seen = []

    write(newest(), hold=lambda: seen.append(newest().state))

    # At the end too: a worker that wrote for more than a minute would be taken for dead.
    assert seen == [ImportState.CHECKED, ImportState.WRITTEN]


def test_an_import_that_is_given_up_writes_nothing(editor_client):
    upload(editor_client, workbook(**linked_sheets(make_source())))

    step(editor_client, "give-up")
    step(editor_client, "write")

    assert newest().state == ImportState.GIVEN_UP
    assert (newest().rows.count(), newest().changes.count(), newest().tables) == (0, 0, [])
    assert PolicyDocument.objects.filter(document_number="测政发〔2031〕9号").count() == 0
