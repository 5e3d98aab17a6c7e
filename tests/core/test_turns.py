"""Whoever writes waits in turn: not for long, not too many at once, and told why."""

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client, RequestFactory

from futureind import views
from futureind.core import locks
from futureind.core.locks import NoTurn
from futureind.core.trouble import Trouble, trouble_of
from futureind.publishing import history
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.preview_links import share
from tests.admin_browser import FormReader, change_page, read_form
from tests.conftest import signed_in
from tests.factories import make_agency, make_document
from tests.publishing.test_preview_links import page


class Refusal(Exception):
    """What a driver raises."""

    def __init__(self, sqlstate):
        super().__init__()
        self.sqlstate = sqlstate


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (NoTurn(), Trouble.BUSY),
        (caused(OperationalError(), Refusal("55P03")), Trouble.BUSY),
        (caused(OperationalError(), Refusal("57014")), Trouble.BUSY),
        (caused(DatabaseError(), Refusal("25006")), Trouble.READ_ONLY),
        (caused(OperationalError(), Refusal("53100")), Trouble.FULL),
        (caused(OperationalError(), Refusal("57P01")), Trouble.AWAY),
        (InterfaceError("connection is closed"), Trouble.AWAY),
        (caused(DatabaseError(), Refusal("42P01")), None),
        (DatabaseError("no row was updated"), None),
        (ValueError(), None),
    ],
)
def test_what_keeps_the_database_from_answering_is_told_from_mistakes(error, trouble):
    assert trouble_of(error) == trouble


def test_no_more_wait_than_have_a_place():
    room = locks.WaitingRoom(1)

    with room.place():
        with pytest.raises(NoTurn), room.place():
            pass
        assert room.waiting == 1
    with room.place():
        assert room.waiting == 1
    assert room.waiting == 0


@pytest.fixture
def fails(monkeypatch):
    """Let every change that waits for its turn fail with an error."""

    def fail(error):
        def lock_in_turn(rows):
            raise error

        monkeypatch.setattr(history, "lock_in_turn", lock_in_turn)

    return fail


@pytest.mark.django_db
@pytest.mark.parametrize("sentence", ["did not get its turn", "can be read but not written"])
def test_what_was_typed_comes_back_and_can_be_sent_again(
    editor_client, fails, monkeypatch, sentence
):
    agency = make_agency()
    data = read_form(editor_client, change_page(agency)) | {
        "role_en": ["Typed\r\nin <two> lines"],
        "_save": ["Save"],
    }
    fails(NoTurn() if "turn" in sentence else caused(OperationalError(), Refusal("25006")))
    answer = editor_client.post(change_page(agency), data)
    monkeypatch.undo()

    assert answer.status_code == 503
    assert answer["Retry-After"]
    html = answer.content.decode()
    assert sentence in html
    assert "Nothing was saved." in html
    again = FormReader(html).fields
    assert editor_client.post(change_page(agency), again).status_code == 302
    agency.refresh_from_db()
    assert agency.role_en == "Typed\nin <two> lines"


@pytest.mark.django_db
def test_no_password_comes_back():
    request = RequestFactory().post("/admin/login/", {"username": "wang", "password": "a secret"})

    html = views.in_trouble(request, NoTurn()).content.decode()

    assert "wang" in html
    assert "a secret" not in html
    assert "Only passwords and codes are to be typed again." in html


@pytest.mark.django_db
def test_a_form_that_is_to_be_mended_takes_no_turn(editor_client, fails):
    agency = make_agency()
    data = read_form(editor_client, change_page(agency)) | {"name_en": [""], "name_zh": [""]}
    fails(AssertionError("it waited for its turn"))

    answer = editor_client.post(change_page(agency), data)

    assert answer.status_code == 200
    assert answer.context["errors"]


@pytest.mark.django_db
def test_a_page_is_shown_where_its_session_cannot_be_noted(monkeypatch):
    client = signed_in("contributor")

    def save(self, must_create=False):
        raise caused(OperationalError("read-only"), Refusal("25006"))

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", save)

    assert client.get("/admin/guide/").status_code == 200


@pytest.mark.django_db
def test_a_log_in_that_cannot_be_kept_says_so(monkeypatch):
    user = get_user_model().objects.get(username="contributor")
    user.set_password("a long enough pass phrase")
    user.save()
    client = Client()

    def save(self, must_create=False):
        raise caused(OperationalError("read-only"), Refusal("25006"))

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", save)
    data = {"username": "contributor", "password": "a long enough pass phrase"}
    answer = client.post("/admin/login/", data)

    assert answer.status_code == 503
    assert "can be read but not written" in answer.content.decode()


@pytest.mark.django_db
def test_a_preview_waits_for_nobodys_turn_and_leaves_nothing(visitor, fails):
    document = make_document()
    link = share(document, user=None, days=1)
    state = ContentVersion.stamp()
    fails(NoTurn())

    for language in ("en", "zh-hans"):
        answer = visitor.get(page(link, language))
        assert answer.status_code == 200
        assert document.title_en in answer.content.decode()

    document.refresh_from_db()
    assert document.publication_state == "draft"
    assert ContentVersion.stamp() == state
    assert visitor.get(document.get_absolute_url()).status_code == 404
