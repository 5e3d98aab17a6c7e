"""Writes docs/performance.md from the results."""

from pathlib import Path

from benchmarks.compare import ONCE
from benchmarks.databases import ROOT
from benchmarks.goals import goals
from benchmarks.results import PAGES, Results, failures

REPORT = ROOT / "docs" / "performance.md"
TITLES = {
    "list": "list",
    "facet": "one facet",
    "three": "three facets + text",
    "deep": "deep page",
    "search": "search",
    "detail": "detail",
    "records": "many records",
    "random": "random states",
}
VARIANTS = {
    "uncached": "uncached",
    "cached": "cached",
    "not modified": "not modified (304)",
    "limit": "limit",
    "datasette": "Datasette",
}
ANALYSIS = """\
Asked is at most five lists at a hundred thousand tracks, for pages that are not in the cache. A
list of tracks that is not cached takes some five milliseconds. What costs more than five of them
does so for what it shows. A comparison has every technology in the words of each side, a cascade a
cell for each region by field and product and the first plans of each, a matrix of technologies a
linked cell for each crossing: they grow until every cell is filled. Diffusion, first movers and
gaps read one row for each region and technology that some text names, in SQL. A region's page has
at most twenty plans of a kind, a timeline a picture of all milestones. Rows and
counts of these pages are kept from one request to the next, as those of lists are, until the
content changes.
"""
INTRODUCTION = Path(__file__).with_name("introduction.md")


def number(value, digits=3):
    """Return a number as people read it: three significant digits, thousands apart."""
    if value is None:
        return "–"
    if value == float("inf"):
        return "stale"
    if abs(value) >= 100:
        rounded = float(f"{value:.{digits}g}")
        return f"{rounded:,.0f}"
    return f"{float(f'{value:.{digits}g}'):g}"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def size_name(documents):
    return f"{documents:,}"


def machine_text(results):
    runs = [run for kind in results.runs.values() for run in kind.values()]
    if not runs:
        return ""
    machine = max(runs, key=lambda run: run["documents"])["machine"]
    versions = ", ".join(
        f"{name} {machine[name]}" for name in ("Python", "Django", "gunicorn", "SQLite")
    )
    return (
        f"Machine: {machine['cores']} cores ({machine['processor']}), "
        f"{machine['memory']} of memory; {versions}.\n"
    )


def goals_table(results):
    rows = []
    for goal in goals():
        figure = goal.figure(results)
        sign = "≥" if goal.at_least else "≤"
        bound = f"{sign} {number(goal.bound)}{goal.unit}"
        if figure is None:
            rows.append([goal.name, bound, "–", "not measured yet"])
            continue
        state = "met" if goal.is_met(figure) else "**not met**"
        if state != "met" and goal.reason:
            state += f": {goal.reason}"
        rows.append([goal.name, bound, f"{number(figure)}{goal.unit}", state])
    return table(["goal", "asked", "reached", ""], rows)


def pages_table(results, documents, kind):
    """Return the costs of all pages: plain in milliseconds, the others as ratios to it."""
    pages = (*PAGES, *ONCE)
    costs = [results.cpu(documents, "plain", page, kind) for page in pages]
    rows = [["plain", *(f"{number(c * 1e3)} ms" if c else "–" for c in costs)]]
    for target, title in VARIANTS.items():
        if results.page(documents, target, "list", kind) is None:
            continue
        cells = []
        for page in pages:
            cpu = results.ratio(documents, target, "plain", page, kind=kind)
            wall = results.ratio(documents, target, "plain", page, of="wall", kind=kind)
            cells.append("–" if cpu is None else f"{number(cpu)} ({number(wall)})")
        rows.append([title, *cells])
    return table(["", *(TITLES[page] for page in pages)], rows)


