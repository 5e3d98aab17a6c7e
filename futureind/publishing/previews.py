"""The public page of a record as it would be, rendered in a transaction that is rolled back."""

import copy
from contextlib import contextmanager

from django.http import QueryDict
from django.urls import resolve
from django.utils.cache import patch_cache_control
from django.utils.translation import override

from futureind.publishing import visibility, workflow
from futureind.publishing.apart import apart
from futureind.publishing.applying import apply_snapshot


@contextmanager
def as_if_published(record, snapshot=None):
    """Publish a record and its owners within the block, and roll that back at its end.

    Parameters: ``snapshot``, what the record is to hold within the block. Yields the record and
    the validation errors, as a list of sentences.
    """
    with apart():
        # A copy, since a rollback does not undo changes of the object in memory.
        record = type(record)._base_manager.get(pk=record.pk)
        problems = apply_snapshot(record, snapshot, provisional=True) if snapshot else []
        workflow.pretend_published(record)
        yield type(record)._base_manager.get(pk=record.pk), problems


def render_preview(request, record, language, snapshot=None):
    """Return the response of the public page of a record, in one language; never cached.

    Parameters: ``snapshot``, what the page shows; by default what the record holds.
    """
    is_seen = snapshot is None and visibility.is_visible(record)
    with as_if_published(record, snapshot) as (shown, _problems), override(language):
        # What shares a page is shown with all of it.
        address, _hash, _fragment = shown.get_absolute_url().partition("#")
        match = resolve(address)
        asked = copy.copy(request)
        # The page cache reads its marks here, and must not see one of the page.
        asked.META = {**request.META, "QUERY_STRING": "", "PATH_INFO": address}
        asked.method, asked.GET, asked.POST = "GET", QueryDict(), QueryDict()
        asked.path = asked.path_info = address
        asked.resolver_match, asked.LANGUAGE_CODE = match, language
        asked.is_preview, asked.is_seen = True, is_seen
        response = match.func(asked, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response.render()
    return never_kept(response)


def never_kept(response):
    """Tell caches and search engines to leave a response alone."""
    patch_cache_control(response, no_store=True, private=True)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
