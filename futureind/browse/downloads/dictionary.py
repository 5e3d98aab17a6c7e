"""The data dictionary: what each column of a table means, from the models' own words."""

from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.publishing.evidence import EvidenceGrade, Sureness

# What is computed, or gathered from other records.
COMPUTED = {
    "url": gettext_lazy("The page of the record."),
    "evidence": gettext_lazy("How near to the official text it was read."),
    "confidence": gettext_lazy("How sure the record is."),
    "issuers": gettext_lazy("Slugs of the issuing agencies, the leading one first."),
    "fields": gettext_lazy("Slugs of industry fields, with whose word it is."),
    "technologies": gettext_lazy("Slugs of technologies, with whose word it is and the match."),
    "products": gettext_lazy("Slugs of landmark products, with whose word it is and the match."),
    "sources": gettext_lazy("The sources: title, publisher, address."),
    "quoted_from": gettext_lazy("The source in which the quoted words were read."),
    "qualifiers": gettext_lazy("What limits the value: about, at least, cumulative and such."),
    "verdict": gettext_lazy("The newest verdict on whether the target is met."),
    "superseded_dates": gettext_lazy("Dates given before, each with its precision."),
    "points": gettext_lazy("The observed values, with period and geography."),
    "tracks": gettext_lazy("The number of tracks."),
    "aliases_en": gettext_lazy("Other English names."),
    "aliases_zh": gettext_lazy("Other Chinese names."),
}
CHOICES = {"evidence": EvidenceGrade.choices, "confidence": Sureness.choices}
# Columns that name in words what another holds as a slug.
LANGUAGES = {
    "_name_en": gettext_lazy("%(column)s: the English names"),
    "_name_zh": gettext_lazy("%(column)s: the Chinese names"),
}


@dataclass(frozen=True)
class Entry:
    """A column: its name, what it means, and its values as ``[(value, meaning), …]`` if few."""

    name: str
    meaning: str
    values: list

    def as_line(self):
        return (
            self.name,
            self.meaning,
            "; ".join(f"{value}: {label}" for value, label in self.values),
        )


def entries_of(view, names):
    """Return an Entry for each name of a column of a page's table; without meaning if unknown."""
    columns = {column.name: column for column in getattr(view, "columns", ())}
    model = getattr(view, "model", None)
    return [entry_of(model, name, columns.get(name)) for name in names]


def entry_of(model, name, column):
    for ending, meaning in LANGUAGES.items():
        if name.endswith(ending):
            return Entry(name, meaning % {"column": name.removesuffix(ending)}, [])
    field = field_at(model, column.path) if model and column and column.path else None
    if field is None:
        return Entry(name, str(COMPUTED.get(name, "")), CHOICES.get(name, []))
    told = [capfirst(field.verbose_name), field.help_text]
    meaning = _(": ").join(str(text) for text in told if text)
    return Entry(
        name, meaning, [(v, label) for v, label in field.flatchoices if v not in (None, "")]
    )


def field_at(model, path):
    """Return the field at the end of a dotted path, that of the relation for a slug beyond one."""
    field = None
    for step in path.split("."):
        if field is not None and step == "slug":
            return field
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            return None
        model = field.related_model
    return field
