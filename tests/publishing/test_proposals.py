"""Changes of published records: held apart, applied by one function, approved by another person."""

from copy import deepcopy

import pytest
from django.db import IntegrityError, transaction

from catalog.models import PolicyDocument
from futureind.editing import reverting
from futureind.publishing import proposals, workflow
from futureind.publishing.applying import apply_snapshot
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.proposals import Proposal, ProposalState
from futureind.publishing.models.records import PublicationState
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.snapshots import snapshot
from futureind.publishing.workflow import TransitionError
from regions.models import RegionalPlan, Track
from tests.admin_browser import RECORDED
from tests.chance import every
from tests.conftest import person
from tests.factories import make_agency, make_document, make_plan, make_source, make_technology

pytestmark = pytest.mark.django_db


def changed(record, **columns):
    """Return the snapshot that a record would have with other values in some columns."""
    held = snapshot(record)
    return {**held, "fields": held["fields"] | columns}


# Applying


def largest(model):
    """Return the record of a model with the most in it."""
    records = list(model.objects.all()[:60])
    return max(records, key=lambda record: len(str(snapshot(record))))


@pytest.mark.parametrize("model", every(4, RECORDED), ids=lambda model: model.__name__)
def test_what_was_emptied_is_restored_to_the_letter(model):
    record = largest(model)
    if hasattr(record, "publication_state"):
        # Or tracks would have to stay.
        model._base_manager.filter(pk=record.pk).update(publication_state=PublicationState.DRAFT)
        record.refresh_from_db()
    before = snapshot(record)
    emptied = deepcopy(before)
    emptied["parts"] = {name: [] for name in before["parts"]}
    for name, value in before["fields"].items():
        field = model._meta.get_field(name)
        if field.blank and isinstance(value, str) and not field.choices and name != "slug":
            emptied["fields"][name] = None if field.null else ""

    apply_snapshot(record, emptied)
    record = model.objects.get(pk=record.pk)
    assert not any(snapshot(record)["parts"].values())
    assert apply_snapshot(record, before) == []

    assert snapshot(model.objects.get(pk=record.pk)) == before


def test_only_what_differs_is_written(django_assert_max_num_queries):
    plan = RegionalPlan.objects.get(slug="beijing-future-industries-2023")
    wanted = changed(plan, note_en="Read again", note_zh="已复核")
    track_ids = set(plan.tracks.values_list("pk", flat=True))

    with django_assert_max_num_queries(30):
        assert apply_snapshot(plan, wanted) == []

    plan.refresh_from_db()
    assert plan.note_zh == "已复核"
    assert set(plan.tracks.values_list("pk", flat=True)) == track_ids


def test_a_new_track_within_a_new_track_is_made_after_it():
    plan = make_plan(tracks=1)
    wanted = snapshot(plan)
    [track] = wanted["parts"]["tracks"]
    outer, inner = deepcopy(track), deepcopy(track)
    outer["fields"] |= {"slug": "zz-outer", "name_zh": "外", "order": 2}
    inner["fields"] |= {"slug": "aa-inner", "name_zh": "内", "order": 3, "parent": ["zz-outer"]}
    wanted["parts"]["tracks"] = [inner, outer, track]

    assert apply_snapshot(plan, wanted) == []

    assert Track.objects.get(slug="aa-inner").parent.slug == "zz-outer"


def test_new_rows_of_a_preview_have_the_same_keys_every_time():
    plan = make_plan(tracks=1)
    wanted = snapshot(plan)
    track = deepcopy(wanted["parts"]["tracks"][0])
    track["fields"] |= {"slug": "new", "name_zh": "新"}
    wanted["parts"]["tracks"].append(track)

    for _time in range(2):
        with transaction.atomic():
            assert apply_snapshot(plan, wanted, provisional=True) == []
            assert Track.objects.get(slug="new").pk == -1
            transaction.set_rollback(True)

    assert not Track.objects.filter(slug="new").exists()


def test_a_reference_to_a_renamed_record_finds_it():
    source = make_source()
    document = make_document(sources=[source])
    wanted = snapshot(document)
    document.sources.set([make_source()])
    workflow.FormerSlug.objects.create(record=source, slug=source.slug)
    type(source).objects.filter(pk=source.pk).update(slug="renamed-source")

    assert apply_snapshot(document, wanted) == []
    assert list(document.sources.all()) == [source]


