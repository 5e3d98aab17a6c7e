"""Two columns read as one text: the reader's language first, the other one marked as such."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from catalog.models import Agency
from futureind.core.bilingual import BilingualText, active_language, bilingual_text, other_language
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from tests.factories import make_agency, make_document

pytestmark = pytest.mark.one_database


def render(source, **context):
    return Template(source).render(Context(context))


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    with translation.override(request.param):
        yield request.param


def test_a_text_is_read_in_the_language_of_the_page():
    with translation.override("en"):
        assert bilingual_text("Quantum", "量子").plain == "Quantum"
    with translation.override("zh-hans"):
        assert bilingual_text("Quantum", "量子").plain == "量子"


@pytest.mark.parametrize(("code", "tag"), [("en", "en"), ("zh-hans", "zh-Hans"), ("zh", "zh-Hans")])
def test_the_language_of_a_page_is_one_of_two(code, tag):
    with translation.override(code):
        assert active_language() == tag


def test_without_any_language_a_text_is_english():
    with translation.override(None):
        assert bilingual_text("Quantum", "量子").plain == "Quantum"


def test_each_language_is_the_others_other():
    assert [other_language("en"), other_language("zh-Hans")] == ["zh-Hans", "en"]


@pytest.mark.parametrize(
    ("english", "chinese", "code", "html"),
    [
        ("Quantum", "量子", "en", "Quantum"),
        ("Quantum", "量子", "zh-hans", "量子"),
        ("", "量子", "en", '<span lang="zh-Hans">量子</span>'),
        ("Quantum", "", "zh-hans", '<span lang="en">Quantum</span>'),
        ("", "", "en", ""),
        ("", "", "zh-hans", ""),
        (None, "量子", "en", '<span lang="zh-Hans">量子</span>'),
    ],
)
def test_a_text_that_falls_back_carries_its_language(english, chinese, code, html):
    with translation.override(code):
        text = bilingual_text(english, chinese)

    assert render("{{ text }}", text=text) == html


def test_in_an_attribute_a_text_has_no_mark():
    with translation.override("en"):
        text = bilingual_text("", "量子")

    assert render('<a title="{{ text.plain }}">', text=text) == '<a title="量子">'


def test_signs_of_markup_are_escaped_with_and_without_a_mark(language):
    text = bilingual_text("<b>", "")

    assert "<b>" not in render("{{ text }}{{ text.plain }}", text=text)
    assert "&lt;b&gt;" in render("{{ text }}", text=text)


def test_the_other_language_is_offered_only_where_it_says_more():
    with translation.override("en"):
        assert bilingual_text("Quantum", "量子").other.plain == "量子"
        assert bilingual_text("Quantum", "量子").other.lang == "zh-Hans"
        assert bilingual_text("Quantum", "").other == ""
        assert bilingual_text("", "量子").other == ""


def test_a_fallback_is_known_as_one(language):
    both, one = bilingual_text("Quantum", "量子"), bilingual_text("Quantum", "")

    assert not both.is_fallback
    assert one.is_fallback == (language == "zh-hans")
    assert not bilingual_text("", "").is_fallback


def test_an_empty_text_is_false():
    assert not bilingual_text("", "")
    assert bilingual_text("", "量子")


def test_a_text_says_which_language_it_is_in():
    text = BilingualText("量子", "zh-Hans", "en")

    assert (str(text.plain), text.lang, text.wanted) == ("量子", "zh-Hans", "en")


@pytest.mark.django_db
def test_a_record_reads_both_columns_as_one():
    agency = make_agency(name_en="Ministry", name_zh="部")

    with translation.override("zh-hans"):
        assert agency.name.plain == "部"
        assert agency.name.other.plain == "Ministry"


@pytest.mark.django_db
def test_an_untranslated_summary_is_shown_in_chinese_and_marked(visitor):
    document = make_document(published=True, summary_zh="只有中文的摘要。")

    html = visitor.get(f"/en/documents/{document.slug}/").content.decode()

    marked = re.compile(r'<(?!html)[^>]* lang="zh-Hans">\s*(<p>)?只有中文的摘要。')
    assert marked.search(html)
    twin = visitor.get(f"/zh-hans/documents/{document.slug}/").content.decode()
    assert "只有中文的摘要。" in twin
    assert not marked.search(twin)


@pytest.mark.django_db
def test_an_untranslated_name_is_marked_on_lists_and_on_its_page(visitor):
    agency = Agency.objects.get(slug="miit")
    agency.role_en, agency.role_zh = "Industry and information.", ""
    agency.save()
    history.record(agency, Action.EDITED)

    html = visitor.get("/zh-hans/agencies/miit/").content.decode()

    assert re.search(r' lang="en">\s*(<p>)?Industry and information\.', html)


@pytest.mark.django_db
def test_both_titles_stand_on_a_page_each_in_its_language(visitor):
    document = make_document(published=True, title_en="Opinions", title_zh="意见")

    english = visitor.get(f"/en/documents/{document.slug}/").content.decode()
    chinese = visitor.get(f"/zh-hans/documents/{document.slug}/").content.decode()

    assert "<h1>Opinions</h1>" in english
    assert '<p class="other" lang="zh-Hans">意见</p>' in english
    assert "<h1>意见</h1>" in chinese
    assert '<p class="other" lang="en">Opinions</p>' in chinese
