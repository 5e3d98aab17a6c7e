"""The second factor: set up once, asked for at every log-in, and a way back in."""

import re
import time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from futureind.accounts import second_factor
from futureind.accounts.models import SecurityEvent
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

INDEX, LOG_IN = "/admin/", "/admin/login/"
ASK, SET_UP = "/admin/second-factor/", "/admin/second-factor/set-up/"
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def wang(db):
    user = get_user_model().objects.get(username="contributor")
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(device, steps=0):
    """Return the code that an app shows for a device, so many steps of 30 seconds from now."""
    totp = TOTP(device.bin_key)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"


def with_device(user):
    return TOTPDevice.objects.create(user=user, name="app")


def log_in(user, **more):
    client = Client()
    data = {"username": user.username, "password": PASSWORD, "next": INDEX, **more}
    client.post(LOG_IN, data)
    return client


def events(user):
    return list(
        SecurityEvent.objects.filter(account=user.username).order_by("id").values_list("action")
    )


def where(client, url=INDEX):
    """Return at which path a visit ends."""
    return client.get(url, follow=True).wsgi_request.path


def recovery_codes(response):
    return re.findall(r"<code>(\w{5}-\w{5})</code>", response.content.decode())


def test_without_a_device_nothing_answers_but_setting_one_up(required, wang):
    client = log_in(wang)

    assert where(client) == SET_UP
    assert where(client, "/admin/catalog/policydocument/add/") == SET_UP
    assert client.post("/admin/second-factor/codes/").status_code == 302


def test_a_device_is_set_up_with_its_first_code(required, wang):
    client = log_in(wang)
    page = client.get(SET_UP)
    device = TOTPDevice.objects.get(user=wang, confirmed=False)
    assert second_factor.spaced_key(device) in page.content.decode()

    wrong = client.post(SET_UP, {"code": "000000"})
    assert "This is not the code" in wrong.content.decode()
    assert where(client) == SET_UP
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    codes = recovery_codes(client.post(SET_UP, {"code": code_of(device)}))

    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert where(client) == INDEX
    assert codes[0] not in client.get(SET_UP).content.decode()


def test_the_device_is_asked_for_at_the_next_log_in(wang):
    device = with_device(wang)
    client = log_in(wang, next="/admin/catalog/technology/")
    assert where(client) == ASK

    answer = client.post(ASK, {"code": code_of(device), "next": "/admin/catalog/technology/"})

    assert answer.url == "/admin/catalog/technology/"
    assert where(client) == INDEX


def test_a_code_works_once(wang):
    device = with_device(wang)
    code = code_of(device)
    assert log_in(wang).post(ASK, {"code": code}).status_code == 302

    second = log_in(wang).post(ASK, {"code": code})

    assert "wrong or was used already" in second.content.decode()


@pytest.mark.parametrize("written", ["{}", " {} ", "０{}"])
def test_spaces_and_full_width_digits_do_not_matter(wang, written):
    device = with_device(wang)
    code = code_of(device)
    if written.startswith("０"):
        typed = code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    else:
        typed = written.format(f"{code[:3]} {code[3:]}")

    assert log_in(wang).post(ASK, {"code": typed}).status_code == 302


def test_a_recovery_code_lets_in_once(wang):
    with_device(wang)
    [code, *_others] = second_factor.make_recovery_codes(wang)

    first, second = (log_in(wang).post(ASK, {"code": code.upper()}) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 200)
    assert second_factor.codes_left(wang) == second_factor.RECOVERY_CODES - 1


def test_the_code_of_another_person_is_refused(wang):
    with_device(wang)
    other = with_device(get_user_model().objects.get(username="reviewer"))

    answer = log_in(wang).post(ASK, {"code": code_of(other)})

    assert answer.status_code == 200


def test_setting_up_another_device_needs_the_first(wang):
    with_device(wang)
    client = log_in(wang)

    assert where(client, SET_UP) == ASK
    assert client.post(SET_UP, {"code": "123456"}).status_code == 302
    assert not TOTPDevice.objects.filter(user=wang, confirmed=False).exists()


