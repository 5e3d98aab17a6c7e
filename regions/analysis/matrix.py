"""Regions against fields, products or technologies: who names what, how often, and who was read.

Everything is counted from the sets of tracks that a list's filters leave (``filterset.results``):
a cell holds the number of tracks that the list of tracks shows under the same parameters.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from catalog.facets import members_by_group
from catalog.models import (
    IndustryField,
    RegionGroup,
    SymbolicProduct,
    Technology,
    TechnologyFieldMapping,
)
from futureind.browse.filters import OptionFilter
from futureind.core.name_order import place_of
from futureind.publishing.models.records import PublicationState
from regions.counts import READINGS, Standing, standings
from regions.filters import TrackFilter
from regions.models import Tier
from regions.naming import Namings

# What may stand above the columns, by the name of its facet.
DIMENSIONS = {"fields": "field", "products": "product", "technologies": "technology"}

ROW_SORTS = {
    "region": _("by code of the region"),
    "name": _("by name"),
    "-tracks": _("most tracks first"),
}


def sort_options(filterset):
    """Return the orders of the rows: fixed ones, and one for each thing that a column may be."""
    own = [c.value for name in DIMENSIONS.values() for c in filterset.filters[name].choices]
    return ROW_SORTS | dict.fromkeys(own, "")


class MatrixFilter(TrackFilter):
    """The parameters of the matrix: those of the list of tracks, and what stands where."""

    columns = OptionFilter(
        {"fields": _("fields"), "products": _("products"), "technologies": _("technologies")},
        label=_("Columns"),
    )
    rows = OptionFilter(
        {
            "regions": _("provinces with their cities beneath"),
            "provinces": _("provinces, cities counted in"),
            "groups": _("by group of regions"),
            "list": _("one list"),
        },
        label=_("Rows"),
    )
    children = OptionFilter(
        {"with": _("with those within them"), "without": _("each alone")},
        label=_("Technologies"),
    )
    order = OptionFilter(
        {"own": _("by field"), "-regions": _("most regions first"), "name": _("by name")},
        label=_("Order of columns"),
    )
    sort = OptionFilter(sort_options, label=_("Order of rows"))
    shown = OptionFilter(
        {"named": _("with tracks"), "all": _("all, those without tracks too")},
        label=_("Regions shown"),
    )
    # Whether a region stands alone is for ``rows`` to say, and a technology for ``children``.
    alone = None

    def chosen(self, name):
        """Return the value of an option: the one asked for, else the first."""
        value = self.form.cleaned_data.get(name)
        return value or self.filters[name].field.choices[0][0]

    @property
    def dimension(self):
        """The facet that stands above the columns."""
        return self.filters[DIMENSIONS[self.chosen("columns")]]


@dataclass(frozen=True)
class Cell:
    """How many tracks of a region name a thing, and how many of them are merely explored."""

    tracks: int
    explored: int

    @property
    def is_built(self):
        return self.tracks > self.explored


@dataclass
class Column:
    """A field, product or technology, how many rows name it, and in how many tracks."""

    record: object
    field: IndustryField | None
    tracks: int
    regions: int = 0

    @property
    def slug(self):
        return self.record.slug

    @property
    def name(self):
        return getattr(self.record, "short_name", self.record.name)


@dataclass
class MatrixRow:
    """A region with its cells; a row without a cell says why in ``reading``."""

    standing: Standing
    depth: int
    tracks: int
    cells: dict[str, Cell]

    @property
    def region(self):
        return self.standing.region

    @property
    def reading(self):
        return self.standing.reading

    @property
    def is_read(self):
        """True where an absent thing can be spoken of cell by cell."""
        return self.reading in ("read", "in-part")

    def state_of(self, column):
        """Return the state of one cell: ``named``, ``not-named`` or why nothing can be said."""
        if column.slug in self.cells:
            return "named"
        return "not-named" if self.reading == "read" else self.reading


@dataclass
class Matrix:
    """What the page shows: ``groups`` of rows as ``[(RegionGroup or None, rows), …]``."""

    columns: list[Column]
    unnamed: list[Column]
    groups: list[tuple]
    tracks: int
    # How regions and columns are counted, in words.
    counted: str = ""
    readings: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self):
        """Every region once, in the order shown."""
        return list({row.region.pk: row for row in self.lines}.values())

    @property
    def lines(self):
        """The rows as they stand: a region in several groups stands in each."""
        return [row for _group, rows in self.groups for row in rows]


def crossed(rows, columns, explored):
    """Return ``{row: {column: Cell}}`` for every crossing that holds a track.

    Parameters: ``rows`` and ``columns``, ``{key: set of tracks}``; ``explored``, the set of tracks
    of the exploratory tier.
    """
    cells = {}
    for row, in_row in rows.items():
        explored_in_row = in_row & explored
        found = cells[row] = {}
        for column, in_column in columns.items() if len(in_row) else ():
            number = len(in_row & in_column)
            if number:
                found[column] = Cell(number, len(explored_in_row & in_column))
    return cells


def build_matrix(filterset):
    """Return the Matrix of a valid MatrixFilter."""
    results = filterset.results
    with_cities = filterset.chosen("rows") == "provinces"
    places = shown_places(filterset, standings(with_cities=with_cities), roots_only=with_cities)
    namings = Namings(
        filterset, with_cities=with_cities, alone=filterset.chosen("children") == "without"
    )
    row_sets = {
        slug: namings.of_region[standing.region.pk] for slug, (standing, _depth) in places.items()
    }
    columns, column_sets = shown_columns(namings)
    explored = results.having(filterset.filters["tier"], [Tier.EXPLORATORY])
    cells = crossed(row_sets, column_sets, explored)
    named_by = Counter(column for found in cells.values() for column in found)
    for column in columns:
        column.regions = named_by[column.slug]
    rows = [
        MatrixRow(standing, depth, len(row_sets[slug]), cells[slug])
        for slug, (standing, depth) in places.items()
    ]
    readings = Counter(row.reading for row in rows)
    named = [column for column in columns if column.regions or len(columns) <= FEW_COLUMNS]
    return Matrix(
        sorted_columns(filterset, named),
        [column for column in columns if column not in named],
        grouped(filterset, sorted_rows(filterset, rows)),
        len(results.everything),
        namings.in_words(filterset.dimension.name),
        {reading: readings[reading] for reading in READINGS},
    )


# So many columns are shown even if no region names the thing.
FEW_COLUMNS = 10


def shown_places(filterset, found, *, roots_only):
    """Return ``{slug: (Standing, depth)}`` of the regions that the filters leave, by code.

    Parameters: ``found``, the Standing of every region; ``roots_only``, whether a city stands only
    where its province does not.
    """
    asked = filterset.form.cleaned_data
    wanted = {standing.region.pk for standing in found}
    for name in ("region", "group"):
        if asked.get(name):
            wanted &= set(filterset.filters[name].keys_of(asked[name]))
    places = {}
    for standing in found:
        region = standing.region
        is_beneath = region.parent_id in wanted
        if region.pk in wanted and not (roots_only and is_beneath):
            places[region.slug] = (standing, int(is_beneath))
    return places


def column_records(dimension):
    """Return the public fields, products or technologies, those with their main field first."""
    if dimension == "field":
        return list(IndustryField.objects.public())
    if dimension == "product":
        return list(SymbolicProduct.objects.public())
    fields = TechnologyFieldMapping.objects.filter(
        field__publication_state=PublicationState.PUBLISHED
    ).select_related("field")
    return list(Technology.objects.public().prefetch_related(Prefetch("field_mappings", fields)))


def main_field(record):
    if isinstance(record, IndustryField):
        return record
    if isinstance(record, Technology):
        rows = record.field_mappings.all()
        return rows[0].field if rows else None
    return None


def shown_columns(namings):
    """Return the columns that the filters leave, and ``{slug: set of tracks}``."""
    facet = namings.filterset.dimension
    records = {record.slug: record for record in column_records(facet.name)}
    asked = namings.filterset.form.cleaned_data.get(facet.name)
    wanted = set(facet.keys_of(asked)) if asked else None
    naming = namings.of_things(facet.name)
    sets = {
        choice.value: naming[choice.key]
        for choice in facet.choices
        if choice.value in records and (wanted is None or choice.key in wanted)
    }
    columns = [
        Column(records[slug], main_field(records[slug]), len(found)) for slug, found in sets.items()
    ]
    return columns, sets


def sorted_columns(filterset, columns):
    order = filterset.chosen("order")
    if order == "name":
        return sorted(columns, key=lambda column: place_of(column.name.plain))
    if order == "-regions":
        return sorted(columns, key=lambda column: (-column.regions, -column.tracks))
    if filterset.dimension.name == "technology":
        return sorted(columns, key=lambda c: (c.field is None, c.field and c.field.order))
    return columns


def sorted_rows(filterset, rows):
    """Return the rows as asked for; cities stay with their province where both are shown."""
    sort = filterset.chosen("sort")

    def place(row):
        if sort == "region":
            return (row.region.code,)
        if sort == "name":
            return place_of(row.region.name.plain)
        if sort == "-tracks":
            return (-row.tracks, row.region.code)
        cell = row.cells.get(sort)
        return (-cell.tracks if cell else 0, -row.tracks, row.region.code)

    ordered = sorted(rows, key=place)
    if filterset.chosen("rows") == "list":
        return ordered
    beneath = {}
    for row in ordered:
        if row.depth:
            beneath.setdefault(row.region.parent_id, []).append(row)
    tops = [row for row in ordered if not row.depth]
    return [row for top in tops for row in (top, *beneath.get(top.region.pk, ()))]


def shown_at_once(filterset, rows):
    """Return the rows that a page shows at once: regions with tracks on record, and what was asked.

    A province without tracks stands where one of its cities does.
    """
    asked = filterset.form.cleaned_data
    if filterset.chosen("shown") == "all" or asked.get("region") or asked.get("group"):
        return rows
    parents = {row.region.parent_id for row in rows if row.is_read and row.depth}
    return [row for row in rows if row.is_read or row.region.pk in parents]


def grouped(filterset, rows):
    """Return ``[(RegionGroup or None, rows), …]``; a region may stand in several groups."""
    if filterset.chosen("rows") != "groups":
        return [(None, rows)]
    members = members_by_group()
    groups = [
        (group, [row for row in rows if row.region.pk in members[group.pk]])
        for group in RegionGroup.objects.public()
    ]
    somewhere = set().union(*members.values())
    groups.append((None, [row for row in rows if row.region.pk not in somewhere]))
    return [(group, found) for group, found in groups if found]
