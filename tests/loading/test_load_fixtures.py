"""Loading the fixtures: what is written, and what is left alone."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from catalog.models import (
    Agency,
    DocumentFieldMapping,
    DocumentIssuer,
    FieldDirection,
    IndustryField,
    Milestone,
    PolicyDocument,
    Region,
    Target,
    Technology,
)
from futureind.publishing import history, workflow
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action, Origin, Revision
from futureind.publishing.models.slugs import FormerSlug
from regions.models import RegionalPlan, Track, TrackFieldMapping
from tests.loading.fixture_world import (
    RECORDS,
    ROWS,
    World,
    edit,
    empty_database,
    entry,
    everything,
    outcome,
)

pytestmark = pytest.mark.mostly_one_database


@pytest.fixture
def world(tmp_path, db):
    empty_database()
    return World(tmp_path)


@pytest.fixture
def loaded(world):
    world.load()
    return world


def last_revision(record):
    return Revision.objects.of(record).first()


# What is written


def test_everything_is_created_with_a_first_revision_of_each_record(world):
    output = world.load()

    assert outcome("all", output) == {"created": ROWS}
    assert Revision.objects.count() == RECORDS
    assert set(Revision.objects.values_list("action", "origin")) == {
        (Action.CREATED, Origin.LOADER)
    }
    plan = RegionalPlan.objects.get(slug="beijing-plan")
    assert plan.changed_at is not None
    tracks = last_revision(plan).snapshot["parts"]["tracks"]
    assert [track["fields"]["slug"] for track in tracks] == [
        "beijing-plan--energy",
        "beijing-plan--hydrogen",
    ]
    assert Track.objects.get(slug="beijing-plan--hydrogen").parent.name_en == "Future energy"


def test_a_second_load_changes_nothing(loaded):
    before = everything()

    output = loaded.load()

    assert outcome("all", output) == {"unchanged": ROWS}
    assert everything() == before


@pytest.mark.django_db
def test_a_second_load_of_all_fixtures_asks_few_questions(django_assert_max_num_queries):
    version, revisions = ContentVersion.objects.get().number, Revision.objects.count()

    out = StringIO()
    with django_assert_max_num_queries(150):
        call_command("load_fixtures", stdout=out)

    assert set(outcome("all", out.getvalue())) == {"unchanged"}
    assert (ContentVersion.objects.get().number, Revision.objects.count()) == (version, revisions)


def test_a_changed_value_is_written_and_becomes_history(loaded):
    loaded.fields("catalog.policydocument", "beijing-plan")["title_en"] = "Plan of Beijing"

    output = loaded.load()

    assert outcome("all", output) == {"updated": 1, "unchanged": ROWS - 1}
    document = PolicyDocument.objects.get(slug="beijing-plan")
    revision = last_revision(document)
    assert (revision.action, revision.origin) == (Action.EDITED, Origin.LOADER)
    assert revision.snapshot["fields"]["title_en"] == document.title_en == "Plan of Beijing"
    assert Revision.objects.count() == RECORDS + 1


def test_a_value_that_is_left_out_becomes_unknown(loaded):
    del loaded.fields("catalog.policydocument", "beijing-plan")["issued_date"]
    loaded.load()

    assert PolicyDocument.objects.get(slug="beijing-plan").date is None


def test_a_changed_part_is_a_change_of_its_record(loaded):
    loaded.fields("regions.track", "beijing-plan--hydrogen")["name_zh"] = "氢能与储能"
    output = loaded.load()

    assert outcome("regions.track", output) == {"updated": 1, "unchanged": 1}
    assert outcome("regions.regionalplan", output) == {"unchanged": 1}
    revision = last_revision(RegionalPlan.objects.get())
    assert revision.action == Action.EDITED
    assert "氢能与储能" in json.dumps(revision.snapshot, ensure_ascii=False)


def test_choices_follow_the_fixtures(loaded):
    loaded.fields("catalog.technology", "hydrogen-energy")["directions"] = []
    loaded.fields("regions.track", "beijing-plan--hydrogen")["targets"] = [
        ["beijing-plan--target-01"]
    ]
    output = loaded.load()

    assert outcome("catalog.technology", output) == {"updated": 1}
    assert outcome("regions.track", output) == {"updated": 1, "unchanged": 1}
    assert not Technology.objects.get().directions.exists()
    assert Target.objects.get().tracks.count() == 2
    assert last_revision(Technology.objects.get()).snapshot["fields"]["directions"] == []


def test_the_order_within_the_files_does_not_matter(world):
    world.files = {"1": [entry for entries in world.files.values() for entry in entries][::-1]}

    assert outcome("all", world.load()) == {"created": ROWS}


def test_a_part_that_moves_changes_both_records(loaded):
    loaded.add(
        "regions.regionalplan",
        slug="beijing-part-of-the-opinions",
        publication_state="published",
        region=["beijing"],
        document=["national-opinions"],
    )
    loaded.load()
    revisions = Revision.objects.count()
    track = loaded.fields("regions.track", "beijing-plan--hydrogen")
    track["plan"], track["parent"] = ["beijing-part-of-the-opinions"], None
    loaded.load()

    assert Revision.objects.count() == revisions + 2
    assert [plan.tracks.count() for plan in RegionalPlan.objects.order_by("pk")] == [1, 1]


def test_a_check_says_what_would_be_done_and_writes_nothing(world):
    before = everything()

    output = world.load(check=True)

    assert outcome("all", output) == {"created": ROWS}
    assert "nothing was written" in output
    assert everything() == before


def test_a_quiet_load_says_nothing(world, capsys):
    assert world.load(verbosity=0) == ""
    assert capsys.readouterr() == ("", "")


def test_the_table_is_aligned_and_no_progress_is_drawn_where_nobody_watches(world, capsys):
    lines = world.load().splitlines()

    assert len({len(line) for line in lines}) == 1
    assert lines[0].split() == ["created", "updated", "kept", "unchanged", "removed"]
    assert capsys.readouterr() == ("", "")


# What has gone from the files


def test_parts_that_have_gone_are_removed(loaded):
    loaded.remove("catalog.documentissuer")
    loaded.remove("catalog.fielddirection")
    loaded.fields("catalog.technology", "hydrogen-energy")["directions"] = []
    output = loaded.load()

    assert outcome("catalog.documentissuer", output) == {"removed": 1}
    assert not DocumentIssuer.objects.exists()
    assert not FieldDirection.objects.exists()
    document = PolicyDocument.objects.get(slug="beijing-plan")
    assert last_revision(document).snapshot["parts"]["issuer_rows"] == []
    assert outcome("all", loaded.load()) == {"unchanged": ROWS - 2}


def test_tracks_that_have_gone_stay_with_their_mappings_and_are_named(loaded):
    loaded.add(
        "regions.trackfieldmapping", track=["beijing-plan--hydrogen"], field=["future-energy"]
    )
    loaded.load()
    loaded.remove("regions.track", slug="beijing-plan--hydrogen")
    loaded.remove("regions.trackfieldmapping", track=["beijing-plan--hydrogen"])
    before = everything()
    output = loaded.load()

    assert "  regions.track beijing-plan--hydrogen\n" in output
    assert everything() == before


def test_records_that_have_gone_stay_and_are_named(loaded):
    loaded.remove("catalog.documentissuer")
    loaded.remove("catalog.agency")
    loaded.add(
        "catalog.agency",
        slug="city-council",
        publication_state="published",
        name_en="Council",
        name_zh="委员会",
        level="ministry",
    )
    output = loaded.load()

    assert "No longer in the fixtures, left as they are:\n  catalog.agency beijing-" in output
    assert Agency.objects.count() == 2


@pytest.mark.django_db
def test_of_many_names_only_the_first_are_shown(tmp_path):
    world = World(tmp_path)
    world.files = {"units": [entry("catalog.unit", slug="firms", name_en="firms", name_zh="家")]}
    lines = world.load().splitlines()

    assert sum(line.startswith("  catalog.unit ") for line in lines) == 20
    assert lines[-1] == "  and 44 more"


def test_what_an_editor_made_is_not_missed_in_the_fixtures(loaded):
    agency = Agency.objects.create(slug="own", name_en="Own", name_zh="自建", level="ministry")
    history.record(agency, Action.CREATED)
    output = loaded.load()

    assert "catalog.agency own" not in output


# What editors have changed


def test_what_an_editor_changed_is_kept_with_all_its_parts_and_named(loaded):
    plan = RegionalPlan.objects.get()
    edit(plan, note_en="Checked", note_zh="已核对")
    loaded.fields("regions.regionalplan", "beijing-plan")["horizon_year"] = 2050
    loaded.fields("regions.track", "beijing-plan--hydrogen")["name_en"] = "Hydrogen power"
    loaded.remove("regions.trackfieldmapping")
    loaded.add(
        "regions.track",
        slug="beijing-plan--new",
        plan=["beijing-plan"],
        parent=["beijing-plan--energy"],
        tier="industry",
        name_en="New",
        name_zh="新",
    )
    loaded.add("regions.trackfieldmapping", track=["beijing-plan--new"], field=["future-energy"])
    before = everything()
    output = loaded.load()

    assert "Kept as an editor left them:\n  regions.regionalplan beijing-plan\n" in output
    assert outcome("regions.track", output) == {"kept": 3}
    assert outcome("regions.trackfieldmapping", output) == {"kept": 1}
    assert everything() == before


def test_what_an_editor_withdrew_stays_withdrawn(loaded):
    document = PolicyDocument.objects.get(slug="beijing-plan")
    workflow.withdraw(document, user=None, note="Not a plan.")
    output = loaded.load()

    document.refresh_from_db()
    assert document.publication_state == "withdrawn"
    assert "  catalog.policydocument beijing-plan\n" in output
    # Only the document is the editor's; targets and plans are records of their own.
    assert outcome("catalog.target", output) == {"unchanged": 1}


def test_what_was_renamed_is_not_made_again_and_is_still_found_by_its_old_slug(loaded):
    document = PolicyDocument.objects.get(slug="beijing-plan")
    workflow.rename(document, "beijing-implementation-plan", user=None)
    loaded.fields("catalog.target", "beijing-plan--target-01")["value"] = "200"
    loaded.add(
        "catalog.documentrelation",
        from_document=["national-opinions"],
        to_document=["beijing-plan"],
        type="cites",
    )
    loaded.add("catalog.documentissuer", document=["beijing-plan"], agency=["other"])
    loaded.fields("catalog.agency", "beijing-government").update(level="ministry", region=None)
    loaded.add(
        "catalog.agency",
        slug="other",
        publication_state="published",
        name_en="Other",
        name_zh="其他",
        level="ministry",
    )
    output = loaded.load()

    assert PolicyDocument.objects.count() == 2
    assert outcome("catalog.policydocument", output) == {"kept": 1, "unchanged": 1}
    assert outcome("catalog.documentissuer", output) == {"kept": 2}
    target = Target.objects.get()
    assert (target.document, target.value) == (document, 200)
    opinions = PolicyDocument.objects.get(slug="national-opinions")
    assert opinions.relations_from.get().to_document == document
    assert set(outcome("all", loaded.load())) == {"unchanged", "kept"}


def test_what_a_key_names_may_have_been_renamed(loaded):
    workflow.rename(IndustryField.objects.get(), "energy-of-the-future", user=None)
    workflow.rename(Region.objects.get(), "peking", user=None)
    output = loaded.load()

    assert outcome("catalog.fielddirection", output) == {"kept": 1}
    assert outcome("catalog.technology", output) == {"unchanged": 1}
    assert outcome("regions.coveragecheck", output) == {"unchanged": 1}
    assert outcome("regions.trackfieldmapping", output) == {"unchanged": 1}


def test_a_renamed_track_is_not_made_again(loaded):
    track = Track.objects.get(slug="beijing-plan--energy")
    FormerSlug.objects.create(record=track, slug=track.slug)
    Track.objects.filter(pk=track.pk).update(slug="beijing-plan--future-energy")
    history.record(track.plan, Action.RENAMED)
    output = loaded.load()

    assert outcome("regions.track", output) == {"kept": 2}
    assert outcome("regions.trackfieldmapping", output) == {"kept": 1}
    assert Track.objects.count() == 2


def recalled_milestone(world, slug):
    """Load a milestone that is a draft; return it."""
    world.add(
        "catalog.milestone",
        slug=slug,
        title_en="Landing",
        title_zh="登陆",
        date="2030-12-31",
        precision="year",
        state="planned",
        geography="CN",
        documents=[["national-opinions"]],
        confidence="recalled",
    )
    world.load()
    return Milestone.objects.get()


def test_a_draft_that_an_editor_renamed_is_not_made_again(loaded):
    milestone = recalled_milestone(loaded, "landing")
    workflow.rename(milestone, "crewed-landing", user=None)
    output = loaded.load()

    assert Milestone.objects.get().slug == "crewed-landing"
    assert "  catalog.milestone landing\n" in output


def test_a_draft_that_an_editor_deleted_is_not_made_again(loaded):
    milestone = recalled_milestone(loaded, "landing")
    loaded.add(
        "catalog.milestonefieldmapping", milestone=["landing"], field=["future-energy"], order=1
    )
    loaded.load()
    history.record(milestone, Action.DELETED)
    milestone.delete()
    output = loaded.load()

    assert not Milestone.objects.exists()
    assert outcome("catalog.milestone", output) == {"kept": 1}
    assert outcome("catalog.milestonefieldmapping", output) == {"kept": 1}


def test_a_choice_that_an_editor_deleted_is_left_out(loaded):
    loaded.add(
        "catalog.target",
        slug="beijing-plan--target-02",
        document=["beijing-plan"],
        kind="qualitative",
        statement_en="More firms",
        statement_zh="更多企业",
        confidence="recalled",
    )
    loaded.fields("regions.track", "beijing-plan--hydrogen")["targets"] = [
        ["beijing-plan--target-02"]
    ]
    loaded.load()
    target = Target.objects.get(slug="beijing-plan--target-02")
    history.record(target, Action.DELETED)
    target.delete()
    output = loaded.load()

    assert outcome("catalog.target", output) == {"kept": 1, "unchanged": 1}
    assert not Track.objects.get(slug="beijing-plan--hydrogen").targets.exists()


# Rows that the site derives


def document_mappings():
    return DocumentFieldMapping.objects.values_list("document__slug", "field__slug", "basis")


def test_derived_mappings_are_written_by_a_load_and_are_not_its_business(loaded):
    assert list(document_mappings()) == [("beijing-plan", "future-energy", "derived")]
    assert PolicyDocument.objects.get(slug="beijing-plan").horizon_year == 2035

    assert "catalog.documentfieldmapping" not in loaded.load()
    assert document_mappings().count() == 1


def test_a_mapping_that_the_fixtures_state_takes_the_place_of_a_derived_one(loaded):
    loaded.add(
        "catalog.documentfieldmapping",
        document=["beijing-plan"],
        field=["future-energy"],
        basis="stated",
    )
    loaded.load()
    assert list(document_mappings()) == [("beijing-plan", "future-energy", "stated")]

    loaded.remove("catalog.documentfieldmapping")
    loaded.load()
    assert list(document_mappings()) == [("beijing-plan", "future-energy", "derived")]


def test_a_removed_mapping_of_a_track_is_derived_no_longer(loaded):
    loaded.remove("regions.trackfieldmapping")
    output = loaded.load()

    assert outcome("regions.trackfieldmapping", output) == {"removed": 1}
    assert not TrackFieldMapping.objects.exists()
    assert not document_mappings().exists()


# After plain loaddata


@pytest.mark.long
@pytest.mark.one_database
def test_plain_loaddata_loads_all_fixtures_into_an_empty_database(db):
    empty_database()
    paths = sorted(map(str, settings.FIXTURE_DIRS[0].glob("*.json")))
    call_command("loaddata", *paths, verbosity=0)

    named = Counter(row["model"] for path in paths for row in json.loads(Path(path).read_text()))
    for model in (PolicyDocument, Track):
        assert model.objects.count() == named[model._meta.label_lower] > 0


def test_what_came_by_loaddata_is_adopted_with_a_first_revision(world):
    world.write()
    call_command("loaddata", *sorted(map(str, world.directory.glob("*.json"))), verbosity=0)
    world.fields("catalog.policydocument", "beijing-plan")["title_en"] = "Plan of Beijing"
    world.remove("catalog.documentissuer")
    output = world.load()

    assert outcome("all", output) == {"updated": 1, "unchanged": ROWS - 2, "removed": 1}
    assert PolicyDocument.objects.get(slug="beijing-plan").title_en == "Plan of Beijing"
    assert set(Revision.objects.values_list("action", "origin")) == {
        (Action.CREATED, Origin.LOADER)
    }
    assert Revision.objects.count() == RECORDS
    assert list(document_mappings()) == [("beijing-plan", "future-energy", "derived")]
    assert outcome("all", world.load()) == {"unchanged": ROWS - 1}
