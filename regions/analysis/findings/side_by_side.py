"""What a comparison found: how much its sides share, and who led."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from futureind.browse.headings import Finding
from futureind.core.sentences import FEWEST_RECORDS, listed, sentence_start, sentences, stopped


def of_comparison(comparison):
    """Return the Finding of a Comparison: how many technologies its sides share, and who led."""
    sides, either = comparison.sides, len(comparison.technologies)
    if min(either, sum(side.track_count for side in sides)) < FEWEST_RECORDS:
        return None
    together = ngettext(
        "Together they name %(n)s technology", "Together they name %(n)s technologies", either
    ) % {"n": either}
    shared, alone = len(comparison.shared), [len(named_alone(side, sides)) for side in sides]
    names = names_in_sentence(sides)
    if len(sides) > 2:
        words = {"together": together, "all": by_all(shared), "one": by_one(sum(alone))}
        lead = _("%(together)s; %(all)s, %(one)s.") % words
        return Finding(lead, "finding-compare", unread(sides, names))
    first, second = (by_one_alone(*pair) for pair in zip(alone, names, strict=True))
    words = {"together": together, "both": by_both(shared), "first": first, "second": second}
    lead = _("%(together)s; %(both)s, %(first)s, %(second)s.") % words
    rest = sentences(who_was_earlier(comparison, names), unread(sides, names))
    return Finding(lead, "finding-compare", rest)


def names_in_sentence(sides):
    """Return what the sides are called in a sentence: titles of plans are too long for one."""
    if not sides[0].is_plan:
        return [side.name.plain for side in sides]
    return [_("the first plan"), _("the second plan"), _("the third plan"), _("the fourth plan")][
        : len(sides)
    ]


def named_alone(side, sides):
    return side.technologies.difference(*(other.technologies for other in sides if other != side))


def by_both(number):
    if not number:
        return _("none is named by both")
    words = ngettext("%(n)s is named by both", "%(n)s are named by both", number)
    return words % {"n": number}


def by_all(number):
    if not number:
        return _("none is named by all")
    words = ngettext("%(n)s is named by all", "%(n)s are named by all", number)
    return words % {"n": number}


def by_one(number):
    if not number:
        return _("none by one side alone")
    return _("%(n)s by one side alone") % {"n": number}


def by_one_alone(number, name):
    if not number:
        return _("none by %(name)s alone") % {"name": name}
    return _("%(n)s by %(name)s alone") % {"n": number, "name": name}


def who_was_earlier(comparison, names):
    """Say which of two sides was the earlier with what both name."""
    number, earlier = len(comparison.shared), comparison.earlier
    ours, theirs = earlier[0], earlier[1]
    rest = number - ours - theirs
    if not number:
        return ""
    if rest == number:
        return _("Which of the two was earlier is not known.")
    if number in (ours, theirs):
        leader = names[0] if ours else names[1]
        one, all_of_them = _("%(name)s named it first."), _("%(name)s named all of these first.")
        words = one if number == 1 else all_of_them
        return sentence_start(words % {"name": leader})
    words = {"n": number, "first": names[0], "second": names[1], "ours": ours, "theirs": theirs}
    if ours and theirs:
        said = _("Of the %(n)s, %(first)s named %(ours)s first, %(second)s %(theirs)s") % words
    else:
        words |= {"name": names[0] if ours else names[1], "number": ours or theirs}
        said = _("Of the %(n)s, %(name)s named %(number)s first") % words
    if not rest:
        return stopped(said)
    whole = ngettext("%(words)s; %(n)s is undecided.", "%(words)s; %(n)s are undecided.", rest)
    return whole % {"words": said, "n": rest}


def unread(sides, names):
    """Say which sides were read in part, and which have no tracks on record."""
    pairs = list(zip(sides, names, strict=True))
    in_part = [name for side, name in pairs if side.track_count and side.reading != "read"]
    empty = [name for side, name in pairs if not side.track_count]
    found = []
    if len(in_part) == len(sides) > 1:
        both = _("Both were read only in part.")
        found.append(_("All were read only in part.") if len(sides) > 2 else both)
    elif in_part:
        words = ngettext(
            "%(names)s was read only in part.", "%(names)s were read only in part.", len(in_part)
        )
        found.append(sentence_start(words % {"names": listed(in_part)}))
    if empty:
        words = ngettext(
            "%(names)s has no tracks on record.", "%(names)s have no tracks on record.", len(empty)
        )
        found.append(sentence_start(words % {"names": listed(empty)}))
    return sentences(*found)
