"""The fixture files: read, checked on their own, and put in an order that can be loaded."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from futureind.core.text_columns import as_kept, is_text
from futureind.publishing.models.records import Confidence, Part, PublicationState, Recorded
from futureind.publishing.snapshots import natural_key_in


class FixtureError(Exception):
    """What is wrong with the fixtures: one message that names file, record and field."""


@dataclass(eq=False)
class FixtureRow:
    """One record or part as a file has it; ``key`` is its natural key, as columns hold it."""

    file: str
    model: type[models.Model]
    fields: dict
    key: tuple

    @property
    def name(self):
        return name_of(self.model, self.key)

    def error(self, field, message):
        """Return the FixtureError about a field of this row (None: about all of it)."""
        return FixtureError(": ".join(filter(None, [self.file, self.name, field, str(message)])))

    def references(self):
        """Yield ``(field, natural key)`` for every foreign key that the row gives."""
        for field in columns_of(self.model):
            if field.many_to_one and (key := self.fields.get(field.name)) is not None:
                yield field, tuple(key)


def name_of(model, key):
    """Return how messages and reports call a row: its model and natural key."""
    return f"{model._meta.label_lower} {' · '.join(map(str, key))}"


def columns_of(model):
    """Return the fields that fixtures give: what people edit, and the publication state."""
    concrete = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and (field.editable or field.name == "publication_state")
    ]
    return concrete + choices_of(model)


def choices_of(model):
    """Return the many-to-many fields without rows of their own."""
    return [m for m in model._meta.many_to_many if m.remote_field.through._meta.auto_created]


# Reading


def read(directory):
    """Read all ``*.json`` files of a directory.

    Returns the rows in an order in which everything stands before what refers to it. Raises
    FixtureError about the first thing that is wrong with the files themselves; whether a
    reference leads anywhere is not known before the database is asked.
    """
    paths = sorted(Path(directory).glob("*.json"))
    if not paths:
        raise FixtureError(_("There are no fixtures (*.json) in %(path)s.") % {"path": directory})
    rows = {}
    for path in paths:
        for number, entry in enumerate(entries_of(path), start=1):
            row = read_row(path.name, number, entry)
            twin = rows.setdefault((row.model, row.key), row)
            if twin is not row:
                raise row.error(
                    None, _("This record stands in %(file)s already.") % {"file": twin.file}
                )
    return in_order(rows)


def entries_of(path):
    """Return the list that a file holds."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=object_of)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno, "reason": error.msg}
        message = _("This is not JSON, at line %(line)s, column %(column)s: %(reason)s.") % place
        raise FixtureError(f"{path.name}: {message}") from None
    except (UnicodeDecodeError, DoubleName) as error:
        raise FixtureError(f"{path.name}: {error}") from None
    if not isinstance(entries, list):
        raise FixtureError(f"{path.name}: {_('The file must be a list of records.')}")
    return entries


class DoubleName(ValueError):
    """A name stands twice in one JSON object, where only the last value would count."""


def object_of(pairs):
    names = [name for name, _value in pairs]
    for name in names:
        if names.count(name) > 1:
            raise DoubleName(_("“%(name)s” stands twice in one record.") % {"name": name})
    return dict(pairs)


def read_row(file, number, entry):
    """Return the FixtureRow of one entry of a file, checked column by column."""
    # Until the natural key is known the place in the file names the record.
    place = f"{file}: {_('record %(number)s') % {'number': number}}"
    check_shape(place, entry)
    model = model_named(entry["model"])
    if model is None:
        message = _("There is no model “%(name)s”.") % {"name": entry["model"]}
        raise FixtureError(f"{place}: model: {message}")
    fields = entry["fields"]
    row = FixtureRow(file, model, fields, known_key(model, fields, number))
    for check in (check_names, check_values, check_publication):
        check(row)
    row.key = natural_key_in(model, fields)
    return row


def check_shape(place, entry):
    """Raise FixtureError where an entry is not a model with its fields."""
    needed = ("model", "fields")
    if not isinstance(entry, dict):
        raise FixtureError(f"{place}: {_('A record has “model” and “fields”.')}")
    for name in needed:
        if name not in entry:
            raise FixtureError(f"{place}: {name}: {_('It is missing.')}")
    for name in entry:
        if name not in needed:
            raise FixtureError(f"{place}: {name}: {_('A record has “model” and “fields”.')}")
    if not isinstance(entry["fields"], dict):
        raise FixtureError(f"{place}: fields: {does_not_fit(entry['fields'])}")


