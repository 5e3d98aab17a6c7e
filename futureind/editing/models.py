"""Who has the form of a record open: a notice for others who open it, not a lock."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.pointers import AboutRecord, AboutRecordQuerySet

# A form that nobody saved for so long was left.
LEFT_AFTER = timedelta(hours=8)


class OpenFormQuerySet(AboutRecordQuerySet):
    def of(self, record):
        """Return who has the form of one record open, longest first."""
        since = timezone.now() - LEFT_AFTER
        return super().of(record).filter(opened_at__gt=since).select_related("user")


class OpenForm(AboutRecord):
    """A person who opened the form of a record, and has not saved it yet."""

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
