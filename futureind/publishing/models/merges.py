"""Which entries of the vocabulary were made into one."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy


class Merge(models.Model):
    """That a record was merged into another: what moved, so that it can be taken back."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=gettext_lazy("kind"))
    kept_id = models.BigIntegerField(gettext_lazy("kept record"))
    kept = GenericForeignKey("content_type", "kept_id")
    kept_name = models.CharField(gettext_lazy("kept"), max_length=300)
    gone_id = models.BigIntegerField(gettext_lazy("merged record"))
    gone_name = models.CharField(gettext_lazy("merged into it"), max_length=300)
    note = models.TextField(gettext_lazy("reason"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="merges",
        verbose_name=gettext_lazy("user"),
    )
    user_name = models.CharField(gettext_lazy("name of the user"), max_length=150, blank=True)
    at = models.DateTimeField(gettext_lazy("at"), default=timezone.now)
    undone_at = models.DateTimeField(gettext_lazy("taken back at"), null=True, blank=True)
    # What was there before, by primary keys: only this module reads it.
    before = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = gettext_lazy("merge")
        verbose_name_plural = gettext_lazy("merges")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.gone_name} → {self.kept_name}"
