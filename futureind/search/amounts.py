"""Amounts as they are written, 500 billion or 5000亿, and the number that both mean.

A record is found by the whole number of each amount in its texts, as by a word. So a query finds
an amount in whatever unit and language, and no other one that shares its digits.
"""

import re
from decimal import Decimal

DIGITS = r"\d+(?:\.\d+)?"
# The longest first, so that none is taken for its beginning.
SCALES = {
    **{"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    **{"mn": 10**6, "bn": 10**9, "tn": 10**12},
    **{"万亿": 10**12, "亿": 10**8, "万": 10**4},
}
TENS = {"十": 10, "百": 100, "千": 1000}
UNITS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2}
SCALE = r"(?:(?:thousand|million|billion|trillion)s?|mn|bn|tn)(?![a-z])|[十百千]?(?:万亿|亿|万)"
# What a number with a scale counts, where it is money.
CURRENCY = r"(?:\s*(?:yuan|rmb|cny|renminbi)(?![a-z])|元|人民币)"
# 5000亿, 500 billion, 50–60 billion, 三千亿; 数千亿 is no number.
AMOUNT = re.compile(
    rf"(?:(?<![\d.a-z十百千万])|(?<=cny)|(?<=rmb)|(?<=yuan))(?P<first>{DIGITS})(?:\s*(?:[-–—~～至到]|to)\s*(?P<last>{DIGITS}))?"
    # 1万5千亿 is one number, and none that is read here.
    rf"[\s-]*(?P<scale>{SCALE})(?!\d+[十百千万亿])"
    # The longest in use has nine signs. Without the bound and the look behind a text of nothing but
    # numerals would be tried from each of them to its end.
    r"|(?<![\d几数上万一二两三四五六七八九十百千])"
    r"(?P<spoken>[一二两三四五六七八九十百千]{1,9}+)(?P<above>万亿|亿)"
)
# 万亿级, of the order of a trillion: a record is found so, while a query for 万亿 stays open.
BARE = re.compile(r"(?<![\d几数上一二两三四五六七八九十百千万.\s])万亿")
QUOTED = r'"[^"]*"|“[^”]*”|「[^」]*」'
ASKED = re.compile(
    rf"(?P<quoted>{QUOTED})"
    rf"|(?:(?<![a-z])(?:cny|rmb|yuan)\s*|[¥￥]|人民币)?(?P<amount>{AMOUNT.pattern}){CURRENCY}*",
    re.IGNORECASE,
)
COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def numbers_of(found):
    """Return the whole numbers that a match of AMOUNT means, as digits; a range means two."""
    if found["spoken"]:
        return [str(read_spoken(found["spoken"]) * SCALES[found["above"]])]
    scale = found["scale"].lower()
    times = TENS.get(scale[0], 1) * SCALES[scale.lstrip("十百千").removesuffix("s")]
    values = [Decimal(number) * times for number in (found["first"], found["last"]) if number]
    return [f"{value:.0f}" for value in values if value == value.to_integral_value()]


def read_spoken(text):
    """Return the number that Chinese numerals below ten thousand mean: 三千五百 is 3500."""
    total, digit = 0, 0
    for sign in text:
        if sign in TENS:
            total += (digit or 1) * TENS[sign]
            digit = 0
        else:
            digit = UNITS[sign]
    return total + digit


def amounts_in(text):
    """Return ``[((start, end), its numbers), …]`` of the amounts in a text in normalised form."""
    found = [(amount.span(), numbers_of(amount)) for amount in AMOUNT.finditer(text)]
    return [*found, *((bare.span(), [str(SCALES["万亿"])]) for bare in BARE.finditer(text))]


def with_whole_numbers(text):
    """Return a query in normalised form with its amounts as whole numbers.

    5000亿元 becomes 500000000000. What stands in quotes is looked for as it stands.
    """
    text = COMMA.sub("", text)

    def written_out(found):
        numbers = [] if found["quoted"] else numbers_of(found)
        if not numbers:
            return found[0]
        # A minus before it stays at it.
        apart = " " if text[: found.start()][-1:].isalnum() else ""
        return f"{apart}{' '.join(numbers)} "

    return ASKED.sub(written_out, text)


def words_with_amounts(text):
    """Return the words of a query as typed; an amount is one word."""
    pieces, last, text = [], 0, COMMA.sub("", text)
    for found in ASKED.finditer(text):
        pieces += [*text[last : found.start()].split(), found[0].strip()]
        last = found.end()
    return [*pieces, *text[last:].split()]
