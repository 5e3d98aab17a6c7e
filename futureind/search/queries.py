"""A query as typed: words that must occur, phrases in quotes, -excluded words."""

import re
from dataclasses import dataclass

from django.db.models import Q

from futureind.search.entries import SearchEntry
from futureind.search.index import Hits, KindIndex
from futureind.search.segments import ALIAS, EMPTY, NAME, TITLE
from futureind.search.text import (
    any_column,
    document_number,
    normalised,
    query_grams,
    search_condition,
)

TOKEN = re.compile(r'(-?)(?:"([^"]*)"|“([^”]*)”|(\S+))')
# Up to so many candidates a phrase is looked for among them, beyond in all records.
CANDIDATES = 2000


@dataclass(frozen=True)
class Query:
    """What a text asks for: terms all of which must occur, phrases, terms of excluded words."""

    text: str
    terms: frozenset
    phrases: tuple
    excluded: tuple

    @property
    def is_empty(self):
        """True where nothing is asked for that an index could hold."""
        return not self.terms


def parse(text):
    """Return the Query that a text means; a text without letters and digits asks for nothing."""
    terms, phrases, excluded = set(), [], []
    for minus, straight, curly, word in TOKEN.findall(text):
        quoted = straight or curly
        found = frozenset(query_grams(quoted or word))
        if not found:
            continue
        if minus:
            excluded.append(found)
            continue
        terms |= found
        if quoted:
            phrases.append(normalised(quoted).strip())
    return Query(text, frozenset(terms), tuple(phrases), tuple(excluded))


def whole_term(term):
    return Q(terms__contains=f" {term} ")


def text_condition(kind, text, columns):
    """Return a condition in plain SQL on the records of a kind that a text finds.

    Parameters: ``columns``, the lookups in which phrases are verified, and in which words are
    looked for while nothing is indexed.
    """
    if not SearchEntry.objects.filter(kind=kind).exists():
        return search_condition(text, columns)
    query = parse(text)
    if query.is_empty:
        return Q(pk__in=[])
    wanted = Q(kind=kind, removed=False)
    for term in query.terms:
        wanted &= whole_term(term)
    for terms in query.excluded:
        unwanted = Q()
        for term in terms:
            unwanted &= whole_term(term)
        wanted &= ~unwanted
    condition = Q(pk__in=SearchEntry.objects.filter(wanted).values("object_id"))
    for phrase in query.phrases:
        condition &= any_column(columns, phrase, "icontains")
    return condition


def text_hits(index: KindIndex, text, records, columns):
    """Return the records of an index that a text finds; the same as :func:`text_condition`.

    Parameters: ``records``, the queryset of the index's records; ``columns`` as there.
    """
    query = parse(text)
    if query.is_empty:
        return Hits(EMPTY, EMPTY)
    hits = all_terms(index, query.terms)
    for terms in query.excluded:
        hits = hits - all_terms(index, terms)
    for phrase in query.phrases:
        hits = hits & index.records(holders_of(phrase, index, hits, records, columns))
    return hits


def all_terms(index, terms, zone=""):
    """Return the records that hold all terms in a zone: the whole text, or titles."""
    found = index.everything
    # The longest terms are the rarest as a rule.
    for term in sorted(terms, key=len, reverse=True):
        found = found & index.term(zone + term)
        if not len(found):
            break
    return found


def holders_of(phrase, index, hits, records, columns):
    candidates = records.filter(any_column(columns, phrase, "icontains"))
    if len(hits) <= CANDIDATES:
        candidates = candidates.filter(pk__in=index.slice(hits, 0, len(hits)))
    return candidates.order_by().values_list("pk", flat=True)


def ranked(index, text, hits):
    """Return hits in tiers, best first: ``[(name of the tier, Hits), …]``, no record twice.

    The tiers are a whole name, a whole alias, all words in the title, the rest. A document number
    is an alias of its document.
    """
    query = parse(text)
    whole = {normalised(text).strip(), normalised(document_number(text) or text)}
    wanted = [
        ("name", any_term(index, [NAME + name for name in whole])),
        ("alias", any_term(index, [ALIAS + name for name in whole])),
        ("title", all_terms(index, query.terms, TITLE)),
        ("text", hits),
    ]
    tiers, left = [], hits
    for tier, found in wanted:
        tiers.append((tier, found & left))
        left = left - found
    return tiers


def any_term(index, terms):
    found = Hits(EMPTY, EMPTY)
    for term in terms:
        found = found | index.term(term)
    return found
