"""A running site while somebody else holds the write lock: what its people and readers meet."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar

from tests.admin_browser import FormReader
from tests.conftest import ROOT, free_port, run_python, wait_until_it_answers
from tests.own_database import NUMBER, OwnPostgres

PATIENCE = 60


@dataclass
class Answer:
    status: int
    text: str
    seconds: float
    address: str


class Person:
    """Somebody with a browser: keeps cookies and follows no redirect by hand."""

    def __init__(self, url):
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def ask(self, path, data=None):
        """Send a GET, or a form; return the Answer after redirects."""
        body = None if data is None else urllib.parse.urlencode(data, doseq=True).encode()
        request = urllib.request.Request(self.url + path, body, {"Referer": self.url + path})
        began = time.monotonic()
        try:
            answer = self.opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
        return Answer(answer.status, text, time.monotonic() - began, answer.url)

    def log_in(self, name, password):
        page = self.ask("/admin/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        data = {"csrfmiddlewaretoken": token, "next": "/admin/"}
        data |= {"username": name, "password": password}
        return self.ask("/admin/login/", data)


@contextmanager
def served(database, folder, **environment):
    """Serve a filled database of one's own as in production; yields its address and passwords."""
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        **{"DATABASE_URL": database.url, "VAR_DIR": str(folder), "SITE_URL": url},
        **environment,
    }
    environment.pop("ALLOWED_HOSTS", None)
    accounts = run_python("manage.py", "create_accounts", **environment)
    run_python("manage.py", "collectstatic", "--no-input", "--verbosity=0", **environment)
    command = [sys.executable, "-m", "gunicorn", "--config", "futureind/gunicorn.conf.py"]
    with (folder / "gunicorn.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--bind", url.removeprefix("http://")],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_it_answers(url, server)
            yield url, dict(re.findall(r"^  (\w+) +(\S+)$", accounts, re.MULTILINE))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


@contextmanager
def write_lock(database):
    """Hold what every change waits for."""
    with closing(database.connect()) as holder:
        if isinstance(database, OwnPostgres):
            holder.execute("BEGIN")
            holder.execute(f"SELECT * FROM {NUMBER} WHERE id = 1 FOR UPDATE")
        else:
            holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


def agencies(person, number):
    """Return the addresses of so many forms of agencies."""
    page = person.ask("/admin/catalog/agency/").text
    return list(dict.fromkeys(re.findall(r"/admin/catalog/agency/\d+/change/", page)))[:number]


def ask_meanwhile(url, is_over):
    """Go on reading until it is over; return the slowest answers, by address."""
    reader, slowest, number = Person(url), {}, 0
    while not is_over():
        number += 1
        for path in ("/healthz", "/en/documents/", f"/en/documents/?q=word{number}"):
            answer = reader.ask(path)
            assert answer.status == 200, (path, answer.text[:500])
            name = path.partition("=")[0]
            slowest[name] = max(slowest.get(name, 0), answer.seconds)
    return slowest


def hold_up(database, url, passwords, *, saves, seconds):
    """Let so many people save while the lock is held for so long, at least until all are answered.

    Returns what readers met before and meanwhile, each save with what was typed and its form, and
    the answer to a log-in.
    """
    person = Person(url)
    person.log_in("contributor", passwords["contributor"])
    forms = {
        address: FormReader(person.ask(address).text).fields for address in agencies(person, saves)
    }
    typed = {address: f"Typed at {address}" for address in forms}
    began = time.monotonic()
    before = ask_meanwhile(url, lambda: time.monotonic() > began + 3)
    with ThreadPoolExecutor(saves + 2) as people, write_lock(database):
        began = time.monotonic()
        saved = {
            address: people.submit(
                person.ask, address, form | {"role_en": typed[address], "_save": "Save"}
            )
            for address, form in forms.items()
        }
        log_in = people.submit(Person(url).log_in, "reviewer", passwords["reviewer"])
        waiting = [*saved.values(), log_in]
        meanwhile = ask_meanwhile(
            url,
            lambda: all(one.done() for one in waiting) and time.monotonic() > began + seconds,
        )
        answers = {address: one.result() for address, one in saved.items()}
    return person, before, meanwhile, typed, answers, log_in.result()
