"""The admin: every page answers, every save is one version, nothing public is deleted."""

from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import (
    Agency,
    DocumentFieldMapping,
    FieldDirection,
    IndustryField,
    PolicyDocument,
    Target,
)
from futureind.publishing.differences import Kind, differences
from futureind.publishing.history import Action, Revision, snapshot
from futureind.publishing.records import Publishable, Recorded
from futureind.publishing.slugs import FormerSlug
from futureind.publishing.sources import Source
from regions.models import RegionalPlan, Track, TrackTechnologyMapping
from tests.factories import (
    make_agency,
    make_document,
    make_plan,
    make_region,
    make_source,
    make_target,
    make_technology,
    make_track,
)

pytestmark = pytest.mark.django_db

OURS = [
    model
    for model in admin.site._registry
    if model._meta.app_label in {"futureind", "catalog", "regions"}
]
RECORDED = [model for model in OURS if issubclass(model, Recorded)]
# Above what any list needs today: session, user, count, rows, hierarchy of dates, filters.
QUERIES_A_LIST = 20


def address(record_or_model, page, *arguments):
    options = record_or_model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=arguments)


def change_page(record):
    return address(record, "change", record.pk)


class FormReader(HTMLParser):
    """Collect what a browser would send for the long form of an admin page."""

    def __init__(self, html):
        super().__init__()
        self.fields, self.inside, self.select, self.text = {}, False, None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.inside = attributes.get("id", "").endswith("_form")
        if not self.inside or "disabled" in attributes:
            return
        name, kind = attributes.get("name"), attributes.get("type")
        if tag == "input" and name and kind not in {"submit", "button"}:
            if kind not in {"checkbox", "radio"} or "checked" in attributes:
                self.add(name, attributes.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attributes:
            self.add(self.select, attributes.get("value", ""))
        elif tag == "textarea":
            self.text = (name, "")

    def handle_data(self, data):
        if self.text:
            self.text = (self.text[0], self.text[1] + data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self.text:
            name, text = self.text
            # The first line break of the element is not part of the text; others travel as CRLF.
            self.add(name, text.removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n"))
            self.text = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False

    def add(self, name, value):
        self.fields.setdefault(name, []).append(value)


def read_form(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return FormReader(response.content.decode()).fields


def save(client, record, **changes):
    """Change columns on the form of a record as a browser would; return the answer."""
    data = read_form(client, change_page(record))
    assert "change_reason" in data
    data |= changes
    return client.post(change_page(record), data)


def revisions_of(record):
    return list(Revision.objects.of(record))


def texts(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def administrator(db):
    return get_user_model().objects.get(username="administrator")


@pytest.fixture
def examples(db):
    """One record of every model, beside those of the fixtures."""
    plan = make_plan(published=True, tracks=2)
    make_target(published=True)
    FormerSlug.objects.create(record=plan, slug="a-former-slug")


# Every page answers


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_page_answers_an_administrator(administrator_client, examples, model):
    record = model._default_manager.first()
    pages = [
        address(model, "changelist"),
        change_page(record),
        address(record, "history", record.pk),
    ]
    if model not in (Revision, FormerSlug):
        pages.append(address(model, "add"))

    for page in pages:
        assert administrator_client.get(page).status_code == 200, page


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_page_answers_a_contributor_where_permitted(editor_client, examples, model):
    record = model._default_manager.first()
    pages = [address(model, "changelist"), change_page(record), address(model, "add")]
    allowed = {get_user_model(): 0, FormerSlug: 0, Revision: 2}.get(model, 3)

    statuses = [editor_client.get(page).status_code for page in pages]

    assert statuses == [200] * allowed + [403] * (3 - allowed)


def test_visitors_are_sent_to_the_log_in(visitor):
    response = visitor.get(address(PolicyDocument, "changelist"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(
    administrator_client, examples, monkeypatch, model
):
    if model is Track:
        make_plan(tracks=5)
    page = address(model, "changelist")
    administrator_client.get(page)  # content types and permissions are remembered from here on
    counts = []
    for rows in (1, 1000):
        monkeypatch.setattr(admin.site._registry[model], "list_per_page", rows)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert administrator_client.get(page).status_code == 200
        counts.append(len(queries))

    assert counts[1] <= counts[0]
    assert counts[1] <= QUERIES_A_LIST


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_can_be_searched(administrator_client, examples, model):
    assert admin.site._registry[model].search_fields

    response = administrator_client.get(address(model, "changelist"), {"q": "未来 test-"})

    assert response.status_code == 200
    assert "q" not in response.context.get("errors", ())


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


def test_a_plan_with_many_tracks_costs_no_query_per_row(administrator_client):
    few, many = make_plan(tracks=2), make_plan(tracks=50)
    make_track(plan=many, parent=many.tracks.first())
    counts = []
    for plan in (few, few, many):
        with CaptureQueriesContext(connection) as queries:
            administrator_client.get(change_page(plan))
        counts.append(len(queries))

    assert counts[2] <= counts[1]


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


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
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


# Publishing and withdrawing


def act(client, model, action, records, **more):
    data = {"action": action, "_selected_action": [record.pk for record in records], **more}
    return client.post(address(model, "changelist"), data, follow=True)


def test_selected_records_are_published_one_by_one(administrator_client):
    ready, without_source = make_document(), make_document(sources=[])

    answer = act(administrator_client, PolicyDocument, "publish_selected", [ready, without_source])

    ready.refresh_from_db()
    without_source.refresh_from_db()
    assert (ready.publication_state, without_source.publication_state) == ("published", "draft")
    assert f"“{without_source}”: It names no source." in texts(answer)
    assert "1 record was published." in texts(answer)


def test_withdrawing_asks_first_and_keeps_the_reason(administrator_client, administrator):
    documents = [make_document(published=True), make_document(published=True)]

    question = act(administrator_client, PolicyDocument, "withdraw_selected", documents)
    assert all(str(document) in question.content.decode() for document in documents)
    assert PolicyDocument.objects.get(pk=documents[0].pk).publication_state == "published"
    act(
        administrator_client,
        PolicyDocument,
        "withdraw_selected",
        documents,
        confirmed="yes",
        change_reason="Entered twice",
    )

    for document in documents:
        document.refresh_from_db()
        newest = revisions_of(document)[0]
        assert document.publication_state == "withdrawn"
        assert (newest.action, newest.user) == (Action.WITHDRAWN, administrator)
        assert newest.note == "Entered twice"


def test_save_and_publish_on_the_form(reviewer_client):
    document = make_document()

    save(reviewer_client, document, title_en="Final title", _publish="1")

    document.refresh_from_db()
    assert (document.title_en, document.publication_state) == ("Final title", "published")
    actions = [revision.action for revision in revisions_of(document)]
    assert actions == [Action.PUBLISHED, Action.EDITED, Action.CREATED]


def test_one_record_is_withdrawn_on_its_own_page(reviewer_client):
    document = make_document(published=True)
    page = reviewer_client.get(change_page(document)).content.decode()
    withdraw = address(document, "withdraw", document.pk)
    assert withdraw in page

    assert reviewer_client.get(withdraw).status_code == 200
    reviewer_client.post(withdraw, {"confirmed": "yes", "change_reason": "Wrong text"})

    document.refresh_from_db()
    assert document.publication_state == "withdrawn"


def test_contributors_neither_publish_nor_withdraw(editor_client):
    draft, public = make_document(), make_document(published=True)

    act(editor_client, PolicyDocument, "publish_selected", [draft])
    save(editor_client, draft, _publish="1")
    answer = editor_client.post(address(public, "withdraw", public.pk), {"confirmed": "yes"})

    assert answer.status_code == 403
    draft.refresh_from_db()
    public.refresh_from_db()
    assert (draft.publication_state, public.publication_state) == ("draft", "published")


def test_contributors_do_not_change_what_visitors_see(editor_client):
    document, plan = make_document(published=True), make_plan(published=True, tracks=1)

    for record in (document, plan, plan.tracks.get()):
        page = editor_client.get(change_page(record))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert editor_client.post(change_page(record), {}).status_code == 403


def test_contributors_add_no_track_to_a_public_plan(editor_client):
    draft, public = make_plan(), make_plan(published=True)
    row = {"tier": "area", "order": 1, "name_en": "New", "name_zh": "新", "confidence": "verified"}

    for plan in (draft, public):
        page = read_form(editor_client, address(Track, "add"))
        editor_client.post(address(Track, "add"), page | row | {"plan": plan.pk})

    assert (draft.tracks.count(), public.tracks.count()) == (1, 0)


def test_contributors_add_no_direction_to_a_public_field(editor_client):
    field = IndustryField.objects.first()
    row = {"field": field.pk, "slug": "new-direction", "name_en": "New", "name_zh": "新"}
    row |= {"kind": "technology", "order": 99, "confidence": "verified"}
    page = read_form(editor_client, address(FieldDirection, "add"))

    editor_client.post(address(FieldDirection, "add"), page | row)

    assert not field.directions.filter(slug="new-direction").exists()


# Nothing once public is deleted


@pytest.mark.parametrize("make", [make_document, make_target, make_agency, make_plan])
def test_what_was_public_is_not_deleted(administrator_client, make):
    record = make(published=True)
    model = type(record)

    page = administrator_client.get(change_page(record)).content.decode()
    assert 'class="deletelink"' not in page
    answer = administrator_client.post(address(record, "delete", record.pk), {"post": "yes"})
    assert answer.status_code == 403
    answer = act(administrator_client, model, "delete_selected", [record], post="yes")

    assert any("withdrawn but not deleted" in text for text in texts(answer))
    assert model.objects.filter(pk=record.pk).exists()


def test_a_track_of_a_public_plan_is_not_deleted(administrator_client):
    plan = make_plan(published=True, tracks=2)
    track = plan.tracks.first()

    answer = administrator_client.post(address(track, "delete", track.pk), {"post": "yes"})
    assert answer.status_code == 403
    act(administrator_client, Track, "delete_selected", [track], post="yes")
    save(administrator_client, plan, **{"tracks-0-DELETE": "on"})

    assert plan.tracks.count() == 2


def test_a_draft_is_deleted_and_its_history_stays(administrator_client, administrator):
    one, other = make_agency(), make_agency()

    administrator_client.post(address(one, "delete", one.pk), {"post": "yes"})
    act(administrator_client, Agency, "delete_selected", [other], post="yes")

    assert not Agency.objects.filter(pk__in=[one.pk, other.pk]).exists()
    for agency in (one, other):
        newest = revisions_of(agency)[0]
        assert (newest.action, newest.user) == (Action.DELETED, administrator)
        assert LogEntry.objects.filter(object_id=agency.pk, action_flag=3).exists()


def test_a_deleted_track_is_a_version_of_its_plan(administrator_client):
    plan = make_plan(tracks=2)
    track = plan.tracks.first()

    administrator_client.post(address(track, "delete", track.pk), {"post": "yes"})

    newest = revisions_of(plan)[0]
    assert newest.action == Action.EDITED
    assert len(newest.snapshot["parts"]["tracks"]) == 1


def test_a_source_is_deleted_only_while_nothing_names_it(administrator_client):
    named, unnamed = make_source(), make_source()
    make_document(sources=[named])

    for source in (named, unnamed):
        administrator_client.post(address(source, "delete", source.pk), {"post": "yes"})

    assert list(Source.objects.filter(pk__in=[named.pk, unnamed.pk])) == [named]


# Addresses


def test_an_administrator_renames_and_the_old_address_stays(administrator_client):
    document = make_document(published=True)
    old = document.slug

    save(administrator_client, document, slug="a-better-slug", title_en="Better title")

    document.refresh_from_db()
    assert (document.slug, document.title_en) == ("a-better-slug", "Better title")
    assert PolicyDocument.renamed_from(old) == document
    actions = [revision.action for revision in revisions_of(document)[:2]]
    assert actions == [Action.RENAMED, Action.EDITED]


def test_others_do_not_rename_what_is_public(reviewer_client):
    document, plan = make_document(published=True), make_plan(published=True, tracks=1)
    track = plan.tracks.get()

    save(reviewer_client, document, slug="mine")
    save(reviewer_client, track, slug="mine-too")
    save(reviewer_client, plan, **{"tracks-0-slug": "mine-as-well"})

    for record in (document, track):
        slug = record.slug
        record.refresh_from_db()
        assert record.slug == slug
    assert not FormerSlug.objects.filter(slug=document.slug).exists()


def test_a_draft_changes_its_slug_without_a_trace(administrator_client):
    document = make_document()

    save(administrator_client, document, slug="still-a-draft")

    document.refresh_from_db()
    assert document.slug == "still-a-draft"
    assert not FormerSlug.objects.filter(object_id=document.pk).exists()


# History


def test_the_history_shows_what_changed_and_why(administrator_client):
    plan = make_plan(tracks=1)
    save(administrator_client, plan, horizon_year=2035, change_reason="Second edition")
    assert "<q>Second edition</q>" in administrator_client.get(change_page(plan)).content.decode()

    for record in (plan, plan.tracks.get()):
        html = administrator_client.get(address(record, "history", record.pk)).content.decode()
        assert "Second edition" in html
        assert "Horizon year" in html
        assert "2035" in html


def test_the_history_has_pages(administrator_client, monkeypatch):
    monkeypatch.setattr("futureind.publishing.admin.REVISIONS_A_PAGE", 2)
    agency = make_agency()
    for number in range(3):
        save(administrator_client, agency, name_en=f"Name {number}")

    first = administrator_client.get(address(agency, "history", agency.pk))
    second = administrator_client.get(address(agency, "history", agency.pk), {"page": 2})

    assert "Name 0" in first.content.decode()  # as what stood before
    assert "Page 1 of 2" in first.content.decode()
    assert len(second.context["versions"]) == 2


def test_differences_name_columns_and_parts():
    plan = make_plan(tracks=2)
    kept, gone = plan.tracks.all()
    before = snapshot(plan)
    technology = make_technology()
    kept.tier = "growth"
    kept.save()
    TrackTechnologyMapping.objects.create(track=kept, technology=technology)
    gone.delete()
    plan.horizon_year = None
    plan.note_zh = "备注"

    found = differences(before, snapshot(plan), RegionalPlan)

    assert {(d.path, d.kind, d.before, d.after) for d in found} == {
        (("Horizon year",), Kind.REMOVED, "2030", ""),
        (("Note (Chinese)",), Kind.ADDED, "", "备注"),
        (("Tracks", kept.slug, "Tier"), Kind.CHANGED, "area", "growth"),
        (("Tracks", kept.slug, "Technologies of a track", technology.slug), Kind.ADDED, "", ""),
        (("Tracks", gone.slug), Kind.REMOVED, "", ""),
    }
    assert differences(before, before, RegionalPlan) == []


# What visitors see


def test_the_public_page_is_offered_only_where_there_is_one(administrator_client):
    public, draft = make_document(published=True), make_document()

    assert (
        public.get_absolute_url() in administrator_client.get(change_page(public)).content.decode()
    )
    html = administrator_client.get(change_page(draft)).content.decode()
    assert draft.get_absolute_url() not in html


def test_every_publishable_model_has_its_page():
    recorded = {model for model in OURS if issubclass(model, Publishable)}

    assert {model.__name__ for model in recorded} == {
        *("Region", "Agency", "IndustryField", "SymbolicProduct", "Technology", "GlossaryTerm"),
        *("PolicyDocument", "Target", "Indicator", "Milestone", "RegionalPlan"),
    }
