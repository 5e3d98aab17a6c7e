"""What stands on top of a page, and what a page says of itself to search engines."""

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from futureind.core.sentences import gap, sentences, sentences_that_fit

LONGEST = 160
# The columns of a record that tell of it, the first that has a text in the reader's language.
TEXTS = ("summary", "description", "definition", "role", "structure")

# By the name of the page's address; of a kind of record, what follows the name of each.
DESCRIPTIONS = {
    "document-list": _(
        "China’s policy documents on future industries, of the centre, provinces and cities, with"
        " dates, issuers, document numbers and sources."
    ),
    "document": _("date, issuers, document number, contents and sources of this policy document"),
    "cascade": _("which later plans and documents say that they carry it out, and who has not yet"),
    "plan-list": _(
        "Plans of China’s provinces and cities for future industries, by date, region and field,"
        " and what each of them names."
    ),
    "track-list": _(
        "Every industry that a plan of a Chinese region names for the future, in the plan’s own"
        " words, with its role in the plan."
    ),
    "track": _("which role the plan gives it, and the technologies and products that it means"),
    "target-list": _(
        "What Chinese plans promise for future industries: numbers, what they count, where and by"
        " when."
    ),
    "target": _("what was promised, by when, in which text, and what is known of it"),
    "milestone-list": _(
        "Events that China’s future industries were or are waiting for, with every date that was"
        " announced."
    ),
    "milestone": _("when it happened or is expected, and how the date moved"),
    "indicator-list": _(
        "Series of numbers on China’s future industries, each with its publisher, unit and source."
    ),
    "indicator": _("the series point by point, with unit, publisher and sources"),
    "region-list": _(
        "Provinces and cities of China and what was found of their plans for future industries."
    ),
    "region": _("its plans for future industries, what they name, and what is due"),
    "field-list": _(
        "The six fields into which national policy divides future industries, with their products"
        " and technologies."
    ),
    "field": _("its technologies, products, plans and targets"),
    "product-list": _(
        "The ten landmark products of the national opinions of 2024, and how many regions name"
        " each."
    ),
    "product": _("which regions name it, since when, in which words"),
    "technology-list": _(
        "Technologies of China’s future industries under one name each, with the fields that they"
        " belong to."
    ),
    "technology": _("which regions name it, since when, in which words"),
    "agency-list": _(
        "Ministries, commissions and local governments that issue policy on future industries, and"
        " how many texts of each are on record."
    ),
    "agency": _("its role and the documents on future industries that it issued"),
    "term-list": _(
        "Terms of China’s policy on future industries in English and Chinese, each explained."
    ),
    "term": _("what the term means in China’s policy on future industries"),
    "search": _(
        "Search documents, plans, regions, products, technologies, targets and numbers in English"
        " or Chinese."
    ),
    "analysis": _(
        "Questions across all plans: who names what, who named it first, how regions differ, what"
        " is not named, what is due."
    ),
    "timeline": _(
        "Policy documents, milestones and due dates of China’s future industries on one axis, with"
        " dates that moved."
    ),
    "matrix": _("Which regions of China name which fields, products and technologies, in a table."),
    "compare": _(
        "Regions of China or plans side by side: what both name, what one of them names alone, and"
        " their targets."
    ),
    "diffusion": _(
        "Which region of China named a technology, product or field first, and how it spread."
    ),
    "gaps": _("What the plans of a region do not name, and where nobody has looked yet."),
    "data": _("All public records to take away, as CSV and JSON, under CC BY 4.0."),
    "methodology": _(
        "What is recorded here, by which rules, how sure it is, and what the words of this site"
        " mean."
    ),
    "coverage": _(
        "Which regions were searched and read, when, and how much of the record has an official"
        " source."
    ),
    "accessibility": _("How this site can be used with keyboard, screen reader and magnification."),
    "changes": _("What was added, corrected, changed or withdrawn here, by day, field and region."),
}
BETWEEN = pgettext_lazy("between a name and what is said of it", " – ")


def heading(record):
    """Return the title, name, term or statement of a record, as BilingualText."""
    for attribute in ("title", "name", "term", "statement"):
        if hasattr(record, attribute):
            return getattr(record, attribute)
    raise TypeError(f"{record!r} has neither title nor name, term or statement.")


def description_of_page(url_name):
    """Return what the page of that address says of itself, "" where it has nothing of its own."""
    return str(DESCRIPTIONS.get(url_name, ""))


def description_of_record(record, title, url_name):
    """Return what a page about a record says of itself: its title, then what the record tells.

    Parameter: ``url_name`` of the page, which is not always the record's own.
    """
    texts = [getattr(record, name, "") for name in TEXTS] if url_name == record.url_name else []
    told = next((text.plain for text in texts if text and not text.is_fallback), None)
    text = told or description_of_page(url_name)
    return f"{title}{BETWEEN}{Truncator(text).chars(LONGEST)}" if text else title


@dataclass(frozen=True)
class Finding:
    """The finding of a page: at most 45 English words, in the language of the page.

    ``lead`` is what was found; ``rest`` says more, and what is unknown, or is empty. ``rule`` is
    the anchor under which the page on methods says how the sentence is computed.
    """

    lead: str
    rule: str
    rest: str = ""

    @property
    def gap(self):
        """What stands between two sentences."""
        return gap()

    @property
    def plain(self):
        """The finding without any mark, as search engines describe the page."""
        return sentences(self.lead, self.rest)


def finding_that_fits(lead, rule, parts):
    """Return a Finding whose rest is what fits of ``(sentence, whether it must stand)``."""
    return Finding(lead, rule, sentences_that_fit(lead, parts))
