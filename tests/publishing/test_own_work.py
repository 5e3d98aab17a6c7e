"""One table: no address and no action of the admin lets anybody approve their own work."""

import pytest
from django.contrib.auth import get_user_model

from catalog.models import PolicyDocument
from futureind.publishing import history, workflow
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.schedules import Schedule
from tests.admin_browser import act, address, save
from tests.chance import every
from tests.conftest import signed_in
from tests.factories import make_document, make_proposal

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

LATER = "2099-12-31T09:00"


def by_the_list(client, draft, _proposal):
    act(client, PolicyDocument, "publish_selected", [draft])


def by_the_form(client, draft, _proposal):
    save(client, draft, _publish="1")


def by_the_form_with_a_change(client, draft, _proposal):
    save(client, draft, title_en="Changed and published at once", _publish="1")


def by_the_review(client, draft, _proposal):
    client.post(address(draft, "review", draft.pk), {"_publish": "1"})


def by_the_clock(client, draft, _proposal):
    client.post(address(draft, "review", draft.pk), {"_schedule": "1", "due_at": LATER})
    assert not Schedule.objects.exists()


def by_the_proposal(client, _draft, proposal):
    client.post(address(proposal, "change", proposal.pk), {"_approve": "1"})


def by_the_clock_on_the_proposal(client, _draft, proposal):
    data = {"_schedule": "1", "due_at": LATER}
    client.post(address(proposal, "change", proposal.pk), data)
    assert not Schedule.objects.exists()


def by_taking_it_together(client, _draft, proposal):
    last = Revision.objects.of(proposal.record).newest_key()
    data = {"_take": "1", "last_revision": last}
    client.post(address(proposal, "change", proposal.pk), data)


def by_editing_it_further(client, _draft, proposal):
    record = proposal.record
    edit = f"{address(record, 'change', record.pk)}?proposal={proposal.pk}"
    client.post(edit, {"_publish": "1"})


def by_the_form_of_what_is_public(client, _draft, proposal):
    save(client, proposal.record, title_en="Changed at once", _publish="1", _approve="1")


WAYS = [
    by_the_list,
    by_the_form,
    by_the_form_with_a_change,
    by_the_review,
    by_the_clock,
    by_the_proposal,
    by_the_clock_on_the_proposal,
    by_taking_it_together,
    by_editing_it_further,
    by_the_form_of_what_is_public,
]


@pytest.mark.parametrize("name", every(3, ["reviewer", "contributor", "administrator"]))
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_own_work_stays_out_of_sight(visitor, way, name):
    author, public = get_user_model().objects.get(username=name), make_document(published=True)
    draft = make_document()
    draft.title_en = "My own work"
    draft.save()
    history.record(draft, Action.EDITED, user=author)
    workflow.submit(draft, user=author)
    proposal = make_proposal(public, author, title_en="My own proposal")
    before = visitor.get(public.get_absolute_url()).content

    way(signed_in(name), draft, proposal)

    draft.refresh_from_db()
    assert draft.publication_state != "published"
    assert visitor.get(draft.get_absolute_url()).status_code == 404
    assert visitor.get(public.get_absolute_url()).content == before
