"""What the page of coverage found: how much of the country is on record."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from futureind.browse.headings import Finding
from futureind.core.sentences import FEWEST_RECORDS


def of_coverage(readings):
    """Return the Finding of the Readings of all regions: how many are on record, how far read."""
    number = {reading.value: len(reading) for reading in readings}
    total, tracks = sum(number.values()), number["read"] + number["in-part"]
    if total < FEWEST_RECORDS:
        return None
    lead = ngettext(
        "%(tracks)s of %(total)s regions has tracks on record; read completely: %(read)s, in part:"
        " %(part)s.",
        "%(tracks)s of %(total)s regions have tracks on record; read completely: %(read)s, in part:"
        " %(part)s.",
        tracks,
    ) % {"tracks": tracks, "total": total, "read": number["read"], "part": number["in-part"]}
    rest = _(
        "Of the others: %(plan)s with a plan only, %(none)s searched without result, %(not)s not"
        " searched."
    ) % {
        "none": number["none-found"],
        "not": number["not-searched"],
        "plan": number["not-recorded"],
    }
    return Finding(lead, "finding-coverage", rest)
