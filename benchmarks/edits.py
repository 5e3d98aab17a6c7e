"""Edits a document a few times and prints, as JSON, what it costs the processes that show it.

Usage: python -m benchmarks.edits PATH PORT:GROUP…

At each port a process serves the list at PATH without a page cache; GROUP is the process group of
its server. What the first page after an edit takes more than other pages is the price of applying
the edit.
"""

import json
import statistics
import sys
import time

import benchmarks.django_setup  # noqa: F401
from benchmarks.client import Request, fetch
from benchmarks.servers import cpu_of, pids_of_group
from catalog.models import PolicyDocument
from futureind.publishing import history
from futureind.publishing.models.revisions import Action

EDITS = 7
PAGES_BETWEEN = 4


class Process:
    """A server of one process, asked for one page."""

    def __init__(self, argument, path):
        port, group = map(int, argument.split(":"))
        self.port, self.group, self.path = port, group, path

    def cpu(self):
        return sum(map(cpu_of, pids_of_group(self.group)))

    def page(self):
        """Return the processor seconds of the page, and the page."""
        before = self.cpu()
        status, _headers, body = fetch(self.port, Request(self.path))
        assert status == 200, status
        return self.cpu() - before, body.decode()


def edit(document, title):
    """Give a document a title; return the seconds until that is committed."""
    start = time.perf_counter()
    document.title_en = title
    document.save(update_fields=["title_en"])
    history.record(document, Action.EDITED)
    return time.perf_counter() - start


def main(path, arguments):
    processes = [Process(argument, path) for argument in arguments]
    first = PolicyDocument.objects.public().first()
    title = first.title_en
    published, extra, stale = [], [], 0
    for number in range(EDITS):
        usual = [[p.page()[0] for _ in range(PAGES_BETWEEN)] for p in processes]
        mark = f"Edited {number} "
        published.append(edit(first, f"{mark}{title}"[:300]))
        for process, before in zip(processes, usual, strict=True):
            seconds, body = process.page()
            stale += mark not in body
            extra.append(seconds - statistics.median(before))
    edit(first, title)
    found = {"publish": statistics.median(published), "extra": statistics.median(extra)}
    print(json.dumps(found | {"stale": stale, "requests": len(extra)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
