"""Cells of a sheet and values of a snapshot: what is written is read as the same again."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

LIST = re.compile(r"[;；\n]")
ITEM = re.compile(r"^(?P<name>[^(（]*?)\s*(?:[(（](?P<said>[^)）]*)[)）])?$")
LANGUAGES = ("en", "zh-hans")
TRUE, FALSE = {"true", "yes", "1", "是"}, {"false", "no", "0", "否"}
# An empty cell of a column that cannot be empty: the row keeps what it has.
UNSAID = object()


class CellError(Exception):
    """What is wrong with a cell, as a sentence."""


@dataclass(frozen=True)
class Reference:
    """A reference as typed, to be looked up."""

    model: type[models.Model]
    text: str


# Writing


def written(field, value):
    """Return the cell for a value that a snapshot holds of a field."""
    if value is None:
        return ""
    if field.many_to_many:
        return "; ".join(written_key(key) for key in value)
    if field.is_relation:
        return written_key(value)
    if isinstance(field, models.JSONField):
        return "; ".join(map(str, value))
    if isinstance(field, models.BooleanField):
        return "true" if value else "false"
    if isinstance(field, models.DecimalField):
        return f"{Decimal(value).normalize():f}"
    return value


def written_key(key):
    return "/".join(map(str, key))


def written_list(parts, entry):
    """Return the cell for the parts (snapshots) of a kind that stands in lists."""
    return "; ".join(written_item(part["fields"], entry) for part in in_order(parts, entry))


def written_item(fields, entry):
    said = ", ".join(str(fields[field.name]) for field in entry.said)
    name = written_key(fields[entry.target.name])
    return f"{name} ({said})" if said else name


def in_order(parts, entry):
    return sorted(
        parts,
        key=lambda part: (part["fields"].get("order", 0), part["fields"][entry.target.name]),
    )


# Reading


def read(field, text):
    """Return what a snapshot holds for a cell; a Reference, or a list of them, for relations.

    UNSAID for an empty cell of a column that always holds something. Raises CellError.
    """
    text = text.strip()
    if not text and not (field.blank or field.null or field.many_to_many):
        return UNSAID
    if field.many_to_many:
        return [Reference(field.related_model, name) for name in split(text)]
    if field.is_relation:
        return Reference(field.related_model, text) if text else None
    if isinstance(field, models.JSONField):
        return split(text)
    if not text:
        return None if field.null else ""
    if field.choices:
        return read_choice(field, text)
    return read_plain(field, text)


def split(text):
    return [name for part in LIST.split(text) if (name := part.strip())]


def read_choice(field, text):
    """Return the choice that a value, or its label in either language, means."""
    wanted = text.casefold()
    for value, _label in field.flatchoices:
        if wanted == str(value).casefold():
            return value
    for language in LANGUAGES:
        with override(language):
            for value, label in field.flatchoices:
                if wanted == str(label).casefold():
                    return value
    known = ", ".join(str(value) for value, _label in field.flatchoices)
    raise CellError(_("Choose one of: %(values)s.") % {"values": known})


def read_plain(field, text):
    if isinstance(field, models.BooleanField):
        if (word := text.casefold()) not in TRUE | FALSE:
            raise CellError(_("Write true or false."))
        return word in TRUE
    if isinstance(field, models.IntegerField) and re.fullmatch(r"-?\d+\.0+", text):
        # Spreadsheets keep whole numbers as fractions.
        text = text.partition(".")[0]
    if isinstance(field, models.DateField):
        text = text.removesuffix(" 00:00:00").replace("/", "-")
    try:
        return stored(field.to_python(text), field)
    except ValidationError as error:
        raise CellError(" ".join(error.messages)) from None


def stored(value, field=None):
    """Return a Python value as snapshots hold it."""
    if isinstance(value, Decimal):
        if field is not None:
            places = Decimal(1).scaleb(-field.decimal_places)
            if value != value.quantize(places):
                message = _("It has more than %(count)d digits after the point.")
                raise CellError(message % {"count": field.decimal_places})
            value = value.quantize(places)
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return json.loads(json.dumps(value))


def read_items(entry, text):
    """Yield ``(reference, what is said of it)`` for a list of parts in a cell; raises CellError."""
    for item in split(text):
        found = ITEM.match(item)
        if not found or not found["name"]:
            message = _("“%(item)s” is not written as a slug with words in brackets.")
            raise CellError(message % {"item": item})
        said = {}
        for word in filter(None, re.split(r"[,，、]\s*", (found["said"] or "").strip())):
            field = next((f for f in entry.said if is_choice(f, word)), None)
            if field is None:
                raise CellError(_("“%(word)s” means nothing here.") % {"word": word})
            said[field.name] = read_choice(field, word.strip())
        yield Reference(entry.target.related_model, found["name"].strip()), said


def is_choice(field, word):
    try:
        value = read_choice(field, word.strip())
    except CellError:
        return False
    # Written by the site itself; nobody may claim it.
    return value != "derived"
