"""The front page's lists about quality: exact, bounded, and each entry can be acted on."""

from datetime import timedelta
from itertools import cycle

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import PolicyDocument, Region, Target, TargetAssessment
from futureind.desk.models import (
    LinkCheck,
    LinkState,
    MachineRendering,
    StaleTranslation,
    Verification,
)
from futureind.desk.queues import QUEUES
from futureind.publishing import proposals
from futureind.publishing.models.revisions import Revision
from regions.models import CoverageCheck, Track
from tests.admin_browser import change_page, save
from tests.chance import every
from tests.factories import (
    make_document,
    make_plan,
    make_proposal,
    make_region,
    make_source,
    make_target,
    make_track,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NAMES = [
    *("verify", "locate", "out-of-step", "translate", "broken-links", "links-by-hand"),
    *("overdue", "unchecked", "machine", "review-due"),
]


def front_page(client):
    work = client.get(reverse("admin:index")).context["work"]
    return {found["queue"].name: found["count"] for found in work}


def queue_named(name):
    [queue] = [queue for queue in QUEUES if queue.name == name]
    return queue


def rows_of(name):
    return list(queue_named(name).rows(get_user_model().objects.get(username="administrator")))


def test_the_lists_are_on_the_front_page(editor_client):
    assert set(NAMES) <= set(front_page(editor_client))


@pytest.mark.parametrize(
    ("name", "language"), every(3, zip(NAMES, cycle(["en", "zh-hans"]), strict=False))
)
def test_every_number_is_that_of_its_list(administrator_client, name, language):
    document = make_document(published=True, unverified_fields=["issued_date"], summary_zh="摘要")
    make_target(published=True, due_date=timezone.localdate() - timedelta(days=1))
    StaleTranslation.objects.create(record=document, path="title")
    MachineRendering.objects.create(record=document, path="title")
    seen_days_ago(make_plan(published=True), 200)
    reviewed = {"path": "summary", "reviewed_at": timezone.now()}
    MachineRendering.objects.create(record=document, **reviewed)
    for number, state in enumerate([*LinkState, *LinkState]):
        LinkCheck.objects.create(digest=number, address=f"https://a.org/{number}", state=state)
    administrator_client.cookies["django_language"] = language
    page = administrator_client.get(reverse("admin:index"))
    [(queue, count)] = [
        (found["queue"], found["count"])
        for found in page.context["work"]
        if found["queue"].name == name
    ]
    assert count > 0

    listed = administrator_client.get(queue.link())

    assert listed.context["page"].paginator.count == count
    if queue.table:
        assert administrator_client.get(queue.table()).context["cl"].result_count == count


@pytest.mark.parametrize("name", every(3, NAMES))
def test_every_entry_leads_to_a_form(administrator_client, name):
    make_target(published=True, due_date=timezone.localdate() - timedelta(days=1))
    document = make_document(summary_zh="摘要")
    StaleTranslation.objects.create(record=document, path="title")
    MachineRendering.objects.create(record=document, path="title")
    seen_days_ago(make_plan(published=True), 200)
    reviewed = {"path": "summary", "reviewed_at": timezone.now()}
    MachineRendering.objects.create(record=document, **reviewed)
    for number, state in enumerate(LinkState):
        LinkCheck.objects.create(digest=number, address=f"https://a.org/{number}", state=state)
    one_of_each_kind = {row[0]: row for row in rows_of(name)}
    assert one_of_each_kind
    for entry in queue_named(name).entries(one_of_each_kind.values()):
        html = administrator_client.get(entry.address).content.decode()
        assert 'type="submit"' in html, entry


def test_a_claim_is_located_with_locator_and_source(editor_client):
    plan = make_plan(published=True)
    complete = make_track(plan=plan, locator_en="Part 1", sources=[make_source()])
    for lacking in (make_track(plan=plan), make_track(plan=plan, locator_en="P")):
        if lacking.locator:
            lacking.sources.clear()
    target = make_target(published=True)
    draft = make_target()

    rows = set(rows_of("locate"))

    tracks = {key for label, key in rows if label == Track._meta.label}
    assert {track.pk for track in plan.tracks.all()} - tracks == {complete.pk}
    assert (Target._meta.label, target.pk) in rows
    assert (Target._meta.label, draft.pk) not in rows


def test_a_text_in_one_language_alone_is_listed_until_it_is_translated(administrator_client):
    document = make_document(summary_zh="摘要。", title_en_origin="ours")
    row = (PolicyDocument._meta.label, document.pk)
    assert row in rows_of("translate")
    [entry] = queue_named("translate").entries([row])
    assert entry.detail.endswith("Summary (English)")
    assert entry.address == change_page(document)

    save(administrator_client, document, summary_en="A summary.")

    assert row not in rows_of("translate")


def test_editing_a_chinese_text_moves_its_rendering_at_once(reviewer_client, administrator_client):
    document = make_document(summary_en="Ten lines.", summary_zh="十行。", aliases_zh="别名")
    before = front_page(reviewer_client)["out-of-step"]

    save(administrator_client, document, summary_zh="十一行。", aliases_zh="另一个")

    assert front_page(reviewer_client)["out-of-step"] == before + 1


def test_a_target_is_overdue_until_it_is_assessed(editor_client):
    day = timezone.localdate()
    before = front_page(editor_client)["overdue"]
    overdue = make_target(published=True, due_date=day - timedelta(days=1))
    make_target(published=True, due_date=day)
    make_target(due_date=day - timedelta(days=1))
    assert front_page(editor_client)["overdue"] == before + 1

    TargetAssessment.objects.create(
        target=overdue, assessed_on=day, verdict="not-assessable", source=make_source()
    )

    assert front_page(editor_client)["overdue"] == before


def test_a_region_is_unchecked_until_a_check_is_noted(editor_client):
    day = timezone.localdate()
    never, old, new = (make_region(published=True) for _number in range(3))
    make_region()
    for region, age in ((old, 200), (new, 10)):
        CoverageCheck.objects.create(
            publication_state="published",
            region=region,
            checked_on=day - timedelta(days=age),
            outcome="none-found",
        )
    ours = {region.pk for region in (never, old, new)}
    waiting = [row for row in rows_of("unchecked") if row[1] in ours]

    assert [key for _label, key, _last in waiting] == [never.pk, old.pk]
    [first, _second] = queue_named("unchecked").entries(waiting)
    form = editor_client.get(first.address)
    assert form.context["adminform"].form.initial["region"] == str(never.pk)
    assert Region.objects.filter(pk=never.pk).exists()


def seen_days_ago(record, days, by="contributor"):
    """Let the last version of a record be one of a person (or of a command), so many days ago."""
    at = timezone.now() - timedelta(days=days)
    Revision.objects.of(record).update(created_at=at, user_name=by)


def test_what_is_public_is_looked_at_every_six_months(reviewer_client):
    old, new, draft = make_plan(published=True), make_plan(published=True), make_plan()
    loaded, loaded_lately = make_document(published=True), make_document(published=True)
    for record, days, by in (
        (old, 200, "contributor"),
        (new, 100, "contributor"),
        (draft, 200, "contributor"),
        (loaded, 200, ""),
        (loaded_lately, 100, ""),
    ):
        seen_days_ago(record, days, by)

    entries = {e.address: e for e in queue_named("review-due").entries(rows_of("review-due"))}

    assert set(entries) == {change_page(old), change_page(loaded)}
    assert entries[change_page(old)].detail == "Plan · last seen by contributor".replace(
        "Plan", str(old._meta.verbose_name)
    )
    assert entries[change_page(loaded)].detail.endswith("seen by nobody")
    assert front_page(reviewer_client)["review-due"] == 2


def test_a_look_by_a_person_is_enough(reviewer_client, administrator_client):
    edited, verified = make_document(published=True), make_document(published=True)
    for record in (edited, verified):
        seen_days_ago(record, 200)
    assert front_page(reviewer_client)["review-due"] == 2

    proposal = make_proposal(edited, get_user_model().objects.get(username="contributor"))
    proposals.approve(proposal, user=get_user_model().objects.get(username="reviewer"))
    assert front_page(reviewer_client)["review-due"] == 1
    Verification.objects.create(record=verified, source=make_source(), read_on="2026-01-05")
    assert front_page(reviewer_client)["review-due"] == 0


@pytest.mark.long
def test_the_front_page_asks_as_often_for_thousands_as_for_few(administrator_client):
    administrator_client.get(reverse("admin:index"))
    counts = []
    for number in (1, 5000):
        PolicyDocument.objects.bulk_create(
            PolicyDocument(
                slug=f"many-{number}-{n}",
                title_en="Many",
                title_zh="许多",
                document_type="opinions",
                level="national",
                summary_zh="摘要",
                publication_state="published",
                unverified_fields=["issued_date"],
            )
            for n in range(number)
        )
        with CaptureQueriesContext(connection) as queries:
            administrator_client.get(reverse("admin:index"))
        counts.append(len(queries))

    assert counts[1] <= counts[0]
