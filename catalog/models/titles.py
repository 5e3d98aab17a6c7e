"""Titles of documents, compared: the same text is not to be entered twice."""

import difflib
import re
import unicodedata
from collections import defaultdict

from catalog.models.indexing import issuer_names
from futureind.search.text import name_key, normalised

# How alike two titles are taken for one; a year or number that differs makes them two.
ALIKE = 0.9
TITLES = ("title_zh", "title_en")


def compared(title):
    """Return a title without what is printed differently from place to place."""
    folded = normalised(title)
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LN")


def numbers_in(title):
    return tuple(re.findall(r"\d+", title))


def are_alike(mine, theirs):
    """Tell whether two titles, as they are compared, are nearly the same."""
    if not mine or not theirs or numbers_in(mine) != numbers_in(theirs):
        return False
    pair = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    steps = (pair.real_quick_ratio, pair.quick_ratio, pair.ratio)
    return mine == theirs or all(step() >= ALIKE for step in steps)


def name_another(one, other):
    """Tell whether two documents under one number are two texts: by their regions and titles."""
    pairs = [(compared(getattr(one, name)), compared(getattr(other, name))) for name in TITLES]
    return one.region_id != other.region_id or not all(
        mine == theirs or are_alike(mine, theirs) for mine, theirs in pairs
    )


def cited_by_number(documents, number):
    """Return the documents with a printed number, else those of its year that it may mean.

    MIIT〔2024〕12号 is that of its issuer, 工信联科〔2024〕12号 lacks a character.
    """
    exact = documents.filter(document_number=number)
    if exact.exists():
        return exact
    head, _bracket, ending = number.partition("〔")
    of_year = documents.filter(document_number__endswith=f"〔{ending}")
    near = of_year.prefetch_related("issuer_rows__agency")
    return documents.filter(pk__in=[one.pk for one in near if may_be_headed(one, head)])


def may_be_headed(document, head):
    """Tell whether what stands before the year of a number may mean that of a document.

    It names one of the issuers, or lacks characters of the number as it is printed.
    """
    wanted = name_key(head)
    issuers = [name_key(name) for name in issuer_names(document)]
    letters = iter(name_key(document.document_number.partition("〔")[0]))
    return wanted in issuers or (len(wanted) > 1 and all(letter in letters for letter in wanted))


class KnownTitles:
    """The titles of documents on record, read region by region as they are asked about."""

    def __init__(self, documents):
        self.documents = documents
        self.regions = set()
        # ``(title as it is compared, document)`` by what must be the same.
        self.titles = defaultdict(list)

    def add(self, document):
        """Remember a document that is not on record yet."""
        for name in TITLES:
            title = compared(getattr(document, name))
            self.titles[document.region_id, name, numbers_in(title)].append((title, document))

    def like(self, document):
        """Return the other documents of its region whose title is nearly that of a document."""
        if document.region_id not in self.regions:
            self.regions.add(document.region_id)
            columns = ("slug", "region_id", "document_number", *TITLES)
            for other in self.documents.filter(region=document.region_id).only(*columns):
                self.add(other)
        found = {}
        for name in TITLES:
            mine = compared(getattr(document, name))
            for theirs, other in self.titles[document.region_id, name, numbers_in(mine)]:
                if other.pk != document.pk and other.pk not in found and are_alike(mine, theirs):
                    found[other.pk] = other
        return list(found.values())
