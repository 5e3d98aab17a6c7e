"""Who has the form of a record open: told to whoever opens it as well, and never a lock."""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.locks import waiting_at_most

logger = logging.getLogger(__name__)

# A form that nobody saved for so long was left.
LEFT_AFTER = timedelta(hours=8)
# Milliseconds for which a page waits for whoever is writing, only to note that it was opened.
BRIEFLY = 200


class OpenFormQuerySet(models.QuerySet):
    def of(self, record):
        """Return who has the form of one record open, longest first."""
        kind = ContentType.objects.get_for_model(record)
        since = timezone.now() - LEFT_AFTER
        return self.filter(
            content_type=kind, object_id=record.pk, opened_at__gt=since
        ).select_related("user")


class OpenForm(models.Model):
    """A person who opened the form of a record, and has not saved it yet."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("record"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="open_forms",
        verbose_name=_("user"),
    )
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)

    objects = OpenFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "user"], name="open_form_once_for_a_user"
            )
        ]

    def __str__(self):
        return f"{self.user} · {self.content_type} {self.object_id}"


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
