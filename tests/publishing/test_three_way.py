"""Two changes of one version side by side: nothing is merged that both changed."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from futureind.publishing.applying import content_of
from futureind.publishing.differences import pieces
from futureind.publishing.snapshots import snapshot
from futureind.publishing.three_way import Side, merge
from regions.models import RegionalPlan

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PLAN = {
    "fields": {"slug": "p", "horizon_year": 2030, "note_en": "", "note_zh": "", "structure_en": ""},
    "parts": {
        "tracks": [
            {
                "fields": {"slug": name, "plan": ["p"], "name_en": name, "targets": []},
                "parts": {
                    "technology_mappings": [
                        {
                            "fields": {"track": [name], "technology": [tag], "match": "exact"},
                            "parts": {},
                        }
                        for tag in ("quantum", "photonics")
                    ]
                },
            }
            for name in ("one", "two", "three")
        ]
    },
}
TEXTS = st.sampled_from(["", "a", "量子", "脑机接口"])


@st.composite
def versions(draw):
    """A plan with some columns changed, some rows gone and one perhaps added."""
    plan = deepcopy(PLAN)
    for name in ("note_en", "note_zh", "structure_en"):
        if draw(st.booleans()):
            plan["fields"][name] = draw(TEXTS)
    for track in list(plan["parts"]["tracks"]):
        change = draw(st.sampled_from(["keep", "keep", "name", "tags", "gone"]))
        if change == "name":
            track["fields"]["name_en"] = draw(TEXTS)
        elif change == "tags":
            track["parts"]["technology_mappings"].pop()
        elif change == "gone":
            plan["parts"]["tracks"].remove(track)
    if draw(st.booleans()):
        track = deepcopy(PLAN["parts"]["tracks"][0])
        track["fields"] |= {"slug": "four", "name_en": draw(TEXTS)}
        plan["parts"]["tracks"].append(track)
    return plan


def in_order(plan):
    plan = content_of(plan, RegionalPlan)
    plan["parts"]["tracks"].sort(key=lambda track: track["fields"]["slug"])
    return plan


def taken(theirs, ours, choices=None):
    return merge(PLAN, theirs, ours, RegionalPlan, choices)


PROPERTY = settings(max_examples=150)


@PROPERTY
@given(versions())
def test_a_change_of_one_side_alone_is_taken_whole(changed):
    for theirs, ours in ((PLAN, changed), (changed, PLAN), (changed, changed)):
        merged = taken(theirs, ours)
        assert merged.conflicts == []
        assert in_order(merged.snapshot) == in_order(changed)


@PROPERTY
@given(versions(), versions())
def test_what_both_changed_is_a_conflict_and_the_choice_decides(theirs, ours):
    conflicts = taken(theirs, ours).conflicts
    mirrored = taken(ours, theirs).conflicts
    assert {c.path for c in conflicts} == {c.path for c in mirrored}
    for side in Side:
        choices = {conflict.name: side for conflict in conflicts}
        merged = taken(theirs, ours, choices)
        assert merged.is_settled
        # Chosen the other way round from the other end, it is the same.
        other = Side.OURS if side == Side.THEIRS else Side.THEIRS
        mirror = taken(ours, theirs, {c.name: other for c in mirrored})
        assert in_order(merged.snapshot) == in_order(mirror.snapshot)


def test_a_row_that_one_side_removed_and_the_other_changed_is_one_conflict():
    theirs, ours = deepcopy(PLAN), deepcopy(PLAN)
    del theirs["parts"]["tracks"][0]
    ours["parts"]["tracks"][0]["fields"]["name_en"] = "Changed"

    [conflict] = taken(theirs, ours).conflicts
    assert (conflict.path[-1], conflict.theirs, conflict.ours) == ("one", "removed", "changed")


def test_a_version_from_before_a_renaming_is_no_change(db):
    plan = RegionalPlan.objects.get(slug="beijing-future-industries-2023")
    base = snapshot(plan)
    RegionalPlan.objects.filter(pk=plan.pk).update(slug="renamed")
    renamed = snapshot(RegionalPlan.objects.get(pk=plan.pk))
    ours = deepcopy(base)
    ours["fields"]["note_en"] = "Ours"

    merged = merge(base, renamed, ours, RegionalPlan)

    assert merged.conflicts == []
    assert merged.snapshot["fields"] | {"slug": "", "note_en": ""} == renamed["fields"] | {
        "slug": "",
        "note_en": "",
    }
    assert merged.snapshot["fields"]["slug"] == "renamed"


@given(
    st.text(alphabet="ab 12量子，。", max_size=40), st.text(alphabet="ab 12量子，。", max_size=40)
)
def test_pieces_put_together_are_the_texts(before, after):
    was, now = pieces(before, after)

    assert "".join(text for text, _differs in was) == before
    assert "".join(text for text, _differs in now) == after
    common = ["".join(t for t, differs in side if not differs) for side in (was, now)]
    assert common[0] == common[1]


def test_chinese_is_compared_character_by_character():
    was, now = pieces("到2030年形成产业集群", "到2035年形成未来产业集群")

    assert [text for text, differs in was if differs] == ["2030"]
    assert [text for text, differs in now if differs] == ["2035", "未来"]
