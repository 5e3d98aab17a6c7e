"""What a query means beyond its words: a year, what holds today, who issued it, a group of regions.

Each meaning is a parameter of the lists, so the search page asks them what their own filters ask.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.browse.searching.asking import year_parameters
from futureind.search.queries import parted_words
from futureind.search.text import name_key, normalised, with_digits
from futureind.search.vocabulary import MOST_WORDS

# 2025年到期的目标, targets due in 2025, by the end of 2030.
DUE = re.compile(
    r"\b(?:targets? )?(?:that )?(?:falls? )?due "
    r"(?:in |by |before )?(?:the )?(?:end of )?(?P<due>20\d\d)\b"
    r"|\b(?P<before>20\d\d) targets?\b|\btargets? (?:for|of|in|by) (?P<of>20\d\d)\b"
    r"|(?:到|至)?(?P<year>20\d\d)年?(?:年?底)?(?:前|之前)?(?:到期|完成|实现)(?:的?目标)?"
    r"|(?P<goal>20\d\d)年?(?:年?底)?(?:前)?的?目标"
    # A year by itself.
    r"|^(?P<alone>20\d\d)年?$"
)
# Texts of a year: 2024年印发, issued in 2024.
ISSUED = re.compile(
    r"\b(?:issued|published) (?:in )?(?P<year>20\d\d)\b"
    r"|(?P<printed>20\d\d)年?(?:印发|发布|出台|公布|发文)的?(?:文件|政策)?"
)
TARGETS = re.compile(r"\btargets?\b|的?目标(?:$| )|^的")
OVERDUE = re.compile(r"\boverdue(?: targets?)?\b|逾期(?:的?目标)?|已到期(?:的?目标)?|过期目标")
IN_FORCE = re.compile(
    r"\b(?:currently |still )?in force(?: today| now)?\b|现行有效的?"
    r"|(?:现行的?|有效的)(?=规划|文件|政策|方案|目标|$)"
)
# What is in quotes, or left out by a minus, is meant word by word.
AS_IT_STANDS = re.compile(r"[\"“”「」]|(?:^|\s)-\S")
QUESTION = [
    re.compile(
        r"^(?:what(?:'s|’s| is| are)|define|definition of|meaning of|explain) (?:an? |the )?"
        r"(?P<rest>.+?)[?？]*$"
    ),
    re.compile(r"^(?:请问)?(?:什么是|何谓|什么叫)(?P<rest>.+?)[?？]*$"),
    re.compile(r"^(?P<rest>.+?)(?:是什么(?:意思)?|的定义|的含义|指什么)[?？]*$"),
]


@dataclass(frozen=True)
class Understood:
    """A query as it was understood.

    ``text``: the words that are left to be looked for; ``parameters``: ``{name: [value, …]}`` of
    the lists; ``said``: ``(what it is, its value)`` of each meaning, in words; ``is_question``:
    that it asks what something is.
    """

    text: str
    parameters: dict = field(default_factory=dict)
    said: tuple = ()
    is_question: bool = False


def understood(text, names, vocabulary):
    """Return a query as Understood.

    Parameters: ``names``, ``{parameter: {key of a name: (value, label)}}`` of the agencies and
    groups that a query may name; ``vocabulary``, by which Chinese is parted.
    """
    rest, parameters, said = normalised(text).strip(), {}, []
    question = next(filter(None, (form.match(rest) for form in QUESTION)), None)
    if question:
        rest = question["rest"]
    in_digits = with_digits(rest)
    if DUE.search(in_digits) or ISSUED.search(in_digits):
        # 二〇二四年 is 2024年, but a title is looked for as it is typed.
        rest = in_digits
    if found := DUE.search(rest):
        year = next(filter(None, found.groups()))
        parameters["due"] = [year]
        said.append((_("Due in"), year))
        rest = TARGETS.sub(" ", without(rest, found)).strip()
    if found := ISSUED.search(rest):
        year = found["year"] or found["printed"]
        parameters |= year_parameters(year)
        said.append((_("Year of the text"), year))
        rest = without(rest, found)
    if found := OVERDUE.search(rest):
        yesterday = timezone.localdate() - timedelta(days=1)
        parameters["due_before"] = [yesterday.isoformat()]
        said.append((_("Due"), _("before today")))
        rest = without(rest, found)
    if found := IN_FORCE.search(rest):
        parameters["in_force_on"] = [timezone.localdate().isoformat()]
        said.append((_("In force"), _("today")))
        rest = without(rest, found)
    for parameter, what in PARAMETERS.items():
        alone = parameter == "group"
        rest, meant = named_in(rest, names[parameter], vocabulary, alone=alone)
        if meant:
            value, label = meant
            parameters[parameter] = [value]
            said.append((str(what), label))
    return Understood(rest, parameters, tuple(said), bool(question))


PARAMETERS = {"issuer": gettext_lazy("Issuing agency"), "group": gettext_lazy("Group of regions")}


def without(text, found):
    """Return a text without what was found in it."""
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())


def named_in(text, known, vocabulary, *, alone):
    """Return ``(the rest of a text, what of the known it names)``, None for nothing.

    Parameter: ``alone``, whether it may be all that the text says.
    """
    if AS_IT_STANDS.search(text):
        return text, None
    words = parted_words(text, vocabulary)
    for start, end in windows(words):
        meant = known.get(key_of(words[start:end]))
        if meant and (alone or end - start < len(words)):
            found = re.search(r"\W*".join(map(re.escape, words[start:end])), text)
            return without(text, found) if found else text, meant
    return text, None


def windows(words):
    """Yield ``(start, end)`` of all that may be one name among words, the longest first."""
    for size in range(min(MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            yield start, start + size


def key_of(words):
    return name_key(" ".join(words))


def all_named(text, known, vocabulary):
    """Return all that a text names of the known, in its order: ``[(value, label), …]``."""
    words = parted_words(normalised(text), vocabulary)
    found, taken = {}, set()
    for start, end in windows(words):
        meant, places = known.get(key_of(words[start:end])), set(range(start, end))
        if meant and not places & taken:
            found[start] = meant
            taken |= places
    return list(dict.fromkeys(found[start] for start in sorted(found)))
