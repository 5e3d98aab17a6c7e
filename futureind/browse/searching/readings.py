"""The ways in which a text is read, one after another, until one finds something."""

import re
from dataclasses import dataclass, replace

from futureind.browse.headings import heading
from futureind.browse.searching.asking import Question, ask
from futureind.browse.searching.understanding import AS_IT_STANDS, Understood, understood
from futureind.publishing.models.content_version import ContentVersion
from futureind.search import suggestions
from futureind.search.amounts import amounts_in, words_with_amounts
from futureind.search.citing import number_key, titles_cited
from futureind.search.index import index_for
from futureind.search.mending import MOST_WORDS, is_known, keeps_words, mend
from futureind.search.queries import all_wants, parse, parted_words
from futureind.search.segments import ALIAS, NAME
from futureind.search.text import HAN, HAN_RUN, name_key, normalised, with_digits
from futureind.search.vocabulary import vocabulary_at

# So many of the rarest words answer a query that finds nothing as a whole.
RAREST = 3
# Beyond so many words of a query none is looked at.
LONGEST = 40
HAN_OR_OTHER = re.compile(rf"[{HAN}]+|[^{HAN}]+")
YEAR_SIGN = re.compile(r"((?:19|20)\d\d)年")
NUMBERS = re.compile(r"\d+|[一二三四五六七八九十]")


@dataclass(frozen=True)
class Found:
    """The results of a search: their groups, and the text that they are for.

    ``left_out``: the words that had to be left out to find something; ``understood``: what was
    taken for more than words; ``cited``: the title that the text was taken to cite.
    """

    groups: list
    text: str
    left_out: tuple = ()
    understood: Understood | None = None
    cited: str = ""

    @property
    def total(self):
        return sum(group.count for group in self.groups)


def words_apart(text, vocabulary):
    """Return the words of a text as typed, runs of Chinese parted at the names that they hold.

    An amount is one word, and so is what is in quotes or after a minus; 2026年 is 2026.
    """
    return [
        part
        for word in words_with_amounts(text)
        for part in ([word] if stays_whole(word) else parts_of(word, vocabulary))
    ]


def without_year_signs(text):
    return YEAR_SIGN.sub(r"\1 ", text)


def stays_whole(word):
    return not HAN_RUN.search(word) or AS_IT_STANDS.search(word) or amounts_in(normalised(word))


def parts_of(word, vocabulary):
    """Return the parts of a word in which Chinese may stand beside letters and digits."""
    return [
        part
        for piece in HAN_OR_OTHER.findall(without_year_signs(word))
        for part in (vocabulary.parted(piece) if HAN_RUN.fullmatch(piece) else piece.split())
    ]


