"""Taking an import back: what it made goes, what it changed is restored, what people did stays."""

import time
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from futureind.exchange.models import ChangeKind, Import, ImportChange, ImportState
from futureind.exchange.writing import (
    batches,
    last_revisions,
    named_publicly,
    record_key,
    stored_records,
)
from futureind.publishing import history, proposals
from futureind.publishing.applying import apply_snapshot
from futureind.publishing.models.records import ONCE_PUBLIC, Recorded, owner_of
from futureind.publishing.models.revisions import Action, Origin, Revision

# Seconds between two steps. Whoever waits for SQLite asks every tenth of a second, and would find
# the next step begun each time.
PAUSE = 0.15
AT_ONCE = 200
MOST_FORESEEN = 300


def why_kept(change, record, newest, is_named):
    """Return why an undo leaves a record as it is, "" where it does not.

    ``newest`` is the record's last revision, None where that is the one of the import; ``is_named``
    tells of a record without a state that something published names it.
    """
    if change.kind == ChangeKind.PROPOSE:
        if not change.proposal.is_open:
            return _("The proposal was decided: %(state)s.") % {
                "state": change.proposal.get_state_display()
            }
        return ""
    if record is None:
        return _("It was deleted since.")
    if newest is not None:
        return _("%(name)s changed it since (%(action)s).") % {
            "name": newest.user_name or newest.get_origin_display(),
            "action": newest.get_action_display(),
        }
    if getattr(record, "publication_state", "") in ONCE_PUBLIC:
        return _("It was published since.")
    return _("Published records name it.") if is_named else ""


def changes_with_reasons(changes):
    """Return ``(change, why an undo keeps it or "")`` for changes of an import."""
    records, newer = stored_records(changes), newer_revisions(changes)
    public = named_publicly(changes)
    keys = [(change, record_key(change)) for change in changes]
    return [
        (change, why_kept(change, records.get(key), newer.get(key), key in public))
        for change, key in keys
    ]


def newer_revisions(changes):
    """Return the last revision of each record that changed since, by ``(kind, primary key)``."""
    last = last_revisions(changes)
    since = {
        key: last[key]
        for change in changes
        if change.kind != ChangeKind.PROPOSE
        and last.get(key := record_key(change), change.result_id) != change.result_id
    }
    found = {}
    for some in batches(list(since.values())):
        found |= Revision.objects.defer("snapshot").in_bulk(some)
    return {key: found[pk] for key, pk in since.items()}


def foreseen(changes):
    """Return the same for a whole import, before anything is undone.

    Who refers to what would go is asked for a few hundred records at most; beyond that the undo
    itself finds out and says so.
    """
    reasons = changes_with_reasons(changes)
    created = [c for c, reason in reasons if c.kind == ChangeKind.CREATE and not reason]
    if len(created) > MOST_FORESEEN:
        return reasons
    records = stored_records(created)
    going = {(type(record), record.pk) for record in records.values()}
    needed = {c.pk: who_needs([records[record_key(c)]], going) for c in created}
    return [
        (change, reason or (refers(other) if (other := needed.get(change.pk)) else ""))
        for change, reason in reasons
    ]


def refers(other):
    return _("“%(name)s” refers to it.") % {"name": other}


