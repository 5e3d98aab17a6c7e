"""Names in the order in which a reader looks for them: Chinese by pinyin, Latin without accents."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from futureind.core.bilingual import active_language, bilingual_text

PIECE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff〇]+|\d+|[^\W\d_\u3400-\u9fff\uf900-\ufaff〇]+")
# As wide as any number in a name: 6G stands before 10G.
DIGITS = 12


@lru_cache(maxsize=50_000)
def place_of(name):
    """Return what a name is sorted by, in either language: signs, case and accents do not count.

    Chinese stands by pinyin and then tone among Latin words, so 我国 stands between V and X.
    """
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(map(spoken, PIECE.findall(letters))), name


def spoken(piece):
    if piece.isdecimal():
        return piece.zfill(DIGITS)
    if piece[0] < "\u3007":
        return piece
    # Its dictionaries take half a second to load, which commands that sort nothing do not need.
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(piece, style=Style.TONE3, neutral_tone_with_five=True))


@dataclass(frozen=True)
class ByName:
    """An order of records: by a bilingual name, in the reader's language.

    ``name`` is the name without a language, such as ``title``.
    """

    name: str = "name"

    @classmethod
    def of(cls, model):
        """Return the order of a model that is by name, None for models with another order."""
        first = next(iter(model._meta.ordering), "")
        is_name = isinstance(first, str) and first.endswith("_en")
        return cls(first.removesuffix("_en")) if is_name else None

    def records(self, records):
        """Return records in this order, as a list."""
        return sorted(records, key=lambda one: (*place_of(getattr(one, self.name).plain), one.pk))

    def rows(self, rows):
        """Return named tuples with both names and ``pk`` in this order, as a list."""
        return sorted(rows, key=lambda row: (*place_of(self.read(row)), row.pk))

    def read(self, row):
        return bilingual_text(getattr(row, self.columns[0]), getattr(row, self.columns[1])).plain

    @property
    def columns(self):
        return f"{self.name}_en", f"{self.name}_zh"

    def keys(self, keys, model, stamp):
        """Return primary keys of a model's records in this order, as a list.

        Parameter: ``stamp``, the state of the content, for which the places of all are found once.
        """
        places = places_at(model, self, active_language(), stamp)
        return sorted(keys, key=lambda key: places.get(key, len(places)))


@lru_cache(maxsize=6)
def places_at(model, order, language, stamp):
    """Return ``{primary key: place}`` of all records of a model in a state of the content."""
    rows = model._base_manager.order_by().values_list("pk", *order.columns, named=True)
    return {row.pk: place for place, row in enumerate(order.rows(rows.iterator()))}
