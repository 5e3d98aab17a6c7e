"""Rows that name a record which is there already, by its number, title or slug, or nearly."""

import pytest

from tests.exchange.checked_rows import (
    CHANGED,
    DOCUMENT,
    NEW,
    REFUSED,
    UNCHANGED,
    check_csv,
    outcomes,
    reasons,
    refused,
)
from tests.factories import make_document, make_region

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.mark.parametrize(
    "typed",
    [
        *("旧试[2031]7号", "旧试（２０３１）第7号", "旧试【2031】 7 号", "旧试2031年7号"),
        "舊試〔2031〕7號",
    ],
)
def test_a_number_in_other_brackets_is_no_change(typed):
    known = make_document(document_number="旧试〔2031〕7号")
    rows, roots = check_csv("documents", {"document_number": typed, "note_zh": "括号"})

    assert outcomes(rows) == [CHANGED]
    assert [root.key for root in roots] == [(known.slug,)]
    assert roots[0].after["fields"]["document_number"] == "旧试〔2031〕7号"
    rows, roots = check_csv("documents", {"document_number": typed})
    assert (outcomes(rows), roots) == ([UNCHANGED], [])


def test_a_number_is_kept_as_it_is_printed():
    _rows, [root] = check_csv("documents", DOCUMENT | {"document_number": "办试[2031]5号"})

    assert root.after["fields"]["document_number"] == "办试〔2031〕5号"


@pytest.mark.parametrize(
    "other",
    [
        {"title_zh": "完全不同的另一份文件", "title_en": "Another thing"},
        {"title_en": "Another thing"},
        {"level": "provincial", "region": "beijing"},
        {"title_zh": "石家庄市2030年行动计划"},
    ],
)
def test_a_number_found_under_another_title_or_region_changes_nothing(other):
    known = make_document(document_number="旧试〔2031〕7号", title_zh="石家庄市2031年行动计划")
    [row], roots = check_csv("documents", {"document_number": "旧试〔2031〕7号"} | other)

    assert (row.outcome, roots) == (REFUSED, [])
    assert known.slug in reasons(row)
    assert str(known) in reasons(row)
    [row], roots = check_csv(
        "documents", {"slug": known.slug, "document_number": "旧试〔2031〕7号"} | other
    )
    assert (row.outcome, len(roots)) == (CHANGED, 1)


def test_a_mended_title_is_no_other_title():
    known = make_document(
        document_number="旧试〔2031〕7号", title_zh="关于推动测试产业创新发展的实施意见"
    )
    cells = {
        "document_number": known.document_number,
        "title_zh": "关于推动测试产业创新发展实施意见",
    }

    assert outcomes(check_csv("documents", cells)[0]) == [CHANGED]


def test_nearly_the_same_title_is_refused_unless_a_slug_says_that_it_is_another():
    known = make_document(title_zh="关于推动测试产业创新发展的实施意见")
    same = DOCUMENT | {"title_zh": "《关于推动测试产业创新发展实施意见》"}
    [row], roots = check_csv("documents", same)

    assert (row.outcome, roots, refused(row)) == (REFUSED, [], ["title_zh"])
    assert known.slug in reasons(row)
    assert outcomes(check_csv("documents", same | {"slug": "another-one"})[0]) == [NEW]
    region = make_region()
    elsewhere = same | {"level": "provincial", "region": region.slug}
    assert outcomes(check_csv("documents", elsewhere)[0]) == [NEW]


def test_two_rows_of_a_file_are_not_one_document():
    rows, _roots = check_csv(
        "documents",
        DOCUMENT | {"document_number": "办试〔2031〕1号"},
        DOCUMENT | {"document_number": "办试〔2031〕2号", "title_en": "Quite another one"},
    )

    assert outcomes(rows) == [NEW, REFUSED]


def test_a_record_that_takes_the_title_of_another_is_refused():
    known, other = make_document(title_zh="关于推动测试产业创新发展的实施意见"), make_document()
    [row], _roots = check_csv("documents", {"slug": other.slug, "title_zh": known.title_zh})

    assert (row.outcome, refused(row)) == (REFUSED, ["title_zh"])
