"""The page cache: what it keeps and for whom, and how it sends that."""

import gzip
import time

import brotli
import pytest
from django.conf import settings as django_settings

from catalog.models import Milestone
from catalog.views.lists import MilestoneList
from futureind.browse import fragments
from futureind.pagecache.cache import CACHEABLE
from futureind.pagecache.page_store import choose_coding
from tests.chance import every
from tests.own_database import SESSIONS
from tests.pagecache.conftest import ask

pytestmark = pytest.mark.one_database

KEPT = [
    "/en/",
    "/zh-hans/",
    "/en/documents/",
    "/en/documents/?level=national&page=2",
    "/en/documents/?all=region&level=national",
    "/en/documents/?all=issuer&all=region&level=national",
    "/en/documents.json",
    "/en/documents.json?level=national",
    "/en/fields/",
    "/en/fields/?q=quantum",
    "/en/fields.json",
    "/en/regions/beijing/",
    "/en/search/",
    "/en/search/?q=space",
    "/zh-hans/search/?q=%E9%87%8F%E5%AD%90",
    "/en/search.json?q=space",
    "/en/?shade=tier",
    "/en/fields/future-energy/?shade=first",
    "/en/documents/future-industries-opinions-2024/cascade/",
    "/en/documents/future-industries-opinions-2024/cascade/?relation=stated",
    "/en/timeline/",
    "/en/timeline/?geography=US&scale=month",
    "/en/targets/?due_before=2025-12-31",
    "/en/indicators/",
    "/en/changes/?kind=target&first_load=shown&page=2",
    "/en/coverage/",
    "/en/methodology/",
    "/en/accessibility/",
]


# What is kept


@pytest.mark.parametrize("path", every(3, KEPT))
def test_a_public_page_is_computed_once_and_sent_as_it_was(cached, path):
    uncached = ask(cached.application, path)

    first, second = ask(cached, path), ask(cached, path)

    assert (first.status, first.source, second.source) == (200, "fwd=miss", "hit")
    assert uncached.body == first.body == second.body
    assert second.headers["cache-control"].startswith("public, max-age=0, s-maxage=")
    assert second.headers["vary"] == "Accept-Encoding"
    kept = uncached.headers.items() - {("cache-control", "private, no-cache")}
    assert kept <= second.headers.items()
    assert "set-cookie" not in second.headers


def test_no_two_addresses_share_a_page(cached):
    for path in KEPT:
        ask(cached, path)

    bodies = {ask(cached, path).body for path in KEPT}

    assert len(bodies) == len(KEPT) == len(cached.pages)


@pytest.mark.parametrize(
    "path",
    [
        "/en/documents/?utm_source=mail",
        "/en/documents/?page=1",
        "/en/documents/?page=2&level=national",
        "/en/documents/?level=national&level=national",
        "/en/documents/?level=%6eational",
        "/en/fields/?sort=name",
        "/en/search/?q=space&page=2",
        "/en/coverage/?x",
        "/en/?shade=tier&x=1",
        "/en/timeline/?scale=month&geography=US",
        "/en/changes/?first_load=shown&kind=target",
        "/en/regions/beijing/?fbclid=1",
        "/en/methodology/?1",
        "/en/documents.json?callback=x",
    ],
)
def test_a_page_spelled_otherwise_is_answered_and_not_kept(cached, path):
    answers = [ask(cached, path), ask(cached, path)]

    assert [(answer.status, answer.source) for answer in answers] == [(200, "")] * 2
    assert answers[0].headers["cache-control"] == "private, no-cache"
    assert len(cached.pages) == 0


def test_a_thousand_junk_parameters_leave_one_page(cached):
    ask(cached, "/en/methodology/")

    for number in range(1000):
        ask(cached, f"/en/methodology/?junk={number}")

    assert len(cached.pages) == 1
    assert ask(cached, "/en/methodology/").source == "hit"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/documents/nothing-of-that-name/", 404),
        ("/en/nowhere/", 404),
        ("/en/documents/?page=999", 404),
        ("/en/documents/?page=x", 400),
        ("/en/documents/?issued_after=yesterday", 400),
        ("/en/documents.json?issued_after=yesterday", 400),
        ("/en/documents/?q=", 302),
        ("/en/documents.csv", 200),
        ("/en/documents", 301),
    ],
)
def test_errors_redirects_and_downloads_are_not_kept(cached, path, status):
    answers = [ask(cached, path), ask(cached, path)]

    assert [(answer.status, answer.source) for answer in answers] == [(status, "")] * 2
    assert len(cached.pages) == 0


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/robots.txt", "/healthz", "/readyz"])
def test_what_is_no_public_page_passes_by(cached, path):
    answer = ask(cached, path)

    assert answer.source == ""
    assert "public" not in answer.headers.get("cache-control", "")
    assert len(cached.pages) == 0


