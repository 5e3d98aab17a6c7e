"""Imports from upload to undo, as editors meet them; jobs that survive their workers."""

import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from catalog.models import PolicyDocument, Target
from futureind.desk import translations
from futureind.desk.link_jobs import CHECK_LINK
from futureind.desk.models import MachineRendering, StaleTranslation
from futureind.exchange import admin as pages
from futureind.exchange.models import Import, ImportJob, ImportState
from futureind.exchange.tables import MOST_BYTES, MOST_ROWS
from futureind.exchange.writing import write
from futureind.jobs.models import Job, JobCancelled, JobLost, JobState
from futureind.publishing import history, proposals
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.snapshots import snapshot
from regions.models import RegionalPlan, Track
from tests.admin_browser import revisions_of, texts
from tests.chance import every
from tests.conftest import person, signed_in
from tests.factories import (
    make_document,
    make_import,
    make_plan,
    make_source,
    make_target,
    make_track,
)

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

ADD = "admin:exchange_import_add"


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", "-"))
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column, "") for column in columns])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def upload(client, data, name="plans.xlsx", **fields):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse(ADD), {"file": file, **fields}, follow=True)


def newest():
    return Import.objects.first()


def step(client, name, **data):
    address = reverse(f"admin:exchange_import_{name}", args=[newest().pk])
    return client.post(address, data, follow=True)


def linked_sheets(source):
    document = {
        "title_en": "Test Province: Plan for future industries",
        "title_zh": "测试省未来产业规划",
        "document_number": "测政发〔2031〕9号",
        "document_type": "plan",
        "level": "provincial",
        "region": "beijing",
        "issued_date": "2031-02-03",
        "sources": source.slug,
        "issuers": "miit",
    }
    plan = {"document": "测政发〔2031〕9号", "region": "beijing", "horizon_year": 2035}
    track = {
        "plan": "test-province-plan-for-future-industries",
        "tier": "priority",
        "technologies": "quantum-computing (broader, stated)",
    }
    names = [("量子信息", "Quantum information"), ("光子", "Photonics")]
    tracks = [track | {"name_zh": zh, "name_en": en} for zh, en in names]
    target = {
        "document": "测政发〔2031〕9号",
        "kind": "qualitative",
        "statement_en": "Reach the front rank",
        "statement_zh": "进入前列",
        "sources": source.slug,
    }
    return {"documents": [document], "plans": [plan], "tracks": tracks, "targets": [target]}


# The way of an import


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


# Undo


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


# Who may, and what is said of a file that cannot be read


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.xlsx", b"broken", "no XLSX workbook"),
        ("x.json", b"{]", "not JSON"),
        ("x.csv", "slug\n未來產業發展規劃".encode("big5"), "neither UTF-8"),
        ("x.csv", b"a,b\n1,2\n", "It is not said what the rows of"),
        ("documents.csv", b"slug,colour\na,red\n", "have no column"),
        ("big.csv", b"slug\n" + b"x" * MOST_BYTES, "at most 10 MB"),
        ("poems.json", b'{"poems": [{"slug": "a"}]}', "It is not said"),
        ("documents.json", rb'[{"slug": "cut \ud83d"}]', "broken character"),
        ("documents.json", rb'[{"cut \ud83d": "a"}]', "broken character"),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(editor_client, name, data, words):
    answer = upload(editor_client, data, name)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_a_csv_file_says_its_kind_by_its_name_or_is_told(editor_client):
    document = make_document()
    data = f"slug,note_en\n{document.slug},x\n".encode()

    upload(editor_client, data, "documents.csv")
    upload(editor_client, data, "a.csv", kind="policy-documents")

    assert [i.counts for i in Import.objects.all()] == [{"policy-documents": {"changed": 1}}] * 2


def test_the_name_of_a_list_may_be_of_any_length(editor_client):
    name = "policy" + " " * 100 + "documents"

    rows = [{"slug": make_document().slug}]
    upload(editor_client, json.dumps({name: rows}).encode(), "a.json")

    [row] = newest().rows.all()
    assert row.outcome == "unchanged"
    assert len(row.sheet) <= row._meta.get_field("sheet").max_length


