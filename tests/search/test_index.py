"""The index answers as plain SQL does: the same results, the same order, the same counts."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pyroaring import BitMap

from catalog.filters import PolicyDocumentFilter
from catalog.models import Agency, PolicyDocument
from catalog.models.documents import TitleOrigin
from catalog.views.lists import IndicatorList, MilestoneList, PolicyDocumentList, TargetList
from futureind.browse.checks import check_facets_are_indexed
from futureind.browse.facets import Facet, column_choices
from futureind.browse.results import IndexResults, SqlResults
from futureind.publishing import history, workflow
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action
from futureind.search import index as index_module
from futureind.search import renewal, snapshots
from futureind.search.entries import SearchEntry, definition_of, indexed_models, make_entry
from futureind.search.index import index_for
from futureind.search.segments import Orders, compact, from_bytes, terms_of, to_bytes
from futureind.search.snapshots import (
    SearchPosting,
    SearchSnapshot,
    build_snapshot,
    forget_older_snapshots,
    newest_snapshot,
)
from regions.models import RegionalPlan, Track
from regions.views import RegionalPlanList, TrackList
from tests.chance import dice, few_and_many
from tests.factories import make_document, make_region

pytestmark = pytest.mark.django_db

LISTS = [
    PolicyDocumentList,
    RegionalPlanList,
    TrackList,
    TargetList,
    MilestoneList,
    IndicatorList,
]
TEXTS = [
    "量子",
    "脑机",
    "上海",
    "robot",
    "humanoid robots",
    "6G",
    "氢能 -上海",
    '"action plan"',
    "MIIT 人形机器人指导意见",
    "BCI -Shanghai",
    "国发202511号",
    "plan for the Moon",
    "-the robot",
    "，",
]
DAYS = ["2022-01-01", "2023-12-31", "2024-06-30", "2025-12-31", "2027-01-01"]


def random_state(view, rng):
    """Return a QueryDict of a few valid parameters of a list."""
    filterset = view.filterset_class({}, view().public_records())
    state = QueryDict(mutable=True)
    for name in rng.sample(list(filterset.filters), rng.randint(0, 3)):
        item = filterset.filters[name]
        if isinstance(item, Facet):
            values = [choice.value for choice in item.choices]
            state.setlist(name, rng.sample(values, min(len(values), rng.randint(1, 2))))
        elif name == "sort":
            state[name] = rng.choice(list(filterset.orderings))
        else:
            state[name] = rng.choice(TEXTS if name == "q" else DAYS)
    return state


def differences(view, state):
    """Return in words where the index and plain SQL differ for a state of a list."""
    filterset = view.filterset_class(state, view().public_records())
    assert filterset.is_valid(), filterset.form.errors
    fast = IndexResults(filterset, index_for(view.model.index_kind))
    plain = SqlResults(filterset)
    found = []
    if fast.pks() != plain.pks():
        found.append(f"{state.urlencode()}: other results")
    if fast.count() != plain.count():
        found.append(f"{state.urlencode()}: {fast.count()} results, not {plain.count()}")
    for facet in filterset.filters.values():
        if isinstance(facet, Facet) and facet.listed:
            counts, expected = fast.facet_counts(facet), plain.facet_counts(facet)
            wrong = {v: n for v, n in counts.items() if n != expected.get(v, 0)}
            if wrong:
                found.append(f"{state.urlencode()}: {facet.name} {wrong}")
    return found


# Over all lists.
@pytest.mark.parametrize("number", few_and_many(200, 800))
@pytest.mark.parametrize("view", LISTS, ids=lambda view: view.list_name)
def test_index_and_plain_sql_agree_on_random_states(view, number):
    rng = dice(f"agree on {view.list_name} {number}")
    states = [random_state(view, rng) for _ in range(number // len(LISTS) + 1)]
    wrong = [line for state in states for line in differences(view, state)]
    assert wrong == []


@pytest.mark.long
def test_a_stored_snapshot_with_newer_entries_over_it_agrees_with_plain_sql():
    for kind in ("document", "plan", "track", "target"):
        build_snapshot(kind)
    index_module._indexes.clear()
    change_some_records()

    rng = dice("newer over a snapshot")
    wrong = [
        line
        for view in (PolicyDocumentList, RegionalPlanList, TrackList, TargetList)
        for _ in range(25)
        for line in differences(view, random_state(view, rng))
    ]

    assert SearchSnapshot.objects.count() == 4
    assert wrong == []


def change_some_records():
    """Add, withdraw, back-date and rename records, so that every kind of change is laid over."""
    region = make_region(published=True)
    for day in ("2020-05-05", "2024-02-02", None):
        make_document(region=region, level="provincial", issued_date=day, published=True)
    first, second, third = PolicyDocument.objects.public().filter(plans__isnull=False)[:3]
    workflow.withdraw(first, user=None, note="Entered twice.")
    second.issued_date = second.published_date = None
    second.save()
    history.record(second, Action.EDITED)
    plan = third.plans.get()
    plan.tracks.all()[:1].get().technology_mappings.all().delete()
    history.record(plan, Action.EDITED)


def test_a_snapshot_of_another_version_is_left_alone_and_plain_sql_answers(visitor, caplog):
    before = visitor.get("/en/agencies.json").json()
    other = b'{"format": "of another version"}'
    data = len(other).to_bytes(8, "big") + other
    SearchSnapshot.objects.create(
        kind="agency",
        version=ContentVersion.current(),
        definition=definition_of(Agency),
        data=data,
        built_at=timezone.now(),
    )
    index_module._indexes.clear()

    assert visitor.get("/en/agencies.json").json() == before
    assert "Run rebuild_search" in caplog.text


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


# Without anybody's command


def worked():
    """Let a worker look for work until none is left."""
    call_command("run_jobs", "--once")


@pytest.fixture
def few_are_many(monkeypatch):
    """Snapshots are renewed for five newer entries, of kinds of whatever size."""
    monkeypatch.setattr(renewal, "MANY_NEWER", 5)
    monkeypatch.setattr(renewal, "ONE_IN", 10_000)
    monkeypatch.setattr(renewal, "_state", {"number": None, "is_done": True})


def test_a_worker_makes_a_snapshot_of_many_entries_and_renews_it(few_are_many, monkeypatch):
    worked()
    first = newest_snapshot("document")
    assert first is not None

    for _number in range(5):
        make_document(published=True)
    worked()
    assert newest_snapshot("document") == first

    make_document(published=True)
    worked()
    assert newest_snapshot("document") != first
    assert (
        SearchEntry.objects.filter(
            kind="document", version__gt=newest_snapshot("document")[1]
        ).count()
        == 0
    )

    monkeypatch.setattr(snapshots, "IN_USE", timedelta())
    make_document(published=True)
    worked()
    # What was replaced goes when nobody can be reading it any more.
    assert SearchSnapshot.objects.filter(kind="document").count() == 1


def test_a_worker_makes_entries_of_other_code_anew(few_are_many):
    SearchEntry.objects.filter(kind="document").update(definition="of other code")
    assert index_for("document") is None

    worked()

    assert index_for("document") is not None


def test_a_worker_that_runs_leaves_the_entries_of_other_code_to_the_next_one(few_are_many):
    worked()
    # A release that comes writes them, while the worker of the one before is still there.
    SearchEntry.objects.filter(kind="agency").update(definition="of newer code")
    make_document(published=True)

    worked()

    assert SearchEntry.objects.filter(definition="of newer code").exists()


def test_a_site_where_nothing_changes_removes_replaced_snapshots(few_are_many, monkeypatch):
    worked()
    first = newest_snapshot("agency")
    build_snapshot("agency")
    renewal.renew()
    assert SearchSnapshot.objects.filter(pk=first[0]).exists()

    monkeypatch.setattr(snapshots, "IN_USE", timedelta())
    renewal.renew()

    assert not SearchSnapshot.objects.filter(pk=first[0]).exists()


def test_a_build_that_ended_after_a_newer_one_is_removed(few_are_many):
    worked()
    newest = newest_snapshot("agency")
    ended = timezone.now() - timedelta(minutes=2)
    late = SearchSnapshot.objects.create(kind="agency", version=0, data=b"", built_at=ended)
    SearchSnapshot.objects.filter(pk=newest[0]).update(built_at=ended - timedelta(minutes=1))

    forget_older_snapshots("agency")

    assert not SearchSnapshot.objects.filter(pk=late.pk).exists()
    assert newest_snapshot("agency")[0] == newest[0]


def test_a_snapshot_that_is_whole_survives_the_end_of_its_builder(monkeypatch):
    whole = snapshots.finish

    def finish(snapshot):
        whole(snapshot)
        raise KeyboardInterrupt

    monkeypatch.setattr(snapshots, "finish", finish)
    with pytest.raises(KeyboardInterrupt):
        build_snapshot("agency")

    assert newest_snapshot("agency") is not None
    assert SearchPosting.objects.filter(snapshot=newest_snapshot("agency")[0]).exists()


def test_what_somebody_else_builds_is_looked_at_again(few_are_many):
    SearchSnapshot.objects.all().delete()
    theirs = SearchSnapshot.objects.create(kind="agency", version=0, data=b"half")
    renewal.renew()
    assert newest_snapshot("agency") is None

    # They were killed.
    SearchSnapshot.objects.filter(pk=theirs.pk).update(
        alive_at=timezone.now() - timedelta(minutes=10)
    )
    renewal.renew()

    assert newest_snapshot("agency") is not None


def test_a_build_that_is_interrupted_leaves_nothing(monkeypatch):
    before = set(SearchSnapshot.objects.values_list("pk", flat=True))

    def interrupt(snapshot):
        raise KeyboardInterrupt

    monkeypatch.setattr(snapshots, "finish", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build_snapshot("agency")

    assert set(SearchSnapshot.objects.values_list("pk", flat=True)) == before
    assert not SearchPosting.objects.exclude(snapshot__in=before).exists()


def test_a_worker_asks_once_while_nothing_changes(few_are_many, django_assert_num_queries):
    for _look in range(3):
        renewal.renew()

    with django_assert_num_queries(1):
        renewal.renew()


def test_a_build_that_ended_half_way_is_never_read_and_is_removed(few_are_many):
    whole = newest_snapshot("agency")
    half = SearchSnapshot.objects.create(kind="agency", version=10**9, data=b"half")
    assert newest_snapshot("agency") == whole
    # Somebody may be at it.
    forget_older_snapshots("agency")
    assert SearchSnapshot.objects.filter(pk=half.pk).exists()

    SearchSnapshot.objects.update(alive_at=timezone.now() - timedelta(minutes=10))
    forget_older_snapshots("agency")

    assert not SearchSnapshot.objects.filter(pk=half.pk).exists()


def test_a_new_snapshot_is_read_on_the_next_request():
    before = index_for("agency")
    found = set(before.slice(before.term("ministri"), 0, 100))
    build_snapshot("agency")
    build_snapshot("agency")

    index = index_for("agency")

    assert set(index.slice(index.term("ministri"), 0, 100)) == found != set()


def test_a_snapshot_that_is_replaced_while_it_is_looked_up_is_looked_up_again(monkeypatch):
    build_snapshot("agency")
    gone = newest_snapshot("agency")
    build_snapshot("agency")
    monkeypatch.setattr(snapshots, "IN_USE", timedelta())
    forget_older_snapshots("agency")
    answers = iter([gone])
    monkeypatch.setattr(
        index_module, "newest_snapshot", lambda kind: next(answers, None) or newest_snapshot(kind)
    )
    index_module._stored.clear()

    assert len(index_for("agency").everything) == Agency.objects.public().count()


def test_a_group_of_thousands_of_sets_is_read_when_it_is_asked_for():
    sets = {pk: BitMap([pk % 7]) for pk in range(20_000)}
    few = {"a": BitMap([1, 2]), "b": BitMap()}
    numbers = [compact(range(7)), Orders.of([(n,) for n in range(7)])]

    segment = from_bytes(to_bytes(numbers[1], numbers[0], {"one": sets, "few": few}), None)

    assert (set(segment.facets.groups), set(segment.facets.later)) == ({"few"}, {"one"})
    assert all(segment.value("one", pk) == found for pk, found in sets.items())
    assert segment.value("few", "a") == few["a"]
    assert (len(segment.value("one", -1)), len(segment.value("none", 1))) == (0, 0)
    assert segment.facets.later == {}


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


def test_a_snapshot_of_other_code_is_not_asked():
    build_snapshot("document")
    SearchSnapshot.objects.update(definition="of other code")
    index_module._indexes.clear()

    assert index_for("document") is None


def test_without_an_index_plain_sql_answers(client):
    SearchEntry.objects.all().delete()
    ContentVersion.raise_number()

    page = client.get("/en/documents/?product=humanoid-robots&region=beijing").content.decode()

    assert "2 documents" in page
    assert client.get("/en/documents/?q=量子").status_code == 200


@pytest.mark.parametrize("entries_a_part", [20, 25_000])
def test_a_stored_snapshot_finds_every_term_of_every_record(entries_a_part, monkeypatch):
    monkeypatch.setattr(snapshots, "ENTRIES_A_PART", entries_a_part)
    index_module._indexes.clear()
    built = {kind: index_for(kind) for kind in ("document", "agency", "track")}
    terms = {kind: all_terms_of(kind) for kind in built}
    expected = {
        (kind, term): set(index.slice(index.term(term), 0, 10_000))
        for kind, index in built.items()
        for term in terms[kind]
    }
    for kind in built:
        build_snapshot(kind)
    ContentVersion.raise_number()

    stored = {kind: index_for(kind) for kind in built}

    assert not any(len(index._parts[1].pks) for index in stored.values())
    for (kind, term), pks in expected.items():
        index = stored[kind]
        assert set(index.slice(index.term(term), 0, 10_000)) == pks, (kind, term)
    assert len(stored["document"].term("=no such title")) == 0


def all_terms_of(kind):
    entries = SearchEntry.objects.filter(kind=kind, removed=False)
    return sorted({term for entry in entries for term in terms_of(entry)})