class Search:
    """A text asked of lists under parameters, read in one way after another until one finds.

    Parameters: ``view``, the SearchView; ``parameters``, ``{name: [value, …]}`` of the lists, which
    hold whatever a text means; ``number``, how many results of each tier to name.
    """

    nothing = Found([], "")

    def __init__(self, view, parameters, number):
        self.view, self.parameters, self.number = view, parameters, number
        self.stamp = ContentVersion.stamp()
        self.kinds = [one.model.index_kind for one in view.lists]
        self.vocabulary = vocabulary_at(self.stamp)

    def groups(self, text, meaning=None):
        meant = meaning.parameters if meaning else {}
        question = Question(text, meant | self.parameters)
        return ask(question, self.view.lists, self.view.vocabulary, self.number, self.stamp)

    def found(self, text):
        """Return the Found of a text; where nothing fits, of the next best text.

        How it is read is decided without what narrows it: a click on a facet reads nothing anew.
        """
        if not self.parameters:
            return self.read(text)
        found = Search(self.view, {}, self.number).read(text)
        meaning = found.understood and found.understood.beside(self.parameters)
        groups = self.groups(found.text, meaning) if found.groups else []
        return replace(found, groups=groups, understood=meaning)

    def read(self, text):
        """Return the Found of a text in the first way that finds something."""
        for way in (self.cited, self.named):
            if (found := way(text)) and found.total:
                return found
        readings = [(text, None)]
        meaning = understood(text, *self.view.names)
        if meaning.parameters or (meaning.is_question and meaning.text):
            readings = [(meaning.text, meaning), *readings]
        for way in (self.typed, self.apart, self.mended, self.without_meaning, *self.fewer_words):
            for reading in readings:
                if (found := way(*reading)) and found.total:
                    return found
        return self.nothing

    @property
    def fewer_words(self):
        return self.without_a_word, self.rarest

    def typed(self, text, meaning=None):
        """Return the Found of a text word by word, under what more it means."""
        if parse(text, self.vocabulary).is_empty:
            text = ""
        is_empty = not text and not (meaning and meaning.parameters)
        return Found([] if is_empty else self.groups(text, meaning), text, understood=meaning)

    def cited(self, text):
        """Return the Found of the title or number that a text cites, None where it cites none."""
        numbered = self.view.record_with_number(text)
        if numbered:
            title = heading(numbered).plain
            return Found(self.groups(title), title, cited=title)
        index = index_for(self.view.number_list.model.index_kind, self.stamp)
        if index is None or len(titled(index, name_key(text))):
            return None
        for key, title in cited_keys(text):
            hits = titled(index, key)
            if len(hits):
                return self.as_title(index, self.narrowed(index, hits, text), title)
        return None

    def named(self, text):
        """Return the Found of a text that is a name as a whole, None where it is none.

        No part of a name means something by itself; a group of regions means its regions.
        """
        key = name_key(text)
        groups_of_regions = self.view.names[0]["group"]
        if not key or key in groups_of_regions or not self.is_name(key):
            return None
        found = self.typed(text)
        index = index_for(self.view.number_list.model.index_kind, self.stamp)
        hits = index and titled(index, key)
        # A title that is typed without the blanks that it is printed with.
        return self.as_title(index, hits, text) if hits and not found.total else found

    def is_name(self, key):
        indexes = (index_for(kind, self.stamp) for kind in self.kinds)
        return any(index is not None and len(titled(index, key)) for index in indexes)

    def narrowed(self, index, hits, text):
        """Return those of several of the same title that hold most of what stands around it."""
        for want in self.vocabulary.wants(parted_words(text, self.vocabulary)):
            within = hits & all_wants(index, [want])
            hits = within if len(within) else hits
        return hits

    def as_title(self, index, hits, title):
        [first] = index.slice(hits, 0, 1)
        if len(hits) == 1:
            record = self.view.number_list.model.objects.get(pk=first)
            title = heading(record).plain
        return Found(self.groups(title), title, cited=title)

    def apart(self, text, meaning):
        """Return the Found of the words of a text where they stand without blanks between them."""
        apart = " ".join(words_apart(with_digits(text), self.vocabulary))
        return self.typed(apart, meaning) if apart != text else None

    def mended(self, text, meaning):
        """Return the Found of a text with slips mended, else of the name that is most like it."""
        if AS_IT_STANDS.search(text):
            return None
        readings = [mend(text, self.kinds, self.stamp)]
        name = suggestions.near_miss(text, self.view.named)
        if name and keeps_words(text, name, self.kinds, self.stamp):
            readings.append(name)
        tried = (
            self.typed(other, meaning)
            for other in readings
            # Another number is no slip: 十三五 is not 十四五.
            if other != text and NUMBERS.findall(other) == NUMBERS.findall(normalised(text))
        )
        return next((found for found in tried if found.total), None)

    def without_meaning(self, text, meaning):
        """Return the Found of the words alone where nothing holds what else they mean as well."""
        if not meaning or not text or not meaning.parameters:
            return None
        left = tuple(f"{what} {value}" for what, value in meaning.said.values())
        return replace(self.typed(text), left_out=left)

    def without_a_word(self, text, meaning):
        """Return the Found of a text without the one word that keeps the least from being found."""
        words = self.telling_words(text)
        if not 1 < len(words) <= MOST_WORDS:
            return None
        unknown = [
            place for place, word in enumerate(words) if not is_known(word, self.kinds, self.stamp)
        ]
        if len(unknown) > 1:
            return None
        tried = []
        for place in unknown or range(len(words)):
            found = self.typed(" ".join([*words[:place], *words[place + 1 :]]), meaning)
            if found.total:
                tried.append(replace(found, left_out=(words[place],)))
        return min(tried, key=self.loss, default=None)

    def loss(self, found):
        """Return what sorts texts without a word: those that lose no name first, the rarest."""
        return any(map(self.is_of_vocabulary, found.left_out)), found.total

    def is_of_vocabulary(self, word):
        key = name_key(word)
        return key in self.vocabulary.synonyms or key in self.vocabulary.chinese

    def rarest(self, text, meaning):
        """Return the Found of the rarest words of a text that stand together somewhere.

        Names come before other words, which say less of what is meant.
        """
        words = list(dict.fromkeys(self.telling_words(text)))[:LONGEST]
        counted = [
            (not self.is_of_vocabulary(word), self.typed(word).total, place)
            for place, word in enumerate(words)
        ]
        kept, best = set(), None
        for _is_other, number, place in sorted(counted):
            if number and len(kept) < RAREST:
                together = [word for at, word in enumerate(words) if at in kept | {place}]
                found = self.typed(" ".join(together), meaning)
                if found.total:
                    kept, best = kept | {place}, found
        left = tuple(word for at, word in enumerate(words) if at not in kept)
        return best and replace(best, left_out=left)

    def telling_words(self, text):
        words = words_apart(text, self.vocabulary)
        return [word for word in words if not parse(word, self.vocabulary).is_empty]


def titled(index, key):
    """Return the records of an index that a key names whole."""
    return index.term(NAME + key) | index.term(ALIAS + key)


def cited_keys(text):
    """Yield ``(key, title)`` of what a text may cite beside itself, the most telling first."""
    number = number_key(text)
    if number and number != name_key(text):
        yield number, text
    whole, *titles = titles_cited(text)
    for title in titles:
        if name_key(title) != name_key(whole) or title == whole:
            yield name_key(title), title
