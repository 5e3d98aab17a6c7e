"""What any template needs: dates by precision, marks of doubt, sources, addresses."""

import re
from itertools import islice
from urllib.parse import quote, urlencode, urlsplit

from django import template
from django.template.base import TextNode
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from futureind.browse.columns import is_seen
from futureind.browse.fragments import kept
from futureind.browse.headings import heading
from futureind.core.bilingual import BilingualText
from futureind.publishing import evidence
from futureind.publishing.evidence import EvidenceGrade
from futureind.publishing.models.records import Confidence

register = template.Library()

# Parts of the site that have no item in the menu, and the one that they belong to.
PART_OF = {
    **{"tracks": "plans", "technologies": "fields", "agencies": "documents"},
    **dict.fromkeys(["matrix", "compare", "diffusion", "gaps"], "analysis"),
    **dict.fromkeys(["timeline", "indicators", "milestones"], "analysis"),
    **dict.fromkeys(["coverage", "changes", "methodology", "glossary"], "data"),
}

# A full stop ends a sentence before a space and a capital letter, a Chinese one anywhere.
SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z“\"(]|$)|[。！？](?![”）])|(?<=[。！？])[”）]")

# A line break with the blanks beside it, or where a tag of HTML begins or ends.
LINE_BREAK_OR_TAG = re.compile(r"\s*\n\s*|[<>]")


