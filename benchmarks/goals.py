"""The goals of performance, and how each is read from the results."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.results import LISTS, PAGES

TEN_K, HUNDRED_K, MILLION = 10_000, 100_000, 1_000_000
FLAT = [("uncached", page) for page in ("list", "deep", "detail")] + [
    ("cached", page) for page in PAGES
]
GROWING = [("uncached", page) for page in ("facet", "three", "search")]

RENDERED = (
    "the frame of the page is rendered by Django's templates, and every parameter is checked by a "
    "form, for each request"
)
ROWS = "rows that no page has shown yet are read and rendered, which takes half of the time"
DETAIL = "a page shows much more than plain's, and the ORM builds what it asks"
SMALL_CORPUS = (
    "the words of a small corpus stand in few records each, so every list is nearly empty"
)
READ_AGAIN = (
    "after every change a process makes rows of lists, choices of facets and their sets anew"
)
COUNTED = "what is found is met with the set of each of hundreds of options, one by one"
NUMBERS = (
    "besides the bitmaps every record has its place in the order and its primary key in memory, "
    "and values stand once more by their basis"
)
DETAIL_GROWS = "neighbours and relations of a document are asked for in SQL"
ALL_KINDS = "tens of megabytes are read out of the database into memory"
ONE_QUERY = "the first look-up of a pair of characters is a query"
VERSION_ROW = (
    "every request reads the content version and looks its page up by the whole address; the limit "
    "does neither"
)


@dataclass(frozen=True)
class Goal:
    """A figure and its bound; ``figure`` reads it from the Results, None where not measured.

    ``reason`` says why it is not met, where it is not.
    """

    name: str
    bound: float
    figure: Callable
    unit: str = "×"
    at_least: bool = True
    reason: str = ""

    def is_met(self, figure):
        return figure >= self.bound if self.at_least else figure <= self.bound


def share(target, documents=TEN_K):
    def figure(results):
        found = results.mean_ratio(documents, target, "limit", PAGES, of="wall")
        return None if found is None else 100 * found

    return figure


def lists(base, documents, **options):
    return lambda results: results.mean_ratio(documents, "uncached", base, LISTS, **options)


def scaled(factor, read):
    def figure(results):
        found = read(results)
        return None if found is None else found * factor

    return figure


def milliseconds(read):
    return scaled(1e3, read)


def megabytes(documents):
    return scaled(2**-20, lambda results: results.inside(documents, "loading", "memory documents"))


def edit(documents):
    def figure(results):
        found = results.edits(documents)
        # A page that is older than the edit is no answer, however quick.
        return None if found is None else float("inf") if found["stale"] else found["extra"] * 1e3

    return figure


def at_most(name, bound, figure, unit, reason=""):
    return Goal(name, bound, figure, unit, at_least=False, reason=reason)


def postings(documents):
    return lambda r: r.inside(documents, "postings", "bitmaps and terms, a document")


def goals():
    """Return all goals, in the order in which they are shown."""
    return [
        Goal("Cached page, throughput of the limit", 90, share("cached"), " %", reason=VERSION_ROW),
        Goal(
            "Not modified (304), throughput of the limit",
            95,
            share("not modified"),
            " %",
            reason=VERSION_ROW,
        ),
        Goal("Uncached lists × plain, 10 k", 200, lists("plain", TEN_K), reason=RENDERED),
        Goal("Uncached lists × plain, 1 M", 8000, lists("plain", MILLION), reason=RENDERED),
        *(
            Goal(
                f"Random filters and pages × plain, {name}",
                bound,
                lambda r, n=size: r.ratio(n, "uncached", "plain", "random"),
                reason=f"{RENDERED}; {ROWS}",
            )
            for name, size, bound in (("10 k", TEN_K, 150), ("1 M", MILLION, 5000))
        ),
        *(
            Goal(
                f"Uncached lists × Datasette, throughput, {name}",
                bound,
                lists("datasette", size, of="wall"),
                reason=RENDERED,
            )
            for name, size, bound in (("10 k", TEN_K, 20), ("1 M", MILLION, 100))
        ),
        *(
            at_most(
                f"All facet counts {name} text, 1 M",
                bound,
                milliseconds(lambda r, w=with_text: r.slowest_counts(MILLION, with_text=w)),
                " ms",
                COUNTED,
            )
            for name, with_text, bound in (("without", False, 4), ("with", True, 5))
        ),
        *(
            at_most(
                f"Look-up of two Chinese characters, {name}",
                0.25,
                milliseconds(lambda r, n=size: r.inside(n, "look-ups", "first")),
                " ms",
                ONE_QUERY,
            )
            for name, size in (("10 k", TEN_K), ("1 M", MILLION))
        ),
        at_most("Text index on disk a record, 10 k", 400, postings(TEN_K), " bytes", SMALL_CORPUS),
        at_most("Text index on disk a record, 1 M", 400, postings(MILLION), " bytes"),
        at_most("Memory of a process for the index, 10 k", 5, megabytes(TEN_K), " MB"),
        at_most("Memory of a process for the index, 1 M", 40, megabytes(MILLION), " MB", NUMBERS),
        *(
            at_most(
                f"Worker ready after its imports, {name}",
                100,
                milliseconds(lambda r, n=size: r.inside(n, "loading", "load all kinds")),
                " ms",
                ALL_KINDS,
            )
            for name, size in (("10 k", TEN_K), ("1 M", MILLION))
        ),
        at_most(
            "One edit on the next request of every process, 10 k",
            40,
            edit(TEN_K),
            " ms",
            READ_AGAIN,
        ),
        at_most(
            "One edit on the next request of every process, 100 k",
            40,
            edit(HUNDRED_K),
            " ms",
            READ_AGAIN,
        ),
        at_most(
            "One edit on the next request of every process, 1 M",
            25,
            edit(MILLION),
            " ms",
            READ_AGAIN,
        ),
        *(
            Goal(
                f"Pages of {what}, uncached × plain, {name}",
                1,
                lambda r, n=size, page=page: r.ratio(n, "uncached", "plain", page),
                reason=DETAIL,
            )
            for what, page in (("many records", "records"), ("one record", "detail"))
            for name, size in (("10 k", TEN_K), ("100 k", HUNDRED_K))
        ),
        at_most(
            "Growth exponent: list, deep, detail, cached",
            0.1,
            lambda r: r.worst_growth(FLAT),
            "",
            DETAIL_GROWS,
        ),
        at_most("Growth exponent: facets and text", 0.3, lambda r: r.worst_growth(GROWING), ""),
        *(
            Goal(
                f"PostgreSQL: uncached lists × plain, {name}",
                bound,
                lists("plain", size, kind="postgresql"),
                reason=RENDERED,
            )
            for name, size, bound in (("10 k", TEN_K, 60), ("100 k", HUNDRED_K, 150))
        ),
    ]
