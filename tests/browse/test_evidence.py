"""What readers are told of how sure a record is, and how much of the record has a source."""

import csv
import io
import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from catalog.models import DocumentRelation, PolicyDocument, Target
from futureind.publishing.evidence import (
    EvidenceGrade,
    Sureness,
    evidence_grade,
    of_grade,
    of_sureness,
    sureness,
)
from futureind.publishing.history import record
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.sources import SourceKind
from regions.evidence import evidence_of_record
from regions.models import Track
from tests.chance import every
from tests.factories import make_document, make_plan, make_source, make_target, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

CITED = {"seen": "cited"}
FOUNDING = "opinions-2025-landmark-products"


GRADES = {
    "official": "official",
    "reprint": "reprint",
    "law-database": "reprint",
    "explanation": "report",
    "media": "report",
    "research": "report",
    "dataset": "report",
}


def with_confidence():
    return [model for model in apps.get_models() if hasattr(model, "confidence")]


@pytest.mark.parametrize(("kind", "grade"), GRADES.items())
def test_each_kind_of_source_has_its_grade(kind, grade):
    assert evidence_grade(make_target(sources=[make_source(kind=kind)])) == grade
    assert evidence_grade(make_target(sources=[make_source(kind=kind, **CITED)])) == "not-read"


def test_every_kind_of_source_is_graded():
    assert set(GRADES) == set(SourceKind.values)


def test_quoted_words_have_the_grade_of_their_source_and_others_the_best():
    press, text = make_source(kind="media"), make_source(kind="official")
    target = make_target(sources=[press, text])
    quoted = make_target(sources=[press, text], quotation="建设一百个", quotation_source=press)

    assert evidence_grade(target) == EvidenceGrade.OFFICIAL
    assert evidence_grade(quoted) == EvidenceGrade.REPORT
    assert evidence_grade(make_track(sources=[])) == EvidenceGrade.NOT_READ
    recalled = make_target(sources=[text], confidence="recalled")
    assert evidence_grade(recalled) == EvidenceGrade.NOT_READ


def test_words_are_quoted_from_a_source_in_simplified_characters():
    with pytest.raises(ValidationError, match="need the source"):
        make_target(quotation="建设一百个")
    with pytest.raises(ValidationError, match=r"simplified characters.*发展"):
        make_target(quotation="發展", quotation_source=make_source())
    with pytest.raises(ValidationError, match="at most 40"):
        make_target(quotation="量" * 41, quotation_source=make_source())


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
        for says, condition, values in (
            (sureness, of_sureness, Sureness.values),
            (evidence_grade, of_grade, EvidenceGrade.values),
        ):
            for value in values:
                found = set(records.filter(condition(model, [value])).values_list("pk", flat=True))
                assert found == {r.pk for r in records if says(r) == value}, (model, value)


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


@pytest.mark.parametrize("name", every(3, LISTS))
def test_page_facet_and_files_say_the_same_grade(visitor, name):
    body = b"".join(visitor.get(f"/en/{name}.csv")).decode("utf-8-sig")
    by_csv = {row["slug"]: row["evidence"] for row in csv.DictReader(io.StringIO(body))}
    found = {}
    for grade in EvidenceGrade:
        url = f"/en/{name}.json?evidence={grade}"
        while url:
            page = visitor.get(url).json()
            found |= {result["slug"]: result["evidence"] for result in page["results"]}
            assert {result["evidence"] for result in page["results"]} <= {grade.value}
            url = page["next"]
    assert found == by_csv

    for slug in sorted(by_csv)[::29]:
        if name != "plans":
            html = visitor.get(f"/en/{name}/{slug}/").content.decode()
            found = re.findall(r'Evidence\s*: <span class="grade grade-([a-z-]+)"', html)
            assert found[0] == by_csv[slug], slug


@pytest.mark.parametrize(("language", "words"), [("en", "Not yet read"), ("zh-hans", "尚未查阅")])
def test_a_target_that_nobody_read_says_so(visitor, language, words):
    target = make_target(published=True, sources=[make_source(**CITED)])
    html = visitor.get(f"/{language}/targets/{target.slug}/").content.decode()

    assert words in html
    assert "已核实" not in html


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, "No passage recorded."),
        ({"quotation": "建设一百个"}, "Place not recorded"),
        ({"quotation": "建设一百个", "locator_en": "Part 2"}, "Part 2"),
    ],
)
def test_words_and_their_place_are_shown_or_said_to_be_missing(visitor, columns, words):
    source = make_source()
    if columns:
        columns |= {"quotation_source": source}
    target = make_target(published=True, sources=[source], **columns)
    html = visitor.get(f"/en/targets/{target.slug}/").content.decode()

    assert words in html
    assert ("建设一百个" in html) == bool(columns)


