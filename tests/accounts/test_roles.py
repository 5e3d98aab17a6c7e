"""Least privilege: every address and action of the admin, and who gets through."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalog.models import PolicyDocument, Target, Unit
from futureind.accounts.models import SecurityEvent, User
from futureind.accounts.roles import CONTRIBUTORS, REVIEWERS, decides, write_groups
from futureind.desk.models import LinkCheck, MachineRendering, StaleTranslation, Verification
from futureind.exchange.models import Import, ImportJob
from futureind.jobs.models import Job
from futureind.publishing.merges import merge
from futureind.publishing.models.merges import Merge
from futureind.publishing.models.preview_links import PreviewLink
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.records import Reviewed, is_taxonomy, owner_of
from futureind.publishing.models.revisions import Revision
from futureind.publishing.models.schedules import Move, Schedule
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.models.sources import Source
from futureind.publishing.preview_links import share
from futureind.publishing.scheduling import schedule
from regions.models import RegionalPlan, Track
from tests.admin_browser import address
from tests.chance import every
from tests.conftest import signed_in
from tests.factories import (
    make_document,
    make_import,
    make_plan,
    make_proposal,
    make_source,
    make_target,
    make_track,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.whole]

ROLES = ["contributor", "reviewer", "administrator"]
EVERYBODY, DECIDERS, ADMINISTRATORS, NOBODY = set(ROLES), set(ROLES[1:]), {ROLES[2]}, set()
MODELS = list(admin.site._registry)
ACCOUNTS = {User, Group}
WRITTEN_BY_THE_SITE = {
    *(FormerSlug, Job, LinkCheck, Merge, PreviewLink, Proposal, Revision, Schedule),
    *(MachineRendering, SecurityEvent, StaleTranslation, Verification),
}


def kind_of(model):
    """Return in which row of the table a model stands."""
    if model is Import:
        return "imports"
    if model in ACCOUNTS:
        return "accounts"
    if model in WRITTEN_BY_THE_SITE:
        return "written by the site"
    if is_taxonomy(model):
        return "taxonomy"
    return "drafts" if issubclass(model, Reviewed) else "others"


# Who gets through to a page of a model, by the end of the page's name and the kind of model. The
# record is a draft: what is public already is the subject of
# tests/editing/test_admin_publishing.py.
SEES = {
    "accounts": ADMINISTRATORS,
    "written by the site": EVERYBODY,
    "taxonomy": EVERYBODY,
    "drafts": EVERYBODY,
    "others": EVERYBODY,
    # One's own, and those of all for who decides: tests/exchange/test_import_pages.py.
    "imports": EVERYBODY,
}
WRITES = {
    "accounts": ADMINISTRATORS,
    "taxonomy": ADMINISTRATORS,
    "drafts": EVERYBODY,
    "others": EVERYBODY,
    "imports": EVERYBODY,
}
DELETES = {**WRITES, "drafts": DECIDERS, "others": ADMINISTRATORS, "imports": NOBODY}
# Steps of an import, which lead back to its page; who may take them is said by
# tests/exchange/test_import_pages.py.
STEPS = {"imports": NOBODY}
DECIDES = {"taxonomy": DECIDERS, "drafts": DECIDERS}
PAGES = {
    "changelist": SEES,
    "change": WRITES,
    "add": WRITES,
    "delete": DELETES,
    "history": SEES,
    "withdraw": DECIDES,
    "check": STEPS,
    "write": STEPS,
    "give-up": STEPS,
    "undo": STEPS,
    "cancel": STEPS,
    "export": SEES,
    "tracks": WRITES,
    "next": WRITES,
    "review": SEES,
    "revert": {"taxonomy": ADMINISTRATORS, "drafts": DECIDERS},
    "preview": SEES,
    "password_change": {"accounts": ADMINISTRATORS},
    "reset_second_factor": SEES,
    "used": SEES,
    "new": SEES,
    "mark": SEES,
    "merge": dict.fromkeys(SEES, ADMINISTRATORS),
}
ACTIONS = {
    "delete_selected": DELETES,
    "publish_selected": DECIDES,
    "withdraw_selected": DECIDES,
    "works_by_hand": SEES,
    "visit_soon": SEES,
    "still_fits": SEES,
    "reviewed": SEES,
    "take_back": {"written by the site": ADMINISTRATORS},
    "stop_selected": DECIDES,
    "revoke_selected": SEES,
    "end_selected": {"written by the site": ADMINISTRATORS},
}
EXCEPTIONS = {
    ("changelist", FormerSlug): ADMINISTRATORS,
    ("history", FormerSlug): ADMINISTRATORS,
    ("changelist", Job): ADMINISTRATORS,
    ("history", Job): ADMINISTRATORS,
    ("changelist", SecurityEvent): ADMINISTRATORS,
    ("history", SecurityEvent): ADMINISTRATORS,
    ("changelist", Merge): ADMINISTRATORS,
    ("history", Merge): ADMINISTRATORS,
    # Records name it.
    ("delete", Unit): NOBODY,
    ("stop_selected", Schedule): DECIDERS,
    # A part, deleted with the same right as its draft.
    ("delete", Track): DECIDERS,
    ("delete_selected", Track): DECIDERS,
}
# Pages of the admin as a whole.
FOR_ALL_STAFF = {
    *("index", "password_change", "password_change_done", "jsi18n", "autocomplete"),
    *("app_list", "view_on_site", "second_factor_codes", "guide", "work"),
    # Who may do what on them: tests/desk/test_work_lists.py.
    "work_download",
}
WITH_AN_ARGUMENT = {
    *("autocomplete", "view_on_site", "app_list", "second_factor_codes", "work"),
    "work_download",
}
# They see to it themselves who is let in: tests/accounts/test_second_factor.py.
FOR_EVERYONE = {"login", "logout", "second_factor", "second_factor_set_up"}


def allowed(page, model, table):
    return EXCEPTIONS.get((page, model), table.get(kind_of(model), NOBODY))


def names_of(patterns):
    return {p.name for p in patterns if isinstance(p, URLPattern) and p.name}


def pages_of(model):
    """Return the names of all addresses of a model's admin, by how they end."""
    start = f"{model._meta.app_label}_{model._meta.model_name}_"
    names = names_of(admin.site._registry[model].get_urls())
    return {name.removeprefix(start).removeprefix("auth_user_"): name for name in names}


