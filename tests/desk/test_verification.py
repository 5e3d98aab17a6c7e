"""Verifying: who read what, in which source, where and when; the marks go with approval."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from catalog.models import FieldDirection, PolicyDocument, Region
from futureind.desk.models import Verification
from futureind.desk.queues import QUEUES
from futureind.desk.verification import facts_of, models_in_doubt, verify
from futureind.publishing import history, proposals
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.sources import Source
from regions.models import Track
from tests.admin_browser import revisions_of
from tests.factories import make_document, make_plan, make_source, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def people(db):
    return {user.username: user for user in get_user_model().objects.all()}


def page(record):
    return reverse("admin:desk_verification_new", args=[record._meta.label_lower, record.pk])


def fill(client, record, facts, **more):
    data = {
        "facts": facts,
        "source": make_source().pk,
        "locator": "Part 2",
        "read_on": "2026-01-05",
    }
    return client.post(page(record), data | more)


def test_the_form_shows_what_is_to_be_verified_with_its_value(editor_client):
    document = make_document(unverified_fields=["issued_date", "legal_status", "issuers"])

    html = editor_client.get(page(document)).content.decode()

    assert [fact.name for fact in facts_of(document)] == ["issued_date", "legal_status", "issuers"]
    assert "<q>2025-01-15</q>" in html
    assert "<q>in force</q>" in html


def test_a_draft_loses_the_marks_at_once(editor_client, people):
    document = make_document(unverified_fields=["issued_date", "legal_status"], sources=[])

    answer = fill(editor_client, document, ["issued_date"])

    assert answer.status_code == 302
    document.refresh_from_db()
    assert document.unverified_fields == ["legal_status"]
    note = Verification.objects.get()
    assert (note.record, note.facts, note.user) == (
        document,
        ["issued_date"],
        people["contributor"],
    )
    assert (note.locator, note.read_on) == ("Part 2", date(2026, 1, 5))
    assert list(document.sources.all()) == [note.source]
    assert "Verified: Issued on" in revisions_of(document)[0].note


def test_a_public_record_keeps_the_marks_until_somebody_else_approves(editor_client, people):
    document = make_document(published=True, unverified_fields=["issued_date"])

    fill(editor_client, document, ["issued_date"])

    document.refresh_from_db()
    assert document.unverified_fields == ["issued_date"]
    proposal = Proposal.objects.of(document).get()
    proposals.approve(proposal, user=people["reviewer"])
    document.refresh_from_db()
    assert document.unverified_fields == []
    assert document.sources.count() == 2


def test_a_recalled_part_is_verified_with_its_owner(editor_client, people):
    plan = make_plan(published=True)
    track = make_track(plan=plan, confidence="recalled")

    fill(editor_client, track, ["*"])
    proposals.approve(Proposal.objects.of(plan).get(), user=people["reviewer"])

    track.refresh_from_db()
    assert (track.confidence, track.locator) == ("verified", "Part 2")
    assert Verification.objects.get().source in track.sources.all()


def test_a_locator_that_is_known_stays(people):
    track = make_track(locator_en="Part 1", confidence="verified", sources=[make_source()])
    history.record(track.plan, "edited")
    plan = track.plan
    plan.unverified_fields = ["horizon_year"]
    plan.save()

    verify(
        plan,
        ["horizon_year"],
        source=make_source(),
        read_on=date(2026, 1, 5),
        locator="Title",
        user=people["contributor"],
    )

    plan.refresh_from_db()
    track.refresh_from_db()
    assert (plan.unverified_fields, track.locator) == ([], "Part 1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"facts": []},
        {"facts": ["title_en"]},
        {"source": ""},
        {"source": "999999"},
        {"read_on": "soon"},
        {"read_on": (timezone.localdate() + timedelta(days=1)).isoformat()},
        {"locator": "x" * 201},
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(editor_client, wrong):
    document = make_document(unverified_fields=["issued_date"])

    answer = fill(editor_client, document, **({"facts": ["issued_date"]} | wrong))

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Verification.objects.exists()


def test_other_addresses_are_not_found(editor_client):
    for label, key in (("catalog.policydocument", 999999), ("auth.group", 1), ("no.such", 1)):
        url = reverse("admin:desk_verification_new", args=[label, key])
        assert editor_client.get(url).status_code == 404


def test_the_taxonomy_is_verified_by_administrators(editor_client, administrator_client):
    region = Region.objects.exclude(unverified_fields=[]).first()

    assert editor_client.get(page(region)).status_code == 403
    assert administrator_client.get(page(region)).status_code == 200


def test_a_verified_source_is_not_deleted(administrator_client, editor_client):
    document = make_document(unverified_fields=["issued_date"])
    fill(editor_client, document, ["issued_date"])
    source = Verification.objects.get().source
    document.sources.clear()

    administrator_client.post(f"/admin/publishing/source/{source.pk}/delete/", {"post": "yes"})

    assert Source.objects.filter(pk=source.pk).exists()


# The queue


def in_doubt(user):
    """Return the rows of the list of what a user may verify."""
    [queue] = [queue for queue in QUEUES if queue.name == "verify"]
    return queue.rows(user)


def by_hand(models):
    """Return all that is in doubt, found without the query under test."""
    return {
        (model._meta.label, row.pk)
        for model in models
        for row in model._base_manager.all()
        if getattr(row, "unverified_fields", None) or getattr(row, "confidence", "") == "recalled"
    }


def test_the_queue_holds_exactly_what_is_in_doubt(people, django_assert_num_queries):
    make_document(unverified_fields=["title_zh"])
    wanted = by_hand(models_in_doubt())
    # What kinds of records there are is asked once in the life of a process.
    in_doubt(people["administrator"]).count()

    with django_assert_num_queries(1):
        rows = list(in_doubt(people["administrator"]))

    assert {(label, key) for label, key, _rank in rows} == wanted
    assert in_doubt(people["administrator"]).count() == len(rows)


def test_everybody_gets_what_they_may_verify(people):
    labels = {label for label, _key, _rank in in_doubt(people["contributor"])}

    assert {PolicyDocument._meta.label, Track._meta.label} <= labels
    assert not {Region._meta.label, FieldDirection._meta.label} & labels


def test_the_most_important_come_first(people):
    PolicyDocument.objects.update(unverified_fields=[], confidence="verified")
    Track.objects.update(confidence="verified")
    least = make_document(unverified_fields=["official_url"])
    middle = make_document(unverified_fields=["summary_en"])
    most = make_document(unverified_fields=["official_url", "issued_date"])
    recalled = make_document(confidence="recalled")

    rows = in_doubt(people["contributor"])

    order = [key for label, key, _rank in rows if label == PolicyDocument._meta.label]
    assert order == [most.pk, recalled.pk, middle.pk, least.pk]


def test_the_form_of_a_record_leads_to_what_is_to_be_verified(editor_client, people):
    plan = make_plan(unverified_fields=["horizon_year"])
    recalled = make_track(plan=plan, confidence="recalled")
    sure = make_track(plan=plan)
    address = reverse("admin:regions_regionalplan_change", args=[plan.pk])

    html = editor_client.get(address).content.decode()
    assert f'href="{page(plan)}"' in html
    assert f'href="{page(recalled)}"' in html
    assert f'href="{page(sure)}"' not in html

    fill(editor_client, plan, ["horizon_year"])
    fill(editor_client, recalled, ["*"])

    html = editor_client.get(address).content.decode()
    assert page(plan) not in html
    assert page(recalled) not in html
    said = html[html.index("Who verified what") :]
    assert "2026-01-05 · contributor" in said
    assert "Horizon" in said[: said.index("</details>")]
    assert recalled.name_zh in said[: said.index("</details>")]


def test_what_is_to_be_verified_costs_as_much_for_many_tracks(
    editor_client, django_assert_max_num_queries
):
    from futureind.editing.evidence import to_verify, verifications_of

    plan = make_plan(unverified_fields=["horizon_year"])
    for _number in range(8):
        make_track(plan=plan, confidence="recalled")

    with django_assert_max_num_queries(4):
        assert len(to_verify(plan)) == 9
        assert list(verifications_of(plan)) == []
