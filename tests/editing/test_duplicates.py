"""A document is entered once: the same number is refused, nearly the same title asked about."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import PolicyDocument
from tests.admin_browser import address, change_page, read_form
from tests.factories import make_document, make_region

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NUMBER = "测政办发〔2031〕9号"


@pytest.fixture
def known():
    return make_document(document_number=NUMBER, title_zh="关于推动测试产业创新发展的实施意见")


def enter(client, **columns):
    page = address(PolicyDocument, "add")
    data = read_form(client, page) | {
        "title_en": "Another thing entirely",
        "title_zh": "完全不同的文件",
        "slug": "newly-entered",
        "document_type": "opinions",
        "level": "national",
        "confidence": "verified",
        **columns,
    }
    return client.post(page, data)


def is_saved():
    return PolicyDocument.objects.filter(slug="newly-entered").exists()


@pytest.mark.parametrize(
    "typed",
    [
        *(
            NUMBER,
            "测政办发[2031]9号",
            "测政办发(2031)9号",
            "测政办发（２０３１）9号",
            "测政办发【2031】第9号",
        ),
        *("测政办发 2031 9", " 测政办发〔2031〕 9 号 ", "測政辦發〔2031〕9號"),
    ],
)
def test_a_number_on_record_is_refused_with_a_link(editor_client, known, typed):
    html = enter(editor_client, document_number=typed).content.decode()

    assert "This number is on record already" in html
    assert change_page(known) in html
    assert not is_saved()


@pytest.mark.parametrize(
    "typed", ["测政办发〔2031〕19号", "测政办发〔2032〕9号", "测府办〔2031〕9号", ""]
)
def test_another_number_is_taken(editor_client, known, typed):
    enter(editor_client, document_number=typed)

    assert is_saved()


def test_a_number_is_kept_as_it_is_printed(editor_client):
    enter(editor_client, document_number="测府办[2031]5号")

    assert PolicyDocument.objects.get(slug="newly-entered").document_number == "测府办〔2031〕5号"


def test_the_rule_holds_below_the_admin(known):
    with pytest.raises(ValidationError, match="on record with this number"):
        make_document(document_number="测政办发[2031]9号")


def test_a_document_is_no_duplicate_of_itself(editor_client, known):
    data = read_form(editor_client, change_page(known)) | {"summary_en": "Text."}

    assert editor_client.post(change_page(known), data).status_code == 302


@pytest.mark.parametrize(
    "title",
    [
        "关于推动测试产业创新发展的实施意见",
        "《关于推动测试产业创新发展的实施意见》",
        "关于推动测试产业创新发展实施意见",
        "關於推動測試產業創新發展的實施意見",
    ],
)
def test_nearly_the_same_title_is_asked_about(editor_client, known, title):
    html = enter(editor_client, title_zh=title).content.decode()

    assert "nearly the same title" in html
    assert change_page(known) in html
    assert 'name="save_anyway"' in html
    assert not is_saved()

    enter(editor_client, title_zh=title, save_anyway="on")
    assert is_saved()


def test_other_titles_are_not(editor_client, known):
    make_document(title_zh="测试省2030年工作报告内容", title_en="Work report 2030 of the test")
    assert (
        'name="save_anyway"'
        not in editor_client.get(address(PolicyDocument, "add")).content.decode()
    )

    enter(
        editor_client, title_zh="测试省2031年工作报告内容", title_en="Work report 2031 of the test"
    )

    assert is_saved()


def test_the_same_title_in_another_region_is_another_document(editor_client, known):
    region = make_region()

    enter(editor_client, title_zh=known.title_zh, region=region.pk, level="provincial")

    assert is_saved()
