"""What waits for somebody in the national catalogue."""

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from catalog.models import Target
from futureind.core.admin_pages import admin_address
from futureind.desk.queues import Entry, Queue


def overdue(user):
    """Return the public targets that fell due and that nobody has assessed."""
    return [Target.objects.public().filter(due_date__lt=timezone.localdate(), assessments=None)]


# As much of the note for editors as a line of the list holds.
NOTE_LENGTH = 240


def entry(target, due_date):
    note = Truncator(target.editors_note).chars(NOTE_LENGTH)
    detail = " · ".join(filter(None, [f"{due_date}", note]))
    return Entry(target.statement.plain, admin_address(target), detail=detail)


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
