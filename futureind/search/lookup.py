"""How editors look records up, whatever their state, read as the public search reads.

The index of the public search holds what visitors may see; here the rows themselves are read, so
that a draft is found as soon as it is saved. What is whole a name of a record stands first, then an
alias, then what begins with the text, then what holds it or its words.
"""

import functools
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, IntegerField, Q, TextField, When
from django.db.models.constants import LOOKUP_SEP

from futureind.core.texts import to_traditional
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.records import AliasField
from futureind.publishing.models.slugs import FormerSlug
from futureind.search.near import is_slug
from futureind.search.queries import parted_words
from futureind.search.text import (
    HAN_RUN,
    any_column,
    document_number,
    name_key,
    normalised,
    terms_wanted,
    words_in,
)
from futureind.search.vocabulary import vocabulary_at

# Up to so many rows are read and compared; more are first narrowed down by the database.
MOST_READ = 2000
# So many stand in their order, best first; those behind them in the order of the list.
MOST_IN_ORDER = 200
# A condition in SQL asks for so many pieces of a text at most.
MOST_PIECES = 40
# The ranks of a record, best first.
NAME, ALIAS, BEGINNING, PART, WORDS, TEXT = range(6)


@dataclass(frozen=True)
class Asked:
    """A text that is looked up.

    ``keys``: the text and the document number that it may be, as whole names are compared;
    ``phrase``: its words in their order; ``pieces``: sets of texts, of each of which one has to
    occur; ``beginnings``: how a name may be written that begins with it; ``former``: the keys of
    records that once had it as their slug.
    """

    keys: tuple
    phrase: str
    pieces: tuple
    beginnings: tuple
    former: frozenset

    @classmethod
    def read(cls, text, model):
        text = normalised(text).strip()
        beginnings = (text, *filter(None, [document_number(text)]))
        keys = tuple(dict.fromkeys(map(key_of, beginnings)))
        parts = parted_words(text, vocabulary_at(ContentVersion.stamp()))
        words = [part for part in parts if terms_wanted(part)] or keys[:1]
        pieces = tuple(piece for word in words for piece in pieces_of(word))
        phrase = from_its_beginning(folded(text).strip())
        return cls(keys, phrase, pieces, beginnings, former_holders(model, text))

    def rank(self, names, aliases, others):
        """Return by what to sort a record with these texts, the least first; None for no match."""
        own, also = list(map(key_of, names)), list(map(key_of, aliases))
        if any(key in self.keys for key in own):
            return NAME, 0
        if any(key in self.keys for key in also):
            return ALIAS, 0
        if begun := [len(name) for name in own + also if name.startswith(self.keys)]:
            return BEGINNING, min(begun)
        texts = [folded(name) for name in (*names, *aliases)]
        if holding := [len(text) for text in texts if self.phrase in text]:
            return PART, min(holding)
        text = "".join(texts)
        if self.occurs_in(text):
            return WORDS, 0
        return (TEXT, 0) if self.occurs_in(text + "".join(map(folded, others))) else None

    def occurs_in(self, text):
        return all(
            any(from_its_beginning(written) in text for written in piece) for piece in self.pieces
        )


def pieces_of(word):
    """Return the pieces of a word: pairs of Chinese characters, an English word or its stem."""
    terms = terms_wanted(word)
    return [{term} for term in sorted(terms)] if HAN_RUN.match(word) else [{word, *terms}]


def as_stored(text):
    """Return how a folded text may be written in the database, as a set."""
    # Where 发布 is written 發布 a dictionary of words says 發佈.
    return {text, to_traditional(text), "".join(map(to_traditional, text))}


def from_its_beginning(text):
    """Return a text to be looked for in :func:`folded` ones: trial is no part of industrial."""
    return text if HAN_RUN.match(text) else f" {text}"


def former_holders(model, slug):
    """Return the keys of the records of a model that once had a slug."""
    if not is_slug(slug):
        return frozenset()
    kind = ContentType.objects.get_for_model(model)
    former = FormerSlug.objects.filter(content_type=kind, slug=slug)
    return frozenset(former.values_list("object_id", flat=True))


@functools.lru_cache(maxsize=50_000)
def key_of(name):
    """Return a name as it is compared whole; one of signs only is compared as it stands."""
    return name_key(name) or normalised(name).strip()


@functools.lru_cache(maxsize=50_000)
def folded(text):
    """Return the words of a text in their order, each after a space; signs where it has none."""
    return f" {' '.join(words_in(text)) or normalised(text).strip()}"


