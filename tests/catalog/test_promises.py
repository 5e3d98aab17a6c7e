"""What is due, what qualifies a number, and the same metric elsewhere."""

import datetime
import re
from decimal import Decimal
from html import unescape

import pytest
from django.utils import timezone

from catalog.models import Target
from catalog.promises import (
    awaits_check,
    comparisons_of,
    due_groups,
    prints_otherwise,
    qualifiers,
)
from futureind.publishing.history import record
from futureind.publishing.models.revisions import Action
from tests.catalog.promised import number
from tests.factories import make_document, make_region, make_source, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TODAY = datetime.date(2026, 1, 1)


def target_in(region, value, **columns):
    """Return a target of a text of a region with a number."""
    level = "city" if region.level == "city" else "provincial"
    document = make_document(published=True, region=region, level=level)
    return number(value, document=document, **columns)


# What is due


TAB = re.compile(
    r'<a href="([^"]+)" (aria-current="true")?> (.*?) <span class="soft figure">(\d+)<'
)
YEAR = re.compile(r'<a href="([^"]+)" (?:aria-current="true")?> <span class="figure">(\d+)</span>')


def tabs_and_years(visitor, query):
    """Return the tabs and the years above the list, ``[(address, …), …]`` of each."""
    body = " ".join(unescape(visitor.get(f"/en/targets/?{query}").content.decode()).split())
    nav = body.partition('class="tabs"')[2].partition("</nav>")[0]
    strip = body.partition('class="year-strip"')[2].partition("</ol>")[0]
    return TAB.findall(nav), YEAR.findall(strip)


@pytest.mark.parametrize(
    "filters", ["", "level=national", "field=future-energy&q=储能", "verdict=met", "texts=ended"]
)
def test_tabs_and_years_count_what_their_lists_show(visitor, filters):
    tabs, years = tabs_and_years(visitor, filters)

    assert "All" in {label for _address, _current, label, _count in tabs}
    assert years
    for address, *_words, count in [*tabs, *years]:
        listed = visitor.get("/en/targets.json" + address).json()
        assert listed["count"] == int(count), address


@pytest.mark.parametrize("filters", ["", "region=guangdong"])
def test_the_years_and_what_has_no_date_are_all_targets(visitor, filters):
    tabs, years = tabs_and_years(visitor, filters)
    numbers = {label: int(count) for _address, _current, label, count in tabs}

    assert sum(int(count) for _address, count in years) == numbers["All"] - numbers.get(
        "No date", 0
    )


def test_a_year_is_set_beside_tab_and_filters_and_taken_back(visitor):
    later = f"due_after={timezone.localdate()}"
    _tabs, years = tabs_and_years(visitor, f"region=guangdong&{later}")
    address = next(address for address, _count in years if "due=2027" in address)
    assert {"region=guangdong", later} <= set(address[1:].split("&"))

    tabs, years = tabs_and_years(visitor, address[1:])
    [current] = [tab for tab in tabs if tab[1]]
    back = next(a for a, _count in years if "due=2027" not in a and "due=" not in a)
    assert (current[2], back) == ("Due later", f"?region=guangdong&{later}")


@pytest.mark.parametrize(
    ("due", "verdict", "waits"),
    [
        (datetime.date(2025, 12, 31), None, True),
        (datetime.date(2025, 12, 31), "on-track", False),
        (datetime.date(2025, 12, 31), "not-assessable", False),
        (datetime.date(2025, 12, 31), "met", False),
        (datetime.date(2025, 12, 31), "missed", False),
        (TODAY, None, False),
        (None, None, False),
    ],
)
def test_a_target_waits_from_the_next_day_until_somebody_checks_it(visitor, due, verdict, waits):
    target = make_target(published=True, due_date=due)
    if verdict:
        target.assessments.create(assessed_on=TODAY, verdict=verdict, source=make_source())
        record(target, Action.EDITED)

    groups = {group.key: group.parameters for group in due_groups(TODAY)}
    found = {
        key: target.slug
        in b"".join(
            visitor.get("/en/targets.csv", {"document": target.document.slug, **parameters})
        ).decode()
        for key, parameters in groups.items()
    }

    assert awaits_check(Target.objects.with_verdict().get(pk=target.pk), TODAY) is waits
    assert found["passed"] is waits
    assert found["checked"] is bool(verdict)
    assert found["undated"] is (due is None)
    assert found["later"] is (due == TODAY)
    assert found["all"]


