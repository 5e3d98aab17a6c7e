"""Merges of entries of the vocabulary, with what is needed to undo them."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from futureind.core.pointers import DoneBy


class Merge(DoneBy):
    """That a record was merged into another: what moved, so that it can be taken back."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=gettext_lazy("kind"))
    kept_id = models.BigIntegerField(gettext_lazy("kept record"))
    kept = GenericForeignKey("content_type", "kept_id")
    kept_name = models.CharField(gettext_lazy("kept"), max_length=300)
    gone_id = models.BigIntegerField(gettext_lazy("merged record"))
    gone_name = models.CharField(gettext_lazy("merged into it"), max_length=300)
    note = models.TextField(gettext_lazy("reason"), blank=True)
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
