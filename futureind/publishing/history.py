"""The history: every change of a record is written as a revision here, and nowhere else."""

import logging
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from futureind.core.locks import lock_in_turn
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.records import PublicationState
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.snapshots import snapshot

log = logging.getLogger("futureind.security")

# Sent inside the transaction of the change, with ``records``: those that changed.
changed = Signal()
# Sent in it for each new version of a record that had one, with ``record`` and its snapshots
# ``before`` and ``now``.
revised = Signal()
# Sent in it by a model, with ``keys``: those of its records that were deleted.
deleted = Signal()
# The changes of a block under ``together()``, announced at its end.
_held_back = ContextVar("held_back", default=None)
# Rows written by one statement.
MANY = 500
# Actions that make the user an author, who may not approve the result; others are decisions.
AUTHORED = {Action.CREATED, Action.EDITED, Action.CORRECTED, Action.RENAMED}


@transaction.atomic
def record(
    target,
    action,
    *,
    user=None,
    note="",
    origin=Origin.EDITOR,
    is_approved=False,
    rests_on=None,
):
    """Write a version of a record after its last change, and raise the content version.

    Parameters: ``target``, a record (not a part) as saved; ``action``, one of
    :class:`Action`; ``user``, the account that acts, None for a command; ``note``, the
    reason in words; ``origin``, how it came about; ``is_approved``, that it was approved before it
    was made, so that it is not the work of ``user``, who approved it; ``rests_on``, the keys of the
    versions of sources and units that whoever decided it had before them.

    Returns the new Revision, or None where nothing differs from the last one.
    """
    last = Revision.objects.of(target).first()
    now = snapshot(target)
    if last and last.snapshot == now and Action.DELETED not in (action, last.action):
        return None
    revision = Revision.objects.create(
        content_type=ContentType.objects.get_for_model(target),
        object_id=target.pk,
        record_name=str(target)[:300],
        action=action,
        origin=origin,
        user=user,
        user_name=user.get_username() if user else "",
        note=note,
        snapshot=now,
        rests_on=rests_on,
    )
    if is_approved or action not in (Action.CREATED, Action.EDITED):
        log_decision(revision, target, user)
    if action == Action.DELETED:
        deleted.send(sender=type(target), keys=[target.pk])
    elif last:
        revised.send(sender=type(target), record=target, before=last.snapshot, now=now)
    if user and action in AUTHORED and not is_approved:
        Authorship.objects.note(target, user)
    note_times(target, revision.created_at)
    announce([target])
    return revision


def note_times(target, now):
    """Write on a record when it last changed and, once it is public, since when it is."""
    times = {"changed_at": now}
    is_public = getattr(target, "publication_state", None) == PublicationState.PUBLISHED
    if is_public and target.first_published_at is None:
        times["first_published_at"] = first_published(target)
    type(target)._base_manager.filter(pk=target.pk).update(**times)
    for name, time in times.items():
        setattr(target, name, time)


def first_published(target):
    """Return the time of a record's first version that was public, None where there is none."""
    public = Revision.objects.of(target).filter(
        snapshot__fields__publication_state=PublicationState.PUBLISHED
    )
    return public.order_by("id").values_list("created_at", flat=True).first()


@transaction.atomic
def record_all(entries, action, *, user, note="", origin):
    """Write a version of each of many records that are not public, in few queries.

    Parameters: ``entries``, ``(record, before, now)``, where ``now`` is what :func:`snapshot` would
    return and ``before`` the last version, None for a new record; the rest as for :func:`record`.
    Nothing that visitors see differs, so nothing is announced.

    Returns the revisions, in the order of the entries.
    """
    created_at = timezone.now()
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=ContentType.objects.get_for_model(target),
                object_id=target.pk,
                record_name=str(target)[:300],
                action=action,
                origin=origin,
                user=user,
                user_name=user.get_username() if user else "",
                note=note,
                snapshot=held,
                created_at=created_at,
            )
            for target, _before, held in entries
        ],
        batch_size=MANY,
    )
    pks_of = {}
    for revision, (target, before, held) in zip(revisions, entries, strict=True):
        if action not in (Action.CREATED, Action.EDITED):
            log_decision(revision, target, user)
        if before is not None:
            revised.send(sender=type(target), record=target, before=before, now=held)
        pks_of.setdefault(type(target), []).append(target.pk)
    for model, pks in pks_of.items():
        for start in range(0, len(pks), MANY):
            some = pks[start : start + MANY]
            model._base_manager.filter(pk__in=some).update(changed_at=created_at)
            if action == Action.DELETED:
                deleted.send(sender=model, keys=some)
    if user and action in AUTHORED:
        Authorship.objects.note_all([target for target, _before, _held in entries], user)
    return revisions


def log_decision(revision, target, user):
    """Log who decided what visitors see: the log outlives a lost or restored database."""
    if user:
        names = revision.action, str(target), str(user), revision.pk
        log.info("%s record=%r by=%r revision=%d", *names)


def announce(records):
    """Increment the content version and send the signal ``changed`` with these records."""
    held_back = _held_back.get()
    if held_back is not None:
        held_back.extend(records)
        return
    ContentVersion.raise_number()
    changed.send(sender=None, records=records)


@contextmanager
def in_turn():
    """Open a transaction that holds the write lock: changes of records run one after another.

    The lock is the row of the content version, which every change updates at its end. Two changes
    that locked records first and this row last could deadlock. Raises OperationalError where the
    lock is not to be had in time.
    """
    with transaction.atomic():
        lock_in_turn(ContentVersion.objects.filter(pk=ContentVersion.ROW))
        yield


@contextmanager
def together():
    """Announce the changes of a block once, at its end and in the same transaction."""
    with transaction.atomic():
        held_back = []
        token = _held_back.set(held_back)
        try:
            yield
        finally:
            _held_back.reset(token)
        if held_back:
            announce(held_back)
