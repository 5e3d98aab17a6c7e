"""How a comparison stands on its page: its parts, and what is shown of each at once."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import IndustryField
from catalog.models.mappings import Match
from futureind.browse.kept_records import public_records
from regions.analysis.sides import relations_among

# What only some name, units, targets of a side in one unit: so many, the rest behind a fold.
ROWS_SHOWN, UNITS_SHOWN, IN_UNIT_SHOWN = 6, 2, 2
# Of what some of three or four sides share.
ROWS_OF_SOME = 3
# Texts of a side that hold today.
TEXTS_SHOWN = 3


@dataclass(frozen=True)
class Part:
    """Concepts that the same sides name: the rows shown at once, and those behind a fold."""

    anchor: str
    label: str
    shown: list
    folded: list
    # Whether all sides name them, or one alone.
    is_end: bool

    @property
    def number(self):
        return len(self.shown) + len(self.folded)


def page_of(comparison):
    """Return what the page needs beside the Comparison itself."""
    sides = comparison.sides
    parts = {
        kind: [part_of(group, sides, kind) for group in groups]
        for kind, groups in comparison.groups.items()
    }
    units = by_unit(sides)
    return {
        "contents": contents_of(sides, parts["technology"]),
        "parts": parts["technology"],
        "product_parts": parts["product"],
        "product_count": sum(part.number for part in parts["product"]),
        "fields": field_rows(comparison),
        "most_in_field": max((n for side in sides for n in side.profile.values()), default=0),
        "example": example_of(comparison),
        "units": units[:UNITS_SHOWN],
        "other_units": units[UNITS_SHOWN:],
        "texts": [texts_of(side) for side in sides],
        "relations": relations_among(
            [document.pk for side in sides for document in side.documents]
        ),
    }


def part_of(group, sides, kind):
    if group.is_all:
        label = _("Named by both") if len(sides) == 2 else _("Named by all")
        anchor, number = f"{kind}-all", None
    else:
        names = _(", ").join(side.label for side in group.sides)
        label = _("%(name)s alone") % {"name": names} if group.only else names
        anchor = "-".join([kind, *(str(sides.index(side) + 1) for side in group.sides)])
        number = ROWS_SHOWN if group.only else ROWS_OF_SOME
    cut = number if number and len(group.concepts) > number + 1 else len(group.concepts)
    is_end = group.is_all or bool(group.only)
    return Part(anchor, label, group.concepts[:cut], group.concepts[cut:], is_end)


def contents_of(sides, parts):
    """Return the contents line, ``(address, label, count or None)`` of each part of the page."""
    targets = sum(side.target_count for side in sides)
    texts = sum(side.document_count for side in sides)
    return [
        ("#in-short", _("In short"), None),
        ("#fields", _("Six fields"), None),
        *(
            (f"#{part.anchor}", part.label, part.number)
            for part in parts
            if part.is_end or len(sides) == 2
        ),
        *([("#targets", _("Targets"), targets)] if targets else []),
        *([("#dates", _("Plans and other texts"), texts)] if texts else []),
    ]


def field_rows(comparison):
    """Return ``(field or None, [(technologies, Wordings or None) of each side])``."""
    named = {concept.record.pk: concept.wordings for concept in comparison.fields}
    sides, rows = comparison.sides, []
    for pk, field in public_records(IndustryField).items():
        wordings = named.get(pk) or [None] * len(sides)
        numbers = [side.profile[pk] for side in sides]
        rows.append((field, list(zip(numbers, wordings, strict=True))))
    outside = [side.profile[None] for side in sides]
    if any(outside):
        rows.append((None, [(number, None) for number in outside]))
    return rows


def example_of(comparison):
    """Return a side, a thing and its words by which the signs can be explained, else None."""
    for group in comparison.groups["technology"]:
        for concept in group.concepts:
            for side, wordings in zip(comparison.sides, concept.wordings, strict=True):
                if wordings.words and wordings.words.match == Match.NARROWER:
                    return side.label, concept.record.name.plain, wordings.words.name.plain
    return None


def by_unit(sides):
    """Return ``[(base unit or None, [(targets shown, all) of each side]), …]``; those without a
    unit come last.

    Targets stand together where they are counted in the same unit, and in no order of amount:
    what is measured and how it is qualified differs from text to text.
    """
    groups = {}
    for place, side in enumerate(sides):
        for target in side.targets:
            has_unit = target.value is not None and target.unit
            unit = (target.unit.base_unit or target.unit) if has_unit else None
            key = unit.slug if unit else ""
            _unit, cells = groups.setdefault(key, (unit, [[] for _side in sides]))
            cells[place].append(target)

    def rank(group):
        unit, cells = group
        return (unit is None, -sum(map(bool, cells)), -sum(map(len, cells)), unit and unit.slug)

    return [
        (unit, [(targets[:IN_UNIT_SHOWN], targets[IN_UNIT_SHOWN:]) for targets in cells])
        for unit, cells in sorted(groups.values(), key=rank)
    ]


def texts_of(side):
    """Return ``(side, texts shown, texts behind a fold, those of them that have ended)``."""
    hold = side.documents_that_hold
    return side, hold[:TEXTS_SHOWN], [*hold[TEXTS_SHOWN:], *side.documents_ended]
