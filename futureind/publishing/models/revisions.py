"""Revisions: what a record held after each change, who made it, when and why."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of
from futureind.core.pointers import AboutNamedRecord, AboutRecordQuerySet, DoneBy


class RevisionQuerySet(AboutRecordQuerySet):
    """Revisions, newest first."""

    def newest_key(self):
        """Return the primary key of the first of them, None where there is none.

        For the optimistic lock of a page: to be read before the record that the page shows. If the
        record is newer than the key, the page merely counts as out of date; the other way round a
        change of somebody else would be overwritten.
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


class Revision(AboutNamedRecord, DoneBy):
    """One revision of a record: what it held after a change, who made it, when and why."""

    open_to_staff = ("view",)

    action = models.CharField(_("action"), max_length=10, choices=Action)
    origin = models.CharField(_("origin"), max_length=20, choices=Origin, default=Origin.EDITOR)
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
