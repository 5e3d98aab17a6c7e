"""Feeds: what changed in public, newest first, by pages, and never more than that."""

import re
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from catalog.models import DocumentRelation, PolicyDocument
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.previews import render_preview
from tests.factories import make_document, make_plan, make_proposal, make_target, make_track
from tests.forms.reading import all_entries, calendar, path_of, read_atom
from tests.public_views import LISTS, RECORDS

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

MARK = re.compile(
    r'<link rel="alternate" type="application/atom\+xml" title="([^"]+)" href="([^"]+)">'
)


def change(record, action=Action.EDITED, **columns):
    note, user = columns.pop("note", ""), columns.pop("user", None)
    for name, value in columns.items():
        setattr(record, name, value)
    record.save()
    return history.record(record, action, note=note, user=user)


def feed(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return read_atom(response.content)


def entry_of(client, path, record):
    return next(one for one in feed(client, path).entries if one.id.endswith(f"/{record.slug}"))


def test_the_record_changed_last_stands_first_with_before_and_after(visitor):
    older = make_target(published=True, statement_en="Reach one hundred")
    newer = make_target(published=True)
    change(older, Action.CORRECTED, statement_en="Reach two hundred")
    first, second, *_rest = feed(visitor, "/en/targets.atom").entries

    assert (first.title, first.address.rpartition("/en/")[2]) == (
        *("Reach two hundred", f"targets/{older.slug}/"),
    )
    assert second.title == newer.statement_en
    assert first.updated > second.updated
    assert "corrected" in first.summary
    assert "<dt>Statement (English)</dt>" in first.summary
    assert "<del>Reach one hundred</del> → <ins>Reach two hundred</ins>" in first.summary


def test_labels_stand_in_the_language_of_the_reader_and_names_in_none(visitor):
    target = make_target(published=True, statement_zh="进入前列")
    change(target, statement_zh="进入第一方阵")
    english = entry_of(visitor, "/en/targets.atom", target)
    chinese = entry_of(visitor, "/zh-hans/targets.atom", target)

    assert chinese.title == "进入第一方阵"
    assert "<dt>表述（中文）</dt>" in chinese.summary or "中文" in chinese.summary
    assert "<del>进入前列</del>" in chinese.summary
    assert english.id == chinese.id
    assert "/zh-hans/" not in chinese.id
    assert chinese.address.endswith(f"/zh-hans/targets/{target.slug}/")
    assert feed(visitor, "/en/targets.atom").id == feed(visitor, "/zh-hans/targets.atom").id
    assert feed(visitor, "/zh-hans/targets.atom").language == "zh-Hans"


@pytest.mark.parametrize("name", LISTS)
def test_pages_of_a_list_lead_to_each_other_and_hold_each_record_once(visitor, name):
    rows = visitor.get(f"/en/{name}.json").json()
    entries = all_entries(visitor, f"/en/{name}.atom")
    times = [entry.updated for entry in entries]

    assert len({entry.id for entry in entries}) == len(entries) == rows["count"]
    first = feed(visitor, f"/en/{name}.atom")
    assert len(first.entries) == min(100, rows["count"])
    assert first.updated == max(times[:100])
    assert first.links["self"] == first.links["first"]
    assert path_of(first.links["alternate"]) == f"/en/{name}/"
    if following := first.links.get("next"):
        second = feed(visitor, path_of(following))
        assert (second.links["previous"], second.links["self"]) == (first.links["self"], following)
        assert second.id == first.id


def test_a_feed_ends_with_its_last_page(visitor):
    assert visitor.get("/en/targets.atom?page=999").status_code == 404
    assert visitor.get("/en/changes.atom?page=999").status_code == 404
    assert visitor.get("/en/targets.atom?page=x").status_code == 400
    assert visitor.get("/en/targets.atom?field=mars").status_code == 400


def test_a_feed_without_entries_is_one_and_never_differs(visitor):
    path = "/en/targets.atom?q=zzzzqq"

    assert feed(visitor, path).entries == []
    assert visitor.get(path).content == visitor.get(path).content


def test_every_page_that_has_a_feed_says_so_in_its_head_and_to_its_readers(visitor):
    pages = [f"/en/{name}/" for name in LISTS] + [
        "/en/changes/",
        "/zh-hans/targets/?kind=qualitative",
    ]
    for name, model in RECORDS.items():
        pages.append(f"/en/{name}/{model.objects.public()[0].slug}/")
    for page in pages:
        html = visitor.get(page).content.decode()
        [(title, address)] = MARK.findall(html)
        assert title, page
        assert f'<a href="{address}">Atom</a>' in html, page
        found = feed(visitor, address.replace("&amp;", "&"))
        assert path_of(found.links["alternate"]) == page, page
        assert path_of(found.links["self"]) == address, page


def test_pages_without_a_feed_announce_none(visitor):
    for page in ("/en/", "/en/methodology/", "/en/technologies/", "/en/search/?q=6g"):
        assert MARK.findall(visitor.get(page).content.decode()) == []
    assert visitor.get("/en/technologies.atom").status_code == 404


def test_the_feed_of_a_record_tells_each_of_its_changes(visitor):
    document = make_document(title_en="A secret draft")
    change(document, title_en="First title", note="asked by phone")
    workflow.publish(document, user=None)
    change(document, title_en="Second title", note="asked by phone")
    change(document, Action.CORRECTED, title_en="Third title")
    found = feed(visitor, f"/en/documents/{document.slug}.atom")
    body = visitor.get(f"/en/documents/{document.slug}.atom").content.decode()

    assert [entry.title for entry in found.entries] == [
        *("Corrected: Third title", "Changed: Third title", "Added: Third title"),
    ]
    told = [entry.summary for entry in found.entries]
    assert "<del>Second title</del> → <ins>Third title</ins>" in told[0]
    assert "<del>First title</del> → <ins>Second title</ins>" in told[1]
    assert "<dt>" not in told[2]
    assert "secret" not in body
    assert "asked by phone" not in body


def test_the_feed_of_a_document_tells_what_changes_in_its_plans(visitor):
    plan = make_plan(published=True, horizon_year=2030)
    change(plan, horizon_year=2035)
    first, *_rest = feed(visitor, f"/en/documents/{plan.document.slug}.atom").entries

    assert "<del>2030</del> → <ins>2035</ins>" in first.summary


def test_the_feed_of_a_track_tells_what_changed_within_it(visitor):
    plan = make_plan(published=True, tracks=2)
    one, other = plan.tracks.order_by("pk")
    one.name_en = "Quantum clocks"
    one.save()
    history.record(plan, Action.EDITED)
    changed = feed(visitor, f"/en/tracks/{one.slug}.atom").entries
    beside = feed(visitor, f"/en/tracks/{other.slug}.atom").entries

    assert [entry.title for entry in changed] == [
        "Changed: Quantum clocks",
        "Added: Quantum clocks",
    ]
    assert "<dt>Name (English)</dt>" in changed[0].summary
    assert "<ins>Quantum clocks</ins>" in changed[0].summary
    assert [entry.title for entry in beside] == [f"Added: {other.name_en}"]
    assert "Quantum clocks" in entry_of(visitor, "/en/tracks.atom", one).summary
    assert entry_of(visitor, "/en/tracks.atom", other).summary == "<p>Plan · changed</p>"


def test_changes_are_those_of_their_page_under_the_same_choices(visitor):
    document = make_document(published=True)
    change(document, Action.CORRECTED, title_en="Mended")
    withdrawn = make_target(published=True)
    workflow.withdraw(withdrawn, user=None, note="a private reason")
    for query in ("", "?change=corrected", "?kind=target", "?kind=region&first_load=shown"):
        rows = visitor.get(f"/en/changes.json{query}").json()["results"]
        found = feed(visitor, f"/en/changes.atom{query}")
        assert found.slugs[: len(rows)] == [row["slug"] for row in rows], query
    body = visitor.get("/en/changes.atom").content.decode()

    assert f"Withdrawn: {withdrawn.statement_en}" in body
    assert "a private reason" not in body


def test_nothing_of_drafts_of_people_or_of_notes_for_editors_is_told(visitor):
    account = get_user_model().objects.create(username="li.wei")
    draft = make_document(title_en="Hidden draft")
    target = make_target(published=True)
    change(target, editors_note="Whisper one")
    change(target, editors_note="Whisper two", statement_en="Seen", user=account)
    make_proposal(target, account, statement_en="Proposed only")
    DocumentRelation.objects.create(
        from_document=target.document, to_document=draft, type="implements"
    )
    change(target.document, title_en="Seen as well")
    paths = ["targets", "documents", "changes", f"targets/{target.slug}"]
    paths.append(f"documents/{target.document.slug}")
    bodies = [visitor.get(f"/en/{path}.atom").content.decode() for path in paths]
    told = "".join(bodies)

    assert "Seen" in told
    assert "Seen as well" in told
    for hidden in ("Hidden draft", draft.slug, "Whisper", "li.wei", "Proposed only", "/admin/"):
        assert hidden not in told, hidden
    assert draft.slug not in visitor.get("/en/changes/").content.decode()
    assert visitor.get(f"/en/documents/{draft.slug}.atom").status_code == 404


def test_what_changed_while_its_document_was_a_draft_is_not_told(visitor):
    target = make_target(statement_en="Reach the moon")
    # As a loader brings it: public by itself, in a document that is not.
    target.publication_state = "published"
    change(target, Action.PUBLISHED)
    change(target, statement_en="Reach the hills")
    workflow.publish(target.document, user=None)
    found = feed(visitor, f"/en/targets/{target.slug}.atom")
    listed = entry_of(visitor, "/en/targets.atom", target)

    assert "moon" not in visitor.get(f"/en/targets/{target.slug}.atom").content.decode()
    assert "moon" not in listed.summary
    assert [entry.title for entry in found.entries] == ["Added: Reach the hills"]
    target.document.refresh_from_db()
    assert listed.updated == target.document.first_published_at


def test_a_feed_is_of_the_record_however_its_page_is_shown(visitor):
    for page in (
        "/en/documents/?all=issuer&sort=title&page=2",
        "/en/fields/future-energy/?shade=tier",
    ):
        [(_title, address)] = MARK.findall(visitor.get(page).content.decode())
        assert address == page.split("?")[0].rstrip("/") + ".atom"


def test_the_feed_of_a_renamed_record_is_found_at_its_new_address(visitor):
    document = make_document(published=True)
    former = document.slug
    FormerSlug.objects.create(record=document, slug=former)
    PolicyDocument.objects.filter(pk=document.pk).update(slug=f"{former}-renamed")
    response = visitor.get(f"/en/documents/{former}.atom")

    assert (response.status_code, response["Location"]) == (
        *(301, f"/en/documents/{former}-renamed.atom"),
    )


def test_a_renamed_record_is_the_same_entry_as_before(visitor):
    target = make_target(published=True, due_date=date(2027, 12, 31))
    change(target, statement_en="Reach it")
    before = entry_of(visitor, "/en/targets.atom", target)
    [uid] = [
        one["UID"] for one in calendar(visitor, "/en/targets.ics") if target.slug in one["UID"]
    ]
    told = feed(visitor, f"/en/targets/{target.slug}.atom").entries
    change(target, Action.RENAMED, slug=f"newly-named-{target.pk}")
    after = next(e for e in feed(visitor, "/en/targets.atom").entries if e.title == "Reach it")

    assert after.id == before.id
    assert after.address.endswith(f"/{target.slug}/")
    assert uid in {event["UID"] for event in calendar(visitor, "/en/targets.ics")}
    assert [entry.id for entry in feed(visitor, f"/en/targets/{target.slug}.atom").entries][1:] == [
        entry.id for entry in told
    ]


def test_a_preview_offers_no_feed(visitor):
    draft = make_document()
    response = render_preview(RequestFactory().get("/"), draft, "en")

    assert draft.title_en in response.content.decode()
    assert ".atom" not in response.content.decode()


def test_a_withdrawn_record_has_no_feed(visitor):
    document = make_document(published=True)
    workflow.withdraw(document, user=None, note="A duplicate")
    response = visitor.get(f"/en/documents/{document.slug}.atom")

    assert (response.status_code, response["Content-Type"]) == (410, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["targets.atom", "tracks.atom", "plans.atom", "documents.atom", "changes.atom"]
)
def test_many_entries_take_as_few_queries_as_few(visitor, path):
    make_edited()
    visitor.get(f"/en/{path}")
    with CaptureQueriesContext(connection) as few:
        visitor.get(f"/en/{path}")
    for _number in range(8):
        make_edited()
    visitor.get(f"/en/{path}")
    with CaptureQueriesContext(connection) as many:
        visitor.get(f"/en/{path}")

    assert len(many) <= len(few) + 2
    assert len(many) <= 25


def make_edited():
    document = make_document(published=True)
    change(document, title_en=f"{document.title_en} again")
    target = make_target(document=document, published=True)
    change(target, statement_en=f"{target.statement_en} again")
    plan = make_plan(published=True, tracks=1, document=document)
    make_track(plan=plan)
    change(plan, horizon_year=2040)
