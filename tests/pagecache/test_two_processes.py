"""The page cache in the real server: two processes, and changes that are made by a third."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from futureind.pagecache.version import PAUSE
from tests.conftest import ROOT, free_port, slowness, wait_until_it_answers
from tests.own_database import copy

REGION = """
import django
django.setup()
from tests.factories import make_region
make_region(published=True, slug="here", name_en="Old name")
"""
RENAME = """
import django
django.setup()
from django.db import transaction
from catalog.models import Region
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
region = Region.objects.get(slug="here")
with transaction.atomic():
    region.name_en = "{name}"
    region.save()
    history.record(region, Action.EDITED)
    transaction.set_rollback({is_undone})
"""


class Server:
    """The site as it is served, on a database of its own with one region, ``here``."""

    def __init__(self, folder, database):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = database
        self.environment = {
            **os.environ,
            "DATABASE_URL": database.url,
            "DJANGO_SETTINGS_MODULE": "futureind.settings",
            "VAR_DIR": str(folder),
            "SITE_URL": self.url,
            "WEB_CONCURRENCY": "2",
        }
        self.environment.pop("ALLOWED_HOSTS", None)

    def python(self, *arguments):
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=sys.stderr)

    def rename(self, name, is_undone=False):
        """Change the region's name in another process."""
        self.python("-c", RENAME.format(name=name, is_undone=is_undone))

    def start(self):
        command = ["gunicorn", "--config", "futureind/gunicorn.conf.py", "--bind", self.url[7:]]
        return subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=self.environment, stdout=sys.stderr
        )

    def ask(self, path="/en/regions/here/"):
        """Return ``(status, how the cache came by the page, body)``."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                source = answer.headers.get("Cache-Status", "").removeprefix("tracker; ")
                return answer.status, source, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, "", error.read().decode()

    def warm_both_processes(self):
        """Ask for the page until each process has computed it."""
        misses = 0
        for _ in range(500):
            misses += self.ask()[1] == "fwd=miss"
            if misses == 2:
                return
        raise AssertionError(f"{misses} of 2 processes computed the page")


@pytest.fixture(scope="module")
def server(templates, collected, tmp_path_factory):
    folder = tmp_path_factory.mktemp("two-processes")
    found = Server(folder, copy(templates.migrated, folder))
    (folder / "static").symlink_to(collected)
    found.python("-c", REGION)
    process = found.start()
    try:
        wait_until_it_answers(found.url + "/healthz", process)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        found.database.drop()


def test_a_publish_is_seen_by_every_request_after_its_commit(server):
    server.warm_both_processes()

    for name in ("Second name", "Third name", "Fourth name"):
        server.rename(name)

        bodies = [server.ask()[2] for _ in range(20)]
        assert [name in body for body in bodies] == [True] * 20


def test_a_change_that_is_rolled_back_is_never_seen(server):
    server.rename("Lasting name")
    server.warm_both_processes()

    server.rename("Undone name", is_undone=True)

    answers = [server.ask() for _ in range(20)]
    assert {source for _status, source, _body in answers} == {"hit"}
    assert not any("Undone name" in body for _status, _source, body in answers)


def test_readers_that_ask_during_publishes_get_one_version_or_the_next(server):
    names = [f"Name number {number}" for number in range(3)]
    server.rename(names[0])
    seen = []

    def read_on(is_over):
        while not is_over:
            status, _source, body = server.ask()
            found = [name for name in names if f"<title>{name}" in body]
            seen.append((status, *found))
            time.sleep(0.02)

    is_over = []
    with ThreadPoolExecutor(4) as readers:
        for _ in range(4):
            readers.submit(read_on, is_over)
        for name in names[1:]:
            server.rename(name)
            assert all(name in server.ask()[2] for _ in range(10))
        is_over.append(True)

    assert {(200, name) for name in names} == set(seen)


def test_fifty_who_ask_for_a_cold_page_make_each_process_compute_it_once(server):
    server.rename("Asked for by fifty")

    with ThreadPoolExecutor(50) as readers:
        answers = list(readers.map(lambda _: server.ask(), range(50)))

    computed = [source for _status, source, _body in answers if source == "fwd=miss"]
    assert all("Asked for by fifty" in body for _status, _source, body in answers)
    assert {source for _status, source, _body in answers} <= {
        "fwd=miss",
        "fwd=miss; collapsed",
        "hit",
    }
    assert 1 <= len(computed) <= 2


def test_readers_are_served_while_the_database_is_away_and_after(server):
    server.rename("Known name")
    server.warm_both_processes()

    server.database.take_away()
    try:
        with ThreadPoolExecutor(8) as readers:
            known = list(readers.map(lambda _: server.ask(), range(100)))
        started = time.monotonic()
        unknown = [server.ask("/en/regions/")[0] for _ in range(20)]
        waited = time.monotonic() - started
        alive = [server.ask("/healthz")[0] for _ in range(5)]
    finally:
        server.database.bring_back()
    time.sleep(PAUSE + 0.2)
    server.rename("Name after it")
    back = [server.ask() for _ in range(20)]

    assert {(status, source) for status, source, _ in known} == {(200, "hit; detail=last-known")}
    assert all("Known name" in body for _status, _source, body in known)
    assert set(unknown) == {503}
    assert waited < 10 * slowness()
    assert set(alive) == {200}
    assert all(status == 200 and "Name after it" in body for status, _source, body in back)
    assert server.ask("/en/regions/")[0] == 200
