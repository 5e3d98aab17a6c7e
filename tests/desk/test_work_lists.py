"""The entries of the work lists: whose they are, what rests and why, and the lists as files."""

import csv
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from catalog.models import PolicyDocument
from futureind.desk.models import LinkCheck, WorkNote
from futureind.desk.queues import QUEUES
from futureind.publishing import workflow
from tests.chance import every
from tests.conftest import person, signed_in
from tests.factories import make_document, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PEOPLE = ["contributor", "reviewer", "administrator"]


def page_of(name, show=""):
    return reverse("admin:work", args=[name]) + (f"?show={show}" if show else "")


def key_of(record):
    return f"{record._meta.label}:{record.pk}"


def listed(client, name, show=""):
    """Return the entries of a list by their keys, after asserting that all numbers agree."""
    page = client.get(page_of(name, show))
    entries = {entry.key: entry for entry in page.context["entries"]}
    tabs = {tab.value: count for tab, count, _address in page.context["tabs"]}
    assert tabs[show or "waiting"] == page.context["page"].paginator.count
    [front] = [
        found
        for found in client.get(reverse("admin:index")).context["work"]
        if found["queue"].name == name
    ]
    assert front["count"] == tabs["waiting"]
    assert front["resting"] == tabs["snoozed"]
    assert front["mine"] == tabs.get("mine", 0)
    return entries


def press(client, name, button, *records, show="", **data):
    keys = [key_of(record) for record in records]
    address = page_of(name, show)
    return client.post(address, {"entry": keys, button: "", **data}, follow=True)


def snooze(client, name, *records, days=7, reason="Waits for the gazette"):
    until = timezone.localdate() + timedelta(days=days)
    return press(client, name, "_snooze", *records, until=until.isoformat(), reason=reason)


@pytest.fixture
def overdue():
    """A target that is first in the list of those past their date."""
    return make_target(published=True, due_date="1990-01-01")


def test_what_is_snoozed_leaves_list_and_number_until_its_day(editor_client, overdue):
    assert key_of(overdue) in listed(editor_client, "overdue")

    snooze(editor_client, "overdue", overdue)

    assert key_of(overdue) not in listed(editor_client, "overdue")
    note = listed(editor_client, "overdue", "snoozed")[key_of(overdue)].note
    assert (note.reason, str(note.snoozed_by)) == ("Waits for the gazette", "contributor")
    page = editor_client.get(page_of("overdue", "snoozed")).content.decode()
    assert f"until {note.snoozed_until} by contributor: Waits for the gazette" in page

    WorkNote.objects.update(snoozed_until=timezone.localdate())
    assert key_of(overdue) in listed(editor_client, "overdue")
    assert not listed(editor_client, "overdue", "snoozed")


def test_what_is_snoozed_can_be_woken_by_anybody_who_sees_it(
    editor_client, reviewer_client, overdue
):
    snooze(reviewer_client, "overdue", overdue)

    press(editor_client, "overdue", "_wake", overdue, show="snoozed")

    assert key_of(overdue) in listed(editor_client, "overdue")
    assert not WorkNote.objects.exists()


@pytest.mark.parametrize(
    ("days", "reason", "message"),
    [
        (7, " ", "This field is required."),
        (0, "Why", "Choose a day after today."),
        (367, "Why", "Choose a day within a year."),
    ],
)
def test_a_snooze_without_reason_or_end_is_refused_at_its_field(
    editor_client, overdue, days, reason, message
):
    page = snooze(editor_client, "overdue", overdue, days=days, reason=reason)

    assert page.status_code == 400
    html = page.content.decode()
    assert message in html
    # What was ticked stays so.
    assert page.context["ticked"] == [key_of(overdue)]
    assert not WorkNote.objects.exists()


def test_an_entry_says_whose_it_is_and_stands_among_theirs(reviewer_client, editor_client, overdue):
    press(reviewer_client, "overdue", "_assign", overdue, assignee=person("contributor").pk)

    entry = listed(reviewer_client, "overdue")[key_of(overdue)]
    assert str(entry.note.assignee) == "contributor"
    assert listed(editor_client, "overdue", "mine").keys() == {key_of(overdue)}
    assert not listed(reviewer_client, "overdue", "mine")
    front = editor_client.get(reverse("admin:index")).content.decode()
    assert f'href="{page_of("overdue", "mine")}"' in front

    snooze(editor_client, "overdue", overdue)
    assert not listed(editor_client, "overdue", "mine")
    press(editor_client, "overdue", "_wake", overdue, show="snoozed")
    assert listed(editor_client, "overdue", "mine")
    press(editor_client, "overdue", "_release", overdue)
    assert not WorkNote.objects.exists()


# Who may make whose: the person who presses, the button, whose it was, whose it is then.
ASSIGNING = [
    ("contributor", "_take", None, "contributor"),
    ("contributor", "_take", "reviewer", "reviewer"),
    ("contributor", "_assign", None, None),
    ("contributor", "_assign", "contributor", "contributor"),
    ("contributor", "_release", "contributor", None),
    ("contributor", "_release", "reviewer", "reviewer"),
    ("reviewer", "_take", "contributor", "reviewer"),
    ("reviewer", "_assign", "contributor", "administrator"),
    ("reviewer", "_release", "contributor", None),
    ("administrator", "_assign", "reviewer", "administrator"),
]


