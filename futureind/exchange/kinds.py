"""What can be imported and exported: a kind of sheet for each model, columns from its fields.

A part that has no columns but what it names, its order, basis and match is an item of a list in a
cell of its owner (``quantum-computing (exact, stated); robots (related, analyst)``). Every other
part has a sheet of its own.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.apps import apps
from django.db import models
from django.utils.text import slugify
from django.utils.translation import override

from futureind.loading.fixtures import columns_of
from futureind.publishing.models.records import Part, Recorded

# The columns that an item of a list may have besides its owner and what it names.
SAID_IN_LISTS = {"order", "basis", "match"}
WORKFLOWS_OWN = {"publication_state"}


@dataclass(frozen=True)
class Column:
    """A column of a sheet: a field of the model, or a list of parts (``part``: reverse name)."""

    name: str
    field: models.Field | None = None
    part: str = ""

    @property
    def is_reference(self):
        return self.field is not None and self.field.is_relation


@dataclass(frozen=True)
class ListPart:
    """Parts that are items of a list in a cell: their model and what they name."""

    model: type[models.Model]
    target: models.Field
    said: tuple[models.Field, ...]

    @property
    def owner_field(self):
        return self.model.owner_field


class SheetKind:
    """A kind of sheet."""

    def __init__(self, model):
        self.model = model

    @property
    def is_part(self):
        return issubclass(self.model, Part) and not issubclass(self.model, Recorded)

    @cached_property
    def name(self):
        with override("en"):
            return slugify(str(self.model._meta.verbose_name_plural))

    @cached_property
    def names(self):
        """All names under which a sheet of this kind is known, folded."""
        options, found = self.model._meta, {self.name, self.model._meta.model_name}
        for language in ("en", "zh-hans"):
            with override(language):
                found |= {str(options.verbose_name), str(options.verbose_name_plural)}
        if hasattr(self.model, "url_name"):
            found.add(f"{self.model.url_name}s")
        return {folded(name) for name in found}

    @property
    def label(self):
        return self.model._meta.verbose_name_plural

    @cached_property
    def columns(self):
        """The columns by name, in the order in which they are exported."""
        fields = [f for f in columns_of(self.model) if f.name not in WORKFLOWS_OWN]
        fields.sort(key=lambda field: field.name != "slug")
        columns = [Column(field.name, field) for field in fields]
        columns += [Column(name, part=part) for part, (name, _list) in self.lists.items()]
        return {column.name: column for column in columns}

    @cached_property
    def lists(self):
        """The parts that stand in cells: ``(name of the column, ListPart)`` by reverse name."""
        found = {}
        for reverse in getattr(self.model, "parts", ()):
            part = self.model._meta.get_field(reverse).related_model
            column = list_column(self.model, part)
            if column is not None:
                found[reverse] = column.name, list_part(part)
        return found

    @cached_property
    def key_columns(self):
        return [lookup.split("__")[0] for lookup in self.model.natural_key_fields]

    @property
    def owner_model(self):
        return self.model._meta.get_field(self.model.owner_field).related_model

    @cached_property
    def part_name(self):
        """The reverse name under which the owner has these parts."""
        return self.model._meta.get_field(self.model.owner_field).remote_field.get_accessor_name()

    def is_required(self, column):
        field = column.field
        if field is None or field.many_to_many or field.name == "slug":
            return False
        return not (field.blank or field.null or field.has_default())


def folded(name):
    """Return a name of a sheet or column as it is compared."""
    return "".join(name.split()).replace("_", "").replace("-", "").casefold()


def list_column(owner, part):
    """Return the owner's many-to-many field whose rows are these parts, where a list will do."""
    columns = {field.name for field in part._meta.concrete_fields if not field.primary_key}
    named = [f for f in part._meta.fields if f.many_to_one and f.name != part.owner_field]
    if len(named) != 1 or columns - {part.owner_field, named[0].name} - SAID_IN_LISTS:
        return None
    ways = [m for m in owner._meta.many_to_many if m.remote_field.through is part]
    return ways[0] if len(ways) == 1 else None


def list_part(part):
    fields = part._meta.concrete_fields
    [target] = [f for f in fields if f.many_to_one and f.name != part.owner_field]
    said = tuple(f for name in ("match", "basis") for f in fields if f.name == name)
    return ListPart(part, target, said)


@lru_cache(maxsize=1)
def all_kinds():
    """Return all kinds by model: records first, in the order in which their apps name them."""
    found = [m for m in apps.get_models() if issubclass(m, Recorded | Part)]
    kinds = {model: SheetKind(model) for model in found}
    in_lists = {entry.model for kind in kinds.values() for _name, entry in kind.lists.values()}
    shown = [kind for model, kind in kinds.items() if model not in in_lists]
    return {kind.model: kind for kind in sorted(shown, key=lambda kind: kind.is_part)}


def kind_named(name):
    """Return the kind that a sheet's name means, None for another name."""
    wanted = folded(name)
    return next((kind for kind in all_kinds().values() if wanted in kind.names), None)
