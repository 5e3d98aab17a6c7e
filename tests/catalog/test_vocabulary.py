"""How a query is read by the names of the vocabulary, and how its slips are mended."""

import pytest

from catalog.models import Agency
from futureind.publishing import history
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action
from futureind.search.mending import mend_chinese, mend_word
from futureind.search.queries import parse
from futureind.search.vocabulary import Vocabulary, vocabulary_at
from tests.browse.list_page import read_list

pytestmark = pytest.mark.one_database

NAMES = Vocabulary(
    frozenset({"上海", "未来产业", "人形机器人", "机器人", "量子计算"}),
    {"bci": ("脑机接口", "brain-computer interface"), "上海": ("shanghai",)},
)


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ("上海未来产业行动方案", ["上海", "未来产业", "行动方案"]),
        ("人形机器人指导意见", ["人形机器人", "指导意见"]),
        # A name by itself, and a run without one, stay whole.
        ("未来产业", ["未来产业"]),
        ("深海采矿", ["深海采矿"]),
        # What joins names is no word.
        ("上海的机器人", ["上海", "机器人"]),
        ("的", ["的"]),
        # A single character beside a name may be a slip, or make another word of it.
        ("量子计算几", ["量子计算几"]),
    ],
)
def test_chinese_is_parted_at_names(run, parts):
    assert NAMES.parted(run) == parts


def test_each_name_stands_for_the_others_of_the_same():
    query = parse("BCI 上海 plan", NAMES)

    assert query.wants == (
        ("bci", "脑机接口", "brain-computer interface"),
        ("上海", "shanghai"),
        ("plan",),
    )


def test_words_and_other_names_are_marked_in_results():
    assert parse("plan for BCI", NAMES).marks == [
        *("plan", "bci"),
        *("脑机接口", "brain-computer interface"),
    ]


def test_words_that_stand_everywhere_are_not_looked_for():
    assert parse("plan for the Moon", NAMES).terms == {"plan", "moon"}
    assert parse("the", NAMES).is_empty


@pytest.mark.parametrize("text", ['"action plan"', "“action plan”", "「行动计划」", "＂行动计划＂"])
def test_phrases_stand_in_any_quotes(text):
    assert len(parse(text, NAMES).phrases) == 1


def test_a_wide_minus_leaves_out_as_well():
    assert parse("robot －上海", NAMES).excluded == ((("上海", "shanghai"),),)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("humaniod", "humanoid"), ("quantm", "quantum"), ("robot", "robot"), ("bci", "bci")],
)
def test_a_word_is_mended_to_the_one_most_like_it(word, meant):
    assert mend_word(word, ["humanoid", "quantum", "terahertz"]) == meant


@pytest.mark.parametrize(
    ("run", "meant"),
    [
        # One character of a name of three and more; any that sound the same.
        ("元宇宇", "元宇宙"),
        ("清能规划", "氢能规划"),
        ("上海人型机器人", "上海人形机器人"),
        ("上每", "上每"),
    ],
)
def test_chinese_is_mended_to_the_name_most_like_it(run, meant):
    assert mend_chinese(run, {"元宇宙", "氢能", "人形机器人", "机器人", "上海"}) == meant


# With the content


@pytest.mark.django_db
def test_names_follow_the_content():
    agency = Agency.objects.public().first()
    agency.name_en, agency.abbreviation_en = "Zeppelin Office", "ZEPP"
    agency.save()
    history.record(agency, Action.EDITED)

    synonyms = vocabulary_at(ContentVersion.stamp()).synonyms

    assert "zepp" in synonyms["zeppelinoffice"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other"), [("MIIT", "工信部"), ("Shanghai", "上海"), ("氢能", "hydrogen energy")]
)
def test_names_of_the_same_find_the_same_documents(visitor, one, other):
    found = [
        read_list(visitor, "documents", {"q": text}).slugs("documents") for text in (one, other)
    ]

    assert found[0] == found[1] != []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "meant", "first"),
    [
        ("Jiangsu quantm", "jiangsu quantum", "jiangsu"),
        ("深圳 未来产叶 行动计划", "深圳 未来产业 行动计划", "shenzhen"),
    ],
)
def test_a_slip_among_other_words_is_mended(visitor, text, meant, first):
    answer = visitor.get("/en/search.json", {"q": text}).json()

    assert (answer["asked"], answer["query"]) == (text, meant)
    assert first in answer["results"][0]["slug"]


@pytest.mark.django_db
def test_a_word_that_keeps_all_from_being_found_is_left_out_and_named(visitor):
    html = visitor.get("/en/search/", {"q": "humanoid robots zeppelin"}).content.decode()
    said = " ".join(html.split())

    assert "Left out: “zeppelin”. These are the results for “humanoid robots”." in said
    assert "/en/products/humanoid-robots/" in html


@pytest.mark.django_db
def test_the_text_that_was_meant_is_one_click_away(visitor):
    html = visitor.get("/en/search/", {"q": "humaniod robots"}).content.decode()

    assert 'href="?q=humanoid+robots"' in html
