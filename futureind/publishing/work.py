"""What editors agree on about the entries of the work lists: whose each is, and what rests."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# An entry rests for so long at most, or the list would lose it for good.
LONGEST_REST = timedelta(days=366)


class WorkNoteQuerySet(models.QuerySet):
    def resting(self):
        """Return the notes whose entry is out of its list today."""
        return self.filter(snoozed_until__gt=timezone.localdate())

    def on(self, queue, model):
        """Return the notes on the entries of one kind in the list of that name."""
        return self.filter(queue=queue, content_type=ContentType.objects.get_for_model(model))


class WorkNote(models.Model):
    """Whose an entry of a work list is, or until when it rests and why."""

    queue = models.CharField(_("list"), max_length=30)
    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("record"))
    target = GenericForeignKey("content_type", "object_id")
    # An account that is deleted leaves its entries to everybody.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assigned_work",
        verbose_name=_("assigned to"),
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("snoozed by"),
    )
    snoozed_at = models.DateTimeField(_("snoozed at"), null=True, blank=True)

    objects = WorkNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on work")
        verbose_name_plural = _("notes on work")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "content_type", "object_id"], name="work_note_unique"
            ),
            models.CheckConstraint(
                condition=Q(assignee__isnull=False) | Q(snoozed_until__isnull=False),
                name="work_note_says_something",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until=None) | ~Q(reason=""),
                name="work_note_snoozed_for_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.queue} · {self.target}"

    @property
    def is_resting(self):
        """True while the entry is out of its list."""
        return self.snoozed_until is not None and self.snoozed_until > timezone.localdate()


def notes_on(queue, keys):
    """Return the notes on entries, as ``{(label, key): WorkNote}``, with their people.

    Parameters: ``queue``, the name of the list; ``keys``, ``(label, key)`` pairs.
    """
    notes = WorkNote.objects.filter(queue=queue, object_id__in={key for _label, key in keys})
    found = {}
    for note in notes.select_related("assignee", "snoozed_by"):
        # Read from the memory of content types, not from the database.
        kind = ContentType.objects.get_for_id(note.content_type_id)
        found[kind.model_class()._meta.label, note.object_id] = note
    return found


def write(queue, records, **columns):
    """Write columns of the notes on ``(model, key)`` pairs; what else they say stays."""
    WorkNote.objects.bulk_create(
        [
            WorkNote(
                queue=queue,
                content_type=ContentType.objects.get_for_model(model),
                object_id=key,
                **columns,
            )
            for model, key in records
        ],
        update_conflicts=True,
        unique_fields=["queue", "content_type", "object_id"],
        update_fields=list(columns),
        batch_size=500,
    )


def assign(queue, records, assignee, *, by):
    """Make entries somebody's; ``records`` are ``(model, key)`` pairs."""
    write(queue, records, assignee=assignee, assigned_by=by, assigned_at=timezone.now())


def snooze(queue, records, until, reason, *, by):
    """Take entries out of their list until a day; ``records`` are ``(model, key)`` pairs."""
    columns = {"snoozed_until": until, "reason": reason}
    write(queue, records, **columns, snoozed_by=by, snoozed_at=timezone.now())


def release(queue, records):
    """Leave entries to everybody."""
    with_note = notes_of(queue, records)
    with transaction.atomic():
        with_note.filter(snoozed_until=None).delete()
        with_note.update(assignee=None, assigned_by=None, assigned_at=None)


def wake(queue, records):
    """Put entries that rest back into their list."""
    with_note = notes_of(queue, records)
    with transaction.atomic():
        with_note.filter(assignee=None).delete()
        with_note.update(snoozed_until=None, reason="", snoozed_by=None, snoozed_at=None)


def notes_of(queue, records):
    keys = {}
    for model, key in records:
        keys.setdefault(model, []).append(key)
    condition = Q(pk__in=())
    for model, of_model in keys.items():
        kind = ContentType.objects.get_for_model(model)
        condition |= Q(content_type=kind, object_id__in=of_model)
    return WorkNote.objects.filter(condition, queue=queue)


def of_others(queue, records, user):
    """Return which of the entries are somebody else's, as a set of ``(model, key)`` pairs."""
    notes = notes_of(queue, records).exclude(assignee=None).exclude(assignee=user)
    return {
        (ContentType.objects.get_for_id(kind).model_class(), key)
        for kind, key in notes.values_list("content_type_id", "object_id")
    }
