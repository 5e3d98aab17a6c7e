"""Who has the form of a record open: a notice for others who open it, not a lock."""

import logging

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction

from futureind.core.locks import waiting_at_most
from futureind.editing.models import LEFT_AFTER, OpenForm

logger = logging.getLogger(__name__)

# Milliseconds for which a page waits for whoever is writing, only to note that it was opened.
BRIEFLY = 200


def open_elsewhere(record, user):
    """Return the OpenForms of a record that are not the user's own."""
    return list(OpenForm.objects.of(record).exclude(user=user))


def note_opening(record, user):
    """Remember that somebody has opened the form of a record; outside of any transaction.

    A form opened again keeps its first time, without a write.
    """
    if OpenForm.objects.of(record).filter(user=user).exists():
        return
    kind = ContentType.objects.get_for_model(record)
    opening = OpenForm(content_type=kind, object_id=record.pk, user=user)
    try:
        with waiting_at_most(BRIEFLY), transaction.atomic():
            left_before = opening.opened_at - LEFT_AFTER
            OpenForm.objects.filter(user=user, opened_at__lte=left_before).delete()
            OpenForm.objects.bulk_create([opening], ignore_conflicts=True)
    except DatabaseError as error:
        # Only the notice for others is missing; the form is as good without it.
        logger.warning("That a form was opened could not be noted: %s", error)


def forget_opening(record, user):
    """Somebody has saved the form of a record."""
    OpenForm.objects.of(record).filter(user=user).delete()
