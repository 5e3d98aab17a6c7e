"""One visit to a web address: politely, within a time, and never into a private network."""

import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import httpcore
import httpx
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

REDIRECTS = 5
HOP_SECONDS = 10
VISIT_SECONDS = 30
# They are global by their numbers and may hold a private address of IPv4: NAT64, 6to4, Teredo.
TUNNELS = [
    ipaddress.ip_network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]
HOME_PAGES = {"", "/", "/index.html", "/index.htm", "/index.shtml", "/index.php", "/default.htm"}
# What servers tell a program, and perhaps not a person with a browser.
NOT_TO_PROGRAMS = {401, 403, 405, 406, 407, 412, 418, 429, 451, 503, 521}


class Problem(models.TextChoices):
    """What was wrong with an address."""

    STATUS = "status", _("the server answered with an error")
    HOME_PAGE = "home-page", _("it leads to a home page")
    NAME = "name", _("the name of the server is not known")
    CONNECTION = "connection", _("the server cannot be reached")
    TIMEOUT = "timeout", _("the server did not answer in time")
    CERTIFICATE = "certificate", _("the certificate of the server is not valid")
    REDIRECTS = "redirects", _("it leads from one address to the next without end")
    NOT_PUBLIC = "not-public", _("it does not lead to a public server")
    PROTOCOL = "protocol", _("the answer cannot be understood")
    NOT_TO_PROGRAMS = "not-to-programs", _("the server does not answer programs")


@dataclass(frozen=True)
class Visit:
    """What a visit found: ``problem`` is empty where the address leads to a page."""

    status: int | None
    final_address: str
    problem: str = ""


class NotPublicError(httpcore.ConnectError):
    """The address is not one of the public network."""


def is_public_address(address):
    """Tell whether an address (text) is one of the public network, which a visit may reach."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    if getattr(found, "scope_id", None) or any(
        found.version == network.version and found in network for network in TUNNELS
    ):
        return False
    refused = (
        *(found.is_multicast, found.is_reserved, found.is_unspecified, found.is_loopback),
        getattr(found, "is_site_local", False),
    )
    return found.is_global and not any(refused)


def is_web_port(port):
    """Tell whether a web server may be behind a port, rather than mail or a shell."""
    return port in (80, 443) or port >= 1024


class PublicNetwork(httpcore.SyncBackend):
    """Connects to public addresses only: what was checked is what is connected to.

    Checking the name first and connecting to it later would ask for its address twice, and a
    hostile server may give two answers.
    """

    def __init__(self, deadline):
        self.deadline = deadline

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        if not is_web_port(port):
            raise NotPublicError(f"port {port}")
        public = [address for address in self.resolve(host, port) if is_public_address(address)]
        if not public:
            raise NotPublicError(host)
        return TimedStream(self.dial(public[0], port, self.left(timeout)), self)

    def resolve(self, host, port):
        """Return the addresses of a host, as texts."""
        return [entry[4][0] for entry in look_up(host, port, self.left(None))]

    def dial(self, address, port, timeout):
        return super().connect_tcp(address, port, timeout)

    def connect_unix_socket(self, *args, **kwargs):
        raise NotPublicError("a socket of this machine")

    def left(self, timeout):
        """Return how long the next step may take; raises ReadTimeout when the time is up."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, HOP_SECONDS if timeout is None else timeout)


def look_up(host, port, seconds):
    """Return what the system says of the name of a host; raises ConnectTimeout after so long.

    The system's own look-up knows no limit. It goes on in a thread that nobody waits for, and ends
    when its name servers have been asked in vain.
    """
    answers = SimpleQueue()

    def ask():
        try:
            answers.put((socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), None))
        except (OSError, UnicodeError) as error:
            answers.put(([], error))

    threading.Thread(target=ask, name=f"look-up of {host}", daemon=True).start()
    try:
        found, error = answers.get(timeout=seconds)
    except Empty:
        raise httpcore.ConnectTimeout(host) from None
    if error is not None:
        raise error
    return found


