"""What the pages on who named a thing first found."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from futureind.browse.headings import Finding
from futureind.core.sentences import (
    FEWEST_RECORDS,
    MOST_NAMES,
    listed,
    month_of,
    sentences,
)
from regions.counts import number_of_regions


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
    one = _("%(names)s was the first region on record for %(count)s of %(total)s technologies")
    several = _("%(names)s were each the first on record for %(count)s of %(total)s technologies")
    return (one if len(regions) == 1 else several) % words


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
    return _("for %(n)s of them no national text is older.") % {"n": number}


def named_without_date(number):
    if not number:
        return ""
    words = _("%(n)s more, named nationally, stand in undated regional texts only.")
    return words % {"n": number}


def of_diffusion(diffusion):
    """Return the Finding of a Diffusion: when the nation named a thing, a region, half of them."""
    steps = diffusion.steps
    if len(steps) < FEWEST_RECORDS:
        return None
    first = [step.region for step in steps if step.document.date == steps[0].document.date]
    first.sort(key=lambda region: region.code)
    words = {
        "region": month_of(steps[0].document.date),
        "who": names_of(first) if len(first) <= MOST_NAMES else number_of_regions(len(first)),
        "n": len(steps),
        "half": month_of(steps[(len(steps) - 1) // 2].document.date),
    }
    nation = diffusion.first_national
    if nation is None:
        lead = _(
            "First named by a region in %(region)s (%(who)s), by half of its %(n)s dated regions by"
            " %(half)s."
        )
        rest = _("No dated national text names it.")
        return Finding(lead % words, "finding-first-of", sentences(rest, undated(diffusion)))
    words["nation"] = month_of(nation.announced_on())
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
