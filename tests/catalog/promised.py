"""Targets with a number, for tests."""

import datetime

from catalog.models import Unit
from tests.factories import make_target


def number(value, *, comparator="ge", unit="scenarios", due=2027, **columns):
    """Return a public target with a number."""
    return make_target(
        published=True,
        kind="quantitative",
        comparator=comparator,
        value=value,
        unit=Unit.objects.get(slug=unit),
        due_date=due and datetime.date(due, 12, 31),
        **{"metric_en": "test scenarios", "metric_zh": "测试场景", **columns},
    )
