"""What of a snapshot readers may see: its subject, and no name of what is not public."""

import pytest

from catalog.models import PolicyDocument, Target
from futureind.publishing.public_history import public_part, public_slugs
from regions.models import RegionalPlan
from tests.factories import make_document, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]


def seen(fields, model, parts=None):
    held = {"fields": fields, "parts": parts or {}}
    return public_part(held, model, public_slugs([(held, model)]))


def test_columns_for_editors_and_the_state_of_the_record_are_left_out():
    fields = {"kind": "qualitative", "editors_note": "Ask her", "publication_state": "published"}

    assert seen(fields, Target)["fields"] == {"kind": "qualitative"}


def test_a_reference_is_kept_while_the_record_that_it_names_is_public():
    public, draft = make_document(published=True), make_document()

    assert seen({"document": [public.slug]}, Target)["fields"] == {"document": [public.slug]}
    assert seen({"document": [draft.slug]}, Target)["fields"] == {"document": None}
    assert seen({"document": None}, Target)["fields"] == {"document": None}


def test_a_part_that_is_about_a_draft_is_left_out_whole():
    public, draft = make_document(published=True), make_document()
    relations = [
        {"fields": {"from_document": ["own"], "to_document": [one.slug], "type": "cites"}}
        | {"parts": {}}
        for one in (public, draft)
    ]
    parts = seen({}, PolicyDocument, {"relations_from": relations})["parts"]

    assert parts == {"relations_from": relations[:1]}


def test_of_several_names_those_of_drafts_are_left_out():
    public, draft = make_target(published=True), make_target()
    track = {"fields": {"targets": [[public.slug], [draft.slug]], "order": 3}, "parts": {}}
    [found] = seen({}, RegionalPlan, {"tracks": [track]})["parts"]["tracks"]

    assert found["fields"] == {"targets": [[public.slug]], "order": 3}


def test_what_the_model_does_not_know_any_more_names_nobody():
    assert seen({"gone": ["some-slug"]}, Target)["fields"] == {"gone": ["some-slug"]}
    assert seen({}, Target, {"gone": [{"fields": {}, "parts": {}}]})["parts"] == {"gone": []}