def test_a_form_that_is_sent_to_a_page_passes_by(cached):
    ask(cached, "/en/methodology/")

    assert ask(cached, "/en/methodology/", method="POST").status in {403, 405}


def test_staff_neither_see_nor_fill_it(cached, publisher, reviewer_client):
    key = reviewer_client.session.session_key
    publisher.execute(f"INSERT INTO {SESSIONS} VALUES ('{key}')")
    cookie = f"{django_settings.SESSION_COOKIE_NAME}={key}"

    before = ask(cached, "/en/documents/", Cookie=cookie)
    kept_by_staff = len(cached.pages)
    ask(cached, "/en/documents/")
    after = ask(cached, "/en/documents/", Cookie=f"theme=dark; {cookie}")

    assert kept_by_staff == 0
    assert (before.source, after.source) == ("", "")
    assert before.headers["cache-control"] == after.headers["cache-control"] == "private, no-cache"


MADE_UP = [
    "sessionid=x",
    "sessionid=",
    f"sessionid={'a' * 32}",
    f"sessionid={'A' * 32}",
    f"sessionid={'a' * 33}",
    f"a=b; sessionid={'a' * 32}; sessionid={'b' * 32}",
    "sessionid=' OR 1=1 --",
    "sessionid=\xff\x00",
    "sessionid",
    "csrftoken=x; messages=y; django_language=zh-hans",
    "=" * 4000,
]


@pytest.mark.parametrize("cookie", MADE_UP)
def test_a_cookie_that_names_no_session_does_not_pass_it(cached, cookie):
    page = ask(cached, "/en/documents/")

    known = ask(cached, "/en/documents/", Cookie=cookie)
    first = ask(cached, "/en/fields/", Cookie=cookie)
    second = ask(cached, "/en/fields/")

    assert (known.source, known.body) == ("hit", page.body)
    assert (first.source, second.source, second.body) == ("fwd=miss", "hit", first.body)


