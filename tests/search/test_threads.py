"""Texts are compared alike in many threads at once, as a server does."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from futureind.core.texts import to_simplified
from futureind.search import text

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

WORDS = [
    f"{beginning}{ending}"
    for beginning in ("nation", "relation", "generic", "oper", "condition", "custom", "organ")
    for ending in ("alization", "izations", "fulness", "ational", "ingly", "ements", "iveness")
]
TRADITIONAL = ["關於推動未來產業創新發展的實施意見", "臺灣網絡", "發改委後續頭髮", "人形機器人產業"]


@pytest.fixture
def many_switches():
    """Let threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.parametrize(
    ("compare", "given"), [(text.stem.__wrapped__, WORDS), (to_simplified, TRADITIONAL)]
)
def test_threads_do_not_change_what_others_compare(many_switches, compare, given):
    alone = [compare(one) for one in given]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _turn: [compare(one) for one in given], range(200)))

    assert all(one == alone for one in found)
