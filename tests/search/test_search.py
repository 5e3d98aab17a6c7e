"""What the text boxes find: words of either language, aliases, document numbers."""

import re
from html import unescape

import pytest

from catalog.models import PolicyDocument
from futureind.publishing import workflow
from futureind.search.text import document_number, words_of
from tests.browse.list_page import all_slugs, read_list
from tests.factories import make_document

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="(/(?:en|zh-hans)/[a-z]+/[^"/?]+/)"')


def find(client, words, *, language="en"):
    """Search the whole site; return the addresses of what is found, or that it leads to at once."""
    response = client.get(f"/{language}/search/", {"q": words})
    if response.status_code == 302:
        return [response["Location"]]
    html = response.content.decode()
    # What is meant before all stands among the results of its kind once more.
    return list(dict.fromkeys(LINK.findall(html.partition("<main")[2].partition("</main>")[0])))


# Reading a query


@pytest.mark.parametrize(
    "query",
    [
        "工信部联科〔2024〕12号",
        "工信部联科[2024]12号",
        "工信部联科【2024】12号",
        "工信部联科（2024）12号",
        "工信部联科(2024)12号",
        "工信部联科 2024 12",
        "工信部联科2024第12号",
        "  工信部联科〔２０２４〕１２号 ",
        "工信部联科2024年12号",
        "工信部联科202412号",
        "“工信部联科《2024》12号”",
        "工信部联科「2024」12號。",
    ],
)
def test_a_document_number_is_known_in_any_brackets(query):
    assert document_number(query) == "工信部联科〔2024〕12号"


@pytest.mark.parametrize(
    "query",
    ["量子", "2024", "humanoid robots", "", "号", "〔2024〕12号", "上海 2025-2027", "2024 12"],
)
def test_other_words_are_no_document_number(query):
    assert document_number(query) is None


def test_wide_letters_and_spaces_are_read_as_plain_ones():
    assert words_of("ＡＩ　Ｐｌｕｓ 量子") == ["AI", "Plus", "量子"]


# The site's search


@pytest.mark.parametrize(
    "query",
    [
        "工信部联科〔2024〕12号",
        "工信部联科[2024]12号",
        "工信部联科 2024 12",
        "工信部聯科〔2024〕12號",
    ],
)
def test_a_document_number_leads_to_its_document(visitor, query):
    number = PolicyDocument.objects.get(document_number="工信部联科〔2024〕12号")

    assert f"/en/documents/{number.slug}/" in find(visitor, query)


@pytest.mark.parametrize("words", ["humanoid robots", "人形机器人", "Humanoid", "HUMANOID ROBOTS"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_either_language_finds_a_product_on_either_page(visitor, words, language):
    assert f"/{language}/products/humanoid-robots/" in find(visitor, words, language=language)


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("工信部", "/en/agencies/miit/"),
        ("量子计算", "/en/technologies/quantum-computing/"),
        ("江苏", "/en/regions/jiangsu/"),
        ("Jiangsu", "/en/regions/jiangsu/"),
        ("未来健康", "/en/fields/future-health/"),
        ("嫦娥八号", "/en/milestones/change-8/"),
    ],
)
def test_names_and_aliases_find_their_record(visitor, words, address):
    assert address in find(visitor, words)


def test_all_words_must_be_there(visitor):
    def found(words):
        return set(all_slugs(visitor, "documents", {"q": words}, size=25))

    assert found("Beijing robots") == found("Beijing") & found("robots") != set()
    assert found("robots qqqqqq") == set()


def test_results_are_counted_and_the_rest_is_one_click_away(visitor):
    html = visitor.get("/en/search/?q=量子").content.decode()
    [number] = re.findall(r'href="/en/tracks/\?q=[^"]*"\s*>\s*All (\d+)', html)

    assert int(number) == read_list(visitor, "tracks", {"q": "量子"}).count > 5


def test_nothing_found_says_so_and_what_to_try(visitor):
    html = visitor.get("/en/search/?q=qqqqqq").content.decode()

    assert "Nothing on record matches “qqqqqq”." in html
    assert "Try fewer words" in html


def test_the_beginning_of_a_name_in_pinyin_offers_the_names(visitor):
    html = visitor.get("/zh-hans/search/?q=liangzi").content.decode()

    assert "量子计算机" in html.partition("<main")[2]


