"""The evidence of every claim: where it comes from, without a script."""

import re
from datetime import date
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from catalog.models import Technology
from futureind.publishing import history
from futureind.publishing.models.records import fact_label, to_verify
from futureind.publishing.models.revisions import Action
from futureind.publishing.workflow import has_column
from tests.admin_browser import RECORDED
from tests.factories import make_document, make_plan, make_source, make_target, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def controls(html):
    """Return what the controls of a page open, within them or as a row beneath, without tags."""
    found = re.findall(r'<details class="why">(.*?)</details>', html, re.DOTALL)
    found += re.findall(r'<tr class="why-row" data-within>(.*?)</tr>', html, re.DOTALL)
    return [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))) for text in found]


def read(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def track():
    plan = make_plan(published=True)
    source = make_source(title="一份来源", publisher="测试报", kind="media")
    track = make_track(
        plan=plan,
        sources=[source],
        locator_en="Part 2, paragraph 3",
        quotation="发展量子计算",
        quotation_source=source,
        read_on=date(2026, 1, 5),
    )
    quantum = Technology.objects.get(slug="quantum-computing")
    track.technology_mappings.create(technology=quantum, match="broader", basis="analyst")
    history.record(plan, Action.EDITED)
    return track


def test_why_names_document_place_words_source_basis_confidence_and_day(visitor, track):
    html = read(visitor, f"/en/tracks/{track.slug}/")
    [why] = controls(html)

    assert track.plan.document.title_en in why
    assert "Place Part 2, paragraph 3" in why
    assert "发展量子计算" in why
    assert re.search("press or research report 一份来源 测试报 · quoted here", why)
    assert "Read on 2026-01-05" in why
    assert re.search(r"Quantum computing\s?: broader\s?, judged by an analyst", why)
    assert "Evidence Press or research report" in why
    assert re.search(r"Record last changed 20\d\d-\d\d-\d\d editor", why)


def test_why_speaks_the_language_of_the_page(visitor, track):
    [why] = controls(read(visitor, f"/zh-hans/tracks/{track.slug}/"))

    assert track.plan.document.title_zh in why
    assert "本记录最近更新" in why


def test_what_is_not_known_says_so(visitor):
    plan = make_plan(published=True)
    bare = make_track(plan=plan, confidence="recalled", sources=[])
    [why] = controls(read(visitor, f"/en/tracks/{bare.slug}/"))

    assert "No passage recorded." in why
    assert "no source yet" in why
    assert "Evidence Not yet read" in why


def test_columns_that_nobody_read_are_named(visitor):
    target = make_target(published=True, unverified_fields=["due_date"])
    [why] = controls(read(visitor, f"/en/targets/{target.slug}/"))

    assert "Not yet read in a source: Due on" in why


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (make_document, "issuer_rows"),
        (make_document, "technology_mappings"),
        (make_document, "relations_from"),
        (make_target, "field_mappings"),
        (make_target, "assessments"),
    ],
)
def test_rows_that_nobody_read_are_named_as_well(visitor, make, column):
    record = make(published=True, unverified_fields=[column])
    label = fact_label(type(record), column)

    page = visitor.get(record.get_absolute_url())

    assert page.status_code == 200
    assert label in unescape(page.content.decode())


def test_only_what_the_form_offers_is_marked_as_to_be_verified():
    document = make_document()
    document.unverified_fields = ["relations_to"]

    with pytest.raises(ValidationError, match="no column “relations_to”"):
        document.full_clean()


def test_all_that_can_be_marked_has_a_name():
    marked = [model for model in RECORDED if has_column(model, "unverified_fields")]

    assert len(marked) > 3
    for model in marked:
        assert to_verify(model)
        assert all(fact_label(model, name) for name in to_verify(model))


def test_why_names_no_person(visitor, track):
    account = get_user_model().objects.create(username="li.wei")
    track.note_en = "Seen again"
    track.save()
    history.record(track.plan, Action.EDITED, user=account, note="asked by phone")

    html = read(visitor, f"/en/tracks/{track.slug}/")
    assert "li.wei" not in html
    assert "asked by phone" not in html


@pytest.mark.parametrize(
    ("address", "row"),
    [
        ("tracks/", r"<tr>\s*<td data-label=\"Name in the plan\""),
        ("targets/", r"<td class=\"statement\""),
        ("milestones/", r'<li class="row">'),
        ("indicators/hurun-unicorns-city/", r"<tr>\s*<td data-label=\"Period\""),
        ("documents/beijing-future-industries-2023/", r'<tr class="depth-'),
        ("products/humanoid-robots/", r"opens-row"),
    ],
)
def test_every_claim_of_a_table_has_its_control(visitor, address, row):
    html = read(visitor, f"/en/{address}")

    claims = len(re.findall(row, html))
    assert 0 < claims <= len(controls(html))
    assert all("Sources" in why and "Evidence" in why for why in controls(html))
    assert html.count('"why opens-row"') == html.count('<tr class="why-row" data-within>')