def test_what_cannot_be_written_is_said_in_words():
    document = make_document()
    wanted = changed(document, region=["no-such-region"], title_en="")

    problems = [str(problem) for problem in apply_snapshot(document, wanted)]

    assert any("there is no no-such-region" in problem for problem in problems)
    assert any("cannot be blank" in problem for problem in problems)


def test_a_track_that_visitors_know_is_not_removed():
    plan = make_plan(tracks=2, published=True)
    wanted = snapshot(plan)
    wanted["parts"]["tracks"].pop()

    [problem] = apply_snapshot(plan, wanted)

    assert "published once" in str(problem)
    assert plan.tracks.count() == 2


# Proposing and deciding


def test_a_proposal_leaves_the_record_as_it_is(contributor):
    document = make_document(published=True)
    before = snapshot(document)

    proposal = proposals.propose(
        document, changed(document, title_en="Better"), contributor, "Official wording"
    )

    assert snapshot(PolicyDocument.objects.get(pk=document.pk)) == before
    assert proposal.state == ProposalState.IN_REVIEW
    assert proposal.base == Revision.objects.of(document).first()
    assert [work.author for work in proposal.authors()] == [contributor]


def test_what_differs_in_nothing_is_no_proposal(contributor):
    document = make_document(published=True)

    assert proposals.propose(document, snapshot(document), contributor) is None
    assert not Proposal.objects.exists()


def test_an_approved_proposal_becomes_a_version(contributor, reviewer):
    plan = make_plan(published=True, tracks=1)
    wanted = changed(plan, horizon_year=2035)
    wanted["parts"]["tracks"][0]["fields"]["name_en"] = "Quantum"
    proposal = proposals.propose(
        plan, wanted, contributor, "The text says 2035", is_correction=True
    )

    approved = proposals.approve(proposal, user=reviewer)

    plan.refresh_from_db()
    assert (plan.horizon_year, plan.tracks.get().name_en) == (2035, "Quantum")
    revision = Revision.objects.of(plan).first()
    assert approved.result == revision
    assert (revision.action, revision.user, revision.note) == (
        Action.CORRECTED,
        reviewer,
        "The text says 2035",
    )
    assert not Authorship.objects.of(plan).filter(author=reviewer).exists()


@pytest.mark.parametrize("name", ["contributor", "reviewer", "administrator"])
def test_nobody_approves_their_own_proposal(name):
    document = make_document(published=True)
    proposal = proposals.propose(document, changed(document, title_en="Mine"), person(name))

    with pytest.raises(TransitionError, match="yourself"):
        proposals.approve(proposal, user=person(name))
    with pytest.raises(IntegrityError), transaction.atomic():
        Authorship.objects.approve(proposal, person(name))


def test_who_edits_a_proposal_does_not_approve_it(contributor, reviewer):
    document = make_document(published=True)
    proposal = proposals.propose(document, changed(document, title_en="First"), contributor)
    proposals.revise(proposal, changed(document, title_en="Second"), user=reviewer)

    for author in (contributor, reviewer):
        with pytest.raises(TransitionError, match="yourself"):
            proposals.approve(proposal, user=author)
    proposals.approve(proposal, user=person("administrator"))

    document.refresh_from_db()
    assert document.title_en == "Second"


def test_a_proposal_that_changed_since_it_was_seen_is_not_approved(contributor, reviewer):
    document = make_document(published=True)
    proposal = proposals.propose(document, changed(document, title_en="As seen"), contributor)
    seen = proposal.version
    proposals.revise(proposal, changed(document, title_en="Not seen"), user=contributor)

    with pytest.raises(TransitionError, match="has changed since"):
        proposals.approve(proposal, user=reviewer, seen=seen)


