"""Numbers as readers of each language write them: 3000亿元, CNY 300 billion."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models.commitments import Comparator, DatePrecision
from futureind.core.bilingual import CHINESE, ENGLISH, active_language

MONEY = ("cny", "usd")
ENGLISH_SCALES = (
    (Decimal(10) ** 12, "trillion"),
    (Decimal(10) ** 9, "billion"),
    (Decimal(10) ** 6, "million"),
)
# Where the amount goes in the words of a comparator.
MARK = "\0"
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


def number_and_unit(number, value, unit, last=None):
    """Return ``(number, unit)`` of a value, or of a range of two, in the active language.

    Parameters: ``number``, a function that writes a value; ``value`` and ``last``, Decimals;
    ``unit``, a Unit or None. The unit begins with the blank between the two, if there is one.
    """
    written = number(value) if last is None else f"{number(value)}–{number(last)}"
    if unit is None:
        return written, ""
    name = unit.name.plain
    if active_language() == CHINESE:
        touches = not name.isascii() or name.startswith("%")
    else:
        if value == 1 and last is None:
            name = unit.one_en or name
        touches = name == "%" or name.startswith("% ")
    return written, name if touches else f" {name}"


def quantity(value, unit, last=None):
    """Return an amount with its unit as a reader of the active language writes it."""
    return "".join(quantity_parts(value, unit, last))


def quantity_parts(value, unit, last=None):
    """Return ``(number, unit)`` of an amount as a reader of the active language writes them.

    Parameters: ``value``, a Decimal; ``unit``, a Unit (its ``base_unit`` loaded) or None;
    ``last``, the upper end of a range. Money and units that are multiples of a base unit are
    converted for English readers; Chinese ones keep 亿元 as the texts write it. Of money the
    number holds the currency.
    """
    base = unit.base_unit if unit else None
    currency = (base or unit).slug if unit else ""
    if active_language() == CHINESE:
        if unit and unit.slug in ("cny-billion", "usd-billion"):
            value, last, unit = value * unit.factor, last and last * unit.factor, base
        number = chinese_number if unit is None or unit.base_unit_id is None else raw
        parts = number_and_unit(number, value, unit, last)
        return ("".join(parts), "") if currency in MONEY else parts
    if currency in MONEY:
        factor = unit.factor or 1
        amount = english_money(value * factor, currency.upper())
        if last is None:
            return amount, ""
        return f"{amount} – {english_money(last * factor, currency.upper())}", ""
    if base is not None:
        value, last = value * unit.factor, last and last * unit.factor
        return number_and_unit(plain_number, value, base, last)
    return number_and_unit(plain_number, value, unit, last)


def raw(value):
    return plain_number(value, grouped=False)


@dataclass(frozen=True)
class Amount:
    """The number of a target in its parts, to be written one after the other as they are."""

    before: str
    number: str
    unit: str
    after: str

    def __str__(self):
        return f"{self.before}{self.number}{self.unit}{self.after}"


def amount_of(target, word=""):
    """Return the Amount of a target with its comparator in words, None where it has no number.

    ``word`` is the text's own for the comparator, such as 左右: Chinese readers get that one.
    """
    if target.value is None:
        return None
    number, unit = quantity_parts(target.value, target.unit, target.value_max)
    if word and active_language() == CHINESE:
        before, after = ("", word) if word in WORDS_AFTER else (word, "")
    else:
        before, _mark, after = qualified(target.comparator, MARK).partition(MARK)
    return Amount(before, number, unit, after)


def target_amount(target, word=""):
    """Return the number of a target with its comparator and unit in words, "" without one."""
    return str(amount_of(target, word) or "")


def qualified(comparator, amount):
    """Return an amount in words with what its comparator says of it."""
    return {
        Comparator.AT_LEAST: _("at least %(amount)s"),
        Comparator.MORE_THAN: _("over %(amount)s"),
        Comparator.AT_MOST: _("at most %(amount)s"),
        Comparator.LESS_THAN: _("less than %(amount)s"),
        Comparator.ABOUT: _("about %(amount)s"),
    }.get(comparator, "%(amount)s") % {"amount": amount}


def moved(first, last):
    """Return ``(1 for later, -1 for earlier or 0, by how much in words)`` between two dates.

    Parameters: each a date with its DatePrecision. The less precise of the two decides: a year and
    a month are years apart, or not known to be apart.
    """
    (one, one_precision), (other, other_precision) = first, last
    months = (other.year - one.year) * 12 + other.month - one.month
    if DatePrecision.YEAR in (one_precision, other_precision):
        return sign(other.year - one.year), years_and_months(abs(other.year - one.year) * 12)
    if abs(months) < 2 and one_precision == other_precision == DatePrecision.DAY:
        days = (other - one).days
        return sign(days), ngettext("%(n)s day", "%(n)s days", abs(days)) % {"n": abs(days)}
    return sign(months), years_and_months(abs(months))


def sign(number):
    return (number > 0) - (number < 0)


def years_and_months(months):
    years, months = divmod(months, 12)
    parts = []
    if years:
        parts.append(ngettext("%(n)s year", "%(n)s years", years) % {"n": years})
    if months or not years:
        parts.append(ngettext("%(n)s month", "%(n)s months", months) % {"n": months})
    return (" " if active_language() == ENGLISH else "").join(parts)


def moved_in_words(stations):
    """Return how far a date moved in all and, where that went the other way, in the last step."""
    direction, words = moved(stations[0], stations[-1])
    said = {
        1: _("moved later by %(time)s"),
        -1: _("moved earlier by %(time)s"),
        0: _("moved, and back to its first date"),
    }[direction] % {"time": words}
    last, words = moved(stations[-2], stations[-1])
    if last in (0, direction):
        return said
    step = {1: _("at last later by %(time)s"), -1: _("at last earlier by %(time)s")}[last]
    return f"{said}{_('; ')}{step % {'time': words}}"
