"""Tags about what the plans of the regions say together, also for pages of the catalogue."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from catalog.models.mappings import Match
from catalog.promises import further_words
from catalog.templatetags.catalog_tags import amount, match_sign
from futureind.browse.headings import heading
from futureind.browse.templatetags.tracker import by_precision, to_verify
from futureind.publishing.models.records import Confidence
from regions import counts
from regions.analysis.cascade import UptakeState

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
def side_cells(concept, sides):
    """What each side says of a concept. Not a template: a comparison holds hundreds of cells."""
    parts = cell_parts(get_language())
    pairs = zip(sides, concept.wordings, strict=True)
    return mark_safe("".join(side_cell(side, found, parts) for side, found in pairs))  # noqa: S308


def side_cell(side, wordings, parts):
    address_of, sign_of, same, ended, undated = parts
    if not wordings.number:
        said = named_within(wordings) if wordings.within else bare_absence(side)
        state = "" if wordings.within else "none"
        return format_html(
            '<td class="sign {0}" data-label="{1}"></td><td class="{0}">{2}</td><td></td>',
            *(state, side.label, said),
        )
    words, first = wordings.words, undated
    if words.first:
        first = format_html('<time datetime="{0}">{0}</time>', words.first.isoformat()[:7])
    return format_html(
        '<td class="sign" data-label="{}">{}</td><td><a href="{}">{}</a>{}{}{}</td>'
        '<td class="figure soft">{}</td>',
        *(side.label, sign_of.get(words.match, "")),
        *(address_of.replace(SLUG, words.slug), same if words.is_same else words.name),
        to_verify() if words.confidence == Confidence.RECALLED else "",
        ended if words.has_ended else "",
        all_tracks(wordings) if wordings.more else "",
        first,
    )


def all_tracks(wordings):
    words = _("all %(n)s tracks") % {"n": wordings.number}
    return format_html(
        ' <a class="soft more" href="{}"><span aria-hidden="true">+{}</span>'
        '<span class="away">{}</span></a>',
        *(wordings.address, wordings.more, words),
    )


def bare_absence(side):
    """Why nothing stands here as a sign, with its words for those who cannot see it."""
    sign, words = counts.absence_in_words(side.reading, side.standing.check)
    return format_html(
        '<span class="unknown" aria-hidden="true">{}</span><span class="away">{}</span>',
        sign,
        words,
    )


def named_within(wordings):
    words = ngettext(
        "only what is within it: %(n)s track",
        "only what is within it: %(n)s tracks",
        wordings.within,
    ) % {"n": wordings.within}
    return format_html('<a href="{}">{}</a>', wordings.address_within, words)


@lru_cache
def cell_parts(language):
    """Return what the cells of a language share: a track's address, signs, and three words."""
    soft = ' <span class="soft">({})</span>'
    return (
        reverse("track", args=[SLUG]),
        {match: match_sign(match) for match in Match},
        format_html('<span class="soft">{}</span>', _("same name")),
        format_html(soft, pgettext("of a plan", "ended")),
        _("undated"),
    )


# Words that say something of the promise, not of the number, which says the others itself.
STRIVING = ("力争", "争取")


@register.simple_tag
def target_line(target):
    """A target in one line: its number, what is measured, and when it is due."""
    words = amount(target)
    said = format_html("<strong>{}</strong>", words) if words else target.statement
    measured = target.metric if words and target.metric else ""
    limits = [str(meaning) for word, meaning in further_words(target) if word in STRIVING]
    due = by_precision(target.due_date, target.due_precision) or _("no date stated")
    return format_html(
        '<a href="{}">{}</a> <span class="soft">{}</span>',
        *(target.get_absolute_url(), said),
        _(", ").join(filter(None, [str(measured), *limits, due])),
    )


@register.simple_tag
def uptake_cells(cells):
    """The cells of a region in the table of a cascade. Not a template: there are hundreds."""
    parts = uptake_parts(get_language())
    return mark_safe("".join(uptake_cell(cell, *parts) for cell in cells))  # noqa: S308


def uptake_cell(cell, address_of, state_of, undated, before_of):
    # A slug, a fragment and a date hold letters, digits, hyphens and #; the rest was escaped.
    state, plan = state_of[cell.state], cell.plan
    if plan is None:
        return f'<td class="{cell.state.value}">{state}</td>'
    day = f'<time datetime="{plan.date}">{plan.date}</time>' if plan.date else undated
    earlier = ""
    if cell.after and cell.before:
        words = before_of.replace(DAY, str(cell.before.date))
        earlier = f'<br><a class="soft" href="{address_in(address_of, cell.before)}">{words}</a>'
    address = address_in(address_of, plan)
    return f'<td class="{cell.state.value}">{state} <a href="{address}">{day}</a>{earlier}</td>'


def address_in(address_of, plan):
    """Return the address of a DatedPlan, given that of all documents."""
    return address_of.replace(SLUG, plan.document_slug) + plan.fragment


@lru_cache
def uptake_parts(language):
    """Return what the cells of a language share: a document's address, the states, two words."""
    states = {
        state: format_html(
            '<span aria-hidden="true">{}</span><span class="away">{}</span>',
            *(state.sign, state.label),
        )
        for state in UptakeState
    }
    before = escape(_("before: %(day)s") % {"day": DAY})
    return escape(reverse("document", args=[SLUG])), states, escape(_("undated")), before


# Stands in an address where a track or document puts its slug; no slug has such letters.
SLUG = "SLUG"
# Stands in words where each cell puts its date.
DAY = "DAY"


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
