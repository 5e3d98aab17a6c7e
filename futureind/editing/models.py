"""Who has the form of a record open: told to whoever opens it as well, and never a lock."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A form that nobody saved for so long was left.
LEFT_AFTER = timedelta(hours=8)


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
