"""What the pages on gaps found."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from futureind.browse.headings import Finding
from futureind.core.sentences import FEWEST_RECORDS, MOST_NAMES, listed, within
from regions.counts import number_of_regions


def of_gaps(standing, gaps, things):
    """Return the Finding of what a region does not name.

    Parameters: its Standing; ``gaps``, the Gaps of it; ``things``, how many it could name.
    """
    if min(standing.tracks, things) < FEWEST_RECORDS:
        return None
    words = {"region": standing.region.name.plain, "n": len(gaps), "all": things}
    if not gaps:
        return Finding(
            _("%(region)s names each of the %(all)s fields, products and technologies.") % words,
            "finding-gaps",
        )
    if standing.reading == "read":
        lead = _(
            "%(region)s does not name %(n)s of the %(all)s fields, products and technologies on"
            " record."
        )
    else:
        lead = ngettext(
            "%(n)s of the %(all)s fields, products and technologies on record is not among what"
            " %(region)s is known to name; the region was read only in part.",
            "%(n)s of the %(all)s fields, products and technologies on record are not among what"
            " %(region)s is known to name; the region was read only in part.",
            len(gaps),
        )
    return Finding(lead % words, "finding-gaps", most_widely_named(gaps))


def most_widely_named(gaps):
    """Say which of some gaps most other regions name."""
    most = max(gap.regions for gap in gaps)
    widest = [within(gap.record.name.plain) for gap in gaps if gap.regions == most]
    if not most:
        return ""
    if len(widest) > MOST_NAMES:
        words = _("The most widely named of these are %(n)s, each in %(regions)s.")
        return words % {"n": len(widest), "regions": number_of_regions(most)}
    one = _("The most widely named of these: %(names)s, in %(regions)s.")
    several = _("The most widely named of these: %(names)s, in %(regions)s each.")
    words = one if len(widest) == 1 else several
    return words % {"names": listed(widest), "regions": number_of_regions(most)}


def of_places(record, places):
    """Return the Finding of who names a thing: ``places``, ``{state: the Places of regions}``."""
    named, read = len(places["named"]), len(places["read"])
    if named + read < FEWEST_RECORDS:
        return None
    lead = _("%(regions)s; %(others)s") % {
        "regions": ngettext("%(n)s region names %(thing)s", "%(n)s regions name %(thing)s", named)
        % {"n": named, "thing": within(record.name.plain)},
        "others": who_do_not(read),
    }
    return Finding(lead, "finding-gaps", not_known(sum(map(len, places.values())) - named - read))


def who_do_not(number):
    if not number:
        return _("none that was read completely leaves it out.")
    words = ngettext(
        "%(n)s that was read completely does not.",
        "%(n)s that were read completely do not.",
        number,
    )
    return words % {"n": number}


def not_known(number):
    if not number:
        return ""
    words = ngettext(
        "Of %(n)s other nobody can say: it was not read, or only in part.",
        "Of %(n)s others nobody can say: they were not read, or only in part.",
        number,
    )
    return words % {"n": number}


def of_overview(overview, unread):
    """Return the Finding of all fields and products: which products fewest regions name.

    Parameter: ``unread``, how many regions were not read completely.
    """
    named = {line.record: line.numbers["named"] for line in overview if line.kind == "product"}
    if len(named) < FEWEST_RECORDS or not any(named.values()):
        return None
    fewest, most = min(named.values()), max(named.values())
    if fewest == most:
        return None
    lead = _("%(most)s; %(fewest)s.") % {
        "most": product_named_by(most, named, is_most=True),
        "fewest": product_named_by(fewest, named, is_most=False),
    }
    return Finding(lead, "finding-gaps", not_read(unread))


def product_named_by(number, named, *, is_most):
    names = [within(record.name.plain) for record, count in named.items() if count == number]
    shown = listed(names) if len(names) <= MOST_NAMES else number_of_products(len(names))
    words = {"names": shown, "regions": number_of_regions(number)}
    if is_most:
        return _("Most widely named of the landmark products: %(names)s (%(regions)s)") % words
    if not number:
        return _("no region is known to name %(names)s") % words
    return _("fewest name %(names)s (%(regions)s)") % words


def number_of_products(number):
    return ngettext("%(n)s product", "%(n)s products", number) % {"n": number}


def not_read(number):
    """Say how many regions were not read completely."""
    if not number:
        return ""
    words = ngettext(
        "%(n)s region was not read completely and may name more.",
        "%(n)s regions were not read completely and may name more.",
        number,
    )
    return words % {"n": number}
