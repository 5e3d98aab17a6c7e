"""Pieces of which sentences are made: names in a row, a month, a name within a sentence."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from futureind.core.bilingual import ENGLISH, active_language

# No sentence of a page's finding stands on fewer records.
FEWEST_RECORDS = 3
# English sentences of a finding hold together at most so many words.
MOST_WORDS = 45
# So many names stand in one place of a sentence; of more it says the number.
MOST_NAMES = 3


def gap():
    """Return what stands between two sentences."""
    return " " if active_language() == ENGLISH else ""


def sentences(*parts):
    """Return sentences one after the other; empty ones are left out."""
    return gap().join(filter(None, parts))


def sentences_that_fit(lead, parts):
    """Return those sentences after a lead that fit into a finding, as one text.

    Parameter: ``parts``, ``(sentence, whether it must stand)``; empty ones are left out.
    """
    fixed = (lead, *(text for text, must in parts if must))
    room = MOST_WORDS - sum(len(text.split()) for text in fixed)
    kept = []
    for text, must in parts:
        if text and (must or len(text.split()) <= room):
            kept.append(text)
            room -= 0 if must else len(text.split())
    return sentences(*kept)


def stopped(words):
    """Return words with the full stop of the language."""
    return words + ("." if active_language() == ENGLISH else "。")


def sentence_start(text):
    return text[:1].upper() + text[1:]


def listed(names):
    """Return names as a sentence lists them: A, B and C."""
    *others, last = names
    if not others:
        return last
    return _("%(names)s and %(last)s") % {"names": _(", ").join(others), "last": last}


def within(name):
    """Return a name as it stands within a sentence: a first word that is no name in small letters.

    Parameter: ``name``, such as "Brain-computer interfaces"; "AI agents" and "eVTOL" stay.
    """
    first = name.split(" ", 1)[0]
    is_plain_word = first[:1].isupper() and first[1:].islower()
    return name[:1].lower() + name[1:] if is_plain_word else name


def month_of(day):
    """Return the month of a day in words: September 2022, 2022年9月."""
    return date_format(day, "F Y" if active_language() == ENGLISH else "Y年n月")
