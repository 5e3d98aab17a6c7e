"""The gate through which a change becomes history."""

from functools import partial

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.models import (
    DocumentFieldMapping,
    FieldDirection,
    IndustryField,
    Milestone,
    PolicyDocument,
    Target,
    Technology,
)
from futureind.desk import translations
from futureind.desk.models import MachineRendering, StaleTranslation
from futureind.publishing import history, workflow
from futureind.publishing.history import changed
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.snapshots import read_ahead, snapshot
from regions.models import RegionalPlan, Track
from tests.admin_browser import address
from tests.factories import make_document

pytestmark = pytest.mark.django_db

BEIJING = "beijing-future-industries-2023"


@pytest.fixture
def plan():
    return RegionalPlan.objects.get(slug=BEIJING)


@pytest.fixture
def document():
    return PolicyDocument.objects.get(slug=BEIJING)


@pytest.fixture
def editor():
    return get_user_model().objects.get(username="contributor")


def version():
    return ContentVersion.objects.get().number


# Writing


def test_without_a_difference_nothing_is_written(plan):
    before = (Revision.objects.count(), version(), plan.changed_at)

    assert history.record(plan, Action.EDITED) is None

    plan.refresh_from_db()
    assert (Revision.objects.count(), version(), plan.changed_at) == before


def test_a_change_is_written_with_who_when_and_why(plan, editor):
    plan.note_en, plan.note_zh = "Checked", "已核对"
    plan.save()

    revision = history.record(plan, Action.EDITED, user=editor, note="Compared with the text.")

    assert revision == Revision.objects.of(plan).first()
    assert (revision.user, revision.user_name) == (editor, "contributor")
    assert (revision.action, revision.origin) == (Action.EDITED, Origin.EDITOR)
    assert revision.note == "Compared with the text."
    assert revision.record == plan
    assert revision.snapshot["fields"]["note_zh"] == "已核对"
    plan.refresh_from_db()
    assert plan.changed_at == revision.created_at


def test_each_change_raises_the_content_version_by_one(plan, document):
    before = version()
    for note in ("one", "two"):
        plan.note_en = note
        plan.save()
        history.record(plan, Action.EDITED)
    document.note_en = "three"
    document.save()
    history.record(document, Action.EDITED)

    assert version() == before + 3


def test_a_change_that_is_undone_leaves_the_content_version_as_it_was(plan):
    before, revisions = version(), Revision.objects.count()
    with transaction.atomic():
        plan.note_en = "never"
        plan.save()
        history.record(plan, Action.EDITED)
        transaction.set_rollback(True)

    assert (version(), Revision.objects.count()) == (before, revisions)


def test_a_deletion_is_written_though_nothing_differs():
    milestone = Milestone.objects.filter(publication_state="draft").first()

    revision = history.record(milestone, Action.DELETED)
    milestone.delete()

    assert revision.snapshot["fields"]["slug"] == milestone.slug
    assert revision.record_name.startswith(milestone.title_en)


def test_many_deletions_are_written_with_as_few_queries_as_one(editor):
    counts = []
    for number in (1, 6):
        documents = [make_document() for _number in range(number)]
        entries = [(document, None, snapshot(document)) for document in documents]
        with CaptureQueriesContext(connection) as queries:
            history.record_all(entries, Action.DELETED, user=editor, origin=Origin.REVERT)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_first_content_version_is_made_where_there_is_none(plan):
    ContentVersion.objects.all().delete()
    plan.note_en = "first"
    plan.save()
    history.record(plan, Action.EDITED)

    assert version() == 1


# Snapshots


def test_a_snapshot_names_others_by_natural_keys(document):
    fields = snapshot(document)["fields"]

    assert fields["region"] == ["beijing"]
    assert fields["issued_date"] is None or isinstance(fields["issued_date"], str)
    sources = document.sources.values_list("slug", flat=True)
    assert fields["sources"] == sorted([slug] for slug in sources)
    directions = snapshot(Technology.objects.get(slug="artificial-intelligence"))
    assert directions["fields"]["directions"] == [["future-information", "intelligent-industries"]]


def test_a_snapshot_holds_the_parts_and_their_parts(plan):
    tracks = {track["fields"]["slug"]: track for track in snapshot(plan)["parts"]["tracks"]}

    assert len(tracks) == 26
    humanoid = next(t for t in tracks.values() if t["fields"]["name_zh"] == "类人机器人")
    assert humanoid["fields"]["parent"] == [f"{BEIJING}--manufacturing"]
    [mapping] = humanoid["parts"]["product_mappings"]
    assert mapping["fields"]["product"] == ["humanoid-robots"]
    assert mapping["fields"]["match"] == "exact"


def test_a_snapshot_holds_choices_of_parts():
    target = Target.objects.get(slug="guangdong-future-electronics-2024--target-01")
    track = target.tracks.get()
    tracks = snapshot(track.plan)["parts"]["tracks"]
    [of_track] = [part for part in tracks if part["fields"]["slug"] == track.slug]

    assert of_track["fields"]["targets"] == [[target.slug]]


def test_a_snapshot_leaves_out_what_nobody_edits(document):
    data = snapshot(document)
    derived = document.field_mappings.filter(basis="derived")

    assert derived.exists()
    assert document.horizon_year == 2035
    assert not {"id", "date", "horizon_year", "changed_at"} & set(data["fields"])
    assert data["fields"]["publication_state"] == "published"
    bases = [part["fields"]["basis"] for part in data["parts"]["field_mappings"]]
    assert "derived" not in bases
    assert len(bases) == document.field_mappings.edited().count()


