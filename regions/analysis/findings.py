"""What the pages of analysis found, each in a sentence: see futureind/browse/finding.py."""

from collections import Counter

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from futureind.browse.headings import Finding
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


# Side by side


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
        words = ngettext("%(name)s named it first.", "%(name)s named all of these first.", number)
        return sentence_start(words % {"name": leader})
    words = _("Of the %(n)s, %(first)s named %(ours)s first, %(second)s %(theirs)s") % {
        "n": number,
        "first": names[0],
        "second": names[1],
        "ours": ours or pgettext("number", "none"),
        "theirs": theirs or pgettext("number", "none"),
    }
    if not rest:
        return _("%(words)s.") % {"words": words}
    whole = ngettext("%(words)s; %(n)s is undecided.", "%(words)s; %(n)s are undecided.", rest)
    return whole % {"words": words, "n": rest}


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


def sentence_start(text):
    return text[:1].upper() + text[1:]


# Who named it first


def of_movers(movers):
    """Return the Finding of the FirstMovers of all technologies: which regions were first."""
    regional = [mover for mover in movers if mover.first_regional]
    if len(regional) < FEWEST_RECORDS:
        return None
    number = Counter(region for mover in regional for region in mover.leaders)
    ranks = ranked(number)
    (most, leaders), *rest = ranks
    total = len(regional)
    lead = first_of_all(most, leaders, total)
    for count, regions in rest:
        lead = _("%(words)s, %(more)s") % {"words": lead, "more": next_place(count, regions)}
    older = sum(1 for mover in regional if has_older_national(mover))
    lead = _("%(words)s; %(nation)s") % {"words": lead, "nation": no_older(total - older)}
    undated = sum(1 for mover in movers if mover.regions and not mover.first_regional)
    return Finding(lead, "finding-first", named_without_date(undated))


def ranked(number):
    """Return ``[(number, [Region, …]), …]`` of the three highest numbers, ties together."""
    by_number = {}
    for region, count in number.items():
        by_number.setdefault(count, []).append(region)
    return [
        (count, sorted(by_number[count], key=lambda region: region.code))
        for count in sorted(by_number, reverse=True)[:3]
    ]


def names_of(regions):
    return listed([region.name.plain for region in regions])


def first_of_all(count, regions, total):
    words = {"n": len(regions), "count": count, "total": total}
    if len(regions) > MOST_NAMES:
        return (
            _("%(n)s regions were each the first on record for %(count)s of %(total)s technologies")
            % words
        )
    words["names"] = names_of(regions)
    return (
        ngettext(
            "%(names)s was the first region on record for %(count)s of %(total)s technologies",
            "%(names)s were each the first regions on record for %(count)s of %(total)s"
            " technologies",
            len(regions),
        )
        % words
    )


def next_place(count, regions):
    words = {"n": len(regions), "count": count}
    if len(regions) > MOST_NAMES:
        return _("%(n)s others for %(count)s each") % words
    words["names"] = names_of(regions)
    one, several = _("%(names)s for %(count)s"), _("%(names)s for %(count)s each")
    return (one if len(regions) == 1 else several) % words


def has_older_national(mover):
    national = mover.national
    return bool(national) and national.document.date < mover.first_regional.document.date


def no_older(number):
    if not number:
        return _("each of them has an older national text.")
    words = ngettext(
        "for %(n)s of them no national text is older.",
        "for %(n)s of them no national text is older.",
        number,
    )
    return words % {"n": number}


def named_without_date(number):
    if not number:
        return ""
    words = ngettext(
        "Regions name %(n)s more in undated texts only.",
        "Regions name %(n)s more in undated texts only.",
        number,
    )
    return words % {"n": number}


def month(day):
    """Return the month of a day as a sentence has it: March 2021."""
    return date_format(day, pgettext("month in a sentence", "F Y"))


def of_diffusion(diffusion):
    """Return the Finding of a Diffusion: when the nation named a thing, a region, half of them."""
    steps = diffusion.steps
    if len(steps) < FEWEST_RECORDS:
        return None
    first = [step.region for step in steps if step.document.date == steps[0].document.date]
    words = {
        "region": month(steps[0].document.date),
        "who": names_of(first) if len(first) <= MOST_NAMES else number_of_regions(len(first)),
        "n": len(steps),
        "half": month(steps[(len(steps) - 1) // 2].document.date),
    }
    nation = diffusion.first_national
    if nation is None:
        lead = _(
            "First named by a region in %(region)s (%(who)s), by half of its %(n)s dated regions by"
            " %(half)s."
        )
        rest = _("No dated national text names it.")
        return Finding(lead % words, "finding-first-of", sentences(rest, undated(diffusion)))
    words["nation"] = month(nation.announced_on())
    if steps[0].lag < 0:
        lead = _(
            "Named first by a region in %(region)s (%(who)s), nationally in %(nation)s, by half of"
            " its %(n)s dated regions by %(half)s."
        )
    else:
        lead = _(
            "Named nationally in %(nation)s, first by a region in %(region)s (%(who)s), by half of"
            " its %(n)s dated regions by %(half)s."
        )
    return Finding(lead % words, "finding-first-of", undated(diffusion))


def number_of_regions(number):
    return ngettext("%(n)s region", "%(n)s regions", number) % {"n": number}


def undated(diffusion):
    number = len(diffusion.undated)
    if not number:
        return ""
    words = ngettext(
        "%(n)s more region names it in undated texts only.",
        "%(n)s more regions name it in undated texts only.",
        number,
    )
    return words % {"n": number}


# Gaps


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
        lead = _(
            "%(n)s of the %(all)s fields, products and technologies on record are not among what"
            " %(region)s is known to name; it was read only in part."
        )
    return Finding(lead % words, "finding-gaps", most_widely_named(gaps))


def most_widely_named(gaps):
    """Say which of some gaps most other regions name."""
    most = max(gap.regions for gap in gaps)
    widest = [gap.record.name.plain for gap in gaps if gap.regions == most]
    if not most:
        return ""
    if len(widest) > MOST_NAMES:
        words = _("The most widely named of these are %(n)s, each in %(regions)s.")
        return words % {"n": len(widest), "regions": number_of_regions(most)}
    words = ngettext(
        "The most widely named of these: %(names)s, in %(regions)s.",
        "The most widely named of these: %(names)s, in %(regions)s each.",
        len(widest),
    )
    return words % {"names": listed(widest), "regions": number_of_regions(most)}


def of_places(record, places):
    """Return the Finding of who names a thing: ``places``, ``{state: the Places of regions}``."""
    named, read = len(places["named"]), len(places["read"])
    if named + read < FEWEST_RECORDS:
        return None
    lead = _("%(regions)s; %(others)s") % {
        "regions": ngettext("%(n)s region names %(thing)s", "%(n)s regions name %(thing)s", named)
        % {"n": named, "thing": record.name.plain},
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
    names = [record.name.plain for record, count in named.items() if count == number]
    shown = listed(names) if len(names) <= MOST_NAMES else number_of_products(len(names))
    words = {"names": shown, "regions": number_of_regions(number)}
    if is_most:
        return _("Of the landmark products most regions name %(names)s (%(regions)s)") % words
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
