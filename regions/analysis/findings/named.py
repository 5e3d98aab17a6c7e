"""What the matrix found: the field, product or technology that most regions name."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from futureind.browse.headings import Finding
from futureind.core.sentences import (
    FEWEST_RECORDS,
    MOST_NAMES,
    listed,
    sentence_start,
    sentences,
    stopped,
    within,
)

# What may be asked of a matrix and leaves the sentence true; under other filters it is silent.
OPTIONS = {
    *("columns", "rows", "children", "order", "sort", "shown", "all"),
    *("match", "in_force_on"),
}


def of_matrix(matrix, filterset):
    """Return the Finding of a Matrix: what most regions with tracks name, and what is unknown."""
    asked = {name for name, value in filterset.form.cleaned_data.items() if value}
    related = "related" in (filterset.form.cleaned_data.get("match") or ())
    base = [row for row in matrix.rows if row.tracks]
    if asked - OPTIONS or related or len(base) < FEWEST_RECORDS:
        return None
    columns = [*matrix.columns, *matrix.unnamed]
    most = max((column.regions for column in columns), default=0)
    if not most:
        return None
    kind = filterset.dimension.name
    names = [within(column.record.name.plain) for column in columns if column.regions == most]
    unnamed = sum(1 for column in columns if not column.regions)
    lead = stopped(named_by_most(kind, names, most, len(base)))
    unread = len(matrix.rows) - len(base)
    rest = sentences(named_by_none(kind, unnamed), not_on_record(unread))
    return Finding(sentence_start(lead), "finding-matrix", rest)


def named_by_most(kind, names, number, base):
    """Say how many regions name the things that most of them name."""
    words = {"regions": regions_of(number, base), "n": len(names)}
    if len(names) > MOST_NAMES:
        said = {
            "field": _("%(n)s fields are each named by %(regions)s, more than any other"),
            "product": _(
                "%(n)s landmark products are each named by %(regions)s, more than any other"
            ),
            "technology": _(
                "%(n)s technologies are each named by %(regions)s, more than any other"
            ),
        }
        return said[kind] % words
    words |= {"names": listed(names), "number": number, "base": base}
    if len(names) == 1:
        return named_by(kind, number) % words
    several = {
        "field": _("%(names)s are each named by %(regions)s, more than any other field"),
        "product": _(
            "%(names)s are each named by %(regions)s, more than any other landmark product"
        ),
        "technology": _("%(names)s are each named by %(regions)s, more than any other technology"),
    }
    return several[kind] % words


def named_by(kind, number):
    return {
        "field": ngettext(
            "%(number)s of %(base)s regions names %(names)s, more than any other field",
            "%(number)s of %(base)s regions name %(names)s, more than any other field",
            number,
        ),
        "product": ngettext(
            "%(number)s of %(base)s regions names %(names)s, more than any other landmark product",
            "%(number)s of %(base)s regions name %(names)s, more than any other landmark product",
            number,
        ),
        "technology": ngettext(
            "%(number)s of %(base)s regions names %(names)s, more than any other technology",
            "%(number)s of %(base)s regions name %(names)s, more than any other technology",
            number,
        ),
    }[kind]


def regions_of(number, base):
    words = ngettext("%(n)s of %(base)s region", "%(n)s of %(base)s regions", base)
    return words % {"n": number, "base": base}


def named_by_none(kind, number):
    """Say how many things none of them names."""
    if not number:
        return ""
    said = {
        "field": ngettext(
            "%(n)s field is named by none.", "%(n)s fields are named by none.", number
        ),
        "product": ngettext(
            "%(n)s landmark product is named by none.",
            "%(n)s landmark products are named by none.",
            number,
        ),
        "technology": ngettext(
            "%(n)s technology is named by none.", "%(n)s technologies are named by none.", number
        ),
    }
    return said[kind] % {"n": number}


def not_on_record(number):
    if not number:
        return ""
    words = ngettext(
        "Of %(n)s other region no track is on record.",
        "Of %(n)s other regions no track is on record.",
        number,
    )
    return words % {"n": number}