def page_address(name, record):
    if name in ("desk_verification_new", "desk_machinerendering_mark"):
        return reverse(f"admin:{name}", args=[record.record._meta.label_lower, record.object_id])
    for arguments in ([], [record.pk], [record.pk, "en"]):
        try:
            return reverse(f"admin:{name}", args=arguments)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(name)


def draft_of(model):
    """Return a record of a model that was never public."""
    makers = {
        PolicyDocument: make_document,
        RegionalPlan: make_plan,
        Source: make_source,
        Target: make_target,
        Track: make_track,
        Import: make_import,
    }
    if model in makers:
        return makers[model]()
    if model is MachineRendering:
        return MachineRendering.objects.create(record=make_document(), path="title")
    if model is StaleTranslation:
        return StaleTranslation.objects.create(record=make_document(), path="title")
    if model is Verification:
        return Verification.objects.create(
            record=make_document(), source=make_source(), read_on="2026-01-05"
        )
    if model is Merge:
        return merge(make_source(), make_source(), user=None)
    if model is LinkCheck:
        return LinkCheck.objects.create(digest="0", address="https://example.org/")
    if model is Proposal:
        return make_proposal()
    if model is PreviewLink:
        return share(make_document(), user=None, days=1)
    if model is Schedule:
        later = timezone.now() + timedelta(days=1)
        return schedule(make_document(), Move.PUBLISH, later, user=None)
    if model is Job:
        of = make_import()
        return Job.objects.create(kind=ImportJob.CHECK, subject=of.pk, user=of.user)
    if model is FormerSlug:
        return FormerSlug.objects.create(record=make_source(), slug="once")
    record = model._default_manager.first()
    owner = owner_of(record)
    if isinstance(owner, Reviewed):
        type(owner).objects.filter(pk=owner.pk).update(publication_state="draft")
    return record


