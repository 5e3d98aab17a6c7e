"""Money and other large numbers in queries: whatever the unit and language, the value counts."""

import pytest

from catalog.models import Target
from futureind.search.amounts import with_whole_numbers, words_with_amounts
from futureind.search.highlights import highlight
from futureind.search.text import grams, normalised, terms_wanted, words_in
from tests.chance import dice

pytestmark = pytest.mark.one_database

BILLION, YI = 10**9, 10**8


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("Shanghai 500 billion", "shanghai 500000000000"),
        ("CNY 500 billion", "500000000000"),
        ("500 billion yuan", "500000000000"),
        ("500bn", "500000000000"),
        ("0.5 trillion", "500000000000"),
        ("500,000 million", "500000000000"),
        ("上海5000亿元", "上海 500000000000"),
        ("5千亿", "500000000000"),
        ("5000億", "500000000000"),
        ("五千亿", "500000000000"),
        ("0.5万亿", "500000000000"),
        ("500亿", "50000000000"),
        ("50–60 billion", "50000000000 60000000000"),
        ("1.8亿千瓦", "180000000 千瓦"),
        ("robots -500 billion", "robots -500000000000"),
        ('"500 billion" robots', '"500 billion" robots'),
        ("数千亿", "数千亿"),
        ("两万五千亿", "两万五千亿"),
        ("3千5百亿", "3千5百亿"),
        ("1万5千亿", "1万5千亿"),
        ("三千五百亿", "350000000000"),
        ("CNY500 billion", "500000000000"),
        ("RMB500bn", "500000000000"),
        ("人民币5000亿元", "500000000000"),
        ("一" * 30_000 + "亿", "一" * 30_000 + "亿"),
        ("2025", "2025"),
        ("500 billionaires", "500 billionaires"),
    ],
)
def test_a_query_is_read_by_the_values_of_its_amounts(query, read):
    assert with_whole_numbers(normalised(query)).split() == read.split()


def test_an_amount_is_one_word_of_a_query():
    assert words_with_amounts("Shanghai 500 billion robots") == [
        *("Shanghai", "500 billion", "robots")
    ]


def spellings(yi):
    """Return ways to write so many hundred millions of yuan."""
    billions = f"{yi / 10:g}"
    return [
        f"{yi}亿元",
        f"{yi:,}亿",
        f"{yi}亿元人民币",
        f"约{yi}亿元左右",
        f"CNY {billions} billion",
        f"about {billions} billion yuan",
        f"{billions}bn",
        f"{yi * 100:,} million yuan",
        f"{yi / 10_000:.4f}万亿元",
        f"{yi / 10_000:.4f} trillion",
        f"{yi * 10_000}万元",
    ]


def finds(query, text):
    asked = with_whole_numbers(normalised(query))
    wanted = [word for word in words_in(asked) if word.isdigit()]
    return all(terms_wanted(word) <= grams(text) for word in wanted)


def test_any_spelling_finds_any_other_of_the_same_value_and_no_other_value():
    rng = dice("amounts")
    for _turn in range(300):
        yi = rng.randint(1, 99_999)
        query = rng.choice(spellings(yi))
        for text in spellings(yi):
            assert finds(query, text), (query, text)
        # As many times more or less as units are mistaken for each other.
        for factor in (10, 100, 1000, 10_000):
            for text in spellings(yi * factor):
                # A number is found by its digits as printed, too.
                if str(yi * YI) not in text:
                    assert not finds(query, text), (query, text)


def test_an_order_of_magnitude_is_found_by_its_number():
    assert finds("1 trillion", "形成万亿级市场规模")
    assert not finds("1 trillion", "超过1.5万亿元")


def test_what_is_marked_is_the_amount_in_whatever_unit():
    assert (
        highlight("产值达到5000亿元左右", ["500000000000"]) == "产值达到<mark>5000亿</mark>元左右"
    )


def ways_to_ask(target):
    """Return the amount of a target in yuan as people may write it, in both languages."""
    yuan = target.value * YI
    yield f"{yuan / YI:f}".rstrip("0").rstrip(".") + "亿元"
    yield f"{yuan / BILLION:f}".rstrip("0").rstrip(".") + " billion"
    yield f"CNY {yuan / 10**6:.0f} million"


@pytest.mark.django_db
def test_every_target_in_money_is_found_by_its_amount_alone(client):
    targets = Target.objects.public().filter(unit__slug="100-million-cny", value__isnull=False)
    for target in dice("targets").sample(list(targets), 12):
        for query in ways_to_ask(target):
            found = client.get("/en/targets.json", {"q": query}).json()
            assert target.slug in {result["slug"] for result in found["results"]}, query


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["Shanghai 500 billion", "上海 5000亿", "上海五千亿元"])
def test_the_amount_that_is_asked_for_stands_first(client, query):
    found = client.get("/en/search.json", {"q": query}).json()["results"]
    page = client.get("/en/search/", {"q": query}).content.decode()

    assert found[0]["slug"] == "shanghai-future-industries-2022--target-01"
    assert all("50 billion" not in f"{result}".replace("500 billion", "") for result in found)
    assert "<mark>" in page
