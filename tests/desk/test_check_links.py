"""Links that records name: visited politely, never inside the network, broken only after days."""

import contextlib
import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import PolicyDocument
from futureind.desk import link_visits
from futureind.desk.addresses import address_columns, enter_addresses, named_by
from futureind.desk.link_visits import (
    Problem,
    PublicNetwork,
    Visit,
    is_public_address,
    is_web_port,
    visit,
)
from futureind.desk.management.commands import check_links
from futureind.desk.models import LinkCheck, LinkState
from futureind.publishing.models.sources import Source
from tests.admin_browser import act, address, texts
from tests.conftest import slowness
from tests.factories import make_document, make_source

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


PUBLIC = "93.184.215.14"


class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.visited.append((time.monotonic(), self.path, dict(self.headers)))
        path = self.path.partition("?")[0]
        if path == "/slow":
            self.server.released.wait(20)
        if path == "/drip":
            with contextlib.suppress(OSError):
                for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200:
                    self.wfile.write(bytes([letter]))
                    if self.server.released.wait(0.1):
                        return
            return
        if path == "/nonsense":
            self.wfile.write(b"not http at all\r\n\r\n")
            return
        status, location = self.server.pages.get(path, (404, None))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    server.visited, server.released = [], threading.Event()
    server.pages = {
        "/": (200, None),
        "/page": (200, None),
        "/moved": (301, "/page"),
        "/中文": (200, None),
        "/to-chinese": (302, "/%E4%B8%AD%E6%96%87"),
        "/%E4%B8%AD%E6%96%87": (200, None),
        "/home": (302, "http://www.example.org/"),
        "/loop": (302, "/loop"),
        "/inside": (302, "http://10.0.0.5/"),
        "/metadata": (302, "http://169.254.169.254/latest"),
        "/file": (302, "file:///etc/passwd"),
        "/mail": (302, "http://www.example.org:25/"),
        "/user": (302, "http://a:b@www.example.org/page"),
        "/gone": (410, None),
        "/error": (500, None),
        "/forbidden": (403, None),
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def network(server):
    """A network in which every name is public and leads to the server of the test."""

    class Loopback(PublicNetwork):
        dialled = []

        def resolve(self, host, port):
            if host == "unknown.example.org":
                raise socket.gaierror(-2, "Name or service not known")
            if host == "two-faced.example.org":
                return ["10.0.0.5", PUBLIC]
            if host == "inside.example.org":
                return ["192.168.0.1"]
            return [host if ":" in host or host[0].isdigit() else PUBLIC]

        def dial(self, address, port, timeout):
            self.dialled.append(address)
            if port == 8443:
                raise ConnectionRefusedError
            return super().dial("127.0.0.1", server.server_port, timeout)

    Loopback.dialled = []
    return Loopback


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


# What is thought of it


FAILED, WORKED = Visit(404, "http://a.org/x", Problem.STATUS), Visit(200, "http://a.org/x")


def states_after(*visits):
    """Return the state after each of the ``(hours after the first, visit)`` pairs."""
    link, start = LinkCheck(address="http://a.org/x"), timezone.now()
    states = []
    for hours, found in visits:
        link.note(found, start + timedelta(hours=hours))
        states.append(str(link.state))
    return states


def test_a_link_is_broken_only_after_failures_over_days():
    assert states_after((0, FAILED)) == ["again"]
    assert states_after(*[(hour, FAILED) for hour in range(10)]) == ["again"] * 10
    assert states_after((0, FAILED), (80, FAILED)) == ["again", "again"]
    assert states_after((0, FAILED), (24, FAILED), (73, FAILED)) == ["again", "again", "broken"]


def test_one_success_starts_anew():
    visits = [(0, FAILED), (24, FAILED), (48, WORKED), (72, FAILED), (96, FAILED)]

    assert states_after(*visits) == ["again", "again", "works", "again", "again"]


def test_a_server_that_refuses_programs_is_no_failure():
    refused = Visit(403, "http://a.org/x", Problem.NOT_TO_PROGRAMS)

    assert states_after((0, refused), (100, refused), (200, refused)) == ["by-hand"] * 3


# The command


@pytest.fixture
def sources(db, server, network, monkeypatch):
    """Three sources and a document on one server, and the command led to it."""
    Source.objects.exclude(url="").update(url="", archived_url="")
    for model, column in address_columns():
        model.objects.exclude(**{column: ""}).update(**{column: ""})
    monkeypatch.setattr(check_links, "visit", lambda address: visit(address, network))
    make_document(official_url="http://www.example.org/page", sources=[])
    return [
        make_source(url=f"http://www.example.org{path}") for path in ("/page", "/gone", "/home")
    ]


def paths_of(server):
    return sorted(path for _at, path, _headers in server.visited)


def run(*options):
    out = StringIO()
    call_command("check_links", *options, stdout=out)
    return out.getvalue()


def test_every_address_is_visited_once_and_kept(sources, server):
    output = run("--delay=0")

    assert sorted(path for _at, path, _headers in server.visited) == [
        "/",
        "/gone",
        "/home",
        "/page",
    ]
    found = {link.address.rpartition("/")[2]: link for link in LinkCheck.objects.all()}
    assert (found["page"].state, found["page"].status) == (LinkState.WORKS, 200)
    assert (found["gone"].state, found["gone"].status) == (LinkState.AGAIN, 410)
    assert found["home"].final_address == "http://www.example.org/"
    assert "1 works" in output
    assert "2 to be checked again" in output


def test_a_second_run_visits_only_what_is_due(sources, server):
    run("--delay=0")
    server.visited.clear()
    run("--delay=0")
    assert server.visited == []

    LinkCheck.objects.update(checked_at=timezone.now() - timedelta(days=1))
    run("--delay=0")

    assert paths_of(server) == ["/", "/gone", "/home"]


def test_a_run_goes_on_where_the_last_one_ended(sources, server):
    run("--delay=0", "--limit=1")
    run("--delay=0", "--limit=1")
    assert len({path for _at, path, _headers in server.visited} - {"/"}) == 2
    assert LinkCheck.objects.filter(checked_at=None).count() == 1


def test_a_server_is_left_alone_between_two_visits(sources, server):
    LinkCheck.objects.all().delete()
    Source.objects.filter(url__endswith="/home").update(url="")

    run("--delay=0.4")

    first, second = (at for at, _path, _headers in server.visited)
    assert second - first >= 0.4


def test_a_run_ends_when_its_time_is_up(sources, server):
    output = run("--delay=60", "--minutes=0.01")

    assert LinkCheck.objects.exclude(checked_at=None).count() == 1
    assert "2 addresses are left for the next run" in output


def test_an_address_that_nobody_names_is_forgotten(sources):
    enter_addresses()
    Source.objects.filter(pk=sources[1].pk).update(url="")

    enter_addresses()

    assert sorted(LinkCheck.objects.values_list("address", flat=True)) == [
        "http://www.example.org/home",
        "http://www.example.org/page",
    ]


def test_an_address_knows_all_records_that_name_it(sources):
    url = "http://www.example.org/page"

    found = named_by([url])

    assert {type(record) for record, _column in found[url]} == {PolicyDocument, Source}


# In the admin


def test_editors_see_the_links_and_the_records_that_name_them(editor_client, sources):
    run("--delay=0")

    page = editor_client.get(address(LinkCheck, "changelist"), {"state__exact": "again"})

    html = page.content.decode()
    assert str(sources[1]) in html
    assert str(sources[0]) not in html
    assert address(sources[1], "change", sources[1].pk) in html


def test_a_link_that_was_opened_by_hand_works(editor_client, sources):
    run("--delay=0")
    link = LinkCheck.objects.get(address__endswith="/gone")

    answer = act(editor_client, LinkCheck, "works_by_hand", [link])

    link.refresh_from_db()
    assert (link.state, link.first_failed_at) == (LinkState.WORKS, None)
    assert "1 link works." in texts(answer)


def test_who_may_not_change_a_source_does_not_settle_a_link(sources):
    from django.contrib.auth.models import Permission
    from django.test import Client

    user = get_user_model().objects.create_user("looker", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_linkcheck"))
    client = Client()
    client.force_login(user)
    enter_addresses()
    link = LinkCheck.objects.first()

    act(client, LinkCheck, "works_by_hand", [link])

    link.refresh_from_db()
    assert link.state == LinkState.AGAIN
