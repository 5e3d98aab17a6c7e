"""The page cache: until when a page is sent, how it is computed, what happens without database.

Where it matters how often or when a page is computed, a small application stands in the place of
the site.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from futureind.pagecache.version import PAUSE
from tests.conftest import slowness
from tests.own_database import RAISE
from tests.pagecache.conftest import Counted, ask

pytestmark = pytest.mark.one_database

# Until when


def test_a_publish_is_seen_by_the_next_request_and_a_rollback_by_none(cache_of, publisher):
    application = Counted()
    cache = cache_of(application)
    bodies = [ask(cache, "/en/").body]

    publisher.execute("BEGIN")
    publisher.execute(RAISE)
    bodies.append(ask(cache, "/en/").body)
    publisher.execute("ROLLBACK")
    bodies.append(ask(cache, "/en/").body)
    publisher.execute(RAISE)
    bodies += [ask(cache, "/en/").body, ask(cache, "/en/").body]

    assert bodies == [b"1", b"1", b"1", b"2", b"2"]


def test_a_page_that_a_publish_overtook_is_not_sent_again(cache_of, publisher):
    overtaking = [lambda: publisher.execute(RAISE)]
    application = Counted(meanwhile=lambda: overtaking and overtaking.pop()())
    cache = cache_of(application)

    answers = [ask(cache, "/en/") for _ in range(3)]

    assert [answer.body for answer in answers] == [b"1", b"2", b"2"]


def test_a_number_that_comes_again_after_a_restore_is_another_version(cache_of, publisher):
    cache = cache_of(Counted())
    ask(cache, "/en/")

    publisher.execute("UPDATE publishing_contentversion SET raised_at = '2026-02-02'")

    assert ask(cache, "/en/").body == b"2"


def test_a_page_is_for_one_day(cache_of, settings):
    # Between these two there are 26 hours: never the same day.
    settings.TIME_ZONE = "Etc/GMT+12"
    cache = cache_of(Counted())
    ask(cache, "/en/")

    settings.TIME_ZONE = "Pacific/Kiritimati"

    assert ask(cache, "/en/").body == b"2"


def test_fifty_who_ask_for_a_cold_page_wait_for_one_computation(cache_of):
    application = Counted(meanwhile=lambda: time.sleep(0.3))
    cache = cache_of(application)

    with ThreadPoolExecutor(50) as readers:
        answers = list(readers.map(lambda _: ask(cache, "/en/"), range(50)))

    assert {answer.body for answer in answers} == {b"1"}
    assert application.count == 1


def test_a_computation_that_fails_holds_nobody_up(cache_of):
    entered = threading.Barrier(8)

    def application(environ, start_response):
        entered.wait(timeout=1)
        raise RuntimeError("broken")

    cache = cache_of(application)

    def status(_):
        try:
            return ask(cache, "/en/").status
        except (RuntimeError, threading.BrokenBarrierError) as error:
            return type(error)

    started = time.monotonic()
    with ThreadPoolExecutor(8) as readers:
        outcomes = list(readers.map(status, range(8)))

    assert all(isinstance(outcome, type) for outcome in outcomes)
    assert time.monotonic() - started < 5 * slowness()
    assert cache.flights.running == {}


def test_pages_never_take_more_than_the_bound(cache_of):
    limit = 100_000
    cache = cache_of(Counted(), limit)

    for number in range(200):
        ask(cache, f"/en/{number}/")
        assert cache.pages.size <= limit

    assert 10 < len(cache.pages) < 30
    assert ask(cache, "/en/199/").source == "hit"
    assert ask(cache, "/en/0/").source == "fwd=miss"


def test_a_page_larger_than_the_bound_is_sent_and_not_kept(cache_of):
    cache = cache_of(Counted(), limit=1000)

    assert [ask(cache, "/en/").body for _ in range(2)] == [b"1", b"2"]
    assert (len(cache.pages), cache.pages.size) == (0, 0)


def test_pages_of_older_versions_are_the_first_to_go(cache_of, publisher):
    cache = cache_of(Counted(), limit=100_000)
    for number in range(10):
        ask(cache, f"/en/old/{number}/")
    publisher.execute(RAISE)

    for number in range(15):
        ask(cache, f"/en/new/{number}/")

    assert all(ask(cache, f"/en/new/{number}/").source == "hit" for number in range(15))


# Without a database


def answer_after_recovery(cache, path):
    """Ask until the cache dares to look for the database again."""
    time.sleep(PAUSE + 0.2)
    return ask(cache, path)


def test_the_last_known_pages_are_served_while_the_database_is_away(
    cached, database, publisher, caplog
):
    known = ask(cached, "/en/documents/")
    publisher.close()

    database.take_away()
    away = ask(cached, "/en/documents/")
    unknown = ask(cached, "/en/targets/")
    readiness = ask(cached, "/readyz")
    database.bring_back()
    with closing(database.connect()) as other:
        other.execute(RAISE)
    back = answer_after_recovery(cached, "/en/documents/")

    assert (away.status, away.body, away.source) == (200, known.body, "hit; detail=last-known")
    assert away.headers["cache-control"] == "no-cache"
    assert (unknown.status, unknown.headers["retry-after"]) == (503, "5")
    assert b"</html>" in unknown.body
    assert "content-security-policy" in unknown.headers
    assert (readiness.status, b'"degraded"' in readiness.body) == (200, True)
    assert (back.status, back.source) == (200, "fwd=miss")
    assert ask(cached, "/en/targets/").status == 200
    assert b'"ok"' in ask(cached, "/readyz").body
    assert len([line for line in caplog.messages if "content version" in line]) == 2


def test_without_database_and_pages_the_process_is_alive_but_not_ready(cached, database):
    database.take_away()

    readiness = ask(cached, "/readyz")

    assert (readiness.status, b'"down"' in readiness.body) == (503, True)
    assert ask(cached, "/healthz").status == 200
    database.bring_back()


def test_a_connection_that_was_lost_is_no_news(cache_of, database, publisher):
    cache = cache_of(Counted())
    ask(cache, "/en/")
    publisher.close()

    database.take_away()
    database.bring_back()

    assert ask(cache, "/en/").source == "hit"


def test_a_database_that_does_not_answer_holds_readers_up_once(cache_of, publisher):
    is_sqlite = not hasattr(publisher, "pgconn")
    cache = cache_of(Counted())
    ask(cache, "/en/")
    ask(cache, "/en/other/")
    publisher.execute("BEGIN EXCLUSIVE" if is_sqlite else "BEGIN")
    if not is_sqlite:
        publisher.execute("LOCK TABLE publishing_contentversion IN ACCESS EXCLUSIVE MODE")

    started = time.monotonic()
    sources = [ask(cache, "/en/").source]
    first = time.monotonic() - started
    sources += [ask(cache, path).source for path in ["/en/", "/en/other/"] * 50]
    rest = time.monotonic() - started - first
    publisher.execute("ROLLBACK")

    assert set(sources) == {"hit; detail=last-known"}
    assert first < 3 * slowness()
    assert rest < 0.5 * slowness()
    assert answer_after_recovery(cache, "/en/").source == "hit"
