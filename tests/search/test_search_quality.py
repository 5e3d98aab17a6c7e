"""How well the search finds what people mean: judged queries, near misses, marks, phrases."""

import pytest

from catalog.models import PolicyDocument
from futureind.publishing import history
from futureind.publishing.models.revisions import Action
from futureind.search.highlights import excerpt, highlight
from tests.search.judged_queries import JUDGED

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def results(client, query, language="en"):
    answer = client.get(f"/{language}/search.json", {"q": query}).json()
    return [f"{found['kind']}/{found['slug']}" for found in answer["results"]]


def is_chinese(query):
    return any("\u3400" <= letter <= "\u9fff" for letter in query)


@pytest.mark.parametrize("chinese", [True, False], ids=["Chinese", "English"])
def test_judged_queries_are_found(client, chinese, record_property):
    queries = [judged for judged in JUDGED if is_chinese(judged[0]) is chinese]
    recalls, ranks = [], []
    for query, _kind, wanted in queries:
        found = results(client, query)
        recalls.append(sum(result in found[:10] for result in wanted) / len(wanted))
        ranks.append(1 / (found.index(wanted[0]) + 1) if wanted[0] in found else 0)

    recall, reciprocal_rank = sum(recalls) / len(recalls), sum(ranks) / len(ranks)
    stated = (
        f"{len(queries)} queries: recall@10 {recall:.3f}, reciprocal rank {reciprocal_rank:.3f}"
    )
    record_property("judged", stated)

    assert len(JUDGED) >= 60
    assert recall >= 0.95, stated
    assert reciprocal_rank >= 0.85, stated


@pytest.mark.parametrize(
    "number",
    [
        "沪府发〔2022〕11号",
        "沪府发[2022]11号",
        "沪府发(2022)11号",
        "沪府发（2022）11号",
        "沪府发2022 11",
    ],
)
def test_a_document_number_in_any_brackets_leads_to_its_document(client, number):
    response = client.get("/zh-hans/search/", {"q": number})

    assert response.status_code == 302
    assert response["Location"] == "/zh-hans/documents/shanghai-future-industries-2022/"


def test_a_near_miss_is_corrected_and_said(client):
    page = client.get("/en/search/", {"q": "humaniod robots"}).content.decode()

    assert "Nothing matches “humaniod robots”" in page
    assert "Did you mean" in page
    assert "/en/products/humanoid-robots/" in page


def test_an_excluded_word_takes_its_results_away(client):
    def count(query):
        return client.get("/en/search.json", {"q": query}).json()["count"]

    assert 0 < count("robot -shanghai") < count("robot")
    assert not any("shanghai" in result for result in results(client, "robot -shanghai"))


def test_a_phrase_is_found_as_it_stands(client):
    def count(query):
        return client.get("/en/documents.json", {"q": query}).json()["count"]

    assert count('"action plan"') > 0
    assert count('"plan action"') == 0
    assert count("plan action") >= count('"action plan"')


def test_a_plan_and_its_document_are_one_result(client):
    found = results(client, "苏政发[2023]104号")

    assert "document/jiangsu-future-industries-2023" in found
    assert not any(result.startswith("plan/") for result in found)


def test_a_plan_is_found_by_its_structure_through_its_document(client):
    assert "document/jiangsu-future-industries-2023" in results(client, "10+X")


def test_a_new_title_is_found_on_the_next_request(client):
    document = PolicyDocument.objects.public().first()
    document.title_en = "Zeppelin Roadmap"
    document.save()
    history.record(document, Action.EDITED)

    assert results(client, "zeppelin")[0] == f"document/{document.slug}"


def test_what_is_typed_is_echoed_as_text(client):
    page = client.get("/en/search/", {"q": "<b>robot</b>"}).content.decode()

    assert "<b>robot" not in page
    assert "&lt;b&gt;robot&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("量子科技与机器人", ["量子"], "<mark>量子</mark>科技与机器人"),
        ("Humanoid Robots", ["robot"], "Humanoid <mark>Robots</mark>"),
        ("腦機接口", ["脑机"], "<mark>腦機</mark>接口"),
        (
            "Low-altitude economy, low economy",
            ["low altitude economy"],
            "<mark>Low-altitude economy</mark>, low economy",
        ),
        ("a < b & c", ["b"], "a &lt; <mark>b</mark> &amp; c"),
        ("6G网络设备", ["6g"], "<mark>6G</mark>网络设备"),
        ("cafe\u0301 plan", ["plan"], "cafe\u0301 <mark>plan</mark>"),
    ],
)
def test_marks_stand_around_what_matches(text, words, marked):
    assert highlight(text, words) == marked


def test_an_excerpt_is_a_whole_sentence():
    text = "First sentence. Here stands the quantum word. Last one."
    assert excerpt([text], ["quantum"]) == "Here stands the quantum word."


def test_names_are_offered_while_typing(client):
    def suggested(text, language="en"):
        answer = client.get(f"/{language}/search/names.json", {"q": text}).json()["names"]
        return [(found["kind"], found["name"]) for found in answer]

    humanoids = ("Landmark product", "Humanoid robots")
    for text in ("human", "人形", "rxjq", "renxing", "HUMANOID"):
        assert humanoids in suggested(text), text
    assert suggested("nanj", "zh-hans")[0] == ("地区", "南京市")
    [found] = client.get("/en/search/names.json?q=brain-computer+interfaces").json()["names"]
    assert found["url"] == "/en/products/brain-computer-interfaces/"
    assert suggested("") == []
