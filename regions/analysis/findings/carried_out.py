"""What the page of a cascade found: who carries a text out."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models.document_parts import RelationBasis
from futureind.browse.headings import Finding
from futureind.core.sentences import (
    FEWEST_RECORDS,
    MOST_NAMES,
    listed,
    sentence_start,
    sentences,
)


def of_cascade(cascade):
    """Return the Finding of a Cascade: who answered a text, how soon, and who took it up."""
    answers, took_up = cascade.answers, cascade.took_up
    if len(answers) + len(took_up) < FEWEST_RECORDS:
        return None
    stated = len(cascade.first_links(RelationBasis.STATED))
    lead = _("%(stated)s; %(judged)s.") % {
        "stated": naming_it(stated),
        "judged": judged_to(len(answers) - stated),
    }
    rest = sentences(first_answer(answers), uptake(cascade, len(took_up)))
    return Finding(sentence_start(lead), "finding-cascade", rest)


def naming_it(number):
    if not number:
        return _("no text on record names it as its basis")
    words = ngettext(
        "%(n)s text names it as its basis", "%(n)s texts name it as their basis", number
    )
    return words % {"n": number}


def judged_to(number):
    if not number:
        return _("none is judged to carry it out besides")
    words = ngettext(
        "%(n)s more is judged to carry it out", "%(n)s more are judged to carry it out", number
    )
    return words % {"n": number}


def first_answer(answers):
    """Say after how many days the first answer came, and from where."""
    days = [link.days for link in answers if link.days is not None]
    if not days:
        return _("How soon is not known.") if answers else ""
    first = [link.document for link in answers if link.days == min(days)]
    who = dict.fromkeys(
        document.region.name.plain if document.region else _("the nation") for document in first
    )
    words = {"n": min(days), "who": listed(list(who))}
    if len(who) > MOST_NAMES:
        return (
            ngettext(
                "The first came after %(n)s day.", "The first came after %(n)s days.", words["n"]
            )
            % words
        )
    return (
        ngettext(
            "The first came after %(n)s day (%(who)s).",
            "The first came after %(n)s days (%(who)s).",
            words["n"],
        )
        % words
    )


def uptake(cascade, number):
    """Say how many of the regions with tracks named a field or product of the text after it."""
    read = len(cascade.read)
    if not cascade.tables or not read or cascade.document.announced_on() is None:
        return ""
    if not number:
        words = _(
            "Of %(read)s regions with tracks on record none named its fields or products later."
        )
        return words % {"read": read}
    words = ngettext(
        "Of %(read)s region with tracks on record, %(number)s named one of its fields or products"
        " later.",
        "Of %(read)s regions with tracks on record, %(number)s named one of its fields or products"
        " later.",
        read,
    )
    return words % {"read": read, "number": number}
