"""The page cache in front of the site, or of a small application, and a database to publish in.

The site works on the database of the test run; the content version is read from one of its own,
where a change is committed.
"""

from contextlib import closing
from dataclasses import dataclass

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from futureind.pagecache.cache import CACHEABLE, PageCache
from futureind.pagecache.version import VersionReader
from tests.own_database import add_version, own_database

PLENTY = 64 * 1024 * 1024


@dataclass
class Answer:
    """What a WSGI application sent, with the names of its headers in small letters."""

    status: int
    headers: dict
    body: bytes

    @property
    def source(self):
        return self.headers.get("cache-status", "").removeprefix("tracker; ")


def ask(application, path, method="GET", **headers):
    """Send one request; headers are given as ``Accept_Encoding="gzip"``."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers.setdefault("Host", "testserver")
    secure = headers.pop("secure", False)
    environ = RequestFactory().generic(method, path, headers=headers, secure=secure).environ
    started = []
    body = application(environ, lambda *arguments: started.extend(arguments))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    status, sent = started
    return Answer(int(status[:3]), {name.lower(): value for name, value in sent}, content)


@pytest.fixture
def database(tmp_path):
    found = own_database(tmp_path)
    add_version(found)
    yield found
    found.drop()


@pytest.fixture
def publisher(database):
    """Another connection, as of another process: ``publisher.execute(RAISE)`` commits."""
    with closing(database.connect()) as connection:
        yield connection


@pytest.fixture
def cache_of(database):
    """A function that puts a page cache in front of an application."""
    versions = VersionReader(database.settings)
    yield lambda application, limit=PLENTY: PageCache(application, versions, limit)
    versions.close()


@pytest.fixture
def cached(db, cache_of):
    """The site with the page cache in front."""
    # A request would end the transaction of the test; Django's own test client prevents it so too.
    signals = [request_started, request_finished]
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield cache_of(WSGIHandler())
    for signal in signals:
        signal.connect(close_old_connections)


class Counted:
    """An application whose page tells how often it was computed; ``meanwhile`` takes its time."""

    def __init__(self, meanwhile=lambda: None, size=0):
        self.count = 0
        self.meanwhile = meanwhile
        self.padding = "." * size

    def __call__(self, environ, start_response):
        self.count += 1
        text = f"{self.count}{self.padding}"
        self.meanwhile()
        environ[CACHEABLE] = True
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [text.encode()]
