"""Notes on the entries of the work lists: who they are assigned to, and which are snoozed."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from futureind.desk.models import WorkNote

# An entry is snoozed for so long at most, or the list would lose it for good.
LONGEST_REST = timedelta(days=366)


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
    """Assign entries to somebody; ``records`` are ``(model, key)`` pairs."""
    write(queue, records, assignee=assignee, assigned_by=by, assigned_at=timezone.now())


def snooze(queue, records, until, reason, *, by):
    """Snooze entries until a day; ``records`` are ``(model, key)`` pairs."""
    columns = {"snoozed_until": until, "reason": reason}
    write(queue, records, **columns, snoozed_by=by, snoozed_at=timezone.now())


def release(queue, records):
    """Remove the assignee of entries."""
    with_note = notes_of(queue, records)
    with transaction.atomic():
        with_note.filter(snoozed_until=None).delete()
        with_note.update(assignee=None, assigned_by=None, assigned_at=None)


def wake(queue, records):
    """End the snoozing of entries."""
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
    """Return which entries are assigned to somebody else, as a set of ``(model, key)`` pairs."""
    notes = notes_of(queue, records).exclude(assignee=None).exclude(assignee=user)
    return {
        (ContentType.objects.get_for_id(kind).model_class(), key)
        for kind, key in notes.values_list("content_type_id", "object_id")
    }
