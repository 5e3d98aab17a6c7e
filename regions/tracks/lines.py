"""Tracks as people type them: one a line, in a forgiving format. Pure text, no database.

A line holds up to six cells: tier, the two names in either order, fields, technologies with
their match, locator. Cells are separated by tabs, else by ``|``, else by ``；``.
"""

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass, replace

from catalog.models.mappings import MATCH_SIGNS, Match
from futureind.core.texts import one_line
from futureind.search.text import HAN_RUN, name_key, normalised
from regions.models.tiers import read_tier

SEPARATORS = (re.compile(r"\t"), re.compile(r"[|｜]"), re.compile(r"[；;]"))
# Between several fields or technologies of one cell.
LIST_SEPARATOR = re.compile(r"[,，、；;|｜\n]")
NUMBERING = re.compile(r"^\s*[(（]?\d{1,3}[.．、)）]\s*(?!\d)")
HEADINGS = ("tier", "role in plan", "role", "规划定位", "层级", "梯队", "类别")
HEADER_WORDS = set(map(name_key, HEADINGS))

MATCH_WORDS = {
    Match.EXACT: ("=", "＝", "exact", "same", "一致", "等同", "相同"),
    Match.BROADER: ("⊃", ">", "＞", "broader", "上位", "更宽", "宽于"),
    Match.NARROWER: ("⊂", "<", "＜", "narrower", "下位", "更窄", "窄于"),
    Match.RELATED: ("~", "～", "≈", "∼", "related", "相关"),
}
SIGN_OF = {word: match for match, words in MATCH_WORDS.items() for word in words}
MARKS = "|".join(sorted(map(re.escape, SIGN_OF), key=len, reverse=True))
WORDS_ONLY = "|".join(re.escape(word) for word in SIGN_OF if len(word) > 1)
# "= name", "related: name", "上位 name"; "name (related)", "name ~".
MARK_BEFORE = re.compile(
    rf"^(?:(?P<sign>[=＝⊃>＞⊂<＜~～≈∼])|(?P<word>{WORDS_ONLY})(?:\s*[:：]|\s))\s*(?P<name>.+)$",
    re.I,
)
MARK_AFTER = re.compile(
    rf"^(?P<name>.+?)\s*(?:[(（\[]\s*(?P<word>{MARKS})\s*[)）\]]|(?P<sign>[=＝⊃>＞⊂<＜~～≈∼]))$",
    re.I,
)


@dataclass(frozen=True)
class TrackLine:
    """The cells of one line, as they were typed; ``rest`` is what stood after the last of them."""

    tier: str = ""
    name_zh: str = ""
    name_en: str = ""
    fields: str = ""
    technologies: str = ""
    locator: str = ""
    rest: str = ""


COLUMNS = ("tier", "name_zh", "name_en", "fields", "technologies", "locator")


def read_lines(text):
    """Return a :class:`TrackLine` for each line of a text that is neither empty nor a heading.

    A line without a tier has that of the line above it.
    """
    lines, tier = [], ""
    for typed in text.splitlines():
        if not typed.strip():
            continue
        line = read_line(typed)
        if name_key(line.tier) in HEADER_WORDS:
            continue
        line = replace(line, tier=line.tier or tier)
        tier = line.tier
        lines.append(line)
    return lines


def read_line(typed):
    """Return the cells of one line; the names are told apart by their script."""
    cells = split(typed)
    cells[0] = NUMBERING.sub("", cells[0])
    if len(cells) > 1 and read_tier(cells[0]) is None and holds_names(cells[0], cells[1]):
        cells.insert(0, "")
    rest = " | ".join(filter(None, cells[len(COLUMNS) :]))
    cells = [*cells, *[""] * len(COLUMNS)][: len(COLUMNS)]
    line = TrackLine(**dict(zip(COLUMNS, cells, strict=True)), rest=rest)
    if not HAN_RUN.search(line.name_zh) and HAN_RUN.search(line.name_en):
        line = replace(line, name_zh=line.name_en, name_en=line.name_zh)
    return line


def split(typed):
    """Split a line at the strongest separator that it holds."""
    for separator in SEPARATORS:
        if separator.search(typed):
            return [one_line(cell) for cell in separator.split(typed)]
    return [one_line(typed)]


