"""The entries of the fixture files, and how many there are of each model."""

import json
from collections import Counter

from django.conf import settings

FIXTURES = settings.FIXTURE_DIRS[0]


def entries():
    for path in sorted(FIXTURES.glob("*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))


def columns(label, *names):
    """Return what the entries of a model say in some columns, "" for what they leave out."""
    found = [entry["fields"] for entry in entries() if entry["model"] == label]
    return [tuple(fields.get(name, "") for name in names) for fields in found]


COUNTS = Counter(entry["model"] for entry in entries())
