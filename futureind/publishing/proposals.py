"""Proposals: changes of published records that wait for approval by a second person.

A proposal holds what a record would hold, as a snapshot, and the revision that it is based on. It
comes from a form of the admin, a bulk import or a revert to an earlier revision. :func:`approve`
applies it; :mod:`futureind.publishing.three_way` merges it with later changes.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.publishing import history, named, workflow
from futureind.publishing.applying import apply_snapshot, content_of
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.proposals import Proposal, ProposalState, ProposalStep, Step
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.usage import stands_in_public
from futureind.publishing.workflow import TransitionError

# Proposing


@history.in_turn()
def propose(
    record, snapshot, user, note="", origin=Origin.EDITOR, *, base=None, is_correction=False
):
    """Hold a change of a record for review; of a draft, until its author resolves a conflict.

    Parameters: ``snapshot``, what the record would hold; ``user``, its author, None for a command;
    ``note``, the reason in words; ``origin``, how it came about; ``base``, the revision that it
    is based on, by default the last one; ``is_correction``, that it corrects an error.

    Returns the Proposal, or None where nothing differs from its base or from the last revision.
    """
    last = Revision.objects.of(record).first() or history.record(record, Action.CREATED)
    base, model = base or last, type(record)
    wanted = content_of(snapshot, model)
    if wanted in (content_of(base.snapshot, model), content_of(last.snapshot, model)):
        return None
    proposal = Proposal.objects.create(
        record=record,
        record_name=str(record)[:300],
        base=base,
        snapshot=snapshot,
        note=note,
        is_correction=is_correction,
        origin=origin,
        state=ProposalState.IN_REVIEW if stands_in_public(record) else ProposalState.HELD,
    )
    return log(proposal, Step.PROPOSED, user, note, by_author=True)


@history.in_turn()
def propose_all(entries, user, note="", origin=Origin.IMPORT):
    """Hold changes of many published records for review, in few queries.

    ``entries`` are ``(record, snapshot, base)``, each differing from its base, a revision's primary
    key. Returns the proposals, in the order of the entries.
    """
    proposals = Proposal.objects.bulk_create(
        [
            Proposal(
                record=record,
                record_name=str(record)[:300],
                base_id=base,
                snapshot=snapshot,
                note=note,
                origin=origin,
                # As after its first step.
                version=2,
            )
            for record, snapshot, base in entries
        ],
        batch_size=history.MANY,
    )
    Authorship.objects.note_all(proposals, user)
    said = {"step": Step.PROPOSED, "user": user, "user_name": user.get_username(), "note": note}
    ProposalStep.objects.bulk_create(
        [ProposalStep(proposal=of, snapshot=of.snapshot, **said) for of in proposals],
        batch_size=history.MANY,
    )
    return proposals


# What happens to a proposal


@history.in_turn()
def revise(proposal, snapshot, *, user, note="", seen=None):
    """Replace the snapshot of a proposal; the user becomes one of its authors."""
    locked = lock(proposal, seen)
    locked.snapshot = snapshot
    if locked.state == ProposalState.RETURNED:
        locked.state = ProposalState.IN_REVIEW
    return log(locked, Step.EDITED, user, note, by_author=True)


@history.in_turn()
def rebase(proposal, snapshot, *, base, user, note=""):
    """Base a proposal on the last revision, with the conflicts resolved as the user chose.

    Parameters: ``snapshot``, the result of the merge; ``base``, the revision that it was merged
    with. A proposal about a draft is written at once, others go on waiting for approval.
    """
    locked = lock(proposal)
    record = locked.record
    last = Revision.objects.of(record).first()
    if last.pk != base:
        raise TransitionError([_("The record has changed again. Look at it once more.")])
    locked.base, locked.snapshot = last, snapshot
    locked.note = " ".join(filter(None, [locked.note, note]))
    log(locked, Step.MERGED, user, note, by_author=True)
    if not stands_in_public(record):
        return write(locked, record, user)
    locked.state = ProposalState.IN_REVIEW
    locked.save()
    return locked


@history.in_turn()
def send_back(proposal, *, user, note, seen=None):
    """Return a proposal to its authors; ``note`` tells them what to mend."""
    workflow.require(note, _("Say what is to be mended."))
    locked = lock(proposal, seen)
    locked.state, locked.comment = ProposalState.RETURNED, note
    return log(locked, Step.RETURNED, user, note)


@history.in_turn()
def give_up(proposal, *, user, note=""):
    """Close a proposal without a change; it stays on record."""
    locked = lock(proposal)
    locked.state = ProposalState.GIVEN_UP
    return log(locked, Step.GIVEN_UP, user, note)


@history.in_turn()
def approve(proposal, *, user, note="", seen=None, named_seen=None):
    """Write a proposal onto its record.

    Parameters: ``user``, who approves, None for a command; ``seen``, the version of the proposal
    that the user was shown, and ``named_seen``, those of what the record will name. Raises
    TransitionError where the user is one of the authors, where something has changed since, and
    where the rules are against the result.
    """
    locked = lock(proposal, seen)
    refuse_approval(locked, user)
    Authorship.objects.approve(locked, user)
    log(locked, Step.APPROVED, user, note)
    return write(locked, locked.record, user, named_seen)


def refuse_approval(proposal, user):
    """Raise TransitionError where a proposal is one's own, or its record has moved on."""
    workflow.refuse_own_work(proposal, user)
    if proposal.has_moved_on:
        text = _("The record has changed since. The newer changes have to be looked at first.")
        raise TransitionError([text])


