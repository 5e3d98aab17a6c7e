"""What readers are told of how sure a record is, and how much of the record has a source."""

import csv
import io
import re

import pytest
from django.apps import apps

from catalog.models import DocumentRelation, PolicyDocument, Target
from futureind.publishing.evidence import Sureness, of_sureness, sureness
from futureind.publishing.history import record
from futureind.publishing.models.revisions import Action
from regions.evidence import evidence_of_record
from tests.chance import every
from tests.factories import make_document, make_plan, make_source, make_target, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

CITED = {"seen": "cited"}
FOUNDING = "opinions-2025-landmark-products"


def with_confidence():
    return [model for model in apps.get_models() if hasattr(model, "confidence")]


def test_what_rests_on_unread_sources_alone_is_not_called_verified():
    cited, read = make_source(**CITED), make_source()

    assert sureness(make_target(sources=[cited])) == Sureness.NOT_READ
    assert sureness(make_target(sources=[cited, read])) == Sureness.VERIFIED
    assert sureness(make_target(sources=[read])) == Sureness.VERIFIED
    assert sureness(make_target(sources=[cited], confidence="recalled")) == Sureness.RECALLED


def test_a_plan_and_a_relation_are_as_sure_as_their_document():
    document = make_document(sources=[make_source(**CITED)])
    relation = DocumentRelation.objects.create(
        from_document=document, to_document=make_document(), type="implements", basis="stated"
    )

    assert sureness(make_plan(document=document)) == Sureness.NOT_READ
    assert sureness(relation) == Sureness.NOT_READ


@pytest.mark.long
def test_the_database_says_the_same_as_the_function():
    make_track(sources=[make_source(**CITED)])
    make_track(sources=[make_source(**CITED), make_source()])
    for model in with_confidence():
        records = model.objects.all()
        for value in Sureness.values:
            found = set(records.filter(of_sureness(model, [value])).values_list("pk", flat=True))
            assert found == {r.pk for r in records if sureness(r) == value}, (model, value)


LISTS = ["documents", "plans", "tracks", "targets", "milestones", "indicators"]


@pytest.mark.parametrize("name", every(3, LISTS))
def test_exports_call_nothing_verified_that_nobody_read(visitor, name):
    body = b"".join(visitor.get(f"/en/{name}.csv")).decode("utf-8-sig")
    by_csv = {row["slug"]: row["confidence"] for row in csv.DictReader(io.StringIO(body))}
    found = {}
    for value in Sureness.values:
        url = f"/en/{name}.json?confidence={value}"
        while url:
            page = visitor.get(url).json()
            for result in page["results"]:
                assert result["confidence"] == value
                found[result["slug"]] = value
            url = page["next"]

    assert found == by_csv


@pytest.mark.parametrize(("language", "words"), [("en", "source not read"), ("zh-hans", "")])
def test_the_targets_of_the_founding_text_say_that_nobody_read_it(visitor, language, words):
    html = visitor.get(f"/{language}/targets/{FOUNDING}/").content.decode()
    [confidence] = re.findall(r"<dt>(?:Confidence|可信度)</dt>\s*<dd>([^<]*)", html)[-1:]

    assert confidence not in ("verified", "已核实")
    assert words in html
    assert Target.objects.public().filter(of_sureness(Target, ["source-not-read"])).count() == 14


def test_confidence_is_no_facet_but_still_a_parameter_with_its_chip(visitor):
    plain = visitor.get("/en/documents/").content.decode()
    asked = visitor.get("/en/documents/?confidence=source-not-read").content.decode()

    assert 'data-facet="confidence"' not in plain
    assert "Confidence: source not read" in asked
    assert '<input type="hidden" name="confidence" value="source-not-read">' in asked
    assert "3 documents" in asked


def test_a_source_that_was_read_since_makes_its_records_verified(visitor):
    source = make_source(**CITED)
    document = make_document(published=True, sources=[source])
    record(document, Action.EDITED)

    def listed(value):
        found = visitor.get(f"/en/documents.json?confidence={value}").json()["results"]
        return document.slug in {result["slug"] for result in found}

    assert listed("source-not-read")
    source.seen = "read"
    source.save()
    record(source, Action.EDITED)
    assert not listed("source-not-read")


def test_why_tells_nothing_of_how_files_are_loaded(visitor):
    for path in [f"targets/{FOUNDING}/", "documents/future-industries-opinions-2024/", "changes/"]:
        assert "loaded from fixtures" not in visitor.get(f"/en/{path}").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_home_page_and_the_coverage_say_the_same(visitor, language):
    home = visitor.get(f"/{language}/").content.decode()
    coverage = visitor.get(f"/{language}/coverage/").content.decode()

    assert "Every claim leads to its source" not in home
    assert len(evidence_of_record()) == 3
    for row in evidence_of_record():
        numbers = [row["linked"], row["total"]] if language == "en" else [row["total"]]
        assert all(re.search(rf"(?<!\d){number}(?!\d)", home) for number in numbers)
        line = coverage[coverage.index(f"{row['label']}</a>") :] if language == "en" else coverage
        assert re.search(rf">{row['total']}</td>.*?>{row['linked']}</td>", line, re.DOTALL)


def test_links_are_counted_by_their_public_addresses():
    [documents, _tracks, _targets] = evidence_of_record()
    linked = [d for d in PolicyDocument.objects.public() if any(s.url for s in d.sources.all())]

    assert documents["linked"] == len(linked)
