"""How a query is read: what it means, what of it is left out, and that a name is nothing else."""

import re
from html import unescape

import pytest

from catalog.models import Agency, PolicyDocument, Region, SymbolicProduct, Technology
from tests.browse.list_page import one_line, read_list, text_of
from tests.chance import dice, few_and_many
from tests.search.test_search_quality import results

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

READING = re.compile(r'<div class="reading" role="status">(.*?)</div>')
OPTION = re.compile(
    r'<a class="option" href="([^"]+)"[^>]*> ?<span>[^<]*</span> <span class="number">(\d+)</span>'
)
COUNT = re.compile(r"([\d,]+) results?\b")


def searched(client, query, language="en", **more):
    response = client.get(f"/{language}/search/", {"q": query, **more})
    assert response.status_code == 200, query
    return one_line(response.content.decode())


def reading(html):
    """Return how a query was read, in words, and how many results it has."""
    [said] = READING.findall(html)
    return text_of(said)


def count(html):
    found = COUNT.search(reading(html))
    return int(found[1].replace(",", "")) if found else 0


# Names


def spoken(number):
    """Return names and titles on record, some of each kind in both languages."""
    rng, found = dice(f"names {number}"), []
    for model in (Agency, PolicyDocument, Region, SymbolicProduct, Technology):
        records = list(model.objects.public().order_by("pk"))
        for record in rng.sample(records, min(number, len(records))):
            title = "title" if model is PolicyDocument else "name"
            names = getattr(record, f"{title}_en"), getattr(record, f"{title}_zh")
            found += [(f"{model.index_kind}/{record.slug}", name) for name in names]
    return found


@pytest.mark.parametrize("number", few_and_many(8, 200))
def test_a_whole_name_means_nothing_but_what_bears_it(client, number):
    wrong = []
    for record, name in spoken(number):
        html = searched(client, name[:200])
        if "Understood as:" in html or "Left out:" in html:
            wrong.append((name, reading(html)))
        elif record not in results(client, name[:200], "en")[:3]:
            wrong.append((name, results(client, name[:200], "en")[:3]))

    assert wrong == []


def test_a_title_without_its_blanks_leads_to_its_text(client):
    title = "上海市加快合成生物创新策源打造高端生物制造产业集群行动方案（2023-2025年）"

    assert results(client, title, "zh-hans")[0] == "document/shanghai-synbio-2023-2025"


# Meanings


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("documents published in 2024", "Year of the text 2024 ·"),
        ("texts issued by MIIT in 2024", "Year of the text 2024 ; Issuing agency Ministry of"),
        ("2024年印发的现行有效文件", "Year of the text 2024 ; In force today ·"),
        ("What targets are due in 2027?", "Due in 2027 ·"),
        ("到2027年的目标", "Due in 2027 ·"),
        ("due 2027 -robots", "Due in 2027 ; words -robots"),
        ('in force "quantum"', 'In force today ; words "quantum"'),
        ("低空经济的现行政策", "In force today ; words 低空经济"),
        ("北京和上海", "Regions Beijing and Shanghai"),
        ("东北", "Group of regions Northeast"),
    ],
)
def test_what_is_understood_is_said(client, query, said):
    html = searched(client, query)

    assert f"Understood as: {said}" in reading(html)
    assert count(html) > 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("robts due 2027", "words robots · "),
        ("humanoid robotts in force", "words humanoid robots · "),
        ("targets due in 2030 quantum", "Left out: “Due in 2030”"),
        ("regulations in force in Shenzhen", "Left out: “regulations”"),
        ("2027年人形机器人产量翻番计划", "Left out: “产量翻番计划”"),
    ],
)
def test_a_query_that_finds_nothing_keeps_its_subject(client, query, said):
    html = searched(client, query)

    assert said in reading(html)
    assert count(html) > 0


@pytest.mark.parametrize("query", ["most advanced robots", "MoE models", "most robots"])
def test_a_word_is_no_agency_for_its_letters(client, query):
    assert "Issuing agency" not in reading(searched(client, query))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("浙江省2026年政府工作报告", "document/zhejiang-work-report-2026"),
        ("机器人的目标", "document/open-competition-2026"),
        ("which regions name BCI", "product/brain-computer-interfaces"),
        ("哪些地区列出了脑机接口", "product/brain-computer-interfaces"),
    ],
)
def test_words_are_found_in_whatever_stands_around_them(client, query, first):
    assert results(client, query, "zh-hans")[0].startswith(first)


def test_another_plan_is_no_slip_of_the_one_that_is_asked_for(client):
    assert "十四五" not in reading(searched(client, "十三五规划", "zh-hans"))


def test_what_is_left_out_is_not_what_is_found(client):
    everything = searched(client, "in force")
    without = searched(client, "in force -robots")

    assert 0 < count(without) < count(everything)
    robots = read_list(client, "documents", {"q": "-robots"}).count
    assert 0 < robots < PolicyDocument.objects.public().count()


@pytest.mark.parametrize("query", ['Beijing "quantum"', "北京“量子”", "Beijing -quantum"])
def test_a_region_beside_what_is_meant_word_by_word(client, query):
    assert "/en/regions/beijing/" in searched(client, query)


def test_a_number_is_marked_as_chinese_on_an_english_page(client):
    assert '<span lang="zh-Hans">工信部科〔2023〕193号</span>' in searched(
        client, "humanoid robots"
    )


# Facets


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("humanoid robots", {"kind": "document"}),
        ("humanoid robots", {"kind": "track", "region": "zhejiang"}),
        ("issued 2023", {}),
        ("Beijing vs Shanghai", {}),
        ("targets due in 2030 quantum", {}),
        ("robts due 2027", {}),
    ],
)
def test_a_facet_gives_as_many_results_as_it_says(client, query, more):
    options = OPTION.findall(searched(client, query, **more))
    given = {
        address: count(one_line(client.get(unescape(address)).content.decode()))
        for address, _number in options
        # What is chosen leads back.
        if all(f"{name}={value}" in address for name, value in more.items())
    }

    assert len(given) > 3
    promised = {address: int(number) for address, number in options if address in given}
    assert given == promised


def test_a_number_is_looked_for_by_its_words_where_that_is_wanted(client):
    query = {"q": "工信部科〔2023〕193号"}

    assert client.get("/en/search/", query).status_code == 302
    assert client.get("/en/search/", query | {"literal": "1"}).status_code == 200
    assert client.get("/en/search/", query | {"kind": "target"}).status_code == 200
