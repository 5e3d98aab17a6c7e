"""Cells of a sheet and values of a snapshot: what is written is read as the same again."""

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

LIST = re.compile(r"[;；\n]")
ITEM = re.compile(r"^(?P<name>[^(（]*?)\s*(?:[(（](?P<said>[^)）]*)[)）])?$")
LANGUAGES = ("en", "zh-hans")
# A number as everybody writes it, and one with nothing behind the point.
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
WHOLE = re.compile(r"[+-]?\d+\.0+", re.ASCII)
# Digits with their signs and no word: a cell of another column, or what became of a text.
DIGITS = re.compile(r"[+\-]?[\d.,\s]*\d[\d.,\s]*(e[+\-]?\d+)?%?", re.IGNORECASE)
# Columns that are written in words, without their language.
WORDS = {
    *("title", "name", "short_name", "term", "statement", "metric", "publisher"),
    *("summary", "note", "definition", "description", "directions_note", "role", "reason"),
}
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
    """Return the choice that a value, its label in either language or another word means."""
    wanted = text.casefold()
    for value, _label in field.flatchoices:
        if wanted == str(value).casefold():
            return value
    for language in LANGUAGES:
        with override(language):
            for value, label in field.flatchoices:
                if wanted == str(label).casefold():
                    return value
    read_as = getattr(field.model, "choices_read_by", {}).get(field.name)
    if read_as and (value := read_as(text)):
        return value
    known = ", ".join(str(value) for value, _label in field.flatchoices)
    raise CellError(_("Choose one of: %(values)s.") % {"values": known})


def read_plain(field, text):
    if isinstance(field, models.BooleanField):
        if (word := text.casefold()) not in TRUE | FALSE:
            raise CellError(_("Write true or false."))
        return word in TRUE
    if isinstance(field, models.IntegerField | models.DecimalField):
        text = number_text(field, text)
    if isinstance(field, models.DateField):
        text = text.removesuffix(" 00:00:00").replace("/", "-")
    try:
        return stored(field.to_python(text), field)
    except ValidationError as error:
        raise CellError(" ".join(error.messages)) from None


def number_text(field, text):
    """Return a number as Python reads it; raises CellError for what is none."""
    number = unicodedata.normalize("NFKC", text)
    if isinstance(field, models.DecimalField) and is_percentage(field, text):
        number = number[:-1].rstrip()
    if isinstance(field, models.IntegerField) and not NUMBER.fullmatch(number):
        raise CellError(field.error_messages["invalid"] % {"value": text})
    if not NUMBER.fullmatch(number):
        raise CellError(_("This is no number. Write it in the digits 0–9 and nothing else."))
    if isinstance(field, models.IntegerField) and WHOLE.fullmatch(number):
        # Spreadsheets keep whole numbers as fractions.
        number = number.partition(".")[0]
    return number


def is_percentage(field, text):
    """Tell whether a cell of a column holds a number with a percent sign."""
    text = unicodedata.normalize("NFKC", text).strip()
    return isinstance(field, models.DecimalField) and text.endswith("%")


def is_read_otherwise(field, text, value):
    """Tell whether a number was read from a cell that does not show it in plain digits."""
    is_number = isinstance(field, models.DecimalField)
    return is_number and not NUMBER.fullmatch(text.strip()) and value != text


def is_no_text(field, text):
    """Tell whether a cell holds a number or a truth value where words are wanted."""
    name = re.sub("_(en|zh)$", "", field.name)
    text = unicodedata.normalize("NFKC", text).strip()
    return name in WORDS and (text.casefold() in ("true", "false") or bool(DIGITS.fullmatch(text)))


def stored(value, field=None):
    """Return a Python value as snapshots hold it."""
    if isinstance(value, Decimal):
        if field is not None:
            places = Decimal(1).scaleb(-field.decimal_places)
            before = field.max_digits - field.decimal_places
            if value and value.adjusted() >= before:
                message = _("It has more than %(count)d digits before the point.")
                raise CellError(message % {"count": before})
            if value != value.quantize(places):
                message = _("It has more than %(count)d digits after the point.")
                raise CellError(message % {"count": field.decimal_places})
            # Nothing less than zero is no other number than zero.
            value = value.quantize(places) + 0
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