@dataclass(frozen=True)
class Columns:
    """The columns (lookups) in which records of a model are looked up, told apart.

    ``names`` and ``aliases`` are what a record itself is called, ``others`` longer texts and what
    the records are called that it belongs to.
    """

    names: tuple
    aliases: tuple
    others: tuple

    @classmethod
    def of(cls, model, columns):
        own = {name: model._meta.get_field(name) for name in columns if LOOKUP_SEP not in name}
        aliases = tuple(name for name, field in own.items() if isinstance(field, AliasField))
        names = tuple(name for name, field in own.items() if not isinstance(field, TextField))
        others = tuple(name for name in columns if name not in (*names, *aliases))
        return cls(names, aliases, others)

    def texts(self, records):
        """Yield ``(primary key, names, aliases, other texts)`` of records, in their order."""
        found = {}
        ends = len(self.names), len(self.names) + len(self.aliases)
        for pk, *texts in records.values_list("pk", *self.names, *self.aliases, *self.others):
            texts = [text or "" for text in texts]
            own = texts[: ends[0]], texts[ends[0] : ends[1]]
            # A record comes once for each of the many that a column leads to.
            found.setdefault(pk, (*own, []))[2].extend(texts[ends[1] :])
        for pk, (names, aliases, others) in found.items():
            lines = [line for text in aliases for line in text.splitlines()]
            yield pk, list(filter(None, names)), list(filter(None, lines)), others


def look_up(records, text, columns):
    """Return the records that a text means, the best first; all where it is empty.

    Parameters: ``records``, a queryset; ``columns``, lookups to the texts by which its records are
    found. Costs at most six queries, however many records there are, beside the one that reads
    them. Of more than MOST_READ records none is found by full-width letters that it holds itself.
    """
    if not text.strip():
        return records
    found, ranks = meant(records, text, columns)
    return in_order(found, sorted(ranks, key=ranks.get))


def named(records, text, columns):
    """Return the records of which a text is a whole name, number or slug, else a whole alias.

    Parameters: as for :func:`look_up`.
    """
    _found, ranks = meant(records, text, columns)
    best = min(ranks.values(), default=(TEXT, 0))
    whole = [pk for pk, rank in ranks.items() if rank == best] if best[0] <= ALIAS else []
    return records.filter(pk__in=whole)


def meant(records, text, columns):
    """Return ``(the records that a text means, {primary key: rank})``.

    Where they are too many to compare each, only those have a rank whose names begin with it.
    """
    asked, told = Asked.read(text, records.model), Columns.of(records.model, columns)
    near, is_all = near_to(asked, records, columns)
    if not is_all:
        return near, ranks_of(near.filter(begins(asked, told))[:MOST_READ], asked, told)
    ranks = ranks_of(near, asked, told)
    return records.filter(pk__in=list(ranks)), ranks


def near_to(asked, records, columns):
    """Return ``(records to be compared, whether they are few enough for that)``.

    All records where they are few, else those that hold the pieces of what is asked.
    """
    if not records.order_by()[MOST_READ : MOST_READ + 1].exists():
        return records, True
    condition = Q()
    for piece in asked.pieces[:MOST_PIECES]:
        holding = Q()
        for written in set().union(*map(as_stored, piece)):
            holding |= any_column(columns, written, "icontains")
        condition &= holding
    # Asked apart, so that no record comes twice where a column leads to many.
    held = records.model._base_manager.filter(condition).values("pk")
    near = records.filter(Q(pk__in=held) | Q(pk__in=asked.former))
    # Each time that it is asked, all rows are read.
    keys = list(near.order_by().values_list("pk", flat=True)[: MOST_READ + 1])
    return (near, False) if len(keys) > MOST_READ else (records.filter(pk__in=keys), True)


def begins(asked, columns):
    """Return the condition that an own name of a record begins with what is asked."""
    condition = Q()
    for text in asked.beginnings:
        condition |= any_column((*columns.names, *columns.aliases), text, "istartswith")
        condition |= any_column(columns.aliases, f"\n{text}", "icontains")
    return condition


def ranks_of(records, asked, columns):
    """Return ``{primary key: rank}`` of the records that are meant, in their order."""
    ranks = {
        pk: (ALIAS, 0) if pk in asked.former else asked.rank(*texts)
        for pk, *texts in columns.texts(records)
    }
    return {pk: rank for pk, rank in ranks.items() if rank}


def in_order(records, keys):
    """Return records with these primary keys first, the rest in their own order."""
    places = [When(pk=key, then=place) for place, key in enumerate(keys[:MOST_IN_ORDER])]
    if not places:
        return records
    place = Case(*places, default=MOST_IN_ORDER, output_field=IntegerField())
    return records.order_by(place, *(records.query.order_by or records.model._meta.ordering))


class LookUpInLog:
    """Mixin of admin classes of logs: a text is read as everywhere, what is newest stands first."""

    def get_search_results(self, request, queryset, search_term):
        found = look_up(queryset, search_term, self.get_search_fields(request))
        return found.order_by(*queryset.query.order_by), False
