"""Merge two entries of the vocabulary into one, and undo such a merge."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from futureind.publishing import history
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.merges import Merge
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.records import Part, Recorded, Reviewed, owner_of
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.usage import references, stands_in_public


class MergeError(Exception):
    """Two records cannot be merged, or a merge cannot be undone; the message says why."""


def problems(gone, kept):
    """Return the reasons against merging one record into another, as a list of sentences."""
    found = []
    if type(gone) is not type(kept) or gone.pk == kept.pk:
        return [_("Choose another record of the same kind.")]
    for record in (gone, kept):
        if Proposal.objects.of(record).open().exists():
            found.append(
                _("Changes of “%(name)s” wait for approval. Decide about them first.")
                % {"name": record}
            )
    if is_known(gone) and not is_known(kept):
        found.append(_("A record that was published cannot become part of a draft."))
    if isinstance(gone, Reviewed) and is_known(kept) and not is_known(gone):
        # Its names, choices and rows would be public without approval by a second person.
        found.append(
            _("A draft cannot become part of a published record. Publish it first, or delete it.")
        )
    return found


def is_known(record):
    """Tell whether visitors know a record: what it holds was approved by two people."""
    return getattr(record, "was_published", False) or stands_in_public(record)


@history.in_turn()
def merge(gone, kept, *, user, note=""):
    """Move all references to ``gone`` over to ``kept``, and redirect its address there.

    ``kept`` takes over the other names, choices and rows that it does not have. Every record that
    changes gets a revision, and all are announced together. Returns the Merge; raises MergeError
    where :func:`problems` finds something.
    """
    gone, kept = locked(gone), locked(kept)
    if found := problems(gone, kept):
        raise MergeError(" ".join(str(problem) for problem in found))
    before = {"gone": serialised([gone]), "kept": plain_columns(kept)}
    reason = _("“%(gone)s” was merged into “%(kept)s”.") % {"gone": gone, "kept": kept}
    reason = f"{reason} {note}".strip()
    if not is_known(kept):
        # What nobody has approved of the one is work on the other, too.
        for work in Authorship.objects.of(gone).waiting():
            Authorship.objects.note(kept, work.author)
    with history.together():
        history.record(gone, Action.DELETED, user=user, note=reason, is_approved=True)
        lift_above(gone, kept)
        owners, before["moved"], before["dropped"] = move_references(gone, kept)
        before["moved"] += move_notes(gone, kept)
        before["chosen"] = take_over_choices(gone, kept)
        take_over_names(gone, kept)
        kept.save()
        before["merged"] = plain_columns(kept)
        before["slugs"] = lead_addresses(gone, kept)
        # Not by the record's own delete(), which refuses what was public: its address lives on.
        type(gone)._base_manager.filter(pk=gone.pk).delete()
        write_history({kept, *owners}, user, reason)
    return Merge.objects.create(
        content_type=ContentType.objects.get_for_model(kept),
        kept_id=kept.pk,
        kept_name=str(kept)[:300],
        gone_id=gone.pk,
        gone_name=str(gone)[:300],
        note=note,
        user=user,
        user_name=user.get_username() if user else "",
        before=before,
    )


@history.in_turn()
def take_back(merge, *, user):
    """Undo a merge: restore the record that was merged into the other.

    References go back unless they were changed since the merge; what was edited since stays with
    the kept record. Raises MergeError where the address is taken meanwhile.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise MergeError(_("This merge was taken back already."))
    if merge.kept is None:
        raise MergeError(_("The kept record was itself merged into another. Take that back first."))
    kept, before = locked(merge.kept), merge.before
    reason = _("The merge of “%(gone)s” into “%(kept)s” was taken back.") % {
        "gone": merge.gone_name,
        "kept": kept,
    }
    with history.together():
        FormerSlug.objects.filter(pk=before["slugs"]["new"]).delete()
        gone = restore(before["gone"])[0]
        FormerSlug.objects.filter(pk__in=before["slugs"]["moved"]).update(object_id=gone.pk)
        owners = move_back(before["moved"], kept, gone)
        owners |= {owner_of(row) for row in restore(before["dropped"])}
        for name, pks in before["chosen"].items():
            getattr(kept, name).remove(*pks)
        put_back_columns(kept, before["kept"], before["merged"])
        write_history({kept, *owners}, user, reason)
        history.record(locked(gone), Action.CREATED, user=user, note=reason, is_approved=True)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    return gone


def locked(record):
    return type(record)._base_manager.select_for_update().get(pk=record.pk)


def serialised(rows):
    return serializers.serialize("json", rows)


def restore(text):
    """Write rows back under their old keys; return them."""
    restored = []
    for found in serializers.deserialize("json", text):
        try:
            with transaction.atomic():
                found.save(force_insert=True)
        except IntegrityError as error:
            raise MergeError(
                _("“%(name)s” cannot come back: its place is taken.") % {"name": found.object}
            ) from error
        restored.append(found.object)
    return restored


def plain_columns(record):
    """Return what a merge may change in the kept record itself."""
    names = [f.attname for f in self_references(type(record))]
    names += [name for name in ("aliases_en", "aliases_zh") if hasattr(record, name)]
    return {name: getattr(record, name) for name in names}


def put_back_columns(kept, before, merged):
    """Undo what the merge wrote into the kept record; what was written since stays."""
    for name, was in before.items():
        now = getattr(kept, name)
        if name.startswith("aliases"):
            added = set(lines_of(merged[name])) - set(lines_of(was))
            setattr(kept, name, "\n".join(line for line in lines_of(now) if line not in added))
        elif now == merged[name]:
            setattr(kept, name, was)
    kept.save()


