"""The real server in production: when it refuses to start, and what it says of a full disk."""

import errno
import json
import logging
import os
import resource
import subprocess
import sys

import pytest

from futureind import health
from futureind.core import disk
from futureind.logs import BriefRefusals
from tests.conftest import ROOT, run_python
from tests.own_database import copy
from tests.served import Gunicorn, production

pytestmark = pytest.mark.one_database

WITHOUT_THE_LAST_MIGRATION = (
    "DELETE FROM django_migrations WHERE id ="
    " (SELECT max(id) FROM django_migrations WHERE app = 'publishing')"
)
FORMER_LAYOUT = (
    "INSERT INTO django_migrations (app, name, applied)"
    " VALUES ('futureind', '0001_initial', '2026-01-01 00:00:00+00:00')"
)
NEWER_MIGRATION = (
    "INSERT INTO django_migrations (app, name, applied)"
    " VALUES ('catalog', '9999_of_newer_code', '2026-01-01 00:00:00+00:00')"
)


@pytest.fixture
def environment(templates, collected, tmp_path):
    """What a site in production is started with: a migrated database, collected static files."""
    database = copy(templates.migrated, tmp_path)
    (tmp_path / "static").symlink_to(collected)
    yield production(tmp_path, database)
    database.drop()


def change_database(environment, statement):
    run_python("-c", CHANGE, **environment, STATEMENT=statement)


