"""Edits a document a few times and prints, as JSON, how soon the processes of two servers show it.

Usage: python -m benchmarks.edits PATH PORT…

Each port is a process that serves the list at PATH without a page cache: what the first page after
an edit takes longer than other pages is the price of applying the edit.
"""

import json
import statistics
import sys
import time

import benchmarks.django_setup  # noqa: F401
from benchmarks.client import Request, fetch
from catalog.models import PolicyDocument
from futureind.publishing import history
from futureind.publishing.history import Action

EDITS = 7
PAGES_BETWEEN = 4


def timed_page(port, path):
    start = time.perf_counter()
    status, _headers, body = fetch(port, Request(path))
    assert status == 200, status
    return time.perf_counter() - start, body.decode()


def edit(document, title):
    document.title_en = title
    document.save(update_fields=["title_en"])
    history.record(document, Action.EDITED)


def main(path, ports):
    first = PolicyDocument.objects.public().first()
    title = first.title_en
    published, extra, stale = [], [], 0
    for number in range(EDITS):
        usual = {port: [timed_page(port, path)[0] for _ in range(PAGES_BETWEEN)] for port in ports}
        marked = f"Edited {number} {title}"[:300]
        start = time.perf_counter()
        edit(first, marked)
        published.append(time.perf_counter() - start)
        for port in ports:
            seconds, body = timed_page(port, path)
            stale += marked[:20] not in body
            extra.append(seconds - statistics.median(usual[port]))
    edit(first, title)
    found = {"publish": statistics.median(published), "extra": statistics.median(extra)}
    print(json.dumps(found | {"stale": stale, "requests": len(extra)}))


if __name__ == "__main__":
    main(sys.argv[1], [int(port) for port in sys.argv[2:]])
