"""The admin: what can be searched and entered, and every save is one version."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import (
    DocumentFieldMapping,
    IndustryField,
    PolicyDocument,
    Target,
)
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.sources import Source
from tests.admin_browser import (
    RECORDED,
    address,
    change_page,
    read_form,
    revisions_of,
    save,
)
from tests.chance import every
from tests.factories import (
    make_agency,
    make_document,
    make_plan,
    make_region,
    make_source,
    make_target,
    make_track,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def administrator(db):
    return get_user_model().objects.get(username="administrator")


def test_visitors_are_sent_to_the_log_in(visitor):
    response = visitor.get(address(PolicyDocument, "changelist"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


def test_search_finds_either_language_alias_slug_and_number(administrator_client):
    document = make_document(document_number="测部〔2031〕7号", aliases_en="Blue Plan\nPlan B")

    for words in (document.title_en, document.title_zh, document.slug, "〔2031〕7", "blue plan"):
        found = administrator_client.get(address(PolicyDocument, "changelist"), {"q": words})
        assert document in list(found.context["cl"].result_list)


def test_the_search_box_of_a_relation_offers_names(editor_client):
    region = make_region(name_en="Searchable Province")
    question = {
        "app_label": "catalog",
        "model_name": "policydocument",
        "field_name": "region",
        "term": "searchable",
    }

    answer = editor_client.get(reverse("admin:autocomplete"), question).json()

    assert [result["text"] for result in answer["results"]] == [str(region)]


@pytest.mark.long
def test_a_plan_with_many_tracks_costs_no_query_per_row(administrator_client):
    few, many = make_plan(tracks=2), make_plan(tracks=12)
    make_track(plan=many, parent=many.tracks.first())
    counts = {}
    # The first look at a form also notes who opened it.
    for plan in (few, few, many, many):
        with CaptureQueriesContext(connection) as queries:
            administrator_client.get(change_page(plan))
        counts[plan] = len(queries)

    assert counts[many] <= counts[few]


def test_each_language_is_offered_by_its_own_name(administrator_client):
    html = administrator_client.get("/admin/", headers={"accept-language": "zh-hans"}).content

    assert 'value="en" lang="en">English</button>' in html.decode()


def test_the_two_languages_share_a_line_and_name_themselves(administrator_client):
    html = administrator_client.get(address(PolicyDocument, "add")).content.decode()

    assert 'class="form-row field-title_en field-title_zh"' in html
    assert 'name="title_zh" lang="zh-Hans"' in html.replace(
        ' class="vTextField" maxlength="150"', ""
    )


# A save is one version


def test_a_change_is_one_version_with_user_and_reason(administrator_client, administrator):
    agency = make_agency()

    save(administrator_client, agency, name_en="Renamed Ministry", change_reason="New sign")

    newest, _first = revisions_of(agency)
    assert (newest.action, newest.user, newest.note) == (Action.EDITED, administrator, "New sign")
    assert newest.snapshot["fields"]["name_en"] == "Renamed Ministry"
    agency.refresh_from_db()
    assert agency.changed_at == newest.created_at


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_document(aliases_zh="甲\n乙", summary_en="One.\n\nTwo."),
        lambda: make_plan(tracks=3),
        lambda: make_target(kind="quantitative", comparator="ge", value="12.5"),
        make_source,
        lambda: make_region(unverified_fields=["sources", "website"]),
    ],
)
def test_a_save_without_a_change_writes_nothing(administrator_client, make):
    record = make()
    before = revisions_of(record)

    response = save(administrator_client, record)

    assert response.status_code == 302
    assert revisions_of(record) == before


@pytest.mark.parametrize("model", every(3, RECORDED), ids=lambda model: model.__name__)
def test_records_of_the_fixtures_are_saved_unchanged(administrator_client, model):
    record = model.objects.order_by("pk").last()
    before = revisions_of(record)

    response = save(administrator_client, record)

    assert response.status_code == 302
    assert revisions_of(record) == before


def test_a_new_record_is_a_draft_with_one_version(editor_client):
    data = read_form(editor_client, address(Source, "add")) | {
        "title": "新来源",
        "publisher": "出版社",
        "kind": "media",
        "language": "zh",
    }

    editor_client.post(address(Source, "add"), data)

    source = Source.objects.get(title="新来源")
    assert source.slug.startswith("s-")
    assert [r.action for r in revisions_of(source)] == [Action.CREATED]


def test_a_changed_row_is_one_version_of_the_plan(administrator_client):
    plan = make_plan(tracks=2)
    before = len(revisions_of(plan))

    save(administrator_client, plan, **{"tracks-0-name_en": "Another name"})

    assert plan.tracks.filter(name_en="Another name").count() == 1
    assert len(revisions_of(plan)) == before + 1


def test_a_new_row_gets_the_slug_of_its_plan_and_name(administrator_client):
    plan = make_plan(tracks=1)
    row = {"order": 9, "tier": "growth", "name_en": "Quantum Sensing", "name_zh": "量子传感"}
    row |= {"confidence": "verified", "slug": "", "parent": plan.tracks.get().pk}

    save(
        administrator_client,
        plan,
        **{"tracks-TOTAL_FORMS": 2, **{f"tracks-1-{name}": value for name, value in row.items()}},
    )

    assert plan.tracks.get(name_zh="量子传感").slug == f"{plan.slug}--quantum-sensing"


def test_a_track_on_its_own_page_is_versioned_with_its_plan(administrator_client, administrator):
    track = make_track()
    before = len(revisions_of(track.plan))

    save(administrator_client, track, name_zh="新名称", change_reason="As printed")

    newest = revisions_of(track.plan)[0]
    assert len(revisions_of(track.plan)) == before + 1
    assert (newest.user, newest.note, newest.action) == (administrator, "As printed", Action.EDITED)


def test_a_target_entered_with_its_document_has_a_history_of_its_own(administrator_client):
    document = make_document()
    row = {"kind": "qualitative", "statement_en": "Lead the world", "statement_zh": "领先世界"}
    row |= {"confidence": "verified", "slug": "", "comparator": "", "value": "", "unit": ""}

    save(
        administrator_client,
        document,
        **{"targets-TOTAL_FORMS": 1, **{f"targets-0-{name}": value for name, value in row.items()}},
    )

    target = Target.objects.get(document=document)
    assert target.slug == f"{document.slug}--lead-the-world"
    assert [r.action for r in revisions_of(target)] == [Action.CREATED]


def test_an_entered_field_takes_the_place_of_a_derived_one(administrator_client):
    document, field = make_document(), IndustryField.objects.first()
    DocumentFieldMapping.objects.create(document=document, field=field, basis="derived")
    page = administrator_client.get(change_page(document)).content.decode()
    assert "field_mappings-0-field" not in page
    assert "taken from the plan" not in page

    response = save(
        administrator_client,
        document,
        **{
            "field_mappings-TOTAL_FORMS": 1,
            "field_mappings-0-order": 1,
            "field_mappings-0-field": field.pk,
            "field_mappings-0-basis": "stated",
        },
    )

    assert response.status_code == 302
    assert document.field_mappings.get().basis == "stated"


def test_columns_to_be_verified_are_ticked(administrator_client):
    agency = make_agency()

    save(administrator_client, agency, unverified_fields=["website", "role_zh"])

    agency.refresh_from_db()
    assert set(agency.unverified_fields) == {"website", "role_zh"}
