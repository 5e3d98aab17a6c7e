"""What the pages of regions, and of what regions name, found, each in a sentence.

Plain functions of what a page counts anyway; _finding_rules.html says the rules to readers.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.findings.documents import largest_in_words
from futureind.browse.headings import finding_that_fits
from futureind.core.sentences import (
    FEWEST_RECORDS,
    MOST_NAMES,
    listed,
    month_of,
    sentences,
    within,
)
from regions.counts import number_of_regions


def region_finding(region, profile, *, is_in_part, firsts, largest):
    """Return the Finding of a region's page, None where fewer than three technologies are named.

    Parameters: its ``profile``; whether its texts were read ``is_in_part``; how many technologies
    it was the ``firsts`` to name; the ``largest`` sum (LargestSum) among its targets still due.
    """
    bets = profile.bets
    if len(bets) < FEWEST_RECORDS:
        return None
    lines = [line for line in profile.lines if line.plan.pk in profile.naming]
    lead = named_in_words(region, bets, lines, with_names=profile.is_small)
    undated = sum(line.placed_on is None for line in lines)
    rest = [
        (in_force_in_words(len(lines), sum(line.is_in_force for line in lines)), True),
        (largest_in_words(largest), False),
        (firsts_in_words(firsts), False),
        (undated_in_words(undated, len(lines)), True),
        (_("Its texts were read in part.") if is_in_part else "", True),
    ]
    return finding_that_fits(lead, "finding-region", rest)


def named_in_words(region, bets, lines, *, with_names):
    """Return the sentence that says what a region names, where, and since when."""
    technologies = ngettext("%(n)s technology", "%(n)s technologies", len(bets)) % {"n": len(bets)}
    documents = ngettext("%(n)s document", "%(n)s documents", len(lines)) % {"n": len(lines)}
    words = {"region": region.name.plain, "technologies": technologies, "documents": documents}
    first = min((line.placed_on for line in lines if line.placed_on), default=None)
    if first:
        words["month"] = month_of(first)
    if with_names:
        words["names"] = some_names([bet.technology.name.plain for bet in bets])
        if first:
            return (
                _("%(region)s names %(technologies)s in %(documents)s since %(month)s: %(names)s.")
                % words
            )
        return _("%(region)s names %(technologies)s in %(documents)s: %(names)s.") % words
    if first:
        return _("%(region)s names %(technologies)s in %(documents)s since %(month)s.") % words
    return _("%(region)s names %(technologies)s in %(documents)s.") % words


def some_names(names):
    """Return names within a sentence, the first ones and the number of the others if many."""
    names = [within(name) for name in names]
    if len(names) <= MOST_NAMES + 1:
        return listed(names)
    more = len(names) - MOST_NAMES
    shown = _(", ").join(names[:MOST_NAMES])
    return ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more) % {
        "names": shown,
        "n": more,
    }


def in_force_in_words(documents, in_force):
    if documents == in_force == 1:
        return _("It is in force.")
    if documents == in_force:
        return _("All of the documents are in force.")
    if not in_force:
        return _("None of the documents is known to be in force.")
    return ngettext(
        "%(n)s of the documents is in force.", "%(n)s of the documents are in force.", in_force
    ) % {"n": in_force}


def firsts_in_words(firsts):
    if not firsts:
        return ""
    return ngettext(
        "It was first on record with %(n)s technology.",
        "It was first on record with %(n)s technologies.",
        firsts,
    ) % {"n": firsts}


def undated_in_words(undated, documents):
    if not undated:
        return ""
    if undated == documents:
        return ngettext("It has no date.", "None of the documents has a date.", documents)
    return ngettext("%(n)s document has no date.", "%(n)s documents have no date.", undated) % {
        "n": undated
    }


# Products, technologies, fields


def subject_finding(record, spread, readings):
    """Return the Finding about a product or technology, None where under three tracks name it.

    Parameters: ``spread``, who names it (a Spread); ``readings``, the number of regions whose
    tracks are on record.
    """
    naming = spread.naming
    if naming.tracks < FEWEST_RECORDS:
        return None
    words = {
        "n": naming.regions,
        "all": readings,
        "name": within(record.name.plain),
        "exact": in_the_same_words(spread.exact_regions),
        "in_force": in_plans_in_force(naming.in_force),
    }
    lead = ngettext(
        "%(n)s of %(all)s regions names %(name)s, %(exact)s and %(in_force)s.",
        "%(n)s of %(all)s regions name %(name)s, %(exact)s and %(in_force)s.",
        naming.regions,
    )
    rest = [
        (sentences(first_exact_in_words(spread), first_other_in_words(spread)), False),
        (regions_undated_in_words(naming), True),
    ]
    return finding_that_fits(lead % words, "finding-subject", rest)


def in_the_same_words(regions):
    if not regions:
        return _("none in the same words")
    return pgettext("regions", "%(n)s in the same words") % {"n": regions}


def in_plans_in_force(regions):
    if not regions:
        return _("none in a dated plan in force")
    return _("%(n)s in a dated plan in force") % {"n": regions}


def regions_in_words(regions):
    """Return the names of regions, their number where they are more than a few."""
    if len(regions) <= MOST_NAMES:
        return listed([region.name.plain for region in regions])
    return number_of_regions(len(regions))


def first_exact_in_words(spread):
    day, regions = spread.first_exact
    if not regions:
        return ""
    words = {"regions": regions_in_words(regions), "day": day.isoformat()}
    return (
        ngettext(
            "%(regions)s was the first in these words (%(day)s).",
            "%(regions)s were the first in these words (%(day)s).",
            len(regions),
        )
        % words
    )


def first_other_in_words(spread):
    """Return who named it in other words, before anybody did so in the same ones."""
    day, regions = spread.first
    if not regions or (spread.first_exact[0] and spread.first_exact[0] <= day):
        return ""
    words = {"regions": regions_in_words(regions), "day": day.isoformat()}
    if spread.first_exact[0]:
        return _("%(regions)s used broader or narrower words earlier (%(day)s).") % words
    return (
        ngettext(
            "%(regions)s was the first in broader or narrower words (%(day)s).",
            "%(regions)s were the first in broader or narrower words (%(day)s).",
            len(regions),
        )
        % words
    )


def regions_undated_in_words(naming):
    undated = naming.regions - naming.dated
    if not undated:
        return ""
    if undated == naming.regions:
        return _("No dated plan names it.")
    return ngettext(
        "%(n)s region names it in undated plans only.",
        "%(n)s regions name it in undated plans only.",
        undated,
    ) % {"n": undated}


def field_finding(field, spread, readings, most_named):
    """Return the Finding about a field, None where under three tracks stand in it.

    Parameters: as above; ``most_named``, ``(technologies, number of regions)``: those of the field
    that most regions name.
    """
    naming = spread.naming
    if naming.tracks < FEWEST_RECORDS:
        return None
    words = {
        "n": naming.regions,
        "all": readings,
        "name": within(field.name.plain),
        "in_force": in_plans_in_force(naming.in_force),
    }
    lead = ngettext(
        "%(n)s of %(all)s regions names %(name)s, %(in_force)s.",
        "%(n)s of %(all)s regions name %(name)s, %(in_force)s.",
        naming.regions,
    )
    rest = [
        (first_of_field_in_words(spread), False),
        (most_named_in_words(*most_named), False),
        (regions_undated_in_words(naming), True),
    ]
    return finding_that_fits(lead % words, "finding-field", rest)


def first_of_field_in_words(spread):
    day, regions = spread.first
    if not regions:
        return ""
    words = {"regions": regions_in_words(regions), "day": day.isoformat()}
    return (
        ngettext(
            "%(regions)s was the first (%(day)s).",
            "%(regions)s were the first (%(day)s).",
            len(regions),
        )
        % words
    )


def most_named_in_words(technologies, regions):
    if not technologies:
        return ""
    words = {"n": regions}
    if len(technologies) > MOST_NAMES:
        words["number"] = len(technologies)
        return (
            ngettext(
                "%(number)s of its technologies are named most, by %(n)s region each.",
                "%(number)s of its technologies are named most, by %(n)s regions each.",
                regions,
            )
            % words
        )
    words["names"] = listed([within(technology.name.plain) for technology in technologies])
    if len(technologies) > 1:
        return (
            ngettext(
                "Of its technologies %(names)s are named most, by %(n)s region each.",
                "Of its technologies %(names)s are named most, by %(n)s regions each.",
                regions,
            )
            % words
        )
    return (
        ngettext(
            "Of its technologies %(names)s is named most, by %(n)s region.",
            "Of its technologies %(names)s is named most, by %(n)s regions.",
            regions,
        )
        % words
    )
