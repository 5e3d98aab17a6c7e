"""How a text is read, the same for records and for queries: terms, stems, pinyin initials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from futureind.search.text import grams, initials, normalised, query_grams

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