def applied(proposal, record, user, named_seen=None):
    """Apply a proposal, for ``user`` to decide about it.

    Returns the record as stored, the :class:`futureind.publishing.named.Decision` about what it
    names (None where it is not public), and what is in the way.
    """
    before = named.named_by(record)
    problems = apply_snapshot(record, proposal.snapshot)
    # Only the database knows how it keeps numbers and what it computes.
    stored, decision = type(record)._base_manager.get(pk=record.pk), None
    if stands_in_public(stored):
        decision = named.decision_about(stored, before)
        problems += workflow.publication_problems(stored) + decision.problems(user, named_seen)
    return stored, decision, list(dict.fromkeys(map(str, problems)))


def write(proposal, record, user, named_seen=None):
    """Apply a proposal for good; raises TransitionError where something is in the way."""
    stored, decision, problems = applied(proposal, record, user, named_seen)
    if decision is None:
        # What is not public is approved when it is published, and then not by one of them.
        for work in proposal.authors():
            Authorship.objects.note(stored, work.author)
    if problems:
        raise TransitionError(problems)
    if decision is not None:
        decision.approve(user)
    action = Action.CORRECTED if proposal.is_correction else Action.EDITED
    proposal.result = history.record(
        stored,
        action,
        user=user,
        note=proposal.note,
        origin=proposal.origin,
        is_approved=True,
        rests_on=decision and decision.versions,
    )
    proposal.state = ProposalState.APPROVED
    proposal.save()
    return proposal


def lock(proposal, seen=None):
    """Return an open proposal, its record and itself locked; refuse what is closed or unseen."""
    # First the record, as everywhere: two that take both never wait for each other.
    kind = proposal.content_type.model_class()
    kind._base_manager.select_for_update().filter(pk=proposal.object_id).first()
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.record is None:
        raise TransitionError([_("The record does not exist any more.")])
    if not locked.is_open:
        text = _("This proposal was decided already: %(state)s.")
        raise TransitionError([text % {"state": locked.get_state_display()}])
    if seen is not None and seen != locked.version:
        raise TransitionError([_("The proposal has changed since you opened it. Look again.")])
    return locked


def log(proposal, step, user, note, *, by_author=False):
    """Write what happened, save the proposal and return it."""
    if by_author and user is not None:
        Authorship.objects.note(proposal, user)
    ProposalStep.objects.create(
        proposal=proposal,
        step=step,
        user=user,
        user_name=user.get_username() if user else "",
        note=note,
        snapshot=proposal.snapshot if by_author else None,
    )
    proposal.version += 1
    proposal.changed_at = timezone.now()
    proposal.save()
    return proposal