def does_not_fit(value):
    return _("This does not fit here: %(value)s") % {"value": json.dumps(value, ensure_ascii=False)}


def model_named(label):
    """Return the model of records or parts with that label, None where there is none."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError, TypeError, AttributeError):
        return None
    return model if issubclass(model, Recorded | Part) else None


def known_key(model, fields, number):
    """Return what can be said about a row that is not checked yet: its key, or its place."""
    try:
        return natural_key_in(model, fields)
    except (KeyError, ValueError, TypeError, ValidationError):
        known = fields.get("slug") or _("record %(number)s") % {"number": number}
        return (known,)


def check_names(row):
    """Raise FixtureError where a column does not exist or is missing."""
    columns = columns_of(row.model)
    for name in row.fields:
        if name not in {field.name for field in columns}:
            raise row.error(name, _("There is no such column to fill."))
    for field in columns:
        required = not (field.blank or field.null or field.has_default())
        needed = field.name in {lookup.split("__")[0] for lookup in row.model.natural_key_fields}
        if (required or needed) and field.name not in row.fields:
            raise row.error(field.name, _("It is missing."))


def check_values(row):
    """Raise FixtureError where a value is not of the kind that the column holds."""
    for name, value in row.fields.items():
        field = row.model._meta.get_field(name)
        if value is None and field.null:
            continue
        # In Python a truth value is a number as well.
        is_flag = isinstance(field, models.BooleanField)
        if not isinstance(value, kinds_of(field)) or isinstance(value, bool) != is_flag:
            raise row.error(name, does_not_fit(value))
        if field.many_to_many:
            for key in value:
                check_reference(row, field, key)
        elif field.many_to_one:
            check_reference(row, field, value)
        else:
            check_python(row, field, value)
        if is_text(field):
            row.fields[name] = as_kept(field, value)
    check_unverified_fields(row)


def kinds_of(field):
    """Return what JSON may hold for a field, as Python types."""
    if field.is_relation or isinstance(field, models.JSONField):
        return (list,)
    if isinstance(field, models.BooleanField):
        return (bool,)
    if isinstance(field, models.IntegerField):
        return (int,)
    if isinstance(field, models.DecimalField):
        return (str, int, float)
    return (str,)


def check_reference(row, field, key):
    """Raise FixtureError where a reference is not a natural key of the other model."""
    lookups = field.related_model.natural_key_fields
    fits = isinstance(key, list) and len(key) == len(lookups)
    if not fits or not all(isinstance(value, str | int) for value in key):
        raise row.error(
            field.name,
            _("A reference is a list such as %(example)s, not %(value)s.")
            % {"example": json.dumps(lookups), "value": json.dumps(key, ensure_ascii=False)},
        )


def check_python(row, field, value):
    """Raise FixtureError where Django cannot read a value for the field."""
    try:
        field.to_python(value)
    except ValidationError as error:
        raise row.error(field.name, " ".join(error.messages)) from None


def check_unverified_fields(row):
    for name in row.fields.get("unverified_fields", []):
        try:
            row.model._meta.get_field(str(name))
        except FieldDoesNotExist:
            raise row.error(
                "unverified_fields", _("There is no column “%(name)s”.") % {"name": name}
            ) from None


def check_publication(row):
    """Raise FixtureError where a claim would be public that nobody has read in a source."""
    published = row.fields.get("publication_state") == PublicationState.PUBLISHED
    if not published or not row.model.requires_source:
        return
    if row.fields.get("confidence") == Confidence.RECALLED:
        raise row.error("confidence", _("What is still to be verified cannot be published."))
    if not row.fields.get("sources"):
        raise row.error("sources", _("It cannot be published without a source."))


# Order


def in_order(rows):
    """Return the rows so that each stands after those that it refers to.

    ``rows`` maps ``(model, natural key)`` to rows. Raises FixtureError where a row refers to
    itself, directly or through others.
    """
    done, above = {}, {}

    def place(row):
        if row in done:
            return
        above[row] = None
        for field, key in row.references():
            other = rows.get((field.related_model, key))
            if other in above:
                circle = [*above][[*above].index(other) :]
                names = " → ".join(step.name for step in [*circle, other])
                raise row.error(field.name, _("This makes a circle: %(names)s.") % {"names": names})
            if other is not None:
                place(other)
        del above[row]
        done[row] = None

    for row in rows.values():
        place(row)
    return list(done)
