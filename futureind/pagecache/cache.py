"""The page cache: whole public responses, kept in the process and in front of Django.

A page is kept under its address and the state it was computed from: the content version and the
day. A publish raises the version in its own transaction, and every request reads it, so from the
commit on no process sends an older page. docs/decisions/0008-page-cache.md says why it is so.
"""

import re
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port
from django.utils import timezone

from futureind.pagecache.page_store import Flights, Page, PageStore, choose_coding, matches

# Marks in the environment of a request, which the cache shares with the views behind it.
CACHEABLE = "futureind.cacheable"
DATABASE_AWAY = "futureind.database_away"
PAGE_CACHE = "futureind.page_cache"

# Browsers ask every time, and mostly learn that nothing has changed. A CDN answers for half a
# minute by itself, so that much later it shows a publish at most, and for a day while the site is
# down.
FRESH = "public, max-age=0, s-maxage=30, stale-if-error=86400"
# What was kept from before the database went away is old as soon as it is back.
LAST_KNOWN = "no-cache"
UNCACHED = "private, no-cache"

# A key as Django makes them; whatever else a cookie says names no session.
SESSION_KEY = re.compile(r"[a-z0-9]{32}")

# A response with one of these is for somebody in particular, whatever its view says.
PERSONAL = {"set-cookie", "cache-control", "vary"}


def mark_cacheable(request, query=""):
    """Let the page cache keep the response to a request, if it comes to status 200.

    For views whose response depends on nothing but the address, public content and the day.
    Parameter: ``query``, the canonical query string of the page; at any other spelling of the same
    page nothing is kept.
    """
    if request.META.get("QUERY_STRING", "") == query:
        request.META[CACHEABLE] = True


@dataclass
class Response:
    """What the application answered: the status line, pairs of headers, an iterable of bytes."""

    status: str
    headers: list
    body: object

    def close(self):
        # Django lets go of its database connection here.
        if hasattr(self.body, "close"):
            self.body.close()

    def is_for_everybody(self):
        return self.status.startswith("200 ") and not any(
            name.lower() in PERSONAL for name, _value in self.headers
        )


