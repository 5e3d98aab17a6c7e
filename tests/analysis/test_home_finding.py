"""The sentence on the home page is what plain SQL computes, whatever the content."""

import pytest
from django.test import Client

from catalog.models import IndustryField, Region, SymbolicProduct
from futureind.publishing import workflow
from regions.models import RegionalPlan
from tests.analysis.test_one_number import CHANGES, some_things
from tests.browse.findings_said import finding_on
from tests.browse.plain_sql import ask, who_names
from tests.chance import dice, few_and_many

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

READ = """
SELECT r.slug, (
    SELECT c.completeness FROM regions_coveragecheck c
    WHERE c.region_id = r.id AND c.publication_state = 'published'
    ORDER BY c.checked_on DESC LIMIT 1
)
FROM catalog_region r
WHERE r.publication_state = 'published' AND EXISTS (
    SELECT 1 FROM regions_track t JOIN regions_regionalplan p ON p.id = t.plan_id
    WHERE p.region_id = r.id AND p.publication_state = 'published'
)
"""
WORDS = {
    "en": {
        "read": "Of {n} regions whose plans were read",
        "part": "{read}, {n} in part",
        "one": "{n} {name_s} {a}",
        "two": "{n} {name_s} {a} and as many {b}",
        "many": "{n} {name_s} each of {k}",
        "field": "{clause}, the most named field{s}",
        "product": "{clause}, the most named landmark product{s}",
        "lead": "{read}, {field}, and {product}.",
        "missing": " None of them names {a}.",
        "missing_one": " One landmark product is named by none of them.",
        "missing_many": " {k} landmark products are named by none of them.",
        "no field": "none names a field",
        "no product": "none names a landmark product",
    },
    "zh-hans": {
        "read": "在已查阅规划的{n}个地区",
        "part": "{read}（其中{n}个仅查阅部分）",
        "one": "{n}个列出{a}",
        "two": "{n}个列出{a}，列出{b}的数目相同",
        "many": "并列的{k}个各有{n}个地区列出",
        "field": "{clause}，在各方向中最多",
        "product": "{clause}，在标志性产品中最多",
        "lead": "{read}中，{field}；{product}。",
        "missing": "上述地区均未列出{a}。",
        "missing_one": "另有{k}种标志性产品，上述地区均未列出。",
        "missing_many": "另有{k}种标志性产品，上述地区均未列出。",
        "no field": "均未列出任何方向",
        "no product": "均未列出任何标志性产品",
    },
}


def name_of(record, language):
    if language == "zh-hans":
        return record.name_zh
    name = record.name_en
    return name[0].lower() + name[1:] if name[1].islower() else name


def clause_of(kind, model, language):
    """Return ``(what the sentence says of a kind, names of the first, names of those of none)``."""
    words = WORDS[language]
    numbers = [(r, len(who_names(kind, r.slug))) for r in model.objects.public()]
    most = max((number for _record, number in numbers), default=0)
    first = [name_of(r, language) for r, number in numbers if number == most]
    none = [name_of(r, language) for r, number in numbers if not number]
    if not most:
        return words[f"no {kind}"], first, []
    a, b = (*first, "")[:2]
    form = {1: "one", 2: "two"}.get(len(first), "many")
    verb = "names" if most == 1 else "name"
    clause = words[form].format(n=most, a=a, b=b, k=len(first), name_s=verb)
    plural = "" if len(first) == 1 else "s"
    return words[kind].format(clause=clause, s=plural), first, none


def expected(language):
    words, rows = WORDS[language], ask(READ)
    if len(rows) < 3:
        return None
    read = words["read"].format(n=len(rows))
    in_part = sum(1 for _slug, completeness in rows if completeness != "complete")
    if in_part:
        read = words["part"].format(read=read, n=in_part)
    field, _first, _none = clause_of("field", IndustryField, language)
    product, first, none = clause_of("product", SymbolicProduct, language)
    lead = words["lead"].format(read=read, field=field, product=product)
    if not none:
        return lead
    if len(none) == 1 and len(first) == 1:
        return lead + words["missing"].format(a=none[0])
    return lead + words["missing_one" if len(none) == 1 else "missing_many"].format(k=len(none))


def check():
    for language in ("en", "zh-hans"):
        assert finding_on(Client(), "", language) == expected(language)


@pytest.mark.parametrize("states", few_and_many(1, 5))
def test_the_sentence_is_what_plain_sql_computes_in_every_state(db, states):
    rng = dice(f"home finding {states}")
    check()
    for _state in range(states):
        things = some_things(rng)
        for change in rng.sample(CHANGES, 3):
            change(rng, things)
        check()


@pytest.mark.parametrize("left", [0, 2, 3, 5])
def test_few_regions_are_told_in_words_that_fit(db, left):
    regions = set()
    for plan in RegionalPlan.objects.public().order_by("region__code", "pk"):
        if plan.tracks.exists():
            regions.add(plan.region_id)
        if plan.region_id not in set(sorted(regions)[:left]):
            workflow.withdraw(plan, user=None, note="Entered twice.")
    kept = Region.objects.filter(plans__in=RegionalPlan.objects.public(), plans__tracks__gt=0)

    assert kept.distinct().count() <= max(left, 0)
    check()
