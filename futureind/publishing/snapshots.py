"""Snapshots: what a record holds, with its parts and choices, by natural keys.

The shape is ``{"fields": {column: value}, "parts": {reverse name: [snapshot, …]}}``.
"""

import json

from django.core import serializers
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Prefetch

NOTHING = {"fields": {}, "parts": {}}


def snapshot(record):
    """Return what a record holds, with its parts and choices, by natural keys.

    The shape is ``{"fields": {column: value}, "parts": {reverse name: [snapshot, …]}}``; derived
    rows are left out, since nobody edits them.
    """
    data = serializers.serialize(
        "python",
        [record],
        use_natural_foreign_keys=True,
        use_natural_primary_keys=True,
    )[0]["fields"]
    fields = {
        name: sorted(value) if target_is_many(record, name) else value
        for name, value in data.items()
        if is_content(record._meta.get_field(name))
    }
    parts = {
        name: [snapshot(part) for part in parts_of(record, name)]
        for name in getattr(record, "parts", ())
    }
    # Through the encoder and back, so that it compares equal to what the database returns.
    return json.loads(json.dumps({"fields": fields, "parts": parts}, cls=DjangoJSONEncoder))


def is_content(field):
    """True for columns that people edit, and the publication state; the site writes the others."""
    return field.editable or field.name == "publication_state"


def target_is_many(record, name):
    return record._meta.get_field(name).many_to_many


def parts_of(record, name):
    """Return the edited parts of a record, in the order of their natural keys."""
    rows = getattr(record, read_ahead_as(name), None)
    if rows is None:
        rows = read_ahead(getattr(record, name))
    return sorted(rows, key=lambda part: str(part.natural_key()))


def read_ahead(rows):
    """Prefetch all that snapshots of rows hold.

    ``rows`` is a manager or queryset. Derived rows are left out.
    """
    model = rows.model
    rows = rows.edited() if hasattr(rows, "edited") else rows.all()
    to_one = [f.name for f in model._meta.concrete_fields if f.many_to_one]
    choices = [
        f.name for f in model._meta.many_to_many if f.remote_field.through._meta.auto_created
    ]
    parts = [
        Prefetch(
            name,
            read_ahead(model._meta.get_field(name).related_model.objects),
            to_attr=read_ahead_as(name),
        )
        for name in getattr(model, "parts", ())
    ]
    return rows.select_related(*to_one).prefetch_related(*choices, *parts)


def read_ahead_as(name):
    # A separate attribute: another prefetch may be older than the change.
    return f"_{name}_read_ahead"


def natural_key_in(model, fields):
    """Return the natural key that is held in columns as JSON has them."""
    key = []
    for lookup in model.natural_key_fields:
        name = lookup.split("__")[0]
        field, value = model._meta.get_field(name), fields[name]
        if field.is_relation:
            # A reference in a natural key is to a record, which one slug names.
            [value] = value
        elif hasattr(python := field.to_python(value), "isoformat"):
            value = str(python)
        key.append(value)
    return tuple(key)


def field_named(model, name):
    """Return a field of the model, None where an old version names one that is gone."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


# Parts


def part_model(model, name):
    """Return the model of the parts of that name, None where an old version names what is gone."""
    relation = field_named(model, name)
    return relation.related_model if relation is not None else None


def part_key(part, model):
    """Return what names a part (its snapshot) within its owner, as a hashable value."""
    return tuple(
        tuple(value) if isinstance(value, list) else value
        for value in (part["fields"].get(column) for column in key_columns(model))
    )


def key_columns(model):
    """Return the columns that name a part within its owner."""
    columns = [lookup.split("__")[0] for lookup in model.natural_key_fields]
    return [column for column in columns if column != model.owner_field]


def by_key(parts, model):
    return {part_key(part, model): part for part in parts}


def pairs(model, *sides):
    """Yield the parts of snapshots of a record side by side, paired by what names them.

    Yields ``(name, model of the part, one part for each side)``, None where a side has none; those
    of the first side come first, in its order. What the model does not know any more is left out.
    """
    for name in dict.fromkeys(name for side in sides for name in side["parts"]):
        of = part_model(model, name)
        if of is None:
            continue
        found = [by_key(side["parts"].get(name, ()), of) for side in sides]
        for key in dict.fromkeys(key for parts in found for key in parts):
            yield name, of, *(parts.get(key) for parts in found)


def walk(held, model, above=()):
    """Yield ``(above, model, snapshot)`` of a snapshot and of all parts in it, owners first.

    ``above`` leads there from the outside in, as ``(name, key)`` of each part.
    """
    yield above, model, held
    for name, parts in held["parts"].items():
        of = model._meta.get_field(name).related_model
        for part in parts:
            yield from walk(part, of, (*above, (name, part_key(part, of))))
