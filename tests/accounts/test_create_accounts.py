"""The first accounts: made once, told once."""

import re
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

NAMES = ["administrator", "contributor", "reviewer"]


def create_accounts():
    out = StringIO()
    call_command("create_accounts", stdout=out)
    return out.getvalue()


@pytest.fixture
def output(db):
    get_user_model().objects.all().delete()
    return create_accounts()


def passwords_in(text):
    return dict(re.findall(r"^  (\w+) +(\S+)$", text, re.MULTILINE))


def test_each_account_gets_a_strong_password_of_its_own(output):
    passwords = passwords_in(output)

    assert list(passwords) == NAMES
    assert len(set(passwords.values())) == len(NAMES)
    for name, password in passwords.items():
        user = get_user_model().objects.get(username=name)
        validate_password(password, user)
        assert user.check_password(password)
        assert user.is_staff


def test_a_second_run_keeps_passwords_and_shows_none(output):
    passwords = passwords_in(output)

    second = create_accounts()

    assert passwords_in(second) == {}
    assert "changepassword" in second
    users = get_user_model().objects
    assert all(users.get(username=n).check_password(p) for n, p in passwords.items())


def test_a_missing_account_alone_is_made_again(output):
    get_user_model().objects.get(username="reviewer").delete()

    assert list(passwords_in(create_accounts())) == ["reviewer"]


def test_only_the_administrator_may_do_everything(output):
    users = get_user_model().objects

    assert [user.username for user in users.filter(is_superuser=True)] == ["administrator"]
    for name in ("contributor", "reviewer"):
        permissions = users.get(username=name).get_all_permissions()
        assert {"publishing.add_source", "publishing.change_source"} <= permissions
        assert not any(re.search("_(user|group|session|logentry)$", p) for p in permissions)
        assert not any(re.search("(add|change|delete)_revision", p) for p in permissions)


def test_contributors_delete_nothing(output):
    permissions = get_user_model().objects.get(username="contributor").get_all_permissions()

    assert not any(".delete_" in permission for permission in permissions)


def test_reviewers_delete_what_can_be_a_draft(output):
    permissions = get_user_model().objects.get(username="reviewer").get_all_permissions()

    assert any(permission.startswith("catalog.delete_") for permission in permissions)
