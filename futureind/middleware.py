"""Headers that every answer carries."""

from django.conf import settings

from futureind import views
from futureind.browse.cache import DATABASE_AWAY


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


class DatabaseAwayMiddleware:
    """Answer at once what the page cache knows not to be answerable now."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.META.get(DATABASE_AWAY):
            return views.unavailable(request)
        return self.get_response(request)
