"""What waits for somebody in the national catalogue."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Target
from futureind.core.admin_pages import admin_address
from futureind.desk.queues import Entry, Queue


def overdue(user):
    """Return the public targets that fell due and that nobody has assessed."""
    return [Target.objects.public().filter(due_date__lt=timezone.localdate(), assessments=None)]


def entry(target, due_date):
    return Entry(target.statement.plain, admin_address(target), detail=f"{due_date}")


QUEUES = [
    Queue(
        "overdue",
        _("Targets past their date without an assessment"),
        overdue,
        entry,
        columns=("due_date",),
        order=("due_date", "key"),
    )
]
