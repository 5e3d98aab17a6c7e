"""Observed series as small multiples and tables."""

import csv
import io
import re

import pytest
from django.utils import translation

from catalog.drawings.series import Join, figure_of
from catalog.models import Indicator, IndicatorPoint, IndustryField, Unit
from catalog.series import newest_point, period_middle
from futureind.core.name_order import place_of
from tests.factories import make_source, stored

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def series(points, *, kind="count", geography="CN"):
    """Return an indicator with points ``(period, value, further columns)``, as pages load it."""
    indicator = stored(
        Indicator(
            slug=f"test-series-{Indicator.objects.count()}",
            name_en="Test series",
            name_zh="测试序列",
            unit=Unit.objects.get(slug="companies"),
            kind=kind,
            frequency="annual",
        ),
        published=True,
        sources=[make_source()],
    )
    for period, value, *columns in points:
        IndicatorPoint.objects.create(
            indicator=indicator,
            period=period,
            value=value,
            source=make_source(),
            **{"geography": geography} | (columns[0] if columns else {}),
        )
    return indicator


def joins(indicator):
    [panel] = figure_of(indicator).panels
    return [mark.join for mark in panel.marks]


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (["2023", "2024", "2025"], [None, Join.SAME, Join.SAME]),
        (["2022", "2025"], [None, Join.UNLIKE]),
        (["2021", "2022H1", "2023"], [None, Join.UNLIKE, Join.UNLIKE]),
        (["2024", "2025-06", "2025"], [None, Join.UNLIKE, Join.UNLIKE]),
    ],
)
def test_only_like_periods_that_follow_each_other_have_a_full_line(periods, expected):
    assert joins(series([(period, 5) for period in periods])) == expected


def test_a_break_is_never_bridged():
    indicator = series([("2023", 5), ("2024", 6, {"starts_anew": True}), ("2025", 7)])
    [panel] = figure_of(indicator).panels

    assert [mark.join for mark in panel.marks] == [None, Join.BREAK, Join.SAME]
    assert [(one.point.period, two.point.period) for one, two, _join in panel.lines] == [
        ("2024", "2025")
    ]
    [place] = panel.breaks
    assert panel.marks[0].x < place < panel.marks[1].x


def test_places_have_panels_of_their_own_on_one_scale():
    indicator = series(
        [
            ("2024", 100, {"geography": "world"}),
            ("2024", 50, {"geography": "US"}),
            ("2024", 25),
            ("2025", 25),
        ]
    )
    figure = figure_of(indicator)

    heights = {panel.label: figure.base - panel.last.y for panel in figure.panels}
    assert list(heights) == ["China", "United States", "World"]
    assert heights["World"] == pytest.approx(2 * heights["United States"], abs=0.2)
    assert heights["United States"] == pytest.approx(2 * heights["China"], abs=0.2)


def test_the_first_place_of_a_ranking_stands_on_top():
    [panel] = figure_of(series([("2024", 3), ("2025", 1)], kind="rank")).panels

    assert panel.marks[1].y < panel.marks[0].y


def test_unread_points_are_not_drawn_and_odd_periods_stand_in_the_table():
    indicator = series(
        [("2024", 3), ("2025", 4, {"confidence": "recalled"}), ("second edition", 5)]
    )
    figure = figure_of(indicator)

    [panel] = figure.panels
    assert [mark.point.period for mark in panel.marks] == ["2024"]
    assert [point.period for point in figure.undrawn] == ["second edition"]
    assert not figure.is_worth_drawing


@pytest.mark.parametrize(("number", "drawn"), [(1, False), (2, False), (3, True)])
def test_a_picture_begins_with_three_points_of_a_place(number, drawn):
    points = [(str(2021 + place), place) for place in range(number)]
    elsewhere = [(str(2021 + place), place, {"geography": "US"}) for place in range(2)]

    assert figure_of(series([*points, *elsewhere])).is_worth_drawing is drawn


def test_the_newest_value_is_chinas_else_the_greatest():
    china = series([("2024", 1), ("2025", 2), ("2025", 9, {"geography": "US"})])
    others = series(
        [(year, n, {"geography": g}) for year, n, g in (("2025", 5, "US"), ("2024", 7, "IN"))]
    )

    assert newest_point(china.public_points).value == 2
    assert newest_point(others.public_points).geography == "IN"
    assert newest_point([]) is None


def test_a_list_shows_the_newest_value_by_field_and_in_the_readers_order(visitor):
    for language in ("en", "zh-hans"):
        html = "".join(
            visitor.get(f"/{language}/indicators/?page={page}").content.decode() for page in (1, 2)
        )
        slugs = re.findall(rf'series-name"><a href="/{language}/indicators/([^"/]+)/"', html)
        found = Indicator.objects.public().in_bulk(slugs, field_name="slug")
        fields = [list(found[slug].fields.values_list("pk", flat=True)) for slug in slugs]
        order = list(IndustryField.objects.public().values_list("pk", flat=True))
        with translation.override(language):
            keys = [
                (
                    min(map(order.index, own), default=len(order)),
                    place_of(found[slug].name.plain),
                )
                for slug, own in zip(slugs, fields, strict=True)
            ]
        assert len(slugs) == Indicator.objects.public().count()
        assert keys == sorted(keys)
        assert html.count('class="newest"') == len(slugs)


def test_a_series_without_points_has_no_panels():
    assert figure_of(series([])).panels == []


@pytest.mark.parametrize(
    ("period", "middle"), [("2025", 2025.5), ("2022H1", 2022.25), ("2022H2", 2022.75), ("x", None)]
)
def test_a_point_stands_in_the_middle_of_its_period(period, middle):
    assert period_middle(period) == middle


@pytest.mark.parametrize(
    ("language", "word", "sign"),
    [("en", "break in the series", "China"), ("zh-hans", "序列中断", "中国")],
)
def test_a_break_is_named_in_picture_and_table(visitor, language, word, sign):
    body = visitor.get(f"/{language}/indicators/china-computing-power-total/").content.decode()

    [label] = re.findall(r'<svg class="panel"[^>]*aria-label="([^"]+)"', body)
    assert label.startswith(sign)
    assert word in label
    assert f'<span class="series-mark">{word}</span>' in body


@pytest.mark.parametrize("address", ["indicators/?q=unicorn", "indicators/hurun-unicorns-total/"])
def test_every_point_stands_in_the_table_with_its_source(visitor, address):
    body = visitor.get(f"/en/{address}").content.decode()
    points = Indicator.objects.get(slug="hurun-unicorns-total").points.public()

    for point in points.select_related("source"):
        assert point.source.publisher in body
    assert body.count('<svg class="panel"') >= 6
    assert "All places have one scale, from zero" in body


def test_points_can_be_downloaded(visitor):
    indicator = Indicator.objects.get(slug="hurun-unicorns-city")
    text = b"".join(visitor.get("/en/indicators/hurun-unicorns-city/points.csv"))
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))

    assert len(rows) == indicator.points.public().count()
    assert {row["unit"] for row in rows} == {"companies"}
    assert all(row["source"] for row in rows)
    assert visitor.get("/en/indicators/no-such-series/points.csv").status_code == 404


def test_a_measured_target_stands_on_the_page_of_its_indicator(visitor):
    body = visitor.get("/en/indicators/china-new-type-storage-nea/").content.decode()

    assert "/targets/storage-2027-capacity/" in body
