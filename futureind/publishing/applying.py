"""Apply a snapshot to a record: for previews, approvals and reverts alike.

A snapshot (:mod:`futureind.publishing.snapshots`) names the record, its parts and choices by
natural keys. The caller opens the transaction, and records a revision where the change stays.
"""

from collections import Counter

from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.core.serializers.python import Deserializer
from django.db.models import ProtectedError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from futureind.publishing.models.records import owner_of
from futureind.publishing.snapshots import NOTHING, by_key, part_key, read_ahead, snapshot

# Changed by the workflow alone; a proposal leaves them as they are.
WORKFLOWS_OWN = {"slug", "publication_state"}


def content_of(held, model):
    """Return a snapshot without what only the workflow changes: slug, state, names of owners."""
    own = {model.owner_field} if hasattr(model, "owner_field") else WORKFLOWS_OWN
    parts = {
        name: [content_of(part, model._meta.get_field(name).related_model) for part in rows]
        for name, rows in held["parts"].items()
        if name in model.parts
    }
    fields = {name: value for name, value in held["fields"].items() if name not in own}
    return {"fields": fields, "parts": parts}


def apply_snapshot(record, wanted, *, provisional=False):
    """Make a record, its parts and choices what a snapshot says.

    Parameters: ``record``, saved, or new and then with its slug in the snapshot; ``wanted``, the
    snapshot; ``provisional``, give new parts primary keys that are the same at every application,
    for previews and forms that are rolled back.

    Returns the validation errors, as a list of sentences (empty: all was written). Needs a
    transaction.
    """
    application = Application(provisional)
    is_new = record.pk is None
    now = NOTHING if is_new else snapshot(record)
    kept = {"publication_state"} if is_new else WORKFLOWS_OWN
    if application.write_row(record, wanted["fields"], now["fields"], kept):
        application.write_parts(record, wanted["parts"], now["parts"])
    return application.problems


def beyond_doubt(model, changed):
    """Return the columns that are unchanged and share no constraint with a changed one.

    They were validated when they were stored; to do it again would cost several queries a row.
    """
    touched = set(changed)
    for constraint in model._meta.constraints:
        columns = columns_of(constraint)
        if columns & changed:
            touched |= columns
    return {field.name for field in model._meta.fields} - touched


def columns_of(constraint):
    """Return the names of the columns that a constraint refers to."""
    condition = getattr(constraint, "condition", None)
    columns = condition.referenced_base_fields if condition else set()
    return {*columns, *getattr(constraint, "fields", ())}


class Application:
    """The application of one snapshot to a record; ``problems`` collects validation errors."""

    def __init__(self, provisional):
        self.provisional = provisional
        self.problems = []
        self.given = Counter()

    def write_row(self, row, wanted, now, kept):
        """Write the columns of one row that differ; return whether the row stands in the end."""
        is_new = row._state.adding
        names = {field.name for field in (*row._meta.concrete_fields, *row._meta.many_to_many)}
        differing = {
            name: value
            for name, value in wanted.items()
            if name in names and name not in kept and (is_new or value != now.get(name))
        }
        if not differing and not is_new:
            return True
        choices = self.set_columns(row, differing)
        try:
            row.full_clean(exclude=None if is_new else beyond_doubt(type(row), set(differing)))
        except ValidationError as error:
            self.refuse(row, error.messages)
            return not is_new
        if is_new and self.provisional:
            self.given[type(row)] += 1
            row.pk = -self.given[type(row)]
        row.save(force_insert=is_new)
        for name, keys in choices.items():
            getattr(row, name).set(keys)
        return True

    def set_columns(self, row, columns):
        """Set columns from their values in a snapshot; return the choices still to be written."""
        choices = {}
        for name, value in columns.items():
            # A primary key of 0, or Django would look for the row by its natural key.
            entry = {"model": row._meta.label, "pk": 0, "fields": {name: value}}
            try:
                [read] = Deserializer([entry])
            except DeserializationError:
                label = row._meta.get_field(name).verbose_name
                text = _("%(column)s: there is no %(value)s.")
                self.refuse(row, [text % {"column": capfirst(label), "value": in_words(value)}])
                continue
            if name in read.m2m_data:
                choices[name] = list(read.m2m_data[name])
            else:
                attname = row._meta.get_field(name).attname
                setattr(row, attname, getattr(read.object, attname))
        return choices

    def refuse(self, row, messages):
        self.problems += [
            _("“%(name)s”: %(reason)s") % {"name": row, "reason": message} for message in messages
        ]

    # Parts

    def write_parts(self, owner, wanted, now):
        for name in getattr(owner, "parts", ()):
            if name in wanted:
                self.write_parts_of_one_kind(owner, name, wanted[name], now.get(name, []))

    def write_parts_of_one_kind(self, owner, name, wanted, now):
        model = owner._meta.get_field(name).related_model
        wanted, now = by_key(wanted, model), by_key(now, model)
        changed = {key for key, part in wanted.items() if now.get(key) != part}
        if not changed and len(wanted) == len(now):
            return
        rows = {part_key(snapshot(row), model): row for row in read_ahead(getattr(owner, name))}
        self.remove(owner, [row for key, row in rows.items() if key not in wanted])
        # What stands already comes first, and makes room for what is new.
        waiting = sorted(changed, key=lambda key: (key not in rows, str(key)))
        while waiting:
            missing = {key for key in waiting if key not in rows}
            ready = [key for key in waiting if not self.waits(wanted[key], model, missing)]
            for key in ready or waiting:
                row = rows.get(key) or model(**{model.owner_field: owner})
                here = now.get(key, NOTHING)
                if self.write_row(row, wanted[key]["fields"], here["fields"], {model.owner_field}):
                    self.write_parts(row, wanted[key]["parts"], here["parts"])
            waiting = [key for key in waiting if ready and key not in ready]

    def waits(self, part, model, missing):
        """Tell whether a part names another of its kind that is still to be made."""
        return any(
            tuple(part["fields"].get(field.name) or ()) in missing
            for field in model._meta.concrete_fields
            if field.related_model is model
        )

    def remove(self, owner, rows):
        """Delete parts; what stands within another goes first."""
        known = [row for row in rows if hasattr(row, "get_absolute_url")]
        if known and getattr(owner_of(owner), "was_published", False):
            for row in known:
                self.refuse(row, [_("It was published once, so it stays.")])
            rows = [row for row in rows if row not in known]
        while rows:
            left = []
            for row in rows:
                try:
                    row.delete()
                except ProtectedError:
                    left.append(row)
            if len(left) == len(rows):
                for row in left:
                    self.refuse(row, [_("Other records refer to it, so it stays.")])
                return
            rows = left


def in_words(value):
    return ", ".join(map(in_words, value)) if isinstance(value, list) else str(value)
