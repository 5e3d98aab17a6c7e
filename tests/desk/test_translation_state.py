"""Translations out of step: exactly those whose Chinese text changed, until they are settled."""

import pytest

from futureind.desk import translations
from futureind.desk.models import StaleTranslation
from tests.admin_browser import act, address, save
from tests.factories import make_document, make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def paths(record):
    return sorted(translations.of(record).values_list("path", flat=True))


@pytest.fixture
def document():
    return make_document(
        summary_en="Ten lines.", summary_zh="十行。", note_en="A note.", note_zh="备注。"
    )


def test_a_changed_chinese_text_leaves_exactly_its_rendering_behind(administrator_client, document):
    save(administrator_client, document, summary_zh="十一行。")

    assert paths(document) == ["summary"]
    row = translations.of(document).get()
    assert (row.source_was, row.source_now, row.translation) == ("十行。", "十一行。", "Ten lines.")
    assert row.label == "Summary (English)"


@pytest.mark.parametrize(
    "change",
    [
        {"summary_en": "Eleven lines."},
        {"summary_zh": "十一行。", "summary_en": "Eleven lines."},
        {"title_en": "Another title"},
        {"aliases_zh": "别名"},
        {"summary_zh": ""},
        {"summary_zh": "十一行。", "summary_en": ""},
    ],
)
def test_other_changes_leave_nothing_behind(administrator_client, document, change):
    save(administrator_client, document, **change)

    assert paths(document) == []


@pytest.mark.parametrize(
    "change", [{"summary_en": "Eleven lines."}, {"summary_zh": "十行。"}, {"summary_en": ""}]
)
def test_it_is_settled_by_editing(administrator_client, document, change):
    save(administrator_client, document, summary_zh="十一行。", note_zh="另一备注。")

    save(administrator_client, document, **change)

    assert paths(document) == ["note"]


def test_a_second_change_keeps_the_text_that_the_english_renders(administrator_client, document):
    save(administrator_client, document, summary_zh="十一行。")
    save(administrator_client, document, summary_zh="十二行。")

    row = translations.of(document).get()
    assert (row.source_was, row.source_now) == ("十行。", "十二行。")


def test_a_part_is_named_within_its_record(administrator_client):
    plan = make_plan(tracks=2)
    first, second = plan.tracks.all()

    save(administrator_client, plan, **{"tracks-0-name_zh": "新赛道"})

    assert paths(plan) == [f"tracks/{first.slug}/name"]
    assert (paths(first), paths(second)) == (paths(plan), [])
    assert first.slug in translations.of(plan).get().label


def test_a_removed_part_is_no_longer_out_of_step(administrator_client):
    plan = make_plan(tracks=2)
    save(administrator_client, plan, **{"tracks-0-name_zh": "新赛道"})

    save(administrator_client, plan, **{"tracks-0-DELETE": "on"})

    assert paths(plan) == []


def test_confirming_settles_it_on_the_list_and_on_the_public_page(reviewer_client, visitor):
    document = make_document(published=True, summary_en="Ten lines.", summary_zh="十行。")
    row = StaleTranslation.objects.create(
        record=document,
        path="summary",
        source_was="十行。",
        source_now="十一行。",
        translation="Ten lines.",
    )
    english, chinese = f"/en/documents/{document.slug}/", f"/zh-hans/documents/{document.slug}/"
    mark = 'class="outdated"'
    assert mark in visitor.get(english).content.decode()
    assert mark not in visitor.get(chinese).content.decode()
    page = reviewer_client.get(address(StaleTranslation, "changelist")).content.decode()
    assert "十一行。" in page
    assert address(document, "change", document.pk) in page

    act(reviewer_client, StaleTranslation, "still_fits", [row])

    assert paths(document) == []
    assert mark not in visitor.get(english).content.decode()


def test_the_page_of_a_track_speaks_of_that_track_alone(visitor):
    plan = make_plan(published=True, tracks=2)
    first, second = plan.tracks.all()
    StaleTranslation.objects.create(
        record=plan,
        path=f"tracks/{first.slug}/name",
        source_was="甲",
        source_now="乙",
        translation="A",
    )

    pages = [visitor.get(f"/en/tracks/{track.slug}/").content.decode() for track in (first, second)]

    assert ['class="outdated"' in page for page in pages] == [True, False]
