"""Previews for people without an account, made once for all of them until anything changes.

A preview is made while nobody else can write. Whoever has a link could ask for it all the time, and
keep editors waiting.
"""

import threading
from collections import OrderedDict

from django.http import HttpResponse
from django.utils import timezone

from futureind.publishing.history import ContentVersion, Revision
from futureind.publishing.locks import NoTurn, waiting_at_most
from futureind.publishing.previews import never_kept, render_preview

MOST_KEPT = 50
# Seconds for which one waits for another who makes a preview in this process.
TURN = 2
# Milliseconds for which whoever makes it waits for those who write.
LOCK_WAIT = 1000

_kept: OrderedDict[tuple, HttpResponse] = OrderedDict()
_making = threading.Lock()


def page(request, shown, record, language, snapshot):
    """Return the response of a preview, made now only where nobody has asked since the last change.

    Parameters: ``shown``, what tells the link's target and its version from others; the rest as for
    :func:`~futureind.publishing.previews.render_preview`. Raises OperationalError where it cannot
    be made soon.
    """
    key = (request.get_host(), request.scheme, shown, language, state())
    found = _kept.get(key) or made_by_one(key, request, record, language, snapshot)
    return never_kept(
        HttpResponse(found.content, found.headers["Content-Type"], status=found.status_code)
    )


def state():
    """Return what previews are made from at this moment; drafts count as well."""
    return (
        ContentVersion.stamp(),
        Revision.objects.order_by("-id").newest_key(),
        timezone.localdate(),
    )


def made_by_one(key, *asked):
    """Make a preview and keep it, while other threads wait for it or for their own."""
    if not _making.acquire(timeout=TURN):
        raise NoTurn("another preview is being made")
    try:
        if key not in _kept:
            with waiting_at_most(LOCK_WAIT):
                _kept[key] = render_preview(*asked)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return _kept[key]
    finally:
        _making.release()
