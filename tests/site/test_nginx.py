"""nginx with the delivered file in front of the real server: patience, freshness, who is who."""

import re
import socket
import ssl
import statistics
import time
from contextlib import closing

import pytest

from tests.conftest import run_python, slowness
from tests.own_database import RAISE, copy
from tests.served import NAME, Gunicorn, Nginx, passwords_of, production

pytestmark = pytest.mark.browser

WITHDRAW = """
import django
django.setup()
from django.contrib.auth import get_user_model
from catalog.models import Milestone
from futureind.publishing import workflow
user = get_user_model().objects.get(username="reviewer")
workflow.withdraw(Milestone.objects.get(slug={slug!r}), user=user, note="A test.")
"""
# Seconds: a page is asked for anew from the next second on.
FRESH_AFTER = 1.2


class Front:
    """nginx, the site behind it, its database and accounts."""

    def __init__(self, folder, database):
        self.database = database
        self.environment = production(folder, database, WEB_CONCURRENCY="2")
        self.passwords = passwords_of(self.environment)
        self.site = Gunicorn(self.environment, folder)
        self.nginx = Nginx(folder, self.site.port)
        self.ask = self.nginx.ask

    def write(self, *statements):
        """Change the content as a publish does: with the version, in one transaction."""
        with closing(self.database.connect()) as connection:
            connection.execute("BEGIN")
            for statement in [*statements, RAISE]:
                connection.execute(statement)
            connection.execute("COMMIT")

    def rename(self, slug, name):
        self.write(f"UPDATE catalog_region SET name_en = '{name}' WHERE slug = '{slug}'")

    def log_in(self, username, password, **request):
        """Send the log-in form; return the Answer."""
        form = self.ask("/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)[1]
        cookie = re.search(r"csrftoken=\w+", form.headers["set-cookie"])[0]
        body = f"csrfmiddlewaretoken={token}&username={username}&password={password}&next=/admin/"
        return self.ask(
            "/admin/login/",
            method="POST",
            body=body,
            Cookie=cookie,
            Referer=f"https://{NAME}/admin/login/",
            Content_Type="application/x-www-form-urlencoded",
            **request,
        )


@pytest.fixture(scope="module")
def front(templates, collected, tmp_path_factory):
    folder = tmp_path_factory.mktemp("front")
    (folder / "static").symlink_to(collected)
    found = Front(folder, copy(templates.filled, folder))
    found.site.start()
    found.nginx.start()
    try:
        found.site.wait()
        yield found
    finally:
        found.nginx.stop()
        found.site.stop()
        found.database.drop()


# Patience

HALF_A_HEAD = b"GET /en/ HTTP/1.1\r\nHost: tracker.example.org\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: tracker.example.org\r\nContent-Length: 5000\r\n\r\nuser"
)
NOTHING = b""


def seconds_to_answer(front, number):
    """Return how long pages took that nginx has and such that it must ask the site for."""
    took = []
    for count in range(number):
        for path in ("/en/", "/admin/login/", f"/en/documents/?nobody={count}"):
            started = time.monotonic()
            assert front.ask(path).status == 200
            took.append(time.monotonic() - started)
    return took


def say(when, took):
    print(f"{when}: median {statistics.median(took):.3f} s, longest {max(took):.3f} s")  # noqa: T201


def slow_connections(front, number):
    for sent in (HALF_A_HEAD, HALF_A_BODY, NOTHING):
        for _ in range(number):
            connection = front.nginx.connect()
            connection.sendall(sent)
            yield connection


def test_slow_clients_hold_nobody_up(front):
    before = seconds_to_answer(front, 3)
    slow = list(slow_connections(front, 30))

    during = seconds_to_answer(front, 5)

    for connection in slow:
        connection.close()
    say("before", before)
    say("during", during)
    assert max(during) < 4 * slowness()


@pytest.mark.long
def test_a_hundred_slow_clients_of_each_kind_hold_nobody_up_and_are_shown_out(front):
    slow = list(slow_connections(front, 100))
    # Readers that take nothing off a large answer.
    for _ in range(100):
        connection = front.nginx.connect()
        connection.sendall(b"GET /en/tracks.csv HTTP/1.1\r\nHost: tracker.example.org\r\n\r\n")
        slow.append(connection)

    during = seconds_to_answer(front, 60)

    say("during", during)
    assert max(during) < 4 * slowness()
    # Longer than nginx waits for what is owed.
    time.sleep(12)
    for connection in slow[:200]:
        connection.settimeout(1)
        answer = b""
        try:
            while part := connection.recv(4096):
                answer += part
        except ConnectionResetError:
            pass
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408")
    for connection in slow:
        connection.close()


# Freshness


def test_a_publish_shows_within_two_seconds(front):
    front.ask("/en/regions/beijing/")
    for name in ("Northern one", "Northern two", "Northern three"):
        front.rename("beijing", name)
        time.sleep(FRESH_AFTER)

        assert f"<title>{name}" in front.ask("/en/regions/beijing/").text


