"""How texts are cited: by a title within a notice, behind its issuers, with a date or without.

What stands around a title is taken away from the titles on record and from what is asked alike, so
that both meet whatever of it was left out.
"""

import re

from futureind.search.text import name_key, normalised, with_digits

# 关于印发《…》的通知, 《…》（2024年1月18日）.
QUOTED = re.compile(r"[《〈]([^《》〈〉]{4,})[》〉]")
NOTICE = [
    re.compile(r"^.*?(?:关于)?(?:印发|发布|公布|转发|下达)(?P<title>.+?)的(?:通知|公告|函)$"),
    re.compile(
        r"^(?:the )?(?:notice|circular)\b.{0,120}?\b"
        r"(?:issu(?:ing|ance of)|printing and distributing|publishing|releas(?:ing|e of))"
        r" (?P<title>.+)$"
    ),
]
# Who issued it stands before 关于, which is left out as often as not.
ISSUERS = re.compile(r"^.{0,200}?关于(?P<title>.{4,})$")
# A number before a title, as lists print it.
NUMBER_BEFORE = re.compile(
    r"^\S{1,20}[〔\[(（]?(?:19|20)\d\d[〕\])）]?\s*(?:第)?\d+\s*号[\s,，:：]*(?P<title>.{4,})$"
)
DATE = (
    r"(?:19|20)\d\d\s*(?:年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?|[-./]\d{1,2}(?:[-./]\d{1,2})?)?"
)
DATE_BEFORE = re.compile(rf"^(?:{DATE})[\s,，:：]+(?P<title>.{{4,}})$")
MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
AROUND = [
    # Brackets at the end: a date, a number, years, 试行.
    re.compile(r"^(?P<title>.{4,}?)\s*[(（\[〔][^()（）\[\]〔〕]{1,60}[)）\]〕]$"),
    re.compile(rf"^(?P<title>.{{4,}}?)[\s,，]+{DATE}$"),
    re.compile(
        rf"^(?P<title>.{{4,}}?)[\s,，]+(?:\d{{1,2}} )?(?:{MONTH} )?(?:\d{{1,2}}, ?)?(?:19|20)\d\d$"
    ),
    DATE_BEFORE,
    NUMBER_BEFORE,
    re.compile(r"^the (?P<title>.{4,})$"),
]


def titles_cited(text):
    """Return the titles that a text may cite, in normal form, what says most of them first.

    The text itself stands first; then what stands in its 《》 or after "on issuing", without dates
    and numbers, without who issued it.
    """
    found = [normalised(with_digits(text)).strip()]
    found += [quoted.strip() for quoted in QUOTED.findall(found[0])]
    for title in found:
        # Each rule may leave something for another.
        for rule in (*NOTICE, *AROUND, ISSUERS):
            inner = rule.match(title)
            if inner and inner["title"].strip() not in found:
                found.append(inner["title"].strip())
    return found


def title_aliases(*titles):
    """Return what titles are called beside themselves, for the index."""
    cited = [name for title in titles if title for name in titles_cited(title)[1:]]
    return [name for name in cited if len(name_key(name)) >= SHORTEST]


def number_key(text):
    """Return a document number as it is compared: 工业和信息化部令第62号 is 工业和信息化部令62.

    "" for a text without a number.
    """
    key = name_key(with_digits(text))
    found = re.fullmatch(r"(\D+?(?:(?:19|20)\d\d)?年?)第?(\d+)[号]?", key)
    return found[1].rstrip("年") + found[2] if found else ""


# A shorter rest of a title is rather a word.
SHORTEST = 6
