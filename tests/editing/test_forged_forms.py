"""Nothing that staff send gives an error of the server, or changes what they may not change.

``TEST_SEED`` chooses what is sent; the run says which it was.
"""

import time

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from catalog.models import Target
from futureind.accounts import roles
from futureind.publishing.models.sources import Source
from regions.models import Track
from tests.admin_browser import change_page, read_form
from tests.chance import TIMES
from tests.editing.forger import Forger, public_rows
from tests.factories import make_agency, make_plan, make_target, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

# Of each account, in the ordinary tests and in the long ones.
SOME, MANY = 40, 250 * TIMES


def account(name):
    users = get_user_model().objects
    if name == "onlooker":
        return users.create_user(name, is_staff=True)
    return users.get(username=name)


def watched(name):
    """Return a Forger; one that may not decide what visitors see is watched."""
    user = account(name)
    return user, Forger(user, name, watch=not roles.decides(user))


def tables_of_accounts():
    """Return the tables that say who may do what; only administrators write to them."""
    models = (get_user_model(), Group, get_user_model().groups.through, Group.permissions.through)
    return {model._meta.db_table for model in models}


@pytest.mark.parametrize("counts", ["INITIAL_FORMS", "TOTAL_FORMS"])
def test_no_count_of_a_form_makes_work(editor_client, counts):
    target = make_target()
    data = read_form(editor_client, change_page(target))
    name = f"field_mappings-{counts}"
    assert name in data
    began = time.process_time()

    answer = editor_client.post(change_page(target), data | {name: ["300000000"]})

    assert answer.status_code in (200, 302, 400)
    assert time.process_time() - began < 5


def test_rows_with_gaps_between_them_are_refused_and_not_left_out(editor_client):
    target = make_target()
    data = read_form(editor_client, change_page(target))
    gaps = {"field_mappings-TOTAL_FORMS": ["900"], "field_mappings-800-reason_en": ["Far below"]}

    assert editor_client.post(change_page(target), data | gaps).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/admin/catalog/policydocument/?q=" + "word+" * 1000,
        f"/admin/catalog/target/{'9' * 5000}/change/",
        f"/admin/catalog/target/{{pk}}/change/?proposal={'9' * 5000}",
        f"/admin/catalog/target/{{pk}}/history/?from={'9' * 5000}",
        f"/admin/catalog/policydocument/?issued_date__year={'9' * 20}",
        "/admin/catalog/policydocument/?issued_date__year=0&issued_date__month=13",
        "/admin/regions/coveragecheck/add/?region=%00",
        "/admin/regions/coveragecheck/add/?region=abc",
        "/admin/catalog/policydocument/add/?sources=%00",
        "/admin/catalog/policydocument/add/?sources=abc",
        "/admin/autocomplete/?app_label=catalog&model_name=target&field_name=document&term=%00",
        "/admin/publishing/source/?url__startswith=%00",
        "/admin/publishing/source/?title__regex=(a%2B)%2B$",
        "/admin/exchange/import/?created_at__year=1",
        "/admin/exchange/import/?created_at__year=9999&created_at__month=12&created_at__day=31",
        "/admin/catalog/policydocument/?issued_date__year__exact=0",
        "/admin/catalog/policydocument/?issued_date__year__gte=10000",
        "/admin/catalog/policydocument/?issued_date__iso_year=99999",
        "/admin/publishing/proposal/?created_at__date__iso_year=0",
        "/admin/catalog/target/?id__range=1",
        "/admin/catalog/target/?publication_state__range=draft",
    ],
)
def test_an_address_that_cannot_be_is_answered_with_a_page(editor_client, address):
    editor_client.raise_request_exception = False

    answer = editor_client.get(address.format(pk=make_target().pk))

    assert answer.status_code < 500


@pytest.mark.parametrize("asked", ["p=9999", "published=perhaps"])
def test_a_list_that_is_asked_for_what_it_has_not_says_so(editor_client, asked):
    list_of_agencies = "/admin/catalog/agency/"
    address = f"{list_of_agencies}?{asked}"

    # Django leads to the address with its mark first.
    answer = editor_client.get(f"{address}&e=1")

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "atabase" not in page
    assert f'<a href="{list_of_agencies}">Show the whole list</a>' in page


def test_whoever_has_no_right_changes_nothing_with_the_forms_of_others():
    boss, onlooker = (Forger(account(name), name) for name in ("administrator", "onlooker"))
    for model in (Target, Source, get_user_model()):
        found = change_page(model._base_manager.first())
        onlooker.pages[found] = boss.page(found)
        for _time in range(5):
            assert onlooker.send(found)

    assert onlooker.failures == []
    assert onlooker.written == {}


def check(name, number):
    user, forger = watched(name)
    forger.go_on(number)

    assert forger.sent >= number
    assert forger.failures == []
    assert forger.published == []
    if not user.is_superuser:
        assert not tables_of_accounts() & set(forger.written)


@pytest.mark.parametrize("name", ["contributor", "administrator"])
def test_some_forged_requests_are_answered(name):
    check(name, SOME)


@pytest.mark.long
@pytest.mark.parametrize("name", ["contributor", "reviewer", "administrator"])
def test_thousands_of_forged_requests_are_answered(name):
    check(name, MANY)


@pytest.mark.parametrize("page", ["change", "delete"])
def test_an_empty_name_of_a_column_is_refused(editor_client, page):
    agency = make_agency()

    answer = editor_client.get(f"/admin/catalog/agency/{agency.pk}/{page}/?_to_field=")

    assert answer.status_code == 400


def test_a_record_cannot_be_saved_as_another_one(editor_client):
    draft, public = make_track(plan=make_plan()), make_plan(published=True, tracks=1)
    before = public_rows()
    data = read_form(editor_client, change_page(draft))

    answer = editor_client.post(change_page(draft), data | {"plan": public.pk, "_saveasnew": "1"})

    assert answer.status_code == 400
    assert public_rows() == before
    assert Track.objects.filter(plan=draft.plan).get() == draft
