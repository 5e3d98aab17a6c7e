"""What is public through what names it: sources and units change as published records do."""

import pytest
from django.urls import reverse

from catalog.models import Region, RegionGroup, Target, Unit
from futureind.publishing import history, proposals, workflow
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.records import Reviewed
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.sources import Source
from futureind.publishing.usage import named_in_public, references, stands_in_public
from futureind.publishing.workflow import TransitionError
from regions.models import CoverageCheck
from tests.admin_browser import RECORDED, address, change_page, read_form, revisions_of, save, texts
from tests.conftest import person
from tests.factories import make_document, make_plan, make_source, make_target, make_track
from tests.publishing.source_edits import CANARY, edit, title_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# What is public through what names it


def test_every_kind_without_a_state_is_seen_only_where_something_names_it():
    """What is neither reviewed nor named by anything would be public as soon as it is saved."""
    for model in RECORDED:
        if not issubclass(model, Reviewed):
            assert model in (Source, Unit), f"{model} has no state: who approves it?"
            assert list(references(model))


def test_a_source_is_public_by_every_way_in_which_something_published_names_it():
    document = make_document(published=True)
    plan = make_plan(published=True)
    of_track, of_draft, of_hidden = make_source(), make_source(), make_source()
    make_track(plan=plan, sources=[of_track])
    make_document(sources=[of_draft])
    target = make_target(published=True, document=document, sources=[of_hidden])
    workflow.withdraw(document, user=None, note="Wrong")

    # A track has the state of its plan; a target is published again with its document.
    assert stands_in_public(of_track)
    assert stands_in_public(of_hidden)
    assert not stands_in_public(of_draft)
    assert not stands_in_public(document.sources.get())
    keys = [source.pk for source in (of_track, of_draft, of_hidden)]
    assert named_in_public(Source, keys) == {of_track.pk, of_hidden.pk}
    assert named_in_public(Source, keys, besides=plan) == {of_hidden.pk}
    assert named_in_public(Source, keys, besides=target) == {of_track.pk}


def test_a_unit_is_public_through_the_units_that_are_measured_in_it():
    base = Unit.objects.create(slug="test-base", name_en="base", name_zh="基")
    above = Unit.objects.create(
        slug="test-above", name_en="above", name_zh="上", base_unit=base, factor=10
    )
    assert not stands_in_public(base)

    Target.objects.public().filter(unit__isnull=False).update(unit=above)

    assert stands_in_public(above)
    assert stands_in_public(base)


# On forms


def test_a_change_of_a_source_that_something_public_names_waits(editor_client, reviewer_client):
    source = make_source()
    make_document(published=True, sources=[source])
    was = title_of(source)

    html = editor_client.get(change_page(source)).content.decode()
    answer = save(editor_client, source, title=CANARY, url="https://evil.example/phish")

    assert "Published records name it." in html
    assert "Propose this change" in html
    proposal = Proposal.objects.of(source).get()
    assert answer.url == reverse("admin:publishing_proposal_change", args=[proposal.pk])
    page = editor_client.get(answer.url)
    [said] = texts(page)
    assert said.startswith("Published records name this source, so the change waits")
    assert CANARY in page.content.decode()
    assert title_of(source) == was

    assert editor_client.post(answer.url, {"_approve": "1"}).status_code == 403
    reviewer_client.post(answer.url, {"_approve": "1", "seen": proposal.version})

    assert title_of(source) == CANARY
    newest = revisions_of(source)[0]
    assert (newest.action, newest.user.username) == ("edited", "reviewer")


def test_neither_does_a_change_in_a_window_of_another_form(editor_client):
    source = make_source()
    make_document(published=True, sources=[source])
    was, page = title_of(source), f"{change_page(source)}?_popup=1"
    data = read_form(editor_client, page)

    editor_client.post(page, data | {"_popup": "1", "title": CANARY})

    assert title_of(source) == was
    assert Proposal.objects.of(source).get().state == "in-review"


