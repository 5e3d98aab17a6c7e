"""Spelling correction of queries, word by word, from the names and titles on record."""

import difflib
import functools

from futureind.search.entries import SearchEntry
from futureind.search.index import index_for
from futureind.search.text import HAN_RUN, RUN, WORD, normalised, terms_wanted, words_in
from futureind.search.vocabulary import vocabulary_at

# Below this likeness two English words are strangers (difflib's ratio, 0 to 1).
LIKENESS = 0.8
# Shorter words are rather abbreviations, and like too many others.
SHORTEST_WORD = 4
# Longer queries, and longer runs of Chinese, are left as they are: each word costs milliseconds.
MOST_WORDS = 8
LONGEST_RUN = 30
# Names of so many records of a kind, the newest, are where words are learnt from.
LEARNT_FROM = 2000


def mend(text, kinds, stamp):
    """Return a query with each word that no record holds replaced by a similar one that some do.

    Parameters: ``kinds``, of the records that are searched; ``stamp``, the state of the content.
    Words that occur, or resemble none, stay as they are.
    """
    if len(words_in(text)) > MOST_WORDS:
        return text

    def mended(match):
        piece = match[0]
        if is_known(piece, kinds, stamp):
            return piece
        if HAN_RUN.match(piece):
            return mend_chinese(piece, vocabulary_at(stamp).chinese)
        return mend_word(piece, words_at(tuple(kinds), stamp))

    folded = normalised(text)
    found = RUN.sub(mended, folded)
    return text if found == folded else found


def is_known(piece, kinds, stamp):
    """Tell whether some record holds each part of a word or of a run of Chinese."""
    parts = vocabulary_at(stamp).parted(piece) if HAN_RUN.fullmatch(piece) else [piece]
    indexes = [index for kind in kinds if (index := index_for(kind, stamp)) is not None]
    # Without an index nobody knows at once.
    return not indexes or all(
        any(len(index.term(term)) for index in indexes)
        for part in parts
        for term in terms_wanted(part)
    )


def keeps_words(text, name, kinds, stamp):
    """Tell whether a name has as many words as a query, and each that is known by itself."""
    terms, pieces = terms_wanted(name), words_in(text)
    return len(words_in(name)) >= len(pieces) and all(
        terms_wanted(piece) <= terms
        for piece in pieces
        if not HAN_RUN.match(piece) and is_known(piece, kinds, stamp)
    )


def mend_word(word, words):
    """Return the word most like an English word, or the word itself."""
    if len(word) < SHORTEST_WORD or not word.isalpha():
        return word
    alike = difflib.get_close_matches(word, words, n=1, cutoff=LIKENESS)
    return alike[0] if alike else word


@functools.lru_cache(maxsize=2)
def words_at(kinds, stamp):
    """Return the English words in names and titles on record, in order."""
    words = set()
    for kind in kinds:
        entries = SearchEntry.objects.filter(kind=kind, removed=False).order_by("-object_id")
        for lines in entries.values_list("names", "aliases")[:LEARNT_FROM]:
            words.update(word for names in lines for word in WORD.findall(names))
    return sorted(word for word in words if word.isalpha() and len(word) >= SHORTEST_WORD)


def mend_chinese(run, names):
    """Return a run of Chinese with the part replaced that is a name but for one character.

    Or for characters that sound the same. Of several, the longest name is meant, then the one that
    sounds the same.
    """
    found = [slip for name in names for slip in slips(run, name)] if len(run) <= LONGEST_RUN else []
    if not found:
        return run
    _length, _sound, name, place = max(found)
    return run[:place] + name + run[place + len(name) :]


def slips(run, name):
    """Yield ``(length, whether it sounds the same, name, place)`` where a name may be meant."""
    sounds = sounds_of(run)
    for place in range(len(run) - len(name) + 1):
        end = place + len(name)
        part = run[place:end]
        differ = sum(one != other for one, other in zip(part, name, strict=True))
        same_sound = sounds[place:end] == sounds_of(name)
        if differ and (same_sound or (differ == 1 and len(name) > 2)):
            yield len(name), same_sound, name, place


@functools.lru_cache(maxsize=5000)
def sounds_of(name):
    # As in futureind/search/text.py: its dictionaries are loaded where something is searched.
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(name))
