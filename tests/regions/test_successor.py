"""The next plan of a region, started from its forerunner."""

import pytest

from catalog.models import PolicyDocument, Technology
from regions.models import RegionalPlan, TrackTechnologyMapping
from tests.admin_browser import address, change_page, revisions_of
from tests.factories import make_plan, make_source, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NEW = {
    "title_zh": "测试省未来产业规划（2031—2035年）",
    "title_en": "Test Province: Plan for future industries, 2031 to 2035",
    "document_number": "测政发〔2031〕1号",
    "issued_date": "2031-01-05",
    "horizon_year": "2035",
    "with_tracks": "on",
}


@pytest.fixture
def forerunner(db):
    plan = make_plan(published=True)
    parent = make_track(plan=plan, locator_en="II.1", sources=[make_source()])
    child = make_track(plan=plan, parent=parent)
    TrackTechnologyMapping.objects.create(
        track=child,
        technology=Technology.objects.get(slug="robots"),
        basis="stated",
        match="narrower",
    )
    return plan


def start(client, plan, **changes):
    return client.post(address(plan, "next", plan.pk), NEW | changes)


def test_a_contributor_starts_the_next_plan_as_drafts(editor_client, forerunner):
    assert address(forerunner, "next", forerunner.pk) in (
        editor_client.get(change_page(forerunner)).content.decode()
    )

    response = start(editor_client, forerunner, change_reason="Published today")

    document = PolicyDocument.objects.get(document_number="测政发〔2031〕1号")
    plan = RegionalPlan.objects.get(document=document)
    assert response.url == address(plan, "tracks", plan.pk)
    assert {document.publication_state, plan.publication_state} == {"draft"}
    assert (plan.region, plan.horizon_year) == (forerunner.region, 2035)
    relation = document.relations_from.get()
    assert (relation.type, relation.to_document) == ("supersedes", forerunner.document)
    child = plan.tracks.get(parent__isnull=False)
    assert (child.confidence, child.locator) == ("recalled", "")
    assert child.parent.plan == plan
    assert child.parent.sources.count() == 0
    mapping = child.technology_mappings.get()
    assert (mapping.technology.slug, mapping.match, mapping.basis) == (
        "robots",
        "narrower",
        "analyst",
    )
    assert [revision.note for revision in revisions_of(plan)] == ["Published today"]
    assert len(revisions_of(plan)[0].snapshot["parts"]["tracks"]) == 2


def test_the_forerunner_stays_as_it_is(editor_client, forerunner):
    versions = len(revisions_of(forerunner)), len(revisions_of(forerunner.document))

    start(editor_client, forerunner)

    assert versions == (len(revisions_of(forerunner)), len(revisions_of(forerunner.document)))
    forerunner.document.refresh_from_db()
    assert forerunner.document.legal_status == "in-force"


def test_without_tracks_and_twice(editor_client, forerunner):
    start(editor_client, forerunner, with_tracks="")
    start(editor_client, forerunner, with_tracks="", document_number="")

    slugs = RegionalPlan.objects.order_by("-pk").values_list("slug", flat=True)[:2]
    assert slugs[0] == f"{slugs[1]}-2"
    assert not RegionalPlan.objects.get(slug=slugs[0]).tracks.exists()


@pytest.mark.parametrize(
    "wrong", [{"title_en": ""}, {"issued_date": "x"}, {"horizon_year": "1"}, {"slug": "a b"}]
)
def test_what_is_wrong_is_said_and_nothing_is_made(editor_client, forerunner, wrong):
    before = PolicyDocument.objects.count()

    response = start(editor_client, forerunner, **wrong)

    assert response.status_code == 200
    assert 'class="errorlist"' in response.content.decode()
    assert PolicyDocument.objects.count() == before


def test_visitors_are_sent_to_the_log_in(visitor, forerunner):
    assert start(visitor, forerunner).status_code == 302
    assert not PolicyDocument.objects.filter(document_number="测政发〔2031〕1号").exists()
