"""Vocabulary care: where an entry is used, two made into one, and back."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import (
    Agency,
    DocumentIssuer,
    DocumentTechnologyMapping,
    GlossaryTerm,
    IndustryField,
    Technology,
    TechnologyFieldMapping,
)
from futureind.publishing import history, merges
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.merges import Merge
from futureind.publishing.models.revisions import Revision
from futureind.publishing.models.sources import Source
from futureind.publishing.snapshots import snapshot
from futureind.publishing.usage import uses_of
from regions.models import TrackTechnologyMapping
from tests.admin_browser import act, address, change_page, revisions_of, texts
from tests.factories import (
    make_agency,
    make_document,
    make_plan,
    make_source,
    make_technology,
    stored,
)

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]


@pytest.fixture
def administrator(db):
    return get_user_model().objects.get(username="administrator")


@pytest.fixture
def pair():
    """Two technologies, and a plan whose tracks name them: the first one, the second, both."""
    gone = make_technology(published=True, aliases_en="Old alias")
    kept = make_technology(published=True, aliases_zh="别名")
    plan = make_plan(published=True, tracks=3)
    for track, named in zip(plan.tracks.all(), ([gone], [kept], [gone, kept]), strict=True):
        for technology in named:
            TrackTechnologyMapping.objects.create(track=track, technology=technology)
    child = make_technology(published=True, parent=gone)
    TechnologyFieldMapping.objects.create(technology=gone, field=IndustryField.objects.first())
    for record in (plan, gone, child):
        history.record(record, "edited")
    return gone, kept, plan, child


def named_in(plan):
    rows = TrackTechnologyMapping.objects.filter(track__plan=plan).order_by("track", "technology")
    return list(rows.values_list("track__slug", "technology__slug"))


def search(visitor, words):
    results = visitor.get("/en/search.json", {"q": words}).json()["results"]
    return [result["slug"] for result in results if result["kind"] == "technology"]


def test_all_uses_are_counted(pair):
    gone, _kept, plan, child = pair

    found = {use.label: use for use in uses_of(gone)}

    assert found["Technologies of a track · technology"].count == 2
    assert found["Technologies of a track · technology"].owners == [plan]
    assert found["Technologies · part of"].owners == [child]
    assert not any("documents" in label for label in found), "derived rows are nobody's work"


def test_the_page_lists_them_with_links(editor_client, pair):
    gone, _kept, plan, _child = pair

    html = editor_client.get(address(gone, "used", gone.pk)).content.decode()

    assert change_page(plan) in html
    assert "Merge into" not in html
    assert address(gone, "used", gone.pk) in editor_client.get(change_page(gone)).content.decode()


def test_the_page_costs_no_query_per_row(editor_client):
    few, many = make_source(), make_source()
    counts = []
    for source, number in ((few, 1), (few, 1), (many, 12)):
        for _number in range(number):
            make_document(sources=[source])
        with CaptureQueriesContext(connection) as queries:
            editor_client.get(address(source, "used", source.pk))
        counts.append(len(queries))

    assert counts[2] <= counts[1]


def test_references_move_and_nothing_is_said_twice(pair, administrator):
    gone, kept, plan, child = pair
    first, second, third = (track.slug for track in plan.tracks.order_by("pk"))

    merges.merge(gone, kept, user=administrator)

    assert named_in(plan) == [(slug, kept.slug) for slug in (first, second, third)]
    child.refresh_from_db()
    kept.refresh_from_db()
    assert child.parent == kept
    assert kept.field_mappings.count() == 1
    assert not Technology.objects.filter(pk=gone.pk).exists()
    assert DocumentTechnologyMapping.objects.filter(document=plan.document).count() == 1


def test_the_address_and_the_names_live_on(pair, administrator, visitor):
    gone, kept, _plan, _child = pair

    merges.merge(gone, kept, user=administrator)

    old = visitor.get(f"/en/technologies/{gone.slug}/")
    assert (old.status_code, old.url) == (301, f"/en/technologies/{kept.slug}/")
    kept.refresh_from_db()
    assert set(kept.aliases_en.split("\n")) == {gone.name_en, "Old alias"}
    assert set(kept.aliases_zh.split("\n")) == {gone.name_zh, "别名"}
    assert search(visitor, gone.name_en) == [kept.slug]


def test_it_is_one_entry_of_history_for_each_record(pair, administrator):
    gone, kept, plan, child = pair
    before = {record: len(revisions_of(record)) for record in (gone, kept, plan, child)}
    version = ContentVersion.current()

    merges.merge(gone, kept, user=administrator, note="The same thing")

    for record, count in before.items():
        newest, *others = revisions_of(record)
        assert len(others) == count, record
        assert "was merged into" in newest.note
        assert newest.note.endswith("The same thing")
        assert newest.user == administrator
    assert revisions_of(gone)[0].action == "deleted"
    assert ContentVersion.current() == version + 1


def test_it_can_be_taken_back(pair, administrator, visitor):
    gone, kept, plan, child = pair
    earlier = Technology.objects.get(pk=gone.pk)
    were = {record: snapshot(record) for record in (gone, kept, plan, child)}
    named = named_in(plan)

    merge = merges.merge(gone, kept, user=administrator)
    merges.take_back(merge, user=administrator)

    for record, was in were.items():
        again = type(record).objects.get(pk=record.pk)
        assert snapshot(again) == was, record
        assert "taken back" in revisions_of(record)[0].note
    assert named_in(plan) == named
    assert Technology.objects.get(slug=earlier.slug).pk == earlier.pk
    assert visitor.get(f"/en/technologies/{gone.slug}/").status_code == 200
    assert search(visitor, gone.name_en)[0] == gone.slug
    with pytest.raises(merges.MergeError):
        merges.take_back(merge, user=administrator)


def test_what_was_edited_since_stays(pair, administrator):
    gone, kept, plan, _child = pair
    merge = merges.merge(gone, kept, user=administrator)
    first = plan.tracks.order_by("pk").first()
    first.technology_mappings.all().delete()
    Technology.objects.filter(pk=kept.pk).update(aliases_en=f"Newer\n{gone.name_en}")

    merges.take_back(merge, user=administrator)

    assert not first.technology_mappings.exists()
    kept.refresh_from_db()
    assert kept.aliases_en == "Newer"


def test_a_record_below_the_other_takes_its_place(administrator):
    top = make_technology()
    gone = make_technology(parent=top)
    between = make_technology(parent=gone)
    kept = make_technology(parent=between)

    merge = merges.merge(gone, kept, user=administrator)

    kept.refresh_from_db()
    between.refresh_from_db()
    assert (kept.parent, between.parent) == (top, kept)
    merges.take_back(merge, user=administrator)
    kept.refresh_from_db()
    between.refresh_from_db()
    assert (kept.parent, between.parent) == (between, gone)


def test_sources_agencies_and_terms_too(administrator):
    gone_source, kept_source = make_source(), make_source()
    document = make_document(sources=[gone_source])
    gone_agency, kept_agency = make_agency(), make_agency(website="https://example.org/")
    DocumentIssuer.objects.create(document=document, agency=gone_agency)
    terms = [
        stored(GlossaryTerm(slug=f"t-{n}", term_en=f"T {n}", term_zh=f"词{n}", category="concept"))
        for n in (1, 2)
    ]
    terms[0].documents.add(document)
    were = snapshot(document)

    done = [
        merges.merge(gone, kept, user=administrator)
        for gone, kept in ((gone_source, kept_source), (gone_agency, kept_agency), terms)
    ]

    assert list(document.sources.all()) == [kept_source]
    assert list(document.issuers.all()) == [kept_agency]
    assert list(terms[1].documents.all()) == [document]
    for merge in reversed(done):
        merges.take_back(merge, user=administrator)
    assert snapshot(document) == were
    assert list(terms[1].documents.all()) == []


def test_a_public_record_does_not_become_part_of_a_draft(administrator):
    gone, kept = make_agency(published=True), make_agency()

    with pytest.raises(merges.MergeError, match="part of a draft"):
        merges.merge(gone, kept, user=administrator)


# In the admin


def test_a_draft_does_not_become_part_of_a_public_record(administrator):
    draft = make_technology(aliases_en="Said by one person alone")
    public = make_technology(published=True)

    with pytest.raises(merges.MergeError, match="draft cannot become part"):
        merges.merge(draft, public, user=administrator)

    assert type(draft).objects.filter(pk=draft.pk).exists()


def test_whose_work_a_draft_was_is_kept(administrator):
    author = get_user_model().objects.get(username="contributor")
    gone, kept = make_technology(), make_technology()
    gone.aliases_en = "Said by the author"
    gone.save()
    history.record(gone, "edited", user=author)

    merges.merge(gone, kept, user=administrator)

    assert author in {work.author for work in Authorship.objects.of(kept).waiting()}


def test_an_administrator_sees_first_what_will_move(administrator_client, pair):
    gone, kept, plan, _child = pair
    page = address(gone, "merge", gone.pk)
    assert page in administrator_client.get(address(gone, "used", gone.pk)).content.decode()

    shown = administrator_client.post(page, {"into": kept.slug}).content.decode()
    assert "will become part of" in shown
    assert change_page(plan) in shown
    assert Technology.objects.filter(pk=gone.pk).exists()
    answer = administrator_client.post(page, {"into": kept.slug, "confirmed": "yes"})

    assert answer.url == change_page(kept)
    assert not Technology.objects.filter(pk=gone.pk).exists()


@pytest.mark.parametrize("into", ["", "no-such-slug", "itself"])
def test_a_wrong_choice_is_said_at_the_field(administrator_client, into):
    gone = make_agency()
    data = {"into": gone.slug if into == "itself" else into, "confirmed": "yes"}

    answer = administrator_client.post(address(gone, "merge", gone.pk), data)

    assert "errorlist" in answer.content.decode()
    assert Agency.objects.filter(pk=gone.pk).exists()


def test_merges_are_listed_and_taken_back(administrator_client, administrator):
    gone, kept = make_source(), make_source()
    merge = merges.merge(gone, kept, user=administrator)

    answer = act(administrator_client, Merge, "take_back", [merge])
    again = act(administrator_client, Merge, "take_back", [merge])

    assert any("a record of its own again" in text for text in texts(answer))
    assert any("taken back already" in text for text in texts(again))
    assert Source.objects.filter(pk=gone.pk).exists()


def test_a_merge_that_cannot_be_taken_back_changes_nothing(administrator_client, administrator):
    first, second, third = make_source(), make_source(), make_source()
    merge = merges.merge(first, second, user=administrator)
    merges.merge(second, third, user=administrator)
    count = Revision.objects.count()

    answer = act(administrator_client, Merge, "take_back", [merge])

    assert any("itself merged" in text for text in texts(answer))
    assert Revision.objects.count() == count