def test_a_proposal_whose_record_has_changed_is_not_approved(contributor, reviewer):
    document = make_document(published=True)
    one = proposals.propose(document, changed(document, title_en="One"), contributor)
    other = proposals.propose(document, changed(document, title_zh="二"), contributor)
    proposals.approve(one, user=reviewer)

    with pytest.raises(TransitionError, match="changed since"):
        proposals.approve(other, user=reviewer)
    assert list(Proposal.objects.moved_on()) == [other]

    last = Revision.objects.of(document).first()
    document.refresh_from_db()
    both = changed(document, title_zh="二")
    other = proposals.rebase(other, both, base=last.pk, user=contributor)
    assert not Proposal.objects.moved_on().exists()
    proposals.approve(other, user=reviewer)

    document.refresh_from_db()
    assert (document.title_en, document.title_zh) == ("One", "二")


def test_a_proposal_against_the_rules_is_not_approved(contributor, reviewer):
    document = make_document(published=True)
    proposal = proposals.propose(document, changed(document, sources=[]), contributor)

    with pytest.raises(TransitionError, match="no source"):
        proposals.approve(proposal, user=reviewer)

    proposal.refresh_from_db()
    assert (proposal.state, document.sources.count()) == (ProposalState.IN_REVIEW, 1)


def test_what_was_sent_back_returns_with_the_next_edit(contributor, reviewer):
    document = make_document(published=True)
    proposal = proposals.propose(document, changed(document, title_en="Draft"), contributor)

    returned = proposals.send_back(proposal, user=reviewer, note="Say which edition.")
    assert (returned.state, returned.comment) == (ProposalState.RETURNED, "Say which edition.")
    mended = proposals.revise(proposal, changed(document, title_en="Edition 2"), user=contributor)

    assert mended.state == ProposalState.IN_REVIEW
    assert [step.step for step in mended.steps.all()] == ["proposed", "returned", "edited"]
    assert mended.steps.first().snapshot["fields"]["title_en"] == "Draft"


def test_what_was_decided_is_not_decided_again(contributor, reviewer):
    document = make_document(published=True)
    proposal = proposals.propose(document, changed(document, title_en="New"), contributor)
    proposals.give_up(proposal, user=contributor)

    with pytest.raises(TransitionError, match="given up"):
        proposals.approve(proposal, user=reviewer)


def test_a_change_kept_beside_a_draft_is_written_without_approval(contributor, reviewer):
    agency = make_agency()
    held = proposals.propose(agency, changed(agency, name_en="Other name"), contributor)
    assert held.state == ProposalState.HELD

    last = Revision.objects.of(agency).first()
    proposals.rebase(held, held.snapshot, base=last.pk, user=contributor)

    agency.refresh_from_db()
    assert agency.name_en == "Other name"
    with pytest.raises(TransitionError, match="yourself"):
        workflow.publish(agency, user=contributor)


def test_a_return_to_an_earlier_version_is_a_proposal(contributor, reviewer):
    plan = make_plan(published=True, tracks=1)
    first = Revision.objects.of(plan).first()
    wanted = changed(plan, horizon_year=2035)
    track = deepcopy(wanted["parts"]["tracks"][0])
    track["fields"] |= {"slug": "later-track", "name_zh": "后来"}
    wanted["parts"]["tracks"].append(track)
    proposals.approve(proposals.propose(plan, wanted, contributor), user=reviewer)
    plan.refresh_from_db()

    proposal = reverting.revert(plan, first, reviewer, "It was right before")
    assert proposal.origin == Origin.REVERT
    proposals.approve(proposal, user=person("administrator"))

    plan.refresh_from_db()
    assert plan.horizon_year == 2030
    # A page that visitors know stays.
    assert plan.tracks.count() == 2
    assert Revision.objects.of(plan).first().origin == Origin.REVERT


def test_choices_of_parts_take_part(contributor, reviewer):
    plan = make_plan(published=True, tracks=1)
    technology = make_technology()
    wanted = snapshot(plan)
    track = wanted["parts"]["tracks"][0]
    track["parts"]["technology_mappings"].append(
        {
            "fields": {
                "track": [track["fields"]["slug"]],
                "technology": [technology.slug],
                "basis": "analyst",
                "match": "exact",
            },
            "parts": {},
        }
    )

    proposals.approve(proposals.propose(plan, wanted, contributor), user=reviewer)

    assert list(plan.tracks.get().technologies.all()) == [technology]
