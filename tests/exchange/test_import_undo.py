"""Imports that are taken back: what is undone, and what people have changed since stays."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import PolicyDocument, Target
from futureind.desk import translations
from futureind.desk.models import MachineRendering, StaleTranslation
from futureind.exchange import admin as pages
from futureind.exchange.models import ImportState
from futureind.publishing import history
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Action, Origin, Revision
from regions.models import RegionalPlan
from tests.conftest import person
from tests.exchange.import_steps import linked_sheets, newest, step, upload, workbook
from tests.factories import make_document, make_plan, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]


def test_undo_takes_back_what_the_import_did_and_keeps_what_people_did(editor_client):
    document, public = make_document(note_en="Before"), make_plan(published=True)
    sheets = linked_sheets(make_source())
    sheets["documents"].append({"slug": document.slug, "note_en": "Imported"})
    sheets["documents"][1]["document_number"] = document.document_number
    for name in ("title_en", "title_zh", "document_type", "level", "region", "issued_date"):
        sheets["documents"][1][name] = getattr(document, name) or ""
    sheets["plans"].append({"slug": public.slug, "horizon_year": 2040})
    sheets["plans"][1] |= {"region": public.region.slug, "document": public.document.slug}
    upload(editor_client, workbook(**sheets))
    step(editor_client, "write")
    target = Target.objects.get(document__document_number="测政发〔2031〕9号")
    target.locator_en = "Found by hand"
    target.save()
    history.record(target, Action.EDITED, user=person("reviewer"))

    undo = reverse("admin:exchange_import_undo", args=[newest().pk])
    preview = editor_client.get(undo)
    kept = {change.record_name: reason for change, reason in preview.context["kept"]}
    assert set(kept) == {target.slug, "test-province-plan-for-future-industries"}
    assert "reviewer changed it since" in kept[target.slug]
    answer = editor_client.post(undo, follow=True)

    assert newest().state == ImportState.UNDONE
    document.refresh_from_db()
    assert document.note_en == "Before"
    assert not RegionalPlan.objects.filter(document=target.document).exists()
    assert Target.objects.get(pk=target.pk).locator == "Found by hand"
    assert Proposal.objects.of(public).get().state == "given-up"
    page = answer.content.decode()
    assert "reviewer changed it since" in page
    assert "refers to it" in page


def test_what_undo_deletes_leaves_no_notes_and_stands_in_the_log(editor_client, caplog):
    upload(editor_client, workbook(**linked_sheets(make_source())))
    step(editor_client, "write")
    document = PolicyDocument.objects.get(document_number="测政发〔2031〕9号")
    target = Target.objects.get(document=document)
    translations.mark(document, ["title"], user=person("contributor"))
    StaleTranslation.objects.create(
        record=target, path="statement", source_was="甲", source_now="乙", translation="A"
    )
    kept = make_document()
    translations.mark(kept, ["title"], user=None)

    with caplog.at_level("INFO", "futureind.security"):
        step(editor_client, "undo")

    assert [row.record for row in MachineRendering.objects.all()] == [kept]
    assert not StaleTranslation.objects.exists()
    deleted = Revision.objects.filter(action=Action.DELETED, origin=Origin.REVERT)
    said = [line for line in caplog.messages if line.startswith("deleted ")]
    assert deleted.count() == 3
    assert sorted(int(line.rpartition("=")[2]) for line in said) == sorted(
        deleted.values_list("pk", flat=True)
    )
    assert all("by='contributor'" in line for line in said)


def imported_and_changed_since(client, number):
    """Import changes of so many drafts, which somebody else changes after that."""
    documents = [make_document() for _number in range(number)]
    rows = [{"slug": document.slug, "note_en": "Imported"} for document in documents]
    upload(client, workbook(documents=rows))
    step(client, "write")
    for document in documents:
        document.title_en = f"Changed {document.pk}"
        document.save()
        history.record(document, Action.EDITED, user=person("reviewer"))
    return reverse("admin:exchange_import_undo", args=[newest().pk])


def test_asking_to_take_back_asks_the_database_no_more_for_more_changes(editor_client):
    numbers = []
    for number in (2, 6):
        address = imported_and_changed_since(editor_client, number)
        with CaptureQueriesContext(connection) as queries:
            page = editor_client.get(address)
        assert page.content.decode().count("reviewer changed it since") == number
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_long_lists_of_what_is_taken_back_are_cut(monkeypatch, editor_client):
    monkeypatch.setattr(pages, "MOST_LISTED", 2)
    address = imported_and_changed_since(editor_client, 3)

    before = editor_client.get(address).content.decode()
    after = editor_client.post(address, follow=True).content.decode()

    assert "3 records stay as they are" in before
    for page in (before, after):
        assert page.count("reviewer changed it since") == 2
        assert "The first 2 of 3." in page


def test_what_was_published_since_is_kept(editor_client):
    upload(editor_client, workbook(**linked_sheets(make_source())))
    step(editor_client, "write")
    document = PolicyDocument.objects.get(document_number="测政发〔2031〕9号")
    PolicyDocument.objects.filter(pk=document.pk).update(confidence="verified")
    stored = PolicyDocument.objects.get(pk=document.pk)
    history.record(stored, Action.EDITED, user=person("contributor"))

    step(editor_client, "undo")

    assert PolicyDocument.objects.filter(pk=document.pk).exists()
    assert not Target.objects.filter(document=document).exists()
