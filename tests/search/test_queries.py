"""How often a page asks the database: a bounded number, whatever is on it."""

import traceback
from datetime import date

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.models import (
    DocumentIssuer,
    DocumentRelation,
    IndustryField,
    Region,
    SymbolicProduct,
    Technology,
    Unit,
)
from futureind.publishing import history
from futureind.publishing.models.content_version import ContentVersion, stamp_read_once
from futureind.publishing.models.revisions import Action
from tests.chance import dice, every, few_and_many
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

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MANY = 12
# Whatever stands on it.
OF_A_RECORD = 12

WITH_PAGES = [model for model in apps.get_models() if hasattr(model, "url_name")]

# Above what each page asks today, with a little room; a question for each row would break it.
LISTS = {
    "documents/": 30,
    "plans/": 30,
    "tracks/": 30,
    "targets/": 30,
    "milestones/": 30,
    "indicators/": 30,
}
WHOLE_PAGES = {
    "": 40,
    "regions/": 20,
    "fields/": 20,
    "products/": 20,
    "technologies/": 20,
    "agencies/": 20,
    "glossary/": 20,
    "coverage/": 30,
    "analysis/": 5,
    "compare/": 15,
    "diffusion/": 12,
    "gaps/": 20,
    "gaps/?region=beijing": 20,
    "gaps/?technology=quantum-technology": 15,
    "diffusion/?technology=quantum-technology": 20,
    "diffusion/?field=future-space": 20,
    "compare/?region=beijing&region=shanghai": 50,
    "compare/?plan=beijing-future-industries-2023&plan=shanghai-future-industries-2022": 50,
    "matrix/": 20,
    "matrix/?columns=technologies&rows=groups": 20,
    "methodology/": 5,
    "search/?q=test": 60,
}
RECORDS = {
    "documents/{document}/": OF_A_RECORD,
    "documents/{document}/cascade/": 25,
    "tracks/{track}/": OF_A_RECORD,
    "targets/{target}/": OF_A_RECORD,
    "regions/{region}/": OF_A_RECORD,
    "fields/future-space/": OF_A_RECORD,
    "products/new-displays/": OF_A_RECORD,
    "technologies/{technology}/": OF_A_RECORD,
    "agencies/{agency}/": OF_A_RECORD,
    "milestones/china-crewed-lunar-landing/": OF_A_RECORD,
    "indicators/c919-deliveries/": OF_A_RECORD,
    "glossary/ai-plus/": OF_A_RECORD,
}


class Grown:
    """A published plan with its document, which grows by as many parts as asked for."""

    def __init__(self):
        self.region = make_region(published=True)
        self.agency = make_agency(published=True)
        self.technology = make_technology(published=True)
        self.field = IndustryField.objects.get(slug="future-space")
        self.product = SymbolicProduct.objects.get(slug="new-displays")
        self.source = make_source()
        self.document = self.make_document()
        self.plan = make_plan(published=True, region=self.region, document=self.document)
        self.grow(3)
        # With one before and one after it.
        self.track = self.plan.tracks.order_by("order", "id")[1]
        self.target = self.document.targets.order_by("id")[1]

    def slugs(self):
        names = ["document", "plan", "track", "target", "region", "technology", "agency"]
        return {name: getattr(self, name).slug for name in names}

    def make_document(self):
        document = make_document(published=True, region=self.region, sources=[self.source])
        DocumentIssuer.objects.create(document=document, agency=self.agency)
        self.map(document)
        history.record(document, Action.EDITED)
        return document

    def map(self, record, **wording):
        record.field_mappings.create(field=self.field)
        record.technology_mappings.create(technology=self.technology, **wording)
        record.product_mappings.create(product=self.product, **wording)

    def grow(self, number):
        """Add as many documents with a plan, tracks, targets, and names of the vocabulary."""
        for _number in range(number):
            self.map(make_track(plan=self.plan, sources=[self.source]), match="exact")
            target = make_target(published=True, document=self.document, sources=[self.source])
            self.map(target)
            if self.plan.tracks.exists():
                self.plan.tracks.first().targets.add(target)
            other = self.make_document()
            DocumentRelation.objects.create(
                from_document=other, to_document=self.document, type="implements"
            )
            plan = make_plan(published=True, region=self.region, document=other)
            self.map(make_track(plan=plan, sources=[self.source]), match="exact")
            history.record(plan, Action.EDITED)
            make_technology(published=True, parent=self.technology)
            make_region(published=True, level="city", parent=self.region)
            make_agency(published=True, parent=self.agency)
        history.record(self.plan, Action.EDITED)


@pytest.fixture
def grown(db):
    return Grown()


def statements(client, path):
    """Return what a page asks, once all that is kept between requests is there."""
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(path)
    assert response.status_code == 200
    return [query["sql"] for query in asked]


def queries(client, path):
    """Return how often a page asks."""
    return len(statements(client, path))


