"""How large files and folders of the product and of its tests may be."""

from collections import Counter
from pathlib import Path

import pytest

pytestmark = [pytest.mark.one_database, pytest.mark.whole]

ROOT = Path(__file__).resolve().parents[3]
MOST_LINES = 400
MOST_FILES = 20


def our_files():
    return [
        path
        for room in ("catalog", "regions", "futureind", "tests", "benchmarks")
        for path in (ROOT / room).rglob("*.py")
        if path.parent.name != "migrations"
    ]


def test_no_module_is_too_long_to_know():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in our_files()}
    assert lengths
    assert {str(path) for path, lines in lengths.items() if lines > MOST_LINES} == set()


def test_no_folder_holds_too_many_modules():
    folders = Counter(path.parent for path in our_files())
    assert folders
    assert {str(folder) for folder, number in folders.items() if number > MOST_FILES} == set()
