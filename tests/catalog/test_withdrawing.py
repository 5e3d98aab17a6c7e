"""What withdrawing a document hides: its pages and parts, and what counts or names them."""

import pytest
from django.urls import reverse

from catalog.models import (
    Agency,
    GlossaryTerm,
    Indicator,
    IndustryField,
    Milestone,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    Technology,
)
from futureind.publishing import workflow
from regions.models import RegionalPlan, Track
from tests.factories import make_document, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]


@pytest.fixture
def withdrawn(visitor):
    """The numbers of the pages before, and a document with a plan that is withdrawn now."""
    document = PolicyDocument.objects.get(slug="beijing-future-industries-2023")
    plan = document.plans.get()
    named = [plan, *plan.tracks.all(), *document.targets.public()]
    addresses = [record.get_absolute_url() for record in [document, *named]]
    before = {name: count(visitor, name) for name in ("document", "plan", "track", "target")}
    assert all(visitor.get(address).status_code == 200 for address in addresses[:3])
    workflow.withdraw(document, user=None, note="Entered twice.")
    return document, addresses, before, {"track": len(plan.tracks.all())}


def count(visitor, kind):
    return visitor.get(reverse(f"{kind}-list")).context["count"]


def test_withdrawing_a_document_hides_the_pages_of_what_stands_in_it(visitor, withdrawn):
    _document, addresses, _before, _numbers = withdrawn

    assert len(addresses) > 20
    assert {visitor.get(address).status_code for address in addresses} == {410}


def test_withdrawing_a_document_takes_all_of_it_off_the_lists(visitor, withdrawn):
    document, _addresses, before, numbers = withdrawn

    assert count(visitor, "document") == before["document"] - 1
    assert count(visitor, "plan") == before["plan"] - 1
    assert count(visitor, "track") == before["track"] - numbers["track"]
    assert count(visitor, "target") == before["target"] - document.targets.count()
    for name in ("documents", "plans", "tracks", "targets"):
        page = visitor.get(f"/en/{name}/?q={document.document_number or 'Beijing'}")
        assert document.title_zh not in page.content.decode()


def test_withdrawing_a_document_lowers_the_counts_of_the_facets(visitor):
    def number():
        groups = visitor.get("/en/tracks/?all=region").context["filterset"].groups
        [region] = [group for group in groups if group.name == "region"]
        return {option.value: option.count for option in region.options}["beijing"]

    before = number()
    document = PolicyDocument.objects.get(slug="beijing-future-industries-2023")
    workflow.withdraw(document, user=None, note="Entered twice.")

    assert number() == before - document.plans.get().tracks.count() < before


@pytest.mark.parametrize(
    "path",
    [
        "/en/",
        "/sitemap-documents.xml",
        "/sitemap-tracks.xml",
        "/en/search/?q=Beijing",
        "/en/regions/beijing/",
        "/en/fields/future-information/",
        "/en/products/humanoid-robots/",
        "/en/technologies/quantum-computing/",
        "/en/agencies/beijing-municipal-government/",
        "/en/coverage/",
        "/en/documents/?sort=title",
        "/en/documents/future-industries-opinions-2024/",
    ],
)
def test_what_is_withdrawn_is_named_nowhere(visitor, withdrawn, path):
    document, addresses, _before, _numbers = withdrawn
    html = visitor.get(path, follow=True).content.decode()

    assert document.title_zh not in html
    assert document.title_en not in html
    assert [address for address in addresses if address in html] == []


def test_what_is_published_again_is_public_again(visitor, withdrawn):
    document, addresses, before, _numbers = withdrawn

    workflow.publish(document, user=None)

    assert {visitor.get(address).status_code for address in addresses} == {200}
    assert count(visitor, "track") == before["track"]


def test_a_published_target_of_a_draft_is_not_public():
    draft = make_document()
    target = make_target(document=draft)
    workflow.publish(target, user=None)

    assert not target.is_public
    assert target not in Target.objects.public()


def test_every_kind_of_record_has_public_examples():
    kinds = [PolicyDocument, RegionalPlan, Target, Milestone, Indicator, Region, IndustryField]
    kinds += [Technology, SymbolicProduct, Agency, GlossaryTerm, Track]

    assert {kind: kind.objects.public().exists() for kind in kinds} == dict.fromkeys(kinds, True)
