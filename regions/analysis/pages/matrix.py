"""The matrix as a page, a table and data."""

from dataclasses import dataclass

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.facets import Alone
from catalog.models.mappings import Match
from futureind.browse.addresses import ALL, list_address, replaced
from futureind.browse.answers import Html
from futureind.browse.choosing.applied import chips_of, ways_out
from futureind.browse.filters import OptionFilter
from futureind.browse.views import BrowseView
from futureind.core.output_forms import Table
from regions.analysis.findings.named import of_matrix
from regions.analysis.matrix import Column, MatrixFilter, build_matrix, shown_at_once
from regions.analysis.pages.scope import match_links, matches_in_words, matches_of, plan_links
from regions.counts import absence_in_words, last_checked_on, numbers_read
from regions.filters import TrackFilter
from regions.models import Track

# Upper ends of the first four steps of a cell's shade; above them the fifth.
SHADE_STEPS = (2, 4, 7, 10)
# Stand in an address where each row and column puts its slug; no slug has such letters.
ROW, COLUMN = "ROW", "COLUMN"


class MatrixView(BrowseView):
    model = Track
    filterset_class = MatrixFilter
    template_name = "regions/matrix.html"
    list_name = "matrix"
    has_in_force = True

    def title(self):
        return _("Who names what")

    def parameters(self):
        return [name for name in super().parameters() if name not in ("page", ALL)]

    @cached_property
    def matrix(self):
        return build_matrix(self.filterset)

    def html(self):
        context = {
            "filterset": self.filterset,
            "chips": chips_of(self),
            # One of the switches above the table.
            "switch": None,
            "clear_url": self.request.path,
            "filters_active": bool(self.lasting_query()),
            "count_text": "",
            "kept": [],
        }
        if not self.errors:
            context |= self.matrix_context()
        return Html(self.template_name, context)

    def matrix_context(self):
        """Return what the page needs of the matrix."""
        filterset, matrix, addresses = self.filterset, self.matrix, TrackAddresses(self.filterset)
        groups = [(group, shown_at_once(filterset, rows)) for group, rows in matrix.groups]
        lines = [row for _group, rows in groups for row in rows]
        shown = {row.region.pk for row in lines}
        columns, *others = switches(self)
        return {
            "matrix": matrix,
            "finding": of_matrix(matrix, filterset),
            "lines": lines,
            "without": len(matrix.rows) - len(shown),
            "all_address": self.address(shown="all"),
            "shows_all": filterset.chosen("shown") == "all",
            "fewer_address": self.address(shown=None),
            "readings": numbers_read(row.standing for row in matrix.rows),
            "head": column_heads(self, addresses),
            "body": [
                (group, rows_as_html(rows, matrix.columns, addresses))
                for group, rows in groups
                if rows
            ],
            "addresses": addresses,
            "columns": columns,
            "switches": others,
            "kept": kept_options(filterset),
            **self.ways_out(matrix),
            "matches": matches_in_words(filterset),
            "counts_related": Match.RELATED in matches_of(filterset),
            "in_force_on": filterset.form.cleaned_data.get("in_force_on"),
            "left_out": self.left_out(),
            "last_checked_on": last_checked_on(),
            "count_text": count_text(matrix),
        }

    def ways_out(self, matrix):
        """Return what the page says where the matrix is empty: numbers of tracks."""
        if matrix.columns and matrix.rows:
            return {"ways_out": [], "count_of_all": None}
        return {"ways_out": ways_out(self), "count_of_all": self.count_under(QueryDict())}

    def table(self):
        return Table(self.list_name, table_names(self.matrix), table_rows(self.matrix))

    def data(self):
        return matrix_data(self.matrix, self.filterset)


class TrackAddresses:
    """Addresses of the list of tracks under the filters of a matrix."""

    def __init__(self, filterset):
        asked = filterset.data.copy()
        asked.pop("sort", None)
        column = filterset.dimension.name
        row_alone = filterset.chosen("rows") != "provinces"
        column_alone = column == "technology" and filterset.chosen("children") == "without"
        self.all = self.address(asked)
        self.of_row = self.address(replaced(asked, region=ROW), row_alone, False)
        self.of_column = self.address(replaced(asked, **{column: COLUMN}), False, column_alone)
        both = replaced(asked, region=ROW, **{column: COLUMN})
        self.of_cell = self.address(both, row_alone, column_alone)

    def address(self, asked, row_alone=False, column_alone=False):
        asked.setlist(
            "alone",
            [Alone.REGION.value] * row_alone + [Alone.TECHNOLOGY.value] * column_alone,
        )
        return list_address("track-list", TrackFilter, asked)

    def row(self, slug):
        return self.of_row.replace(ROW, slug)

    def column(self, slug):
        return self.of_column.replace(COLUMN, slug)

    def cell(self, row, column):
        return self.of_cell.replace(ROW, row).replace(COLUMN, column)


def kept_options(filterset):
    """Return ``(name, value)`` of the options that are set, for the form of the filters to keep."""
    return [
        (name, value)
        for name, value in filterset.form.cleaned_data.items()
        if value and name != ALL and isinstance(filterset.filters[name], OptionFilter)
    ]


def switches(view):
    """Return ``(label, [(label, address, is current), …])`` for each way to show the matrix."""
    filterset, found = view.filterset, []
    for name in ("columns", "children", "rows", "order", "sort", "shown"):
        choices = filterset.filters[name].field.choices
        if name == "children" and filterset.dimension.name != "technology":
            continue
        first, current = choices[0][0], filterset.chosen(name)
        links = []
        for value, label in choices:
            if not label:
                continue
            change = {name: None if value == first else value}
            if name == "columns":
                # What the rows were sorted by need not be a column any more.
                change["sort"] = None
            links.append((label, view.address(**change), value == current))
        found.append((filterset.filters[name].label, links))
    found.insert(1, (_("Plans"), plan_links(filterset, view.address)))
    found.insert(2, (_("Match"), match_links(filterset, view.address)))
    return found


