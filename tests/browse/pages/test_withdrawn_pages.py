"""What visitors find at the address of what was withdrawn: a page that says so, no more."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from catalog.models import Indicator
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action, Revision
from tests.browse.pages.reading import main_of
from tests.factories import make_document, make_plan, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

REASON = "Entered twice by Wang."


def withdraw(record):
    user = get_user_model().objects.get(username="reviewer")
    workflow.withdraw(record, user=user, note=REASON)


@pytest.fixture
def withdrawn():
    document = make_document(
        published=True,
        title_en="Plan for quantum things",
        title_zh="量子事物规划",
        summary_en="It promises a great deal.",
        document_number="测试〔2025〕7号",
    )
    withdraw(document)
    return document


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Policy document", "Withdrawn on", "/en/documents/"]),
        ("zh-hans", ["政策文件", "撤下", "/zh-hans/documents/"]),
    ],
)
def test_a_withdrawn_record_leaves_a_page_with_its_name_and_the_day(
    visitor, withdrawn, language, words
):
    response = visitor.get(f"/{language}/documents/{withdrawn.slug}/")
    html = main_of(response, status=410)

    assert response.status_code == 410
    assert response["X-Robots-Tag"] == "noindex"
    day = timezone.localdate().isoformat()
    for word in [withdrawn.title_en, withdrawn.title_zh, day, *words]:
        assert word in html
    assert "Entered twice" not in html
    assert "reviewer" not in html
    assert withdrawn.summary_en not in html
    assert withdrawn.document_number not in html


def test_what_stood_in_a_withdrawn_record_says_where(visitor):
    plan = make_plan(published=True, tracks=1)
    target = make_target(published=True, document=plan.document)
    withdraw(plan.document)

    for record in (plan, plan.tracks.get(), target):
        response = visitor.get(record.get_absolute_url())
        assert response.status_code == 410
        assert f'href="{plan.document.get_absolute_url()}"' in main_of(response, status=410)


def test_what_was_never_public_is_not_found(visitor):
    plan = make_plan(published=True, tracks=1)
    target = make_target(document=plan.document)
    beside = make_target(document=make_document())
    workflow.publish(beside, user=None)
    withdraw(beside)
    withdraw(plan.document)
    late = make_target(document=plan.document)
    workflow.publish(late, user=None)
    track = plan.tracks.get()
    track.pk, track.slug, track.name_zh = None, "came-later", "后来的"
    track.save()

    for record in (make_document(), target, beside, late, track):
        assert visitor.get(record.get_absolute_url()).status_code == 404


def test_the_day_is_that_on_which_visitors_saw_it_last(visitor):
    plan = make_plan(published=True)
    withdraw(plan)
    revision = Revision.objects.of(plan).first()
    Revision.objects.filter(pk=revision.pk).update(created_at="2026-01-31T17:00:00Z")
    withdraw(plan.document)

    html = main_of(visitor.get(plan.get_absolute_url()), status=410)

    assert "2026-02-01" in html
    assert plan.document.get_absolute_url() not in html


def test_a_name_that_nobody_approved_is_not_shown(visitor, withdrawn):
    withdrawn.title_en = "Typed after it was withdrawn"
    withdrawn.save()
    history.record(withdrawn, Action.EDITED)

    assert "Plan for quantum things" in main_of(
        visitor.get(withdrawn.get_absolute_url()), status=410
    )
    changes = visitor.get("/en/changes/?change=withdrawn").content.decode()
    assert "Plan for quantum things" in changes
    assert "Typed after" not in changes


def test_a_former_address_leads_to_the_page(visitor):
    document = make_document(published=True)
    former = document.get_absolute_url()
    workflow.rename(document, "another-address", user=None)
    withdraw(document)

    response = visitor.get(former, follow=True)

    assert response.redirect_chain == [(document.get_absolute_url(), 301)]
    assert response.status_code == 410


def test_programs_are_told_as_well(visitor):
    document = make_document(published=True)
    indicator = Indicator.objects.public().first()
    for record in (document, indicator):
        withdraw(record)

    cascade = f"/en/documents/{document.slug}/cascade"
    for address in (
        f"{cascade}.json",
        f"{cascade}.csv",
        f"{indicator.get_absolute_url()}points.csv",
    ):
        response = visitor.get(address)
        assert response.status_code == 410
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == 410
    assert visitor.get(f"{cascade}/").status_code == 410


def test_a_record_published_again_has_its_page_again(visitor, withdrawn):
    workflow.publish(withdrawn, user=None)

    assert visitor.get(withdrawn.get_absolute_url()).status_code == 200
