"""What the files of a list or an analysis page are called: what they hold, and of which day."""

from dataclasses import replace

from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify

from futureind.browse.downloads.notes import notes_of

# File systems take more, but people read it.
LONGEST_NAME = 90


def as_file(table, view):
    """Return a Table as a page hands it out: with a file's name, and what the table is."""
    name = file_name(table.file_name, view.query(page=None), timezone.localdate())
    return replace(table, file_name=name, notes=lambda: notes_of(table, view))


def file_name(name, query, day):
    """Return such as ``targets-guangdong-2026-2026-12-31``, without an ending.

    Parameters: ``name`` of the table, ``query``, the canonical query string under which it is
    asked for, ``day``. Of the values those that are words of other scripts are left out.
    """
    values = [value for _name, values in QueryDict(query).lists() for value in values]
    words = [name, *filter(None, map(slugify, values))]
    return f"{'-'.join(words)[:LONGEST_NAME].rstrip('-')}-{day}"