def spread_text(results, documents, kind):
    spreads = []
    for target in ("plain", "uncached", "cached", "limit"):
        for page in PAGES:
            found = results.page(documents, target, page, kind)
            middle = sorted(found["cpu"])[len(found["cpu"]) // 2]
            spreads.append((max(found["cpu"]) - min(found["cpu"])) / 2 / middle)
    spreads.sort()
    middle, widest = (100 * spreads[place] for place in (len(spreads) // 2, -1))
    return (
        f"Half range of processor time between rounds: median ±{middle:.0f} %, "
        f"at most ±{widest:.0f} %.\n"
    )


def shares_table(results, documents):
    rows = []
    for target, base in (
        ("cached", "limit"),
        ("not modified", "limit"),
        ("uncached", "limit"),
        ("uncached", "datasette"),
        ("cached", "datasette"),
    ):
        cells = []
        for page in PAGES:
            cpu = results.ratio(documents, target, base, page)
            wall = results.ratio(documents, target, base, page, of="wall")
            cells.append("–" if cpu is None else f"{number(wall)} ({number(cpu)})")
        rows.append([f"{VARIANTS[target]} : {VARIANTS[base]}", *cells])
    return table(["throughput (CPU)", *(TITLES[page] for page in PAGES)], rows)


def latency_table(results, documents, kind):
    rows = []
    for target in ("plain", *VARIANTS):
        cells = []
        for page in PAGES:
            found = results.page(documents, target, page, kind)
            cells.append(
                f"{number(found['p50'] * 1e3)} / {number(found['p99'] * 1e3)}" if found else "–"
            )
        rows.append([VARIANTS.get(target, target), *cells])
    return table(["p50 / p99, ms", *(TITLES[page] for page in PAGES)], rows)


def growth_table(results):
    rows = [
        [VARIANTS.get(target, target), *(number(results.growth(target, page), 2) for page in PAGES)]
        for target in ("plain", "uncached", "cached", "datasette")
    ]
    return table(["exponent of CPU", *(TITLES[page] for page in PAGES)], rows)


INSIDE = [
    ("all facet counts, no filter, ms", 1e3, ("counts", "unfiltered")),
    ("all facet counts, one facet, ms", 1e3, ("counts", "one facet")),
    ("all facet counts, three facets, ms", 1e3, ("counts", "three facets")),
    ("all facet counts, three facets + text, ms", 1e3, ("counts", "three facets and text")),
    ("two characters looked up, first time, ms", 1e3, ("look-ups", "first")),
    ("two characters looked up again, ms", 1e3, ("look-ups", "again")),
    ("index of documents loaded, ms", 1e3, ("loading", "load documents")),
    ("indexes of all kinds loaded, ms", 1e3, ("loading", "load all kinds")),
    ("first list page of a process, ms", 1e3, ("first page",)),
    ("memory for the index of documents, MB", 2**-20, ("loading", "memory documents")),
    ("memory for the indexes of all kinds, MB", 2**-20, ("loading", "memory all kinds")),
    ("postings and terms, bytes a document", 1, ("postings", "bitmaps and terms, a document")),
    ("tables of postings, bytes a record", 1, ("postings", "tables of postings, a record")),
    ("table of entries, bytes a record", 1, ("postings", "tables of entries, a record")),
]


def inside_table(results):
    sizes = results.sizes()
    rows = [
        [title, *(number(scale_of(results.inside(n, *path), scale)) for n in sizes)]
        for title, scale, path in INSIDE
    ]
    for name in ("plain", "uncached", "cached", "limit"):
        memory = [results.runs["sqlite"][n]["targets"][name]["memory"] / 2**20 for n in sizes]
        rows.append([f"memory of a process, {name}, MB", *map(number, memory)])
    edits = [results.edits(n) for n in sizes]
    rows.append(["one edit published, ms", *(number(e["publish"] * 1e3) for e in edits)])
    rows.append(["… applied by a process, ms", *(number(e["extra"] * 1e3) for e in edits)])
    rows.append(["… pages that missed it", *(f"{e['stale']} of {e['requests']}" for e in edits)])
    return table(["", *map(size_name, sizes)], rows)


def analysis_table(results):
    """Return what uncached pages of analysis cost, as multiples of an uncached list of tracks."""
    runs = {n: run["analysis"] for n, run in results.runs["sqlite"].items() if "analysis" in run}
    sizes = sorted(runs)
    names = list(dict.fromkeys(name for n in sizes for name in runs[n]["pages"]))
    rows = []
    for name in names:
        found = [runs[n]["pages"].get(name) for n in sizes]
        cells = [
            f"{number(f['lists'])} ({number(f['seconds'] * 1e3)} ms)" if f else "–" for f in found
        ]
        rows.append([name, *cells])
    head = [f"{runs[n]['tracks']:,} tracks" for n in sizes]
    return table(["lists (time)", *head], rows)


def costs_text(page):
    return f"{number(page['lists'])} ({number(page['seconds'] * 1e3)} ms)"


def scale_of(value, scale):
    return None if value is None else value * scale


def write(folder):
    """Write the report from the results in a folder."""
    results = Results(folder)
    parts = [INTRODUCTION.read_text(), machine_text(results), "## Goals\n", goals_table(results)]
    for kind, title in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        for documents in results.sizes(kind):
            parts += [
                f"## {title}, {size_name(documents)} documents\n",
                "Times cheaper than plain in processor time (in brackets: times its throughput).\n",
                pages_table(results, documents, kind),
                spread_text(results, documents, kind),
                latency_table(results, documents, kind),
            ]
            if kind == "sqlite":
                parts.append(shares_table(results, documents))
    if len(results.sizes()) > 1:
        parts += ["## Growth from 10,000 documents to the largest size\n", growth_table(results)]
    parts += [
        "## Inside a process, SQLite, by number of documents\n",
        "Processor time, but for publishing an edit.\n",
        inside_table(results),
    ]
    if any("analysis" in run for run in results.runs["sqlite"].values()):
        parts += [
            "## Pages of analysis, uncached, in lists of tracks\n",
            ANALYSIS,
            analysis_table(results),
        ]
    if wrong := failures(results):
        parts += ["## Answers that were not the page\n", "\n".join(f"- {line}" for line in wrong)]
    REPORT.write_text("\n".join(parts).rstrip("\n") + "\n")
