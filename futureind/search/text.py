"""How a text is read, the same for records and for queries: grams, stems, numbers."""

import functools
import operator
import re
import threading
import unicodedata

import snowballstemmer
from django.db.models import Q

from futureind.core.texts import to_simplified
from futureind.search.amounts import COMMA, amounts_in

HAN = r"\u3400-\u9fff\uf900-\ufaff"
# Runs of Chinese characters, of Latin letters and digits.
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
HAN_RUN = re.compile(rf"[{HAN}]+")
WORD = re.compile(rf"[^\W_{HAN}]+")
NAME_PART = re.compile(r"[^\W_]+|\+")
# The zero of years written out is read like a character.
SPOKEN_RUN = re.compile(rf"[{HAN}〇]+")
# Texts up to this length occur again and again.
NAME_LENGTH = 100
# Brackets of any kind, quotes and spaces, also after a text; not what joins two years.
APART = r"[^\w\-–—~/.,:]*"
# A document number: words, a year in any brackets or none, a running number, 号.
NUMBER = re.compile(
    rf"^{APART}([^\W\d](?:[^\d]*[^\W\d])?){APART}((?:19|20)\d\d)年?{APART}第?\s*(\d+)\s*[号號]?[\W]*$"
)
# Spellings of England and of America, as one of them.
SPELLINGS = [
    (re.compile(r"(?<=\w\w)iz(e[drs]?|ing|ers?|ations?|ational)$"), r"is\1"),
    (re.compile(r"(?<=\w)yz(e[drs]?|ing|ers?)$"), r"ys\1"),
    (re.compile(r"(cent|fib|lit|met)re(s?)$"), r"\1er\2"),
    (re.compile(r"^(behavi|col|fav|harb|lab|neighb|vap)our"), r"\1or"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"^(def|lic|off)ence"), r"\1ense"),
]
# English words that are not looked for, since they stand everywhere.
STOP_WORDS = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)


class Stemmers(threading.local):
    """A stemmer for each thread, since one keeps the word that it works on."""

    def __init__(self):
        self.english = snowballstemmer.stemmer("english")


stemmers = Stemmers()


@functools.lru_cache(maxsize=50_000)
def stem(word):
    """Return the stem of a lower-case English word; digits and mixed words stay as they are."""
    if not (word.isascii() and word.isalpha()):
        return word
    for ending, spelt in SPELLINGS:
        word = ending.sub(spelt, word)
    return stemmers.english.stemWord(word)


def normalised(text):
    """Return a text as it is compared: full-width folded, lower case, simplified characters."""
    if text.isascii():
        return text.lower()
    return to_simplified(unicodedata.normalize("NFKC", text).casefold())


def grams(text):
    """Return the terms under which a text is found, as a set that must not be changed.

    A run of Chinese gives its single characters and its overlapping pairs, a word its stem, an
    amount its whole number.
    """
    return grams_of_name(text) if len(text) <= NAME_LENGTH else find_grams(text)


def name_key(name):
    """Return a name as it is compared whole: without spaces, hyphens and other signs but ``+``."""
    return "".join(NAME_PART.findall(normalised(name)))


def words_in(text):
    """Return the runs of Chinese and the words of a text, in order, as they are compared."""
    return RUN.findall(COMMA.sub("", normalised(text)))


def find_grams(text):
    text = COMMA.sub("", normalised(text))
    found = set(map(stem, WORD.findall(text)))
    found.update(number for _span, numbers in amounts_in(text) for number in numbers)
    for run in HAN_RUN.findall(text):
        found.update(run)
        found.update(map(operator.add, run, run[1:]))
    return found


# Names of regions and titles of plans stand in the entries of everything beneath them.
grams_of_name = functools.lru_cache(maxsize=2000)(find_grams)


def query_grams(text):
    """Return the terms that a record must have to hold a text: pairs, where there are any."""
    found = set()
    for run in words_in(text):
        if not HAN_RUN.match(run):
            found.add(stem(run))
        elif len(run) == 1:
            found.add(run)
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


@functools.lru_cache(maxsize=5000)
def terms_wanted(text):
    """Return the terms of a text to be looked for: without English words that stand everywhere."""
    return frozenset(query_grams(text)) - STOP_WORDS


@functools.lru_cache(maxsize=5000)
def initials(text):
    """Return the pinyin initials of a Chinese name, "" where it has no Chinese.

    人形机器人 gives ``rxjqr``.
    """
    if not HAN_RUN.search(text):
        return ""
    return SPOKEN_RUN.sub(initials_of_run, normalised(text)).replace(" ", "")


def initials_of_run(run):
    # Its dictionaries take half a second to load, which commands that search nothing do not need.
    from pypinyin.seg import mmseg

    return "".join(map(initials_of_phrase, mmseg.seg.cut(run[0])))


# Phrases come back in other titles.
@functools.lru_cache(maxsize=20_000)
def initials_of_phrase(phrase):
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(phrase, style=Style.FIRST_LETTER))


def words_of(text):
    """Return the words of a query: full-width forms folded, split at white space."""
    return unicodedata.normalize("NFKC", text).split()


def document_number(text):
    """Return the query as a document number in its printed form, or None where it is none.

    Any kind of brackets or none will do: ``苏政发[2023]104号`` and ``苏政发2023 104`` both give
    ``苏政发〔2023〕104号``.
    """
    found = NUMBER.match(unicodedata.normalize("NFKC", text))
    return f"{found[1].strip()}〔{found[2]}〕{found[3]}号" if found else None


def search_condition(text, columns):
    """Return a condition: every word of the text stands in one of the columns.

    A text that reads as a document number is looked for whole where the columns hold one.
    """
    number = document_number(text)
    number_columns = [column for column in columns if column.endswith("document_number")]
    if number and number_columns:
        return any_column(number_columns, number, "iexact") | all_words(text, columns)
    return all_words(text, columns)


def all_words(text, columns):
    condition = Q()
    for word in words_of(text):
        condition &= any_column(columns, word, "icontains")
    return condition


def any_column(columns, word, lookup):
    condition = Q()
    for column in columns:
        condition |= Q(**{f"{column}__{lookup}": word})
    return condition