def holds_names(first, second):
    """Tell whether two cells are the names of a track, one in each script."""
    return bool(first and second) and bool(HAN_RUN.search(first)) != bool(HAN_RUN.search(second))


def write_line(line):
    """Return a line that :func:`read_line` reads as these cells again."""
    return "\t".join(getattr(line, column) for column in COLUMNS)


class Names:
    """What a vocabulary calls its entries: slugs, names and aliases of both languages."""

    SUGGESTIONS = 3

    def __init__(self, entries):
        """Take ``(slug, names)`` pairs; the first name is the one that is shown."""
        self.shown = {}
        self.slugs = defaultdict(list)
        self.lists = set()
        for slug, names in entries:
            self.shown[slug] = next(filter(None, names), slug)
            self.lists |= {normalised(name) for name in names if LIST_SEPARATOR.search(name)}
            for name in {name_key(name) for name in (slug, *names)} - {""}:
                self.slugs[name].append(slug)
        # A slug is never in doubt, whatever else bears its words as a name.
        self.slugs |= {name_key(slug): [slug] for slug in self.shown}

    def find(self, text):
        """Return the slugs of all entries that bear a name: none, one, or several."""
        return self.slugs.get(name_key(text), [])

    def similar(self, text):
        """Return the shown names of a few entries whose name is near to the text."""
        near = difflib.get_close_matches(
            name_key(text), self.slugs, n=self.SUGGESTIONS, cutoff=0.75
        )
        return list(dict.fromkeys(self.shown[slug] for name in near for slug in self.slugs[name]))

    def written(self, slug):
        """Return the shown name of an entry, or its slug where the name would not be read back."""
        name = self.shown[slug]
        plain = not LIST_SEPARATOR.search(name) and take_mark(name) == (name, None)
        return name if plain and self.find(name) == [slug] else slug


@dataclass(frozen=True)
class Unread:
    """A name that leads to no entry (``candidates`` are near ones) or to several of them."""

    text: str
    candidates: tuple[str, ...] = ()
    ambiguous: bool = False


def read_names(text, names):
    """Return ``(slugs, unread)`` for the list of names in a cell."""
    pairs, unread = read_matches(text, names, marks=False)
    return [slug for slug, _match in pairs], unread


def read_matches(text, names, *, marks=True):
    """Return ``(pairs, unread)`` for a list of names, each with a mark before or after it.

    A pair is ``(slug, match)``; without a mark the match is exact. A name that stands twice counts
    once, with the mark of its first place.
    """
    found, unread = {}, []
    for piece in pieces(text, names):
        name, match = take_mark(piece) if marks else (piece, None)
        if piece[0] not in SIGN_OF and piece[-1] not in SIGN_OF and names.find(piece):
            # A name may itself begin with a word such as "related".
            name, match = piece, None
        slugs = names.find(name)
        if len(slugs) == 1:
            found.setdefault(slugs[0], match or Match.EXACT)
        else:
            shown = tuple(names.shown[slug] for slug in slugs) or tuple(names.similar(name))
            unread.append(Unread(name, shown, ambiguous=bool(slugs)))
    return list(found.items()), unread


def pieces(text, names):
    """Split a cell into names; a name that itself holds a comma is found first."""
    if normalised(take_mark(text.strip())[0]) in names.lists:
        return [text.strip()]
    return [piece for part in LIST_SEPARATOR.split(text) if (piece := part.strip())]


def take_mark(piece):
    """Return ``(name, match)`` of a marked name, ``(piece, None)`` of one without a mark."""
    for pattern in (MARK_BEFORE, MARK_AFTER):
        if found := pattern.match(piece):
            word = (found["sign"] or found["word"]).casefold()
            return found["name"].strip(), SIGN_OF[word]
    return piece, None


def write_names(slugs, names):
    """Return a cell that :func:`read_names` reads as these entries again."""
    return ", ".join(names.written(slug) for slug in slugs)


def write_matches(pairs, names):
    """Return a cell that :func:`read_matches` reads as these pairs again."""
    return ", ".join(f"{MATCH_SIGNS[match]} {names.written(slug)}" for slug, match in pairs)
