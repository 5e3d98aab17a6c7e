"""Marks in a text where it holds the words of a query, never inside a character."""

import re
import unicodedata

from django.utils.html import format_html, format_html_join

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
    """Return ``[(start, end), …]`` of the parts of a text that a query's words match.

    Chinese runs match as they stand, or else by their pairs; other words by their stems.
    """
    compared, places = folded(text)
    found = []
    for run in {run for word in words for run in RUN.findall(normalised(word))}:
        if HAN_RUN.match(run):
            found += han_spans(compared, run)
        else:
            found += [m.span() for m in RUN.finditer(compared) if stem(m[0]) == stem(run)]
    return merged([(places[start], whole_end(text, places[end - 1] + 1)) for start, end in found])


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
