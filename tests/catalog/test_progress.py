"""How far a target is met: by the newest point in its unit."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Indicator, IndicatorPoint, Target, Unit
from catalog.series import period_end, progress_of
from tests.catalog.promised import number
from tests.factories import make_source, stored

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def indicator():
    unit = Unit.objects.get(slug="100-million-cny")
    return stored(
        Indicator(
            slug="test-indicator",
            name_en="Test output",
            name_zh="测试产值",
            unit=unit,
            kind="value",
            frequency="annual",
        ),
        published=True,
        sources=[make_source()],
    )


def observe(indicator, value, *, period="2025", geography="CN", **columns):
    return IndicatorPoint.objects.create(
        indicator=indicator,
        period=period,
        geography=geography,
        value=value,
        source=make_source(),
        **columns,
    )


def measured(indicator, **columns):
    target = number(2_000_000_000, unit="cny", indicator=indicator, **columns)
    return Target.objects.for_rows().get(pk=target.pk)


def test_progress_is_the_newest_point_in_the_unit_of_the_target(indicator):
    indicator.unit = Unit.objects.get(slug="cny-billion")
    indicator.save()
    observe(indicator, 1, period="2025H1")
    newest = observe(indicator, Decimal("1.5"), period="2025")
    observe(indicator, 9, period="2024-06")

    progress = progress_of(measured(indicator))

    assert (progress.point, progress.percent, progress.bar) == (newest, 75, 75)


def test_a_bar_ends_where_the_number_is_reached(indicator):
    observe(indicator, 30)
    progress = progress_of(measured(indicator))

    assert (progress.percent, progress.bar) == (150, 100)


@pytest.mark.parametrize(
    "columns",
    [{"geography": "US"}, {"confidence": "recalled"}, {"period": "some day"}],
)
def test_other_places_and_unread_points_measure_nothing(indicator, columns):
    observe(indicator, 1, **columns)

    assert progress_of(measured(indicator)) is None


@pytest.mark.parametrize("comparator", ["le", "lt"])
def test_a_limit_has_no_progress(indicator, comparator):
    observe(indicator, 1)

    assert progress_of(measured(indicator, comparator=comparator)) is None


def test_an_indicator_in_another_unit_is_refused():
    target = number(5, unit="scenarios")
    target.indicator = Indicator.objects.get(slug="c919-deliveries")

    with pytest.raises(ValidationError, match="another unit"):
        target.full_clean()


def test_progress_stands_beside_its_target_with_text(visitor):
    body = visitor.get("/en/targets/storage-2027-capacity/").content.decode()

    assert "136 GW observed for 2025: 75%" in body
    assert 'href="/en/indicators/china-new-type-storage-nea/"' in body


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2025", datetime.date(2025, 12, 31)),
        ("2022H1", datetime.date(2022, 6, 30)),
        ("2022H2", datetime.date(2022, 12, 31)),
        ("2024-02", datetime.date(2024, 2, 29)),
        ("2024-13", None),
        ("spring 2024", None),
    ],
)
def test_a_period_ends_on_its_last_day(period, day):
    assert period_end(period) == day
