"""Numbers as readers of each language write them: 3000亿元, CNY 300 billion."""

from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models.commitments import Comparator
from futureind.core.bilingual import CHINESE, active_language

MONEY = ("cny", "usd")
ENGLISH_SCALES = (
    (Decimal(10) ** 12, "trillion"),
    (Decimal(10) ** 9, "billion"),
    (Decimal(10) ** 6, "million"),
)
# The words that follow the number they qualify; the others stand before it.
WORDS_AFTER = ("左右", "以上")
WAN, YI = Decimal(10) ** 4, Decimal(10) ** 8


def plain_number(value, *, grouped=True):
    """Return a decimal without trailing zeros, in groups of three unless ``grouped`` is False."""
    text = f"{value.normalize():,f}" if grouped else f"{value.normalize():f}"
    return text


def chinese_number(value):
    """Return a number as Chinese texts write it: 350万, 1.5亿, and small ones in plain digits."""
    for scale, sign in ((YI, "亿"), (WAN, "万")):
        if abs(value) >= scale and value % (scale / 100) == 0:
            return plain_number(value / scale, grouped=False) + sign
    return plain_number(value, grouped=False)


def english_money(value, currency):
    for scale, word in ENGLISH_SCALES:
        if abs(value) >= scale:
            return f"{currency} {plain_number(value / scale)} {word}"
    return f"{currency} {plain_number(value)}"


def number_with_unit(number, value, unit, last=None):
    """Return a number, or a range of two, with its unit in the active language.

    Parameters: ``number``, a function that writes a value; ``value`` and ``last``, Decimals;
    ``unit``, a Unit or None.
    """
    written = number(value) if last is None else f"{number(value)}–{number(last)}"
    if unit is None:
        return written
    name = unit.name.plain
    if active_language() == CHINESE or name == "%" or name.startswith("% "):
        return (
            f"{written}{name}"
            if not name.isascii() or name.startswith("%")
            else f"{written} {name}"
        )
    return f"{written} {name}"


def quantity(value, unit, last=None):
    """Return an amount with its unit as a reader of the active language writes it.

    Parameters: ``value``, a Decimal; ``unit``, a Unit (its ``base_unit`` loaded) or None;
    ``last``, the upper end of a range. Money and units that are multiples of a base unit are
    converted for English readers; Chinese ones keep 亿元 as the texts write it.
    """
    base = unit.base_unit if unit else None
    currency = (base or unit).slug if unit else ""
    if active_language() == CHINESE:
        if unit and unit.slug in ("cny-billion", "usd-billion"):
            value, last, unit = value * unit.factor, last and last * unit.factor, base
        number = chinese_number if unit is None or unit.base_unit_id is None else raw
        return number_with_unit(number, value, unit, last)
    if currency in MONEY:
        factor = unit.factor or 1
        amount = english_money(value * factor, currency.upper())
        if last is None:
            return amount
        return f"{amount} – {english_money(last * factor, currency.upper())}"
    if base is not None:
        return number_with_unit(
            plain_number, value * unit.factor, base, last and last * unit.factor
        )
    return number_with_unit(plain_number, value, unit, last)


def raw(value):
    return plain_number(value, grouped=False)


def target_amount(target, word=""):
    """Return the number of a target with its comparator and unit in words, "" where it has none.

    ``word`` is the text's own for the comparator, such as 左右: Chinese readers get that one.
    """
    if target.value is None:
        return ""
    amount = quantity(target.value, target.unit, target.value_max)
    if word and active_language() == CHINESE:
        return f"{amount}{word}" if word in WORDS_AFTER else f"{word}{amount}"
    return qualified(target.comparator, amount)


def qualified(comparator, amount):
    """Return an amount in words with what its comparator says of it."""
    return {
        Comparator.AT_LEAST: _("at least %(amount)s"),
        Comparator.MORE_THAN: _("over %(amount)s"),
        Comparator.AT_MOST: _("at most %(amount)s"),
        Comparator.LESS_THAN: _("less than %(amount)s"),
        Comparator.ABOUT: _("about %(amount)s"),
    }.get(comparator, "%(amount)s") % {"amount": amount}
