"""What is due, what qualifies a number, the same metric elsewhere, and how far it is met."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from catalog.models import Indicator, IndicatorPoint, Target, Unit
from catalog.promises import comparisons_of, due_groups, is_overdue, qualifiers, year_after
from catalog.series import period_end, progress_of
from futureind.publishing.history import record
from futureind.publishing.models.revisions import Action
from tests.factories import make_document, make_region, make_source, make_target, stored

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

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


# What is due


@pytest.mark.parametrize("filters", ["", "level=national", "field=future-energy&q=储能"])
def test_each_group_counts_what_its_list_shows(visitor, filters):
    today = timezone.localdate()
    soon = make_target(published=True, due_date=today)
    soon.assessments.create(assessed_on=today, verdict="met", source=make_source())
    record(soon, Action.EDITED)
    body = visitor.get(f"/en/targets/?{filters}").content.decode()

    groups = re.search(r'<ul class="due-groups".*?</ul>', body, re.DOTALL)[0]
    links = re.findall(r'href="([^"]+)"[^>]*>\s*<strong class="figure">(\d+)</strong>', groups)
    assert len(links) == 5
    for address, count in links:
        listed = visitor.get("/en/targets.json" + address.replace("&amp;", "&")).json()
        assert listed["count"] == int(count), address


@pytest.mark.parametrize(
    ("due", "verdict", "overdue"),
    [
        (datetime.date(2025, 12, 31), None, True),
        (datetime.date(2025, 12, 31), "on-track", True),
        (datetime.date(2025, 12, 31), "not-assessable", True),
        (datetime.date(2025, 12, 31), "met", False),
        (datetime.date(2025, 12, 31), "missed", False),
        (TODAY, None, False),
        (None, None, False),
    ],
)
def test_a_target_is_overdue_from_the_next_day_until_it_is_met_or_missed(
    visitor, due, verdict, overdue
):
    target = make_target(published=True, due_date=due)
    if verdict:
        target.assessments.create(assessed_on=TODAY, verdict=verdict, source=make_source())
        record(target, Action.EDITED)

    [group] = [group for group in due_groups(TODAY) if group.key == "overdue"]
    listed = visitor.get("/en/targets.csv", {"document": target.document.slug, **group.parameters})

    assert is_overdue(Target.objects.with_verdict().get(pk=target.pk), TODAY) is overdue
    assert (target.slug in b"".join(listed).decode()) is overdue


def test_within_a_year_ends_on_the_same_day_of_the_next_one():
    assert year_after(datetime.date(2027, 3, 1)) == datetime.date(2028, 3, 1)
    assert year_after(datetime.date(2028, 2, 29)) == datetime.date(2029, 2, 28)


def test_a_target_without_a_check_is_overdue_and_not_missed(visitor):
    body = visitor.get("/en/targets/opinions-2025-leading-firms/").content.decode()

    assert 'class="overdue"' in body
    assert "No check recorded" in body
    assert "missed" not in body


# As printed and as computed


@pytest.mark.parametrize(
    ("address", "computed", "printed"),
    [
        ("/en/targets/opinions-2025-leading-firms/", "about 100 companies", "百家"),
        ("/zh-hans/targets/opinions-2025-leading-firms/", "约100家", "百家"),
        ("/en/targets/storage-2027-capacity/", "at least 180 GW", "1.8亿千瓦以上"),
    ],
)
def test_a_number_stands_as_printed_and_as_computed(visitor, address, computed, printed):
    body = visitor.get(address).content.decode()

    assert computed in body
    assert printed in body


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("力争建成30个左右场景", ["左右", "力争"]),
        ("产值达到5000亿元左右", ["左右"]),
        ("约5万辆", ["约"]),
        ("算力规模超过300 EFLOPS", ["超过"]),
        ("装机1.8亿千瓦以上", ["以上"]),
        ("产业规模突破1000亿元", ["突破"]),
        ("突破百项前沿关键核心技术", []),
        ("突破30项关键技术", []),
        ("单位能耗节约5%", []),
        ("规模以上企业，新增30家", []),
        ("到2027年培育省级及以上创新载体5家", []),
        ("建成30个场景", []),
    ],
)
def test_words_are_kept_where_they_qualify_a_number(statement, words):
    target = Target(statement_zh=statement)

    assert [word for word, _meaning in qualifiers(target)] == words


def test_a_word_of_striving_stands_beside_the_number(visitor):
    target = number(30, statement_zh="力争建成30个场景", value_text_zh="30个")
    body = visitor.get(target.get_absolute_url()).content.decode()

    assert re.search(r'class="qualifier"><span lang="zh-Hans">力争</span> strives for', body)


def test_the_list_says_why_it_ranks_nothing(visitor):
    assert "Numbers are never ranked" in visitor.get("/en/targets/").content.decode()


# The same metric elsewhere


def test_numbers_of_the_nation_and_of_regions_stand_side_by_side():
    national = number(100, comparator="about", due=2025)
    one, other = make_region(published=True), make_region(published=True)
    targets = [of(one, 30), of(other, 20), of(other, 10, comparator="about")]

    [comparison] = comparisons_of([national])

    assert comparison.national == [national]
    assert {t.pk for t in comparison.regional} == {t.pk for t in targets}


def test_another_unit_or_metric_is_another_comparison():
    first = of(make_region(published=True), 30)
    of(make_region(published=True), 20, unit="products")
    of(make_region(published=True), 20, metric_zh="别的场景")

    assert comparisons_of([first]) == []


@pytest.mark.parametrize(
    "address",
    [
        "targets/opinions-2025-scenarios/",
        "documents/future-industries-opinions-2024/",
        "fields/future-energy/",
    ],
)
def test_the_nations_number_stands_beside_those_of_regions(visitor, address):
    body = visitor.get(f"/en/{address}").content.decode()

    part = body[body.index('id="same-metric"') :]
    assert "/targets/opinions-2025-scenarios/" in part
    assert "Hangzhou" in part


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_numbers_of_several_texts_are_never_added(visitor, language):
    one, other = make_region(published=True), make_region(published=True)
    # Of so many digits that no number in a name is like them.
    first = of(one, 33_331)
    of(other, 44_442)

    body = visitor.get(f"/{language}/targets/{first.slug}/").content.decode()

    part = body[body.index('id="same-metric"') :].replace(",", "")
    assert "33331" in part
    assert "44442" in part
    assert "77773" not in re.sub(r'(?:href|id)="[^"]*"', "", part[: part.index("</section>")])


# How far a target is met


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