def test_confidence_is_no_facet_but_still_a_parameter_with_its_chip(visitor):
    plain = visitor.get("/en/documents/").content.decode()
    asked = visitor.get("/en/documents/?confidence=source-not-read").content.decode()

    assert 'data-facet="confidence"' not in plain
    assert "Confidence: source not read" in asked
    assert '<input type="hidden" name="confidence" value="source-not-read">' in asked
    number = PolicyDocument.objects.public().filter(
        of_sureness(PolicyDocument, ["source-not-read"])
    )
    assert f"{number.count()} document" in asked


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


def grade_of(visitor, target):
    """Return the grade of a target as its page, its list and its file have it, each once."""
    html = visitor.get(f"/en/targets/{target.slug}/").content.decode()
    found = set(re.findall(r'<summary>\s*Evidence: <span class="grade grade-([a-z-]+)"', html))
    for grade in EvidenceGrade.values:
        path = f"/en/targets.json?document={target.document.slug}&evidence={grade}"
        results = visitor.get(path).json()["results"]
        found |= {grade for result in results if result["slug"] == target.slug}
        found |= {result["evidence"] for result in results if result["slug"] == target.slug}
    return found


def test_a_grade_moves_on_the_next_request(visitor):
    press, text = make_source(kind="media"), make_source(kind="official")
    target = make_target(published=True, sources=[press, text])
    assert grade_of(visitor, target) == {"official"}

    target.quotation, target.quotation_source = "建设一百个", press
    target.save()
    record(target, Action.EDITED)
    assert grade_of(visitor, target) == {"report"}

    press.kind = "reprint"
    press.save()
    record(press, Action.EDITED)
    assert grade_of(visitor, target) == {"reprint"}

    target.quotation, target.quotation_source = "", None
    target.save()
    target.sources.remove(text)
    record(target, Action.EDITED)
    assert grade_of(visitor, target) == {"reprint"}


def test_why_tells_nothing_of_how_files_are_loaded(visitor):
    for path in [f"targets/{FOUNDING}/", "documents/future-industries-opinions-2024/", "changes/"]:
        assert "loaded from fixtures" not in visitor.get(f"/en/{path}").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_home_page_and_the_coverage_say_the_same(visitor, language):
    home = visitor.get(f"/{language}/").content.decode()
    coverage = visitor.get(f"/{language}/coverage/").content.decode()

    assert "Every claim leads to its source" not in home
    assert len(evidence_of_record()) == 3
    documents = evidence_of_record()[0]
    line = home[home.index('class="complete"') :]
    for number in (documents["read"], documents["total"], documents["linked"]):
        assert re.search(rf"(?<!\d){number}(?!\d)", line)
    for row in evidence_of_record():
        for grade, number in row["grades"]:
            assert re.search(rf'\?evidence={grade}">{number}</a>', coverage)


def test_links_are_counted_by_their_public_addresses():
    [documents, _tracks, _targets] = evidence_of_record()
    linked = [d for d in PolicyDocument.objects.public() if any(s.url for s in d.sources.all())]

    assert documents["linked"] == len(linked)


@pytest.mark.parametrize(
    ("path", "words", "place"),
    [
        ("documents/future-industries-opinions-2024", "工信部联科〔2024〕12号", "文号"),
        ("products/humanoid-robots", "仿生感知与认知", "专栏"),
    ],
)
def test_documents_and_key_technologies_show_their_words(visitor, path, words, place):
    html = visitor.get(f"/zh-hans/{path}/").content.decode()

    assert f"<q>{words}</q>" in html
    assert place in html


def test_as_many_claims_show_their_words_as_the_fixtures_quote():
    for model in (Target, Track):
        claims = model.objects.public()
        assert claims.exclude(quotation="").count() >= {Target: 225, Track: 455}[model]
        assert not claims.exclude(quotation="").filter(quotation_source=None).exists()
