"""How a text is read, the same for records and for queries: terms, stems, pinyin initials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from futureind.search.text import (
    grams,
    initials,
    name_key,
    normalised,
    query_grams,
    terms_wanted,
)

pytestmark = pytest.mark.one_database

# Some of these are read otherwise in other company: 重庆 and 重点, 银行 and 行动, 长沙 and 增长.
TEXTS = st.text(
    st.sampled_from("重庆点银行动长沙增音乐機器量子二〇六（）—·6GＧ ßaBot"), max_size=40
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("人形机器人", "rxjqr"),
        ("重庆市重点行业", "cqszdhy"),
        ("6G 通信", "6gtx"),
        ("Shenzhen", ""),
        ("", ""),
    ],
)
def test_initials_of_names(name, expected):
    assert initials(name) == expected


@given(TEXTS.filter(lambda text: any("一" <= letter <= "鿿" for letter in text)))
def test_initials_are_those_of_the_whole_text_read_at_once(text):
    letters = lazy_pinyin(normalised(text), style=Style.FIRST_LETTER)

    assert initials(text) == "".join(letters).replace(" ", "")


@given(TEXTS, TEXTS, TEXTS)
def test_a_text_holds_the_terms_of_all_that_stands_in_it_between_spaces(before, wanted, after):
    assert query_grams(wanted) <= grams(f"{before} {wanted} {after}")


def test_terms_of_both_languages():
    assert grams("Humanoid ROBOTS 量子信息") == {
        "humanoid",
        "robot",
        *("量", "子", "信", "息"),
        *("量子", "子信", "信息"),
    }


def test_wide_letters_and_traditional_characters_are_read_as_plain_ones():
    assert normalised("ＡＩ機器人") == "ai机器人"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("industrialisation", "industrialization"),
        ("organised", "organized"),
        ("centres", "center"),
        ("fibre", "fiber"),
        ("kilometres", "kilometer"),
        ("analysed", "analyzed"),
        ("labour", "labor"),
        ("programme", "programs"),
        ("50,000 vehicles", "50000 vehicle"),
    ],
)
def test_spellings_of_the_same_are_one_term(one, other):
    assert grams(one) == grams(other)


def test_other_words_stay_apart():
    assert grams("industrialization") != grams("industry")
    assert grams("1,2") == {"1", "2"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("low-altitude economy", "Low altitude economy"),
        ("未来产业 实施意见", "未来产业实施意见"),
        ("国发〔2025〕11号", "国发[2025]11号"),
    ],
)
def test_names_are_compared_without_what_joins_their_words(one, other):
    assert name_key(one) == name_key(other)


def test_a_plus_is_part_of_a_name():
    assert name_key("AI+") != name_key("AI")


def test_words_that_stand_everywhere_are_no_terms():
    assert terms_wanted("Ministry of Education") == {"ministri", "educ"}