@pytest.mark.parametrize(("who", "button", "was", "becomes"), every(3, ASSIGNING))
def test_contributors_assign_to_themselves_and_deciders_to_all(who, button, was, becomes, overdue):
    if was:
        press(signed_in(was), "overdue", "_take", overdue)

    press(signed_in(who), "overdue", button, overdue, assignee=person("administrator").pk)

    assignees = [str(note.assignee) for note in WorkNote.objects.select_related("assignee")]
    assert assignees == ([becomes] if becomes else [])


def test_nobody_touches_what_is_not_in_their_list(editor_client, reviewer_client):
    own = make_document()
    workflow.submit(own, user=person("reviewer"))
    hidden = make_document()
    for client, name in ((reviewer_client, "drafts"), (editor_client, "review")):
        snooze(client, name, hidden)
    for keys in (["x"], ["catalog.Target:x"], ["auth.Group:1"], [f"catalog.Target:{'9' * 40}"], []):
        data = {"entry": keys, "_snooze": "", "until": "2100-01-01", "reason": "Why"}
        assert editor_client.post(page_of("overdue"), data).status_code == 302
    assert not WorkNote.objects.exists()


def test_a_review_is_given_only_to_who_may_do_it(administrator_client):
    document = make_document()
    from futureind.publishing import history

    document.title_en = "By the reviewer"
    document.save()
    history.record(document, "edited", user=person("reviewer"))
    workflow.submit(document, user=person("reviewer"))

    page = press(
        administrator_client, "review", "_assign", document, assignee=person("reviewer").pk
    )
    assert "1 entry is not in this list for reviewer." in page.content.decode()
    press(administrator_client, "review", "_assign", document, assignee=person("contributor").pk)
    assert not WorkNote.objects.exists()

    press(administrator_client, "review", "_assign", document, assignee=person("administrator").pk)
    assert WorkNote.objects.get().assignee == person("administrator")


@pytest.mark.parametrize("name", every(4, [queue.name for queue in QUEUES]))
def test_every_list_is_a_file_with_as_many_rows_as_its_number(administrator_client, name):
    make_target(published=True, due_date="1990-01-01")
    LinkCheck.objects.create(digest="1", address="https://a.org/1", state="broken")
    address = reverse("admin:work_download", args=[name])

    with CaptureQueriesContext(connection) as queries:
        response = administrator_client.get(address)
        text = response.getvalue().decode()

    # A few for each kind of record.
    assert len(queries) <= 40
    assert text.startswith("\ufeffentry,")
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    count = administrator_client.get(page_of(name)).context["page"].paginator.count
    assert len(rows) == count
    assert f'href="{address}"' in administrator_client.get(page_of(name)).content.decode()


def test_a_file_holds_what_is_snoozed_and_no_formula(editor_client):
    target = make_target(published=True, due_date="1990-01-01", statement_en="=HYPERLINK(1)")
    snooze(editor_client, "overdue", target, reason="+1+2")
    address = reverse("admin:work_download", args=["overdue"])

    text = editor_client.get(address + "?show=snoozed").getvalue().decode()

    [row] = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    assert row["entry"].startswith("'=HYPERLINK")
    assert row["reason"] == "'+1+2"
    assert row["snoozed_by"] == "contributor"
    assert row["snoozed_until"] == str(WorkNote.objects.get().snoozed_until)
    assert row["address"].startswith("http")
    assert "HYPERLINK" not in editor_client.get(address).getvalue().decode()


def test_what_was_typed_is_shown_as_text(editor_client, overdue):
    snooze(editor_client, "overdue", overdue, reason="<b>bold</b>")

    html = editor_client.get(page_of("overdue", "snoozed")).content.decode()

    assert escape("<b>bold</b>") in html
    assert "<b>bold</b>" not in html


def many_documents(number, count):
    made = PolicyDocument.objects.bulk_create(
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
        for n in range(count)
    )
    kind = ContentType.objects.get_for_model(PolicyDocument)
    for name in ("verify", "translate"):
        WorkNote.objects.bulk_create(
            WorkNote(
                queue=name,
                content_type=kind,
                object_id=document.pk,
                assignee=person("administrator"),
                **({"snoozed_until": "2100-01-01", "reason": "Why"} if place % 2 else {}),
            )
            for place, document in enumerate(made)
        )


@pytest.mark.long
def test_thousands_cost_as_many_queries_as_a_few(administrator_client):
    addresses = [
        reverse("admin:index"),
        *(page_of(name, show) for name in ("verify", "translate") for show in ("", "mine")),
        page_of("verify", "snoozed"),
    ]
    many_documents(1, 60)
    for address in addresses:
        administrator_client.get(address)
    counts = {}
    for number in (2, 3000):
        many_documents(number, number)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                administrator_client.get(address)
            counts.setdefault(address, []).append(len(queries))

    for address, (few, thousands) in counts.items():
        assert thousands <= few, address
    assert counts[reverse("admin:index")][0] <= 90
    with CaptureQueriesContext(connection) as queries:
        file = administrator_client.get(reverse("admin:work_download", args=["verify"]))
        assert len(file.getvalue().splitlines()) > 1500
    # Some for each five hundred rows.
    assert len(queries) <= 40


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"snoozed_until": "2100-01-01"},
    ],
)
def test_the_database_refuses_a_note_that_says_nothing(columns):
    kind = ContentType.objects.get_for_model(PolicyDocument)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkNote.objects.create(queue="verify", content_type=kind, object_id=1, **columns)
