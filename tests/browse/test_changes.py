"""The public part of history: by day, by kind, and nothing of drafts or people."""

import csv
import datetime
import io
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import (
    Agency,
    GlossaryTerm,
    IndustryField,
    PolicyDocument,
    Region,
    TargetFieldMapping,
)
from futureind.publishing import history, workflow
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.public_history import ChangeKind, public_changes, public_revisions
from tests.factories import make_document, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def change(record, action=Action.EDITED, **columns):
    for name, value in columns.items():
        setattr(record, name, value)
    record.save()
    return history.record(record, action)


def kinds(record):
    own = public_revisions([type(record)]).filter(object_id=record.pk).order_by("-id")
    return [found.kind for found in public_changes(own)]


def read(visitor, query="", language="en"):
    return visitor.get(f"/{language}/changes/{query}").content.decode()


def test_what_happens_to_a_public_record_is_told_newest_first():
    document = make_document()
    change(document, title_en="Still a draft")
    workflow.publish(document, user=None)
    change(document, title_en="A public title")
    change(document, Action.CORRECTED, document_number="测试〔2025〕1号")
    workflow.withdraw(document, user=None, note="A duplicate")

    assert kinds(document) == [ChangeKind.WITHDRAWN]
    document.publication_state = "published"
    document.save()
    assert kinds(document) == [
        ChangeKind.WITHDRAWN,
        ChangeKind.CORRECTED,
        ChangeKind.CHANGED,
        ChangeKind.ADDED,
    ]


def test_drafts_are_not_told(visitor):
    draft = make_document(title_en="Secret draft")

    assert kinds(draft) == []
    assert "Secret draft" not in read(visitor)


def test_a_record_in_a_document_that_is_not_public_is_not_told(visitor):
    target = make_target(published=True, statement_en="Reach what is withdrawn")
    assert "Reach what is withdrawn" in read(visitor)

    workflow.withdraw(target.document, user=None, note="Wrong")

    assert "Reach what is withdrawn" not in read(visitor)


def test_people_and_reasons_stay_with_the_staff(visitor):
    account = get_user_model().objects.create(username="li.wei")
    document = make_document(published=True)
    document.title_en = "A better title"
    document.save()
    history.record(document, Action.EDITED, user=account, note="asked by phone")
    body = read(visitor)

    assert "A better title" in body
    assert "li.wei" not in body
    assert "asked by phone" not in body


def test_a_correction_shows_what_it_corrected(visitor):
    document = make_document(published=True, title_en="Wrong title")
    change(document, Action.CORRECTED, title_en="Right title")
    body = read(visitor, "?change=corrected")

    assert re.search(r"<del>Wrong title</del>\s*→\s*<ins>Right title</ins>", body)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"document", "target"}),
        ("?kind=target", {"target"}),
        ("?kind=document&change=added", {"document"}),
        ("?kind=region", set()),
        ("?change=corrected", set()),
    ],
)
def test_kinds_can_be_chosen(visitor, query, shown):
    target = make_target(published=True, statement_en="A promise to be found")
    target.document.title_en = "unused"
    body = read(visitor, query)

    names = {"document": target.document.slug, "target": target.slug}
    assert {kind for kind, slug in names.items() if f"/{kind}s/{slug}/" in body} == shown


def test_days_are_those_of_shanghai(visitor):
    document = make_document(published=True)
    late = datetime.datetime(2031, 3, 1, 17, 30, tzinfo=datetime.UTC)
    Revision.objects.of(document).update(created_at=late)
    body = read(visitor)

    assert '<time datetime="2031-03-02">2031-03-02</time>' in body
    assert timezone.get_default_timezone_name() == "Asia/Shanghai"


def test_pages_follow_each_other_without_loss_or_repetition(visitor):
    seen, address = [], "/en/changes.json?kind=target&first_load=shown"
    while address:
        answer = visitor.get(address).json()
        seen += [(row["slug"], row["at"]) for row in answer["results"]]
        address = answer["next"] and "/" + answer["next"].split("/", 3)[3]

    assert len(seen) == len(set(seen))
    assert len(seen) > 250


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?kind=source", "“source” is not one of the choices here"),
        ("?change=%3Cb%3E", "“&lt;b&gt;” is not one of the choices here"),
        ("?field=mars", "“mars” is not one of the choices here"),
        ("?region=mars", "“mars” is not one of the choices here"),
        ("?first_load=x", "“x” is not one of the choices here"),
        ("?page=0", "A page is a whole number from 1"),
        ("?page=x", "A page is a whole number from 1"),
        ("?page=99999999999999", "A page is a whole number from 1"),
    ],
)
def test_bad_parameters_are_refused_in_words(visitor, query, message):
    page = visitor.get(f"/en/changes/{query}")

    assert page.status_code == 400
    assert message in page.content.decode()
    assert visitor.get(f"/en/changes.json{query}").status_code == 400


