"""How a text is read, the same for records and for queries: grams, stems, numbers."""

import functools
import operator
import re
import threading
import unicodedata

import opencc
import snowballstemmer
from django.db.models import Q

from futureind.core.texts import to_simplified
from futureind.search.amounts import COMMA, amounts_in, read_spoken

to_mainland = opencc.OpenCC("tw2sp").convert

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
# Numerals of years and running numbers as they are written out: 〔二〇二四〕十二号, No. 12.
NUMERALS = {sign: digit for digit, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
HAN_DIGITS = "".join(NUMERALS)
HAN_YEAR = re.compile(
    rf"(?<![{HAN_DIGITS}十百千])[一二][{HAN_DIGITS}]{{3}}(?![{HAN_DIGITS}十百千])"
)
HAN_NUMBER = re.compile(rf"[{HAN_DIGITS}十百千]{{1,9}}(?=\s*[号號])")
NUMBER_SIGN = re.compile(r"\bno\.?\s*(?=\d)", re.IGNORECASE)
# Spellings of England and of America, as one of them.
SPELLINGS = [
    (re.compile(r"(?<=\w\w)iz(e[drs]?|ing|ers?|ations?|ational)$"), r"is\1"),
    (re.compile(r"(?<=\w)yz(e[drs]?|ing|ers?)$"), r"ys\1"),
    (re.compile(r"(cent|fib|lit|met)re(s?)$"), r"\1er\2"),
    (re.compile(r"^(behavi|col|fav|harb|lab|neighb|vap)our"), r"\1or"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"^(def|lic|off)ence"), r"\1ense"),
]
ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]|[a-z][\u0300-\u036f]")
ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
# Forms of characters that are neither simplified nor known as traditional ones.
VARIANTS = str.maketrans(
    "髙﨑徳戸歩説鋭閲録増産気発経対広竜亜", "高崎德户步说锐阅录增产气发经对广龙亚"
)
# Words of Taiwan and Hong Kong, in simplified characters, that OpenCC leaves or reads otherwise.
WORDS_ELSEWHERE = {
    **{
        "网际网路": "互联网",
        "介面": "接口",
        "电脑": "计算机",
        "机械人": "机器人",
        "硬体": "硬件",
        "软体": "软件",
    },
    **{
        "智慧": "智能",
        "自驾车": "自动驾驶汽车",
        "航太": "航天",
        "生技": "生物技术",
        "萤幕": "显示屏",
    },
    **{
        "核融合": "核聚变",
        "基因体": "基因组",
        "量子位元": "量子比特",
        "演算法": "算法",
        "计画": "计划",
    },
    **{"讯号": "信号", "程式": "程序", "云端": "云", "低轨": "低轨道", "再生能源": "可再生能源"},
}
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
    """Return a text as it is compared.

    Full-width forms are folded, letters small and without accents, characters simplified.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    if ACCENTED.search(folded):
        parted = unicodedata.normalize("NFD", folded)
        folded = unicodedata.normalize("NFC", ACCENTS.sub("", parted))
    return to_simplified(folded).translate(VARIANTS)


@functools.lru_cache(maxsize=2000)
def mainland_words(text):
    """Return a text in normal form, words of Taiwan and Hong Kong as the mainland has them."""
    for word, mainland in WORDS_ELSEWHERE.items():
        text = text.replace(word, mainland)
    return to_mainland(text)


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


@functools.lru_cache(maxsize=5000)
def pinyin(name):
    """Return how a Chinese name sounds, in letters: 脑机接口 is ``naojijiekou``."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name))


def words_of(text):
    """Return the words of a query: full-width forms folded, split at white space."""
    return unicodedata.normalize("NFKC", text).split()


def document_number(text):
    """Return the query as a document number in its printed form, or None where it is none.

    Any kind of brackets or none will do, and numerals of any kind: ``苏政发[2023]104号``,
    ``苏政发2023 No. 104`` and ``苏政发〔二〇二三〕一百零四号`` all give ``苏政发〔2023〕104号``.
    """
    found = NUMBER.match(with_digits(unicodedata.normalize("NFKC", text)))
    return f"{found[1].strip()}〔{found[2]}〕{found[3]}号" if found else None


def with_digits(text):
    """Return a text with years and numbers of documents in digits."""
    for numerals in (HAN_YEAR, HAN_NUMBER):
        text = numerals.sub(lambda found: digits_of(found[0]), text)
    return NUMBER_SIGN.sub(" ", text)


def digits_of(numerals):
    """Return Chinese numerals as digits: 二〇六 and 二百零六 are both 206."""
    if set(numerals) & set("十百千"):
        return str(read_spoken(re.sub("[〇零○]", "", numerals)))
    return "".join(str(NUMERALS[sign]) for sign in numerals)


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
