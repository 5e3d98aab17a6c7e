"""Where a record is used: what refers to it, counted and listed."""

from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst

from futureind.publishing.records import Part, Recorded, owner_of

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
