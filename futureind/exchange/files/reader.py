"""An uploaded file read in a process of its own, within limits.

Usage: python -m futureind.exchange.files.reader ENDING

It takes the ending of the file's name as its argument and the file itself on its standard input,
and writes lines of JSON: what it reads (``part``), what it found (``table``, ``row``), and last
``end`` or why the file cannot be read (``error``). It knows neither settings nor database.
"""

import json
import resource
import sys

from futureind.exchange.files.plain import read_csv, read_json
from futureind.exchange.tables import MEGABYTE, FileError

MOST_MEMORY = 512 * MEGABYTE
MOST_SECONDS = 15
# How it ends where it was refused more memory.
NO_MEMORY = 3


def tables_in(ending, data, report=lambda part: None):
    """Return the tables of a file (its bytes) with a known ending; raises FileError."""
    if ending == "xlsx":
        # Takes longer to load than most files of other kinds take to read.
        from futureind.exchange.files.workbooks import read_xlsx

        return read_xlsx(data, report)
    return list({"csv": read_csv, "json": read_json}[ending](data))


def limit_oneself():
    """Let the system end this process before it takes more than its share."""
    limit(resource.RLIMIT_AS, MOST_MEMORY)
    limit(resource.RLIMIT_CPU, MOST_SECONDS)
    limit(resource.RLIMIT_CORE, 0)
    # It has nothing to write but its answer.
    limit(resource.RLIMIT_FSIZE, 0)


def limit(kind, most):
    _soft, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


def say(*line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def answer(ending, data):
    try:
        tables = tables_in(ending, data, report=lambda part: say("part", part))
    except FileError as error:
        say("error", *error.args)
        return
    for table in tables:
        say("table", table.name, table.columns)
        for row in table.rows:
            cells = [row["cells"].get(name) for name in table.columns]
            say("row", cells, {name: value for name, value in row.items() if name != "cells"})
    say("end")


def run(ending):
    """Read standard input as a file with this ending; ends the process where it cannot."""
    limit_oneself()
    try:
        answer(ending, sys.stdin.buffer.read())
    except MemoryError:
        sys.exit(NO_MEMORY)


if __name__ == "__main__":
    run(sys.argv[1])