def test_the_snapshot_that_was_kept_is_the_one_made_anew():
    for record in (*RegionalPlan.objects.all()[:20], *PolicyDocument.objects.all()[:20]):
        assert Revision.objects.of(record).first().snapshot == snapshot(record)


def test_parts_that_were_read_ahead_make_the_same_snapshot():
    for record in read_ahead(RegionalPlan.objects.all()[:10]):
        alone = RegionalPlan.objects.get(pk=record.pk)
        assert snapshot(record) == snapshot(alone)


def test_a_snapshot_of_a_whole_plan_is_read_with_few_queries(plan, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        snapshot(plan)


def test_a_snapshot_never_holds_parts_that_somebody_read_earlier():
    plan = RegionalPlan.objects.prefetch_related("tracks").get(slug=BEIJING)
    track = plan.tracks.all()[0]
    Track.objects.filter(pk=track.pk).update(note_en="Changed since")

    assert "Changed since" in str(snapshot(plan))


def test_a_changed_part_is_a_change_of_its_record(plan):
    Track.objects.filter(plan=plan, name_zh="氢能").update(name_en="Hydrogen power")

    revision = history.record(plan, Action.EDITED)

    assert "Hydrogen power" in str(revision.snapshot)


def test_a_changed_choice_is_a_change():
    technology = Technology.objects.get(slug="artificial-intelligence")
    technology.directions.add(FieldDirection.objects.exclude(technologies=technology).first())

    assert history.record(technology, Action.EDITED) is not None


# What listens


def derived(document):
    rows = DocumentFieldMapping.objects.filter(document=document, basis="derived")
    return set(rows.values_list("field__slug", flat=True))


def test_a_documents_mappings_follow_the_tracks_of_its_plan(plan, document):
    everything = set(IndustryField.objects.values_list("slug", flat=True))
    entered = set(document.field_mappings.edited().values_list("field__slug", flat=True))
    assert derived(document) == everything - entered

    space = Track.objects.filter(field_mappings__field__slug="future-space", plan=plan)
    for track in space:
        track.field_mappings.all().delete()
    history.record(plan, Action.EDITED)

    assert derived(document) == everything - entered - {"future-space"}


def test_mappings_that_an_editor_entered_are_not_derived_as_well(plan, document):
    field = IndustryField.objects.get(slug="future-energy")
    document.field_mappings.filter(field=field).delete()
    document.field_mappings.create(field=field, basis="stated")
    history.record(document, Action.EDITED)

    assert "future-energy" not in derived(document)
    assert document.field_mappings.get(field=field).basis == "stated"


def test_related_matches_are_not_derived(plan, document):
    track = Track.objects.get(plan=plan, name_zh="商业航天")
    other = Technology.objects.exclude(track_mappings__track__plan=plan).first()
    mapping = track.technology_mappings.create(technology=other, match="related", order=9)
    history.record(plan, Action.EDITED)
    assert not document.technology_mappings.filter(technology=other).exists()

    mapping.match = "narrower"
    mapping.save()
    history.record(plan, Action.EDITED)
    assert document.technology_mappings.get(technology=other).basis == "derived"


def test_a_withdrawn_plan_gives_its_document_nothing(plan, document, editor):
    workflow.withdraw(plan, user=editor, note="Read again.")

    assert derived(document) == set()
    document.refresh_from_db()
    assert document.horizon_year is None


def test_the_signal_names_the_changed_record_inside_the_transaction(plan):
    heard = []

    def listen(sender, records, **kwargs):
        heard.append((records, version()))

    changed.connect(listen)
    try:
        plan.note_en = "heard"
        plan.save()
        history.record(plan, Action.EDITED)
    finally:
        changed.disconnect(listen)

    assert heard == [([plan], version())]


def test_changes_made_together_are_announced_once(plan, document):
    heard = []

    def listen(sender, records, **kwargs):
        heard.append(records)

    before = version()
    changed.connect(listen)
    try:
        with history.together():
            for record in (plan, document):
                record.note_en = "heard together"
                record.save()
                history.record(record, Action.EDITED)
            assert heard == []
    finally:
        changed.disconnect(listen)

    assert heard == [[plan, document]]
    assert version() == before + 1


# In turn


def marked(document):
    translations.mark(document, ["title"], user=None)
    return list(translations.of(document, MachineRendering))


def out_of_step(document):
    texts = {"source_was": "甲", "source_now": "乙", "translation": "A"}
    return [StaleTranslation.objects.create(record=document, path="title", **texts)]


@pytest.mark.parametrize("way", ["mark", "review", "confirm", "delete"])
def test_whoever_changes_records_waits_for_the_version_first(way, administrator_client, editor):
    document = make_document()
    page = address(document, "delete", document.pk)
    ways = {
        "mark": lambda: translations.mark(document, ["title"], user=editor),
        "review": partial(translations.review, marked(make_document()), user=editor),
        "confirm": partial(translations.confirm, out_of_step(document)),
        "delete": lambda: administrator_client.post(page, {"post": "yes"}),
    }

    with CaptureQueriesContext(connection) as queries:
        ways[way]()

    table = ContentVersion._meta.db_table
    asked = [query["sql"] for query in queries]
    # Rows are locked by what writes them, unless asked for so.
    first = next(q for q in asked if q.startswith(("INSERT", "UPDATE", "DELETE")) or table in q)
    assert first.startswith("SELECT")
    assert any(q.startswith("UPDATE") and table in q for q in asked)
    if connection.vendor == "postgresql":
        assert first.endswith("FOR UPDATE")
