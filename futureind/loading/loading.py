"""Fixtures loaded: what the files say is written, what an editor has changed stays as it is.

Nothing here names a model of the domain. A record with all its parts is the loader's for as long
as the loader wrote its last revision; from the first change by an editor on it is theirs.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.serializers.python import Deserializer
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from futureind.loading import fixtures
from futureind.loading.fixtures import choices_of, columns_of, name_of
from futureind.loading.stored import Stored, chosen, last_origins
from futureind.publishing import history
from futureind.publishing.models.records import Part, PublicationState
from futureind.publishing.models.revisions import Action, Origin
from futureind.publishing.snapshots import read_ahead
from futureind.publishing.workflow import TRANSITIONS

OUTCOMES = ("created", "updated", "kept", "unchanged", "removed")


@dataclass
class Report:
    """What a load did: rows by model and outcome, and the names of what it left alone.

    ``kept`` are the records that an editor has changed, ``vanished`` the records and ``left`` the
    parts with a page of their own that stand in the fixtures no longer.
    """

    counts: dict = field(default_factory=lambda: defaultdict(Counter))
    kept: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def load(directory, *, check=False, watch=lambda steps, title: steps):
    """Load all fixtures of a directory in one transaction.

    Parameters: ``directory``, where the ``*.json`` files are; ``check``, undo everything at the
    end; ``watch``, called with each long list of steps and its title, returns what to go through
    in its place (a progress bar).

    Returns a Report. Raises :class:`futureind.loading.fixtures.FixtureError` where something is
    wrong with the files; nothing is loaded then.
    """
    rows = fixtures.read(directory)
    try:
        return load_rows(rows, check, watch)
    except (IntegrityError, DataError):
        # To ask before each row what the database would refuse takes many times longer, so that
        # is done only to say which row it was, and why.
        return load_rows(rows, check, watch, careful=True)


@history.in_turn()
def load_rows(rows, check, watch, *, careful=False):
    loader = Loader(rows, careful)
    loader.write_rows(watch)
    loader.write_choices()
    loader.remove_parts()
    loader.name_vanished()
    loader.write_history(watch)
    loader.count()
    if check:
        transaction.set_rollback(True)
    return loader.report


class Loader:
    """One load, step by step; :func:`load` says in which order."""

    def __init__(self, rows, careful):
        self.rows = rows
        self.careful = careful
        self.row_of = {(row.model, row.key): row for row in rows}
        self.report = Report()
        self.outcome_of = {}
        # What the load wrote or found as it should be; what an editor has changed is not in it.
        self.pk_of = {}
        # The records that need a new revision, with what happened to them.
        self.actions = {}
        self.origins = last_origins()
        self._stored = {}

    def stored(self, model):
        if model not in self._stored:
            self._stored[model] = Stored(model)
        return self._stored[model]

    # Names and owners

    def pk_named(self, model, key):
        """Return the primary key that a natural key leads to, former slugs followed, or None."""
        stored = self.stored(model)
        if key in stored.pk_of:
            return stored.pk_of[key]
        today = self.with_slugs_of_today(model, key)
        return stored.pk_of.get(today) or stored.former.get(today)

    def with_slugs_of_today(self, model, key):
        """Return a natural key with today's slugs of the records that are named in it."""
        today = list(key)
        for position, lookup in enumerate(model.natural_key_fields):
            name, _separator, rest = lookup.partition("__")
            if rest:
                other = model._meta.get_field(name).related_model
                pk = self.pk_named(other, (key[position],))
                [today[position]] = self.stored(other).key_of.get(pk, (key[position],))
        return tuple(today)

    def referred(self, row, reference, key):
        """Return the primary key that a reference leads to.

        None where an editor deleted what it names, or keeps it from being made. Raises
        FixtureError where there never was such a record.
        """
        model = reference.related_model
        pk = self.pk_named(model, key)
        if pk in self.stored(model).rows:
            return pk
        if pk is None and self.outcome_of.get(self.row_of.get((model, key))) != "kept":
            name = name_of(model, key)
            raise row.error(reference.name, _("There is no %(name)s.") % {"name": name})
        return None

    def root(self, model, pk):
        """Return ``(model, primary key)`` of the record that a part belongs to, or of itself."""
        while issubclass(model, Part):
            owner = model._meta.get_field(model.owner_field)
            pk = self.stored(model).rows[pk][owner.attname]
            model = owner.related_model
        return model, pk

    def is_editors(self, root):
        return self.origins.get(root, Origin.LOADER) != Origin.LOADER

    def note(self, root, *, changed):
        """Remember that a record needs a revision: it changed, or it has none yet."""
        if root not in self.origins:
            self.actions.setdefault(root, Action.CREATED)
        elif changed:
            self.actions.setdefault(root, Action.EDITED)

    # Rows

    def write_rows(self, watch):
        for row in watch(self.rows, _("Records")):
            outcome = self.outcome_of[row] = self.write(row)
            if outcome == "kept" and not issubclass(row.model, Part):
                self.report.kept.append(row.name)

    def write(self, row):
        """Write one row where it is the loader's to write; return the outcome."""
        stored = self.stored(row.model)
        pk = self.pk_named(row.model, row.key)
        if pk is not None:
            deleted = pk not in stored.rows
            if deleted or self.is_editors(self.root(row.model, pk)):
                return "kept"
        columns = self.with_primary_keys(row)
        if columns is None:
            return "kept"
        # Without any key Django would look for the record, which is known not to exist.
        entry = {"model": row.model._meta.label, "pk": pk or 0, "fields": columns}
        [deserialized] = Deserializer([entry])
        instance = deserialized.object
        instance.pk = pk
        outcome = self.create(row, instance) if pk is None else self.update(row, instance)
        self.pk_of[row] = instance.pk
        self.note(self.root(row.model, instance.pk), changed=outcome != "unchanged")
        return outcome

    def with_primary_keys(self, row):
        """Return the columns of a row, with primary keys for natural keys.

        None where the row refers to what an editor deleted, or belongs to an editor's record.
        """
        choices = {choice.name for choice in choices_of(row.model)}
        columns = {name: value for name, value in row.fields.items() if name not in choices}
        for reference, key in row.references():
            columns[reference.name] = pk = self.referred(row, reference, key)
            if pk is None:
                return None
            is_owner = reference.name == getattr(row.model, "owner_field", None)
            if is_owner and self.is_editors(self.root(reference.related_model, pk)):
                return None
        return columns

    def create(self, row, instance):
        self.save(row, instance, force_insert=True)
        self.stored(row.model).add(instance, row.key)
        return "created"

    def update(self, row, instance):
        stored = self.stored(row.model)
        before = stored.rows[instance.pk]
        columns = [column for column in columns_of(row.model) if not column.many_to_many]
        differing = [
            column.name
            for column in columns
            if getattr(instance, column.attname) != before[column.attname]
        ]
        if not differing:
            return "unchanged"
        check_transition(row, instance, before)
        # A part that moves changes the record that it leaves as well.
        self.note(self.root(row.model, instance.pk), changed=True)
        instance._state.adding = False
        self.save(row, instance, update_fields=differing)
        stored.add(instance, row.key)
        return "updated"

    def save(self, row, instance, **options):
        """Validate and save an instance; raises FixtureError naming the field."""
        given = [reference.name for reference, _key in row.references()]
        try:
            instance.clean_fields(exclude=given)
            instance.clean()
            if self.careful:
                check_constraints(row, instance)
            instance.save(**options)
        except ValidationError as problem:
            raise refusal(row, problem) from None
        except (IntegrityError, DataError) as error:
            if self.careful:
                raise row.error(None, error) from None
            raise

    # Choices

    def write_choices(self):
        """Make the many-to-many fields say what the fixtures say."""
        rows_of = defaultdict(list)
        for row in self.pk_of:
            rows_of[row.model].append(row)
        for model, rows in rows_of.items():
            for choice in choices_of(model):
                self.write_choice(choice, rows)

    def write_choice(self, choice, rows):
        through = choice.remote_field.through._base_manager
        source, target = choice.m2m_column_name(), choice.m2m_reverse_name()
        present = chosen(choice)
        added = []
        for row in rows:
            pk, keys = self.pk_of[row], map(tuple, row.fields.get(choice.name, []))
            wanted = {self.referred(row, choice, key) for key in keys} - {None}
            if wanted == present[pk]:
                continue
            gone = present[pk] - wanted
            through.filter(**{source: pk, f"{target}__in": gone}).delete()
            added += [{source: pk, target: other} for other in sorted(wanted - present[pk])]
            if self.outcome_of[row] == "unchanged":
                self.outcome_of[row] = "updated"
            self.note(self.root(row.model, pk), changed=True)
        through.bulk_create(through.model(**pair) for pair in added)

    # What the fixtures hold no longer

    def remove_parts(self):
        """Remove parts that stand in the fixtures no longer, where all around them is the loader's.

        What has a page of its own stays, and is named.
        """
        found = self.found()
        for model in part_models(found):
            stored = self.stored(model)
            owner = model._meta.get_field(model.owner_field)
            gone = [
                pk
                for pk in sorted(stored.edited - found[model])
                if stored.rows[pk][owner.attname] in found[owner.related_model]
            ]
            if hasattr(model, "get_absolute_url"):
                self.report.left += [name_of(model, stored.key_of[pk]) for pk in gone]
                continue
            model._base_manager.filter(pk__in=gone).delete()
            self.report.counts[model._meta.label_lower]["removed"] += len(gone)
            for pk in gone:
                self.note(self.root(model, pk), changed=True)

    def found(self):
        """Return the primary keys of what was written or found, by model."""
        found = defaultdict(set)
        for row, pk in self.pk_of.items():
            found[row.model].add(pk)
        return found

    def name_vanished(self):
        """Name the records that came from fixtures and stand in them no longer."""
        found = self.found()
        for model in found:
            if not issubclass(model, Part):
                stored = self.stored(model)
                self.report.vanished += [
                    name_of(model, stored.key_of[pk])
                    for pk in sorted(stored.rows.keys() - found[model])
                    if self.origins.get((model, pk)) == Origin.LOADER
                ]

    # History and report

    def write_history(self, watch):
        """Write a revision of every record that is new or has changed."""
        pks_of = defaultdict(list)
        for model, pk in self.actions:
            pks_of[model].append(pk)
        records = {
            model: read_ahead(model._base_manager).in_bulk(pks) for model, pks in pks_of.items()
        }
        with history.together():
            for (model, pk), action in watch(self.actions.items(), _("History")):
                history.record(records[model][pk], action, origin=Origin.LOADER)

    def count(self):
        for row, outcome in self.outcome_of.items():
            self.report.counts[row.model._meta.label_lower][outcome] += 1


