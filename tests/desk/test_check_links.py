"""The check of links that records name: when, how often, and broken only after days."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from catalog.models import PolicyDocument
from futureind.desk.addresses import address_columns, enter_addresses, named_by
from futureind.desk.link_visits import Problem, Visit, visit
from futureind.desk.management.commands import check_links
from futureind.desk.models import LinkCheck, LinkState
from futureind.publishing.models.sources import Source
from tests.admin_browser import act, address, texts
from tests.factories import make_document, make_source

pytestmark = pytest.mark.one_database

# What is thought of it


FAILED, WORKED = Visit(404, "http://a.org/x", Problem.STATUS), Visit(200, "http://a.org/x")


def states_after(*visits):
    """Return the state after each of the ``(hours after the first, visit)`` pairs."""
    link, start = LinkCheck(address="http://a.org/x"), timezone.now()
    states = []
    for hours, found in visits:
        link.note(found, start + timedelta(hours=hours))
        states.append(str(link.state))
    return states


def test_a_link_is_broken_only_after_failures_over_days():
    assert states_after((0, FAILED)) == ["again"]
    assert states_after(*[(hour, FAILED) for hour in range(10)]) == ["again"] * 10
    assert states_after((0, FAILED), (80, FAILED)) == ["again", "again"]
    assert states_after((0, FAILED), (24, FAILED), (73, FAILED)) == ["again", "again", "broken"]


def test_one_success_starts_anew():
    visits = [(0, FAILED), (24, FAILED), (48, WORKED), (72, FAILED), (96, FAILED)]

    assert states_after(*visits) == ["again", "again", "works", "again", "again"]


def test_a_server_that_refuses_programs_is_no_failure():
    refused = Visit(403, "http://a.org/x", Problem.NOT_TO_PROGRAMS)

    assert states_after((0, refused), (100, refused), (200, refused)) == ["by-hand"] * 3


# The command


@pytest.fixture
def sources(db, server, network, monkeypatch):
    """Three sources and a document on one server, and the command led to it."""
    Source.objects.exclude(url="").update(url="", archived_url="")
    for model, column in address_columns():
        model.objects.exclude(**{column: ""}).update(**{column: ""})
    monkeypatch.setattr(check_links, "visit", lambda address: visit(address, network))
    make_document(official_url="http://www.example.org/page", sources=[])
    return [
        make_source(url=f"http://www.example.org{path}") for path in ("/page", "/gone", "/home")
    ]


def paths_of(server):
    return sorted(path for _at, path, _headers in server.visited)


def run(*options):
    out = StringIO()
    call_command("check_links", *options, stdout=out)
    return out.getvalue()


def test_every_address_is_visited_once_and_kept(sources, server):
    output = run("--delay=0")

    assert sorted(path for _at, path, _headers in server.visited) == [
        "/",
        "/gone",
        "/home",
        "/page",
    ]
    found = {link.address.rpartition("/")[2]: link for link in LinkCheck.objects.all()}
    assert (found["page"].state, found["page"].status) == (LinkState.WORKS, 200)
    assert (found["gone"].state, found["gone"].status) == (LinkState.AGAIN, 410)
    assert found["home"].final_address == "http://www.example.org/"
    assert "1 works" in output
    assert "2 to be checked again" in output


def test_a_second_run_visits_only_what_is_due(sources, server):
    run("--delay=0")
    server.visited.clear()
    run("--delay=0")
    assert server.visited == []

    LinkCheck.objects.update(checked_at=timezone.now() - timedelta(days=1))
    run("--delay=0")

    assert paths_of(server) == ["/", "/gone", "/home"]


def test_a_run_goes_on_where_the_last_one_ended(sources, server):
    run("--delay=0", "--limit=1")
    run("--delay=0", "--limit=1")
    assert len({path for _at, path, _headers in server.visited} - {"/"}) == 2
    assert LinkCheck.objects.filter(checked_at=None).count() == 1


def test_a_server_is_left_alone_between_two_visits(sources, server):
    LinkCheck.objects.all().delete()
    Source.objects.filter(url__endswith="/home").update(url="")

    run("--delay=0.4")

    first, second = (at for at, _path, _headers in server.visited)
    assert second - first >= 0.4


def test_a_run_ends_when_its_time_is_up(sources, server):
    output = run("--delay=60", "--minutes=0.01")

    assert LinkCheck.objects.exclude(checked_at=None).count() == 1
    assert "2 addresses are left for the next run" in output


def test_an_address_that_nobody_names_is_forgotten(sources):
    enter_addresses()
    Source.objects.filter(pk=sources[1].pk).update(url="")

    enter_addresses()

    assert sorted(LinkCheck.objects.values_list("address", flat=True)) == [
        "http://www.example.org/home",
        "http://www.example.org/page",
    ]


def test_an_address_knows_all_records_that_name_it(sources):
    url = "http://www.example.org/page"

    found = named_by([url])

    assert {type(record) for record, _column in found[url]} == {PolicyDocument, Source}


# In the admin


def test_editors_see_the_links_and_the_records_that_name_them(editor_client, sources):
    run("--delay=0")

    page = editor_client.get(address(LinkCheck, "changelist"), {"state__exact": "again"})

    html = page.content.decode()
    assert str(sources[1]) in html
    assert str(sources[0]) not in html
    assert address(sources[1], "change", sources[1].pk) in html


def test_a_link_that_was_opened_by_hand_works(editor_client, sources):
    run("--delay=0")
    link = LinkCheck.objects.get(address__endswith="/gone")

    answer = act(editor_client, LinkCheck, "works_by_hand", [link])

    link.refresh_from_db()
    assert (link.state, link.first_failed_at) == (LinkState.WORKS, None)
    assert "1 link works." in texts(answer)


def test_who_may_not_change_a_source_does_not_settle_a_link(sources):
    from django.contrib.auth.models import Permission
    from django.test import Client

    user = get_user_model().objects.create_user("looker", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_linkcheck"))
    client = Client()
    client.force_login(user)
    enter_addresses()
    link = LinkCheck.objects.first()

    act(client, LinkCheck, "works_by_hand", [link])

    link.refresh_from_db()
    assert link.state == LinkState.AGAIN
