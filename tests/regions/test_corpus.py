"""Synthetic records: repeatable, valid, public, and found by the index as by plain SQL."""

import pytest
from django.core.management import CommandError
from django.db import transaction
from django.urls import reverse

from benchmarks.corpus import generate as generation
from benchmarks.corpus.records import PREFIX
from catalog.models import Agency, PolicyDocument, Target
from catalog.views.lists import PolicyDocumentList, TargetList
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.snapshots import snapshot
from futureind.publishing.workflow import publication_problems
from futureind.search import index as index_module
from futureind.search.entries import SearchEntry
from futureind.search.snapshots import SearchSnapshot
from regions.derived import rewrite_derived
from regions.models import RegionalPlan, Track
from regions.views import RegionalPlanList, TrackList
from tests.chance import dice
from tests.search.list_states import differences, random_state

# What it makes are thousands of records.
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.one_database]

NUMBER = 40
MODELS = (Agency, PolicyDocument, RegionalPlan, Track, Target)


def generate(documents=NUMBER, seed=7, **options):
    index_module._indexes.clear()
    generation.generate(documents, seed, **options)


def synthetic(model):
    return model.objects.filter(slug__startswith=PREFIX).order_by("slug")


def contents():
    return [snapshot(record) for model in MODELS for record in synthetic(model)]


def contents_of_a_fresh_run():
    with transaction.atomic():
        generate()
        found = contents()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_records():
    first = contents_of_a_fresh_run()

    assert len(first) > 2 * NUMBER
    assert contents_of_a_fresh_run() == first


def test_another_seed_gives_other_records():
    generate(documents=10)
    texts = set(synthetic(PolicyDocument).values_list("summary_zh", flat=True))
    generate(documents=10, seed=8, again=True)

    assert synthetic(PolicyDocument).count() == 20
    assert set(synthetic(PolicyDocument).values_list("summary_zh", flat=True)) > texts


def test_records_keep_the_rules_of_real_ones():
    generate()

    for model in (PolicyDocument, RegionalPlan, Target):
        assert [publication_problems(r) for r in synthetic(model) if publication_problems(r)] == []
    for track in synthetic(Track):
        track.full_clean()
    for document in synthetic(PolicyDocument):
        assert not rewrite_derived(document), f"{document.slug} lacks what its tracks name"
        assert 1200 < len(document.summary_en + document.summary_zh) < 2100


def test_records_are_public_indexed_and_known_to_caches():
    before = ContentVersion.current()
    generate()

    assert ContentVersion.current() > before
    for model in MODELS:
        added = synthetic(model)
        assert added.count() == added.filter(pk__in=model.objects.public()).count() > 0
        entries = SearchEntry.objects.filter(kind=model.index_kind, removed=False)
        assert set(added.values_list("pk", flat=True)) <= set(
            entries.values_list("object_id", flat=True)
        )
        assert SearchSnapshot.objects.filter(kind=model.index_kind).count() == 1


def test_lists_and_pages_work(visitor):
    generate()

    response = visitor.get(reverse("document-list"), {"q": "产业", "level": "provincial"})
    assert response.status_code == 200
    assert response.context["count"] > 10
    for record in [synthetic(model)[0] for model in MODELS]:
        assert visitor.get(record.get_absolute_url()).status_code == 200


def test_the_index_agrees_with_plain_sql():
    generate()

    rng = dice("corpus")
    wrong = [
        line
        for view in (PolicyDocumentList, RegionalPlanList, TrackList, TargetList)
        for _ in range(5)
        for line in differences(view, random_state(view, rng))
    ]
    assert wrong == []


def test_production_is_refused(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        generate()


def test_synthetic_records_are_not_added_twice_by_mistake():
    generate(documents=3)
    with pytest.raises(CommandError, match="--again"):
        generate()