@dataclass(frozen=True)
class Head:
    """A column in the head of the table, with the addresses that it leads to."""

    column: Column
    sort_address: str
    is_sorted: bool
    tracks_address: str


def column_heads(view, addresses):
    """Return ``[(field or None, its Heads), …]``; under fields only where columns are sorted so."""
    filterset = view.filterset
    sort = filterset.chosen("sort")
    by_field = filterset.dimension.name == "technology" and filterset.chosen("order") == "own"
    heads = []
    for column in view.matrix.columns:
        field = column.field if by_field else None
        if not heads or heads[-1][0] != field:
            heads.append((field, []))
        is_sorted = sort == column.slug
        to = view.address(sort=None if is_sorted else column.slug)
        heads[-1][1].append(Head(column, to, is_sorted, addresses.column(column.slug)))
    return heads


def count_text(matrix):
    number, named = len(matrix.rows), sum(1 for row in matrix.rows if row.tracks)
    regions = ngettext(
        "%(n)s region, %(named)s with tracks", "%(n)s regions, %(named)s with tracks", number
    ) % {"n": number, "named": named}
    tracks = ngettext("%(n)s track", "%(n)s tracks", matrix.tracks) % {"n": matrix.tracks}
    return f"{regions} · {tracks}"


# Rows as HTML. Not a template: a matrix may hold thousands of cells.


def rows_as_html(rows, columns, addresses):
    """Return ``(MatrixRow, address of its tracks, HTML of its cells)`` for each row."""
    words = {
        (False, True): ("●", ""),
        (True, False): ("○", escape(_("merely explored"))),
        (True, True): ("●○", escape(_("some merely explored"))),
    }
    cells = escape(addresses.of_cell)
    return [
        (row, addresses.row(row.region.slug), cells_as_html(row, columns, cells, words))
        for row in rows
    ]


def cells_as_html(row, columns, address_of, words):
    sign, absent = absence_in_words(row.reading, row.standing.check)
    empty = f"{sign}<i>{escape(absent)}</i>"
    if not row.is_read:
        # One cell over all columns: the same holds for each of them.
        return mark_safe(  # noqa: S308
            f'<td class="state {row.reading}" colspan="{len(columns)}">{empty}</td>'
        )
    address_of = address_of.replace(ROW, row.region.slug)
    empty = f'<td class="{row.reading}">{empty}</td>'
    found = []
    for column in columns:
        cell = row.cells.get(column.slug)
        if cell is None:
            found.append(empty)
            continue
        shade = 1 + sum(cell.tracks > step for step in SHADE_STEPS)
        sign, word = words[cell.explored > 0, cell.is_built]
        word = f'<span class="away"> {word}</span>' if word else ""
        # A slug holds letters, digits and hyphens; the rest is escaped above.
        found.append(
            f'<td class="shade-{shade}"><a href="{address_of.replace(COLUMN, column.slug)}">'
            f'{cell.tracks}<b aria-hidden="true">{sign}</b>{word}</a></td>'
        )
    return mark_safe("".join(found))  # noqa: S308


# The same as data


def table_names(matrix):
    own = ["slug", "name_en", "name_zh", "reading", "checked_on", "tracks"]
    return own + [column.slug for column in matrix.columns]


def table_rows(matrix):
    """Return the rows: a number where a region names a thing, else the state of the cell."""
    return [
        {
            "slug": row.region.slug,
            "name_en": row.region.name_en,
            "name_zh": row.region.name_zh,
            "reading": row.reading,
            "checked_on": row.standing.check.checked_on if row.standing.check else None,
            "tracks": row.tracks,
            **{
                column.slug: row.cells[column.slug].tracks
                if column.slug in row.cells
                else row.state_of(column)
                for column in matrix.columns
            },
        }
        for row in matrix.rows
    ]


def matrix_data(matrix, filterset):
    """Return the matrix as data: every cell with its state, numbers and the address behind it."""
    addresses = TrackAddresses(filterset)
    rows = [row_data(row, matrix.columns, addresses) for row in matrix.rows]
    return {
        "count": len(rows),
        "next": None,
        "columns_are": filterset.chosen("columns"),
        "rows_are": filterset.chosen("rows"),
        "children": filterset.chosen("children"),
        "match": list(matches_of(filterset)),
        "base": matrix.readings,
        "tracks": matrix.tracks,
        "columns": [
            {
                "slug": column.slug,
                "name_en": column.record.name_en,
                "name_zh": column.record.name_zh,
                "regions": column.regions,
                "tracks": column.tracks,
            }
            for column in matrix.columns
        ],
        "results": rows,
    }


def row_data(row, columns, addresses):
    check = row.standing.check
    cells = {}
    for column in columns:
        cell = row.cells.get(column.slug)
        cells[column.slug] = {"state": row.state_of(column)} | (
            {
                "tracks": cell.tracks,
                "explored": cell.explored,
                "url": settings.SITE_URL + addresses.cell(row.region.slug, column.slug),
            }
            if cell
            else {}
        )
    return {
        "slug": row.region.slug,
        "name_en": row.region.name_en,
        "name_zh": row.region.name_zh,
        "url": settings.SITE_URL + row.region.get_absolute_url(),
        "reading": row.reading,
        "checked_on": check.checked_on.isoformat() if check else None,
        "tracks": row.tracks,
        "cells": cells,
    }
