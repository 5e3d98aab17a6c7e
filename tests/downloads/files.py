"""What downloaded files hold, read by other people's programmes."""

import csv
import io
import json

import openpyxl


def body_of(response):
    assert response.status_code == 200, response.content if not response.streaming else response
    return b"".join(response.streaming_content) if response.streaming else response.content


def csv_rows(response):
    """Return the rows of a CSV as dictionaries of texts."""
    return list(csv.DictReader(io.StringIO(body_of(response).decode("utf-8-sig"), newline="")))


def workbook_of(response):
    return openpyxl.load_workbook(io.BytesIO(body_of(response)))


def workbook_rows(response):
    """Return the rows of a workbook's first sheet as dictionaries of typed values."""
    names, *rows = workbook_of(response).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def json_rows(client, address):
    """Return the records of all pages of a list as JSON."""
    rows = []
    while address:
        found = json.loads(body_of(client.get(address)))
        rows += found["results"]
        # From its path on: the test client visits no other site.
        address = found.get("next") and "/" + found["next"].split("/", 3)[3]
    return rows
