"""What the page of a document found, in a sentence, and what findings say of sums of money."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.facets import NATIONAL
from catalog.filters import PolicyDocumentFilter, filter_of
from catalog.models import IndustryField, PolicyDocument, SymbolicProduct
from catalog.models.mappings import Basis
from catalog.numbers import quantity, target_amount
from catalog.promises import comparator_word
from catalog.sums import LargestSum
from futureind.browse.filters import EARLIEST
from futureind.browse.headings import finding_that_fits
from futureind.browse.kept_records import public_records
from futureind.core.sentences import FEWEST_RECORDS, listed, within
from futureind.publishing.models.content_version import ContentVersion


def largest_in_words(largest):
    """Return what the largest sum is, "" where there is none (None)."""
    if largest is None:
        return ""
    target = largest.target
    if largest.number > 1:
        # Of one it may be "about", of another "at least".
        words = {"amount": quantity(target.value, target.unit), "n": largest.number}
        return _("Its largest targets in money, %(n)s of them, are %(amount)s each.") % words
    words = {"amount": target_amount(target, comparator_word(target))}
    words["metric"] = within(target.metric.plain)
    if not target.due_date:
        return _("Its largest target in money is %(amount)s, without a year.") % words
    words["year"] = target.due_date.year
    if target.metric:
        return _("Its largest target in money is %(amount)s by %(year)s (%(metric)s).") % words
    return _("Its largest target in money is %(amount)s by %(year)s.") % words


@dataclass(frozen=True)
class DocumentFacts:
    """What a document holds, in numbers, as its page counts it.

    ``years``, ``[(year, targets), …]`` of the targets with one; ``tracks``, None where it holds no
    plan; ``later_regions``, those with a plan of a later date, None where nothing is said of them.
    """

    fields: int
    products: int
    technologies: int
    tracks: int | None
    years: list[tuple[int, int]]
    undated_targets: int
    largest: LargestSum | None
    answers: int
    later_regions: int | None
    is_dated: bool
    is_founding: bool

    @property
    def records(self):
        named = self.products + self.technologies if self.tracks is None else self.tracks
        return self.fields + named + self.undated_targets + sum(n for _year, n in self.years)


def document_finding(facts):
    """Return the Finding of a document's page, None where it holds fewer than three records."""
    if facts.records < FEWEST_RECORDS:
        return None
    goals, names = goals_in_words(facts), names_in_words(facts)
    rest = [
        (largest_in_words(facts.largest), False),
        (later_in_words(facts.later_regions), False),
        (answers_in_words(facts.answers), False),
        (undated_targets_in_words(facts), True),
        (_("Its tracks are not on record yet.") if facts.tracks == 0 else "", True),
        ("" if facts.is_dated else _("Its date is not recorded."), True),
    ]
    return finding_that_fits(lead_of(facts, names, goals), "finding-document", rest)


def lead_of(facts, names, goals):
    words = {"names": names, "goals": goals}
    if facts.is_founding and goals:
        return _("The founding national text: it fixes %(names)s, with %(goals)s.") % words
    if facts.is_founding:
        return _("The founding national text: it fixes %(names)s.") % words
    if names and goals:
        return _("It names %(names)s, with %(goals)s.") % words
    return _("It names %(names)s.") % words if names else _("It sets %(goals)s.") % words


def names_in_words(facts):
    """Return what the document names, in numbers: of a plan its tracks first."""
    number = facts.tracks or 0
    tracks = ngettext("%(n)s track", "%(n)s tracks", number) % {"n": number}
    fields = ngettext("%(n)s field", "%(n)s fields", facts.fields) % {"n": facts.fields}
    products = ngettext("%(n)s landmark product", "%(n)s landmark products", facts.products) % {
        "n": facts.products
    }
    technologies = ngettext("%(n)s technology", "%(n)s technologies", facts.technologies) % {
        "n": facts.technologies
    }
    named = [(facts.fields, fields), (facts.products, products), (facts.technologies, technologies)]
    if facts.is_founding:
        named = named[:2]
    elif number:
        named = [(number, tracks), named[2], named[0]]
    found = [words for counted, words in named if counted]
    return listed(found) if found else ""


def goals_in_words(facts):
    """Return the number of targets by the years in which they fall due, "" where there are none."""
    years = facts.years
    if not years:
        number = facts.undated_targets
        words = ngettext("%(n)s target without a year", "%(n)s targets without a year", number)
        return words % {"n": number} if number else ""
    (first, of_first), (last, of_last) = years[0], years[-1]
    if len(years) > 2:
        number = sum(n for _year, n in years)
        words = {"n": number, "first": first, "last": last}
        return _("%(n)s targets for %(first)s to %(last)s") % words
    words = {"n": of_first, "year": first}
    goals = ngettext("%(n)s target for %(year)s", "%(n)s targets for %(year)s", of_first) % words
    if len(years) == 1:
        return goals
    more = {"goals": goals, "n": of_last, "year": last}
    return _("%(goals)s and %(n)s for %(year)s") % more


def undated_targets_in_words(facts):
    """Return how many targets have no year, where others have one."""
    number = facts.undated_targets if facts.years else 0
    if not number:
        return ""
    return ngettext(
        "%(n)s more target has no year.", "%(n)s more targets have no year.", number
    ) % {"n": number}


def later_in_words(regions):
    if not regions:
        return ""
    return ngettext(
        "Since then %(n)s region has issued a plan or a text like one.",
        "Since then %(n)s regions have issued plans or texts like them.",
        regions,
    ) % {"n": regions}


def answers_in_words(answers):
    if not answers:
        return ""
    return ngettext(
        "%(n)s text on record carries it out.",
        "%(n)s texts on record carry it out.",
        answers,
    ) % {"n": answers}


def is_founding(document):
    """Tell whether a document is the first national one that names all fields and products."""
    return founding_text_at(ContentVersion.stamp()) == document.pk


@lru_cache(maxsize=2)
def founding_text_at(stamp):
    """Return the primary key of the first dated national text that names all of them, or None."""
    asked = {"region": [NATIONAL], "basis": ENTERED, "issued_after": [EARLIEST.isoformat()]}
    found = filter_of(PolicyDocumentFilter, PolicyDocument, asked, stamp)
    named = found.results.everything
    wanted = {"field": IndustryField, "product": SymbolicProduct}
    for kind, model in wanted.items():
        for pk in public_records(model):
            named &= found.results.having(found.filters[kind], [pk])
    first = found.results.first(named, 1, upwards=True)
    return first[0] if first and all(map(public_records, wanted.values())) else None


# On whose word a national document names a thing; the tracks of a plan speak for its region.
ENTERED = [Basis.STATED.value, Basis.ANALYST.value]
