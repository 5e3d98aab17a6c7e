"""The address that an editor typed is visited by a worker, and its form says what was found."""

import pytest

from futureind.desk import link_jobs
from futureind.desk.link_visits import Problem, Visit
from futureind.desk.models import LinkCheck
from futureind.jobs import work
from futureind.jobs.models import Job, JobState
from tests.admin_browser import change_page, save
from tests.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ADDRESS = "https://www.example.org/new"


@pytest.fixture
def visited(monkeypatch):
    """What a visit finds, by address; tests/desk/test_link_visits.py makes real visits."""
    found = {}

    def visit(address):
        visit.asked.append(address)
        return found.get(address, Visit(200, address))

    visit.asked, visit.found = [], found
    monkeypatch.setattr(link_jobs, "visit", visit)
    return visit


def shown(client, source):
    return client.get(change_page(source)).content.decode()


def do_the_jobs():
    for _number in range(10):
        job = Job.objects.claim("test")
        if job is None:
            return
        work.do(job)


def test_a_typed_address_is_visited_after_the_request(editor_client, visited):
    source = make_source(url="https://www.example.org/old")

    save(editor_client, source, url=ADDRESS)

    assert visited.asked == []
    assert "waits for its visit" in shown(editor_client, source)
    job = Job.objects.get()
    assert (job.kind, job.state, str(job.user)) == ("check-link", "waiting", "contributor")

    do_the_jobs()

    assert visited.asked == [ADDRESS]
    assert "· 200 · works" in shown(editor_client, source)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "works")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Visit(404, ADDRESS, Problem.STATUS), "· 404 · the server answered with an error"),
        (Visit(None, ADDRESS, Problem.NAME), "· the name of the server is not known"),
        (Visit(None, ADDRESS, Problem.NOT_PUBLIC), "· it does not lead to a public server"),
        (Visit(200, f"{ADDRESS}/2"), f"· 200 · works · leads to {ADDRESS}/2"),
    ],
)
def test_the_form_says_what_was_found(editor_client, visited, found, said):
    visited.found[ADDRESS] = found
    source = make_source(url="")
    save(editor_client, source, url=ADDRESS)

    do_the_jobs()

    assert said in shown(editor_client, source)


def test_only_what_is_new_is_visited_and_each_address_once(editor_client, visited):
    source, other = make_source(url=ADDRESS), make_source(url="")

    save(editor_client, source, title="Another title")
    assert not Job.objects.exists()
    save(
        editor_client,
        source,
        archived_url="https://web.example.org/1",
        evidence_url="https://m.org/",
    )
    save(editor_client, other, url="https://web.example.org/1")
    do_the_jobs()

    assert visited.asked == ["https://web.example.org/1"]


def test_without_a_worker_the_nightly_run_visits_it(editor_client):
    source = make_source(url="https://www.example.org/old")
    save(editor_client, source, url=ADDRESS)

    assert ADDRESS in {link.address for link in LinkCheck.objects.due(source.changed_at)}


def test_the_worker_refuses_an_address_inside(editor_client):
    source = make_source(url="https://www.example.org/old")
    save(editor_client, source, url="http://127.0.0.1/secret")

    do_the_jobs()

    assert "it does not lead to a public server" in shown(editor_client, source)
    assert LinkCheck.objects.get(address="http://127.0.0.1/secret").failures == 1


def test_administrators_see_these_jobs(administrator_client, editor_client):
    save(editor_client, make_source(url=""), url=ADDRESS)
    link = LinkCheck.objects.get(address=ADDRESS)

    page = administrator_client.get("/admin/jobs/job/").content.decode()

    assert f"/admin/desk/linkcheck/?id={link.pk}" in page
    assert "visit an address" in page
