"""Which English texts no longer render the Chinese ones, and which a machine rendered.

The texts of the tracker are Chinese in origin. When a Chinese text changes and its English
rendering does not, the pair is out of step until somebody edits or confirms the English one. An
English text that an editor marked as a machine's is without review until somebody edits it or has
read it against the Chinese.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from futureind.desk.models import PATH_LENGTH, MachineRendering, StaleTranslation, text_label
from futureind.publishing import history
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.records import Part, owner_of
from futureind.publishing.snapshots import snapshot, walk

# Lists of other names in each language, which do not render each other.
NOT_RENDERED = {"aliases"}


@dataclass(frozen=True)
class Rendering:
    """A Chinese text and its English rendering."""

    zh: str
    en: str


def renderings(snapshot, model):
    """Return the texts of a snapshot in both languages, as ``{path: Rendering}``."""
    found = {}
    for above, _model, held in walk(snapshot, model):
        path = "".join(f"{relation}/{key_in_path(key)}/" for relation, key in above)
        fields = held["fields"]
        for name in rendered_names(fields):
            text = Rendering(fields[f"{name}_zh"], fields[f"{name}_en"])
            found[f"{path}{name}"[:PATH_LENGTH]] = text
    return found


def rendered_names(fields):
    """Return the names of the columns that exist in both languages."""
    names = (name.removesuffix("_zh") for name in fields if name.endswith("_zh"))
    return [name for name in names if f"{name}_en" in fields and name not in NOT_RENDERED]


def key_in_path(key):
    """Return what names a part within its owner, as it stands in a path."""
    return "-".join(str(list(v) if isinstance(v, tuple) else v).replace("/", "-") for v in key)


def follow(record, before, after):
    """Note what a change of a record does to its renderings; the two are its snapshots."""
    model = type(record)
    was, now = renderings(before, model), renderings(after, model)
    if was == now:
        return
    settle_machine_renderings(record, now)
    known = {row.path: row for row in of(record)}
    for path in known.keys() - now.keys():
        known[path].delete()
    for path, rendering in now.items():
        row = known.get(path)
        if row is not None:
            keep_up(row, rendering)
        elif path in was and is_left_behind(was[path], rendering):
            StaleTranslation.objects.create(
                record=record,
                path=path,
                source_was=was[path].zh,
                source_now=rendering.zh,
                translation=rendering.en,
            )


def connect():
    """Listen to what the history of records says."""
    history.revised.connect(on_revised, dispatch_uid="futureind.desk.translations.on_revised")
    history.deleted.connect(on_deleted, dispatch_uid="futureind.desk.translations.on_deleted")


def on_revised(sender, record, before, now, **kwargs):
    follow(record, before, now)


def on_deleted(sender, keys, **kwargs):
    forget(sender, keys)


def is_left_behind(was, now):
    """Tell whether the Chinese text changed and its English rendering did not."""
    return bool(was.zh and now.zh and now.en) and was.zh != now.zh and was.en == now.en


def keep_up(row, rendering):
    """Settle a row whose English was edited, or whose Chinese is again what it was."""
    if rendering.en != row.translation or rendering.zh in ("", row.source_was):
        row.delete()
    elif rendering.zh != row.source_now:
        row.source_now = rendering.zh
        row.save(update_fields=["source_now"])


def settle_machine_renderings(record, now):
    """Remove the notes on texts that somebody edited, or that are gone."""
    for row in of(record, MachineRendering):
        if row.path not in now or now[row.path].en != row.translation:
            row.delete()


def of(record, model=StaleTranslation):
    """Return what is noted about the texts of a record, or of one part of it, oldest first."""
    owner = owner_of(record)
    kind = ContentType.objects.get_for_model(owner)
    rows = model.objects.filter(content_type=kind, object_id=owner.pk)
    if owner is record or not isinstance(record, Part):
        return rows
    for relation in owner.parts:
        if owner._meta.get_field(relation).related_model is type(record):
            return rows.filter(path__startswith=f"{relation}/{record.natural_key()[-1]}/")
    return rows.none()


def forget(model, pks):
    """Remove what is noted about the texts of records of one model that are deleted."""
    kind = ContentType.objects.get_for_model(model)
    for notes in (StaleTranslation, MachineRendering):
        notes.objects.filter(content_type=kind, object_id__in=pks).delete()


def doubts_about(*records):
    """Return which English texts visitors are warned about, in words and in at most one query.

    Returns the labels of those that are out of step, and of those that a machine rendered and
    nobody has read against the Chinese.
    """
    owners = [(ContentType.objects.get_for_model(o).pk, o) for o in map(owner_of, records)]
    if not {(kind, o.pk) for kind, o in owners} & noted_at(ContentVersion.stamp()):
        return [], []
    models_of = {kind: type(o) for kind, o in owners}
    stale, machine = (
        reduce(or_, (of(record, noted) for record in records)).order_by()
        for noted in (StaleTranslation, MachineRendering)
    )
    notes = stale.values_list("content_type", "path", models.Value(True)).union(
        machine.filter(reviewed_at=None).values_list("content_type", "path", models.Value(False)),
        all=True,
    )
    found = {True: [], False: []}
    for kind, path, is_stale in notes.order_by("path"):
        found[bool(is_stale)].append(text_label(models_of[kind], path))
    return found[True], found[False]


# A preview has a stamp of its own.
@lru_cache(maxsize=4)
def noted_at(stamp):
    """Return ``{(content type, primary key), …}`` of the records that visitors are warned about.

    Few of all records are, so most pages need not ask. What is noted or settled of public records
    is announced.
    """
    warned = [StaleTranslation.objects.all(), MachineRendering.objects.filter(reviewed_at=None)]
    return {
        key
        for notes in warned
        for key in notes.order_by().values_list("content_type", "object_id").distinct()
    }


def confirm(rows):
    """Settle rows whose English rendering still fits, and let the public pages know."""
    with told(rows):
        for row in rows:
            row.delete()


def mark(record, paths, *, user):
    """Note which English texts of a record are a machine's without review, and no others.

    Parameters: ``paths``, those of :func:`renderings`. What was reviewed stays reviewed.
    """
    with history.in_turn():
        if write_marks(record, paths, user):
            history.announce([record])


def write_marks(record, paths, user):
    """Write the notes on machine renderings; tell whether any differs."""
    texts = texts_to_mark(record)
    known = {row.path: row for row in of(record, MachineRendering)}
    gone = [row for path, row in known.items() if path not in paths and row.reviewed_at is None]
    new = [
        MachineRendering(
            record=record, path=path, source=texts[path].zh, translation=texts[path].en, user=user
        )
        for path in paths
        if path in texts and path not in known
    ]
    MachineRendering.objects.filter(pk__in=[row.pk for row in gone]).delete()
    MachineRendering.objects.bulk_create(new, ignore_conflicts=True)
    return bool(gone or new)


def texts_to_mark(record):
    """Return the texts of a record that stand in both languages, as ``{path: Rendering}``."""
    found = renderings(snapshot(record), type(record))
    return {path: text for path, text in found.items() if text.zh and text.en}


def review(rows, *, user):
    """Note that somebody read machine renderings against the Chinese and found that they fit."""
    with told(rows):
        keys = [row.pk for row in rows]
        waiting = MachineRendering.objects.filter(pk__in=keys, reviewed_at=None)
        waiting.update(reviewer=user, reviewed_at=timezone.now())


@contextmanager
def told(rows):
    """Let the public pages of the records of rows know of what a block does, in one transaction."""
    with history.in_turn():
        records = {(row.content_type_id, row.object_id): row.record for row in rows}.values()
        yield
        history.announce([record for record in records if record is not None])
