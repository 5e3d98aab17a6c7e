"""What happens to accounts, written down: who logged in, who failed, who changed whose role."""

import ipaddress
import logging
from datetime import timedelta

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils import timezone

from futureind.accounts.models import NAME_LENGTH, SecurityAction, SecurityEvent

# Removed by one run, and seconds between two.
MANY, FORGET_EVERY = 5000, 3600
# Stands in no name of an account.
SECOND_STEP = "#"
SIGNED_IN_AT = "signed_in_at"

log = logging.getLogger("futureind.security")


def write_down(request, action, account, *, by=None, detail=""):
    """Keep a security event, and say it in the log.

    Parameters: ``account``, the name of the account concerned; ``by``, that of the account that
    acts, where it is another one; ``detail``, what else there is to know.
    """
    event = SecurityEvent.objects.create(
        action=action,
        user_name=(by or account)[:NAME_LENGTH],
        account=account[:NAME_LENGTH],
        address=client_address(request),
        detail=detail[:500],
    )
    # Quoted: what somebody typed as a name could otherwise look like a line of its own.
    log.info(
        "%s account=%r by=%r address=%s %s",
        *(event.action, event.account, event.user_name, event.address, event.detail),
    )
    return event


def forget_old_events():
    """Remove the events that are older than they are to be kept; return how many."""
    if not settings.SECURITY_EVENT_DAYS:
        return 0
    before = timezone.now() - timedelta(days=settings.SECURITY_EVENT_DAYS)
    # The first run on an old site leaves the rest to the next ones, so that nobody waits for it.
    oldest = SecurityEvent.objects.filter(at__lt=before).order_by("at")
    keys = list(oldest.values_list("pk", flat=True)[:MANY])
    return SecurityEvent.objects.filter(pk__in=keys).delete()[0]


def second_step_of(name):
    """Return the name under which wrong codes of an account are counted.

    It is longer than any that can be typed: who guesses codes holds up nobody's password.
    """
    return name.ljust(NAME_LENGTH + 1, SECOND_STEP)


def account_of(name):
    """Return the name of the account that failures are counted under a name for."""
    return name.rstrip(SECOND_STEP) if len(name) > NAME_LENGTH else name


def client_address(request):
    """Return the network address of who asks, None where it is not known.

    With PROXY_COUNT proxies in front it is the entry of X-Forwarded-For that the outermost of
    them wrote; what stands left of it came from the visitor and is not believed.
    """
    if request is None:
        return None
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= settings.PROXY_COUNT:
            address = forwarded[-settings.PROXY_COUNT].strip()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def connect():
    """Listen to what Django and the throttle say about log-ins."""
    for signal, receiver in (
        (user_logged_in, on_log_in),
        (user_logged_out, on_log_out),
        (user_login_failed, on_failure),
        (user_locked_out, on_lock_out),
    ):
        signal.connect(receiver, dispatch_uid=f"futureind.security.{receiver.__name__}")


def on_log_in(sender, request, user, **kwargs):
    request.session[SIGNED_IN_AT] = int(timezone.now().timestamp())
    write_down(request, SecurityAction.LOGGED_IN, user.get_username())


def on_log_out(sender, request, user, **kwargs):
    if user is not None:
        write_down(request, SecurityAction.LOGGED_OUT, user.get_username())


def on_failure(sender, credentials, request=None, **kwargs):
    # A lock-out is written down itself; who goes on after it cannot fill the table.
    if not getattr(request, "axes_locked_out", False):
        detail = str(credentials.get("second_factor", ""))
        name = account_of(credentials.get("username") or "")
        write_down(request, SecurityAction.FAILED, name, detail=detail)


def on_lock_out(sender, request, username, **kwargs):
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    name = account_of(username or "")
    known = SecurityEvent.objects.filter(
        action=SecurityAction.LOCKED_OUT,
        account=name[:NAME_LENGTH],
        address=client_address(request),
        at__gte=since,
    )
    if not known.exists():
        write_down(request, SecurityAction.LOCKED_OUT, name)