@pytest.fixture
def clients(db):
    return {role: signed_in(role) for role in ROLES}


@pytest.fixture
def reader(db):
    """Somebody with an account and no business in the admin."""
    client = Client()
    client.force_login(get_user_model().objects.create_user("reader", password="x"))
    return client


@pytest.fixture
def half_way(db):
    """An administrator who gave the password and owes the second factor."""
    user = get_user_model().objects.create_superuser("half-way", password="x")
    TOTPDevice.objects.create(user=user, name="app")
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", every(4, MODELS), ids=lambda model: model.__name__)
def test_every_address_of_a_model_lets_in_whom_the_table_names(
    model, clients, reader, visitor, half_way
):
    record = draft_of(model)
    for page, name in pages_of(model).items():
        assert page in PAGES, f"{name} is not in the table: say there who may open it"
        url = page_address(name, record)
        # A form that is sent empty is answered with what is missing, or refused.
        send = "get" if PAGES[page] is SEES else "post"
        let_in = {
            role
            for role, client in clients.items()
            if getattr(client, send)(url).status_code == 200
        }
        assert let_in == allowed(page, model, PAGES[page]), url
        for stranger in (visitor, reader, half_way):
            answer = getattr(stranger, send)(url)
            assert answer.status_code == 302, url
            assert answer.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_action_is_offered_to_whom_the_table_names(model, rf):
    record_admin = admin.site._registry[model]
    offered = {}
    for role in ROLES:
        request = rf.get("/")
        request.user = get_user_model().objects.get(username=role)
        for action in record_admin.get_actions(request):
            offered.setdefault(action, set()).add(role)

    for action, roles in offered.items():
        assert action in ACTIONS, f"{action} is not in the table: say there who may use it"
        if (action, model) not in EXCEPTIONS:
            assert roles == allowed(action, model, ACTIONS[action]), action


@pytest.mark.long
def test_every_address_of_the_admin_as_a_whole_is_in_the_table(clients, visitor):
    assert names_of(admin.site.get_urls()) == FOR_ALL_STAFF | FOR_EVERYONE
    for name in FOR_ALL_STAFF - WITH_AN_ARGUMENT:
        url = reverse(f"admin:{name}")
        assert all(client.get(url).status_code == 200 for client in clients.values()), url
        assert visitor.get(url).status_code == 302, url


def test_a_search_box_shows_nobody_what_they_may_not_see(clients):
    question = {"app_label": "auth", "model_name": "group", "field_name": "permissions"}

    assert clients["contributor"].get(reverse("admin:autocomplete"), question).status_code == 403


def test_an_action_that_is_not_offered_does_nothing(clients):
    document = make_document()
    data = {"action": "publish_selected", "_selected_action": [document.pk]}

    clients["contributor"].post(address(PolicyDocument, "changelist"), data)

    document.refresh_from_db()
    assert document.publication_state == "draft"


def test_groups_are_written_anew_with_exactly_their_permissions(db):
    contributors = Group.objects.get(name=CONTRIBUTORS)
    before = set(contributors.permissions.all())
    contributors.permissions.add(*Group.objects.get(name=REVIEWERS).permissions.all())

    write_groups()

    assert set(contributors.permissions.all()) == before


def test_only_administrators_and_reviewers_decide(db):
    users = get_user_model().objects

    assert {user.username for user in users.all() if decides(user)} == DECIDERS
