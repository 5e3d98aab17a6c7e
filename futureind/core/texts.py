"""Texts as they are kept: plain characters that every database, spreadsheet and page can hold.

What is pasted from a word processor or a PDF brings characters that nobody sees. Each way in
(forms, proposals, imports, pasted lines, fixtures) cleans its texts here.
"""

import functools
import re

import opencc

# Chinese in simplified characters.
to_simplified = opencc.OpenCC("t2s").convert

LINE_END = re.compile("\r\n|[\r\x85]")
# Line and page breaks within a paragraph, as word processors write them.
SOFT_BREAK = re.compile("[\x0b\x0c]+")
# Control characters, halves of a character, and what is no character at all.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BREAK = re.compile(r"[^\S\n]*\n\s*")


@functools.cache
def traditional():
    # Its dictionaries take as long to load as all else of a command that needs none.
    return opencc.OpenCC("s2t")


def to_traditional(text):
    """Return Chinese in traditional characters."""
    return traditional().convert(text)


def plain_text(text):
    """Return a text without control characters; lines end in ``\\n``, a tab is a space."""
    text = UNSEEN.sub("", LINE_END.sub("\n", text).replace("\t", " "))
    return SOFT_BREAK.sub(join, text)


def one_line(text):
    """Return a text in one line and without control characters."""
    return BREAK.sub(join, plain_text(text).strip())


def join(found):
    """Return what takes the place of a break: a space only between words that are spelt apart."""
    text = found.string
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    apart = before.isascii() and after.isascii() and before.strip() and after.strip()
    return " " if apart else ""
