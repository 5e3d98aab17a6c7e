"""Every page of the admin answers, for every model and however many rows.

The tests here only read; one example of every model is made for all of them.
"""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from futureind.accounts.models import SecurityEvent
from futureind.desk.addresses import enter_addresses
from futureind.desk.models import StaleTranslation, Verification
from futureind.jobs.models import Job
from futureind.publishing.models.merges import Merge
from futureind.publishing.models.records import Part, Recorded
from futureind.publishing.models.slugs import FormerSlug
from regions.models import Track
from tests.accounts.test_roles import draft_of
from tests.admin_browser import OURS, address, change_page
from tests.chance import every
from tests.factories import (
    make_import,
    make_plan,
    make_proposal,
    make_source,
    make_target,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Above what any list needs today: session, user, count, rows, hierarchy of dates, filters.
QUERIES_A_LIST = 20


@pytest.fixture(scope="module", autouse=True)
def examples(django_db_setup, django_db_blocker):
    """One record of every model, beside those of the fixtures."""
    with django_db_blocker.unblock(), transaction.atomic():
        plan = make_plan(published=True, tracks=2)
        make_target(published=True)
        FormerSlug.objects.create(record=plan, slug="a-former-slug")
        enter_addresses()
        Verification.objects.create(record=plan, source=make_source(), read_on="2026-01-05")
        StaleTranslation.objects.create(record=plan, path="note")
        make_proposal()
        make_import()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", every(3, OURS), ids=lambda model: model.__name__)
def test_every_page_answers_an_administrator(administrator_client, model):
    record = model._default_manager.first() or draft_of(model)
    pages = [
        address(model, "changelist"),
        change_page(record),
        address(record, "history", record.pk),
    ]
    if issubclass(model, Recorded | Part | get_user_model()):
        pages.append(address(model, "add"))

    for page in pages:
        assert administrator_client.get(page).status_code == 200, page


@pytest.mark.one_database
@pytest.mark.parametrize("model", every(3, OURS), ids=lambda model: model.__name__)
def test_a_contributor_reads_every_record(editor_client, model):
    record = model._default_manager.first() or draft_of(model)
    hidden = {get_user_model(), FormerSlug, Job, Merge, SecurityEvent}
    status = 403 if model in hidden else 200

    for page in (address(model, "changelist"), change_page(record)):
        assert editor_client.get(page).status_code == status, page


@pytest.mark.one_database
@pytest.mark.parametrize("model", every(3, OURS), ids=lambda model: model.__name__)
def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(
    administrator_client, monkeypatch, model
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


@pytest.mark.parametrize("model", every(3, OURS), ids=lambda model: model.__name__)
def test_every_list_can_be_searched(administrator_client, model):
    assert admin.site._registry[model].search_fields

    response = administrator_client.get(address(model, "changelist"), {"q": "未来 test-"})

    assert response.status_code == 200
    assert "q" not in response.context.get("errors", ())
