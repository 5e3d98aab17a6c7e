"""The index answers as plain SQL does: the same results, the same order, the same counts."""

from urllib.parse import urlencode

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from catalog.filters import PolicyDocumentFilter
from catalog.models import PolicyDocument
from catalog.models.documents import TitleOrigin
from catalog.views.lists import PolicyDocumentList
from futureind.browse.checks import check_facets_are_indexed
from futureind.browse.facets import Facet, column_choices
from futureind.publishing import history, workflow
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action
from futureind.search.entries import SearchEntry, indexed_models, make_entry
from futureind.search.index import index_for
from futureind.search.snapshots import SearchSnapshot, build_snapshot
from regions.models import RegionalPlan, Track
from tests.chance import dice, few_and_many
from tests.search.list_states import LISTS, differences, random_query, random_state, texts_on_record

pytestmark = pytest.mark.django_db


# Over all lists.
@pytest.mark.parametrize("number", few_and_many(200, 2000))
@pytest.mark.parametrize("view", LISTS, ids=lambda view: view.list_name)
def test_index_and_plain_sql_agree_on_random_states(view, number):
    rng = dice(f"agree on {view.list_name} {number}")
    states = [random_state(view, rng) for _ in range(number // len(LISTS) + 1)]
    wrong = [line for state in states for line in differences(view, state)]
    assert wrong == []


# Each asked of every list.
@pytest.mark.parametrize("number", few_and_many(30, 500))
def test_index_and_plain_sql_agree_on_random_queries(number):
    rng, texts = dice(f"queries {number}"), texts_on_record()
    asked = [QueryDict(urlencode({"q": random_query(texts, rng)})) for _ in range(number)]
    results = [
        line
        for query in asked
        for view in LISTS
        for line in differences(view, query, with_counts=False)
    ]
    assert results == []


def test_every_public_record_has_an_entry_and_nothing_else_has():
    for model in indexed_models():
        public = set(model.objects.public().values_list("pk", flat=True))
        entries = SearchEntry.objects.filter(kind=model.index_kind, removed=False)
        assert set(entries.values_list("object_id", flat=True)) == public, model


def test_withdrawing_a_document_takes_its_plan_and_tracks_out_of_the_index():
    plan = RegionalPlan.objects.public().filter(tracks__isnull=False).first()
    tracks = set(plan.tracks.values_list("pk", flat=True))

    workflow.withdraw(plan.document, user=None, note="Entered twice.")

    left = SearchEntry.objects.filter(removed=False)
    assert not left.filter(kind="document", object_id=plan.document_id).exists()
    assert not left.filter(kind="plan", object_id=plan.pk).exists()
    assert not left.filter(kind="track", object_id__in=tracks).exists()
    assert len(index_for("track").everything) == Track.objects.public().count()


def test_an_edit_shows_in_the_index_at_once():
    document = PolicyDocument.objects.public().first()
    document.title_en = "Zeppelin Plan"
    document.save()
    history.record(document, Action.EDITED)

    index = index_for("document")

    assert index.slice(index.term("zeppelin"), 0, 5) == [document.pk]


def test_rebuilding_makes_the_same_index():
    before = entries_as_they_are()
    SearchEntry.objects.all().delete()

    call_command("rebuild_search", verbosity=0)

    assert entries_as_they_are() == before


def test_a_rebuild_holds_off_changes_between_reading_a_record_and_writing_its_entry():
    with CaptureQueriesContext(connection) as captured:
        call_command("rebuild_search", verbosity=0)

    statements = [query["sql"] for query in captured]
    kinds = ('FROM "publishing_contentversion" WHERE', 'INSERT INTO "search_searchentry"')
    turns = [sql for sql in statements if any(part in sql for part in kinds)]
    # Many rows take several statements, one after the other.
    writes = [
        place
        for place, sql in enumerate(turns)
        if sql.startswith("INSERT") and not turns[place - 1].startswith("INSERT")
    ]
    assert writes
    # The row is locked (where the database can), then the version read that the entry bears.
    assert all("SELECT" in turns[place - 1] and "SELECT" in turns[place - 2] for place in writes)
    if connection.features.has_select_for_update:
        assert all("FOR UPDATE" in turns[place - 2] for place in writes)


def entries_as_they_are():
    columns = ("kind", "object_id", "order", "facets", "title_terms", "terms", "names", "aliases")
    entries = SearchEntry.objects.filter(removed=False).order_by("kind", "object_id")
    return list(entries.values(*columns))


@pytest.fixture
def origin():
    """A facet of documents of which nothing was told but the FilterSet."""
    facet = Facet("title_en_origin", column_choices(TitleOrigin), label="Origin")
    facet.name = "origin"
    PolicyDocumentFilter.base_filters["origin"] = facet
    yield facet
    del PolicyDocumentFilter.base_filters["origin"]


def test_a_facet_that_the_index_lacks_is_asked_of_sql(visitor, origin):
    ours = PolicyDocument.objects.public().filter(title_en_origin=TitleOrigin.OURS)
    assert ours.count() > 0

    found = visitor.get("/en/documents.json?origin=ours").json()["count"]
    with_region = visitor.get("/en/documents.json?origin=ours&region=beijing").json()["count"]

    assert found == ours.count()
    assert with_region == ours.filter(region__slug="beijing").count() > 0


def test_a_facet_that_the_index_lacks_is_counted_like_the_others(origin):
    rng = dice("a facet that the index lacks")
    states = [random_state(PolicyDocumentList, rng) for _ in range(20)]
    for state in states:
        state["origin"] = rng.choice(["ours", "official"])

    assert [line for state in states for line in differences(PolicyDocumentList, state)] == []


def test_a_check_names_the_facet_that_the_index_lacks(origin):
    [warning] = check_facets_are_indexed(None)

    assert "PolicyDocumentFilter.origin" in warning.msg
    assert "PolicyDocument.index_facets" in warning.hint


def test_a_facet_of_the_index_that_is_not_declared_is_refused(monkeypatch):
    monkeypatch.setattr(PolicyDocument, "index_facets", ("field",))
    document = PolicyDocument.objects.public().first()

    with pytest.raises(ImproperlyConfigured, match=r"PolicyDocument\.index_facets lacks"):
        make_entry(document, 1)


def test_entries_of_other_code_are_not_asked_until_they_are_made_anew():
    SearchEntry.objects.filter(kind="document").update(definition="of other code")
    document = PolicyDocument.objects.public().first()
    document.title_en += " again"
    document.save()
    # One that today's code makes is no proof of the others.
    history.record(document, Action.EDITED)

    assert index_for("document") is None
    assert build_snapshot("document") is None
    assert index_for("plan") is not None

    call_command("rebuild_search", "--outdated", verbosity=0)
    assert index_for("document") is not None
    # What is as today's code makes it was left alone.
    assert list(SearchSnapshot.objects.values_list("kind", flat=True)) == ["document"]


def test_without_an_index_plain_sql_answers(client):
    SearchEntry.objects.all().delete()
    ContentVersion.raise_number()

    page = client.get("/en/documents/?product=humanoid-robots&region=beijing").content.decode()

    assert "2 documents" in page
    assert client.get("/en/documents/?q=量子").status_code == 200
