"""Databases, people and browsers for all tests.

The fixtures of the site are loaded once (``templates``). The database of the test run is a copy;
every test that asks for ``db`` works on it inside a transaction that is undone. Processes that a
test starts have a copy of their own, migrated or filled as well; so has the real server that the
tests marked ``browser`` visit (``site``).
"""

import gc
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.template import Template
from django.test import Client
from django.test.signals import template_rendered
from django.utils import translation

from tests.chance import SEED, TIMES, dice, seed_hypothesis
from tests.given_names import demand_every_name
from tests.own_database import copy, copy_into, is_postgres
from tests.processes import ROOT, run_python
from tests.templates import make_templates, templates_in

# As Django calls it.
IN_MEMORY = "file:memorydb_default?mode=memory&cache=shared"
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure():
    seed_hypothesis()
    demand_every_name()
    # WhiteNoise warns about a missing folder, and warnings are errors.
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def pytest_report_header():
    return f"TEST_SEED={SEED}"


def leave_two_thirds(items):
    """Mark as long two of three tests of each module that may be sampled.

    Of what runs on one kind of database or in a browser `make test` runs every third test, and
    `make check-long` the others; but all of those with the mark ``whole``, which are quick or say
    who gets in.
    """
    place = Counter()
    for item in items:
        name = item.path.stem
        if item.get_closest_marker("whole") or item.get_closest_marker("long"):
            continue
        if item.get_closest_marker("one_database") or item.get_closest_marker("browser"):
            if place[name] % 3:
                item.add_marker("long")
            place[name] += 1


def leave_a_random_half(config, items):
    """Leave out, as the seed has it, half of the long tests with the mark ``by_turns``."""
    left = [
        item
        for item in items
        if item.get_closest_marker("by_turns")
        and item.get_closest_marker("long")
        and dice(item.nodeid).random() >= TIMES / 2
    ]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


# Before pytest leaves out what the marks of this run do not want.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.nodeid.startswith("tests/site/"):
            item.add_marker("whole_site")
        if item.get_closest_marker("mostly_one_database") and is_postgres():
            item.add_marker("long")
            item.add_marker("by_turns")
    leave_two_thirds(items)
    leave_a_random_half(config, items)
    # Playwright keeps an event loop running in this thread, which Django's database layer refuses:
    # so browser tests come last, and never ask for the database of the test run.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup():
    # Requests leave the language of their page behind.
    translation.activate(django_settings.LANGUAGE_CODE)


def pytest_collection_finish():
    # Else a tenth of the run is spent on looking for garbage among what stays until its end.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def slowness():
    """Return how many times longer all takes than on a machine with as many cores as work."""
    return max(1, os.getloadavg()[0] / os.cpu_count())


def wait_longer_for_turns():
    """Let SQLite wait for other writers as many times longer as all takes here.

    For a process of its own in which many write at once, before its threads begin.
    """
    options = django_settings.DATABASES["default"]["OPTIONS"]
    if "timeout" in options:
        options["timeout"] *= slowness()


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    """What a test copies (``copy``) that starts processes of its own."""
    if folder := os.environ.get("TEST_TEMPLATES"):
        yield templates_in(Path(folder))
        return
    made = make_templates(tmp_path_factory.mktemp("templates"))
    yield made
    made.drop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    """Let the database of the test run begin as a copy of the one with the fixtures."""
    if not any(asks_for_database(item) for item in request.session.items):
        # pytest-django makes none.
        yield
        return
    filled = request.getfixturevalue("templates").filled
    of_the_run = django_settings.DATABASES["default"]["TEST"]
    if is_postgres():
        of_the_run["TEMPLATE"] = filled.name
        yield
        return
    of_the_run["NAME"] = IN_MEMORY
    # It is there as long as somebody is connected.
    with closing(sqlite3.connect(IN_MEMORY, uri=True)) as memory:
        copy_into(memory, filled)
        yield


def asks_for_database(item):
    return item.get_closest_marker("django_db") is not None or "db" in item.fixturenames


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker):
    """The database of the test run, with the fixtures, and accounts besides."""
    if any(asks_for_database(item) for item in request.session.items):
        with django_db_blocker.unblock():
            call_command("create_accounts", verbosity=0, stdout=StringIO())


