"""Records written into files that can be changed and imported again."""

import json
import re

import tablib
from django.db import models
from django.utils.translation import gettext as _

from futureind.core.texts import plain_text
from futureind.exchange.kinds import all_kinds
from futureind.exchange.tables import FORMULA_STARTS
from futureind.exchange.values import written, written_list
from futureind.publishing.snapshots import read_ahead, snapshot

# Forms of files and their content types.
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}
EXPLANATIONS = "notes"
# Spreadsheets allow no longer names of sheets.
SHEET_NAME_LENGTH = 31
# How a workbook writes a character that it cannot hold; a text that looks like one is spelt so.
ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def rows_of(kind, records=None):
    """Yield the rows of a kind, as dictionaries of cells, in the order in which they were made."""
    model = kind.owner_model if kind.is_part else kind.model
    records = read_ahead(model._base_manager if records is None else records).order_by("pk")
    for record in records:
        held = snapshot(record)
        if not kind.is_part:
            yield cells_of(held, kind)
            continue
        for part in held["parts"].get(kind.part_name, []):
            yield cells_of(part, kind)


def count_rows(kinds):
    return sum(kind.model._base_manager.count() for kind in kinds)


def cells_of(held, kind):
    cells = {}
    for name, column in kind.columns.items():
        if column.part:
            _name, entry = kind.lists[column.part]
            cells[name] = written_list(held["parts"].get(column.part, []), entry)
        else:
            cells[name] = written(column.field, held["fields"].get(name))
    return cells


def dataset(kind, rows, form):
    """Return rows as a tablib table, each cell as a form of file can hold it."""
    table = tablib.Dataset(headers=list(kind.columns), title=kind.name[:SHEET_NAME_LENGTH])
    cell = CELLS[form]
    for cells in rows:
        table.append([cell(cells[name]) for name in kind.columns])
    return table


def workbook_cell(value):
    """Return a cell that a workbook can hold: what was stored before texts were cleaned, too."""
    if not isinstance(value, str):
        return value
    return escaped(ESCAPE.sub("_x005F_", plain_text(value)))


def escaped(value):
    """Return a cell that a spreadsheet takes for text; plain numbers stay numbers."""
    if not isinstance(value, str) or is_number(value):
        return value
    return f"'{value}" if value.lstrip("'").startswith(FORMULA_STARTS) else value


CELLS = {"xlsx": workbook_cell, "csv": escaped, "json": lambda value: value}


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text and text[-1].isdigit()


def export(kinds, form, *, empty=False):
    """Return the bytes of a file with these kinds; ``empty``, only the heads: a template.

    ``form`` is one of FORMATS; CSV holds one kind.
    """
    return file_of([(kind, [] if empty else rows_of(kind)) for kind in kinds], form)


def file_of(sheets, form):
    """Return the bytes of a file with ``(kind, rows)`` pairs."""
    tables = [dataset(kind, rows, form) for kind, rows in sheets]
    if form == "xlsx":
        kinds = [kind for kind, _rows in sheets]
        return tablib.Databook([*tables, explanations(kinds)]).export("xlsx")
    if form == "csv":
        # With its mark, or a spreadsheet reads Chinese as something else.
        return tables[0].export("csv").encode("utf-8-sig")
    if len(tables) == 1:
        return tables[0].export("json").encode()
    lists = {table.title: table.dict for table in tables}
    return json.dumps(lists, ensure_ascii=False, indent=1).encode()


def explanations(kinds):
    """Return a table that says what stands in each column; imports pass over it."""
    table = tablib.Dataset(
        headers=[_("sheet"), _("column"), _("meaning"), _("required"), _("values")],
        title=EXPLANATIONS,
    )
    for kind in kinds:
        for name, column in kind.columns.items():
            required = _("yes") if kind.is_required(column) else ""
            table.append([kind.name, name, meaning(column, kind), required, values(column, kind)])
    return table


def meaning(column, kind):
    if column.part:
        _name, entry = kind.lists[column.part]
        return str(entry.model._meta.verbose_name_plural)
    return str(column.field.verbose_name)


def values(column, kind):
    if column.part:
        _name, entry = kind.lists[column.part]
        said = ", ".join(str(field.verbose_name) for field in entry.said)
        return _("slugs, separated by ;") + (f" – {_('in brackets')}: {said}" if said else "")
    field = column.field
    if field.many_to_many:
        return _("slugs, separated by ;")
    if field.is_relation:
        by_number = getattr(field.related_model, "also_named_by", "")
        return _("slug or document number") if by_number else _("slug")
    if field.choices:
        return ", ".join(str(value) for value, _label in field.flatchoices)
    if isinstance(field, models.BooleanField):
        return "true, false"
    if hasattr(field, "auto_now"):
        return _("date, such as 2026-11-24")
    return ""


def kinds_for(names):
    """Return the kinds with these names, in the order of a workbook; all where none is named."""
    return [kind for kind in all_kinds().values() if not names or kind.name in names]
