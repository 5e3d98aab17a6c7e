"""The second factor of staff: an app that shows one-time codes, and recovery codes on paper."""

import re
import secrets
import unicodedata

import django_otp
import qrcode
from axes.handlers.proxy import AxesProxyHandler
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from futureind.accounts.models import SecurityAction
from futureind.accounts.security import client_address, second_step_of, write_down

RECOVERY_CODES = 10
APP_CODE = re.compile(r"\d{6}", re.ASCII)
# Without letters and digits that are mistaken for each other on paper.
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def is_satisfied(user):
    """Tell whether a signed-in user has shown all factors that are asked of them.

    A second factor that is set up is asked for; one that is not set up is missing only where the
    setting SECOND_FACTOR_REQUIRED says so.
    """
    if not user.is_authenticated:
        return False
    if getattr(user, "otp_device", None) is not None:
        return True
    return not settings.SECOND_FACTOR_REQUIRED and not user.has_second_factor


def device_to_set_up(user):
    """Return the device that a user is about to set up; its key stays until it is confirmed."""
    device, _created = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "app"}
    )
    return device


def spaced_key(device):
    """Return the key of a device as a person types it into an app: groups of four letters."""
    secret = re.search(r"secret=([A-Z2-7]+)", device.config_url)[1]
    return " ".join(re.findall(".{1,4}", secret))


def qr_path(text):
    """Return a QR code as ``(side, path)`` of an SVG, one unit to a module."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return len(rows), path


def folded(code):
    """Return a code as it is compared: spaces, dashes and full-width forms do not matter."""
    return re.sub(r"[\s\-–]", "", unicodedata.normalize("NFKC", code)).lower()


def is_locked_out(request):
    """Tell whether too many codes were wrong from this address for this user."""
    credentials = {"username": second_step_of(request.user.get_username())}
    return not AxesProxyHandler.is_allowed(request, credentials)


@transaction.atomic
def set_up(request, code):
    """Confirm the device of the user with a first code of it.

    Returns the recovery codes, which are shown once, or None where the code is wrong. Earlier
    devices and recovery codes of the user end.
    """
    user = request.user
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(folded(code)):
        return None
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    user.has_second_factor = True
    passed(request, device)
    write_down(request, SecurityAction.FACTOR_SET_UP, user.get_username())
    return make_recovery_codes(user)


@transaction.atomic
def make_recovery_codes(user):
    """Give a user new recovery codes in place of the old ones; return them."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [
        "".join(secrets.choice(CODE_LETTERS) for _position in range(10))
        for _number in range(RECOVERY_CODES)
    ]
    for code in codes:
        device.token_set.create(token=code)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def codes_left(user):
    """Return how many recovery codes a user has left."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def check(request, code):
    """Check a code of the signed-in user; return "" where it is right, else what is wrong.

    Six digits are taken as a code of the app, anything else as a recovery code, so that one wrong
    code counts against one of the two. As many wrong codes lock the second step as wrong passwords
    do the first, and the first stays open.
    """
    user, code = request.user, folded(code)
    kind = TOTPDevice if APP_CODE.fullmatch(code) else StaticDevice
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        allowed = device is not None and device.verify_is_allowed()[0]
        right = allowed and device.verify_token(code)
    if right:
        passed(request, device)
        action = SecurityAction.FACTOR_PASSED
        write_down(request, action if kind is TOTPDevice else SecurityAction.CODE_USED, str(user))
        return ""
    user_login_failed.send(
        sender=__name__,
        credentials={
            "username": second_step_of(user.get_username()),
            "second_factor": "second factor",
        },
        request=request,
    )
    if device is not None and not allowed:
        return _("Too many wrong codes. Wait a moment, then enter a new one.")
    return _("This code is wrong or was used already. Enter the one that your app shows now.")


def passed(request, device):
    """Note in the session that the second factor was shown, under a new session key."""
    request.session.cycle_key()
    django_otp.login(request, device)
    forget_failures(request)


def forget_failures(request):
    """Start counting anew after a log-in that is complete."""
    name, address = request.user.get_username(), client_address(request)
    for counted in (name, second_step_of(name)):
        reset(username=counted, ip=address)


@transaction.atomic
def remove(request, user):
    """Take the second factor off an account, for somebody who lost it."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    by = request.user.get_username()
    write_down(request, SecurityAction.FACTOR_RESET, user.get_username(), by=by)
