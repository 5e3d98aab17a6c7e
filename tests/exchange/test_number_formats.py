"""What a cell shows of its number, by its format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from futureind.exchange.files.number_formats import (
    AS_STORED,
    PERCENT,
    UNCLEAR,
    reading_of,
    words_of,
)

pytestmark = pytest.mark.one_database

PERCENTAGES = [
    *("0%", "0.0%", "0.00%", "#,##0.0%", "[Red]0%", "[$-804]0%", "0 %", "0%_ ", '"约"0%'),
    *("0.00%;[Red]-0.00%", '0%;-0%;"-"', "[>0.5]0%;0.0%", "_ * #,##0%_ ;_ * -#,##0%_ "),
]
PLAIN = [
    *("General", "", None, "0", "0.00", "#,##0", "#,##0.00", "0.00E+00", "# ?/?", "@"),
    *('#,##0"亿元"', '0"%"', r"0\%", "0!%", "0;-0;;@", "[DBNum2][$-804]General", "0_%", r"0\."),
    *('_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', '[$¥-804]#,##0.00;[Red]"-"#,##0.00'),
    *('_-* #,##0 "€"_-;-* #,##0 "€"_-;_-* "-"?? "€"_-;_-@_-', "[>=100]0;0.0", '"合格"'),
]
UNCLEAR_ONES = [
    *('0.0"‰"', "0‰", '"≥"0', '0"+"', '"<"0', '"~"0', '0"万"', '0"亿"', r"0\万"),
    *("0.0,", "#,##0.0,", "0,,", "#,##0,", '0.0,"万"', '#,##0,,"百万"', "0,.0", "_-* #,##0,_-"),
    *("0!.0,", r"0\.0000", '0"."00', '0!.0000"万"', '0"000"', "0%%", "0.0,%", "[>=10000]0.0,;0"),
    *("[>1]0%;0", "0,;0"),
]


@pytest.mark.parametrize(
    ("number_format", "reading"),
    [
        *((number_format, PERCENT) for number_format in PERCENTAGES),
        *((number_format, AS_STORED) for number_format in PLAIN),
        *((number_format, UNCLEAR) for number_format in UNCLEAR_ONES),
    ],
)
def test_a_format_is_understood(number_format, reading):
    assert reading_of(number_format, 1234.5) == reading


def test_the_section_for_the_sign_of_the_number_counts():
    assert reading_of("0%;0", 1) == PERCENT
    assert reading_of("0%;0", -1) == AS_STORED
    assert reading_of('0;0;0"x"', 0) == AS_STORED
    assert reading_of("0;0,", -1) == UNCLEAR


def test_the_words_of_a_format_are_named():
    assert words_of('#,##0"亿元"') == "亿元"
    assert words_of('0"%"') == words_of("0_)") == words_of(None) == ""


@given(st.text('0#?.,%;"\\!_*[]<>=GeneralDBNum亿 -'), st.floats(allow_nan=False))
def test_any_format_is_read(number_format, value):
    assert reading_of(number_format, value) in (AS_STORED, PERCENT, UNCLEAR)
    assert isinstance(words_of(number_format), str)
