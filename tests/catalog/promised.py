"""Targets with a number, for tests."""

import datetime

from catalog.models import Unit
from tests.factories import make_document, make_target

TODAY = datetime.date(2026, 1, 1)


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


def of(region, value, **columns):
    level = "city" if region.level == "city" else "provincial"
    document = make_document(published=True, region=region, level=level)
    return number(value, document=document, **columns)
