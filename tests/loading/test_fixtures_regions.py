"""The facts of the site about regions: which there are, and what the plans of some name."""

from collections import Counter

import pytest

from catalog.models import PolicyDocument, Region
from regions.counts import latest_checks
from regions.models import CoverageCheck, RegionalPlan, Tier, Track
from tests.loading.fixture_files import columns

pytestmark = pytest.mark.one_database


@pytest.mark.django_db
def test_there_are_34_provinces_each_with_a_tile_and_letters_and_51_cities_with_neither():
    provinces = Region.objects.provinces()

    assert provinces.count() == 34
    assert provinces.filter(tile_row__gte=1, tile_column__gte=1).count() == 34
    assert len(set(provinces.values_list("letter_code", flat=True))) == 34
    assert Region.objects.filter(level="city", letter_code="", tile_row=None).count() == 51
    assert not Region.objects.filter(short_name_zh="").exists()


@pytest.mark.django_db
def test_no_region_has_a_plan_where_a_search_found_none():
    found = CoverageCheck.objects.filter(outcome="found")
    newest = latest_checks()
    nothing = [pk for pk, check in newest.items() if check.outcome == "none-found"]

    stated = Counter(outcome for (outcome,) in columns("regions.coveragecheck", "outcome"))
    for outcome, number in stated.items():
        assert CoverageCheck.objects.filter(outcome=outcome).count() == number
    assert not RegionalPlan.objects.public().filter(region__in=nothing).exists()
    for slug in ("beijing", "shanghai", "jiangsu", "zhejiang", "guangdong", "shenzhen"):
        assert found.filter(region__slug=slug).exists()


def names(plan, tier, **conditions):
    tracks = Track.objects.public().filter(plan__slug=plan, tier=tier, **conditions)
    return list(tracks.order_by("order").values_list("name_zh", flat=True))


@pytest.mark.django_db
def test_jiangsu_names_ten_growing_industries_and_an_open_set_of_frontiers():
    plan = "jiangsu-future-industries-2023"

    assert RegionalPlan.objects.get(slug=plan).structure_en.startswith('"10 + X"')
    assert names(plan, Tier.GROWTH) == [
        "第三代半导体",
        "未来网络",
        "氢能",
        "新型储能",
        "细胞和基因技术",
        "合成生物",
        "通用智能",
        "虚拟现实",
        "前沿新材料",
        "零碳负碳",
    ]
    assert names(plan, Tier.EXPLORATORY) == ["量子科技", "深海深地空天", "类人机器人", "先进核能"]


@pytest.mark.django_db
def test_zhejiang_names_nine_industries_first_and_six_to_explore():
    plan = "zhejiang-future-industries-2023"

    assert PolicyDocument.objects.get(slug=plan).document_number == "浙政办发〔2023〕9号"
    assert names(plan, Tier.PRIORITY) == [
        "未来网络",
        "元宇宙",
        "空天信息",
        "仿生机器人",
        "合成生物",
        "未来医疗",
        "氢能与储能",
        "前沿新材料",
        "柔性电子",
    ]
    assert names(plan, Tier.EXPLORATORY) == [
        "量子信息",
        "脑科学与类脑智能",
        "深地深海",
        "可控核聚变及核技术应用",
        "低成本碳捕集利用与封存",
        "智能仿生与超材料",
    ]


@pytest.mark.django_db
def test_shenzhen_named_eight_industries_in_2022_and_cut_them_anew_in_2024():
    plan = "shenzhen-future-industries-2022"

    assert names(plan, Tier.GROWTH) == ["合成生物", "区块链", "细胞与基因", "空天技术"]
    assert names(plan, Tier.EXPLORATORY) == [
        "脑科学与类脑智能",
        "深地深海",
        "可见光通信与光计算",
        "量子信息",
    ]
    assert names("shenzhen-20-8-scheme-2024", Tier.INDUSTRY) == [
        "合成生物",
        "光载信息",
        "智能机器人",
        "细胞与基因",
        "脑科学与脑机工程",
        "深地深海",
        "量子信息",
        "前沿新材料",
    ]


@pytest.mark.django_db
def test_beijing_names_six_areas_with_twenty_industries():
    plan = "beijing-future-industries-2023"

    assert names(plan, Tier.AREA) == [
        "未来信息",
        "未来健康",
        "未来制造",
        "未来能源",
        "未来材料",
        "未来空间",
    ]
    areas = Track.objects.filter(plan__slug=plan, tier=Tier.AREA).order_by("order")
    assert [area.children.count() for area in areas] == [5, 4, 2, 3, 4, 2]
    assert len(names(plan, Tier.INDUSTRY)) == 20


@pytest.mark.django_db
def test_shanghai_names_five_clusters_with_sixteen_areas():
    plan = "shanghai-future-industries-2022"

    assert names(plan, Tier.CLUSTER) == [
        "未来健康产业集群",
        "未来智能产业集群",
        "未来能源产业集群",
        "未来空间产业集群",
        "未来材料产业集群",
    ]
    clusters = Track.objects.filter(plan__slug=plan, tier=Tier.CLUSTER).order_by("order")
    assert [cluster.children.count() for cluster in clusters] == [4, 5, 2, 2, 3]
    assert len(names(plan, Tier.AREA)) == 16


@pytest.mark.django_db
def test_guangdong_has_a_plan_for_each_of_five_clusters_three_of_them_with_tracks():
    assert names("guangdong-manufacturing-province-2023", Tier.CLUSTER) == [
        "未来电子信息",
        "未来智能装备",
        "未来生命健康",
        "未来材料",
        "未来绿色低碳",
    ]
    plans = RegionalPlan.objects.filter(structure_en__startswith="one of five clusters")
    assert {plan.slug: plan.tracks.count() for plan in plans} == {
        "guangdong-future-electronics-2024": 4,
        "guangdong-future-equipment-2024": 4,
        "guangdong-future-life-health-2024": 5,
        "guangdong-future-materials-2024": 0,
        "guangdong-future-green-2024": 0,
    }


@pytest.mark.django_db
def test_tracks_and_targets_of_a_plan_belong_together():
    for track in Track.objects.exclude(targets=None).select_related("plan"):
        assert {t.document_id for t in track.targets.all()} == {track.plan.document_id}
    assert Track.objects.exclude(targets=None).count() == 5
