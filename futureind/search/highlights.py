"""Marks in a text where it holds the words of a query, never inside a character."""

import re
import unicodedata

from django.utils.html import format_html, format_html_join

from futureind.search.amounts import amounts_in
from futureind.search.text import HAN_RUN, RUN, normalised, stem

SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+|\n")


def folded(text):
    """Return a text as it is compared, and for each of its characters the place in the original."""
    letters, places = [], []
    for place, character in enumerate(text):
        for letter in normalised(character):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def spans(text, words):
    """Return ``[(start, end), …]`` of the parts of a text that words or names match.

    Chinese runs match as they stand, or else by their pairs; other words by their stems, those of
    one name side by side, whole numbers also by amounts in any unit.
    """
    compared, places = folded(text)
    found, pieces = [], list(RUN.finditer(compared))
    found += [span for span, numbers in amounts_in(compared) if not set(words).isdisjoint(numbers)]
    for word in set(words):
        runs = RUN.findall(normalised(word))
        found += [span for run in runs if HAN_RUN.match(run) for span in han_spans(compared, run)]
        found += name_spans(pieces, [stem(run) for run in runs if not HAN_RUN.match(run)])
    return merged([(places[start], whole_end(text, places[end - 1] + 1)) for start, end in found])


def name_spans(pieces, stems):
    """Return where the stems stand side by side among the pieces, matches of a text's words."""
    if not stems:
        return []
    size, standing = len(stems), [stem(piece[0]) for piece in pieces]
    return [
        (pieces[place].start(), pieces[place + size - 1].end())
        for place in range(len(pieces) - size + 1)
        if standing[place : place + size] == stems
    ]


def han_spans(compared, run):
    pieces = [run] if run in compared else [run[i : i + 2] for i in range(len(run) - 1)]
    return [
        (match.start(), match.end())
        for piece in pieces
        for match in re.finditer(re.escape(piece), compared)
    ]


def whole_end(text, end):
    """Return an end moved past marks that belong to the character before it."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def merged(found):
    """Return spans in order, those that touch or overlap as one."""
    joined = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def highlight(text, words):
    """Return a text as HTML with ``<mark>`` around what the words match; the text is escaped."""
    pieces, last = [], 0
    for start, end in spans(text, words):
        pieces += [(format_html("{}", text[last:start]),), (mark(text[start:end]),)]
        last = end
    pieces.append((format_html("{}", text[last:]),))
    return format_html_join("", "{}", pieces)


def mark(text):
    return format_html("<mark>{}</mark>", text)


def excerpt(texts, words):
    """Return the first whole sentence of the texts that holds one of the words, or ""."""
    for text in texts:
        for sentence in SENTENCE_END.split(text or ""):
            if spans(sentence, words):
                return sentence.strip()
    return ""