def test_nobody_approves_their_own_change_of_a_source(reviewer_client):
    source = make_source()
    make_document(published=True, sources=[source])
    save(reviewer_client, source, title=CANARY)
    proposal = Proposal.objects.of(source).get()

    with pytest.raises(TransitionError, match="You worked on it yourself"):
        proposals.approve(proposal, user=person("reviewer"))


def test_a_source_that_nothing_public_names_is_draft_work(editor_client):
    source = make_source()
    make_document(sources=[source])

    save(editor_client, source, title=CANARY)

    assert title_of(source) == CANARY
    assert not Proposal.objects.of(source).exists()


def test_a_source_that_became_public_while_its_form_was_open_is_not_changed(editor_client):
    source = make_source()
    document = make_document(sources=[source])
    was, data = title_of(source), read_form(editor_client, change_page(source))
    workflow.publish(document, user=None)

    editor_client.post(change_page(source), data | {"title": CANARY})

    assert title_of(source) == was
    assert Proposal.objects.of(source).get().state == "in-review"


def test_what_waited_beside_a_source_waits_for_approval_once_it_is_public(editor_client):
    source = make_source()
    document = make_document(sources=[source])
    data = read_form(editor_client, change_page(source))
    edit(Source.objects.get(pk=source.pk), person("reviewer"), publisher="Another")
    was = title_of(source)
    editor_client.post(change_page(source), data | {"title": CANARY})
    held = Proposal.objects.of(source).get()
    assert held.state == "held"
    workflow.publish(document, user=None)

    page = reverse("admin:publishing_proposal_change", args=[held.pk])
    last = revisions_of(source)[0].pk
    editor_client.post(
        page, {"_take": "1", "last_revision": last, "publisher": "theirs", "title": "ours"}
    )

    assert title_of(source) == was


def test_the_slug_of_what_is_public_is_fixed_for_all(administrator_client):
    source = make_source()
    assert "slug" in read_form(administrator_client, change_page(source))
    make_document(published=True, sources=[source])
    assert "slug" not in read_form(administrator_client, change_page(source))


def test_what_something_names_is_not_deleted(administrator_client):
    source = make_source()
    make_document(sources=[source])
    free = make_source()

    for one in (source, free):
        administrator_client.post(address(one, "delete", one.pk), {"post": "yes"})

    assert set(Source.objects.filter(pk__in=[source.pk, free.pk])) == {source}


# What was public as soon as it was saved


def test_a_coverage_check_is_a_draft_until_somebody_else_publishes_it(
    editor_client, reviewer_client, visitor
):
    before = visitor.get("/en/coverage/").content
    region = Region.objects.public().get(slug="beijing")
    data = {"region": region.pk, "checked_on": "2031-01-05", "outcome": "none-found"}
    add = address(CoverageCheck, "add")

    editor_client.post(add, data | {"queries": CANARY, "_submit": "1"})

    check = CoverageCheck.objects.get(checked_on="2031-01-05")
    assert check.publication_state == "in-review"
    assert visitor.get("/en/coverage/").content == before
    with pytest.raises(TransitionError, match="You worked on it yourself"):
        workflow.publish(check, user=person("contributor"))
    page = address(check, "review", check.pk)
    assert CANARY in reviewer_client.get(page).content.decode()
    reviewer_client.post(page, {"_publish": "1"})
    assert b"2031-01-05" in visitor.get("/en/coverage/").content
    workflow.withdraw(check, user=person("reviewer"), note="Wrong region")
    assert visitor.get("/en/coverage/").content == before


def test_a_group_of_regions_is_seen_once_it_is_published(administrator_client, visitor):
    group = RegionGroup.objects.create(slug="test-group", name_en=CANARY, name_zh="组")
    group.regions.set(Region.objects.public()[:2])
    history.record(group, Action.CREATED, user=person("administrator"))
    assert CANARY not in visitor.get("/en/plans/").content.decode()
    with pytest.raises(TransitionError, match="You worked on it yourself"):
        workflow.publish(group, user=person("administrator"))
    page = address(group, "review", group.pk)
    assert administrator_client.get(page).status_code == 200

    workflow.publish(group, user=person("reviewer"))

    assert CANARY in visitor.get("/en/plans/").content.decode()