@pytest.fixture
def migrated(templates, tmp_path):
    """A database of its own that is migrated and nothing more."""
    database = copy(templates.migrated, tmp_path)
    yield database
    database.drop()


@pytest.fixture(autouse=True, scope="session")
def _one_context_a_page(django_test_environment):
    """Tell tests what a page was given, once: Django copies it for each template within as well."""

    def render(template, context):
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render


@pytest.fixture(autouse=True)
def _quick_settings(settings):
    """Static files under their own names, and passwords hashed in no time."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _signals():
    """Have the run end when it is asked to, whatever a command of the test has set."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


# The cast


def person(username):
    """Return an account of the cast."""
    return get_user_model().objects.get(username=username)


def signed_in(username):
    client = Client()
    client.force_login(person(username))
    return client


@pytest.fixture
def visitor(db):
    """A reader: no account, sees what is public."""
    return Client()


@pytest.fixture
def editor_client(db):
    """The contributor: signed in, writes drafts, publishes nothing."""
    return signed_in("contributor")


@pytest.fixture
def reviewer_client(db):
    """The reviewer: signed in, writes and decides about the work of others."""
    return signed_in("reviewer")


@pytest.fixture
def administrator_client(db):
    """The administrator: signed in, may do everything."""
    return signed_in("administrator")


# The real server, and a browser that visits it


@dataclass(frozen=True)
class Site:
    """A running server: its address, and the password of each account by user name."""

    url: str
    passwords: dict[str, str]


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def wait_until_it_answers(url, server):
    """Return when the server answers; raises RuntimeError when it ends or stays silent."""
    for _ in range(1200):
        if server.poll() is not None:
            raise RuntimeError(f"gunicorn ended with code {server.returncode}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError as error:
            # An error page is an answer too; the tests will say what is wrong with it.
            error.close()
        except OSError:
            time.sleep(0.1)
            continue
        return
    raise RuntimeError("gunicorn did not answer within two minutes")


@pytest.fixture(scope="session")
def collected(tmp_path_factory):
    """A folder ``static`` with the static files collected, to be shared by all VAR_DIRs."""
    folder = tmp_path_factory.mktemp("collected")
    run_python(*("manage.py", "collectstatic", "--no-input", "--verbosity=0"), VAR_DIR=str(folder))
    return folder / "static"


@pytest.fixture(scope="session")
def site(templates, collected, tmp_path_factory):
    """The whole site as `make serve` runs it, on a copy of the filled database.

    What browser tests change there stays until the end of the run.
    """
    folder = tmp_path_factory.mktemp("site")
    database = copy(templates.filled, folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "DATABASE_URL": database.url, "VAR_DIR": str(folder)}
    environment |= {"SITE_URL": url, "WEB_CONCURRENCY": "1"}
    environment.pop("ALLOWED_HOSTS", None)
    accounts = run_python("manage.py", "create_accounts", **environment)
    (folder / "static").symlink_to(collected)
    passwords = dict(re.findall(r"^  (\w+) +(\S+)$", accounts, re.MULTILINE))

    log = (folder / "gunicorn.log").open("w")
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--config", "futureind/gunicorn.conf.py"),
            *("--bind", f"127.0.0.1:{port}"),
        ],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until_it_answers(url, server)
        yield Site(url, passwords)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
        log.close()
        database.drop()


@pytest.fixture(scope="session")
def chromium(site):
    """The system's Chromium. Missing, it is a failure, never a skipped test.

    It is started after the site, since its databases cannot be made beside Playwright.
    """
    from playwright.sync_api import expect, sync_playwright

    # Milliseconds; the usual five seconds are too few for a machine that does much else.
    expect.set_options(timeout=20_000)
    names = ["chromium", "chromium-browser", "google-chrome"]
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("Chromium is missing. On Debian: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, site):
    """A fresh browser window; addresses are relative to the site: ``page.goto("/en/")``."""
    context = chromium.new_context(base_url=site.url)
    yield context.new_page()
    context.close()