def test_others_do_not_see_or_write_an_import(editor_client, reviewer_client):
    upload(editor_client, workbook(**linked_sheets(make_source())))
    get_user_model().objects.create_user("other", is_staff=True).groups.set(
        person("contributor").groups.all()
    )
    other = signed_in("other")
    address = reverse("admin:exchange_import_change", args=[newest().pk])

    assert other.get(address).status_code == 302
    assert step(other, "write").status_code == 403
    assert newest().state == ImportState.CHECKED
    assert reviewer_client.get(address).status_code == 200


@pytest.mark.parametrize("name", ["write", "give-up", "cancel"])
def test_nothing_happens_by_following_a_link(editor_client, name):
    upload(editor_client, workbook(**linked_sheets(make_source())))
    address = reverse(f"admin:exchange_import_{name}", args=[newest().pk])

    assert editor_client.get(address).status_code == 405
    assert newest().state == ImportState.CHECKED


@pytest.mark.parametrize("form", every(3, ["csv", "json", "xlsx"]))
def test_everybody_on_the_staff_downloads_what_can_be_imported(monkeypatch, editor_client, form):
    monkeypatch.setattr(pages, "ROWS_AT_ONCE", MOST_ROWS)
    make_target()
    address = reverse("admin:exchange_import_export")
    answer = editor_client.get(address, {"format": form, "kind": "targets"})

    assert answer["Content-Disposition"].endswith(f'.{form}"')
    upload(editor_client, answer.content, f"targets.{form}")
    assert set(newest().counts["targets"]) == {"unchanged"}
    assert editor_client.get(address, {"format": "exe"}).status_code == 200


def test_more_than_an_import_reads_is_not_put_into_a_file(monkeypatch, editor_client):
    make_target()
    monkeypatch.setattr(pages, "MOST_ROWS", 0)
    address = reverse("admin:exchange_import_export")

    whole = editor_client.get(address, {"format": "xlsx", "kind": "targets"})
    empty = editor_client.get(address, {"format": "xlsx", "kind": "targets", "template": "1"})

    assert "an import reads 0. Choose fewer kinds." in " ".join(texts(whole))
    assert empty["Content-Disposition"].endswith('template.xlsx"')


# Jobs


@pytest.fixture
def waiting(monkeypatch, editor_client):
    """An import whose check waits for a worker."""
    monkeypatch.setattr(pages, "ROWS_AT_ONCE", 0)
    monkeypatch.setattr(pages, "CHANGES_AT_ONCE", 0)
    upload(editor_client, workbook(**linked_sheets(make_source())))
    return Job.objects.get()


def test_a_large_import_waits_for_the_worker(editor_client, waiting):
    address = reverse("admin:exchange_import_change", args=[newest().pk])
    assert newest().state == ImportState.UPLOADED
    assert "Look again" in editor_client.get(address).content.decode()

    call_command("run_jobs", "--once")
    assert newest().state == ImportState.CHECKED
    step(editor_client, "write")
    assert newest().state == ImportState.CHECKED
    call_command("run_jobs", "--once")

    assert newest().state == ImportState.WRITTEN
    assert Job.objects.filter(state=JobState.DONE).count() == 2
    assert "were drafted" in editor_client.get(address).content.decode()


def test_of_two_workers_one_gets_the_job(waiting):
    first, second = Job.objects.claim("one"), Job.objects.claim("two")

    assert (first.worker, second) == ("one", None)


def test_a_job_whose_worker_fell_silent_is_done_by_another(waiting):
    first = Job.objects.claim("one")
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.update(heard_at=long_ago)

    second = Job.objects.claim("two")

    assert (second.pk, second.attempts) == (first.pk, 2)
    with pytest.raises(JobLost):
        first.report(1)
    with pytest.raises(JobLost):
        first.hold()
    second.report(1, 10)