def undo(of, user, report=lambda done, total: None, hold=lambda: None):
    """Undo an import; returns how many changes were undone and how many were kept.

    In steps of a few records, each whole in a transaction of its own: an undo that is interrupted
    goes on where it was.
    """
    if of.state != ImportState.WRITTEN:
        raise ValidationError(_("Only an import that was written can be undone."))
    # The last first: it may refer to what came before it.
    pks = list(of.changes.filter(is_undone=False).order_by("-pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        report(start, len(pks))
        undo_some(of, pks[start : start + AT_ONCE], user, hold)
        time.sleep(PAUSE)
    with transaction.atomic():
        hold()
        Import.objects.filter(pk=of.pk).update(state=ImportState.UNDONE, undone_at=timezone.now())
    undone = of.changes.filter(is_undone=True).count()
    return undone, of.changes.count() - undone


@history.in_turn()
def undo_some(of, pks, user, hold):
    hold()
    some = of.changes.filter(pk__in=pks).select_related(
        "base", "result", "proposal", "content_type"
    )
    note = _("Import %s taken back") % of
    changes = changes_with_reasons(sorted(some, key=lambda c: -c.pk))
    with history.together():
        # The last first: it may refer to what came before it. Of one kind at a time.
        for _kind, group in groupby(changes, key=lambda pair: pair[0].content_type_id):
            undo_group(list(group), user, note)


def undo_group(changes, user, note):
    """Undo changes of records of one kind, and note what had to stay and why."""
    created = [c for c, reason in changes if c.kind == ChangeKind.CREATE and not reason]
    gone = delete_together(created, user, note)
    for change, reason in changes:
        kept_because = "" if change in gone else reason[:300] or undo_one(change, user, note)
        # Without its record, which may be gone by now.
        ImportChange.objects.filter(pk=change.pk).update(
            kept_because=kept_because, is_undone=not kept_because
        )


def delete_together(changes, user, note):
    """Delete the records of changes at once where nothing else needs them.

    Returns the changes whose records are gone: all of them or none.
    """
    records = stored_records(changes)
    going = {(type(record), record.pk) for record in records.values()}
    if not records or who_needs(list(records.values()), going) is not None:
        return []
    entries = [(records[record_key(change)], None, change.snapshot) for change in changes]
    history.record_all(entries, Action.DELETED, user=user, note=note, origin=Origin.REVERT)
    model = type(entries[0][0])
    model._base_manager.filter(pk__in=[record.pk for record in records.values()]).delete()
    return changes


def undo_one(change, user, note):
    """Undo one change; returns why it had to stay, "" where it was undone."""
    if change.kind == ChangeKind.PROPOSE:
        proposals.give_up(change.proposal, user=user, note=note)
        return ""
    record = change.record
    if change.kind == ChangeKind.EDIT:
        return restore(record, change.base.snapshot, user, note)
    if named_by := who_needs([record]):
        return refers(named_by)
    history.record(record, Action.DELETED, user=user, note=note, origin=Origin.REVERT)
    record.delete()
    return ""


def restore(record, held, user, note):
    """Write an earlier snapshot back, wholly or not at all; returns why not, "" where it was."""
    with transaction.atomic():
        problems = apply_snapshot(record, held)
        if problems:
            transaction.set_rollback(True)
            return " ".join(map(str, problems))[:300]
    stored = type(record)._base_manager.get(pk=record.pk)
    history.record(stored, Action.EDITED, user=user, note=note, origin=Origin.REVERT)
    return ""


def who_needs(records, going=()):
    """Return a record that stands in the way of deleting some of one kind, None where none does.

    ``going`` are ``(model, primary key)`` of records that are deleted as well.
    """
    collector = Collector(using=router.db_for_write(type(records[0])), origin=records[0])
    try:
        collector.collect(records)
    except (ProtectedError, RestrictedError) as error:
        others = getattr(error, "protected_objects", None) or error.restricted_objects
    else:
        others = [other for instances in collector.data.values() for other in instances]
        others += [other for rows in collector.fast_deletes for other in rows]
    going_too = {(type(other), other.pk) for other in others}.union(going)
    owners = (owner_of(other) for other in with_choosers(others, going_too))
    strangers = (o for o in owners if isinstance(o, Recorded) and o not in records)
    return next((o for o in strangers if (type(o), o.pk) not in going), None)


def with_choosers(rows, going):
    """Yield rows; for one that holds a many-to-many choice whoever chose, unless that goes as well.

    ``going`` are ``(model, primary key)`` of what is deleted.
    """
    for row in rows:
        chooser = type(row)._meta.auto_created
        if not chooser:
            yield row
            continue
        fields = [f for f in chooser._meta.many_to_many if f.remote_field.through is type(row)]
        key = getattr(row, fields[0].m2m_column_name())
        if (chooser, key) not in going:
            yield chooser._base_manager.get(pk=key)
