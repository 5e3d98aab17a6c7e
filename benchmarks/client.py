"""A client that asks again as soon as it was answered, on a few connections."""

import http.client
import multiprocessing
import time
from dataclasses import dataclass

TIMEOUT = 600


@dataclass(frozen=True)
class Request:
    path: str
    headers: tuple = ()


@dataclass
class Load:
    """What a run of requests saw: seconds for each of them, the statuses, seconds in all."""

    times: list
    statuses: dict
    seconds: float

    @property
    def count(self):
        return len(self.times)


def fetch(port, request):
    """Return ``(status, headers, body)`` of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", request.path, headers=dict(request.headers))
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()
    finally:
        connection.close()


def run(port, requests, *, seconds=None, connections=4):
    """Send requests and return the Load.

    With ``seconds`` they are repeated until the time is over, at least one on each connection;
    without, each is sent once.
    """
    connections = min(connections, len(requests)) if seconds is None else connections
    parts = [requests[start::connections] or requests for start in range(connections)]
    with multiprocessing.get_context("fork").Pool(connections) as pool:
        start = time.monotonic()
        results = pool.starmap(ask, [(port, part, seconds) for part in parts], chunksize=1)
        elapsed = time.monotonic() - start
    statuses = {}
    for _times, seen in results:
        for status, number in seen.items():
            statuses[status] = statuses.get(status, 0) + number
    return Load([t for times, _seen in results for t in times], statuses, elapsed)


def ask(port, requests, seconds):
    """Send requests on one connection; return the time of each and ``{status: number}``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    times, statuses = [], {}
    end = None if seconds is None else time.monotonic() + seconds
    position = 0
    while position < len(requests) if end is None else not times or time.monotonic() < end:
        request = requests[position % len(requests)]
        position += 1
        start = time.perf_counter()
        connection.request("GET", request.path, headers=dict(request.headers))
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - start)
        statuses[response.status] = statuses.get(response.status, 0) + 1
    connection.close()
    return times, statuses
