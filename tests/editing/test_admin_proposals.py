"""The admin: proposals are made by forms, looked at and decided."""

import re

import pytest

from catalog.models import Target
from futureind.publishing import history
from futureind.publishing.models.proposals import Proposal, ProposalState
from futureind.publishing.models.revisions import Action, Origin
from regions.models import Track
from tests.admin_browser import address, change_page, read_form, revisions_of, save
from tests.conftest import person, signed_in
from tests.editing.proposal_steps import decide, page_of
from tests.factories import make_document, make_plan, make_proposal, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Making


def test_a_form_with_rows_and_choices_becomes_one_proposal(editor_client, visitor):
    plan = make_plan(published=True, tracks=2)
    public = visitor.get(plan.get_absolute_url()).content
    source = make_source()
    document = plan.document

    answer = save(
        editor_client,
        plan,
        horizon_year=2035,
        change_reason="Second edition",
        **{"tracks-1-name_en": "Brain science"},
    )
    save(editor_client, document, sources=[source.pk])

    [proposal] = Proposal.objects.of(plan)
    assert answer.url == page_of(proposal)
    assert (proposal.note, proposal.origin) == ("Second edition", Origin.EDITOR)
    assert proposal.snapshot["fields"]["horizon_year"] == 2035
    names = [track["fields"]["name_en"] for track in proposal.snapshot["parts"]["tracks"]]
    assert "Brain science" in names
    [of_document] = Proposal.objects.of(document)
    assert of_document.snapshot["fields"]["sources"] == [[source.slug]]
    assert visitor.get(plan.get_absolute_url()).content == public
    assert Track.objects.filter(pk__lt=0).count() == 0


def test_saving_a_public_record_as_it_is_proposes_nothing(editor_client):
    document = make_document(published=True)

    answer = save(editor_client, document, change_reason="Looked at it")

    assert answer.url == change_page(document)
    assert not Proposal.objects.exists()


def test_targets_entered_with_a_public_document_are_drafts_at_once(editor_client):
    document = make_document(published=True)
    page = read_form(editor_client, change_page(document))
    row = {"kind": "qualitative", "order": 1, "confidence": "verified"}
    row |= {"statement_en": "Reach the front rank", "statement_zh": "进入前列"}
    rows = {f"targets-0-{name}": value for name, value in row.items()}

    editor_client.post(
        change_page(document),
        page | rows | {"targets-TOTAL_FORMS": 1, "title_en": "A better title"},
    )

    target = Target.objects.get(document=document)
    assert target.publication_state == "draft"
    assert revisions_of(target)[0].user.username == "contributor"
    assert Proposal.objects.of(document).count() == 1


def test_a_form_with_a_mistake_is_shown_again(editor_client):
    document = make_document(published=True)

    answer = save(editor_client, document, title_en="")

    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()
    assert not Proposal.objects.exists()


# Looking and deciding


def test_the_page_of_a_proposal_shows_what_a_reviewer_needs(editor_client, reviewer_client):
    plan = make_plan(published=True, tracks=1)
    track = plan.tracks.get()
    track.note_zh = "到2030年形成千亿元规模的产业集群"
    track.save()
    history.record(plan, Action.EDITED)
    save(editor_client, track, note_zh="到2035年形成千亿元规模的产业集群")
    [proposal] = Proposal.objects.of(plan)

    html = reviewer_client.get(page_of(proposal)).content.decode()

    assert "<del>2030</del>" in html
    assert "<ins>2035</ins>" in html
    assert track.sources.get().title in html
    assert 'name="_approve"' in html
    assert f"{page_of(proposal).removesuffix('change/')}preview/zh-hans/" in html


def test_the_preview_shows_the_public_page_in_both_languages(reviewer_client, visitor):
    document = make_document(published=True)
    proposal = make_proposal(
        document, person("contributor"), title_en="Previewed title", title_zh="预览标题"
    )
    start = page_of(proposal).removesuffix("change/")

    for language, title in (("en", "Previewed title"), ("zh-hans", "预览标题")):
        answer = reviewer_client.get(f"{start}preview/{language}/")
        assert answer.status_code == 200
        assert f"{title}</h1>" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        public = visitor.get(f"/{language}/documents/{document.slug}/").content.decode()
        assert title not in public
    assert reviewer_client.get(f"{start}preview/xx/").status_code == 404


def test_a_draft_of_a_draft_is_previewed(reviewer_client, visitor):
    plan = make_plan(tracks=1)

    answer = reviewer_client.get(address(plan, "preview", plan.pk, "en"))

    assert answer.status_code == 200
    assert plan.tracks.get().name_en in answer.content.decode()
    assert visitor.get(plan.get_absolute_url()).status_code == 404
    plan.refresh_from_db()
    assert plan.publication_state == plan.document.publication_state == "draft"


def test_a_reviewer_approves(editor_client, reviewer_client, visitor):
    document = make_document(published=True)
    save(editor_client, document, title_en="Approved title", is_correction="on")
    [proposal] = Proposal.objects.of(document)

    decide(reviewer_client, proposal, "_approve")

    assert "Approved title" in visitor.get(document.get_absolute_url()).content.decode()
    newest = revisions_of(document)[0]
    assert (newest.action, newest.user.username) == (Action.CORRECTED, "reviewer")


@pytest.mark.parametrize("name", ["contributor", "reviewer", "administrator"])
def test_nobody_approves_their_own_proposal_here(name):
    client, document = signed_in(name), make_document(published=True)
    save(client, document, title_en="Mine")
    [proposal] = Proposal.objects.of(document)

    assert 'name="_approve"' not in client.get(page_of(proposal)).content.decode()
    decide(client, proposal, "_approve")

    document.refresh_from_db()
    proposal.refresh_from_db()
    assert (document.title_en, proposal.state) != ("Mine", ProposalState.APPROVED)
    assert proposal.state == ProposalState.IN_REVIEW


