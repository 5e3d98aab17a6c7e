"""Stored snapshots of the index: made by workers, renewed, read whole or not at all."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pyroaring import BitMap

from catalog.models import Agency, PolicyDocument
from catalog.views.lists import PolicyDocumentList, TargetList
from futureind.publishing import history, workflow
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action
from futureind.search import index as index_module
from futureind.search import renewal, snapshots
from futureind.search.entries import SearchEntry, definition_of
from futureind.search.index import index_for
from futureind.search.segments import Orders, compact, from_bytes, terms_of, to_bytes
from futureind.search.snapshots import (
    SearchPosting,
    SearchSnapshot,
    build_snapshot,
    forget_older_snapshots,
    newest_snapshot,
)
from regions.views import RegionalPlanList, TrackList
from tests.chance import dice
from tests.factories import make_document, make_region
from tests.search.list_states import differences, random_state

pytestmark = pytest.mark.django_db


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


# As it is read


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


def test_a_snapshot_of_other_code_is_not_asked():
    build_snapshot("document")
    SearchSnapshot.objects.update(definition="of other code")
    index_module._indexes.clear()

    assert index_for("document") is None


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
