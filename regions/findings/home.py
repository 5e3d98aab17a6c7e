"""What the plans of the regions say together, in a sentence or two."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import IndustryField, SymbolicProduct
from futureind.browse.headings import Finding
from futureind.browse.kept_records import public_records
from futureind.core.sentences import FEWEST_RECORDS, within
from regions.naming import namings


def finding_of_home(standings):
    """Return what most regions name, a Finding or None.

    Parameter: ``standings``, the Standing of every public region, cities apart.
    """
    readings = [standing.reading for standing in standings if standing.tracks]
    if len(readings) < FEWEST_RECORDS:
        return None
    read = _("Of %(n)s regions whose plans were read") % {"n": len(readings)}
    in_part = readings.count("in-part")
    if in_part:
        read = _("%(read)s, %(n)s in part") % {"read": read, "n": in_part}
    fields, products = by_regions("field", IndustryField), by_regions("product", SymbolicProduct)
    lead = _("%(read)s, %(fields)s, and %(products)s.") % {
        "read": read,
        "fields": most_named_field(fields),
        "products": most_named_product(products),
    }
    return Finding(lead, "finding-home", named_by_none(products))


def by_regions(kind, model):
    """Return ``[(name in a sentence, number of regions), …]`` of the things of a kind."""
    records, counts = public_records(model), namings(kind)
    return [(within(records[pk].name.plain), counts[pk].regions) for pk in records if pk in counts]


def most_named(numbers):
    """Return ``(names, number)`` of the things that most regions name."""
    most = max((number for _name, number in numbers), default=0)
    return [name for name, number in numbers if number == most], most


def most_named_field(numbers):
    names, most = most_named(numbers)
    if not most:
        return _("none names a field")
    return ngettext(
        "%(clause)s, the most named field", "%(clause)s, the most named fields", len(names)
    ) % {"clause": who_names(names, most)}


def most_named_product(numbers):
    names, most = most_named(numbers)
    if not most:
        return _("none names a landmark product")
    return ngettext(
        "%(clause)s, the most named landmark product",
        "%(clause)s, the most named landmark products",
        len(names),
    ) % {"clause": who_names(names, most)}


def who_names(names, most):
    """Return how many regions name a thing, two, or each of several."""
    values = {"n": most, "name": names[0], "number": len(names)}
    if len(names) == 1:
        return ngettext("%(n)s names %(name)s", "%(n)s name %(name)s", most) % values
    if len(names) == 2:
        values["other"] = names[1]
        return (
            ngettext(
                "%(n)s names %(name)s and as many %(other)s",
                "%(n)s name %(name)s and as many %(other)s",
                most,
            )
            % values
        )
    return (
        ngettext("%(n)s names each of %(number)s", "%(n)s name each of %(number)s", most) % values
    )


def named_by_none(numbers):
    """Return which landmark product no region names, or how many there are of that kind."""
    missing = [name for name, number in numbers if not number]
    if not missing or len(missing) == len(numbers):
        return ""
    if len(missing) == 1 and len(most_named(numbers)[0]) == 1:
        return _("None of them names %(name)s.") % {"name": missing[0]}
    if len(missing) == 1:
        return _("One landmark product is named by none of them.")
    return _("%(n)s landmark products are named by none of them.") % {"n": len(missing)}
