"""Pages of the site as a whole: the way in, the texts about it, errors, robots."""

import logging
import re
import sys

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from futureind.browse.answers import Answer, Html, PublicPage
from futureind.browse.headings import heading
from futureind.core.output_forms import FORMS
from futureind.core.trouble import trouble_of
from futureind.search.index import number_of_public
from futureind.search.near import meant_by

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
WORDS = re.compile(r"[^\W_]{1,40}")
MOST_WORDS = 8
# What is left out of texts that are sent back: NUL, and halves of characters.
UNKEPT = dict.fromkeys([0, *range(0xD800, 0xE000)])


def choose_language(request):
    """Send a visitor of ``/`` to the home page in the language that the browser asks for."""
    language = get_language_from_request(request)
    response = HttpResponseRedirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


class Page(PublicPage):
    """A page of text; ``template_name`` is given in the URL configuration.

    So is ``form_class``, where the page can be shown in several ways.
    """

    template_name = None

    def html(self):
        return Html(self.template_name, {"options": self.asked})


class DataPage(PublicPage):
    """What there is to take away: ``lists`` are the public lists, each in all of its forms."""

    lists = ()

    def html(self):
        lists = [
            {
                "title": one.title(),
                "address": reverse(f"{one.model.index_kind}-list"),
                "count": number_of_public(one.model),
                "forms": [
                    (form.label, reverse(f"{one.model.index_kind}-list-form", args=[form]))
                    for form in FORMS.values()
                    if form.part_of(files_of(one)) is not None
                ],
            }
            for one in self.lists
        ]
        return Html("data.html", {"lists": lists})


def files_of(one):
    """Return the Answer of a list without its page."""
    return Answer(table=one.table, data=one.data, feed=one.feed, calendar=one.calendar)


def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def bad_request(request, exception):
    return render(request, "400.html", {"words": words_of(request.path)}, status=400)


def permission_denied(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception, lists=()):
    """Say that there is no such page; ``lists`` are those among which it may have been meant."""
    view, records = meant_by(request.path, lists)
    near = [(record.get_absolute_url(), heading(record)) for record in records]
    if view is not None:
        near.append((reverse(f"{view.model.index_kind}-list"), view().title()))
    context = {"near": near, "words": words_of(request.path)}
    return render(request, "404.html", context, status=404)


def words_of(path):
    """Return the words of an address as somebody would search for them."""
    last = path.rstrip("/").rpartition("/")[2]
    return " ".join(WORDS.findall(last.partition(".")[0])[:MOST_WORDS])


def too_large(request):
    limit = settings.MOST_BYTES_SENT // MEGABYTE
    return render(request, "413.html", {"limit": limit}, status=413)


def server_error(request):
    # What failed before any view, or after it, comes here.
    if trouble := in_trouble(request, sys.exc_info()[1]):
        return trouble
    # No query and no other template tag with one: the database may be what failed.
    return render(request, "500.html", status=500)


def in_trouble(request, error):
    """Answer what the database could not do now, None where an error is something else."""
    trouble = trouble_of(error)
    if trouble is None:
        return None
    logger.warning("%s %s was not answered: %s", request.method, request.path, error)
    if not request.path.startswith(reverse("admin:index")):
        return unavailable(request)
    context = {"title": _("Not now"), "why": trouble.label, "nothing_saved": True}
    response = render(request, "admin/again.html", context | typed(request), status=503)
    response["Retry-After"] = "5"
    return response


def unreadable(request, why):
    """Answer an address or a form of the admin that cannot be worked on, and say why."""
    context = {"title": _("This request could not be read"), "why": why, "nothing_saved": False}
    return render(request, "admin/again.html", context | typed(request), status=400)


def typed(request):
    """Return what a form sent, for a page from which it can be sent again."""
    fields = [
        (name, text.translate(UNKEPT))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not is_secret(name)
        for text in values
    ]
    return {
        "fields": fields,
        "shown": [(name, text) for name, text in fields if text.strip() and "_FORMS" not in name],
        "has_secrets": any(map(is_secret, request.POST)),
        "has_files": bool(request.FILES),
        "address": request.get_full_path(),
        "site_header": admin.site.site_header,
        "site_title": admin.site.site_title,
    }


def is_secret(name):
    """Tell whether a field holds what is never shown: a password, or a code."""
    return "password" in name or name == "code"


def unavailable(request):
    """Answer a page that needs the database while that is away."""
    response = render(request, "500.html", status=503)
    response["Retry-After"] = "5"
    return response