class TimedStream(httpcore.NetworkStream):
    """A connection on which all steps together end at the deadline, however slowly bytes drip."""

    def __init__(self, stream, network):
        self.stream, self.network = stream, network

    def read(self, max_bytes, timeout=None):
        return self.stream.read(max_bytes, self.network.left(timeout))

    def write(self, buffer, timeout=None):
        self.stream.write(buffer, self.network.left(timeout))

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        secured = self.stream.start_tls(ssl_context, server_hostname, self.network.left(timeout))
        return TimedStream(secured, self.network)

    def close(self):
        self.stream.close()

    def get_extra_info(self, info):
        return self.stream.get_extra_info(info)


class PublicTransport(httpx.HTTPTransport):
    """httpx over a network of our own; no proxy of the environment is asked."""

    def __init__(self, network):
        super().__init__(trust_env=False)
        # httpx has no public way to set it; its version is pinned.
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=network
        )


def visit(address, network=PublicNetwork):
    """Visit an address and follow its redirects; return a :class:`Visit`, whatever happens.

    ``network`` makes the network for the visit from its deadline; tests give one of their own.
    Only the head of each answer is read.
    """
    seen = [address]
    transport = PublicTransport(network(time.monotonic() + VISIT_SECONDS))
    headers = {
        "User-Agent": f"Mozilla/5.0 (compatible; FutureIndustriesTracker link check; "
        f"+{settings.SITE_URL})",
        "Accept": "text/html,application/xhtml+xml,application/pdf,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
    }
    try:
        with httpx.Client(transport=transport, headers=headers, trust_env=False) as client:
            return follow(client, seen)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return Visit(None, seen[-1], problem)


def follow(client, seen):
    """Go from redirect to redirect; every address that is reached is added to ``seen``."""
    request = client.build_request("GET", seen[0])
    for _hop in range(REDIRECTS + 1):
        if request.url.scheme not in ("http", "https") or request.url.userinfo:
            return Visit(None, seen[-1], Problem.NOT_PUBLIC)
        response = client.send(request, stream=True)
        response.close()
        if response.next_request is None:
            return judge(seen[0], str(response.url), response.status_code)
        request = response.next_request
        seen.append(str(request.url))
    return Visit(response.status_code, seen[-1], Problem.REDIRECTS)


def judge(address, final, status):
    """Return the Visit for the last answer: a page, or what is wrong with it."""
    if status in NOT_TO_PROGRAMS:
        return Visit(status, final, Problem.NOT_TO_PROGRAMS)
    if not 200 <= status < 300:
        return Visit(status, final, Problem.STATUS)
    if is_home_page(final) and not is_home_page(address):
        return Visit(status, final, Problem.HOME_PAGE)
    return Visit(status, final)


def is_home_page(address):
    """Tell whether an address is the front door of its server."""
    url = httpx.URL(address)
    return url.path.lower() in HOME_PAGES and not url.query


def problem_of(error):
    """Return the Problem that an exception of a visit stands for, None where it is a mistake."""
    causes = []
    while error is not None:
        causes.append(error)
        error = error.__cause__ or error.__context__
    for kinds, problem in (
        ((NotPublicError,), Problem.NOT_PUBLIC),
        ((socket.gaierror,), Problem.NAME),
        ((ssl.SSLCertVerificationError,), Problem.CERTIFICATE),
        ((httpx.TimeoutException, httpcore.TimeoutException), Problem.TIMEOUT),
        ((httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError), Problem.PROTOCOL),
        ((httpx.RemoteProtocolError, httpx.LocalProtocolError), Problem.PROTOCOL),
        ((httpx.NetworkError, OSError), Problem.CONNECTION),
        ((httpx.HTTPError,), Problem.PROTOCOL),
    ):
        if any(isinstance(cause, kinds) for cause in causes):
            return problem
    return None
