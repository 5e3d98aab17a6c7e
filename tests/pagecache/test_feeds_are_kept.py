"""A feed that did not change is not sent again."""

import pytest

from tests.pagecache.conftest import ask

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]


@pytest.mark.parametrize(
    "path",
    [
        "/en/targets.atom",
        "/zh-hans/targets.atom?field=future-energy",
        "/en/tracks.atom?page=2",
        "/en/changes.atom",
        "/en/documents/open-competition-2026.atom",
    ],
)
def test_a_reader_that_asks_again_learns_that_nothing_changed(cached, path):
    first = ask(cached, path)
    second = ask(cached, path, If_None_Match=first.headers["etag"])

    assert (first.status, first.headers["content-type"]) == (
        *(200, "application/atom+xml; charset=utf-8"),
    )
    assert (second.status, second.body, second.source) == (304, b"", "hit")
