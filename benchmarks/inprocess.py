"""Prints what the index costs inside one process, as JSON: memory, loading, counts, look-ups.

All times are processor time, which others on the machine disturb least.

Usage: python -m benchmarks.inprocess
"""

import gc
import json
import os
import statistics
import time
from pathlib import Path

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Length
from django.http import QueryDict
from django.test import Client

import benchmarks.django_setup  # noqa: F401
from catalog.models import PolicyDocument
from catalog.views.lists import PolicyDocumentList
from futureind.browse.facets import Facet
from futureind.browse.results import IndexResults
from futureind.publishing.models.content_version import ContentVersion
from futureind.search import index as index_module
from futureind.search.entries import SearchEntry, indexed_models
from futureind.search.index import index_for
from futureind.search.queries import text_hits
from futureind.search.snapshots import SearchPosting, SearchSnapshot

REPEATS = 15
# Two characters each, common and rare; none is asked for before it is measured.
LOOKUPS = [
    "量子",
    "氢能",
    "卫星",
    "机器",
    "脑机",
    "低空",
    "深海",
    "石墨",
    "超导",
    "核聚",
    "细胞",
    "示范",
    "基金",
    "标准",
    "云溪",
    "梅坪",
    "凤冈",
    "兰台",
]
STATES = {
    "unfiltered": {},
    "one facet": {"level": ["provincial"]},
    "three facets": {"level": ["provincial"], "type": ["outline", "plan"], "status": ["in-force"]},
    "three facets and text": {
        "level": ["provincial"],
        "type": ["outline", "plan"],
        "status": ["in-force"],
        "q": ["量子"],
    },
    "text": {"q": ["量子"]},
}


def memory():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def median_time(action, repeats=REPEATS):
    times = []
    for _ in range(repeats):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times)


def measure_loading():
    """Return seconds and bytes of loading the index of documents, then those of all kinds."""
    # Everything that any first request needs is there before.
    PolicyDocument.objects.first()
    list(ContentVersion.objects.all())
    before, start = memory(), time.process_time()
    index_for("document")
    documents = time.process_time() - start
    read_all_sets()
    bytes_of_documents = memory() - before
    start = time.process_time()
    for model in indexed_models():
        index_for(model.index_kind)
    all_kinds = documents + time.process_time() - start
    read_all_sets()
    return {
        "load documents": documents,
        "load all kinds": all_kinds,
        "memory documents": bytes_of_documents,
        "memory all kinds": memory() - before,
    }


def read_all_sets():
    """Read the sets of every facet of what is loaded, as pages do in time."""
    for _found, segment in index_module._stored.values():
        for group in list(segment.facets.later):
            segment.value(group, None)


def count_facets(filterset, index):
    results = IndexResults(filterset, index)
    return [
        results.facet_counts(facet)
        for facet in filterset.filters.values()
        if isinstance(facet, Facet) and facet.listed
    ]


def measure_counts():
    """Return seconds of counting all options of all facets of the list of documents."""
    index = index_for("document")
    found = {}
    for name, state in STATES.items():
        parameters = QueryDict(mutable=True)
        for key, values in state.items():
            parameters.setlist(key, values)
        filterset = PolicyDocumentList.filterset_class(parameters, PolicyDocument.objects.public())
        assert filterset.is_valid()
        count_facets(filterset, index)
        found[name] = median_time(lambda filterset=filterset: count_facets(filterset, index))
    return found


def measure_lookups():
    """Return the median seconds of looking up two characters, read from disk and remembered."""
    index = index_for("document")
    records = PolicyDocument.objects.public()

    def look_up(text):
        return text_hits(index, text, records, ())

    first, again = [], []
    for text in LOOKUPS:
        first.append(median_time(lambda text=text: look_up(text), 1))
        again.append(median_time(lambda text=text: look_up(text)))
    return {"first": statistics.median(first), "again": statistics.median(again)}


def measure_postings():
    """Return the bytes of the text index: of documents each, and of all kinds of records each."""
    snapshot = SearchSnapshot.objects.filter(kind="document").latest("version")
    postings = SearchPosting.objects.filter(snapshot=snapshot)
    found = postings.aggregate(bitmaps=Sum(Length("bitmap")), terms=Sum(Length("term")))
    documents = PolicyDocument.objects.public().count()
    sizes = {"bitmaps and terms, a document": (found["bitmaps"] + found["terms"]) / documents}
    if connection.vendor == "sqlite":
        records = SearchEntry.objects.filter(removed=False).count()
        sizes["tables of postings, a record"] = bytes_on_disk("search_searchposting") / records
        sizes["tables of entries, a record"] = bytes_on_disk("search_searchentry") / records
    return sizes | {"terms": postings.count()}


def bytes_on_disk(table):
    """Return the bytes of a table of SQLite and its indexes."""
    total = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_schema WHERE tbl_name = %s", [table])
        for (name,) in cursor.fetchall():
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name = %s", [name])
            total += cursor.fetchone()[0] or 0
    return total


def measure_first_page():
    """Return the seconds until the first uncached list of a process that has loaded its code."""
    client = Client()
    index_module._indexes.clear()
    client.get("/en/glossary/", headers={"host": "localhost"})
    index_module._indexes.clear()
    return median_time(lambda: client.get("/en/documents/", headers={"host": "localhost"}), 1)


def main():
    found = {"loading": measure_loading()}
    found["counts"] = measure_counts()
    found["look-ups"] = measure_lookups()
    found["postings"] = measure_postings()
    found["first page"] = measure_first_page()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
