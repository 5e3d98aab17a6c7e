"""The check of an import: what every row would do, computed without writing to any record.

Rows become changes of snapshots, the shape in which history and proposals keep records. Each row
is settled after those that it refers to, so that what depends on a refused row is refused as well.
"""

import logging
from copy import deepcopy

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, UniqueConstraint
from django.utils.translation import gettext as _

from futureind.exchange import values
from futureind.exchange.kinds import all_kinds
from futureind.exchange.names import Names, as_compared, folded_number
from futureind.exchange.rows import (
    Root,
    blank_snapshot,
    changed_list,
    put_part,
    rows_of,
)
from futureind.exchange.rules import Rules
from futureind.exchange.values import UNSAID, CellError, Reference, written_key
from futureind.publishing.models.records import PublicationState, Reviewed
from futureind.publishing.models.revisions import Revision
from futureind.publishing.snapshots import natural_key_in, read_ahead, snapshot
from futureind.publishing.usage import named_in_public

logger = logging.getLogger(__name__)

READ_AT_ONCE = 200


class Check(Rules):
    """One check, step by step; :meth:`run` says in which order."""

    def __init__(self, tables, user, report=lambda done, total: None):
        super().__init__(user, Names())
        self.report = report
        self.rows = [row for table in tables for row in rows_of(table)]
        order = {model: place for place, model in enumerate(all_kinds())}
        self.rows.sort(key=lambda row: order[row.model])
        self.made_by = {}
        self.roots = {}
        self.settling = []

    def run(self):
        """Settle all rows; returns the roots that change, in an order in which they can be made."""
        for row in self.rows:
            self.identify(row)
        for row in self.rows:
            self.read_values(row)
        self.load_roots()
        for number, row in enumerate(self.rows):
            if number % 50 == 0:
                self.report(number, len(self.rows))
            self.settle(row)
        self.report(len(self.rows), len(self.rows))
        return [root for root in self.roots.values() if root.before != root.after]

    # Which record is it

    def identify(self, row):
        """Find or make the natural key of a row, and of its owner where it is a part."""
        try:
            if row.kind.is_part and (typed := row.cells.get(row.model.owner_field, "").strip()):
                owner = Reference(row.kind.owner_model, typed)
                row.owner = tuple(self.names.resolve(owner))
            row.key = self.natural_key(row)
        except CellError as error:
            row.refuse(error, row.model.owner_field if row.kind.is_part else "slug")
            return
        stored = self.names.pk(row.model, row.key)
        row.is_new = stored is None
        if (row.model, row.key) in self.made_by:
            other = self.made_by[row.model, row.key]
            row.refuse(
                _("The same record stands in row %(number)d already.") % {"number": other.number}
            )
            return
        self.made_by[row.model, row.key] = row
        if row.is_new and row.kind.is_part and row.owner is None:
            row.refuse(_("This field is required."), row.model.owner_field)
        if row.is_new:
            number = row.cells.get(row.model_number, "")
            self.names.add(row.model, row.key, number.strip())
        elif row.kind.is_part:
            self.find_owner(row, stored)

    def natural_key(self, row):
        if row.model.natural_key_fields == ("slug",):
            return self.slug_key(row)
        key = []
        for lookup in row.model.natural_key_fields:
            name = lookup.partition("__")[0]
            value = self.value_of(row, name)
            key.append(value[0] if isinstance(value, list) else value)
        if None in key or "" in key or UNSAID in key:
            names = ", ".join(row.kind.key_columns)
            raise CellError(_("These columns name a row, so they are needed: %s.") % names)
        return tuple(key)

    def value_of(self, row, name):
        read = values.read(row.model._meta.get_field(name), row.cells.get(name, ""))
        return self.names.resolved(read)

    def slug_key(self, row):
        """Return the key by slug, by document number, by what is unique, else a new one."""
        if typed := row.cells.get("slug", "").strip():
            return self.names.find(row.model, typed) or (typed,)
        number = row.cells.get(row.model_number, "").strip()
        found = number and self.names.find(row.model, number)
        row.is_named_by_number = bool(found)
        found = found or self.key_by_constraint(row)
        if found:
            return found
        columns = {name: row.cells.get(name, "").strip() for name in row.kind.columns}
        for name in row.kind.columns:
            field = row.kind.columns[name].field
            if field is not None and field.many_to_one and columns[name]:
                columns[name] = self.names.resolve(Reference(field.related_model, columns[name]))
        wanted = row.model.slug_for(columns)
        if not wanted:
            raise CellError(_("Give it a slug, or the columns from which one is made."))
        number, slug = 1, wanted[: row.model._meta.get_field("slug").max_length]
        while self.names.find(row.model, slug):
            number += 1
            slug = f"{wanted[:110]}-{number}"
        return (slug,)

    def key_by_constraint(self, row):
        """Return the key of a stored record that is the same by one of the model's constraints."""
        for constraint in row.model._meta.constraints:
            if not isinstance(constraint, UniqueConstraint) or constraint.condition:
                continue
            if any(not row.cells.get(name, "").strip() for name in constraint.fields):
                continue
            wanted = {name: self.value_of(row, name) for name in constraint.fields}
            for name, value in wanted.items():
                if isinstance(value, list):
                    model = row.model._meta.get_field(name).related_model
                    wanted[name] = self.names.pk(model, tuple(value))
            if None in wanted.values():
                # It refers to what is new, so nothing stored is the same.
                continue
            found = row.model._base_manager.filter(**wanted).values_list("slug", flat=True).first()
            if found:
                return (found,)
        return None

    def find_owner(self, row, pk):
        owner = row.model._meta.get_field(row.model.owner_field)
        lookups = [f"{owner.name}__{name}" for name in owner.related_model.natural_key_fields]
        [stored] = row.model._base_manager.filter(pk=pk).values_list(*lookups)
        if row.owner not in (None, stored):
            row.refuse(_("It stays with “%(name)s”.") % {"name": written_key(stored)}, owner.name)
        row.owner = stored

    # What does it say

    def read_values(self, row):
        """Read all cells that stand under a column; a refused one says why."""
        unnamed, row.problems = row.problems, []
        self.refuse_marked(row)
        for name, text in row.cells.items():
            column = row.kind.columns[name]
            if name in row.marked:
                continue
            try:
                if column.part:
                    _column, entry = row.kind.lists[column.part]
                    row.values[name] = [
                        (self.names.resolve(reference), said, reference)
                        for reference, said in values.read_items(entry, text)
                    ]
                elif name != "slug":
                    row.values[name] = self.value_in(row, name, text)
            except CellError as error:
                row.refuse(error, name)
        # What kept a row from being named is said again at the cell that it stands in.
        said = {message for _column, _value, message in row.problems}
        row.problems = [p for p in unnamed if p[2] not in said] + row.problems

    def value_in(self, row, name, text):
        """Return what a snapshot holds for a cell; notes what is not read as it stands."""
        field = row.kind.columns[name].field
        value = self.names.resolved(values.read(field, text))
        if values.is_percentage(field, text):
            row.percentages.append(name)
        if value and name == row.model_number:
            value = folded_number(value)
        if isinstance(value, str) and values.is_read_otherwise(field, text, value):
            row.say_reading(name, text, value)
        return value

    # The records as they are

    def load_roots(self):
        wanted = {}
        for row in self.rows:
            if row.key is None or (row.kind.is_part and row.owner is None):
                continue
            model, key = self.root_of(row)
            pk = self.names.pk(model, key)
            if pk is not None:
                wanted.setdefault(model, {})[pk] = key
        for model, keys in wanted.items():
            pks = list(keys)
            for start in range(0, len(pks), READ_AT_ONCE):
                self.load_some(model, keys, pks[start : start + READ_AT_ONCE])

    def load_some(self, model, keys, pks):
        kind = ContentType.objects.get_for_model(model)
        revisions = Revision.objects.filter(content_type=kind, object_id__in=pks).order_by()
        last = dict(revisions.values_list("object_id").annotate(last=Max("pk")))
        seen = () if issubclass(model, Reviewed) else named_in_public(model, pks)
        for record in read_ahead(model._base_manager).filter(pk__in=pks):
            held = snapshot(record)
            state = PublicationState.PUBLISHED if record.pk in seen else PublicationState.DRAFT
            self.roots[model, keys[record.pk]] = Root(
                model,
                keys[record.pk],
                record.pk,
                last.get(record.pk),
                getattr(record, "publication_state", state),
                held,
                deepcopy(held),
            )
            self.instances[model, keys[record.pk]] = record

    def root_of(self, row):
        return (row.kind.owner_model, row.owner) if row.kind.is_part else (row.model, row.key)

    # What would become of it

    def settle(self, row):
        """Decide about a row after those that it refers to."""
        if row.is_settled:
            return
        row.is_settled = True
        self.settling.append(row)
        for model, key in self.references(row):
            maker = self.made_by.get((model, key))
            if maker is None or maker is row:
                continue
            if maker in self.settling and maker.is_new:
                row.refuse(_("It refers to itself through other rows."))
                continue
            self.settle(maker)
            if maker.problems and maker.is_new:
                place = {"sheet": maker.sheet, "number": maker.number}
                row.refuse(_("It refers to %(sheet)s, row %(number)d, which is refused.") % place)
        self.settling.pop()
        self.refuse_wordless(row)
        if not row.problems:
            self.guard(row)

    def guard(self, row):
        """Apply a row; a value that nobody thought of refuses its row and ends nothing."""
        try:
            self.apply(row)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            logger.exception("Row %s of %s cannot be checked.", row.number, row.sheet)
            row.refuse(_("It cannot be checked; why is in the log of the site."))

    def references(self, row):
        """Yield ``(model, key)`` of all that a row refers to."""
        if row.kind.is_part and row.owner is not None:
            yield row.kind.owner_model, row.owner
        for name, value in row.values.items():
            column = row.kind.columns[name]
            if column.part:
                _column, entry = row.kind.lists[column.part]
                for key, _said, _reference in value:
                    yield entry.target.related_model, tuple(key)
            elif column.is_reference and value and value is not UNSAID:
                keys = value if column.field.many_to_many else [value]
                for key in keys:
                    yield column.field.related_model, tuple(key)

    def apply(self, row):
        """Change the snapshot of the row's record, where nothing speaks against it."""
        root = self.root_for(row)
        held = self.held(root, row)
        row.before = held
        after = deepcopy(held) if held is not None else self.blank(row)
        after["fields"] |= {
            name: value
            for name, value in row.values.items()
            if value is not UNSAID and not row.kind.columns[name].part
        }
        for part, (name, entry) in row.kind.lists.items():
            if name in row.values:
                after["parts"][part] = changed_list(
                    after["parts"].get(part, []), entry, row.key, row.values[name]
                )
        self.keep_number(row, after["fields"], held)
        row.after = after
        if row.before != row.after:
            self.refuse_forbidden(row, root)
            self.validate(row)
        self.refuse_repetition(row)
        if row.problems:
            return
        if row.kind.is_part:
            put_part(root, row)
        else:
            root.after = {**after, "parts": {**root.after["parts"], **after["parts"]}}
            self.roots.setdefault((row.model, row.key), root)

    def keep_number(self, row, fields, held):
        """Keep a number as it is on record where only its brackets or characters differ."""
        name = row.model_number
        before = held["fields"].get(name) if held and name else None
        if before and as_compared(before) == as_compared(fields.get(name) or ""):
            fields[name] = before

    def root_for(self, row):
        model, key = self.root_of(row)
        if (model, key) not in self.roots:
            blank = blank_snapshot(model, key)
            return Root(model, key, None, None, PublicationState.DRAFT, None, blank)
        return self.roots[model, key]

    def held(self, root, row):
        """Return what the row's record or part holds now, None where it is new."""
        if row.is_new:
            return None
        if not row.kind.is_part:
            parts = {name: root.before["parts"].get(name, []) for name in row.kind.lists}
            return {"fields": root.before["fields"], "parts": parts}
        for part in root.before["parts"].get(row.kind.part_name, []):
            if natural_key_in(row.model, part["fields"]) == row.key:
                return part
        return None

    def stands_there(self, row, name, value):
        """Tell whether the record of a row holds this value already."""
        root = None if row.is_new or row.key is None else self.roots.get(self.root_of(row))
        held = self.held(root, row) if root is not None else None
        return held is not None and held["fields"].get(name) == value

    def blank(self, row):
        blank = blank_snapshot(row.model, row.key, row.owner if row.kind.is_part else None)
        blank["parts"] = {name: [] for name in row.kind.lists}
        return blank
