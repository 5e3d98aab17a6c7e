"""Publishing, withdrawing and approving at a set time.

What is due is run by the worker (``manage.py run_jobs``), which looks every second, and by
``manage.py apply_schedule``, from cron or a timer.
"""

import logging
import time

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.accounts import roles
from futureind.core.trials import trial
from futureind.publishing import history, proposals, visibility, workflow
from futureind.publishing.models.proposals import Step
from futureind.publishing.models.revisions import Revision
from futureind.publishing.models.schedules import Move, Schedule, ScheduleState
from futureind.publishing.workflow import TransitionError

logger = logging.getLogger(__name__)

# The database is away or busy: this is nothing about a move, and it can be done again.
NOT_NOW = (OperationalError, InterfaceError)
# Seconds after which a run ends where the database fails: the rest would wait in vain as well.
PATIENCE = 2


@history.in_turn()
def schedule(record, move, due_at, *, user, note="", seen=None, named_seen=None):
    """Publish or withdraw a record at a set time; returns the Schedule.

    Scheduling is deciding: the rules of the move hold now and again when it is due. Raises
    TransitionError where they are against it, for a time that has passed, and where something is
    scheduled for the record already.
    """
    record = type(record).objects.select_for_update().get(pk=record.pk)
    refuse_time(record, due_at)
    workflow.refuse_unseen(record, seen)
    rests_on = None
    if move == Move.PUBLISH:
        rests_on = workflow.refuse_publishing(record, user, named_seen).versions
    else:
        workflow.refuse_transition(record, workflow.State.WITHDRAWN)
        workflow.require(note, _("Give the reason for withdrawing it."))
    return keep(
        user,
        record=record,
        record_name=str(record)[:300],
        move=move,
        due_at=due_at,
        revision=Revision.objects.of(record).first(),
        rests_on=rests_on,
        note=note,
    )


@history.in_turn()
def schedule_approval(proposal, due_at, *, user, note="", seen=None, named_seen=None):
    """Approve a proposal at a set time; returns the Schedule.

    The rules of approval hold now and again when it is due; ``seen`` and ``named_seen`` are what
    the user was shown, as for the approval. Raises TransitionError as :func:`schedule` does.
    """
    proposal = proposals.lock(proposal, seen)
    refuse_time(proposal, due_at)
    proposals.refuse_approval(proposal, user)
    decision = refuse_result(proposal, user, named_seen)
    local = timezone.localtime(due_at).strftime("%Y-%m-%d %H:%M")
    proposals.log(proposal, Step.SCHEDULED, user, " · ".join(filter(None, [local, note])))
    return keep(
        user,
        record=proposal,
        record_name=proposal.record_name,
        move=Move.APPROVE,
        due_at=due_at,
        revision=proposal.base,
        proposal_version=proposal.version,
        rests_on=decision and decision.versions,
        note=note,
    )


def refuse_result(proposal, user, named_seen):
    """Raise TransitionError where the rules are against what a proposal would make of its record.

    It is applied and undone. Returns the decision about what the record would name.
    """
    with trial(proposal.record) as record:
        _stored, decision, problems = proposals.applied(proposal, record, user, named_seen)
    if problems:
        raise TransitionError(problems)
    return decision


def refuse_time(target, due_at):
    """Raise TransitionError for a time that has passed, and where something else is scheduled."""
    if due_at <= timezone.now():
        raise TransitionError([_("That time has passed already.")])
    if Schedule.objects.of(target).waiting().exists():
        raise TransitionError([_("Something is scheduled for it already. Stop that first.")])


def keep(user, **columns):
    user_name = user.get_username() if user else ""
    return Schedule.objects.create(user=user, user_name=user_name, **columns)


@history.in_turn()
def stop(planned, *, user):
    """Call off what is still to come. Raises TransitionError where it has happened already."""
    planned = Schedule.objects.select_for_update().get(pk=planned.pk)
    if planned.state != ScheduleState.WAITING:
        raise TransitionError(
            [_("It cannot be stopped: %(state)s.") % {"state": planned.get_state_display()}]
        )
    settle(planned, ScheduleState.STOPPED, user.get_username() if user else "")
    tell_proposal(planned, Step.STOPPED, user)
    return planned


def run_due(now=None):
    """Do all that is due; return the schedules that were settled. Raises as :func:`run_each`."""
    return list(run_each(now))


def run_each(now=None):
    """Do all that is due; yield the schedules that were settled, done or refused.

    Each is a transaction of its own, so that one that fails keeps none of the others back. What the
    database does not take now stays due; its error, one of NOT_NOW, is raised after the others, or
    at once where it was long in coming.
    """
    began, failure = time.monotonic(), None
    waiting = Schedule.objects.waiting().filter(due_at__lte=now or timezone.now())
    for pk in waiting.values_list("pk", flat=True):
        try:
            settled = run_one(pk)
        except NOT_NOW as error:
            logger.warning("The scheduled move %s is left for another attempt: %s", pk, error)
            failure, settled = error, None
            if time.monotonic() - began > PATIENCE:
                break
        if settled is not None:
            yield settled
    if failure is not None:
        raise failure


def run_one(pk):
    try:
        return run(pk)
    except NOT_NOW:
        raise
    except TransitionError as error:
        reason = " ".join(map(str, error.problems))
    except Exception as error:
        # Whatever it is must not come again every second.
        logger.exception("A scheduled move failed")
        reason = str(error)
    return refuse(pk, reason)


@history.in_turn()
def run(pk):
    planned = waiting_one(pk)
    if planned is None:
        return None
    record = planned.record
    if record is None:
        raise TransitionError([_("The record does not exist any more.")])
    refuse_former_reviewer(planned)
    decided = {"user": planned.user, "note": planned.note, "named_seen": planned.rests_on}
    if planned.move == Move.PUBLISH:
        # What was changed since was not approved.
        workflow.publish(record, seen=planned.revision_id, **decided)
    elif planned.move == Move.APPROVE:
        proposals.approve(record, seen=planned.proposal_version, **decided)
    else:
        workflow.withdraw(record, user=planned.user, note=planned.note)
    is_hidden = planned.move == Move.PUBLISH and visibility.obstacles(record)
    outcome = visibility.state_in_words(record) if is_hidden else ""
    return settle(planned, ScheduleState.DONE, outcome)


def refuse_former_reviewer(planned):
    """Raise TransitionError where whoever decided it has lost the account or the right to."""
    if planned.user_name and not (planned.user and roles.decides(planned.user)):
        raise TransitionError(
            [
                _("%(name)s, who decided this, may not decide any more. Somebody else has to.")
                % {"name": planned.user_name}
            ]
        )


@history.in_turn()
def refuse(pk, reason):
    planned = waiting_one(pk)
    if planned is None:
        return None
    tell_proposal(planned, Step.REFUSED, None, reason)
    return settle(planned, ScheduleState.REFUSED, reason)


def tell_proposal(planned, step, user, note=""):
    """Write on a proposal that is still open why its approval did not come to pass."""
    proposal = planned.record if planned.move == Move.APPROVE else None
    if proposal is not None and proposal.is_open:
        proposals.log(proposal, step, user, note)


def waiting_one(pk):
    """Return a schedule, locked, or None where somebody else has settled it."""
    return Schedule.objects.select_for_update().filter(pk=pk, state=ScheduleState.WAITING).first()


def settle(planned, state, outcome=""):
    planned.state, planned.outcome, planned.settled_at = state, outcome, timezone.now()
    planned.save(update_fields=["state", "outcome", "settled_at"])
    return planned