class PageCache:
    """A WSGI application in front of another, Django's.

    Parameters: ``application``; ``versions``, a VersionReader; ``limit``, how many bytes of pages
    to keep in this process.
    """

    def __init__(self, application, versions, limit):
        self.application = application
        self.versions = versions
        self.pages = PageStore(limit)
        self.flights = Flights()
        self.public = tuple(f"/{language}/" for language, _name in settings.LANGUAGES)

    def __call__(self, environ, start_response):
        environ[PAGE_CACHE] = self
        if not environ["PATH_INFO"].startswith(self.public):
            return self.application(environ, start_response)
        address = address_of(environ)
        state = self.state()
        if address is None or (state and self.has_session(environ)):
            return send(self.ask(environ), environ, start_response)
        # Nothing that a cookie says may come into a page that others get.
        environ.pop("HTTP_COOKIE", None)
        if state is None:
            return self.answer_from_memory(address, environ, start_response)
        page = self.pages.get(address, state)
        if page is not None:
            return send_page(page, "hit", FRESH, environ, start_response)
        return self.answer_computed(address, state, environ, start_response)

    def state(self):
        """Return the content version and the day, or None if they cannot be read.

        Always to be read before a page is computed: a page that is older than its state would be
        sent until the next publish.
        """
        version = self.versions.read()
        if version is None:
            return None
        return version, datetime.now(timezone.get_default_timezone()).date()

    def has_session(self, environ):
        """Tell whether who asks sends the key of a session that there is.

        To be asked after the state was. Any other cookie a stranger makes up: it must not lead past
        the pages that are kept.
        """
        cookie = environ.get("HTTP_COOKIE", "")
        if settings.SESSION_COOKIE_NAME not in cookie:
            return False
        key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
        return bool(SESSION_KEY.fullmatch(key)) and self.versions.has_session(key)

    def answer_from_memory(self, address, environ, start_response):
        """Send a stale page while the database is away, or an error at once.

        Django would try to reach the database, and could wait for it in all threads of the process.
        """
        page = self.pages.last_known(address)
        if page is not None:
            return send_page(page, "hit; detail=last-known", LAST_KNOWN, environ, start_response)
        environ[DATABASE_AWAY] = True
        return send(self.ask(environ), environ, start_response)

    def answer_computed(self, address, state, environ, start_response):
        """Answer a page that is not cached in this state; one thread computes it for all."""
        flight = (address, state)
        is_first = self.flights.join(flight)
        try:
            # Also the first looks again: another may have landed since it looked.
            page, source = self.pages.get(address, state), "fwd=miss; collapsed"
            if page is None:
                response = self.ask(environ)
                page, source = self.keep(address, state, environ, response), "fwd=miss"
        finally:
            if is_first:
                self.flights.land(flight)
        if page is None:
            return send(response, environ, start_response)
        return send_page(page, source, FRESH, environ, start_response)

    def ask(self, environ):
        """Return the Response of the application; to HEAD it is asked what it would say to GET."""
        if environ["REQUEST_METHOD"] == "HEAD":
            environ["REQUEST_METHOD"] = "GET"
            try:
                return self.ask(environ)
            finally:
                environ["REQUEST_METHOD"] = "HEAD"
        started = []

        def start_response(status, headers, exc_info=None):
            # Django never calls the function to write with that WSGI would have returned here.
            started[:] = status, headers

        body = self.application(environ, start_response)
        return Response(*started, body)

    def keep(self, address, state, environ, response):
        """Return the Page of a response, kept for others, or None if it is not to be kept."""
        if not environ.get(CACHEABLE) or not response.is_for_everybody():
            return None
        try:
            body = b"".join(response.body)
        finally:
            response.close()
        headers = [pair for pair in response.headers if pair[0].lower() != "content-length"]
        page = Page(state, headers, body)
        # A page that a publish has overtaken does not take the place of a newer one.
        if self.state() == state:
            self.pages.put(address, page)
        return page


def address_of(environ):
    """Return what tells one public page from another, or None for all that is more than reading."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    host = host_name(environ.get("HTTP_HOST", ""))
    if not host:
        return None
    return (
        environ["wsgi.url_scheme"],
        host,
        environ.get("SCRIPT_NAME", ""),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
    )


@lru_cache(maxsize=64)
def host_name(header):
    """Return the name in a Host header, empty if it is malformed.

    Any port may be written behind it, which would make any number of addresses of one page.
    """
    return split_domain_port(header)[0]


def send(response, environ, start_response):
    """Send a response of a public address that is not kept."""
    headers = response.headers
    if not any(name.lower() == "cache-control" for name, _value in headers):
        headers = [*headers, ("Cache-Control", UNCACHED)]
    if response.status.startswith("410 "):
        # Takes the place of the page, so that it cannot come back while the site is away.
        headers = [fresh_now(), *headers]
    start_response(response.status, headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        response.close()
        return []
    return response.body


def fresh_now():
    """Return the header by which nginx keeps a response until the second is over.

    It stands before ``Cache-Control``: after it nginx no longer goes by that. nginx does not hand
    it on.
    """
    return "X-Accel-Expires", f"@{int(time.time())}"


def send_page(page, source, cache_control, environ, start_response):
    """Send a Page in the form that the client likes best, or say that the client has it.

    Parameters: ``source``, how the cache came by it, and ``cache_control``, both as in the headers.
    """
    coding = choose_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    etag = page.etag(coding)
    headers = [
        *([fresh_now()] if cache_control is FRESH else []),
        ("ETag", etag),
        ("Cache-Control", cache_control),
        ("Vary", "Accept-Encoding"),
        ("Cache-Status", f"tracker; {source}"),
    ]
    if matches(environ.get("HTTP_IF_NONE_MATCH"), etag):
        start_response("304 Not Modified", headers)
        return []
    body = page.body(coding)
    headers += [*page.headers, ("Content-Length", str(len(body)))]
    if coding != "identity":
        headers.append(("Content-Encoding", coding))
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
