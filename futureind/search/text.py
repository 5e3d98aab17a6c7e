"""How a query text is read and matched against columns."""

import re
import unicodedata

from django.db.models import Q

BRACKETS = str.maketrans({"[": "〔", "]": "〕", "(": "〔", ")": "〕", "【": "〔", "】": "〕"})
# A document number: words, a year in any brackets or none, a running number, 号.
NUMBER = re.compile(r"^(\w+?)\s*〔?\s*((?:19|20)\d\d)\s*〕?\s*(?:第)?\s*(\d+)\s*号?$")


def words_of(text):
    """Return the words of a query: full-width forms folded, split at white space."""
    return unicodedata.normalize("NFKC", text).split()


def document_number(text):
    """Return the query as a document number in its printed form, or None where it is none.

    Any kind of brackets or none will do: ``苏政发[2023]104号`` and ``苏政发2023 104`` both give
    ``苏政发〔2023〕104号``.
    """
    folded = unicodedata.normalize("NFKC", text).translate(BRACKETS).strip()
    found = NUMBER.match(folded)
    return f"{found[1]}〔{found[2]}〕{found[3]}号" if found else None


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
