"""The ways in which a text is read, one after another, until one finds something."""

from dataclasses import dataclass, replace

from futureind.browse.headings import heading
from futureind.browse.searching.asking import Question, ask
from futureind.browse.searching.understanding import Understood, understood
from futureind.publishing.models.content_version import ContentVersion
from futureind.search import suggestions
from futureind.search.amounts import words_with_amounts
from futureind.search.citing import number_key, titles_cited
from futureind.search.index import index_for
from futureind.search.mending import MOST_WORDS, is_known, keeps_words, mend
from futureind.search.queries import all_wants, parse, parted_words
from futureind.search.segments import ALIAS, NAME
from futureind.search.text import HAN_RUN, name_key
from futureind.search.vocabulary import vocabulary_at

# So many of the rarest words answer a query that finds nothing as a whole.
RAREST = 3
# Beyond so many words of a query none is looked at.
LONGEST = 40


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

    An amount is one word.
    """
    return [
        part
        for word in words_with_amounts(text)
        for part in (vocabulary.parted(word) if HAN_RUN.fullmatch(word) else [word])
    ]


class Search:
    """A text asked of lists under parameters, read in one way after another until one finds.

    Parameters: ``view``, the SearchView; ``parameters``, ``{name: [value, …]}`` of the lists;
    ``number``, how many results of each tier to name.
    """

    nothing = Found([], "")

    def __init__(self, view, parameters, number):
        self.view, self.parameters, self.number = view, parameters, number
        self.stamp = ContentVersion.stamp()
        self.kinds = [one.model.index_kind for one in view.lists]
        self.vocabulary = vocabulary_at(self.stamp)

    def groups(self, text, parameters=None):
        question = Question(text, self.parameters | (parameters or {}))
        return ask(question, self.view.lists, self.view.vocabulary, self.number, self.stamp)

    def typed(self, text):
        """Return the Found of a text word by word."""
        empty = parse(text, self.vocabulary).is_empty
        return Found([] if empty else self.groups(text), text)

    def found(self, text):
        """Return the Found of a text; where nothing fits, of the next best text."""
        ways = (self.cited, self.meant, self.typed, self.mended, self.without_a_word, self.rarest)
        return next((found for way in ways if (found := way(text)) and found.groups), self.nothing)

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

    def meant(self, text):
        """Return the Found of what a text means beyond its words, None where it is but words."""
        meaning = understood(text, *self.view.names)
        if not meaning.said and not meaning.is_question:
            return None
        groups = self.groups(meaning.text, meaning.parameters)
        return Found(groups, meaning.text, understood=meaning)

    def mended(self, text):
        """Return the Found of a text with slips mended, else of the name that is most like it."""
        readings = [mend(text, self.kinds, self.stamp)]
        name = suggestions.near_miss(text, self.view.named)
        if name and keeps_words(text, name, self.kinds, self.stamp):
            readings.append(name)
        tried = (self.typed(other) for other in readings if other != text)
        return next((found for found in tried if found.groups), None)

    def without_a_word(self, text):
        """Return the Found of a text without the one word that keeps the least from being found."""
        words = words_apart(text, self.vocabulary)
        if not 1 < len(words) <= MOST_WORDS:
            return None
        unknown = [
            place for place, word in enumerate(words) if not is_known(word, self.kinds, self.stamp)
        ]
        if len(unknown) > 1:
            return None
        tried = []
        for place in unknown or range(len(words)):
            found = self.typed(" ".join([*words[:place], *words[place + 1 :]]))
            if found.groups:
                tried.append(replace(found, left_out=(words[place],)))
        return min(tried, key=lambda found: found.total, default=None)

    def rarest(self, text):
        """Return the Found of the rarest words of a text that stand together somewhere."""
        words = list(dict.fromkeys(words_apart(text, self.vocabulary)))[:LONGEST]
        counted = [(self.typed(word).total, place) for place, word in enumerate(words)]
        kept, best = set(), None
        for number, place in sorted(counted):
            if number and len(kept) < RAREST:
                together = [word for at, word in enumerate(words) if at in kept | {place}]
                found = self.typed(" ".join(together))
                if found.groups:
                    kept, best = kept | {place}, found
        left = tuple(word for at, word in enumerate(words) if at not in kept)
        return best and replace(best, left_out=left)


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