def test_within_its_second_a_page_is_answered_without_the_site(front):
    front.ask("/en/regions/")
    front.rename("beijing", "Northern four")
    bodies = set()
    started = time.monotonic()
    while time.monotonic() - started < FRESH_AFTER:
        bodies.add("Northern four" in front.ask("/en/regions/").text)
    assert "Northern four" in front.ask("/en/regions/").text
    assert True in bodies


@pytest.mark.parametrize(
    ("coding", "sent"), [("br, gzip", "br"), ("gzip;q=0.5", "gzip"), ("br;q=0", "")]
)
def test_each_client_gets_a_form_that_it_reads(front, coding, sent):
    for _ in range(2):
        answer = front.ask("/en/methodology/", Accept_Encoding=coding)

        assert answer.headers.get("content-encoding", "") == sent


@pytest.mark.parametrize(
    "path", ["/en/documents.csv", "/admin/login/", "/en/documents/?utm_source=x"]
)
def test_what_the_site_sends_as_it_is_arrives_compressed(front, path):
    assert front.ask(path, Accept_Encoding="gzip").headers["content-encoding"] == "gzip"


def session_of(front):
    answer = front.log_in("contributor", front.passwords["contributor"])
    assert answer.status == 302, answer.text
    return re.search(r"sessionid=\w+", answer.headers["set-cookie"])[0]


def test_only_pages_for_everybody_are_kept(front):
    session = session_of(front)
    paths = [
        "/admin/login/",
        "/preview/nothing/",
        "/en/documents.csv",
        "/en/documents/?utm_source=letter",
        "/en/nowhere/",
        "/robots.txt",
        "/healthz",
        "/readyz",
    ]
    for path in paths:
        front.ask(path)
    for path in ("/admin/", "/en/agencies/", "/zh-hans/agencies/"):
        front.ask(path, Cookie=session)

    kept = front.nginx.kept()

    assert kept.isdisjoint([*paths, "/admin/", "/en/agencies/", "/zh-hans/agencies/"])
    front.ask("/en/agencies/")
    assert "/en/agencies/" in front.nginx.kept()


def test_a_made_up_session_gets_the_page_of_everybody(front):
    page = front.ask("/en/fields/")

    answer = front.ask("/en/fields/", Cookie="sessionid=" + "a" * 32)

    assert (answer.status, answer.body) == (200, page.body)
    assert answer.headers["cache-status"] == "tracker; hit"


def test_a_withdrawn_page_is_gone_also_while_the_site_is_away(front):
    slug, other = "/en/milestones/{}/", "/en/targets/"
    with closing(front.database.connect()) as connection:
        found = connection.execute(
            "SELECT slug FROM catalog_milestone WHERE publication_state = 'published' LIMIT 1"
        ).fetchone()
    path = slug.format(found[0])
    assert front.ask(path).status == front.ask(other).status == 200

    run_python(
        "-c",
        WITHDRAW.format(slug=found[0]),
        **front.environment,
        DJANGO_SETTINGS_MODULE="futureind.settings",
    )
    time.sleep(FRESH_AFTER)

    assert front.ask(path).status == 410
    front.site.stop()
    try:
        assert front.ask(path).status == 410
        assert front.ask(other).status == 200
        assert front.ask("/en/glossary/?q=nobody+asked").status == 502
        assert front.ask("/admin/login/").status == 502
        assert front.ask("/healthz").status == 502
    finally:
        front.site.start()
        front.site.wait()
    assert front.ask("/admin/login/").status == 200


# Who is who


def test_a_stranger_who_names_another_address_locks_nobody_out(front):
    for number in range(6):
        last = front.log_in(
            "reviewer", "wrong", source="127.0.0.2", X_Forwarded_For=f"127.0.0.3, 6.6.6.{number}"
        )
    assert last.status == 429

    owner = front.log_in("reviewer", front.passwords["reviewer"], source="127.0.0.3")

    assert owner.status == 302
    with closing(front.database.connect()) as connection:
        rows = connection.execute(
            "SELECT DISTINCT address FROM accounts_securityevent WHERE action = 'failed'"
        ).fetchall()
    assert rows == [("127.0.0.2",)]


def test_a_name_that_is_not_the_sites_is_not_answered(front):
    front.nginx.context.check_hostname = False
    try:
        with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
            front.nginx.connect(name="evil.example")
    finally:
        front.nginx.context.check_hostname = True


def test_http_leads_to_https(front):
    with socket.create_connection(("127.0.0.1", front.nginx.plain_port), timeout=60) as plain:
        plain.sendall(b"GET /en/?q=1 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        answer = plain.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 301")
    assert f"Location: https://{NAME}/en/?q=1\r\n".encode() in answer


def test_watchmen_of_this_machine_are_answered(front):
    assert front.ask("/readyz").status == 200
    assert '"status": "ok"' in front.ask("/readyz").text