def test_a_target_without_a_check_has_passed_and_is_not_called_missed(visitor):
    body = visitor.get("/en/targets/opinions-2025-leading-firms/").content.decode()

    assert "date passed – not checked" in body
    assert "overdue" not in body
    assert "No check recorded" in body
    assert "missed" not in body


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", ["", "targets/", "regions/beijing/", "methodology/"])
def test_no_public_page_calls_a_target_overdue(visitor, language, path):
    body = visitor.get(f"/{language}/{path}").content.decode()

    assert "verdue" not in body
    assert "逾期" not in body


def test_a_verdict_is_a_filter_only_where_somebody_checked(visitor):
    checked = visitor.get("/en/targets/?q=52+tasks").content.decode()
    document = make_document(published=True)
    make_target(published=True, document=document)
    unchecked = visitor.get(f"/en/targets/?document={document.slug}").content.decode()

    assert 'data-facet="verdict"' in checked
    assert 'data-facet="verdict"' not in unchecked
    assert 'class="verdict' not in unchecked


def test_targets_of_ended_texts_are_those_not_in_force_today(visitor):
    today = timezone.localdate()
    listed = visitor.get("/en/targets.json?texts=ended").json()
    slugs = {row["slug"] for row in listed["results"]}
    in_force = set(Target.objects.public().in_force_on(today).values_list("slug", flat=True))
    unknown = set(Target.objects.public().without_known_start().values_list("slug", flat=True))
    begun = Target.objects.public().exclude(document__date__gt=today)

    assert listed["count"] == len(slugs) <= 100
    assert slugs == set(begun.values_list("slug", flat=True)) - in_force - unknown


# As printed and as computed


def text_of(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize(
    ("address", "computed", "printed"),
    [
        ("/en/targets/opinions-2025-leading-firms/", "about 100 companies", "百家"),
        ("/zh-hans/targets/opinions-2025-leading-firms/", "约100家", "百家"),
        ("/en/targets/storage-2027-capacity/", "at least 180 GW", "1.8亿千瓦以上"),
    ],
)
def test_a_number_stands_as_printed_and_as_computed(visitor, address, computed, printed):
    body = text_of(visitor.get(address).content.decode())

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


@pytest.mark.parametrize(
    ("value", "unit", "printed", "otherwise"),
    [
        (100, "companies", "百家", True),
        (180, "gw", "1.8亿千瓦以上", True),
        (5000, "100-million-cny", "5000亿元左右", False),
        (500_000_000_000, "cny", "5000亿元", False),
        (50_000, "vehicles", "约5万辆", False),
        (52, "scenarios", "52项", False),
        (52, "scenarios", "５２项", False),
        (52, "scenarios", "", False),
        (1000, "scenarios", "1,000个", False),
    ],
)
def test_the_printed_form_stands_where_its_digits_differ(value, unit, printed, otherwise):
    target = Target(value=Decimal(value), value_text_zh=printed)

    assert prints_otherwise(target) is otherwise, unit


def test_what_the_comparator_says_is_said_once(visitor):
    target = number(
        5000, comparator="about", statement_zh="达到5000个左右", value_text_zh="5000个左右"
    )

    for language, said in (("en", "about 5,000"), ("zh-hans", "5000个左右")):
        body = visitor.get(target.get_absolute_url().replace("/en/", f"/{language}/"))
        promise = body.content.decode().partition('<dl class="promise">')[2].partition("</dl>")[0]
        assert said in text_of(promise)
        assert 'class="qualifier"' not in promise
        assert "printed" not in promise


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
    targets = [
        target_in(one, 30),
        target_in(other, 20),
        target_in(other, 10, comparator="about"),
    ]

    [comparison] = comparisons_of([national])

    assert comparison.national == [national]
    assert {t.pk for t in comparison.regional} == {t.pk for t in targets}


def test_another_unit_or_metric_is_another_comparison():
    first = target_in(make_region(published=True), 30)
    target_in(make_region(published=True), 20, unit="products")
    target_in(make_region(published=True), 20, metric_zh="别的场景")

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
    first = target_in(one, 33_331)
    target_in(other, 44_442)

    body = visitor.get(f"/{language}/targets/{first.slug}/").content.decode()

    part = body[body.index('id="same-metric"') :].replace(",", "")
    assert "33331" in part
    assert "44442" in part
    assert "77773" not in re.sub(r'(?:href|id)="[^"]*"', "", part[: part.index("</section>")])
