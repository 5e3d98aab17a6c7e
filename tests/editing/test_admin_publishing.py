"""The admin: who publishes, withdraws, deletes and renames, and what the history shows."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model

from catalog.models import (
    Agency,
    PolicyDocument,
)
from futureind.publishing.differences import Kind, differences
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.slugged import Publishable
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.models.sources import Source
from futureind.publishing.snapshots import snapshot
from regions.models import RegionalPlan, Track, TrackTechnologyMapping
from tests.admin_browser import (
    OURS,
    act,
    address,
    change_page,
    read_form,
    revisions_of,
    save,
    texts,
)
from tests.factories import (
    make_agency,
    make_document,
    make_plan,
    make_source,
    make_target,
    make_technology,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def administrator(db):
    return get_user_model().objects.get(username="administrator")


def reread(record):
    return type(record).objects.get(pk=record.pk)


# Publishing and withdrawing


def test_selected_records_are_published_one_by_one(administrator_client):
    ready, without_source = make_document(), make_document(sources=[])

    answer = act(administrator_client, PolicyDocument, "publish_selected", [ready, without_source])

    ready.refresh_from_db()
    without_source.refresh_from_db()
    assert (ready.publication_state, without_source.publication_state) == ("published", "draft")
    assert f"“{without_source}”: It names no source." in texts(answer)
    assert "1 record was published." in texts(answer)


def test_withdrawing_asks_first_and_keeps_the_reason(administrator_client, administrator):
    documents = [make_document(published=True), make_document(published=True)]

    question = act(administrator_client, PolicyDocument, "withdraw_selected", documents)
    assert all(str(document) in question.content.decode() for document in documents)
    assert PolicyDocument.objects.get(pk=documents[0].pk).publication_state == "published"
    act(
        administrator_client,
        PolicyDocument,
        "withdraw_selected",
        documents,
        confirmed="yes",
        change_reason="Entered twice",
    )

    for document in documents:
        document.refresh_from_db()
        newest = revisions_of(document)[0]
        assert document.publication_state == "withdrawn"
        assert (newest.action, newest.user) == (Action.WITHDRAWN, administrator)
        assert newest.note == "Entered twice"


def test_publish_on_the_form(reviewer_client):
    document = make_document()

    save(reviewer_client, document, _publish="1")

    document.refresh_from_db()
    assert document.publication_state == "published"
    actions = [revision.action for revision in revisions_of(document)]
    assert actions == [Action.PUBLISHED, Action.CREATED]


def test_who_edits_a_draft_does_not_publish_it(reviewer_client, administrator_client):
    document = make_document()

    answer = save(reviewer_client, document, title_en="Final title", _publish="1")

    page = reviewer_client.get(answer.url)
    assert any("You worked on it yourself" in text for text in texts(page))
    assert 'name="_publish"' not in page.content.decode()
    document.refresh_from_db()
    assert (document.title_en, document.publication_state) == ("Final title", "draft")
    act(administrator_client, PolicyDocument, "publish_selected", [document])
    document.refresh_from_db()
    assert document.publication_state == "published"


def test_a_draft_is_submitted_on_the_form(editor_client):
    document = make_document()

    save(editor_client, document, title_en="Ready", _submit="1")

    document.refresh_from_db()
    assert (document.title_en, document.publication_state) == ("Ready", "in-review")
    actions = [revision.action for revision in revisions_of(document)]
    assert actions == [Action.SUBMITTED, Action.EDITED, Action.CREATED]


def test_withdrawing_needs_a_reason(reviewer_client):
    document = make_document(published=True)
    withdraw = address(document, "withdraw", document.pk)

    answer = reviewer_client.post(withdraw, {"confirmed": "yes", "change_reason": " "}, follow=True)

    assert any("Give the reason" in text for text in texts(answer))
    document.refresh_from_db()
    assert document.publication_state == "published"


def test_one_record_is_withdrawn_on_its_own_page(reviewer_client):
    document = make_document(published=True)
    page = reviewer_client.get(change_page(document)).content.decode()
    withdraw = address(document, "withdraw", document.pk)
    assert withdraw in page

    assert reviewer_client.get(withdraw).status_code == 200
    reviewer_client.post(withdraw, {"confirmed": "yes", "change_reason": "Wrong text"})

    document.refresh_from_db()
    assert document.publication_state == "withdrawn"


def test_contributors_neither_publish_nor_withdraw(editor_client):
    draft, public = make_document(), make_document(published=True)

    act(editor_client, PolicyDocument, "publish_selected", [draft])
    save(editor_client, draft, _publish="1")
    answer = editor_client.post(address(public, "withdraw", public.pk), {"confirmed": "yes"})

    assert answer.status_code == 403
    draft.refresh_from_db()
    public.refresh_from_db()
    assert (draft.publication_state, public.publication_state) == ("draft", "published")


def test_nobody_changes_what_visitors_see_by_saving(
    editor_client, reviewer_client, administrator_client
):
    document, plan = make_document(published=True), make_plan(published=True, tracks=1)
    track = plan.tracks.get()
    before = snapshot(document), snapshot(plan)

    for client in (editor_client, reviewer_client, administrator_client):
        save(client, document, title_en="Not at once")
        save(client, plan, **{"tracks-0-name_en": "Not at once"})
        save(client, track, name_en="Not at once")

    document, plan = reread(document), reread(plan)
    assert (snapshot(document), snapshot(plan)) == before
    assert Proposal.objects.of(document).open().count() == 3
    assert Proposal.objects.of(plan).open().count() == 6


def test_a_track_that_is_added_to_a_public_plan_is_proposed(editor_client):
    draft, public = make_plan(), make_plan(published=True)
    row = {"tier": "area", "order": 1, "name_en": "New", "name_zh": "新", "confidence": "recalled"}

    for plan in (draft, public):
        page = read_form(editor_client, address(Track, "add"))
        editor_client.post(address(Track, "add"), page | row | {"plan": plan.pk})

    assert (draft.tracks.count(), public.tracks.count()) == (1, 0)
    [proposal] = Proposal.objects.of(public)
    assert [t["fields"]["name_zh"] for t in proposal.snapshot["parts"]["tracks"]] == ["新"]


# Nothing once public is deleted


@pytest.mark.parametrize("make", [make_document, make_target, make_agency, make_plan])
def test_what_was_public_is_not_deleted(administrator_client, make):
    record = make(published=True)
    model = type(record)

    page = administrator_client.get(change_page(record)).content.decode()
    assert 'class="deletelink"' not in page
    answer = administrator_client.post(address(record, "delete", record.pk), {"post": "yes"})
    assert answer.status_code == 403
    answer = act(administrator_client, model, "delete_selected", [record], post="yes")

    assert any("withdrawn but not deleted" in text for text in texts(answer))
    assert model.objects.filter(pk=record.pk).exists()


def test_a_track_of_a_public_plan_is_not_deleted(administrator_client):
    plan = make_plan(published=True, tracks=2)
    track = plan.tracks.first()

    answer = administrator_client.post(address(track, "delete", track.pk), {"post": "yes"})
    assert answer.status_code == 403
    act(administrator_client, Track, "delete_selected", [track], post="yes")
    save(administrator_client, plan, **{"tracks-0-DELETE": "on"})

    assert plan.tracks.count() == 2


def test_a_draft_is_deleted_and_its_history_stays(administrator_client, administrator):
    one, other = make_agency(), make_agency()

    administrator_client.post(address(one, "delete", one.pk), {"post": "yes"})
    act(administrator_client, Agency, "delete_selected", [other], post="yes")

    assert not Agency.objects.filter(pk__in=[one.pk, other.pk]).exists()
    for agency in (one, other):
        newest = revisions_of(agency)[0]
        assert (newest.action, newest.user) == (Action.DELETED, administrator)
        assert LogEntry.objects.filter(object_id=agency.pk, action_flag=3).exists()


def test_a_deleted_track_is_a_version_of_its_plan(administrator_client):
    plan = make_plan(tracks=2)
    track = plan.tracks.first()

    administrator_client.post(address(track, "delete", track.pk), {"post": "yes"})

    newest = revisions_of(plan)[0]
    assert newest.action == Action.EDITED
    assert len(newest.snapshot["parts"]["tracks"]) == 1


def test_a_source_is_deleted_only_while_nothing_names_it(administrator_client):
    named, unnamed = make_source(), make_source()
    make_document(sources=[named])

    for source in (named, unnamed):
        administrator_client.post(address(source, "delete", source.pk), {"post": "yes"})

    assert list(Source.objects.filter(pk__in=[named.pk, unnamed.pk])) == [named]


# Addresses


def test_an_administrator_renames_and_the_old_address_stays(administrator_client):
    document = make_document(published=True)
    old, title = document.slug, document.title_en

    save(administrator_client, document, slug="a-better-slug", title_en="Better title")

    document.refresh_from_db()
    assert (document.slug, document.title_en) == ("a-better-slug", title)
    assert PolicyDocument.renamed_from(old) == document
    renamed, published = revisions_of(document)[:2]
    assert (renamed.action, published.action) == (Action.RENAMED, Action.PUBLISHED)
    # What else was typed waits, and does not stand in conflict with the renaming.
    [proposal] = Proposal.objects.of(document)
    assert (proposal.base, proposal.snapshot["fields"]["title_en"]) == (renamed, "Better title")


def test_others_do_not_rename_what_is_public(reviewer_client):
    document, plan = make_document(published=True), make_plan(published=True, tracks=1)
    track = plan.tracks.get()

    save(reviewer_client, document, slug="mine")
    save(reviewer_client, track, slug="mine-too")
    save(reviewer_client, plan, **{"tracks-0-slug": "mine-as-well"})

    for record in (document, track):
        slug = record.slug
        record.refresh_from_db()
        assert record.slug == slug
    assert not FormerSlug.objects.filter(slug=document.slug).exists()


def test_a_draft_changes_its_slug_without_a_trace(administrator_client):
    document = make_document()

    save(administrator_client, document, slug="still-a-draft")

    document.refresh_from_db()
    assert document.slug == "still-a-draft"
    assert not FormerSlug.objects.filter(object_id=document.pk).exists()


# History


def test_the_history_shows_what_changed_and_why(administrator_client):
    plan = make_plan(tracks=1)
    save(administrator_client, plan, horizon_year=2035, change_reason="Second edition")
    assert "<q>Second edition</q>" in administrator_client.get(change_page(plan)).content.decode()

    for record in (plan, plan.tracks.get()):
        html = administrator_client.get(address(record, "history", record.pk)).content.decode()
        assert "Second edition" in html
        assert "Horizon year" in html
        assert "2035" in html


def test_the_history_has_pages(administrator_client, monkeypatch):
    monkeypatch.setattr("futureind.editing.history_pages.REVISIONS_A_PAGE", 2)
    agency = make_agency()
    for number in range(3):
        save(administrator_client, agency, name_en=f"Name {number}")

    first = administrator_client.get(address(agency, "history", agency.pk))
    second = administrator_client.get(address(agency, "history", agency.pk), {"page": 2})

    assert "<del>0</del>" in first.content.decode()  # as what stood before
    assert "Page 1 of 2" in first.content.decode()
    assert len(second.context["versions"]) == 2


def test_differences_name_columns_and_parts():
    plan = make_plan(tracks=2)
    kept, gone = plan.tracks.all()
    before = snapshot(plan)
    technology = make_technology()
    kept.tier = "growth"
    kept.save()
    TrackTechnologyMapping.objects.create(track=kept, technology=technology)
    gone.delete()
    plan.horizon_year = None
    plan.note_zh = "备注"

    found = differences(before, snapshot(plan), RegionalPlan)

    assert {(d.path, d.kind, d.before, d.after) for d in found} == {
        (("Horizon year",), Kind.REMOVED, "2030", ""),
        (("Note (Chinese)",), Kind.ADDED, "", "备注"),
        (("Tracks", kept.slug, "Role in plan"), Kind.CHANGED, "area", "fast-growing"),
        (
            ("Tracks", kept.slug, "Technologies of a track", technology.slug),
            Kind.ADDED,
            "",
            "",
        ),
        (("Tracks", gone.slug), Kind.REMOVED, "", ""),
    }
    assert differences(before, before, RegionalPlan) == []


# What visitors see


def test_the_public_page_is_offered_only_where_there_is_one(administrator_client):
    public, draft = make_document(published=True), make_document()

    assert (
        public.get_absolute_url() in administrator_client.get(change_page(public)).content.decode()
    )
    html = administrator_client.get(change_page(draft)).content.decode()
    assert draft.get_absolute_url() not in html


def test_every_publishable_model_has_its_page():
    recorded = {model for model in OURS if issubclass(model, Publishable)}

    assert {model.__name__ for model in recorded} == {
        *("Region", "Agency", "IndustryField", "SymbolicProduct", "Technology", "GlossaryTerm"),
        *("PolicyDocument", "Target", "Indicator", "Milestone", "RegionalPlan"),
    }
