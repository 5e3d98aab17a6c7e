"""Middleware: security headers, size limit, session lifetime, errors of the database."""

import re
import time

from django.conf import settings
from django.contrib.auth import logout
from django.utils.translation import gettext as _

from futureind import views
from futureind.accounts.security import SIGNED_IN_AT
from futureind.pagecache.cache import DATABASE_AWAY
from futureind.publishing.models.content_version import stamp_read_once

SEEN_AT = "seen_at"
# How exactly the last request is noted; a row is written so often at most.
SEEN_SECONDS = 60
# Halves of characters, and NUL.
NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class ContentSecurityPolicyMiddleware:
    """Add the policy of the setting SECURE_CSP to every response that has none.

    Named as in Django 6 (``django.middleware.csp``), which can replace it.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(
            f"{directive} {' '.join(sources)}" for directive, sources in settings.SECURE_CSP.items()
        )

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class PermissionsPolicyMiddleware:
    """Switch off the browser features named in the setting PERMISSIONS_POLICY on every response."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = ", ".join(f"{feature}=()" for feature in settings.PERMISSIONS_POLICY)

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.policy)
        return response


class SizeLimitMiddleware:
    """Refuse what is larger than the setting MOST_BYTES_SENT before a byte of it is read.

    Django reads as many bytes as the length says; of what comes in chunks, without one, it reads
    nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            # Django reads nothing then either.
            length = 0
        if length > settings.MOST_BYTES_SENT:
            return views.too_large(request)
        return self.get_response(request)


class DatabaseAwayMiddleware:
    """Answer 503 at once to requests that the page cache marked: the database is away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.META.get(DATABASE_AWAY):
            return views.unavailable(request)
        return self.get_response(request)


class OneStateMiddleware:
    """Read the stamp of the content once for each request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with stamp_read_once():
            return self.get_response(request)


class TroubleMiddleware:
    """Refuse characters that cannot be stored, and explain errors of the database.

    In both cases people get back what they typed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, options):
        # Other pages take no text that reaches the database as it is, and the log-in tells nobody
        # what is wrong with a name.
        asked = request.resolver_match
        is_checked = "admin" in asked.app_names and asked.view_name != "admin:login"
        if is_checked and holds_no_text(request):
            why = _("It holds characters that no text can hold, such as NUL.")
            return views.unreadable(request, why)
        return None

    def process_exception(self, request, exception):
        return views.in_trouble(request, exception)


def holds_no_text(request):
    """Tell whether an address or a form holds characters that cannot be stored."""
    if NO_TEXT.search(request.path):
        return True
    return any(
        NO_TEXT.search(text)
        for data in (request.GET, request.POST)
        for name, values in data.lists()
        for text in (name, *values)
    )


class SessionRulesMiddleware:
    """End sessions that are too old, or that nobody used for too long."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Without the cookie there is no session, and asking for it would make the page personal.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self.apply(request)
        return self.get_response(request)

    def apply(self, request):
        now, session = int(time.time()), request.session
        signed_in, seen = session.get(SIGNED_IN_AT, now), session.get(SEEN_AT, now)
        too_old = now - signed_in > settings.SESSION_COOKIE_AGE
        if too_old or now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
        elif SEEN_AT not in session or now - seen > SEEN_SECONDS:
            session[SEEN_AT] = now
