"""The public part of history: what was added, corrected, changed or withdrawn, and when.

Names of people, reasons and whatever was only a draft are for the staff.
"""

import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.publishing.differences import Difference, differences
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.records import PublicationState, owner_of
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.withdrawals import take_names

PUBLISHED, WITHDRAWN = PublicationState.PUBLISHED, PublicationState.WITHDRAWN
# The newest are shown on the page of their record.
VERSIONS_SHOWN = 10
A_DAY = timedelta(days=1)
# Columns that say nothing of the subject, or are for editors.
OWN_BUSINESS = {"publication_state", "order", "editors_note"}


class ChangeKind(models.TextChoices):
    """What a change means to a reader."""

    ADDED = "added", _("added")
    CORRECTED = "corrected", _("corrected")
    CHANGED = "changed", _("changed")
    WITHDRAWN = "withdrawn", _("withdrawn")


# By which actions a kind of change comes about; the states before and after decide.
ACTIONS = {
    ChangeKind.ADDED: [Action.CREATED, Action.PUBLISHED],
    ChangeKind.CORRECTED: [Action.CORRECTED],
    ChangeKind.CHANGED: [Action.EDITED, Action.RENAMED],
    ChangeKind.WITHDRAWN: [Action.WITHDRAWN],
}


@dataclass(frozen=True)
class PublicChange:
    """One change as a reader may see it; ``differences`` are those of the texts."""

    revision: Revision
    kind: ChangeKind
    record: models.Model
    differences: list[Difference]

    @property
    def at(self):
        return self.revision.created_at

    @property
    def is_linked(self):
        return self.kind != ChangeKind.WITHDRAWN and self.record.is_public


def public_revisions(record_models, kinds=()):
    """Return the revisions that readers may see something of, newest first.

    Parameters: ``record_models``, the models with public pages; ``kinds``, the ChangeKinds asked
    for, all where empty. What the versions held decides in :func:`public_changes`.
    """
    types = ContentType.objects.get_for_models(*record_models).values()
    wanted = kinds or list(ChangeKind)
    return Revision.objects.filter(
        content_type__in=types, action__in=[action for kind in wanted for action in ACTIONS[kind]]
    ).filter(
        Q(snapshot__fields__publication_state=PUBLISHED)
        | Q(action=Action.WITHDRAWN, snapshot__fields__publication_state=WITHDRAWN)
    )


def beyond_first_loads(revisions):
    """Leave out what fixtures brought when the site was filled, which is no news to anybody.

    That is whatever the loader wrote within a day of first bringing records of the same kind: what
    it adds later, with a new release, is news.
    """
    loads = first_loads_at(ContentVersion.stamp())
    written = [Q(content_type=kind, created_at__lt=first + A_DAY) for kind, first in loads]
    return (
        revisions.exclude(Q(origin=Origin.LOADER) & reduce(or_, written)) if written else revisions
    )


@lru_cache(maxsize=2)
def first_loads_at(stamp):
    """Return ``[(key of a content type, time)]`` at which the loader first brought such records."""
    loaded = Revision.objects.filter(origin=Origin.LOADER, action=Action.CREATED).order_by()
    return list(loaded.values_list("content_type").annotate(Min("created_at")))


@dataclass(frozen=True)
class PublicVersion:
    """A day on which a record changed in public, and how."""

    day: date
    kind: ChangeKind


@dataclass(frozen=True)
class PublicHistory:
    """How a record came to stand as it does: ``versions``, newest first, and the last origin.

    ``first`` is the version by which it became public, None where it never was; ``origin``, how the
    last one came about, in words, "" where none is kept.
    """

    versions: list[PublicVersion]
    first: PublicVersion | None
    origin: str

    @property
    def after_first(self):
        """The versions without the first, for pages that say since when the record is there."""
        is_shown = bool(self.versions) and self.versions[-1] == self.first
        return self.versions[:-1] if is_shown else self.versions


def public_history(record):
    """Return the PublicHistory of a record or part."""
    return public_histories([record])[0]


