"""Checks of query strings and forms, before the database or Django's admin reads them."""

import re
from datetime import date

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

# As many digits fit into the keys of every database; Python itself reads no more than 4300.
MOST_DIGITS = 18
# Each word is a condition on several columns, and databases take only so many.
MOST_WORDS = 30
# Parameters of lists that hold words to search for.
WORDS = ("q", "term")
# Whole numbers that make a date, by the end of a parameter's name.
DATE_PARTS = ("year", "month", "day")
TOO_LONG = re.compile(rf"[0-9]{{{MOST_DIGITS + 1}}}")
# What a list would do with a pattern takes as long as whoever wrote it wants.
PATTERNS = ("__regex", "__iregex")
# No list offers these, and databases and calendars take only some of their values.
UNOFFERED = re.compile(r"__(?:range$|iso_|(?:year|month|day)__)")
# What lists are asked for lies within these; calendars end not far beyond them in some places.
YEARS = range(1900, 2201)


def number_in(text):
    """Return the whole number that a text is, None where it is none that a record could have."""
    text = str(text)
    if len(text) > MOST_DIGITS or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


def why_unreadable(query, form):
    """Return what is wrong with an address of the admin or a form sent to it, "" where nothing is.

    Checked are values with which Django's own changelists would fail.
    """
    ticked = form.getlist(ACTION_CHECKBOX_NAME)
    filtered = [text for name in query if "__" in name for text in query.getlist(name)]
    if None in map(number_in, ticked) or any(map(TOO_LONG.search, filtered)):
        return _("It names a number that no record has.")
    if any(len(text.split()) > MOST_WORDS for name in WORDS for text in query.getlist(name)):
        text = ngettext(
            "A search takes at most %d word.", "A search takes at most %d words.", MOST_WORDS
        )
        return text % MOST_WORDS
    if any(name.endswith(PATTERNS) for name in query):
        return _("Lists are not searched by patterns.")
    if any(map(UNOFFERED.search, query)):
        return _("Lists cannot be filtered like this.")
    if not all(is_a_date(parts) for parts in dates_in(query).values()):
        return _("The address names a day that no calendar has.")
    return ""


def dates_in(query):
    """Return ``{name: {"year": text, …}}`` of the parameters that name parts of a date."""
    found = {}
    for name in query:
        column, _line, part = name.rpartition("__")
        if column and part in DATE_PARTS:
            found.setdefault(column, {})[part] = query[name]
    return found


def is_a_date(parts):
    # In a leap year, where no year is named.
    numbers = [
        number_in(parts.get(part, default))
        for part, default in zip(DATE_PARTS, (2024, 1, 1), strict=True)
    ]
    try:
        return date(*numbers).year in YEARS
    except (TypeError, ValueError, OverflowError):
        return False