def lines_of(text):
    return [line for line in text.split("\n") if line]


def self_references(model):
    return [f for f in model._meta.fields if f.remote_field and f.related_model is model]


def lift_above(gone, kept):
    """Where the kept record is a descendant of the other one, give it that one's parent.

    The children of the other one become its own, which would close a circle otherwise.
    """
    for field in self_references(type(kept)):
        above = kept
        while (above := getattr(above, field.name)) is not None:
            if above.pk == gone.pk:
                setattr(kept, field.attname, getattr(gone, field.attname))
                kept.save()
                break


def move_references(gone, kept):
    """Let all foreign keys and choices that refer to one record refer to another.

    Returns the records that changed, which rows moved (``[model, field, key]``), and, serialised,
    the rows that were deleted because the kept record has the same row already.
    """
    owners, moved, dropped = set(), [], []
    for field in references(type(gone)):
        label = field.model._meta.label_lower
        for row in field.model._base_manager.filter(**{field.name: gone}):
            owner = owner_of(row)
            if field.many_to_many:
                choices = getattr(row, field.name)
                had = choices.filter(pk=kept.pk).exists()
                choices.remove(gone)
                choices.add(kept)
                moved.append([label, field.name, row.pk, had])
            elif is_said_already(field, row, kept):
                dropped.append(row)
            else:
                # Straight to the row: what a save would check holds of both records.
                same = field.model._base_manager.filter(pk=row.pk)
                same.update(**{field.name: kept})
                moved.append([label, field.name, row.pk, False])
            if owner.pk != gone.pk or type(owner) is not type(gone):
                owners.add(owner)
    text = serialised(dropped)
    for row in dropped:
        type(row)._base_manager.filter(pk=row.pk).delete()
    return owners, moved, text


def move_notes(gone, kept):
    """Move notes about one record, which have no history, to another; return which."""
    moved = []
    for relation in type(gone)._meta.related_objects:
        model, field = relation.related_model, relation.field
        if not issubclass(model, Recorded | Part) and relation.one_to_many:
            for pk in model._base_manager.filter(**{field.name: gone}).values_list("pk", flat=True):
                moved.append([model._meta.label_lower, field.name, pk, False])
            model._base_manager.filter(**{field.name: gone}).update(**{field.name: kept})
    return moved


def is_said_already(field, row, kept):
    """Tell whether moving a row to the kept record would break a unique constraint."""
    for constraint in row._meta.total_unique_constraints:
        if field.name in constraint.fields:
            columns = [row._meta.get_field(name) for name in constraint.fields]
            same = {column.name: getattr(row, column.attname) for column in columns}
            same[field.name] = kept.pk
            if type(row)._base_manager.filter(**same).exists():
                return True
    return False


def take_over_choices(gone, kept):
    """Add to the kept record what the other one had chosen; return what was new, by field."""
    added = {}
    for field in type(gone)._meta.many_to_many:
        if not field.remote_field.through._meta.auto_created:
            continue
        mine = set(getattr(kept, field.name).values_list("pk", flat=True))
        theirs = set(getattr(gone, field.name).values_list("pk", flat=True))
        if theirs - mine:
            added[field.name] = sorted(theirs - mine)
            getattr(kept, field.name).add(*added[field.name])
    return added


def take_over_names(gone, kept):
    """Make the names of the other record aliases of the kept one, where it has aliases."""
    for language in ("en", "zh"):
        column = f"aliases_{language}"
        if not hasattr(kept, column):
            continue
        own = {getattr(kept, f"{name}_{language}", "") for name in ("name", "term")}
        names = [getattr(gone, f"{name}_{language}", "") for name in ("name", "term")]
        lines = [*lines_of(getattr(kept, column)), *names, *lines_of(getattr(gone, column))]
        kept_names = [line for line in dict.fromkeys(lines) if line and line not in own]
        setattr(kept, column, "\n".join(kept_names))


def lead_addresses(gone, kept):
    """Redirect the slug of one record, and its former slugs, to another."""
    kind = ContentType.objects.get_for_model(gone)
    earlier = FormerSlug.objects.filter(content_type=kind, object_id=gone.pk)
    moved = list(earlier.values_list("pk", flat=True))
    earlier.update(object_id=kept.pk)
    return {"moved": moved, "new": FormerSlug.objects.create(record=kept, slug=gone.slug).pk}


def move_back(moved, kept, gone):
    """Undo :func:`move_references` for rows that were not changed since."""
    owners = set()
    for label, name, pk, had in moved:
        model = apps.get_model(label)
        field = model._meta.get_field(name)
        row = model._base_manager.filter(Q(pk=pk), **{name: kept}).first()
        if row is None:
            continue
        if field.many_to_many:
            choices = getattr(row, name)
            choices.add(gone)
            if not had:
                choices.remove(kept)
        else:
            model._base_manager.filter(pk=pk).update(**{name: gone})
        owner = owner_of(row)
        is_gone = owner.pk == gone.pk and type(owner) is type(gone)
        if isinstance(owner, Recorded) and not is_gone:
            owners.add(owner)
    return owners


def write_history(records, user, reason):
    for record in records:
        stored = type(record)._base_manager.get(pk=record.pk)
        history.record(stored, Action.EDITED, user=user, note=reason, is_approved=True)