class JoinedNode(template.Node):
    """What stands within ``{% joined %}``."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        return self.nodelist.render(context)


@register.tag
def joined(parser, token):
    """Leave out the line breaks of the template within, for pieces that touch on the page.

    Such are a name and the comma after it, for which Chinese has no blank. Blanks within a line
    stay, and so does one between two attributes. All is done when the template is read, so no page
    takes longer for it.
    """
    nodelist = parser.parse(["endjoined"])
    parser.delete_first_token()
    in_tag = False

    def shorten(match):
        nonlocal in_tag
        if match[0] in "<>":
            in_tag = match[0] == "<"
            return match[0]
        return " " if in_tag else ""

    for text in nodelist.get_nodes_by_type(TextNode):
        text.s = LINE_BREAK_OR_TAG.sub(shorten, text.s)
    return JoinedNode(nodelist)


class OneLineNode(template.Node):
    """What stands within ``{% oneline as name %}``."""

    def __init__(self, nodelist, name):
        self.nodelist, self.name = nodelist, name

    def render(self, context):
        # Escaped where it was made.
        context[self.name] = SafeString(" ".join(self.nodelist.render(context).split()))
        return ""


@register.tag
def oneline(parser, token):
    """Keep what stands within under a name, on one line: ``{% oneline as title %}``."""
    nodelist = parser.parse(["endoneline"])
    parser.delete_first_token()
    _tag, _as, name = token.split_contents()
    return OneLineNode(nodelist, name)


@register.filter
def by_precision(date, precision):
    """Return a date to its precision: 2026-11-24, 2026-11 or 2026; "" for None."""
    if date is None:
        return ""
    return date.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]


@register.simple_tag(takes_context=True)
def main_menu(context):
    """The main menu, with the part of the site marked in which the page stands."""
    path = context["request"].path
    _empty, language, own = [*path.split("/"), "", ""][:3]
    section = f"/{language}/{PART_OF.get(own, own)}/"
    # What differs within a part of the site is only whether the page is its first.
    return kept("_menu.html", path=section if path == section else f"{section}-")


@register.simple_tag(takes_context=True)
def page_address(context):
    """The address of a page with the parameters that decide what it shows, in their one order."""
    query = context["canonical_query"]
    return context["permalink"] + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def report_address(context):
    """Where to write about an error on a page as it is shown."""
    letter = {"subject": _("Error on a page"), "body": page_address(context)}
    return f"mailto:{context['contact_email']}?{urlencode(letter, quote_via=quote)}"


@register.inclusion_tag("_breadcrumb.html")
def breadcrumb(address, title, *above):
    """Where a page stands: a list by its address and title, and the records above it, if any."""
    return {"address": address, "title": title, "above": list(filter(None, map(seen, above)))}


@register.filter
def seen(record):
    """Return a record that another names, None where it is a draft or was withdrawn."""
    return record if record and is_seen(record) else None


@register.simple_tag
def explained(*words):
    """What words of the site mean, where they first stand: track, role, landmark, match."""
    return kept("_explained.html", words=words)


@register.simple_tag
def bar(value, most, past=0, field=""):
    """A bar beside a number, on the scale of its column.

    Parameters: ``most`` is the largest number of the column; of ``value``, ``past`` is pale: what
    stands only in what has ended. ``field`` is the suffix of a field's colour, such as ``fm``.
    """
    whole, strong = (round(100 * part / most, 1) if most else 0 for part in (value, value - past))
    rows = [("base", 100), ("past", whole), (f"field-{field}" if field else "value", strong)]
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>",
        format_html_join("", '<rect class="{}" width="{}" height="10"/>', rows),
    )


@register.simple_tag
def column(value, most, past=0):
    """An upright bar of a chart: the parameters are those of the tag "bar"."""
    whole, pale = (round(100 * part / most, 1) if most else 0 for part in (value, past))
    rows = [("value", 100 - whole, whole - pale), ("past", 100 - pale, pale)]
    return format_html(
        '<svg class="column" viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>",
        format_html_join("", '<rect class="{}" y="{}" width="10" height="{}"/>', rows),
    )


def number_of(things):
    """Return how many things there are, given themselves or as a number."""
    return things if isinstance(things, int) else len(things)


@register.simple_tag
def counts(*things, shown=None, of=None):
    """Attributes of a heading that says how many rows stand beneath it, for tests to compare.

    Parameters: ``things``, what is counted, as collections or numbers; ``shown``, those of them
    that stand there where not all do; ``of``, the id of the part of the page that holds them where
    it is not the next one with ``data-rows``. What was not counted, given as None, is not marked.
    """
    if None in things:
        return ""
    number = sum(map(number_of, things))
    marks = {"data-count": number}
    if shown is not None and number_of(shown) != number:
        marks["data-shown"] = number_of(shown)
    if of:
        marks["data-count-of"] = of
    return format_html_join(" ", '{}="{}"', marks.items())


@register.simple_tag
def count_of(*things, shown=None, of=None):
    """The number of things in a heading; the parameters are those of the tag "counts"."""
    number = sum(map(number_of, things))
    marks = counts(*things, shown=shown, of=of)
    return format_html('<span class="soft figure" {}>{}</span>', marks, number)


@register.simple_tag
def to_verify():
    """The mark at a fact that nobody has read in a source yet."""
    return dagger(EvidenceGrade.NOT_READ)


def dagger(grade):
    """The mark of what rests on weaker evidence than what stands around it."""
    return format_html('<span class="doubt">†<span class="away"> {}</span></span>', grade.label)


@register.simple_tag
def grade_sign(grade):
    """An evidence grade as a shape, for eyes only: its word stands beside it or is read out."""
    return format_html('<span class="grade grade-{}" aria-hidden="true"></span>', grade.value)


@register.simple_tag
def unverified(record, *names):
    """The mark † where one of the columns is listed as unverified, else nothing."""
    listed = getattr(record, "unverified_fields", None) or ()
    return to_verify() if any(name in listed for name in names) else ""


@register.simple_tag
def weaker(claim, than=EvidenceGrade.REPORT):
    """The mark † of a claim whose evidence is weaker than that of its group, an EvidenceGrade.

    Sources that are not loaded are not asked for: there may be hundreds of lines.
    """
    if claim.confidence != Confidence.RECALLED and not has_loaded_sources(claim):
        return ""
    grade = evidence.evidence_grade(claim)
    return dagger(grade) if evidence.is_weaker(grade, than) else ""


def has_loaded_sources(claim):
    """Return whether the sources of a claim, or of what it stands in, need not be asked for."""
    if "quotation" in claim.get_deferred_fields():
        return False
    if getattr(claim, "quotation", ""):
        return "quotation_source" in claim._state.fields_cache
    while claim is not None and not hasattr(claim, "sources"):
        claim = claim._state.fields_cache.get(evidence.sources_stand_in(type(claim)))
    return "sources" in getattr(claim, "_prefetched_objects_cache", {})


@register.filter
def grade(claim):
    """How near to the official text a claim was read, an EvidenceGrade."""
    return evidence.evidence_grade(claim)


@register.filter
def grade_of_source(source):
    """How near to the official text one is who reads a source, an EvidenceGrade."""
    return evidence.grade_of_source(source)


@register.inclusion_tag("_evidence_tally.html")
def evidence_tally(tally, label):
    """How many claims have which evidence grade, an EvidenceTally, with the name of the claims."""
    return {"tally": tally, "label": label}


@register.simple_tag
def unknown(text=None):
    """What stands where nothing is on record."""
    return format_html('<span class="unknown">{}</span>', text or _("not recorded"))


@register.simple_tag
def list_address(name, *pairs):
    """Return the address of a list under filters: name and value in turn, empty values left out.

    To be given in the order of the list's parameters, which makes the address the canonical one.
    """
    given = zip(pairs[::2], pairs[1::2], strict=True)
    query = urlencode([(key, value) for key, value in given if value])
    return reverse(name) + (f"?{query}" if query else "")


@register.filter
def unlocalised(number):
    """Return a number as SVG wants it: a point before decimals in every language."""
    return f"{number:g}" if isinstance(number, float) and number < 100_000 else str(number)


@register.filter
def lines(text):
    """Return the lines of a text that are not empty, as a list."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@register.filter
def heading_of(record):
    """What a record is called, as BilingualText."""
    return heading(record)


@register.filter
def kind_of(record):
    """The kind of a record in words."""
    return capfirst(record._meta.verbose_name)


@register.filter
def as_list(value):
    """Return a list of one."""
    return [value]


@register.filter
def get(mapping, key):
    """Return ``mapping[key]``, None where it is missing."""
    return mapping.get(key)


@register.filter
def starts_with(text, beginning):
    return text.startswith(beginning)


@register.filter
def first_sentences(text, number):
    """Return the first sentences of a bilingual text, never a part of one, in its language."""
    # No more of a long text is read than it takes to know that there is more.
    ends = [match.end() for match in islice(SENTENCE_END.finditer(text), number + 1)]
    if len(ends) <= number:
        return text
    return BilingualText(str(text)[: ends[number - 1]].strip(), text.lang, text.wanted)


@register.filter
def host(address):
    """Return the host of an address, for a reader to see where a link leads."""
    return urlsplit(address).hostname or ""
