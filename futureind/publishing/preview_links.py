"""Addresses at which people without an account see a draft or a proposal, for a while."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_from_request, override

from futureind.publishing.models.preview_links import SALT, PreviewLink
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.previews import never_kept, render_preview

# For how many days a link may hold.
DAYS = (1, 7, 30)


def share(target, *, user, days, note=""):
    """Return a new PreviewLink to a record or proposal that holds for so many days."""
    return PreviewLink.objects.create(
        record=target, user=user, note=note, expires_at=timezone.now() + timedelta(days=days)
    )


def preview(request, token, language=None):
    """Show what a preview link leads to; 410 where there is nothing to show any more."""
    if request.method not in ("GET", "HEAD"):
        return never_kept(HttpResponseNotAllowed(["GET", "HEAD"]))
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    spoken = [code for code, _name in settings.LANGUAGES]
    if language is None:
        language = get_language_from_request(request)
        return never_kept(HttpResponseRedirect(reverse("preview", args=[token, language])))
    if language not in spoken:
        raise Http404
    link = PreviewLink.objects.filter(pk=pk).first()
    record, snapshot = shown_by(link) if link is not None and link.is_valid else (None, None)
    if record is None:
        with override(language):
            return never_kept(render(request, "preview_gone.html", status=410))
    return render_preview(request, record, language, snapshot)


def shown_by(link):
    """Return the record of a link and the snapshot to show, Nones where there is none any more."""
    record, snapshot = link.record, None
    if isinstance(record, Proposal):
        if not record.is_open:
            return None, None
        record, snapshot = record.record, record.snapshot
    if record is None or was_withdrawn_after(record, link.created_at):
        return None, None
    return record, snapshot


def was_withdrawn_after(record, moment):
    """Tell whether a record, or one that it stands on, was withdrawn after a moment."""
    return any(
        Revision.objects.of(shown).filter(action=Action.WITHDRAWN, created_at__gt=moment).exists()
        for shown in record.decided_by
    )