@pytest.mark.parametrize("query", ["issued in 2024", "2024年印发", "二〇二四年发布的文件"])
def test_a_year_of_issue_is_understood_and_said(visitor, query):
    html = visitor.get("/en/search/", {"q": query}).content.decode()
    [number] = re.findall(r'href="/en/documents/\?([^"]+)"\s*>\s*All (\d+)', html)
    asked, count = number

    assert "Year of the text" in html
    assert "issued_after=2024-01-01" in asked
    assert int(count) == read_list(visitor, "documents", unescape(asked)).count


def test_a_search_without_words_is_the_empty_search_page(visitor):
    assert visitor.get("/en/search/").status_code == 200
    response = visitor.get("/en/search/?q=++")
    assert (response.status_code, response["Location"]) == (302, "/en/search/")


@pytest.mark.parametrize("name", ["glossary", "technologies", "agencies", "documents"])
def test_a_sign_that_stands_for_many_words_may_be_repeated(visitor, name):
    assert visitor.get(f"/en/{name}/", {"q": "\ufdfa" * 200}).status_code == 200


def test_signs_that_stand_for_too_many_words_are_refused_in_words(visitor):
    response = visitor.get("/en/search/", {"q": "\ufdfa" * 200})

    assert response.status_code == 400
    assert "at most 400 characters" in response.content.decode()
    assert visitor.get("/en/search/", {"q": "\ufdfa" * 20}).status_code == 200


def test_a_search_that_is_too_long_is_answered_in_words(visitor):
    response = visitor.get("/en/search/", {"q": "x" * 201})

    assert response.status_code == 400
    assert "at most 200 characters" in response.content.decode()


def test_drafts_and_what_was_withdrawn_are_not_found(visitor):
    make_document(title_en="Zebra opinions", title_zh="斑马意见")
    public = make_document(published=True, title_en="Zebra plan", title_zh="斑马方案")
    address = f"/en/documents/{public.slug}/"
    assert find(visitor, "zebra") == [address]
    assert find(visitor, "斑马") == [address]

    workflow.withdraw(public, user=None, note="Entered twice.")

    assert find(visitor, "zebra") == []


# The text box of each list


@pytest.mark.parametrize(
    ("name", "words", "slug"),
    [
        ("documents", "工信部联科〔2024〕12号", None),
        ("documents", "杭州", "hangzhou-future-industries-2025-2026"),
        ("plans", "Hangzhou", "hangzhou-future-industries-2025-2026"),
        ("tracks", "量子", None),
        ("targets", "百项", "opinions-2025-landmark-products"),
        ("milestones", "Tianwen-4", "tianwen-4-launch"),
        ("indicators", "C919", "c919-deliveries"),
    ],
)
def test_the_text_box_narrows_a_list_to_what_holds_the_words(visitor, name, words, slug):
    page = read_list(visitor, name, {"q": words})

    assert 0 < page.count < read_list(visitor, name).count
    assert slug is None or slug in page.slugs(name)


@pytest.mark.parametrize(
    ("name", "words", "slug"),
    [
        ("regions", "深圳", "shenzhen"),
        ("regions", "440300", "shenzhen"),
        ("regions", "Guangdong", "shenzhen"),
        ("fields", "space", "future-space"),
        ("technologies", "brain", "brain-computer-interface-technology"),
        ("products", "人形", "humanoid-robots"),
        ("agencies", "MIIT", "miit"),
        ("glossary", "未来产业", "future-industries"),
    ],
)
def test_the_text_box_narrows_a_vocabulary(visitor, name, words, slug):
    whole = visitor.get(f"/en/{name}/").content.decode()
    narrowed = visitor.get(f"/en/{name}/", {"q": words})

    links = re.findall(rf'href="/en/{name}/([^"/?]+)/"', narrowed.content.decode())
    assert narrowed.status_code == 200
    assert slug in links
    assert len(set(links)) < len(set(re.findall(rf'href="/en/{name}/([^"/?]+)/"', whole)))
    assert "Show all" in narrowed.content.decode()


@pytest.mark.parametrize("name", ["regions", "fields", "technologies", "products", "agencies"])
def test_a_vocabulary_without_a_match_says_so(visitor, name):
    html = visitor.get(f"/en/{name}/?q=qqqqqq").content.decode()

    assert "Nothing here has such a name." in html
