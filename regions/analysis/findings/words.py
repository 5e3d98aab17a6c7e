"""Words that findings of several pages share: see Finding in futureind/browse/headings.py."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from futureind.core.bilingual import ENGLISH, active_language

# Behind a sentence stand at least so many records.
FEWEST_RECORDS = 3
# So many names stand in one place of a sentence; of more it says the number.
MOST_NAMES = 3


def listed(names):
    """Return names as a sentence lists them."""
    *first, last = names
    if not first:
        return last
    return _("%(names)s and %(last)s") % {"names": _(", ").join(first), "last": last}


def sentences(*parts):
    """Return sentences one after the other; empty ones are left out."""
    return (" " if active_language() == ENGLISH else "").join(filter(None, parts))


def sentence_start(text):
    return text[:1].upper() + text[1:]


def number_of_regions(number):
    return ngettext("%(n)s region", "%(n)s regions", number) % {"n": number}
