"""SQLite under threads: what one of them left behind keeps no other waiting."""

import gc
import threading
from queue import Queue

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from futureind.core.locks import GLANCE, ROOM, NoTurn
from futureind.environment import read_database
from tests.conftest import ROOT

DEADLINE = 30


@pytest.fixture
def databases(tmp_path, monkeypatch, django_db_blocker):
    """Connections of one SQLite file, one for each thread, as the settings make them."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with django_db_blocker.unblock():
        yield ConnectionHandler(
            {"default": read_database(ROOT, tmp_path, settings.COMMAND_LOCK_SECONDS)}
        )


@pytest.fixture
def no_garbage():
    """Collect garbage when the test says so and at no other time."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def wait_briefly_then_long(databases, failed, said):
    """Fail to begin a transaction, then wait for one to begin; say what came of it."""
    connection = databases["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 1")
        begin(connection, said)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 5000")
        failed.set()
        begin(connection, said)
    finally:
        connection.close()


def begin(connection, said):
    try:
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    except OperationalError as error:
        said.put(str(error))
    else:
        said.put("begun")
        connection.rollback()


def test_a_transaction_that_could_not_begin_blocks_no_other_thread(databases, no_garbage):
    writer = databases["default"]
    said, failed = Queue(), threading.Event()
    waiting = threading.Thread(target=wait_briefly_then_long, args=[databases, failed, said])
    writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    waiting.start()
    assert said.get(timeout=DEADLINE) == "database is locked"
    assert failed.wait(DEADLINE)
    # Now it waits for this transaction, and what its first attempt left behind is collected here.
    waiting.join(0.5)
    gc.collect()
    writer.rollback()

    assert said.get(timeout=DEADLINE) == "begun"
    waiting.join()
    writer.close()


def test_only_so_many_threads_wait_for_who_is_writing(databases, monkeypatch):
    monkeypatch.setattr(ROOM, "places", 1)
    writer, said = databases["default"], Queue()
    with writer.cursor() as cursor:
        cursor.execute("CREATE TABLE word (text)")

    def write(number):
        connection = databases["default"]
        try:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO word VALUES (%s)", [number])
            said.put("written")
        except NoTurn:
            said.put("no turn")
        finally:
            connection.close()

    writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    threads = [threading.Thread(target=write, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    # Both look for a moment; then one has the place, and the other is told at once.
    assert said.get(timeout=DEADLINE) == "no turn"
    assert ROOM.waiting == 1
    writer.rollback()
    writer.set_autocommit(True)

    assert said.get(timeout=DEADLINE) == "written"
    for thread in threads:
        thread.join()
    assert ROOM.waiting == 0
    with writer.cursor() as cursor:
        # Whoever looked first waits as long as usual afterwards.
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] > GLANCE
    writer.close()