def test_a_page_past_the_end_says_so(visitor):
    response = visitor.get("/en/changes/?page=9999")

    assert response.status_code == 404
    assert "No such change is on record" in response.content.decode()


# The first load


def test_what_came_with_the_first_load_is_left_out_and_one_link_away(visitor):
    old = PolicyDocument.objects.public().first()
    mark = f'href="/en/documents/{old.slug}/"'
    make_target(published=True, statement_en="A promise to be found")

    body = read(visitor, "?kind=document")
    assert mark not in read(visitor, "?kind=document")
    assert "Without what came when this record was first filled" in body
    assert 'href="/en/changes/?kind=document&amp;first_load=shown"' in body

    # Newest first, so the oldest stand on other pages.
    asked = visitor.get("/en/changes.csv?kind=document&first_load=shown")
    assert old.slug in b"".join(asked.streaming_content).decode()


def test_what_the_files_bring_later_is_news(visitor):
    kind = ContentType.objects.get_for_model(Agency)
    loaded = Revision.objects.filter(content_type=kind, origin=Origin.LOADER)
    late = loaded.order_by("id").last()
    first = loaded.order_by("created_at").first().created_at
    loaded.filter(pk=late.pk).update(created_at=first + datetime.timedelta(days=2))
    ContentVersion.raise_number()

    body = read(visitor, "?kind=agency")

    assert body.count('class="status change-added"') == 1
    assert f"/agencies/{Agency.objects.get(pk=late.object_id).slug}/" in body


def test_each_kind_has_a_first_load_of_its_own(visitor):
    kind = ContentType.objects.get_for_model(GlossaryTerm)
    loaded = Revision.objects.filter(content_type=kind, origin=Origin.LOADER)
    loaded.update(created_at=datetime.datetime(2031, 3, 1, 17, 30, tzinfo=datetime.UTC))
    ContentVersion.raise_number()

    assert "change-added" not in read(visitor, "?kind=term")


# By field and region


@pytest.fixture
def in_space():
    """A target in Future space, in a document of Guangzhou, which both are new."""
    region = Region.objects.get(slug="guangzhou")
    document = make_document(published=True, region=region, level="city")
    target = make_target(published=True, document=document)
    TargetFieldMapping.objects.create(
        target=target, field=IndustryField.objects.get(slug="future-space")
    )
    make_document(published=True)
    return target


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("?field=future-space", 1),
        ("?field=future-health", 0),
        ("?region=guangzhou", 2),
        ("?region=guangdong", 2),
        ("?region=shenzhen", 0),
        ("?field=future-space&region=guangdong", 1),
        ("?kind=document&region=guangdong", 1),
        ("?kind=term&region=guangdong", 0),
    ],
)
def test_changes_are_found_by_field_and_region(visitor, in_space, query, count):
    rows = visitor.get(f"/en/changes.json{query}").json()["results"]
    body = read(visitor, query)
    table = b"".join(visitor.get(f"/en/changes.csv{query}").streaming_content).decode("utf-8-sig")

    assert len(rows) == count
    assert body.count('class="status change-added"') == count
    assert [row["slug"] for row in csv.DictReader(io.StringIO(table))] == [r["slug"] for r in rows]


def test_the_heading_says_what_is_asked_for(visitor):
    body = read(visitor, "?kind=target&field=future-space&region=guangzhou")

    assert "<h1>Changes: Targets · Space · Guangzhou</h1>" in body
    assert "<title>Changes: Targets · Space · Guangzhou · Future" in body
    assert "<h1>更新记录</h1>" in read(visitor, language="zh-hans")


def test_every_page_leads_to_the_changes(visitor):
    assert 'href="/en/changes/"' in visitor.get("/en/").content.decode()
    assert 'href="/zh-hans/changes/"' in visitor.get("/zh-hans/documents/").content.decode()


@pytest.mark.long
def test_a_bounded_number_of_queries(visitor):
    with CaptureQueriesContext(connection) as before:
        read(visitor)
    for _number in range(12):
        document = make_document(published=True)
        change(document, Action.CORRECTED, title_en=f"{document.title_en} again")
        make_target(published=True, document=document)

    with CaptureQueriesContext(connection) as after:
        read(visitor)

    # A query for each kind of record on the page.
    assert len(after) <= len(before) + 11 <= 25
