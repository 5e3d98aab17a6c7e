"""Whatever is sent to a public address, nobody gets an error of the server (5xx).

``TEST_SEED`` repeats a run. The server's own reading of requests stands in front of the site in
every test: within this process for most, over sockets of the real server for the others.
"""

import inspect
import runpy
import socket
import time
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver
from gunicorn import http
from gunicorn.config import Config
from gunicorn.http import errors, wsgi

from tests.chance import TIMES
from tests.conftest import ROOT

# The fixtures of the site behind its page cache.
from tests.pagecache.conftest import cache_of, cached, database  # noqa: F401
from tests.site.hostile import Attacker

pytestmark = pytest.mark.one_database

# Processor seconds for one request: a stranger must not keep the site busy with one either.
MOST_SECONDS = 4
# Which the standard asks for when a transfer coding is unknown; gunicorn says it by itself.
NOT_IMPLEMENTED = 501
CLOSED = 0
# Before a run is given up as failed: what went wrong goes wrong again.
MOST_FAILURES = 20


def server_settings():
    """Return gunicorn's settings as in production."""
    config = Config()
    for name, value in runpy.run_path(str(ROOT / "futureind" / "gunicorn.conf.py")).items():
        if name in config.settings:
            config.set(name, value)
    return config


class InProcess:
    """Answers requests as gunicorn does, in this process."""

    def __init__(self, application):
        self.application = application
        self.config = server_settings()

    def status_of(self, raw):
        """Return the status of the answer to bytes; CLOSED where there is none."""
        client, server = socket.socketpair()
        with client, server:
            client.settimeout(5)
            client.sendall(raw)
            client.shutdown(socket.SHUT_WR)
            try:
                return self.answer(server)
            except errors.ConfigurationProblem:
                return 500
            except errors.UnsupportedTransferCoding:
                return NOT_IMPLEMENTED
            except errors.NoMoreData:
                return CLOSED
            except (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName):
                return 500
            except errors.ParseException:
                return 400

    def answer(self, connection):
        parser = http.get_parser(self.config, connection, ("127.0.0.1", 9))
        request = next(parser, None)
        if request is None:
            return CLOSED
        address = ("127.0.0.1", 8000)
        response, environ = wsgi.create(request, connection, address, address, self.config)
        body = self.application(environ, response.start_response)
        try:
            for _part in body:
                pass
        finally:
            if hasattr(body, "close"):
                body.close()
        return response.status_code


class OverSockets:
    """Asks the running server."""

    def __init__(self, url):
        address = urlsplit(url)
        self.address = address.hostname, address.port

    def status_of(self, raw):
        with socket.create_connection(self.address, timeout=60) as connection:
            try:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                return self.read(connection)
            except (ConnectionResetError, BrokenPipeError):
                return CLOSED

    def read(self, connection):
        head = connection.makefile("rb").readline(100).split()
        while head and connection.recv(65536):
            pass
        return int(head[1]) if head else CLOSED


def send_all(sender, requests):
    """Send requests; fail if one is answered with an error of the server, or takes too long."""
    wrong, statuses = [], Counter()
    for raw in requests:
        started = time.thread_time()
        status = sender.status_of(raw)
        took = time.thread_time() - started
        statuses[status] += 1
        if (status >= 500 and status != NOT_IMPLEMENTED) or took > MOST_SECONDS:
            wrong.append((status, round(took, 1), raw[:600]))
        if len(wrong) == MOST_FAILURES:
            break
    print(dict(sorted(statuses.items())))  # noqa: T201
    assert wrong == []
    return statuses


def test_a_few_hundred_hostile_requests_get_no_error_of_the_server(cached):  # noqa: F811
    requests = Attacker("a few").requests(200)

    statuses = send_all(InProcess(cached), requests)

    # They reach the site: not all are refused at the door.
    assert statuses[200] + statuses[404] > 40


@pytest.mark.long
def test_thousands_of_hostile_requests_get_no_error_of_the_server(cached):  # noqa: F811
    send_all(InProcess(cached), Attacker("many in process").requests(2_000 * TIMES))


@pytest.mark.browser
def test_the_real_server_answers_hostile_requests(site):
    sender = OverSockets(site.url)

    send_all(sender, requests_without_content(100))

    assert sender.status_of(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") == 200


@pytest.mark.long
@pytest.mark.browser
def test_a_thousand_hostile_requests_to_the_real_server_get_no_error(site):
    send_all(OverSockets(site.url), requests_without_content(1_000 * TIMES))


def requests_without_content(number):
    """Return requests that name no record: the tests of the real server have no database."""
    return Attacker("many to a server", slugs=["beijing", "quantum-computing"]).requests(number)


def test_no_page_takes_the_name_of_a_method_of_http_for_another_purpose():
    taken = {
        f"{view.__name__}.{method}"
        for view in views_of(get_resolver().url_patterns)
        for method in ("options", "head", "post", "put", "patch", "delete", "trace")
        if "request" not in inspect.signature(getattr(view, method, respond)).parameters
    }

    assert taken == set()


def respond(request):
    """Stands for a method that a view does not have."""


def views_of(patterns):
    """Yield the view classes of addresses."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views_of(pattern.url_patterns)
        elif view := getattr(pattern.callback, "view_class", None):
            yield view
