"""What a query means beyond its words: a year, what holds today, who issued it, a group of regions.

Each meaning is a parameter of the lists, so the search page asks them what their own filters ask.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.browse.searching.asking import year_parameters
from futureind.core.sentences import listed
from futureind.search.queries import parted_words
from futureind.search.text import name_key, normalised, with_digits
from futureind.search.vocabulary import MOST_WORDS

# 2025年到期的目标, targets due in 2025, by the end of 2030.
DUE = re.compile(
    r"\b(?:targets? )?(?:that )?(?:falls? |are |is )?due "
    r"(?:in |by |before )?(?:the )?(?:end of )?(?P<due>20\d\d)\b"
    r"|\b(?P<before>20\d\d) targets?\b|\btargets? (?:for|of|in|by) (?P<of>20\d\d)\b"
    r"|(?:到|至)?(?P<year>20\d\d)年?(?:年?底)?(?:前|之前)?(?:到期|完成|实现)(?:的?目标)?"
    r"|(?:到|至)?(?P<goal>20\d\d)年?(?:年?底)?(?:前)?的?目标"
    # A year by itself.
    r"|^(?P<alone>20\d\d)年?$"
)
# Texts of a year: 2024年印发, issued in 2024, issued by the ministry in 2024.
ISSUED = re.compile(
    r"\b(?:issued|published)(?P<by>(?: by \D{1,80}?)?)(?: in| during)? (?P<year>20\d\d)\b"
    r"|(?P<printed>20\d\d)年?(?:印发|发布|出台|公布|发文)的?"
)
TARGETS = re.compile(r"\btargets?\b|的?目标(?:$| )|^的")
OVERDUE = re.compile(r"\boverdue(?: targets?)?\b|逾期(?:的?目标)?|已到期(?:的?目标)?|过期目标")
IN_FORCE = re.compile(
    r"\b(?:currently |still )?(?<!into )in force(?: today| now)?\b|现行有效的?"
    r"|(?:现行的?|有效的)(?=规划|文件|政策|方案|目标|$)"
)
# What is in quotes, or left out by a minus, is meant word by word.
AS_IT_STANDS = re.compile(r'(?:(?<!\S)-)?(?:"[^"]*"|“[^”]*”|「[^」]*」|《[^》]*》)|(?<!\S)-\S+')
QUESTION = [
    re.compile(
        r"^(?:what(?:'s|’s| is| are)|define|definition of|meaning of|explain) (?:an? |the )?"
        r"(?P<rest>.+?)[?？]*$"
    ),
    re.compile(r"^(?:请问)?(?:什么是|何谓|什么叫)(?P<rest>.+?)[?？]*$"),
    re.compile(r"^(?P<rest>.+?)(?:是什么(?:意思)?|的定义|的含义|指什么)[?？]*$"),
]
# Which regions name it, 哪些地区列出: the answer is about what is left.
ASKING = re.compile(
    r"^(?:what|which|who|where|when|how many|how much|how|show me)\b(?P<rest>.+?)[?？]*$"
)
WORDS_OF_QUESTIONS = {
    *("what", "which", "who", "where", "when", "how", "many", "much", "show", "me"),
    *("are", "is", "was", "were", "do", "does", "did", "have", "has", "to", "on", "about"),
    *("regions", "region", "provinces", "cities", "name", "names", "named", "mention", "mentions"),
}
ASKING_IN_CHINESE = re.compile(
    r"(?:请问|都有哪些|有哪些|哪些(?:地区|省份|城市)?|有多少个?|多少个?)(?:列出|提出|布局)?了?|[?？]"
)
# What a query says of texts as such, beside what it wants of them.
FILLERS = {
    *("by", "in", "the", "of", "from", "for", "and", "all", "any", "that", "are", "is", "were"),
    *("with", "documents", "document", "texts", "text", "policies", "policy", "province"),
}
FILLERS_IN_CHINESE = re.compile(r"^的|(?:^|的)(?:相关)?(?:政策)?文件$|(?:^|的)政策$|的$")
JOINED = re.compile(r"\b(?:vs|versus|and|compared? (?:to|with)|compare)\b\.?|[与和、,，]")
# Abbreviations that are words as well: they stand for an agency in capitals only.
SHORT = 3
ALSO_WORDS = frozenset({"most"})


@dataclass(frozen=True)
class Understood:
    """A query as it was understood.

    ``text``: the words that are left to be looked for; ``parameters``: ``{name: [value, …]}`` of
    the lists; ``said``: ``{first of the parameters of a meaning: (what it is, its value)}``, in
    words; ``is_question``: that it asks what something is, or which do something.
    """

    text: str
    parameters: dict = field(default_factory=dict)
    said: dict = field(default_factory=dict)
    is_question: bool = False

    def beside(self, chosen):
        """Return what is left of it where parameters of its own were chosen by hand."""
        return replace(
            self,
            parameters={name: v for name, v in self.parameters.items() if name not in chosen},
            said={name: words for name, words in self.said.items() if name not in chosen},
        )


def understood(text, names, vocabulary):
    """Return a query as Understood.

    Parameters: ``names``, ``{parameter: {key of a name: (value, label)}}`` of the agencies, groups
    and regions that a query may name; ``vocabulary``, by which Chinese is parted.
    """
    plain = normalised(text)
    as_it_stands = AS_IT_STANDS.findall(plain)
    rest, is_question = asked_about(AS_IT_STANDS.sub(" ", plain).strip())
    rest, parameters, said = with_days(rest)
    for parameter, what in PARAMETERS.items():
        alone = parameter == "group"
        rest, meant = named_in(rest, names[parameter], vocabulary, alone=alone, typed=text)
        if meant:
            value, label = meant
            parameters[parameter] = [value]
            said[parameter] = (str(what), label)
    others, regions = all_named(rest, names["region"], vocabulary)
    if len(regions) > 1:
        rest = JOINED.sub(" ", others)
        parameters["region"] = [slug for slug, _label in regions]
        said["region"] = (_("Regions"), listed([label for _slug, label in regions]))
    if said:
        rest = without_fillers(rest)
    words = " ".join([*rest.split(), *as_it_stands])
    return Understood(words, parameters, said, is_question)


def asked_about(text):
    """Return ``(what a question is about, whether it is one)``; other texts as they are."""
    for form in QUESTION:
        if found := form.match(text):
            return found["rest"], True
    if ASKING.match(text):
        words = [word for word in text.rstrip("?？").split() if word not in WORDS_OF_QUESTIONS]
        return " ".join(words), True
    rest = ASKING_IN_CHINESE.sub(" ", text).strip()
    return (rest, True) if rest and rest != text else (text, False)


def with_days(rest):
    """Return ``(the rest of a text, parameters, said)`` of what it says about years and days."""
    parameters, said = {}, {}
    in_digits = with_digits(rest)
    if DUE.search(in_digits) or ISSUED.search(in_digits):
        # 二〇二四年 is 2024年, but a title is looked for as it is typed.
        rest = in_digits
    if found := ISSUED.search(rest):
        year = found["year"] or found["printed"]
        parameters |= year_parameters(year)
        said[next(iter(parameters))] = (_("Year of the text"), year)
        rest = without(rest, found, found["by"] or "")
    if found := DUE.search(rest):
        year = next(filter(None, found.groups()))
        parameters["due"] = [year]
        said["due"] = (_("Due in"), year)
        rest = TARGETS.sub(" ", without(rest, found)).strip()
    if found := OVERDUE.search(rest):
        yesterday = timezone.localdate() - timedelta(days=1)
        parameters["due_before"] = [yesterday.isoformat()]
        said["due_before"] = (_("Due"), _("before today"))
        rest = without(rest, found)
    if found := IN_FORCE.search(rest):
        parameters["in_force_on"] = [timezone.localdate().isoformat()]
        said["in_force_on"] = (_("In force"), _("today"))
        rest = without(rest, found)
    return rest, parameters, said


def without_fillers(text):
    words = (FILLERS_IN_CHINESE.sub("", word) for word in text.split() if word not in FILLERS)
    return " ".join(filter(None, words))


PARAMETERS = {"issuer": gettext_lazy("Issuing agency"), "group": gettext_lazy("Group of regions")}


def without(text, found, kept=""):
    """Return a text without what was found in it, but for a part that is kept."""
    return " ".join(f"{text[: found.start()]} {kept} {text[found.end() :]}".split())


def named_in(text, known, vocabulary, *, alone, typed):
    """Return ``(the rest of a text, what of the known it names)``, None for nothing.

    Parameters: ``alone``, whether it may be all that the text says; ``typed``, the text as it was
    typed, by which abbreviations are told from words.
    """
    words = parted_words(text, vocabulary)
    for start, end in windows(words):
        key = key_of(words[start:end])
        meant = known.get(key)
        if meant and (alone or (end - start < len(words) and is_meant(key, typed))):
            return without_words(text, words[start:end]), meant
    return text, None


def is_meant(key, typed):
    """Tell whether a short abbreviation was typed as one, in capitals; longer names always are."""
    is_short = key.isascii() and (len(key) <= SHORT or key in ALSO_WORDS)
    return not is_short or re.search(rf"\b{re.escape(key.upper())}\b", typed) is not None


def without_words(text, words):
    found = re.search(r"\W*".join(map(re.escape, words)), text)
    return without(text, found) if found else text


def windows(words):
    """Yield ``(start, end)`` of all that may be one name among words, the longest first."""
    for size in range(min(MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            yield start, start + size


def key_of(words):
    return name_key(" ".join(words))


def all_named(text, known, vocabulary):
    """Return ``(the rest of a text, all that it names of the known)``, those in its order.

    What it names is ``[(value, label), …]``.
    """
    words = parted_words(normalised(text), vocabulary)
    found, taken = {}, set()
    rest = normalised(text)
    for start, end in windows(words):
        meant, places = known.get(key_of(words[start:end])), set(range(start, end))
        if meant and not places & taken:
            found[start] = meant
            taken |= places
            rest = without_words(rest, words[start:end])
    return rest, list(dict.fromkeys(found[start] for start in sorted(found)))
