"""Rows of an import and the records that they make: what each holds before and after."""

import re
from copy import deepcopy
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from futureind.core.text_columns import as_kept, is_text
from futureind.core.texts import plain_text
from futureind.exchange import values
from futureind.exchange.kinds import kind_named
from futureind.exchange.models import ChangeKind, Outcome
from futureind.exchange.values import written_key
from futureind.loading.fixtures import columns_of
from futureind.publishing.differences import differences
from futureind.publishing.models.records import Confidence, PublicationState
from futureind.publishing.snapshots import natural_key_in, part_key

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
CELL_SHOWN = 200
MARKS = ("formulas", "errors", "merged", "scaled")
MESSAGE_SHOWN = 1000


@dataclass(eq=False)
class SheetRow:
    """A row of the file on its way: its values, then what it makes of its record."""

    sheet: str
    number: int
    kind: object
    cells: dict
    # Columns by what is wrong with their cells, as :class:`~futureind.exchange.tables.Table` says.
    marks: dict = field(default_factory=dict)
    # ``(column, what stands there, what was read)`` where that is not the same.
    readings: list = field(default_factory=list)
    key: tuple | None = None
    owner: tuple | None = None
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    before: dict | None = None
    after: dict | None = None
    instance: object = None
    is_settled: bool = False
    is_new: bool = False
    # Columns whose number is written as a percentage.
    percentages: list = field(default_factory=list)
    is_named_by_number: bool = False

    @property
    def model(self):
        return self.kind.model

    @property
    def model_number(self):
        """The column whose values name a record as well as its slug does, "" where none does."""
        return getattr(self.model, "also_named_by", "")

    @property
    def marked(self):
        """The columns whose cells cannot be taken as they stand."""
        return {name for mark in MARKS for name in self.marks.get(mark, ())}

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
        said = (name for name in named if name and name is not values.UNSAID)
        parts = [written_key(self.key) if self.key else "", next(said, "")]
        return " · ".join(filter(None, map(str, parts)))[:300]

    def refuse(self, message, column=""):
        text = visible(str(self.cells.get(column, ""))[:CELL_SHOWN])
        problem = [column, text, str(message)[:MESSAGE_SHOWN]]
        if problem not in self.problems:
            self.problems.append(problem)

    def clean_cells(self):
        """Bring all texts into the shape in which they are kept; says what was left out."""
        for name, text in self.cells.items():
            column = self.kind.columns[name].field
            kept = as_kept(column, text) if is_written(column) else plain_text(text)
            self.cells[name] = kept
            if kept != text.replace("\r\n", "\n").strip(" \n") and kept.strip() != text.strip(" "):
                self.say_reading(name, text, kept)

    def say_reading(self, column, stands, read):
        self.readings.append((column, visible(stands), visible(read)))


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


def is_written(column):
    """Tell whether a column holds a text that somebody writes, and no choice or list."""
    return column is not None and is_text(column) and not column.choices


def visible(text):
    """Return a text with a sign in the place of each control character but line breaks."""
    return CONTROL.sub(lambda found: chr(0x2400 + ord(found[0])), text)


def rows_of(table):
    """Return the rows of a stored table."""
    kind = kind_named(table["kind"])
    for entry in table["rows"]:
        row = SheetRow(table["name"], entry["number"], kind, dict(entry["cells"]), entry)
        row.clean_cells()
        row.readings += [tuple(shown) for shown in entry.get("shown", ())]
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
    key = part_key(row.after, row.model)
    others = [part for part in parts if part_key(part, row.model) != key]
    root.after["parts"][row.kind.part_name] = sorted_parts([*others, row.after], row.model)


def differences_of(row):
    """Return how a row was read, and what it changes, as lists that JSON keeps."""
    readings = [
        [[column, _("read as")], "", stands[:CELL_SHOWN], read[:CELL_SHOWN]]
        for column, stands, read in row.readings
    ]
    if row.problems:
        return readings
    return readings + [
        [list(map(str, d.path)), str(d.kind.label), d.before, d.after]
        for d in differences(row.before, row.after, row.model)
    ]


def change_kind(root):
    if root.pk is None:
        return ChangeKind.CREATE
    published = root.state == PublicationState.PUBLISHED
    return ChangeKind.PROPOSE if published else ChangeKind.EDIT
