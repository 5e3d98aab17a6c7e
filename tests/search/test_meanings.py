"""What queries mean beyond their words: judged queries, titles and numbers as they are cited."""

import opencc
import pytest

from catalog.models import PolicyDocument
from tests.chance import dice, few_and_many
from tests.search.judged_meanings import JUDGED
from tests.search.test_search_quality import is_chinese, results

pytestmark = [pytest.mark.django_db]

HAN_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
to_traditional = opencc.OpenCC("s2t").convert


@pytest.mark.parametrize("chinese", [True, False], ids=["Chinese", "English"])
def test_judged_meanings_are_found(client, chinese, record_property):
    queries = [judged for judged in JUDGED if is_chinese(judged[0]) is chinese]
    recalls, ranks, missed = [], [], []
    for query, _kind, wanted in queries:
        found = results(client, query, "zh-hans" if chinese else "en")
        recalls.append(sum(result in found[:10] for result in wanted) / len(wanted))
        ranks.append(1 / (found.index(wanted[0]) + 1) if wanted[0] in found else 0)
        missed += [] if ranks[-1] == 1 else [(query, found[:3])]

    recall, reciprocal_rank = sum(recalls) / len(recalls), sum(ranks) / len(ranks)
    stated = f"recall@10 {recall:.3f}, reciprocal rank {reciprocal_rank:.3f}; {missed}"
    record_property("judged", stated)

    assert len(JUDGED) >= 60
    assert recall >= 0.95, stated
    assert reciprocal_rank >= 0.9, stated


def ways_to_cite(document):
    """Yield what people write for a document: its titles, as they are cited, and its number."""
    title, english, number = document.title_zh, document.title_en, document.document_number
    yield from (title, to_traditional(title), english)
    yield from (f"关于印发《{title}》的通知", f"《{title}》（2024年1月18日）")
    yield from (f"Notice on Issuing the {english}", f"“{english}” (2024)")
    head, bracket, rest = number.partition("〔")
    if bracket:
        year, _bracket, running = rest.removesuffix("号").partition("〕")
        yield f"{head}[{year}]{running}号"
        yield f"{head}{year} {running}"
        yield f"{head}〔{year.translate(HAN_DIGITS)}〕{running.translate(HAN_DIGITS)}号"
        yield f"{head} ({year}) No. {running}"


@pytest.mark.parametrize("number", few_and_many(6, 80))
def test_a_text_is_the_first_result_however_it_is_cited(client, number):
    documents = list(PolicyDocument.objects.public().order_by("pk"))
    missed = []
    for document in dice(f"cited {number}").sample(documents, number):
        for query in ways_to_cite(document):
            found = results(client, query, "zh-hans")
            if found[:1] != [f"document/{document.slug}"]:
                missed.append((query, found[:2]))

    assert missed == []
