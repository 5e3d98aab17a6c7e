"""The order of names: what stands before what, on which lists, and what it costs."""

import re
import time

import pytest
from django.utils.translation import override

from catalog.models import GlossaryTerm, Indicator, PolicyDocument, Region, Technology
from futureind.core import name_order
from futureind.core.name_order import ByName, place_of
from futureind.publishing.models.content_version import ContentVersion
from tests.chance import dice
from tests.factories import make_technology


@pytest.mark.parametrize(
    "names",
    [
        ["Atomic", "élan", "Emission", "Zebra"],
        ["6G network", "10G network", "brain", "Brain–computer interface", "brains"],
        [
            "阿里",
            "北京",
            "C919",
            "重庆",
            "量子",
            "人工智能",
            "我国5G基站数",
            "无人机",
            "长三角",
            "中国",
        ],
        ["伦敦", "全球", "上海", "中国"],
        ["“新赛道”", "新型工业化", "新质生产力"],
    ],
)
def test_names_stand_as_readers_look_for_them(names):
    mixed = dice("names mixed").sample(names, len(names))

    assert sorted(mixed, key=place_of) == names


@pytest.mark.parametrize(
    ("address", "mark"),
    [
        ("glossary/", r'href="/[^"]+/glossary/([^/"]+)/"'),
        ("technologies/", r'href="/[^"]+/technologies/([^/"]+)/"'),
        ("indicators/?sort=name", r'href="/[^"]+/indicators/([^/"]+)/"'),
    ],
)
@pytest.mark.parametrize(("language", "path"), [("en", "en"), ("zh-hans", "zh-hans")])
@pytest.mark.django_db
def test_a_list_by_name_is_in_the_order_of_its_reader(visitor, address, mark, language, path):
    html = visitor.get(f"/{path}/{address}").content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    slugs = list(dict.fromkeys(re.findall(mark, main)))
    model = {"glossary": GlossaryTerm, "technologies": Technology, "indicators": Indicator}[
        address.partition("/")[0]
    ]
    records = {record.slug: record for record in model.objects.public()}
    shown = [records[slug] for slug in slugs if slug in records]
    with override(language):
        tops = [r for r in shown if getattr(r, "parent_id", None) is None]
        names = [str(r.term if model is GlossaryTerm else r.name) for r in tops]

    assert len(names) > 10
    assert names == sorted(names, key=place_of)


@pytest.mark.django_db
def test_a_list_sorted_by_name_is_so_in_all_forms_and_on_all_pages(visitor):
    titles, address = [], "/zh-hans/documents.json?sort=title"
    while address:
        answer = visitor.get(address).json()
        titles += [row["title_zh"] or row["title_en"] for row in answer["results"]]
        address = answer["next"] and "/" + answer["next"].split("/", 3)[3]

    assert len(titles) == PolicyDocument.objects.public().count()
    assert titles == sorted(titles, key=place_of)


@pytest.mark.django_db
def test_regions_to_choose_stand_by_name_in_english_and_in_their_official_order_in_chinese(visitor):
    def offered(language):
        html = visitor.get(f"/{language}/changes/").content.decode()
        select = html.partition('name="region"')[2].partition("</select>")[0]
        return re.findall(r'<option value="([^"]+)"', select)

    cities = set(Region.objects.exclude(parent=None).values_list("slug", flat=True))
    with override("en"):
        regions = ByName().records(Region.objects.public())
    assert [s for s in offered("en") if s not in cities] == [
        region.slug for region in regions if region.slug not in cities
    ]
    assert offered("zh-hans")[:3] == ["beijing", "tianjin", "hebei"]


@pytest.mark.django_db
def test_places_are_found_once_for_each_state_of_the_content(django_assert_num_queries):
    keys = list(Technology.objects.values_list("pk", flat=True))
    ByName().keys(keys, Technology, stamp := ContentVersion.stamp())

    with django_assert_num_queries(0):
        before = ByName().keys(keys[::-1], Technology, stamp)
    first = make_technology(name_en="AAA first of all", name_zh="阿第一")
    after = ByName().keys([*keys, first.pk], Technology, ContentVersion.stamp())

    assert after == [first.pk, *before]


def test_ninety_thousand_names_take_seconds_once_and_a_part_of_one_after():
    chance = dice("names in order")
    letters = "量子计算人工智能脑机接口氢能储能航天低空经济材料制造信息健康空间"
    names = ["".join(chance.choices(letters, k=8)) for _number in range(20_000)]
    sorted(names, key=place_of)

    start = time.process_time()
    sorted(chance.choices(names, k=95_000), key=place_of)

    assert time.process_time() - start < 1
    assert name_order.place_of.cache_info().maxsize >= 50_000