def part_models(models):
    """Return the models of all parts that records and parts of these models may have."""
    found = {model: None for model in models if issubclass(model, Part)}
    waiting = list(models)
    while waiting:
        model = waiting.pop()
        for name in getattr(model, "parts", ()):
            part = model._meta.get_field(name).related_model
            if part not in found:
                found[part] = None
                waiting.append(part)
    return list(found)


# Refusals


def check_transition(row, instance, before):
    """Raise FixtureError where the publication state would change as no editor may change it."""
    state = before.get("publication_state")
    if state is None or instance.publication_state == state:
        return
    if instance.publication_state not in TRANSITIONS[PublicationState(state)]:
        message = _("A record that is %(now)s cannot become %(then)s.")
        values = {"now": PublicationState(state).label, "then": instance.publication_state}
        raise row.error("publication_state", message % values)


def refusal(row, problem):
    """Return the FixtureError for what Django's validation found."""
    [(field, messages), *_others] = problem.message_dict.items()
    return row.error(None if field == NON_FIELD_ERRORS else field, " ".join(messages))


def check_constraints(row, instance):
    """Raise FixtureError or ValidationError where the database would refuse to save."""
    instance.validate_unique()
    for constraint in row.model._meta.constraints:
        try:
            constraint.validate(row.model, instance)
        except ValidationError as problem:
            names = getattr(constraint, "fields", ()) or names_in(constraint.condition)
            in_order = [f.name for f in row.model._meta.concrete_fields if f.name in names]
            raise row.error(", ".join(in_order), " ".join(problem.messages)) from None


def names_in(condition):
    """Return the names of the columns in a condition."""
    names = set()
    for child in condition.children:
        names |= names_in(child) if isinstance(child, Q) else {child[0].split("__")[0]}
    return names