CHANGE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "futureind.settings"
django.setup()
from django.db import connection
connection.cursor().execute(os.environ["STATEMENT"])
"""


def refusal_of(environment, tmp_path):
    """Start the server, which is to end by itself; return what it said."""
    server = Gunicorn(environment, tmp_path)
    server.start()
    try:
        return server.refusal()
    finally:
        server.stop()


@pytest.mark.browser
def test_the_server_starts_and_answers_by_its_own_name_only(environment, tmp_path):
    server = Gunicorn(environment, tmp_path)
    server.start()
    try:
        server.wait()
        assert server.ask("/en/")[0] == 200
        assert server.ask("/en/", Host="evil.example")[0] == 400
        # A header that gunicorn takes for the path of the site by default.
        assert server.ask("/en/", SCRIPT_NAME="/evil")[0] == 200
        assert server.ask("/en/", Script_Name="/evil")[0] == 200
    finally:
        server.stop()
    lines = server.log.read_text().splitlines()
    [refused] = [line for line in lines if "evil.example" in line]
    assert " WARNING django.security.DisallowedHost: Invalid HTTP_HOST header" in refused
    assert not any("Traceback" in line for line in lines)


@pytest.mark.browser
def test_new_code_waits_for_its_migrations_and_old_code_takes_newer_ones(environment, tmp_path):
    change_database(environment, NEWER_MIGRATION)
    server = Gunicorn(environment, tmp_path)
    server.start()
    try:
        assert server.wait().ask("/en/")[0] == 200
    finally:
        server.stop()

    change_database(environment, WITHOUT_THE_LAST_MIGRATION)

    said = refusal_of(environment, tmp_path)
    assert "The database lacks migrations of this code: 1, from publishing." in said
    assert "Run: manage.py migrate (futureind.E012)" in said


@pytest.mark.browser
def test_a_database_of_the_former_layout_is_refused_and_not_touched(environment, tmp_path):
    change_database(environment, FORMER_LAYOUT)

    for said in (refusal_of(environment, tmp_path), refused_migration(environment)):
        assert "has the layout of an earlier version, and was not changed" in said
        assert "docs/operations.md says how, under “Databases of the former layout”" in said
    chapter = "\n## Databases of the former layout\n"
    assert chapter in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def refused_migration(environment):
    """Return what ``migrate`` says of a database that it refuses."""
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Applying" not in done.stdout
    return done.stderr


@pytest.mark.browser
@pytest.mark.parametrize(
    ("change", "identifier"),
    [({"PROXY_COUNT": ""}, "futureind.E009"), ({"ALLOWED_HOSTS": "example.com"}, "futureind.E010")],
)
def test_the_server_refuses_what_would_lock_people_out(change, identifier, environment, tmp_path):
    said = refusal_of(environment | change, tmp_path)

    assert f"({identifier})" in said


@pytest.mark.browser
def test_the_server_refuses_to_start_without_static_files(environment, tmp_path):
    (tmp_path / "static").unlink()

    assert "Run: manage.py collectstatic --no-input (futureind.E011)" in refusal_of(
        environment, tmp_path
    )


def disk_said(server):
    status, text = server.ask("/readyz")
    return status, json.loads(text)["status"], json.loads(text)["disk"]


@pytest.mark.browser
def test_a_server_that_may_write_no_more_says_so_and_serves_readers(environment, tmp_path):
    # A limit of the account stands for a disk without room: it needs no rights to set.
    limit = disk.PROBE_BYTES // 2
    server = Gunicorn(
        environment,
        tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    server.start()
    try:
        server.wait()
        folders = set(disk.written_folders()) | {"database"}
        assert disk_said(server) == (200, "degraded", dict.fromkeys(folders, "full"))
        assert server.ask("/en/")[0] == 200
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "full"),
        (errno.EDQUOT, "full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permission denied"),
    ],
)
def test_what_the_system_says_about_a_disk_is_told(number, said):
    assert disk.reason_of(OSError(number, os.strerror(number))) == said


# Root may mount; others in a namespace of their own, where the machine lets them.
OWN_MOUNTS = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "-r", "--mount"]
TRY = """
mount -t tmpfs -o "$OPTIONS" tmpfs "$FOLDER"
exec "$PYTHON" -c "from futureind.core.disk import try_to_write; print(try_to_write('$FOLDER'))"
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "said"), [("size=8m", "ok"), ("size=512k", "full"), ("ro", "read-only")]
)
def test_a_full_or_read_only_disk_is_told(options, said, tmp_path):
    environment = {"OPTIONS": options, "FOLDER": str(tmp_path), "PYTHON": sys.executable}

    done = subprocess.run(
        [*OWN_MOUNTS, "sh", "-ec", TRY],
        cwd=ROOT,
        env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "futureind.settings"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == said


def test_a_folder_that_is_gone_is_told(tmp_path):
    assert disk.try_to_write(tmp_path / "nowhere") == "no such file or directory"


def test_nothing_stays_in_a_folder_that_is_tried(tmp_path):
    assert disk.try_to_write(tmp_path) == "ok"
    assert list(tmp_path.iterdir()) == []


def test_whoever_asks_often_writes_little(tmp_path, monkeypatch):
    tries = []
    monkeypatch.setattr(disk, "try_to_write", lambda path: tries.append(path) or "ok")
    tried = disk.Disk({"var": tmp_path})

    states = [tried.state() for _ in range(5)]

    assert states == [{"var": "ok"}] * 5
    assert tries == [tmp_path]


def test_a_disk_that_hangs_holds_one_thread_up(tmp_path):
    tried = disk.Disk({"var": tmp_path})
    tried.found = {"var": "full"}
    # Another thread is at it.
    with tried.lock:
        assert tried.state() == {"var": "full"}


@pytest.mark.django_db
def test_readiness_names_what_cannot_be_written(client, monkeypatch):
    monkeypatch.setattr(health, "database_is_readable", lambda cache: True)
    monkeypatch.setattr(health, "disk", disk.Disk({"var": "/proc"}))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["disk"] == {"var": "no such file or directory"}


# The log


def test_what_strangers_do_wrong_is_one_line_of_the_log(client, caplog):
    kept = BriefRefusals()

    client.get("/en/", headers={"host": "evil.example" + "x" * 9000})
    client.get("/en/" + "y" * 9000 + "/")
    records = [record for record in caplog.records if kept.filter(record)]

    assert len(records) == 2
    for record in records:
        line = logging.Formatter("%(levelname)s %(message)s").format(record)
        assert line.startswith("WARNING ")
        assert "\n" not in line
        assert len(line) < 400


def test_an_error_of_the_site_keeps_its_traceback():
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        found = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "/x", None, found)
    record.status_code = 500

    assert BriefRefusals().filter(record)
    assert (record.exc_info, record.levelno) == (found, logging.ERROR)
