"""Tags about what the plans of the regions say together, also for pages of the catalogue."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog.models.mappings import Match
from catalog.templatetags.catalog_tags import match_sign
from futureind.browse.headings import heading
from futureind.browse.templatetags.tracker import weaker
from regions import counts
from regions.analysis.cascade import UptakeState
from regions.models.plans import Tier
from regions.templatetags.regions_tags import tier_sign

register = template.Library()


@register.filter
def beside(cells, sides):
    """Pairs of a side and what stands in its column."""
    return list(zip(sides, cells, strict=True))


@register.filter
def name_of(record):
    return heading(record).plain


@register.simple_tag
def absence(side):
    """Why nothing stands here: by how far the region of a side was read."""
    sign, words = counts.absence_in_words(side.reading, side.standing.check)
    return format_html(
        '<span class="unknown"><span aria-hidden="true">{}</span> {}</span>', sign, words
    )


@register.simple_tag
def wordings_list(wordings, side):
    """What a side says of a concept. Not a template: a comparison holds hundreds of lines."""
    if not wordings.number:
        return named_within(wordings) if wordings.within else absence(side)
    address_of, sign_of = line_parts(get_language())
    lines = [
        format_html(
            '<li>{} <a href="{}">{}</a> {} <span class="soft">{} {}</span> {}</li>',
            sign_of.get(getattr(line, "match", None), ""),
            address_of.replace(SLUG, line.track.slug),
            line.track.name,
            other_name(line.track.name),
            *tier_parts(line.track.tier, get_language()),
            weaker(line.track),
        )
        for line in wordings.shown
    ]
    if wordings.more:
        words = _("all %(n)s tracks") % {"n": wordings.number}
        lines.append(format_html('<li><a href="{}">{}</a></li>', wordings.address, words))
    return format_html('<ul class="wordings">{}</ul>', mark_safe("".join(lines)))  # noqa: S308


def named_within(wordings):
    words = ngettext(
        "only what is within it: %(n)s track",
        "only what is within it: %(n)s tracks",
        wordings.within,
    ) % {"n": wordings.within}
    return format_html('<a href="{}">{}</a>', wordings.address_within, words)


@register.simple_tag
def uptake_cells(cells):
    """The cells of a region in the table of a cascade. Not a template: there are hundreds."""
    return format_html_join("", "{}", ((uptake_cell(cell),) for cell in cells))


def uptake_cell(cell):
    address_of, state_of, undated = uptake_parts(get_language())
    state = state_of[cell.state]
    if cell.plan is None:
        return format_html('<td class="{}">{}</td>', cell.state, state)
    day = cell.plan.document.date
    shown = format_html('<time datetime="{0}">{0}</time>', day) if day else undated
    earlier = ""
    if cell.after and cell.before:
        words = _("before: %(day)s") % {"day": cell.before.document.date}
        address = address_in(address_of, cell.before)
        earlier = format_html('<br><a class="soft" href="{}">{}</a>', address, words)
    return format_html(
        '<td class="{}">{} <a href="{}">{}</a>{}</td>',
        *(cell.state, state, address_in(address_of, cell.plan), shown, earlier),
    )


def address_in(address_of, plan):
    """Return the address of a public plan, given that of all documents."""
    return address_of.replace(SLUG, plan.document.slug) + plan.fragment


@lru_cache
def uptake_parts(language):
    """Return what the cells of a language share: a document's address, the states, one word."""
    states = {
        state: format_html(
            '<span aria-hidden="true">{}</span><span class="away">{}</span>',
            *(state.sign, state.label),
        )
        for state in UptakeState
    }
    return reverse("document", args=[SLUG]), states, _("undated")


# Stands in an address where a track or document puts its slug; no slug has such letters.
SLUG = "SLUG"


@lru_cache
def line_parts(language):
    """Return what the lines of a language share: the address of a track, the signs of matches."""
    return reverse("track", args=[SLUG]), {match: match_sign(match) for match in Match}


@lru_cache
def tier_parts(tier, language):
    return tier_sign(tier), str(Tier(tier).label)


def other_name(name):
    if not name.other:
        return ""
    return format_html('<span class="other" lang="{}">{}</span>', name.other.lang, name.other.plain)


@register.simple_tag
def reading_words(side):
    """How far the region of a side was read."""
    if side.reading == "read":
        return _("read, complete")
    return counts.absence_in_words(side.reading, side.standing.check)[1]


@register.simple_tag
def state_heading(state):
    """How a region stands before a thing, in words above a table."""
    if state == "named":
        return _("named")
    if state == "none-found":
        return _("no plan found")
    return counts.absence_in_words(state)[1]
