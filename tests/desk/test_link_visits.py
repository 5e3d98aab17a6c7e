"""Visits of links: polite, ended in time, and never inside the network."""

import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from futureind.desk import link_visits
from futureind.desk.link_visits import Problem, Visit, is_public_address, is_web_port, visit
from tests.conftest import slowness
from tests.desk.link_server import PUBLIC

pytestmark = pytest.mark.one_database

# The public network


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_may_be_visited(text):
    assert is_public_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1"),
        *("240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1"),
        *("fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "2002:0a00:0001::1"),
        *("2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "::127.0.0.1"),
        *("", "localhost", "0x7f.1", "2130706433", "127.1", "１２７.0.0.1"),
    ],
)
def test_other_addresses_may_not(text):
    assert not is_public_address(text)


@given(st.ip_addresses(v=4))
def test_no_spelling_of_a_private_address_is_public(ip):
    if not ip.is_global:
        number = int(ip)
        high, low = number >> 16, number & 0xFFFF
        for text in (f"::ffff:{ip}", f"64:ff9b::{ip}", f"2002:{high:x}:{low:x}::1"):
            assert not is_public_address(text)


def test_ports_of_other_services_may_not():
    assert [port for port in (22, 25, 80, 443, 8080) if is_web_port(port)] == [80, 443, 8080]


# A server on this machine, reached through a network that believes it to be public


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/page", (200, "/page", "")),
        ("/moved", (200, "/page", "")),
        ("/to-chinese", (200, "/%E4%B8%AD%E6%96%87", "")),
        ("/", (200, "/", "")),
        ("/home", (200, "/", Problem.HOME_PAGE)),
        ("/loop", (302, "/loop", Problem.REDIRECTS)),
        ("/gone", (410, "/gone", Problem.STATUS)),
        ("/missing", (404, "/missing", Problem.STATUS)),
        ("/error", (500, "/error", Problem.STATUS)),
        ("/forbidden", (403, "/forbidden", Problem.NOT_TO_PROGRAMS)),
        ("/nonsense", (None, "/nonsense", Problem.PROTOCOL)),
    ],
)
def test_a_visit_says_where_an_address_leads(network, path, expected):
    status, final, problem = expected
    base = "http://www.example.org"

    assert visit(f"{base}{path}", network) == Visit(status, f"{base}{final}", problem)


@pytest.mark.parametrize("path", ["/inside", "/metadata", "/file", "/mail", "/user"])
def test_no_redirect_leads_inside(network, path):
    found = visit(f"http://www.example.org{path}", network)

    assert (found.status, found.problem) == (None, Problem.NOT_PUBLIC)
    assert set(network.dialled) == {PUBLIC}


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://inside.example.org/", Problem.NOT_PUBLIC),
        ("http://127.0.0.1/", Problem.NOT_PUBLIC),
        ("http://[::1]/", Problem.NOT_PUBLIC),
        ("http://unknown.example.org/", Problem.NAME),
        ("http://www.example.org:8443/", Problem.CONNECTION),
        ("https://www.example.org/", Problem.CONNECTION),
        ("ftp://www.example.org/", Problem.NOT_PUBLIC),
    ],
)
def test_what_cannot_be_visited_is_said(network, url, problem):
    assert visit(url, network).problem == problem


def test_only_the_public_one_of_two_addresses_is_reached(network):
    assert visit("http://two-faced.example.org/page", network).status == 200
    assert network.dialled == [PUBLIC]


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_a_visit_ends_in_time(network, monkeypatch, path):
    monkeypatch.setattr(link_visits, "VISIT_SECONDS", 0.6)
    start = time.monotonic()

    found = visit(f"http://www.example.org{path}", network)

    assert found.problem == Problem.TIMEOUT
    assert time.monotonic() - start < 3 * slowness()


def test_a_look_up_that_does_not_end_is_given_up(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(link_visits, "VISIT_SECONDS", 0.4)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: released.wait(20))
    start = time.monotonic()

    found = visit("http://www.example.org/page")

    released.set()
    assert found.problem == Problem.TIMEOUT
    assert time.monotonic() - start < 3 * slowness()


def test_a_look_up_says_what_the_system_says():
    with pytest.raises(UnicodeError):
        link_visits.look_up("x" * 300, 80, 5)
    assert link_visits.look_up("127.0.0.1", 80, 5)[0][4][0] == "127.0.0.1"


def test_a_visit_asks_no_proxy_and_says_who_it_is(network, server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    assert visit("http://www.example.org/page", network).status == 200

    assert "FutureIndustriesTracker" in server.visited[0][2]["User-Agent"]
