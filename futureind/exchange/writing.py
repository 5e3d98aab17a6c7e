"""Writing what the check of an import computed: many records in few statements, one transaction.

Row by row, with every rule asked again, thousands of records would keep all other editors waiting
for minutes. The rules were asked by the check; here only what it computed is inserted, after a
look whether the records are still those that it saw.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from futureind.exchange.models import ChangeKind, Import, ImportChange, ImportState
from futureind.exchange.names import Names
from futureind.loading.fixtures import choices_of, columns_of
from futureind.publishing import history
from futureind.publishing.applying import WORKFLOWS_OWN
from futureind.publishing.history import MANY
from futureind.publishing.models.records import Reviewed
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.proposals import propose_all
from futureind.publishing.snapshots import natural_key_in, pairs, walk
from futureind.publishing.usage import named_in_public


@dataclass(eq=False)
class Insertion:
    """A row to insert: its model, columns by name, and many-to-many keys."""

    model: type
    fields: dict
    key: tuple
    instance: object = None


@dataclass
class Plan:
    """The statements that a set of changes needs."""

    insertions: list = field(default_factory=list)
    # ``(model, primary key, columns)``
    updates: list = field(default_factory=list)
    # primary keys by model
    removals: dict = field(default_factory=lambda: defaultdict(list))
    # ``(model, key, choice, wanted keys)``
    choices: list = field(default_factory=list)


def write(of, hold=lambda: None):
    """Write all changes of an import; returns how many there were.

    ``hold`` is called first and last, and may raise to stop it. Raises ValidationError where a
    record is not as the check saw it any more; nothing is written then.
    """
    changes = list(of.changes.select_related("content_type", "base").order_by("pk"))
    # All that can be done before others have to wait.
    writer = Writer()
    for change in changes:
        if change.kind != ChangeKind.PROPOSE:
            writer.plan_change(change)
    try:
        write_planned(of, changes, writer, hold)
    except IntegrityError:
        # What it refers to went, or what it makes was made, in the blink between.
        message = _("The records that it refers to have changed since the check. Check it again.")
        raise ValidationError(message) from None
    return len(changes)


@history.in_turn()
def write_planned(of, changes, writer, hold):
    hold()
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if locked.state != ImportState.CHECKED:
        raise ValidationError(_("It was written already, or given up."))
    lock_records(changes)
    refuse_moved_on(changes)
    writer.run()
    note(changes, writer, locked)
    locked.state, locked.written_at, locked.tables = ImportState.WRITTEN, timezone.now(), []
    locked.save()
    hold()


def lock_records(changes):
    """Lock the rows of the records that change, in one order, as everybody does."""
    for model, pks in records_of(changes).items():
        for some in batches(sorted(pks)):
            # Evaluated, or nothing would be locked.
            list(model._base_manager.select_for_update().filter(pk__in=some).values_list("pk"))


def records_of(changes):
    pks = defaultdict(list)
    for change in changes:
        if change.object_id is not None:
            pks[change.content_type.model_class()].append(change.object_id)
    return pks


def batches(items):
    return (items[start : start + MANY] for start in range(0, len(items), MANY))


def last_revisions(changes):
    """Return the last revision of each record, by ``(content type, primary key)``."""
    found = {}
    for model, pks in records_of(changes).items():
        kind = ContentType.objects.get_for_model(model)
        for some in batches(pks):
            rows = Revision.objects.filter(content_type=kind, object_id__in=some).order_by()
            for pk, last in rows.values_list("object_id").annotate(last=Max("pk")):
                found[kind.pk, pk] = last
    return found


def named_publicly(changes):
    """Return the keys of the changed records without a state that something published names."""
    return {
        (ContentType.objects.get_for_model(model).pk, pk)
        for model, pks in records_of(changes).items()
        if not issubclass(model, Reviewed)
        for some in batches(pks)
        for pk in named_in_public(model, some)
    }


def refuse_moved_on(changes):
    last = last_revisions(changes)
    edits = [change for change in changes if change.kind == ChangeKind.EDIT]
    public = named_publicly(edits)
    moved = [
        change.record_name
        for change in changes
        if change.kind != ChangeKind.CREATE and last.get(record_key(change)) != change.base_id
    ]
    # Named by something published since then, so that it has to be proposed.
    moved += [change.record_name for change in edits if record_key(change) in public]
    if moved:
        message = _("Changed since the check, so nothing was written. Check it again: %(names)s.")
        raise ValidationError(message % {"names": ", ".join(moved[:10])})


class Writer:
    """Collects what is to be written, then writes it, each kind of row at once."""

    def __init__(self):
        self.names = Names()
        self.plan = Plan()
        self.inserted = {}

    # Planning

    def plan_change(self, change):
        model = change.content_type.model_class()
        if change.kind == ChangeKind.CREATE:
            key = natural_key_in(model, change.snapshot["fields"])
            if self.names.pk(model, key) is not None:
                message = _("Made since the check, so nothing was written. Check it again: %s.")
                raise ValidationError(message % change.record_name)
            self.plan_insertion(model, change.snapshot)
        else:
            self.plan_update(model, change.object_id, change.base.snapshot, change.snapshot)

    def plan_insertion(self, model, held):
        for _above, of, row in walk(held, model):
            fields = row["fields"]
            key = natural_key_in(of, fields)
            self.plan.insertions.append(Insertion(of, fields, key))
            for choice in choices_of(of):
                if fields.get(choice.name):
                    self.plan.choices.append((of, key, choice, fields[choice.name]))

    def plan_update(self, model, pk, before, after):
        key = natural_key_in(model, after["fields"])
        differing = {
            name: value
            for name, value in after["fields"].items()
            if name not in WORKFLOWS_OWN and before["fields"].get(name) != value
        }
        choices = {choice.name: choice for choice in choices_of(model)}
        for name in differing.keys() & choices.keys():
            self.plan.choices.append((model, key, choices[name], differing.pop(name)))
        if differing:
            self.plan.updates.append((model, pk, differing))
        for _name, of, part, former in pairs(model, after, before):
            if former is None:
                self.plan_insertion(of, part)
                continue
            pk = self.names.pk(of, natural_key_in(of, (part or former)["fields"]))
            if part is None:
                self.plan.removals[of].append(pk)
            elif former != part:
                self.plan_update(of, pk, former, part)

    # Writing

    def run(self):
        for model, pks in self.plan.removals.items():
            for some in batches(pks):
                model._base_manager.filter(pk__in=some).delete()
        self.insert()
        for model, pk, columns in self.plan.updates:
            changed = {self.attname(model, n): self.value(model, n, v) for n, v in columns.items()}
            model._base_manager.filter(pk=pk).update(**changed)
        self.choose()

    def insert(self):
        """Insert in waves: what refers to nothing new first."""
        waiting = self.plan.insertions
        while waiting:
            ready = defaultdict(list)
            for insertion in waiting:
                if self.can_be_made(insertion):
                    insertion.instance = self.instance(insertion)
                    ready[insertion.model].append(insertion)
            if not ready:
                raise ValidationError(_("New records refer to each other in a circle."))
            for model, insertions in ready.items():
                instances = [insertion.instance for insertion in insertions]
                model._base_manager.bulk_create(instances, batch_size=MANY)
                for insertion in insertions:
                    self.inserted[model, insertion.key] = insertion.instance
            waiting = [insertion for insertion in waiting if insertion.instance is None]

    def can_be_made(self, insertion):
        return all(
            self.pk(field.related_model, insertion.fields[field.name]) is not None
            for field in columns_of(insertion.model)
            if field.many_to_one and insertion.fields.get(field.name)
        )

    def instance(self, insertion):
        instance = insertion.model()
        for name, value in insertion.fields.items():
            if not insertion.model._meta.get_field(name).many_to_many:
                attname = self.attname(insertion.model, name)
                setattr(instance, attname, self.value(insertion.model, name, value))
        return instance

    def attname(self, model, name):
        return model._meta.get_field(name).attname

    def value(self, model, name, value):
        column = model._meta.get_field(name)
        if column.many_to_one:
            return self.pk(column.related_model, value) if value else None
        return column.to_python(value)

    def pk(self, model, key):
        key = tuple(key)
        inserted = self.inserted.get((model, key))
        return inserted.pk if inserted is not None else self.names.pk(model, key)

    def choose(self):
        """Write the many-to-many choices."""
        rows = defaultdict(list)
        for model, key, choice, keys in self.plan.choices:
            through = choice.remote_field.through
            source, target = choice.m2m_column_name(), choice.m2m_reverse_name()
            pk = self.pk(model, key)
            if (model, key) not in self.inserted:
                through._base_manager.filter(**{source: pk}).delete()
            rows[through] += [
                through(**{source: pk, target: self.pk(choice.related_model, other)})
                for other in keys
            ]
        for through, instances in rows.items():
            through._base_manager.bulk_create(instances, batch_size=MANY)


def note(changes, writer, of):
    """Write the history of what was written, and the proposals; remember both with the changes."""
    names = {"user": of.user, "note": note_of(of), "origin": Origin.IMPORT}
    created = [change for change in changes if change.kind == ChangeKind.CREATE]
    for change in created:
        model = change.content_type.model_class()
        change.object_id = writer.pk(model, natural_key_in(model, change.snapshot["fields"]))
    records = stored_records(changes)
    for kind, action in ((ChangeKind.CREATE, Action.CREATED), (ChangeKind.EDIT, Action.EDITED)):
        some = [change for change in changes if change.kind == kind]
        entries = [
            (records[record_key(c)], c.base.snapshot if c.base else None, c.snapshot) for c in some
        ]
        for change, revision in zip(
            some, history.record_all(entries, action, **names), strict=True
        ):
            change.result = revision
    proposed = [change for change in changes if change.kind == ChangeKind.PROPOSE]
    entries = [(records[record_key(c)], c.snapshot, c.base_id) for c in proposed]
    proposals = propose_all(entries, of.user, note_of(of), Origin.IMPORT)
    for change, proposal in zip(proposed, proposals, strict=True):
        change.proposal = proposal
    remember(changes)


def remember(changes):
    """Note with each change what it became."""
    table = ImportChange._meta.db_table
    rows = [
        (change.object_id, change.result_id, change.proposal_id, change.pk) for change in changes
    ]
    with connection.cursor() as cursor:
        # Others wait, and the ORM has no such statement for many rows at once.
        cursor.executemany(
            f"UPDATE {table} SET object_id = %s, result_id = %s, proposal_id = %s"  # noqa: S608
            " WHERE id = %s",
            rows,
        )


def record_key(change):
    return change.content_type_id, change.object_id


def stored_records(changes):
    """Return the records of changes, by ``(content type, primary key)``, with what names them."""
    found = {}
    for model, pks in records_of(changes).items():
        kind = ContentType.objects.get_for_model(model).pk
        to_one = [f.name for f in model._meta.concrete_fields if f.many_to_one]
        for some in batches(pks):
            rows = model._base_manager.select_related(*to_one).in_bulk(some)
            found |= {(kind, pk): record for pk, record in rows.items()}
    return found


def note_of(of):
    return "\n".join(filter(None, [of.note, _("Import %s") % of]))