PASSING = [
    {"Authorization": "Basic YTpi"},
    {"Range": "bytes=0-9"},
    {"Accept": "application/json"},
    {"Accept_Language": "zh"},
    {"Cache_Control": "no-cache, no-store, max-age=0"},
    {"Pragma": "no-cache"},
    {"If_Modified_Since": "Mon, 01 Jan 2035 00:00:00 GMT"},
    {"If_Match": '"x"'},
    {"If_Unmodified_Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    {"X_Forwarded_Host": "evil.example"},
    {"X_Requested_With": "XMLHttpRequest"},
    {"HX_Request": "true"},
    {"Content_Type": "text/plain"},
    {"User_Agent": "x" * 4000},
]


@pytest.mark.parametrize("headers", PASSING, ids=lambda headers: next(iter(headers)))
def test_no_header_of_a_client_passes_it_or_changes_a_page(cached, headers):
    first = ask(cached, "/en/methodology/", **headers)
    second = ask(cached, "/en/methodology/")
    again = ask(cached, "/en/methodology/", **headers)

    assert (first.status, first.source) == (200, "fwd=miss")
    assert (second.source, again.source) == ("hit", "hit")
    assert first.body == second.body == again.body


def test_a_page_names_the_second_until_which_nginx_keeps_it(cached):
    for source in ("fwd=miss", "hit"):
        answer = ask(cached, "/en/methodology/")
        names = list(answer.headers)

        assert answer.source == source
        assert abs(int(answer.headers["x-accel-expires"].removeprefix("@")) - time.time()) <= 2
        # nginx goes by the first that it meets.
        assert names.index("x-accel-expires") < names.index("cache-control")
    etag = answer.headers["etag"]
    assert "x-accel-expires" in ask(cached, "/en/methodology/", If_None_Match=etag).headers


@pytest.mark.parametrize(
    "path", ["/en/documents/?utm_source=x", "/en/documents.csv", "/en/nowhere/", "/admin/login/"]
)
def test_nginx_is_told_to_keep_nothing_else(cached, path):
    assert "x-accel-expires" not in ask(cached, path).headers


def test_a_response_that_sets_a_cookie_is_not_kept(cache_of):
    def application(environ, start_response):
        environ[CACHEABLE] = True
        start_response("200 OK", [("Set-Cookie", "for=you")])
        return [b"hello"]

    cache = cache_of(application)

    assert ask(cache, "/en/").headers["set-cookie"] == "for=you"
    assert len(cache.pages) == 0


def test_an_unknown_host_name_gets_no_page_and_ports_share_one(cached):
    ask(cached, "/en/methodology/", Host="testserver")

    assert ask(cached, "/en/methodology/", Host="example.org").status == 400
    assert ask(cached, "/en/methodology/", Host="testserver:81").source == "hit"
    assert ask(cached, "/en/methodology/", Host="TESTSERVER").source == "hit"
    assert ask(cached, "/en/methodology/", Host="testserver:81.example").status == 400
    assert len(cached.pages) == 1


def test_https_and_http_do_not_share_a_page(cached):
    ask(cached, "/en/methodology/")

    assert ask(cached, "/en/methodology/", secure=True).source == "fwd=miss"


# How it is sent


@pytest.mark.parametrize("is_kept", [False, True])
@pytest.mark.parametrize(
    ("coding", "decode"),
    [("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)],
)
def test_every_form_holds_the_same_bytes(cached, coding, decode, is_kept):
    if is_kept:
        ask(cached, "/zh-hans/documents/")

    answer = ask(cached, "/zh-hans/documents/", Accept_Encoding=coding)

    assert decode(answer.body) == ask(cached.application, "/zh-hans/documents/").body
    assert answer.headers.get("content-encoding", "identity") == coding
    assert answer.headers["content-length"] == str(len(answer.body))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=0.1", "gzip"),
        ("gzip ; q=0.000", "identity"),
        ("br;q=high", "identity"),
        ("br;q=nan, gzip;q=2", "identity"),
        ("compress, x;y;z,,;", "identity"),
    ],
)
def test_the_smallest_form_that_is_liked_best_is_sent(accepted, coding):
    assert choose_coding(accepted) == coding


def test_who_has_the_page_gets_no_second_copy(cached):
    page = ask(cached, "/en/", Accept_Encoding="br")
    plain = ask(cached, "/en/")
    etag = page.headers["etag"]

    again = ask(cached, "/en/", Accept_Encoding="br", If_None_Match=f'"other", {etag}')

    assert (again.status, again.body) == (304, b"")
    assert not {"content-length", "content-encoding", "content-type"} & again.headers.keys()
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == page.headers[name]
    assert etag != plain.headers["etag"]
    statuses = {
        header: ask(cached, "/en/", Accept_Encoding="br", If_None_Match=header).status
        for header in (f"W/{etag}", "*", plain.headers["etag"], '"other"', "", etag.strip('"'))
    }
    assert list(statuses.values()) == [304, 304, 200, 200, 200, 200]


@pytest.mark.parametrize("path", ["/en/", "/en/documents/?utm=1", "/en/nowhere/"])
def test_head_says_what_get_would_say_without_a_body(cached, path):
    page = ask(cached.application, path)

    for _ in range(2):
        head = ask(cached, path, method="HEAD")

        assert (head.status, head.body) == (page.status, b"")
        assert head.headers["content-length"] == str(len(page.body))


# Rows of lists, between threads


class OvertakenList(MilestoneList):
    """A list that another thread overtakes: it shows other records while these are read."""

    def __init__(self, others):
        super().__init__()
        self.others = others

    def records_with(self, pks):
        for pk in self.others:
            fragments.rendered_rows(MilestoneList(), [pk], "now")
        return super().records_with(pks)


class OvertakenStamp(str):
    """A state of the content; while it is compared, another thread asks for the rows of a newer."""

    __hash__ = str.__hash__

    def __eq__(self, other):
        is_equal = str(self) == other
        self.store.of("newer")
        return is_equal

    def __ne__(self, other):
        return not self == other


@pytest.mark.django_db
def test_no_row_is_lost_that_another_thread_throws_out(monkeypatch):
    monkeypatch.setattr(fragments, "_store", fragments.RowStore(limit=3))
    pks = list(Milestone.objects.public().values_list("pk", flat=True)[:10])
    wanted, others = pks[:3], pks[3:]
    fragments.rendered_rows(MilestoneList(), wanted[:2], "now")

    rows = fragments.rendered_rows(OvertakenList(others), wanted, "now")

    assert rows == fragments.rendered_rows(MilestoneList(), wanted, "then")
    assert len(rows) == 3


def test_nobody_is_given_the_rows_of_another_state():
    store = fragments.RowStore()
    store.of("now")["key"] = "a row"
    now = OvertakenStamp("now")
    now.store = store

    assert store.of(now) == {"key": "a row"}
