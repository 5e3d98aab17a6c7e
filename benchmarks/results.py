"""What the benchmarks have measured, read from their files, and the ratios between figures."""

import json
import math
import statistics

from benchmarks.compare import LISTS, PAGES


class Results:
    """All measured databases: ``runs[kind][documents]``, with kind ``sqlite`` or ``postgresql``."""

    def __init__(self, folder):
        self.runs = {"sqlite": {}, "postgresql": {}}
        for file in folder.glob("*.json"):
            run = json.loads(file.read_text())
            self.runs[file.name.partition("-")[0]][run["documents"]] = run

    def sizes(self, kind="sqlite"):
        return sorted(self.runs[kind])

    def page(self, documents, target, page, kind="sqlite"):
        """Return what was measured of a page of a target, or None."""
        run = self.runs[kind].get(documents, {})
        return run.get("targets", {}).get(target, {}).get("pages", {}).get(page)

    def cpu(self, documents, target, page, kind="sqlite"):
        """Return the median processor seconds of a request, or None."""
        found = self.page(documents, target, page, kind)
        return statistics.median(found["cpu"]) if found else None

    def ratio(self, documents, target, base, page, *, of="cpu", kind="sqlite"):
        """Return how many times cheaper (``cpu``) or quicker (``wall``) a target is than a base.

        The median over rounds of the ratio within a round: a round's targets ran one after the
        other, so that what disturbed one mostly disturbed all.
        """
        mine, theirs = (self.page(documents, name, page, kind) for name in (target, base))
        if not mine or not theirs:
            return None
        pairs = zip(mine[of], theirs[of], strict=True)
        return statistics.median(theirs / mine for mine, theirs in pairs)

    def mean_ratio(self, documents, target, base, pages, **options):
        """Return the geometric mean of the ratios of several pages, or None."""
        ratios = [self.ratio(documents, target, base, page, **options) for page in pages]
        return None if None in ratios else statistics.geometric_mean(ratios)

    def growth(self, target, page):
        """Return the exponent with which a page's cost grows from 10 k to the largest size."""
        sizes = [size for size in self.sizes() if size >= 10_000]
        if len(sizes) < 2:
            return None
        first, last = sizes[0], sizes[-1]
        costs = [self.cpu(size, target, page) for size in (first, last)]
        if None in costs:
            return None
        return math.log(costs[1] / costs[0]) / math.log(last / first)

    def worst_growth(self, pairs):
        found = [self.growth(target, page) for target, page in pairs]
        return None if None in found else max(found)

    def inside(self, documents, *path, kind="sqlite"):
        """Return a figure that was measured inside a process, or None."""
        found = self.runs[kind].get(documents, {}).get("inside")
        for key in path:
            if found is None:
                return None
            found = found.get(key)
        return found

    def slowest_counts(self, documents, *, with_text):
        counts = self.inside(documents, "counts")
        if counts is None:
            return None
        return max(seconds for name, seconds in counts.items() if ("text" in name) == with_text)

    def edits(self, documents):
        run = self.runs["sqlite"].get(documents)
        return run["targets"]["edits"] if run else None


def failures(results):
    """Return in words every answer that was not the page that was asked for."""
    found = []
    for kind, runs in results.runs.items():
        for documents, run in runs.items():
            for target, measured in run["targets"].items():
                for page in (*PAGES, "random"):
                    statuses = measured.get("pages", {}).get(page, {}).get("statuses", {})
                    odd = {s: n for s, n in statuses.items() if s not in ("200", "304")}
                    if odd:
                        found.append(f"{kind} {documents}, {target}, {page}: {odd}")
    return found


__all__ = ["LISTS", "PAGES", "Results", "failures"]
