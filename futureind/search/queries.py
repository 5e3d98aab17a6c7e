"""A query as typed: words that must occur, phrases in quotes, -excluded words."""

import functools
import operator
import re
from dataclasses import dataclass

from django.db.models import Q

from futureind.publishing.models.content_version import ContentVersion
from futureind.search.amounts import with_whole_numbers
from futureind.search.entries import SearchEntry
from futureind.search.index import Hits, KindIndex
from futureind.search.segments import ALIAS, EMPTY, NAME, TITLE
from futureind.search.text import (
    HAN_RUN,
    any_column,
    document_number,
    name_key,
    normalised,
    search_condition,
    terms_wanted,
    words_in,
)
from futureind.search.vocabulary import vocabulary_at

TOKEN = re.compile(r'(-?)(?:"([^"]*)"|“([^”]*)”|「([^」]*)」|(\S+))')
# Up to so many candidates a phrase is looked for among them, beyond in all records.
CANDIDATES = 2000


@dataclass(frozen=True)
class Query:
    """A parsed query.

    ``wants``: all have to match; each is a tuple of synonyms, as typed first, of which one has to.
    ``phrases``: have to occur as they stand. ``excluded``: the wants of each excluded word.
    ``number``: the document number that it may be, or "".
    """

    wants: tuple
    phrases: tuple
    excluded: tuple
    number: str

    @property
    def is_empty(self):
        """True where nothing is asked for that an index could hold, nor left out."""
        return not self.wants and not self.excluded

    @property
    def terms(self):
        """The terms of all that is wanted, as typed."""
        return frozenset().union(*(terms_wanted(want[0]) for want in self.wants))

    @property
    def marks(self):
        """The words and other names that show in a result why it is one."""
        words = [word for want in self.wants for word in words_in(want[0]) if terms_wanted(word)]
        return [*words, *(name for want in self.wants for name in want[1:])]


def parse(text, vocabulary):
    """Parse a query; a text without letters and digits asks for nothing.

    Parameters: ``vocabulary``, a Vocabulary, which segments runs of Chinese and knows synonyms.
    """
    wants, words, phrases, excluded = [], [], [], []
    for minus, *quoted, word in TOKEN.findall(with_whole_numbers(normalised(text))):
        phrase = "".join(quoted)
        found = words_in(phrase) if phrase else parted_words(word, vocabulary)
        if minus:
            excluded.append(vocabulary.wants(found))
        elif phrase:
            wants.append((" ".join(found),))
            phrases.append(normalised(phrase).strip())
        else:
            words += found
    return Query(
        telling([*wants, *vocabulary.wants(words)]),
        tuple(phrases),
        tuple(filter(None, map(telling, excluded))),
        normalised(document_number(text) or ""),
    )


def telling(wants):
    """Return the wants that hold a term, as a tuple, each once: not those of stop words only.

    One sign may stand for four words, so that a short text repeats more than a database nests.
    """
    return tuple(want for want in dict.fromkeys(map(tuple, wants)) if terms_wanted(want[0]))


def parted_words(text, vocabulary):
    """Return the words of a text, runs of Chinese segmented at the names that they hold."""
    return [
        part
        for run in words_in(text)
        for part in (vocabulary.parted(run) if HAN_RUN.match(run) else [run])
    ]


def whole_term(term):
    return Q(terms__contains=f" {term} ")


def whole_terms(text):
    condition = Q()
    for term in terms_wanted(text):
        condition &= whole_term(term)
    return condition


def one_of_each(wants):
    """Return the condition that an entry holds one of the texts of every want."""
    condition = Q()
    for want in wants:
        condition &= functools.reduce(operator.or_, map(whole_terms, want))
    return condition


def text_condition(kind, text, columns):
    """Return a condition in plain SQL on the records of a kind that a text finds.

    Parameters: ``columns``, the lookups in which phrases are verified, and in which words are
    looked for while nothing is indexed.
    """
    if not SearchEntry.objects.filter(kind=kind).exists():
        return search_condition(text, columns)
    query = parse(text, vocabulary_at(ContentVersion.stamp()))
    if query.is_empty:
        return Q(pk__in=[])
    wanted = one_of_each(query.wants)
    if query.number:
        wanted |= whole_terms(query.number)
    for wants in query.excluded:
        wanted &= ~one_of_each(wants)
    entries = SearchEntry.objects.filter(wanted, kind=kind, removed=False)
    condition = Q(pk__in=entries.values("object_id"))
    for phrase in query.phrases:
        condition &= any_column(columns, phrase, "icontains")
    return condition


def text_hits(index: KindIndex, text, records, columns):
    """Return the records of an index that a text finds; the same as :func:`text_condition`.

    Parameters: ``records``, the queryset of the index's records; ``columns`` as there.
    """
    query = parse(text, vocabulary_at(index.stamp))
    if query.is_empty:
        return Hits(EMPTY, EMPTY)
    hits = all_wants(index, query.wants)
    if query.number:
        hits = hits | all_terms(index, terms_wanted(query.number))
    for wants in query.excluded:
        hits = hits - all_wants(index, wants)
    for phrase in query.phrases:
        hits = hits & index.records(holders_of(phrase, index, hits, records, columns))
    return hits


def all_wants(index, wants, zone=""):
    """Return the records that hold one of the texts of every want in a zone."""
    found = index.everything
    for want in wants:
        holding = all_terms(index, terms_wanted(want[0]), zone)
        for other in want[1:]:
            holding = holding | all_terms(index, terms_wanted(other), zone)
        found = found & holding
        if not len(found):
            break
    return found


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

    The tiers are a whole name, a whole alias or a name of the same meaning, all words in the title,
    all in the title by whatever name, the rest. A document number is an alias of its document.
    """
    query = parse(text, vocabulary_at(index.stamp))
    if not query.wants:
        return [("text", hits)]
    whole = {name_key(text), name_key(query.number)} - {""}
    # What the whole text means by another name.
    meant = {name_key(name) for name in query.wants[0][1:]} if len(query.wants) == 1 else set()
    aliases = [ALIAS + name for name in whole | meant] + [NAME + name for name in meant]
    wanted = [
        ("name", any_term(index, [NAME + name for name in whole])),
        ("alias", any_term(index, aliases)),
        ("title", all_terms(index, query.terms, TITLE)),
        ("synonym", all_wants(index, query.wants, TITLE)),
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
