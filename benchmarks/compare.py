"""Serves the same pages in several ways and measures them in turn, round by round."""

import json
import math
import pickle
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks import client
from benchmarks.client import Request
from benchmarks.databases import FOLDER, ROOT, TEXT_TABLE
from benchmarks.servers import Server, gunicorn

LISTS = ("list", "facet", "three", "deep", "search")
PAGES = (*LISTS, "detail")
# Many different addresses, each asked for once.
ONCE = ("records", "random")
COMPRESSED = (("Accept-Encoding", "br"),)
DATASETTE_SETTINGS = ("sql_time_limit_ms", "facet_time_limit_ms")


@dataclass(frozen=True)
class Effort:
    """How much to measure: ``rounds``, ``seconds`` for each page of each target in a round,
    ``random`` states in a round, ``slow`` connections to targets that are slow at this size."""

    rounds: int
    seconds: float
    random: int
    slow: int = 4


@dataclass
class Target:
    """One way of serving the pages.

    ``requests``: ``{page: Request}``; ``beside``: a function that returns the processor seconds of
    others whose work counts, such as a database server; ``slow``: whether it is asked less often.
    """

    name: str
    server: Server
    requests: dict
    beside: object = float
    slow: bool = False
    samples: dict = field(default_factory=dict)

    def cpu(self):
        return self.server.cpu() + self.beside()

    def measure(self, page, requests, effort, *, once=False):
        """Add a sample: processor and wall seconds of a request, and all times."""
        before = self.cpu()
        load = client.run(
            self.server.port,
            requests,
            seconds=None if once else effort.seconds,
            connections=effort.slow if self.slow else 4,
        )
        sample = {
            "cpu": (self.cpu() - before) / load.count,
            "wall": load.seconds / load.count,
            "times": load.times,
            "statuses": load.statuses,
        }
        self.samples.setdefault(page, []).append(sample)


def measure(database, effort, *, with_datasette=True, beside=float):
    """Return what was measured on a database, as JSON-able data.

    Parameter: ``beside``, a function that returns what a database server has used, in seconds.
    """
    states = database.ask("states", effort.rounds, effort.random)
    with ExitStack() as stack:
        targets = start_targets(stack, database, states, with_datasette, beside)
        for number in range(effort.rounds):
            print(f"  round {number + 1} of {effort.rounds}", flush=True)
            run_round(targets, effort, {page: states[page][number] for page in ONCE})
        found = {target.name: summary(target) for target in targets}
        found["edits"] = measure_edits(stack, database, states["fixed"]["list"])
    return found


def run_round(targets, effort, asked_once):
    for number, page in enumerate(PAGES):
        # Each is the first at some page: the first after a pause may be at a disadvantage.
        turn = number % len(targets)
        for target in targets[turn:] + targets[:turn]:
            if page in target.requests:
                target.measure(page, [target.requests[page]], effort)
    for target in targets:
        if target.name in ("uncached", "plain"):
            for page, paths in asked_once.items():
                target.measure(page, [Request(path) for path in paths], effort, once=True)


def start_targets(stack, database, states, with_datasette, beside):
    """Start all servers; return their Targets, each warmed up."""

    def serve(name, command, **environment):
        log = database.folder / f"{name}.log"
        return stack.enter_context(Server(command, database.environment(**environment), log))

    fixed = {page: Request(path) for page, path in states["fixed"].items()}
    site = gunicorn("futureind.wsgi:application")
    targets = [
        Target("uncached", serve("uncached", site, PAGE_CACHE_MB=0), fixed, beside),
        Target(
            "plain", serve("plain", gunicorn("benchmarks.plain_wsgi:application")), fixed, beside
        ),
    ]
    targets[-1].slow = True
    cached = serve("cached", site)
    pages = {path: ready_page(cached, path) for path in states["fixed"].values()}
    compressed = {page: Request(path, COMPRESSED) for page, path in states["fixed"].items()}
    unchanged = {
        page: Request(path, (*COMPRESSED, ("If-None-Match", dict(pages[path][0])["ETag"])))
        for page, path in states["fixed"].items()
    }
    file = database.folder / "limit.pickle"
    file.write_bytes(pickle.dumps(pages))
    limit = serve("limit", gunicorn("benchmarks.limit:application"), LIMIT_PAGES=file)
    targets += [
        Target("cached", cached, compressed, beside),
        Target("not modified", cached, unchanged, beside),
        Target("limit", limit, compressed),
    ]
    if with_datasette:
        requests = {page: Request(path) for page, path in states["datasette"].items()}
        server = serve("datasette", datasette_command(database))
        targets.append(Target("datasette", server, requests, slow=True))
    for target in targets:
        warm_up(target)
    # Random states meet a site that has answered others before.
    running_in = [Request(path) for path in states["running in"]]
    client.run(targets[0].server.port, running_in, seconds=None, connections=4)
    return targets


def ready_page(server, path):
    """Return ``(headers, body)`` of a page as the page cache sends it, ready for the limit."""
    status, headers, body = client.fetch(server.port, Request(path, COMPRESSED))
    assert status == 200, f"{path}: {status}"
    hop = {"server", "date", "connection", "content-length", "transfer-encoding"}
    return [pair for pair in headers if pair[0].lower() not in hop], body


def warm_up(target):
    """Let every worker of a quick target answer every page; ask a slow one for the cheapest."""
    pages = ["detail"] if target.slow else target.requests
    for page in pages:
        client.run(target.server.port, [target.requests[page]], seconds=0.2)


def datasette_command(database):
    """Return the command of Datasette, installed on first use."""
    venv = FOLDER / "venv"
    python = venv / "bin" / "python"
    requirements = ROOT / "benchmarks" / "requirements.txt"
    stamp = venv / "installed"
    if not stamp.exists() or stamp.read_text() != requirements.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
        stamp.write_text(requirements.read_text())
    metadata = database.folder / "datasette.json"
    table = {"catalog_policydocument": {"fts_table": TEXT_TABLE}}
    metadata.write_text(json.dumps({"databases": {"futureind": {"tables": table}}}))
    # Its limits of time would leave facets out at larger sizes.
    limits = [part for name in DATASETTE_SETTINGS for part in ("--setting", name, "600000")]
    serve = [python, "-m", "datasette", "serve", database.file, "--metadata", metadata]
    return [*serve, "--port", "{port}", *limits]


def measure_edits(stack, database, path):
    """Return what an edit costs two processes without a page cache, and whether they show it."""
    processes = []
    for number in (1, 2):
        environment = database.environment(PAGE_CACHE_MB=0, WEB_CONCURRENCY=1, WEB_THREADS=1)
        log = database.folder / f"edits-{number}.log"
        command = gunicorn("futureind.wsgi:application")
        server = stack.enter_context(Server(command, environment, log))
        processes.append(f"{server.port}:{server.process.pid}")
    return database.ask("edits", path, *processes)


def summary(target):
    """Return what each page took, by round or over all of them, and the memory of a process."""
    pages = {}
    for page, samples in target.samples.items():
        times = sorted(time for sample in samples for time in sample["times"])
        statuses = {}
        for sample in samples:
            for status, number in sample["statuses"].items():
                statuses[status] = statuses.get(status, 0) + number
        pages[page] = {
            "cpu": [sample["cpu"] for sample in samples],
            "wall": [sample["wall"] for sample in samples],
            "p50": times[len(times) // 2],
            "p99": times[math.ceil(len(times) * 0.99) - 1],
            "requests": len(times),
            "statuses": statuses,
        }
    return {"pages": pages, "memory": target.server.memory()}
