"""Machine translations: marked by an editor, said to visitors, cleared by a review or an edit."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from futureind.desk import translations
from futureind.desk.models import MachineRendering
from futureind.publishing.models.content_version import ContentVersion
from tests.admin_browser import act, address, change_page, save
from tests.factories import make_document, make_plan, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NOTE = "Machine translation, not reviewed"


def marking_page(record):
    args = [record._meta.label_lower, record.pk]
    return reverse("admin:desk_machinerendering_mark", args=args)


def waiting(record):
    rows = translations.of(record, MachineRendering).filter(reviewed_at=None)
    return sorted(rows.values_list("path", flat=True))


def public(visitor, record, language="en"):
    path = record.get_absolute_url().replace("/en/", f"/{language}/")
    return visitor.get(path).content.decode()


@pytest.fixture
def document():
    return make_document(published=True, summary_en="Ten lines.", summary_zh="十行。")


def test_a_mark_is_said_on_the_english_page_until_somebody_reviews(
    visitor, editor_client, reviewer_client, document
):
    assert NOTE not in public(visitor, document)
    form = editor_client.get(change_page(document)).content.decode()
    assert f'href="{marking_page(document)}"' in form

    answer = editor_client.post(marking_page(document), {"path": ["summary", "no-such/text"]})

    assert answer.status_code == 302
    assert waiting(document) == ["summary"]
    page = public(visitor, document)
    assert NOTE in page
    assert "Summary (English)" in page[page.index(NOTE) :][:200]
    assert "机器翻译" not in public(visitor, document, "zh-hans")

    act(reviewer_client, MachineRendering, "reviewed", translations.of(document, MachineRendering))

    assert waiting(document) == []
    assert NOTE not in public(visitor, document)
    row = MachineRendering.objects.get()
    assert (row.user.username, row.reviewer.username) == ("contributor", "reviewer")
    # What was reviewed is not marked anew, and says who reviewed it.
    html = editor_client.get(marking_page(document)).content.decode()
    assert "reviewed by reviewer on" in html
    editor_client.post(marking_page(document), {"path": ["summary"]})
    assert waiting(document) == []


def test_a_mark_goes_with_an_edit_of_the_english_alone(administrator_client):
    document = make_document(summary_en="Ten.", summary_zh="十。", note_en="A.", note_zh="甲。")
    administrator_client.post(marking_page(document), {"path": ["summary", "note"]})

    save(administrator_client, document, note_zh="乙。")
    assert waiting(document) == ["note", "summary"]

    save(administrator_client, document, summary_en="Ten lines.")
    assert waiting(document) == ["note"]


def test_a_mark_is_taken_off_again(editor_client, document):
    editor_client.post(marking_page(document), {"path": ["summary", "title"]})
    before = ContentVersion.current()

    editor_client.post(marking_page(document), {"path": ["title"]})
    assert waiting(document) == ["title"]
    assert ContentVersion.current() > before
    raised = ContentVersion.current()
    editor_client.post(marking_page(document), {"path": ["title"]})
    assert ContentVersion.current() == raised


def test_texts_of_parts_are_marked_with_their_record(editor_client):
    plan = make_plan(tracks=2)
    first, second = plan.tracks.all()

    editor_client.post(marking_page(plan), {"path": [f"tracks/{first.slug}/name"]})

    assert waiting(first) == [f"tracks/{first.slug}/name"]
    assert waiting(second) == []
    assert first.slug in translations.doubts_about(first)[1][0]


def test_only_texts_that_stand_in_both_languages_can_be_marked(editor_client):
    document = make_document(summary_zh="十行。")

    editor_client.post(marking_page(document), {"path": ["summary"]})

    assert waiting(document) == []


def test_what_has_no_text_in_two_languages_has_nothing_to_mark(editor_client):
    source = make_source()

    assert marking_page(source) not in editor_client.get(change_page(source)).content.decode()


def test_the_taxonomy_is_marked_by_administrators(editor_client, administrator_client):
    from catalog.models import IndustryField

    field = IndustryField.objects.first()
    assert editor_client.post(marking_page(field), {"path": ["name"]}).status_code == 403
    assert administrator_client.post(marking_page(field), {"path": ["name"]}).status_code == 302


def test_a_deleted_record_leaves_no_mark(administrator_client):
    document = make_document()
    translations.mark(document, ["title"], user=get_user_model().objects.first())
    data = {"post": "yes", "change_reason": "Twice"}

    administrator_client.post(address(document, "delete", document.pk), data)

    assert not MachineRendering.objects.exists()
