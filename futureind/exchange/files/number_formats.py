"""What the format of a spreadsheet's cell makes of its number: percent, thousands, shifted points.

A cell that shows 10% holds 0.1, one that shows 12.3 may hold 12345.
"""

import re

TOKEN = re.compile(r'"[^"]*"?|\\.|!.|_.|\*.|\[[^\]]*\]?|.', re.DOTALL)
PLACE = re.compile(r"[0#?]")
# Commas behind the last digit, each of which leaves out three.
THOUSANDS = re.compile(r"[0#?],+(?![0#?,])")
# A literal point with digits behind it, or literal digits.
POINT, DIGITS = "P", "D"
SHIFTED = re.compile(r"[0#?].*P.*[0#?]")
# Literals that make another number, or none that is exact, of what stands beside them.
SIGNS = re.compile("[‰<>≤≥≈~～±]")
TELLING = re.compile(r".*[‰<>≤≥≈~～+±].*|[十百千]?[万亿]|万亿|[百千]", re.DOTALL)
AS_STORED, PERCENT, UNCLEAR = "as stored", "percent", "unclear"


def reading_of(number_format, value):
    """Return how a cell shows its number: AS_STORED, PERCENT (times 100), or UNCLEAR."""
    sections = sections_of(number_format or "")[:3]
    if any(condition for _pattern, condition in sections):
        readings = {reading(pattern) for pattern, _c in sections if PLACE.search(pattern)}
        return readings.pop() if len(readings) == 1 else UNCLEAR if readings else AS_STORED
    chosen = 2 if value == 0 else 1 if value < 0 else 0
    return reading(sections[chosen if chosen < len(sections) else 0][0])


def sections_of(number_format):
    """Return ``(pattern, has a condition)`` of each section; literals become a space or a sign."""
    sections, pattern, condition = [], "", False
    for piece in TOKEN.findall(number_format):
        if piece == ";":
            sections.append((pattern, condition))
            pattern, condition = "", False
        elif piece[0] == "[":
            condition = condition or piece[1:2] in ("<", ">", "=")
        elif piece[0] in '"\\!':
            pattern += literal(piece.strip('"') if piece[0] == '"' else piece[1:])
        else:
            pattern += piece if len(piece) == 1 else " "
    return [*sections, (pattern, condition)]


def literal(text):
    text = text.strip()
    if TELLING.fullmatch(text):
        return DIGITS
    if not re.fullmatch(r"[\d.,\s]*[\d.][\d.,\s]*", text):
        return " "
    return DIGITS if re.search(r"\d", text) else POINT


def reading(pattern):
    """Return how one section of a format shows a number."""
    if not PLACE.search(pattern):
        return PERCENT if pattern.strip() == "General%" else AS_STORED
    percents = pattern.count("%")
    if (
        SIGNS.search(pattern)
        or THOUSANDS.search(pattern)
        or SHIFTED.search(pattern)
        or DIGITS in pattern
        or percents > 1
    ):
        return UNCLEAR
    return PERCENT if percents else AS_STORED


def words_of(number_format):
    """Return the words that a format writes at its numbers, such as 亿元."""
    literals = re.findall(r'"([^"]*)"|[\\!](.)', number_format or "")
    words = "".join("".join(pair) for pair in literals if any(map(str.isalpha, "".join(pair))))
    return words.strip()
