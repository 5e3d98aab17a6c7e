"""Runs the benchmarks and writes docs/performance.md.

Usage: python -m benchmarks [--large] [--documents N …] [--quick] [--no-postgres]
"""

import argparse
import json
import platform
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks import report
from benchmarks.compare import Effort, measure
from benchmarks.databases import FOLDER, Database
from benchmarks.postgres import postgres_database

RESULTS = FOLDER / "results"
USUAL, LARGE = [10_000, 100_000], [1_000_000]
# Pages of analysis are measured up to this many documents, which have about as many tracks.
ANALYSED = 100_000
# PostgreSQL beyond this takes longer to fill than all the rest to run.
POSTGRES = {False: [10_000], True: [100_000]}


def effort_for(documents, quick):
    if quick:
        return Effort(rounds=2, seconds=0.4, random=6)
    if documents >= 1_000_000:
        # A plain page takes up to a minute.
        return Effort(rounds=2, seconds=1, random=3, slow=1)
    if documents >= 100_000:
        return Effort(rounds=2, seconds=0.6, random=6, slow=2)
    return Effort(rounds=4, seconds=0.6, random=12)


def machine():
    cpu = Path("/proc/cpuinfo").read_text()
    model = next((line.partition(":")[2] for line in cpu.splitlines() if "model name" in line), "")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    return {
        "cores": cpu.count("processor\t:"),
        "processor": model.strip(),
        "memory": f"{memory:.0f} GB",
        "Python": platform.python_version(),
        "Django": version("Django"),
        "gunicorn": version("gunicorn"),
        "SQLite": sqlite3.sqlite_version,
    }


def run_sqlite(documents, quick):
    database = Database(documents)
    database.make()
    print(f"SQLite, {documents} documents", flush=True)
    inside = database.ask("inprocess")
    outside = measure(database, effort_for(documents, quick))
    size = database.file.stat().st_size
    found = {"inside": inside, "targets": outside, "size": size}
    if documents <= ANALYSED:
        found["analysis"] = database.ask("analysis")
    save(f"sqlite-{documents}", documents, found)


def run_postgres(documents, quick):
    print(f"PostgreSQL, {documents} documents", flush=True)
    effort = effort_for(max(documents, 100_000), quick)
    with postgres_database(documents) as (database, beside):
        inside = database.ask("inprocess")
        outside = measure(database, effort, with_datasette=False, beside=beside)
    save(f"postgresql-{documents}", documents, {"inside": inside, "targets": outside})


def save(name, documents, found):
    RESULTS.mkdir(parents=True, exist_ok=True)
    found |= {"documents": documents, "machine": machine()}
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1, sort_keys=True))


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million documents")
    parser.add_argument("--documents", type=int, nargs="+", help="other sizes, on SQLite")
    parser.add_argument("--quick", action="store_true", help="short rounds, to try something out")
    parser.add_argument("--no-postgres", action="store_true", help="SQLite only")
    parser.add_argument("--report", action="store_true", help="only write the report anew")
    options = parser.parse_args()
    if not options.report:
        for documents in options.documents or (LARGE if options.large else USUAL):
            run_sqlite(documents, options.quick)
        if not options.no_postgres:
            for documents in options.documents or POSTGRES[options.large]:
                run_postgres(documents, options.quick)
    report.write(RESULTS)


if __name__ == "__main__":
    sys.exit(main())
