"""Tags about the catalogue, for any template."""

import json
import re

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from catalog import numbers, promises, series
from catalog.drawings.series import figure_of
from catalog.geography import geography_name
from catalog.models import (
    Basis,
    IndustryField,
    Match,
)
from catalog.models.commitments import Verdict
from catalog.models.mappings import MATCH_SIGNS
from catalog.provenance import name_of, provenance
from futureind.publishing.evidence import evidence_grade

register = template.Library()

# So that no text can end the script element that holds the data.
SCRIPT_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


@register.simple_tag
def amount(target):
    """The number of a target with comparator and unit, in words."""
    return numbers.target_amount(target, promises.comparator_word(target))


@register.simple_tag
def amount_parts(target):
    """The number of a target as an Amount, None where it has none."""
    return numbers.amount_of(target, promises.comparator_word(target))


@register.filter
def prints_otherwise(target):
    """True where the text prints a target's number in other digits."""
    return promises.prints_otherwise(target)


@register.filter
def further_words(target):
    """The words that qualify a target's number and that its comparator does not say."""
    return promises.further_words(target)


@register.simple_tag
def strivings(target):
    """The words by which a text only strives for a number, with their meaning.

    What limits the number itself stands in the amount.
    """
    return [
        (word, meaning)
        for word, meaning in promises.qualifiers(target)
        if word not in promises.COMPARATORS
    ]


@register.filter
def differs_in_digits(printed, words):
    """Tell whether an amount as printed has other digits than the amount in words."""
    return re.findall(r"\d+", printed) != re.findall(r"\d+", words)


@register.simple_tag
def progress(target):
    """How far the indicator of a target says it is met, None where nothing measures it."""
    return series.progress_of(target)


@register.inclusion_tag("_why.html")
def why(claim, document=None, sources=None, mapped=False, by=""):
    """The control that opens what a claim rests on."""
    return provenance(claim, document=document, sources=sources, mapped=mapped, by=by)


@register.inclusion_tag("_why_here.html")
def why_here(claim):
    """The control within a table that opens the row of the tag "why_row"."""
    return {"grade": evidence_grade(claim), "name": name_of(claim)}


@register.inclusion_tag("_why_row.html")
def why_row(claim, columns, document=None, sources=None, mapped=False):
    """The row beneath a claim, over so many columns, with what it rests on."""
    found = provenance(claim, document=document, sources=sources, mapped=mapped)
    own_page = claim.get_absolute_url() if hasattr(claim, "get_absolute_url") else ""
    return found | {"columns": columns, "own_page": own_page}


@register.inclusion_tag("catalog/_dated.html")
def dated(document, only_day=False):
    """The date of a document with its doubt and, unless ``only_day``, which date it is."""
    return {"document": document, "only_day": only_day}


@register.filter
def newest_point(indicator):
    """The newest point of an indicator, whose points are loaded; None without any."""
    return series.newest_point(indicator.public_points)


@register.simple_tag
def quantity_parts(value, unit=None):
    """The number of an amount and its unit."""
    return numbers.quantity_parts(value, unit)


@register.simple_tag
def figure(indicator):
    """The points of an indicator as panels to draw."""
    return figure_of(indicator)


@register.filter
def awaits_check(target):
    """True where the day of a target has passed and no check is recorded."""
    return promises.awaits_check(target, timezone.localdate())


@register.simple_tag
def quantity(value, unit=None):
    """An amount with its unit."""
    return numbers.quantity(value, unit)


@register.filter
def raw_number(value):
    """A number as such, without a unit."""
    return numbers.plain_number(value)


@register.filter
def moved_in_words(milestone):
    """Which way, and how far, the date of a milestone moved, "" where it did not."""
    stations = milestone.stations
    return numbers.moved_in_words(stations) if len(stations) > 1 else ""


@register.filter
def place(code):
    """Name of a country or place that an indicator or milestone speaks of."""
    return geography_name(code)


@register.simple_tag
def match_sign(match):
    """The sign of a match, with its word for those who cannot see it."""
    return format_html(
        '<abbr class="match" title="{1}"><span aria-hidden="true">{0}</span>'
        '<span class="away">{1}{2}</span></abbr>',
        MATCH_SIGNS[match],
        Match(match).label,
        _(": "),
    )


@register.simple_tag
def match_of(mapping):
    """The sign of a mapping's match; nothing for a kind of mapping that has none."""
    return match_sign(mapping.match) if hasattr(mapping, "match") else ""


@register.simple_tag
def basis_note(basis):
    """The basis of a mapping in small print; nothing where the text itself states it."""
    if basis == Basis.STATED:
        return ""
    return format_html('<span class="basis">{}</span>', Basis(basis).label)


@register.simple_tag
def field_mark(field):
    """The coloured square of a field beside its short name."""
    return format_html(
        '<span class="field field-{}">{}</span>', field.code.lower(), field.short_name
    )


@register.simple_tag
def subject_name(record):
    """A field as its coloured mark, a technology or product by its name."""
    return field_mark(record) if isinstance(record, IndustryField) else record.name


@register.filter
def verdict_label(verdict):
    return Verdict(verdict).label


@register.simple_tag
def json_ld(document, address):
    """A document as schema.org data: a Legislation with what is on record.

    Source of the type and its properties: https://schema.org/Legislation.
    """
    data = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": document.title_en,
        "alternateName": document.title_zh,
        "url": address,
        "legislationIdentifier": document.document_number,
        "legislationDate": document.issued_date and document.issued_date.isoformat(),
        "datePublished": document.published_date and document.published_date.isoformat(),
        "jurisdiction": document.region.name_en if document.region else "China",
        "sameAs": document.official_url,
    }
    known = {key: value for key, value in data.items() if value}
    text = json.dumps(known, ensure_ascii=False, indent=1).translate(SCRIPT_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308