def test_a_job_that_ends_its_workers_is_given_up(waiting):
    for number in range(3):
        assert Job.objects.claim(f"worker {number}")
        Job.objects.update(heard_at=timezone.now() - timedelta(minutes=5))

    assert Job.objects.claim("another") is None
    waiting.refresh_from_db()
    assert (waiting.state, bool(waiting.message)) == (JobState.FAILED, True)


def test_a_job_is_cancelled_before_and_while_it_runs(editor_client, waiting):
    step(editor_client, "cancel")
    waiting.refresh_from_db()
    assert waiting.state == JobState.CANCELLED

    running = Job.objects.create(kind=ImportJob.CHECK, subject=1, user=waiting.user)
    running = Job.objects.claim("one")
    running.cancel()
    with pytest.raises(JobCancelled):
        running.report(1)
    with pytest.raises(JobCancelled):
        running.hold()


def test_an_error_of_a_job_is_written_to_it_and_the_worker_goes_on(waiting, caplog):
    Import.objects.update(tables=[{"name": "x", "kind": "no such", "rows": [{"number": 1}]}])

    call_command("run_jobs", "--once")

    waiting.refresh_from_db()
    assert waiting.state == JobState.FAILED
    assert "log of the site" in waiting.message
    assert newest().state == ImportState.UPLOADED


def test_a_second_job_about_the_same_waits_for_the_first(editor_client, waiting):
    address = reverse("admin:exchange_import_change", args=[newest().pk])
    call_command("run_jobs", "--once")

    step(editor_client, "write")
    answer = step(editor_client, "write")

    assert Job.objects.filter(kind=ImportJob.WRITE).count() == 1
    assert "being done already" in " ".join(texts(answer))
    assert editor_client.get(address).status_code == 200
    assert make_target().pk


# Checking again


def test_a_check_is_repeated_on_the_file_as_it_was_uploaded(editor_client):
    document, other = make_document(), make_document()
    rows = [{"slug": d.slug, "note_en": "Imported"} for d in (document, other)]
    upload(editor_client, workbook(documents=rows))
    other.note_en = "Imported"
    other.save()
    history.record(other, Action.EDITED, user=person("reviewer"))
    page = step(editor_client, "write").content.decode()
    assert reverse("admin:exchange_import_check", args=[newest().pk]) in page

    answer = step(editor_client, "check")

    of = newest()
    assert of.counts == {"documents": {"changed": 1, "unchanged": 1}}
    assert [change.object_id for change in of.changes.all()] == [document.pk]
    assert "Changed since the check" not in answer.content.decode()
    step(editor_client, "write")
    document.refresh_from_db()
    assert (newest().state, document.note_en) == (ImportState.WRITTEN, "Imported")


def test_nothing_can_be_written_while_it_is_checked_again(editor_client, waiting):
    call_command("run_jobs", "--once")
    step(editor_client, "check")
    assert newest().state == ImportState.UPLOADED

    answer = step(editor_client, "write")
    again = step(editor_client, "check")

    assert "waits for its check" in " ".join(texts(answer))
    assert "being done already" in " ".join(texts(again))
    call_command("run_jobs", "--once")
    assert newest().state == ImportState.CHECKED


def test_what_was_written_or_given_up_is_not_checked_again(editor_client):
    upload(editor_client, workbook(**linked_sheets(make_source())))
    step(editor_client, "give-up")

    step(editor_client, "check")

    assert newest().state == ImportState.GIVEN_UP


def test_nobody_checks_the_import_of_another_editor(editor_client):
    of = make_import("administrator")

    answer = editor_client.post(reverse("admin:exchange_import_check", args=[of.pk]))

    assert answer.status_code == 403


def test_a_job_about_something_else_of_the_same_number_is_left_alone(editor_client):
    of = make_import()
    link = Job.objects.create(kind=CHECK_LINK, subject=of.pk, user=of.user)
    page = editor_client.get(reverse("admin:exchange_import_change", args=[of.pk]))
    assert link.get_kind_display().capitalize() not in page.content.decode()

    step(editor_client, "cancel")
    step(editor_client, "check")

    link.refresh_from_db()
    assert not link.is_cancelled
    assert newest().state == ImportState.CHECKED
