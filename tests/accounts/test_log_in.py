"""Logging in: throttled, for a limited time, written down."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from futureind.accounts import security
from futureind.accounts.models import SecurityEvent
from futureind.accounts.security import client_address
from tests.admin_browser import address, change_page, read_form, save
from tests.factories import make_document

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

LOG_IN = "/admin/login/"
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def wang(db):
    user = get_user_model().objects.get(username="contributor")
    user.set_password(PASSWORD)
    user.save()
    return user


def attempt(name="contributor", password="wrong", client=None, **more):
    data = {"username": name, "password": password, "next": "/admin/"}
    return (client or Client()).post(LOG_IN, data, **more)


def fail(times, **more):
    return [attempt(**more).status_code for _time in range(times)]


def test_failures_lock_a_name_out_from_one_address_only(wang, settings):
    limit = settings.AXES_FAILURE_LIMIT
    assert fail(limit, REMOTE_ADDR="192.0.2.1") == [200] * (limit - 1) + [429]

    same = attempt(password=PASSWORD, REMOTE_ADDR="192.0.2.1")
    other_address = attempt(password=PASSWORD, REMOTE_ADDR="192.0.2.2")

    assert same.status_code == 429
    assert "Wait 15 minutes" in same.content.decode()
    assert other_address.status_code == 302


def test_the_lock_out_ends(wang, settings):
    fail(settings.AXES_FAILURE_LIMIT)
    from axes.models import AccessAttempt

    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)

    assert attempt(password=PASSWORD).status_code == 302


def test_a_log_in_starts_the_count_anew(wang, settings):
    few = settings.AXES_FAILURE_LIMIT - 1
    fail(few)
    attempt(password=PASSWORD)

    assert fail(few) == [200] * few


@pytest.mark.parametrize("name", ["x" * 300, "王" * 300, "a\x00b", "’; drop table", " "])
def test_no_name_is_too_strange(name):
    response = attempt(name)

    assert response.status_code == 200
    assert "errorlist" in response.content.decode() or "errornote" in response.content.decode()


def test_a_strange_request_is_only_a_failed_log_in(wang):
    client = Client(headers={"user-agent": "x" * 2000, "accept": "y" * 2000})
    url = f"{LOG_IN}?next=%00&x={'z' * 3000}"
    data = {"username": "contributor", "password": "wrong", "extra": "\x00"}

    assert client.post(url, data).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.66, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.66, 198.51.100.7, 192.0.2.9", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "not an address", None),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxy_wrote(
    rf, settings, proxies, forwarded, expected
):
    settings.PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": forwarded})

    assert client_address(request) == expected


def test_a_forged_header_does_not_help(wang, settings):
    for number in range(settings.AXES_FAILURE_LIMIT):
        answer = attempt(headers={"x-forwarded-for": f"198.51.100.{number}"})

    assert answer.status_code == 429


# Sessions


def test_a_session_ends_after_its_time(wang, settings, monkeypatch):
    client = Client()
    attempt(password=PASSWORD, client=client)
    assert client.get("/admin/").status_code == 200
    session = client.session
    session["signed_in_at"] -= settings.SESSION_COOKIE_AGE + 1
    session.save()

    assert client.get("/admin/").status_code == 302


def test_a_session_ends_when_nobody_uses_it(wang, settings):
    client = Client()
    attempt(password=PASSWORD, client=client)
    client.get("/admin/")
    session = client.session
    session["seen_at"] -= settings.SESSION_IDLE_SECONDS - 10
    session.save()
    assert client.get("/admin/").status_code == 200
    session = client.session
    session["seen_at"] -= settings.SESSION_IDLE_SECONDS + 10
    session.save()

    assert client.get("/admin/").status_code == 302


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(wang):
    cookie = attempt(password=PASSWORD).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


# Passwords


@pytest.mark.parametrize(
    "password", ["short", "contributor1", "contributor@example.org", "password1234"]
)
def test_weak_passwords_are_refused(wang, password):
    wang.email = "contributor@example.org"

    with pytest.raises(ValidationError):
        validate_password(password, wang)


@pytest.mark.parametrize("password", ["four words in lower case", "未来产业的长密码短语一二三"])
def test_long_passwords_need_no_special_characters(wang, password):
    validate_password(password, wang)


# Written down


def actions(name):
    rows = SecurityEvent.objects.filter(account=name).order_by("id")
    return list(rows.values_list("action", flat=True))


@pytest.mark.parametrize(("days", "left"), [(365, ["new"]), (0, ["new", "old", "older"])])
def test_what_happened_long_ago_is_forgotten(db, settings, days, left, monkeypatch):
    settings.SECURITY_EVENT_DAYS = days
    monkeypatch.setattr(security, "MANY", 1)
    for account, age in (("new", 364), ("old", 366), ("older", 800)):
        at = timezone.now() - timedelta(days=age)
        SecurityEvent.objects.create(action="failed", account=account, at=at)

    for number in range(2):
        call_command("apply_schedule", verbosity=0)
        if days and not number:
            # The oldest first, so many in one run.
            assert not SecurityEvent.objects.filter(account="older").exists()
            assert SecurityEvent.objects.filter(account="old").exists()

    names = SecurityEvent.objects.filter(account__in=["new", "old", "older"])
    assert sorted(names.values_list("account", flat=True)) == left


def test_log_ins_and_failures_are_written_down(wang, settings, caplog):
    with caplog.at_level("INFO", logger="futureind.security"):
        fail(settings.AXES_FAILURE_LIMIT + 3, name="contributor\nfaked line")

    written = SecurityEvent.objects.filter(account__startswith="contributor")
    assert list(written.order_by("id").values_list("action", flat=True)) == [
        *["failed"] * (settings.AXES_FAILURE_LIMIT - 1),
        "locked-out",
    ]
    assert all("\n" not in record.getMessage() for record in caplog.records)


def test_changes_of_roles_are_written_down(administrator_client, wang):
    reviewers = Group.objects.get(name="reviewers")
    data = read_form(administrator_client, change_page(wang)) | {"groups": [reviewers.pk]}

    administrator_client.post(change_page(wang), data)

    event = SecurityEvent.objects.get(action="role-changed")
    assert (event.account, event.user_name) == ("contributor", "administrator")
    assert "contributors → " in event.detail
    assert event.detail.endswith("reviewers")


def test_a_save_of_an_account_without_a_change_is_not_written_down(administrator_client, wang):
    data = read_form(administrator_client, change_page(wang))

    administrator_client.post(change_page(wang), data)

    assert actions("contributor") == []


def test_new_and_removed_accounts_are_written_down(administrator_client):
    data = {"username": "li", "password1": PASSWORD, "password2": PASSWORD}
    data["usable_password"] = "true"
    administrator_client.post(address(get_user_model(), "add"), data)
    li = get_user_model().objects.get(username="li")

    administrator_client.post(address(li, "delete", li.pk), {"post": "yes"})

    assert actions("li") == ["account-created", "account-deleted"]


def test_changed_passwords_are_written_down(administrator_client, wang):
    client = Client()
    attempt(password=PASSWORD, client=client)
    new = "another long pass phrase"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client.post("/admin/password_change/", data)
    data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    administrator_client.post(f"/admin/accounts/user/{wang.pk}/password/", data)

    changed = SecurityEvent.objects.filter(action="password-changed").order_by("id")
    assert [event.user_name for event in changed] == ["contributor", "administrator"]
    assert client.get("/admin/").status_code == 302, "the old session goes on"


def test_administrators_read_what_was_written_down(administrator_client, wang):
    fail(1)

    page = administrator_client.get(address(SecurityEvent, "changelist")).content.decode()

    assert "failed to log in" in page


def test_decisions_about_what_visitors_see_are_in_the_log(reviewer_client, caplog):
    document = make_document()

    with caplog.at_level("INFO", logger="futureind.security"):
        save(reviewer_client, document, _publish="1")

    [line] = [r.getMessage() for r in caplog.records if r.getMessage().startswith("published")]
    assert document.title_en in line
    assert "by='reviewer'" in line
