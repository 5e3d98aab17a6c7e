"""What waits for somebody in the national catalogue."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Target
from futureind.publishing.queues import Entry, Queue, declare
from futureind.publishing.vocabulary_admin import admin_address


def overdue(user):
    """Return the public targets that fell due and that nobody has assessed, oldest first."""
    due = Target.objects.public().filter(due_date__lt=timezone.localdate(), assessments=None)
    return due.order_by("due_date", "pk")


def entries(rows):
    return [
        Entry(target.statement.plain, admin_address(target), detail=f"{target.due_date}")
        for target in rows
    ]


declare(Queue("overdue", _("Targets past their date without an assessment"), overdue, entries))
