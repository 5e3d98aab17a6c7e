"""Rows of an import and the records that they make: what each holds before and after."""

from copy import deepcopy
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from futureind.exchange import values
from futureind.exchange.kinds import kind_named
from futureind.exchange.models import ChangeKind, Outcome
from futureind.exchange.values import written_key
from futureind.publishing.applying import key_of as part_key_of
from futureind.publishing.differences import differences
from futureind.publishing.fixtures import columns_of, natural_key_in
from futureind.publishing.records import Confidence, PublicationState


@dataclass(eq=False)
class Row:
    """A row of the file on its way: its values, then what it makes of its record."""

    sheet: str
    number: int
    kind: object
    cells: dict
    formulas: tuple = ()
    key: tuple | None = None
    owner: tuple | None = None
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    before: dict | None = None
    after: dict | None = None
    instance: object = None
    is_settled: bool = False
    is_new: bool = False

    @property
    def model(self):
        return self.kind.model

    @property
    def outcome(self):
        if self.problems:
            return Outcome.REFUSED
        if self.is_new:
            return Outcome.CREATED
        return Outcome.UNCHANGED if self.before == self.after else Outcome.CHANGED

    @property
    def name(self):
        named = [self.values.get(n) for n in ("name_zh", "title_zh", "term_zh", "name_en")]
        parts = [written_key(self.key) if self.key else "", next(filter(None, named), "")]
        return " · ".join(filter(None, map(str, parts)))[:300]

    def refuse(self, message, column=""):
        self.problems.append([column, str(self.cells.get(column, ""))[:200], str(message)])


@dataclass(eq=False)
class Root:
    """A record with all its parts: what it holds, and what it would hold."""

    model: type
    key: tuple
    pk: int | None
    base: int | None
    state: str
    before: dict | None
    after: dict


def rows_of(table):
    """Return the rows of a stored table."""
    kind = kind_named(table["kind"])
    for entry in table["rows"]:
        row = Row(table["name"], entry["number"], kind, entry["cells"], entry.get("formulas", ()))
        if entry.get("too_long"):
            row.refuse(_("It has more cells than there are heads of columns."))
        yield row


def blank_snapshot(model, key, owner=None):
    """Return what a new record or part holds before anything is said of it."""
    fields = {}
    for column in columns_of(model):
        if column.many_to_many:
            fields[column.name] = []
        elif column.has_default():
            fields[column.name] = values.stored(column.get_default())
        else:
            fields[column.name] = None if column.null or column.is_relation else ""
    for lookup, value in zip(model.natural_key_fields, key, strict=True):
        name, _separator, rest = lookup.partition("__")
        fields[name] = [value] if rest else value
    if owner is not None:
        fields[model.owner_field] = list(owner)
    if "confidence" in fields:
        # Nobody said that it was read in a source.
        fields["confidence"] = Confidence.RECALLED.value
    return {"fields": fields, "parts": {name: [] for name in getattr(model, "parts", ())}}


def changed_list(present, entry, owner, wanted):
    """Return the parts of a list cell; what is there keeps what the cell does not say of it."""
    there = {tuple(part["fields"][entry.target.name]): part for part in present}
    now = [tuple(p["fields"][entry.target.name]) for p in values.in_order(present, entry)]
    keys = list(dict.fromkeys(tuple(key) for key, _said, _reference in wanted))
    parts = []
    for order, key in enumerate(keys, start=1):
        said = next(said for k, said, _reference in wanted if tuple(k) == key)
        part = deepcopy(there.get(key)) or blank_snapshot(entry.model, (*owner[-1:], key[0]), owner)
        part["fields"] |= {entry.target.name: list(key), **said}
        if keys != now and "order" in part["fields"]:
            part["fields"]["order"] = order
        parts.append(part)
    return sorted_parts(parts, entry.model)


def sorted_parts(parts, model):
    """Sort parts as history keeps them."""
    return sorted(parts, key=lambda part: str(natural_key_in(model, part["fields"])))


def put_part(root, row):
    """Put a row's part into the snapshot of its record."""
    parts = root.after["parts"].setdefault(row.kind.part_name, [])
    key = part_key_of(row.after, row.model)
    others = [part for part in parts if part_key_of(part, row.model) != key]
    root.after["parts"][row.kind.part_name] = sorted_parts([*others, row.after], row.model)


def differences_of(row):
    """Return what a row changes, as lists that JSON keeps."""
    return [
        [list(map(str, d.path)), str(d.kind.label), d.before, d.after]
        for d in differences(row.before, row.after, row.model)
    ]


def change_kind(root):
    if root.pk is None:
        return ChangeKind.CREATE
    published = root.state == PublicationState.PUBLISHED
    return ChangeKind.PROPOSE if published else ChangeKind.EDIT
