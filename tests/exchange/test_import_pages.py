"""The pages of imports: who may, what is said of a file that cannot be read, and downloads."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from futureind.exchange import admin as pages
from futureind.exchange.models import Import, ImportState
from futureind.exchange.tables import MOST_BYTES, MOST_ROWS
from tests.admin_browser import texts
from tests.chance import every
from tests.conftest import person, signed_in
from tests.exchange.import_steps import linked_sheets, newest, step, upload, workbook
from tests.factories import make_document, make_source, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]


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