def test_another_device_takes_the_place_of_the_first(wang):
    old = with_device(wang)
    client = log_in(wang)
    client.post(ASK, {"code": code_of(old)})
    client.get(SET_UP)
    new = TOTPDevice.objects.get(user=wang, confirmed=False)

    client.post(SET_UP, {"code": code_of(new)})

    assert list(TOTPDevice.objects.filter(user=wang)) == [new]


def test_new_recovery_codes_end_the_old_ones(wang):
    device = with_device(wang)
    [old, *_others] = second_factor.make_recovery_codes(wang)
    client = log_in(wang)
    client.post(ASK, {"code": code_of(device)})

    [new, *_others] = recovery_codes(client.post("/admin/second-factor/codes/"))

    assert log_in(wang).post(ASK, {"code": old}).status_code == 200
    StaticDevice.objects.update(throttling_failure_timestamp=None)
    assert log_in(wang).post(ASK, {"code": new}).status_code == 302


def test_after_a_wrong_code_the_next_has_to_wait(wang):
    device = with_device(wang)
    client = log_in(wang)
    client.post(ASK, {"code": "123456"})

    answer = client.post(ASK, {"code": code_of(device)})

    assert "Wait a moment" in answer.content.decode()


def test_wrong_codes_lock_the_second_step_and_not_the_password(wang, settings):
    device = with_device(wang)
    client = log_in(wang)
    for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
        assert client.post(ASK, {"code": "wrong-code"}).status_code == 200
    assert client.post(ASK, {"code": "wrong-code"}).status_code == 429

    assert client.post(ASK, {"code": code_of(device)}).status_code == 429
    assert log_in(wang).post(ASK, {"code": code_of(device)}).status_code == 429
    assert events(wang).count(("locked-out",)) == 1


def test_the_right_password_does_not_forget_wrong_codes(wang, settings):
    with_device(wang)
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = log_in(wang).post(ASK, {"code": "wrong-code"})

    assert answer.status_code == 429


def test_the_session_gets_a_new_key_with_each_step(wang):
    device = with_device(wang)
    client = Client()
    client.get(LOG_IN)
    keys = [client.session.session_key]
    client.post(LOG_IN, {"username": wang.username, "password": PASSWORD, "next": INDEX})
    keys.append(client.session.session_key)
    client.post(ASK, {"code": code_of(device)})
    keys.append(client.session.session_key)

    assert len(set(keys)) == 3


def test_an_administrator_resets_and_the_session_ends_with_it(required, wang):
    device = with_device(wang)
    client = log_in(wang)
    client.post(ASK, {"code": code_of(device)})
    assert where(client) == INDEX
    page = reverse("admin:accounts_user_reset_second_factor", args=[wang.pk])
    administrator = get_user_model().objects.get(username="administrator")
    boss, boss_device = signed_in("administrator"), with_device(administrator)
    boss.post(ASK, {"code": code_of(boss_device)})
    assert page in boss.get(f"/admin/accounts/user/{wang.pk}/change/").content.decode()

    assert boss.get(page).status_code == 200
    assert boss.post(page).status_code == 302

    assert where(client) == SET_UP
    event = SecurityEvent.objects.get(action="factor-reset")
    assert (event.account, event.user_name) == (wang.username, "administrator")


def test_where_it_is_optional_a_password_is_enough_until_one_is_set_up(wang):
    assert where(log_in(wang)) == INDEX
    with_device(wang)
    assert where(log_in(wang)) == ASK


def test_somewhere_else_is_not_where_a_log_in_leads(wang):
    device = with_device(wang)

    answer = log_in(wang).post(ASK, {"code": code_of(device), "next": "https://evil.example/"})

    assert answer.url == INDEX


def test_the_steps_are_written_down(wang):
    device = with_device(wang)
    client = log_in(wang)
    client.post(ASK, {"code": "wrong-code"})
    client.post(ASK, {"code": code_of(device)})
    client.post("/admin/logout/")

    actions = [action for (action,) in events(wang)]
    assert actions == ["logged-in", "failed", "factor-passed", "logged-out"]
