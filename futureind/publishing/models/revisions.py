"""Versions of records: what each held after a change, who made it, when and why."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of


class RevisionQuerySet(models.QuerySet):
    def of(self, record):
        """Return the revisions of one record, newest first."""
        return self.of_key(type(record), record.pk)

    def of_key(self, model, pk):
        """Return the revisions of the record with that primary key, newest first."""
        kind = ContentType.objects.get_for_model(model)
        return self.filter(content_type=kind, object_id=pk).order_by("-id")

    def newest_key(self):
        """Return the primary key of the first of them, None where there is none.

        To be asked for before the record is read that a page shows: what is read after may be
        newer, and the page then counts as out of date; the other way round a change would be lost.
        """
        return self.values_list("pk", flat=True).first()


class Action(models.TextChoices):
    """What a change did to a record."""

    CREATED = "created", _("created")
    EDITED = "edited", _("edited")
    CORRECTED = "corrected", _("corrected")
    RENAMED = "renamed", _("renamed")
    SUBMITTED = "submitted", _("submitted for review")
    RETURNED = "returned", _("sent back")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DELETED = "deleted", _("deleted")


class Origin(models.TextChoices):
    """How a change came about."""

    EDITOR = "editor", _("editor")
    IMPORT = "import", _("bulk import")
    REVERT = "revert", _("return to an earlier version")
    LOADER = "load_fixtures", _("loaded from fixtures")


class Revision(models.Model):
    """One version of a record: what it held after a change, who made it, when and why."""

    open_to_staff = ("view",)

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("record"))
    record = GenericForeignKey("content_type", "object_id")
    record_name = models.CharField(_("name of the record"), max_length=300)
    action = models.CharField(_("action"), max_length=10, choices=Action)
    origin = models.CharField(_("origin"), max_length=20, choices=Origin, default=Origin.EDITOR)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name=_("user"),
    )
    # Kept beside the account, which may be removed one day.
    user_name = models.CharField(_("name of the user"), max_length=150, blank=True)
    note = models.TextField(_("reason"), blank=True)
    snapshot = models.JSONField(_("snapshot"), encoder=DjangoJSONEncoder)
    # Keys of the versions of sources and units that a decision rests on; None for other changes.
    rests_on = models.JSONField(_("rests on"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["content_type", "object_id", "-id"], name="revision_of")]
        constraints = [
            one_of("action", Action, name="revision_action_known"),
            one_of("origin", Origin, name="revision_origin_known"),
        ]

    def __str__(self):
        return f"{self.record_name} · {self.get_action_display()}"

    def versions_seen(self):
        """Return the versions of sources and units that the decision rests on."""
        if not self.rests_on:
            return []
        return Revision.objects.filter(pk__in=self.rests_on).defer("snapshot").order_by("pk")

    @property
    def public_origin(self):
        """How the version came about, for readers, to whom loading files means nothing."""
        if self.origin != Origin.LOADER:
            return self.get_origin_display()
        return _("first record") if self.action in (Action.CREATED, Action.PUBLISHED) else ""
