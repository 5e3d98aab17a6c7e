"""Schedule moves and approvals for later, and run them as if it were later."""

from datetime import timedelta

from django.utils import timezone

from futureind.publishing import scheduling
from futureind.publishing.models.schedules import Move


def later(**time):
    return timezone.now() + timedelta(**time or {"hours": 1})


def plan(record, user, move=Move.PUBLISH, note="", **time):
    return scheduling.schedule(record, move, later(**time), user=user, note=note)


def run_late():
    """Run what will be due by tomorrow, as if it were tomorrow."""
    return scheduling.run_due(later(days=1))


def approve_later(proposal, user, **time):
    return scheduling.schedule_approval(proposal, later(**time), user=user)
