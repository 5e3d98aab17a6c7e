"""Responses at the address of a record that is not public: a redirect, 410 or 404."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from futureind.browse.answers import problem_response
from futureind.browse.headings import heading
from futureind.publishing.public_history import public_history
from futureind.publishing.withdrawals import withdrawal_of


def answer_missing(request, model, slug, address=None):
    """Answer for a slug that no public record has: it was given up, withdrawn, or never public.

    Parameter: ``address`` returns where a renamed record is found now, by default its page. Raises
    Http404 for what was never public.
    """
    record = model.objects.filter(slug=slug).first()
    withdrawal = withdrawal_of(record) if record is not None else None
    if withdrawal is not None:
        return withdrawn_page(request, withdrawal)
    renamed = model.renamed_from(slug)
    if renamed is None or not was_seen(renamed):
        raise Http404
    found_at = address(renamed) if address else renamed.get_absolute_url()
    return HttpResponsePermanentRedirect(found_at)


def was_seen(record):
    is_public = type(record).objects.public().filter(pk=record.pk).exists()
    return is_public or withdrawal_of(record) is not None


def withdrawn_page(request, withdrawal):
    """Say, with status 410, what stood here and since when it does not; why is not public."""
    # Only pages end in a slash; downloads are read by programs.
    if not request.path.endswith("/"):
        return problem_response(410, {})
    record, options = withdrawal.record, withdrawal.record._meta
    name, kind = heading(record), str(capfirst(options.verbose_name))
    context = {
        "withdrawal": withdrawal,
        "record": record,
        "heading": name,
        "kind": kind,
        "page_title": " · ".join([name.plain, kind, _("Withdrawn")]),
        "versions": public_history(record).versions,
        "list_url": reverse(f"{record.url_name}-list"),
        "list_title": capfirst(options.verbose_name_plural),
    }
    response = render(request, "withdrawn.html", context, status=410)
    response["X-Robots-Tag"] = "noindex"
    return response
