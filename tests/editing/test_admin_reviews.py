"""The admin: drafts under review, and what reviewers are told before they decide."""

import pytest

from catalog.models import PolicyDocument
from futureind.publishing import proposals, workflow
from futureind.publishing.snapshots import snapshot
from tests.admin_browser import address, change_page, revisions_of, save, texts
from tests.conftest import person
from tests.editing.proposal_steps import page_of
from tests.factories import make_document, make_plan, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_a_draft_is_reviewed_and_sent_back(editor_client, reviewer_client):
    document = make_document()
    save(editor_client, document, title_en="For review", _submit="1")
    review = address(document, "review", document.pk)
    html = reviewer_client.get(review).content.decode()
    assert "For review" in html
    assert 'name="_publish"' in html

    reviewer_client.post(review, {"_send_back": "1", "note": "Which edition?"})

    document.refresh_from_db()
    newest = revisions_of(document)[0]
    assert (document.publication_state, newest.note) == ("draft", "Which edition?")
    assert "Which edition?" in editor_client.get(change_page(document)).content.decode()


def test_a_reviewer_publishes_only_what_they_have_seen(editor_client, reviewer_client):
    document = make_document()
    save(editor_client, document, title_en="Seen", _submit="1")
    review = address(document, "review", document.pk)
    seen = reviewer_client.get(review).context["seen"]
    save(editor_client, document, title_en="Not seen")

    answer = reviewer_client.post(review, {"_publish": "1", "seen": seen}, follow=True)
    assert any("contributor changed it" in text for text in texts(answer))
    document.refresh_from_db()
    assert document.publication_state == "in-review"

    seen = reviewer_client.get(review).context["seen"]
    reviewer_client.post(review, {"_publish": "1", "seen": seen})
    document.refresh_from_db()
    assert document.publication_state == "published"


def test_a_contributor_neither_publishes_nor_sends_back_here(editor_client):
    document = make_document()
    workflow.submit(document, user=None)
    review = address(document, "review", document.pk)

    for button in ("_publish", "_send_back"):
        answer = editor_client.post(review, {button: "1", "note": "Because."})
        assert answer.status_code == 403
    document.refresh_from_db()
    assert document.publication_state == "in-review"


def test_a_missing_locator_is_shown_and_a_missing_source_in_the_way(reviewer_client):
    plan = make_plan()
    make_track(plan=plan, sources=[], name_en="Quantum")
    workflow.submit(plan, user=None)

    page = reviewer_client.get(address(plan, "review", plan.pk))

    assert any("Quantum" in str(problem) for problem in page.context["check"].problems)
    assert any("1 row does not say where" in str(w) for w in page.context["check"].warnings)


def test_queries_of_the_review_of_a_long_plan_are_bounded(
    reviewer_client, django_assert_max_num_queries
):
    plan = PolicyDocument.objects.get(slug="beijing-future-industries-2023").plans.get()
    held = snapshot(plan)
    for track in held["parts"]["tracks"]:
        track["fields"]["note_en"] = "Read again"
    proposal = proposals.propose(plan, held, person("contributor"))

    # Two for each of the 26 tracks that differ: its slug is looked for among former ones, and it is
    # written. What stays is not checked again. One for each column that names what visitors may
    # not see: the region, targets, fields, technologies and products. And 31 for what the plan and
    # its tracks name without a state of its own, before and after, in which versions.
    with django_assert_max_num_queries(64 + 5 + 31 + 2 * 26):
        assert reviewer_client.get(page_of(proposal)).status_code == 200


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # The name alone changes; that it is there already hangs on plan and tier as well.
        (lambda one, other: {"name_zh": one.name_zh}, "already has a track of this name"),
        (lambda one, other: {"parent": [other.slug]}, "This would make a circle"),
        (lambda one, other: {"tier": "no-such-tier"}, "is not a valid choice"),
        (lambda one, other: {"name_en": ""}, "This field cannot be blank."),
        (lambda one, other: {"parent": ["no-such-track"]}, "there is no no-such-track"),
    ],
)
def test_what_a_changed_column_breaks_is_found_with_the_columns_that_stay(
    reviewer_client, change, message
):
    plan = make_plan(published=True)
    one, other = make_track(plan=plan), make_track(plan=plan)
    held = snapshot(plan)
    [track] = [t for t in held["parts"]["tracks"] if t["fields"]["slug"] == other.slug]
    track["fields"] |= change(one, other)
    proposal = proposals.propose(plan, held, person("contributor"))

    problems = reviewer_client.get(page_of(proposal)).context["check"].problems

    assert any(message in problem for problem in problems), problems
