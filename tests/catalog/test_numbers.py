"""Numbers as readers of each language write them, beside the words that the text has."""

import re
from decimal import Decimal

import pytest
from django.utils import translation

from catalog.models import Target, Unit
from catalog.numbers import quantity, target_amount

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ENGLISH, CHINESE = "en", "zh-hans"


def unit(slug):
    return Unit.objects.select_related("base_unit").get(slug=slug)


def written(language, value, slug=None, last=None):
    with translation.override(language):
        return quantity(Decimal(value), unit(slug) if slug else None, last and Decimal(last))


@pytest.mark.parametrize(
    ("value", "slug", "english", "chinese"),
    [
        ("3000", "100-million-cny", "CNY 300 billion", "3000亿元"),
        ("2500", "100-million-cny", "CNY 250 billion", "2500亿元"),
        ("10000", "100-million-cny", "CNY 1 trillion", "10000亿元"),
        ("0.5", "100-million-cny", "CNY 50 million", "0.5亿元"),
        ("1.2345", "100-million-cny", "CNY 123.45 million", "1.2345亿元"),
        ("100", "companies", "100 companies", "100家"),
        ("50000", "vehicles", "50,000 vehicles", "5万辆"),
        ("1234567", "vehicles", "1,234,567 vehicles", "1234567辆"),
        ("40", "percent", "40%", "40%"),
        ("0", "companies", "0 companies", "0家"),
        ("1.00", "companies", "1 company", "1家"),
        ("1", "projects-per-year", "1 project per year", "1个/年"),
        ("1", "gw", "1 GW", "1吉瓦"),
    ],
)
def test_an_amount_reads_naturally_in_both_languages(value, slug, english, chinese):
    assert written(ENGLISH, value, slug) == english
    assert written(CHINESE, value, slug) == chinese


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        ("1000.0000", "1,000", "1000"),
        ("0.2500", "0.25", "0.25"),
        ("100000000", "100,000,000", "1亿"),
        ("150000000", "150,000,000", "1.5亿"),
        ("3500000", "3,500,000", "350万"),
        ("10001", "10,001", "10001"),
        ("-5", "-5", "-5"),
    ],
)
def test_a_number_without_a_unit_is_grouped_as_each_language_groups(value, english, chinese):
    assert written(ENGLISH, value) == english
    assert written(CHINESE, value) == chinese


@pytest.mark.parametrize(
    ("value", "last", "slug", "english", "chinese"),
    [
        ("2", "3", "companies", "2–3 companies", "2–3家"),
        ("10", "20", "100-million-cny", "CNY 1 billion – CNY 2 billion", "10–20亿元"),
        ("100000", "200000", "tonnes-year", "100,000–200,000 tonnes", "10万–20万吨"),
    ],
)
def test_a_range_names_its_unit_once(value, last, slug, english, chinese):
    assert written(ENGLISH, value, slug, last).startswith(english)
    assert written(CHINESE, value, slug, last).startswith(chinese)


@pytest.mark.parametrize(
    ("comparator", "english", "chinese"),
    [
        ("eq", "100 companies", "100家"),
        ("ge", "at least 100 companies", "100家以上"),
        ("gt", "over 100 companies", "超过100家"),
        ("le", "at most 100 companies", "不超过100家"),
        ("lt", "less than 100 companies", "低于100家"),
        ("about", "about 100 companies", "约100家"),
    ],
)
def test_how_a_number_is_meant_is_never_smoothed_over(comparator, english, chinese):
    target = Target(value=Decimal(100), comparator=comparator, unit=unit("companies"))

    with translation.override(ENGLISH):
        assert target_amount(target) == english
    with translation.override(CHINESE):
        assert target_amount(target).replace(" ", "") == chinese


def test_a_target_without_a_number_has_no_amount():
    assert target_amount(Target()) == ""


def page(visitor, language, slug):
    return visitor.get(f"/{language}/targets/{slug}/").content.decode()


def text_of(html):
    return re.sub(r"<[^>]+>", "", html)


def test_a_hundred_as_printed_stands_beside_about_100(visitor):
    english = page(visitor, "en", "opinions-2025-landmark-products")
    chinese = page(visitor, "zh-hans", "opinions-2025-landmark-products")

    assert "about 100 products" in text_of(english)
    assert '<span lang="zh-Hans">百项</span>' in english
    assert "约100" in text_of(chinese).replace(" ", "")
    assert "百项" in chinese


def test_money_of_a_target_is_written_for_each_reader(visitor):
    target = "storage-2027-investment"

    assert "about CNY 250 billion" in text_of(page(visitor, "en", target))
    # In the word of the text, which says 约 here and not 左右.
    chinese = page(visitor, "zh-hans", target).partition("<main")[2]
    assert "约2500亿元" in text_of(chinese).replace(" ", "")
    assert "2500亿元左右" not in text_of(chinese)


def test_one_of_any_unit_is_written_in_the_singular():
    """Of units whose name is a plural; aircraft and symbols stay, multiples are converted."""
    counted = Unit.objects.filter(base_unit=None)
    plural = [u for u in counted if re.match(r"[a-z -]+s\b|people", u.name_en)]

    assert len(plural) > 40
    assert [u.slug for u in plural if not u.one_en] == []


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_every_amount_on_record_can_be_written_without_traces_of_the_machine(language):
    with translation.override(language):
        amounts = [
            target_amount(target)
            for target in Target.objects.exclude(value=None).select_related("unit__base_unit")
        ]

    assert len(amounts) > 200
    assert [
        a for a in amounts if "None" in a or "E+" in a or ".0" in a.replace(".0", "", 0)[-3:]
    ] == []
    assert all(any(sign.isdigit() for sign in amount) for amount in amounts)
