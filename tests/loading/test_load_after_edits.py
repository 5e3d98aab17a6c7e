"""Loading the fixtures again: what editors changed, renamed or deleted is kept."""

import pytest

from catalog.models import IndustryField, Milestone, PolicyDocument, Region, Target
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.slugs import FormerSlug
from regions.models import RegionalPlan, Track
from tests.loading.fixture_world import edit, everything, outcome

pytestmark = pytest.mark.mostly_one_database


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
