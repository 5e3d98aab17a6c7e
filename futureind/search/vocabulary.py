"""The names of the vocabulary, by which queries in Chinese are segmented and synonyms found.

Models of the vocabulary say by ``index_synonyms`` whether the names of a record are synonyms: so it
is for technologies and agencies, not for fields, whose aliases are wider than they.
"""

import functools
from dataclasses import dataclass

from futureind.search.entries import SearchEntry, indexed_models
from futureind.search.text import (
    HAN_RUN,
    initials,
    mainland_words,
    name_key,
    pinyin,
    terms_wanted,
)

# A single character stands in too many words to stand for a name in a text.
SHORTEST = 2
# What joins names in Chinese, and is no word to be looked for.
PARTICLES = frozenset("的与和及在之")
# Two letters are rather an abbreviation.
FEWEST_INITIALS = 3
# Up to so many words of a query are one name.
MOST_WORDS = 6


@dataclass(frozen=True)
class Vocabulary:
    """Names by which queries are read.

    ``chinese``: those in Chinese; ``synonyms``: ``{key of a name: names that mean the same}``.
    """

    chinese: frozenset
    synonyms: dict

    @functools.cached_property
    def longest(self):
        return max(map(len, self.chinese), default=0)

    def parted(self, run):
        """Segment a run of Chinese: return the names in it and what stands between them.

        Left whole where a single character would remain, which is rather a slip or another word.
        """
        parts, rest, place = [], "", 0
        while place < len(run):
            name = self.name_at(run, place)
            if name and run != name:
                parts += [rest, name]
                rest, place = "", place + len(name)
            else:
                rest, place = rest + run[place], place + 1
        parts = [part.strip("的") for part in (*parts, rest)]
        parts = [part for part in parts if part and part not in PARTICLES]
        return parts if parts and all(len(part) >= SHORTEST for part in parts) else [run]

    def name_at(self, run, place):
        """Return the longest name that stands at a place of a run, else None."""
        lengths = range(min(self.longest, len(run) - place), SHORTEST - 1, -1)
        names = (run[place : place + length] for length in lengths)
        return next((name for name in names if name in self.chinese), None)

    def wants(self, words):
        """Return words as wants: tuples of synonyms, the text as typed first."""
        found, place = [], 0
        while place < len(words):
            size, names = self.longest_name(words, place)
            typed = " ".join(words[place : place + size])
            found.append((typed, *(names or self.elsewhere(typed))))
            place += size
        return found

    def elsewhere(self, text):
        """Return what the mainland calls what is said in the words of Taiwan or Hong Kong."""
        other = mainland_words(text) if HAN_RUN.search(text) else text
        return () if other == text else self.synonyms.get(name_key(other), (other,))

    def longest_name(self, words, place):
        """Return ``(how many words, names that mean the same)`` of the longest name at a place."""
        for size in range(min(MOST_WORDS, len(words) - place), 0, -1):
            names = self.synonyms.get(name_key(" ".join(words[place : place + size])))
            if names:
                return size, names
        return 1, ()


@functools.lru_cache(maxsize=4)
def vocabulary_at(stamp):
    """Return the Vocabulary of the content at a moment (``ContentVersion.stamp()``)."""
    kinds = {
        model.index_kind: model.index_synonyms
        for model in indexed_models()
        if hasattr(model, "index_synonyms")
    }
    entries = SearchEntry.objects.filter(kind__in=kinds, removed=False).order_by(
        "kind", "object_id"
    )
    chinese, synonyms, spoken = set(), {}, {}
    for kind, *lines in entries.values_list("kind", "names", "aliases"):
        names = [name for names in lines for name in names.splitlines()]
        own = {name for name in names if len(name) >= SHORTEST and HAN_RUN.fullmatch(name)}
        chinese |= own
        for name in names if kinds[kind] else ():
            synonyms.setdefault(name_key(name), []).extend(names)
        for name in own:
            for sound in sounds_of(name):
                spoken.setdefault(sound, []).extend(names if kinds[kind] else [name])
    # What is written so comes before what only sounds so.
    meant = {key: without_wider(names) for key, names in (spoken | synonyms).items()}
    return Vocabulary(frozenset(chinese), meant)


def sounds_of(name):
    """Return the letters by which a Chinese name is typed: its pinyin, and its initials."""
    letters = initials(name)
    if not letters:
        return []
    return [pinyin(name), *([letters] if len(letters) >= FEWEST_INITIALS else [])]


def without_wider(names):
    """Return names that find something by themselves: not those that hold all words of another."""
    terms = {name: terms_wanted(name) for name in names if len(name) >= SHORTEST}
    return tuple(
        name
        for name, own in terms.items()
        if own and not any(other < own for other in terms.values())
    )
