"""Pages of the site as a whole: the way in, the texts about it, errors, robots."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.generic import TemplateView

from futureind.browse.cache import mark_cacheable
from futureind.browse.options import options_of, plain_address

MEGABYTE = 1024 * 1024


def choose_language(request):
    """Send a visitor of ``/`` to the home page in the language that the browser asks for."""
    language = get_language_from_request(request)
    response = HttpResponseRedirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


class Page(TemplateView):
    """A page of text; ``template_name`` is given in the URL configuration.

    So is ``options_class``, a Form, where the page can be shown in several ways.
    """

    options_class = None

    def get(self, request):
        if plain := plain_address(request, self.options_class):
            return HttpResponseRedirect(plain)
        options, query, status = options_of(request, self.options_class)
        mark_cacheable(request, query)
        context = self.get_context_data(options=options, canonical_query=query)
        return self.render_to_response(context, status=status)


def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def bad_request(request, exception):
    return render(request, "400.html", status=400)


def permission_denied(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return render(request, "404.html", status=404)


def too_large(request):
    limit = settings.MOST_BYTES_SENT // MEGABYTE
    return render(request, "413.html", {"limit": limit}, status=413)


def server_error(request):
    # No query and no other template tag with one: the database may be what failed.
    return render(request, "500.html", status=500)


def unavailable(request):
    """Answer a page that needs the database while that is away."""
    response = render(request, "500.html", status=503)
    response["Retry-After"] = "5"
    return response
