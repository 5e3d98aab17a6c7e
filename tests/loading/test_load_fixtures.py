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
    PolicyDocument,
    Target,
    Technology,
)
from futureind.publishing import history
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.revisions import Action, Origin, Revision
from regions.models import RegionalPlan, Track, TrackFieldMapping
from tests.loading.fixture_world import (
    RECORDS,
    ROWS,
    World,
    empty_database,
    entry,
    everything,
    last_revision,
    outcome,
)

pytestmark = pytest.mark.mostly_one_database

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
