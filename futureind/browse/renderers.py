"""A list in other forms than a page: CSV and JSON, with the same parameters and results."""

import csv
import itertools

from django.conf import settings
from django.http import JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from futureind.browse.columns import safe_cell
from futureind.browse.results import in_order

# Rows fetched at a time while a file is sent.
CHUNK = 500


class Echo:
    """A file that hands back what is written to it, for the csv module."""

    def write(self, text):
        return text


def chunks(rows, pks):
    """Yield the records of a queryset in the order of primary keys, read by chunks."""
    for start in range(0, len(pks), CHUNK):
        yield from in_order(rows, pks[start : start + CHUNK])


def csv_response(pks, columns, rows, name):
    """Return records as a CSV download, sent while it is made.

    Parameters: ``pks``, their primary keys in order; ``columns``, a list of Column; ``rows``, a
    queryset with all that the columns read; ``name`` of the file without ending. The file begins
    with a byte-order mark, without which spreadsheets garble Chinese.
    """
    writer = csv.writer(Echo())
    head = [writer.writerow([column.name for column in columns])]
    body = (
        writer.writerow([column.as_cell(record) for column in columns])
        for record in chunks(rows, pks)
    )
    response = StreamingHttpResponse(
        itertools.chain(["\ufeff"], head, body), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def table_csv_response(names, rows, name):
    """Return computed rows as a CSV download.

    Parameters: ``names`` of the columns; ``rows``, a list of dictionaries with these keys;
    ``name`` of the file without ending.
    """
    writer = csv.writer(Echo())
    lines = [names, *([cell(row[name]) for name in names] for row in rows)]
    response = StreamingHttpResponse(
        itertools.chain(["\ufeff"], (writer.writerow(line) for line in lines)),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def cell(value):
    """Return a text, number, date or None as it stands in a cell of a CSV."""
    if value is None:
        return ""
    return safe_cell(value) if isinstance(value, str) else value


def json_response(page, count, columns, next_url):
    """Return one page of records as ``{"count", "next", "results"}``.

    Parameters: ``page``, the records; ``count`` of all results; ``next_url``, the address of the
    next page or None.
    """
    results = [
        {column.name: column.as_json(record) for column in columns}
        | {"url": settings.SITE_URL + record.get_absolute_url()}
        for record in page
    ]
    body = {"count": count, "next": next_url, "results": results}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


PROBLEMS = {
    400: _("These filters cannot be used"),
    404: _("No such page"),
    410: _("This was withdrawn"),
}


def problem_response(status, errors):
    """Return what is wrong with a request as problem details (RFC 9457).

    Parameter: ``errors``, ``{parameter: [sentence, …]}``.
    """
    body = {
        "type": "about:blank",
        "title": str(PROBLEMS[status]),
        "status": status,
        "errors": errors,
    }
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