def public_histories(records):
    """Return the PublicHistory of each record or part, in one query.

    What the versions held is not read.
    """
    owners = [owner_of(record) for record in records]
    revisions = Revision.objects.of_any(owners).order_by("id")
    shown = revisions.only("content_type", "object_id", "created_at", "action", "origin")
    of = {}
    for revision in shown.annotate(state=F("snapshot__fields__publication_state")):
        of.setdefault((revision.content_type_id, revision.object_id), []).append(revision)
    kinds = ContentType.objects.get_for_model
    return [history_of(of.get((kinds(owner).pk, owner.pk), ())) for owner in owners]


def history_of(revisions):
    """Return the PublicHistory that the revisions of a record make, oldest first.

    Several changes of one kind on one day are one.
    """
    found, first, was, last = {}, None, None, None
    for last in revisions:
        now = last.state
        kind = kind_between(was, now, last.action)
        if kind is not None:
            version = PublicVersion(timezone.localtime(last.created_at).date(), kind)
            first = first or version
            found.pop(version, None)
            found[version] = None
        was = now
    versions = list(reversed(found))[:VERSIONS_SHOWN]
    return PublicHistory(versions, first, last.public_origin if last else "")


def public_changes(revisions):
    """Return the PublicChanges of revisions, in their order, with a bounded number of queries.

    Left out are those whose record, or what it stands in, is not public now; of a withdrawn record
    only that it was withdrawn is told.
    """
    before = Revision.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        pk__lt=OuterRef("pk"),
    ).order_by("-id")
    revisions = list(
        revisions.annotate(before=Subquery(before.values("pk")[:1])).select_related("content_type")
    )
    earlier = Revision.objects.in_bulk([r.before for r in revisions if r.before])
    records = records_of(revisions)
    found = []
    for revision in revisions:
        record = records.get((revision.content_type_id, revision.object_id))
        previous = earlier.get(revision.before)
        kind = kind_of(revision, previous)
        if record is None or kind is None:
            continue
        if kind != ChangeKind.WITHDRAWN and not record.is_public:
            continue
        if kind == ChangeKind.WITHDRAWN:
            # Whatever it was called later, nobody approved it.
            record = take_names(copy.copy(record), revision.snapshot["fields"])
        found.append(PublicChange(revision, kind, record, told(revision, previous, kind)))
    return found


def records_of(revisions):
    """Return ``{(content type, key): record}``, with one query for each kind of record."""
    keys = {}
    for revision in revisions:
        keys.setdefault(revision.content_type, set()).add(revision.object_id)
    return {
        (content_type.pk, record.pk): record
        for content_type, pks in keys.items()
        for record in with_owners(content_type.model_class()).filter(pk__in=pks)
    }


def with_owners(model):
    """Return the records of a model with what their publication waits for."""
    records = model.objects.all()
    # Without names it would follow every relation.
    return records.select_related(*model.public_owners) if model.public_owners else records


def state_of(revision):
    return revision.snapshot["fields"].get("publication_state") if revision else None


def kind_of(revision, previous):
    """Return what a version means to a reader, None where readers saw nothing of it."""
    return kind_between(state_of(previous), state_of(revision), revision.action)


def kind_between(was, now, action):
    if now == WITHDRAWN:
        return ChangeKind.WITHDRAWN if was == PUBLISHED else None
    if now != PUBLISHED:
        return None
    if was != PUBLISHED:
        return ChangeKind.ADDED
    is_correction = action == Action.CORRECTED
    return ChangeKind.CORRECTED if is_correction else ChangeKind.CHANGED


def told(revision, previous, kind):
    """Return the differences that readers are told: none for what came or went as a whole."""
    if kind not in (ChangeKind.CORRECTED, ChangeKind.CHANGED):
        return []
    before, after = subject_of(previous.snapshot), subject_of(revision.snapshot)
    return differences(before, after, revision.content_type.model_class())


def subject_of(snapshot):
    """Return a snapshot without the columns that say nothing of the subject."""
    fields = {name: v for name, v in snapshot["fields"].items() if name not in OWN_BUSINESS}
    return {"fields": fields, "parts": snapshot["parts"]}
