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
from futureind.publishing.models.slugged import Publishable
from futureind.publishing.snapshots import field_named, key_columns, part_model
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

# Of these what differs is told; the others are of a record as a whole.
TELLING = (ChangeKind.CORRECTED, ChangeKind.CHANGED)


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
    return [history_of(revisions) for revisions in revisions_of_each(records)]


def revisions_of_each(records):
    """Return a list of all revisions of each record or part, oldest first, in one query.

    Each has its ``state`` and ``slug``; what else the versions held is not read.
    """
    owners = [owner_of(record) for record in records]
    if not owners:
        return []
    revisions = Revision.objects.of_any(owners).order_by("id")
    shown = revisions.only("content_type", "object_id", "created_at", "action", "origin")
    fields = {
        "state": F("snapshot__fields__publication_state"),
        "slug": F("snapshot__fields__slug"),
    }
    of = {}
    for revision in shown.annotate(**fields):
        of.setdefault((revision.content_type_id, revision.object_id), []).append(revision)
    kinds = ContentType.objects.get_for_model
    return [of.get((kinds(owner).pk, owner.pk), []) for owner in owners]


def seen_by_readers(revisions):
    """Yield ``(revision, ChangeKind)`` for those of a record that readers saw something of.

    Parameter: ``revisions``, all of the record, oldest first, each with its ``state``.
    """
    was = None
    for revision in revisions:
        kind = kind_between(was, revision.state, revision.action)
        if kind is not None:
            yield revision, kind
        was = revision.state


def public_revisions_of_each(records):
    """Return the revisions of each record that readers saw, oldest first, in one query."""
    return [
        [revision for revision, _kind in seen_by_readers(revisions)]
        for revisions in revisions_of_each(records)
    ]


def history_of(revisions):
    """Return the PublicHistory that the revisions of a record make, oldest first.

    Several changes of one kind on one day are one.
    """
    found, first = {}, None
    for revision, kind in seen_by_readers(revisions):
        version = PublicVersion(timezone.localtime(revision.created_at).date(), kind)
        first = first or version
        found.pop(version, None)
        found[version] = None
    versions = list(reversed(found))[:VERSIONS_SHOWN]
    return PublicHistory(versions, first, revisions[-1].public_origin if revisions else "")


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
        if record is None or kind is None or not is_told(revision, kind, record):
            continue
        if kind == ChangeKind.WITHDRAWN:
            # Whatever it was called later, nobody approved it.
            record = take_names(copy.copy(record), revision.snapshot["fields"])
        found.append((revision, previous, kind, record))
    public = public_slugs(
        [
            (side.snapshot, type(record))
            for *sides, kind, record in found
            for side in sides
            if kind in TELLING
        ]
    )
    return [
        PublicChange(revision, kind, record, told(revision, previous, kind, public))
        for revision, previous, kind, record in found
    ]


def is_told(revision, kind, record):
    """Tell whether readers are told of a change: of what is public, since it was public at all.

    What changed while the record waited for its owner's publication, nobody saw.
    """
    if kind == ChangeKind.WITHDRAWN:
        return True
    if not record.is_public:
        return False
    since = record.recorded_at
    return kind not in TELLING or since is None or revision.created_at >= since


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


def told(revision, previous, kind, public):
    """Return the differences that readers are told: none for what came or went as a whole."""
    if kind not in TELLING:
        return []
    model = revision.content_type.model_class()
    sides = (public_part(side.snapshot, model, public) for side in (previous, revision))
    return differences(*sides, model)


def public_slugs(snapshots):
    """Return ``{model: slugs of public records}`` for all records that snapshots name.

    Parameter: ``snapshots``, pairs of one and the model of its record. One query for each model.
    """
    named = {}
    for held, owner in snapshots:
        for model, slug in named_in(held, owner):
            named.setdefault(model, set()).add(slug)
    return {
        model: set(model.objects.public().filter(slug__in=slugs).values_list("slug", flat=True))
        for model, slugs in named.items()
    }


def named_in(snapshot, model):
    """Yield ``(model, slug)`` for each record with a state of its own that a snapshot names."""
    for name, value in snapshot["fields"].items():
        of = named_by(model, name)
        if of is not None:
            yield from ((of, slug) for slug in slugs_in(value))
    for name, parts in snapshot["parts"].items():
        of = part_model(model, name)
        for part in parts if of is not None else ():
            yield from named_in(part, of)


def named_by(model, name):
    """Return the model of the records that a column names, None where they have no state."""
    if name == getattr(model, "owner_field", None):
        return None
    field = field_named(model, name)
    of = field.related_model if field is not None else None
    return of if of is not None and issubclass(of, Publishable) else None


def slugs_in(value):
    """Return the slugs in a value of a snapshot: one natural key, or a list of them."""
    keys = value if value and isinstance(value[0], list) else [value]
    return [key[0] for key in keys if key]


def public_part(snapshot, model, public, left_out=OWN_BUSINESS):
    """Return what readers may see of a snapshot of a record that was public.

    Parameters: ``public``, the slugs of public records by model; ``left_out``, names of columns.
    What names a record that is not public now is left out as well, and a part that is about one.
    """
    fields = {
        name: without_hidden(value, named_by(model, name), public)
        for name, value in snapshot["fields"].items()
        if name not in left_out
    }
    parts = {}
    for name, held in snapshot["parts"].items():
        of = part_model(model, name)
        # The order of a part may be what tells it from others.
        parts[name] = [
            public_part(p, of, public, ()) for p in held if of and is_seen(p, of, public)
        ]
    return {"fields": fields, "parts": parts}


def without_hidden(value, model, public):
    """Return a value of a snapshot without the names of records of a model that are not public."""
    if model is None or not value:
        return value
    if isinstance(value[0], list):
        return [key for key in value if key[0] in public[model]]
    return value if value[0] in public[model] else None


def is_seen(part, model, public):
    """Tell whether what a part is about is public: the records that tell it from other parts."""
    return all(
        slug in public[of]
        for name in key_columns(model)
        if (of := named_by(model, name)) is not None
        for slug in slugs_in(part["fields"].get(name))
    )