def test_a_contributor_decides_about_no_proposal(editor_client):
    proposal = make_proposal(user=person("reviewer"))

    for button in ("_approve", "_send_back", "_give_up"):
        answer = decide(editor_client, proposal, button, note="Because.")
        assert answer.status_code == 403, button
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.IN_REVIEW


def test_a_proposal_is_sent_back_mended_and_approved(editor_client, reviewer_client):
    plan = make_plan(published=True, tracks=1)
    save(editor_client, plan, horizon_year=2031)
    [proposal] = Proposal.objects.of(plan)

    decide(reviewer_client, proposal, "_send_back", note="")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.IN_REVIEW
    decide(reviewer_client, proposal, "_send_back", note="It says 2035.")
    assert "It says 2035." in editor_client.get(page_of(proposal)).content.decode()

    edit = f"{change_page(plan)}?proposal={proposal.pk}"
    data = read_form(editor_client, edit)
    assert data["horizon_year"] == ["2031"]
    editor_client.post(edit, data | {"horizon_year": 2035})
    decide(reviewer_client, proposal, "_approve")

    plan.refresh_from_db()
    assert plan.horizon_year == 2035
    assert Proposal.objects.of(plan).count() == 1


def test_a_reviewer_who_edits_further_becomes_an_author(
    editor_client, reviewer_client, administrator_client
):
    plan = make_plan(published=True)
    row = {"tier": "area", "order": 1, "name_en": "Quantum", "name_zh": "量子", "slug": ""}
    row |= {"confidence": "verified"}
    rows = {f"tracks-0-{name}": value for name, value in row.items()}
    page = read_form(editor_client, change_page(plan)) | rows | {"tracks-TOTAL_FORMS": 1}
    editor_client.post(change_page(plan), page)
    [proposal] = Proposal.objects.of(plan)

    # The row exists in no table, and is edited all the same, on both of its pages.
    edit = f"{change_page(plan)}?proposal={proposal.pk}"
    data = read_form(reviewer_client, edit)
    reviewer_client.post(edit, data | {"tracks-0-name_en": "Quantum technology"})
    of_track = f"{address(Track, 'change', -1)}?proposal={proposal.pk}"
    data = read_form(reviewer_client, of_track)
    assert data["name_en"] == ["Quantum technology"]
    reviewer_client.post(of_track, data | {"locator_en": "Part 2"})
    decide(reviewer_client, proposal, "_approve")
    assert not plan.tracks.exists()

    decide(administrator_client, proposal, "_approve")
    track = plan.tracks.get()
    assert (track.name_en, track.locator) == ("Quantum technology", "Part 2")
    assert track.pk > 0
    assert list(track.sources.all()) == list(plan.document.sources.all())


def test_a_track_that_is_only_proposed_can_be_removed_again(editor_client, reviewer_client):
    plan = make_plan(published=True, tracks=1)
    known = plan.tracks.get()
    page = read_form(editor_client, change_page(plan))
    for number, name in ((1, "量子"), (2, "脑机")):
        row = {"tier": "area", "order": number, "name_en": name, "name_zh": name}
        row |= {"slug": f"only-proposed-{number}", "confidence": "verified"}
        page |= {f"tracks-{number}-{column}": value for column, value in row.items()}
    editor_client.post(change_page(plan), page | {"tracks-TOTAL_FORMS": 3})
    [proposal] = Proposal.objects.of(plan)
    edit = f"{change_page(plan)}?proposal={proposal.pk}"
    boxes = re.findall(r"<input[^>]*-DELETE[^>]*>", editor_client.get(edit).content.decode())
    assert sorted("disabled" in box for box in boxes) == [False, False, True]
    data = read_form(editor_client, edit)
    [gone] = [n for n in range(3) if data[f"tracks-{n}-name_zh"] == ["量子"]]
    [kept] = [n for n in range(3) if data[f"tracks-{n}-name_zh"] == [known.name_zh]]

    # A box that is not offered changes nothing.
    ticked = {f"tracks-{gone}-DELETE": "on", f"tracks-{kept}-DELETE": "on"}
    editor_client.post(edit, data | ticked)

    proposal.refresh_from_db()
    names = {part["fields"]["name_zh"] for part in proposal.snapshot["parts"]["tracks"]}
    assert names == {known.name_zh, "脑机"}
    decide(reviewer_client, proposal, "_approve")
    assert {track.name_zh for track in plan.tracks.all()} == names


def test_what_is_typed_into_a_proposal_that_changed_is_kept(editor_client, reviewer_client):
    document = make_document(published=True)
    proposal = make_proposal(document, person("contributor"), title_en="First")
    edit = f"{change_page(document)}?proposal={proposal.pk}"
    mine, theirs = read_form(editor_client, edit), read_form(reviewer_client, edit)

    reviewer_client.post(edit, theirs | {"title_en": "Theirs"})
    editor_client.post(edit, mine | {"title_en": "Mine"})

    titles = [p.snapshot["fields"]["title_en"] for p in Proposal.objects.of(document)]
    assert titles == ["Mine", "Theirs"]


def test_an_author_gives_up(editor_client):
    document = make_document(published=True)
    save(editor_client, document, title_en="A mistake")
    [proposal] = Proposal.objects.of(document)

    decide(editor_client, proposal, "_give_up")

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.GIVEN_UP
    edit = editor_client.get(f"{change_page(document)}?proposal={proposal.pk}")
    assert edit.status_code == 404
