"""Where a record is used: what refers to it, counted and listed, and whether visitors see it so."""

from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst

from futureind.publishing.models.records import Part, PublicationState, Recorded, Reviewed, owner_of

SHOWN = 100


@dataclass(frozen=True)
class Use:
    """One way in which records refer to another: ``rows`` are the first of them."""

    label: str
    count: int
    rows: list

    @property
    def owners(self):
        """The records with a form of their own that the rows belong to, each once."""
        return list(dict.fromkeys(owner_of(row) for row in self.rows))

    @property
    def more(self):
        return self.count - len(self.rows)


def references(model):
    """Yield the fields of other records, parts and links that refer to a model.

    Each is a foreign key, or a many-to-many field whose rows have no class of their own.
    """
    for relation in model._meta.related_objects:
        field = relation.field
        if not issubclass(relation.related_model, Recorded | Part):
            continue
        if field.many_to_many and not field.remote_field.through._meta.auto_created:
            # The rows between are parts themselves and come as foreign keys.
            continue
        yield field


def rows_of(field, record):
    """Return the rows whose ``field`` refers to a record; derived ones are left out."""
    manager = field.model._base_manager
    rows = manager.filter(**{field.name: record})
    if any(f.name == "basis" for f in field.model._meta.fields):
        rows = rows.exclude(basis="derived")
    return rows


def uses_of(record):
    """Return all uses of a record, as a list of :class:`Use` without empty ones."""
    found = []
    for field in references(type(record)):
        rows = rows_of(field, record)
        count = rows.count()
        if count:
            model = field.model
            kind = capfirst(str(model._meta.verbose_name_plural))
            label = f"{kind} · {field.verbose_name}"
            shown = list(rows.select_related(*owner_path(model)).order_by("pk")[:SHOWN])
            found.append(Use(label, count, shown))
    return found


def owner_path(model):
    """Return the lookups that load with a part what it belongs to, up to its record."""
    path = []
    while issubclass(model, Part) and not issubclass(model, Recorded):
        path.append("__".join([*path[-1:], model.owner_field]))
        model = model._meta.get_field(model.owner_field).related_model
    to_one = [f for f in model._meta.fields if isinstance(f, models.ForeignKey)]
    names = [f.name for f in to_one if issubclass(f.related_model, Recorded)]
    return [*path, *("__".join([*path[-1:], name]) for name in names)]


# What visitors see


def stands_in_public(record):
    """Tell whether visitors see what a record holds, so that a change of it has to be approved.

    A published record counts also while something above it is hidden: once that is published, it
    is seen as it stands. What has no state of its own, such as a source, is seen through what names
    it.
    """
    if isinstance(record, Reviewed):
        return record.publication_state == PublicationState.PUBLISHED
    return record.pk in named_in_public(type(record), [record.pk])


def named_in_public(model, pks, besides=None):
    """Return which records of a model without states something published names, as a set of keys.

    Parameters: ``pks``, the keys of the records that are asked about; ``besides``, a record that
    does not count. One query for each way in which records are named.
    """
    found = set()
    for field in references(model):
        rows = field.model._base_manager.filter(**{f"{field.name}__in": pks}).order_by()
        path, owner = path_to_owner(field.model)
        if besides is not None and isinstance(besides, owner):
            rows = rows.exclude(**{f"{path}pk": besides.pk})
        if issubclass(owner, Reviewed):
            rows = rows.filter(**{f"{path}publication_state": PublicationState.PUBLISHED})
            found.update(rows.values_list(field.name, flat=True))
        else:
            named = dict(rows.values_list(f"{path}pk", field.name))
            above = named_in_public(owner, list(named), besides) if named else ()
            found.update(named[pk] for pk in above)
    return found.intersection(pks)


def path_to_owner(model):
    """Return the lookup from a part to the record that it belongs to, and that record's model."""
    path = ""
    while issubclass(model, Part) and not issubclass(model, Recorded):
        path += f"{model.owner_field}__"
        model = model._meta.get_field(model.owner_field).related_model
    return path, model


def is_named(record):
    """Tell whether anything refers to a record."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: record}).exists()
        for relation in type(record)._meta.related_objects
    )