@pytest.mark.parametrize("path", LISTS | WHOLE_PAGES)
@pytest.mark.parametrize("language", every(2, ["en", "zh-hans"]))
def test_a_page_asks_a_bounded_number_of_times(visitor, path, language):
    assert queries(visitor, f"/{language}/{path}") <= (LISTS | WHOLE_PAGES)[path]


@pytest.mark.parametrize("path", every(3, LISTS | WHOLE_PAGES))
def test_a_page_asks_for_the_state_of_the_content_once(visitor, path):
    asked = [sql for sql in statements(visitor, f"/en/{path}") if "contentversion" in sql]

    assert len(asked) <= 1


def asked_by_tags(client, path):
    """Return what the tags and filters of a page's templates ask the database."""
    asked = []

    def note(execute, sql, params, many, context):
        if any("/templatetags/" in frame.filename for frame in traceback.extract_stack()):
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(path).status_code == 200
    return asked


def test_no_tag_of_a_template_asks_the_database(visitor, grown):
    slugs = grown.slugs()
    paths = [path.format(**slugs) for path in [*LISTS, *WHOLE_PAGES, *RECORDS]]

    asked = {path: asked_by_tags(visitor, f"/en/{path}") for path in paths}

    assert {path: sql for path, sql in asked.items() if sql} == {}


def test_what_a_request_changes_it_reads_anew():
    with stamp_read_once():
        before = ContentVersion.stamp()
        ContentVersion.raise_number()
        after = ContentVersion.stamp()

        assert after != before
        assert after == ContentVersion.stamp()
        # Undone, it is not what the request goes by either.
        with transaction.atomic():
            ContentVersion.raise_number()
            assert ContentVersion.stamp() != after
            transaction.set_rollback(True)
        assert ContentVersion.stamp() == after


@pytest.mark.long
def test_pages_ask_as_often_with_many_records_as_with_few(visitor, grown):
    slugs = grown.slugs()
    paths = [f"/en/{path.format(**slugs)}" for path in [*LISTS, *WHOLE_PAGES, *RECORDS]]
    before = {path: queries(visitor, path) for path in paths}

    grown.grow(MANY)

    after = {path: queries(visitor, path) for path in paths}
    assert {p: (before[p], after[p]) for p in paths if after[p] > before[p]} == {}
    assert Technology.objects.public().count() > 130
    assert Region.objects.public().count() > 95


@pytest.mark.parametrize("number", few_and_many(3, 60))
@pytest.mark.parametrize("model", WITH_PAGES, ids=lambda model: model.__name__)
def test_no_page_of_a_record_on_file_asks_more(visitor, model, number):
    records = list(model.objects.public())
    paths = [
        record.get_absolute_url()
        for record in dice(f"pages of {model}").sample(records, min(number, len(records)))
    ]

    asked = {path: queries(visitor, path) for path in paths}

    assert {path: number for path, number in asked.items() if number > OF_A_RECORD} == {}


def test_the_page_of_a_record_asks_a_bounded_number_of_times(visitor, grown):
    limits = {f"/en/{path.format(**grown.slugs())}": limit for path, limit in RECORDS.items()}

    asked = {path: queries(visitor, path) for path in limits}

    assert {path: number for path, number in asked.items() if number > limits[path]} == {}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_document_with_many_tracks_and_targets_asks_no_more(visitor, grown, language):
    """Nor with a second plan in it: forty tracks and thirty targets are more than any text has."""
    path = f"/{language}/documents/{grown.document.slug}/"
    unit = Unit.objects.first()
    for number in range(30):
        measured = {"kind": "quantitative", "value": number, "comparator": "eq", "unit": unit}
        named = {"metric_en": "things", "metric_zh": "东西"}
        due = date(2027 + number % 4, 12, 31)
        make_target(published=True, document=grown.document, due_date=due, **measured, **named)
    for _number in range(40):
        grown.map(make_track(plan=grown.plan, sources=[grown.source]), match="exact")
    history.record(grown.plan, Action.EDITED)
    asked = queries(visitor, path)

    other = make_plan(published=True, tracks=4, document=grown.document)

    assert asked <= OF_A_RECORD
    assert queries(visitor, path) <= asked
    html = visitor.get(path).content.decode()
    assert html.count('<tr class="depth-') == grown.plan.tracks.count() + other.tracks.count() > 40


@pytest.mark.parametrize(
    "query",
    [
        "product=humanoid-robots&region=beijing",
        "q=beijing&field=future-health&in_force_on=2026-01-01",
        "issued_after=2020-01-01&sort=title&page=2",
    ],
)
def test_filters_ask_only_a_few_times_more(visitor, query):
    plain = queries(visitor, "/en/documents/")

    assert queries(visitor, f"/en/documents/?{query}") <= plain + 10


def test_the_page_of_a_plan_stands_though_its_region_was_withdrawn(visitor, grown):
    grown.region.publication_state = "withdrawn"
    grown.region.save()
    history.record(grown.region, Action.WITHDRAWN)

    assert visitor.get(grown.plan.get_absolute_url()).status_code == 200
