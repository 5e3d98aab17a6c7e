"""Tracks as typed lines: what is recognised, and that nothing typed is lost."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Match
from regions.models import Tier
from regions.models.tiers import read_tier
from regions.tracks.lines import (
    COLUMNS,
    Names,
    TrackLine,
    read_line,
    read_lines,
    read_matches,
    read_names,
    write_line,
    write_matches,
    write_names,
)

pytestmark = pytest.mark.one_database

NAMES = Names(
    [
        ("quantum-computing", ["Quantum computing", "量子计算", "量子计算机", "QC"]),
        ("brain-computer-interfaces", ["Brain–computer interfaces", "脑机接口", "BCI"]),
        ("robots", ["Robots", "机器人", "QC"]),
        ("storage", ["Storage, new", "新型储能"]),
        ("related-robots", ["related", "~ robots"]),
    ]
)


@pytest.mark.parametrize(
    "typed",
    [
        "priority\t量子信息\tQuantum information\t未来信息\t= 量子计算",
        "priority | 量子信息 | Quantum information | 未来信息 | = 量子计算",
        "重点｜量子信息｜Quantum information｜未来信息｜= 量子计算",
        "重点；量子信息；Quantum information；未来信息；= 量子计算",
        "priority; 量子信息; Quantum information; 未来信息; = 量子计算",
        "3. priority | Quantum information | 量子信息 | 未来信息 | = 量子计算",
    ],
)
def test_cells_and_names_are_told_apart(typed):
    line = read_line(typed)

    assert read_tier(line.tier) == Tier.PRIORITY
    assert (line.name_zh, line.name_en) == ("量子信息", "Quantum information")
    assert (line.fields, line.technologies, line.locator) == ("未来信息", "= 量子计算", "")


def test_a_line_without_a_tier_has_that_of_the_line_above():
    lines = read_lines(
        "Tier\tChinese\tEnglish\n\n集群 | 量子 | Quantum\n类脑 | Brain\n | 6G网络 | 6G"
    )

    assert [line.tier for line in lines] == ["集群"] * 3
    assert [line.name_zh for line in lines] == ["量子", "类脑", "6G网络"]


def test_what_stands_after_the_last_cell_is_kept():
    assert read_line("领域 | 甲 | A | f | t | I.2 | more | and more").rest == "more | and more"


@pytest.mark.parametrize("word", ["exploratory", "Exploratory", "前沿探索", "前瞻", "Ｘ"])
def test_tiers_are_known_in_both_languages(word):
    assert read_tier(word) == Tier.EXPLORATORY


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("量子计算", Match.EXACT),
        ("=量子计算", Match.EXACT),
        ("⊃ quantum computing", Match.BROADER),
        ("> QUANTUM-COMPUTING", Match.BROADER),
        ("更窄：量子计算", Match.NARROWER),
        ("narrower quantum computing", Match.NARROWER),
        ("～量子计算机", Match.RELATED),
        ("量子计算（相关）", Match.RELATED),
        ("Quantum computing (related)", Match.RELATED),
        ("quantum computing ~", Match.RELATED),
    ],
)
def test_a_match_is_said_by_a_sign_or_word_before_or_after(typed, match):
    assert read_matches(typed, NAMES) == ([("quantum-computing", match)], [])


def test_names_that_are_unknown_or_in_doubt_are_handed_back():
    pairs, unread = read_matches("~机器人、QC，brain computer interface, 光", NAMES)

    assert pairs == [("robots", Match.RELATED)]
    assert [(name.text, name.ambiguous) for name in unread] == [
        ("QC", True),
        ("brain computer interface", False),
        ("光", False),
    ]
    assert unread[0].candidates == ("Quantum computing", "Robots")
    assert unread[1].candidates == ("Brain–computer interfaces",)


def test_a_name_with_a_comma_is_found_whole():
    assert read_names("Storage, new", NAMES) == (["storage"], [])


CELL = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="|｜;；"), max_size=12
)


@given(st.tuples(*[CELL] * len(COLUMNS)))
def test_a_written_line_loses_no_character(cells):
    line = TrackLine(**dict(zip(COLUMNS, cells, strict=True)))
    read = read_line(write_line(line))

    # The names may trade places; only a number before the first cell goes.
    kept = [*(getattr(read, column) for column in COLUMNS), read.rest]
    assert all(cell in kept for cell in cells[1:])


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    for line in read_lines(text):
        read_matches(line.technologies, NAMES)
        read_names(line.fields, NAMES)
        read_tier(line.tier)


PAIRS = st.lists(
    st.tuples(st.sampled_from(sorted(NAMES.shown)), st.sampled_from(list(Match))),
    unique_by=lambda pair: pair[0],
)


@given(PAIRS)
def test_what_is_written_is_read_again(pairs):
    assert read_matches(write_matches(pairs, NAMES), NAMES) == (pairs, [])
    slugs = [slug for slug, _match in pairs]
    assert read_names(write_names(slugs, NAMES), NAMES) == (slugs, [])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_words_that_the_site_shows_are_understood(language):
    with translation.override(language):
        tiers = {tier: str(tier.label) for tier in Tier}
        matches = {match: str(match.label) for match in Match}
        columns = ("Role in plan", "Name (Chinese)", "Name (English)")
        heading = " | ".join(translation.gettext(column) for column in columns)

    assert {tier: read_tier(word) for tier, word in tiers.items()} == {tier: tier for tier in Tier}
    for match, word in matches.items():
        for text in (f"{word} 机器人", f"机器人（{word}）"):
            assert read_matches(text, NAMES) == ([("robots", match)], [])
    assert read_lines(heading) == []
