"""Nobody changes a public page alone: every address, every role, and what visitors see of it.

Each form of each address is filled in with a word that stands nowhere else, and sent with each of
its buttons by each role, with nobody else there to approve. What visitors see has to stay as it
was, byte by byte. The addresses come from the URL configuration: a new one is tried without being
named here, and what may change a page is named in :data:`ALONE`, with the reason.
"""

import itertools
import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from catalog.models import PolicyDocument
from futureind.core.output_forms import CSV
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.sources import Source
from tests.accounts.test_roles import page_address, pages_of
from tests.chance import TIMES, dice
from tests.conftest import signed_in
from tests.editing.form_robot import ADDRESS, CANARY, tries
from tests.factories import make_document
from tests.our_apps import OUR_APPS
from tests.site.subjects import public_record, subjects
from tests.site.visitors import Visitors, pages_about

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ROLES = ["anonymous", "contributor", "reviewer", "administrator"]
DECIDERS, ADMINISTRATORS = {"reviewer", "administrator"}, {"administrator"}
STAFF = {"contributor", *DECIDERS}
# What one person may do to public pages, by page or action: who, and why.
ALONE = {
    "withdraw": (DECIDERS, "What is wrong goes at once; nothing new is shown."),
    "withdraw_selected": (DECIDERS, "The same, for several records."),
    "review": (DECIDERS, "What was withdrawn is shown again as two people approved it."),
    "publish_selected": (DECIDERS, "The same, for several records."),
    "rename": (ADMINISTRATORS, "An address is no claim, and the old one leads on."),
    "merge": (ADMINISTRATORS, "Both records were approved; the vocabulary is administrators'."),
    "take_back": (ADMINISTRATORS, "A merge undone leaves what was approved before it."),
    "mark": (STAFF, "It says that a machine made an English text, which stays as approved."),
    "reviewed": (STAFF, "The note is taken off by whoever read the text against the Chinese."),
    "still_fits": (STAFF, "The same, for a text that is out of step."),
}
MODELS = [m for m in admin.site._registry if m._meta.app_label in OUR_APPS]
# Tried here at each run; the others by `make check-long`.
ALWAYS = [(model, role) for model in (Source, Proposal) for role in ("contributor", "reviewer")]
# Of the others in a run of the long checks: TEST_TIMES=5 takes all.
SOME = 24
# Accounts, jobs and what only says what happened hold nothing that visitors are shown.
CONTENT = re.compile(
    r'^(INSERT INTO|UPDATE|DELETE FROM) "('
    r"catalog_\w+|regions_\w+|publishing_(source|formerslug|revision|contentversion)"
    r'|search_searchentry|desk_(machinerendering|staletranslation))"'
)


def client_of(role):
    return Client() if role == "anonymous" else signed_in(role)


# What is tried


def known_values():
    return {
        "source": [Source.objects.values_list("pk", flat=True).first()],
        "read_on": ["2026-01-05"],
        "change_reason": [CANARY],
        "note": [CANARY],
        "due_at": [(timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")],
        "into": [Source.objects.values_list("slug", flat=True).last()],
        "confirmed": ["1"],
        "post": ["yes"],
        "days": ["7"],
        "is_correction": ["on"],
    }


# Blind: what a page that is not shown might still take.
BUTTONS = [
    *("_save", "_submit", "_publish", "_approve", "_schedule", "_send_back", "_take", "_give_up"),
    *("_share", "confirmed", "post", "_popup", "write", "undo"),
]


def blind():
    texts = ("title_en", "title_zh", "title", "name_en", "name_zh", "note", "path", "change_reason")
    data = dict.fromkeys(texts, CANARY) | {"url": ADDRESS, "revision": "1"}
    return data | dict.fromkeys(BUTTONS, "1")


def tried(client, url, known):
    """Yield ``(address, data)`` of all that is sent to an address."""
    page = client.get(url)
    if page.status_code == 200 and "html" in page.get("Content-Type", ""):
        html = b"".join(page) if page.streaming else page.content
        for action, data in tries(html.decode(), known):
            yield (action if action.startswith("/") else url), data
    yield url, blind()


def writes(statements):
    """Return the statements that wrote what visitors may be shown and were not undone at once."""
    found, savepoints = [], {}
    for sql in statements:
        if sql.startswith("SAVEPOINT"):
            savepoints[sql.split()[-1]] = len(found)
        elif sql.startswith("ROLLBACK TO SAVEPOINT"):
            del found[savepoints[sql.split()[-1]] :]
        elif CONTENT.match(sql):
            found.append(sql)
    return found


def send(client, visitors, url, data):
    """Send a form and undo it; return the pages of which visitors see a difference."""
    with transaction.atomic():
        stamp = ContentVersion.stamp()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(url, data)
        assert answer.status_code < 500, url
        wrote = writes(query["sql"] for query in queries.captured_queries)
        changed = visitors.changed() if wrote or ContentVersion.stamp() != stamp else []
        transaction.set_rollback(True)
    return changed


def actions_of(client, model, subject):
    """Yield ``(name, data)`` for every action of a list, offered or not."""
    known = {"_selected_action": [subject.pk], "post": "yes", "confirmed": "1"}
    record_admin = admin.site._registry[model]
    for name in {*(record_admin.actions or ()), "delete_selected"}:
        if isinstance(name, str):
            yield name, {"action": name, "change_reason": CANARY, **known}


def try_everything(model, role):
    """Return what changed a public page, as a set of ``(page or action, state of the subject)``."""
    client, found, known = client_of(role), set(), known_values()
    for state, subject in subjects(model, role).items():
        visitors = Visitors(pages_about(subject))
        for page, name in pages_of(model).items():
            for url, data in tried(client, page_address(name, subject), known):
                if send(client, visitors, url, data):
                    found.add((page, state))
        changelist = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for name, data in actions_of(client, model, subject):
            if send(client, visitors, changelist, data):
                found.add((name, state))
    return found


def cases():
    """Yield those of each time, and for the long checks as many of the others as chance picks."""
    others = [pair for pair in itertools.product(MODELS, ROLES) if pair not in ALWAYS]
    picked = dice("alone").sample(others, min(len(others), SOME * TIMES))
    for pair in [*sorted(ALWAYS, key=name_of), *sorted(picked, key=name_of)]:
        marks = () if pair in ALWAYS else pytest.mark.long
        yield pytest.param(*pair, marks=marks, id=name_of(pair))


def name_of(pair):
    model, role = pair
    return f"{model.__name__}-{role}"


@pytest.mark.parametrize(("model", "role"), list(cases()))
def test_nobody_alone_changes_what_visitors_see(model, role):
    for page, state in try_everything(model, role):
        who, _why = ALONE.get(page, (set(), ""))
        assert role in who, f"{role} alone changes public pages by “{page}” of a {state} record"


def test_what_is_tried_is_no_nonsense():
    """The forms are filled in so that they are taken: as a proposal that holds the word."""
    client = signed_in("contributor")
    for model in (Source, PolicyDocument):
        record = public_record(model)
        options = model._meta
        url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
        for address, data in tried(client, url, known_values()):
            if "_save" in data and Proposal.objects.of(record).first() is None:
                client.post(address, data)
        assert CANARY in str(Proposal.objects.of(record).get().snapshot)


# Every address


def named_addresses(patterns, start=""):
    """Yield the name of every address of the URL configuration, and its pattern."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{start}{pattern.name}", pattern
        elif getattr(pattern, "namespace", None) != "admin":
            yield from named_addresses(pattern.url_patterns, start)


# What an address outside the admin takes by POST: it keeps nothing that others are shown.
TAKES_POST = {"set_language": "It sets a cookie of whoever asks."}


@pytest.mark.long
def test_no_address_outside_the_admin_writes_anything():
    given = {"slug": PolicyDocument.objects.public().first().slug, "token": "x", "section": "pages"}
    given |= {"language": "en", "key": "1", "kind": "document", "form": CSV}
    for name, pattern in named_addresses(get_resolver().url_patterns):
        if pattern.name is None:
            url = f"/{pattern.pattern}"
        else:
            parameters = pattern.pattern.converters
            url = reverse(name, kwargs={p: given[p] for p in parameters} or None)
        for role in ROLES:
            with CaptureQueriesContext(connection) as queries:
                answer = client_of(role).post(url, blind())
            # Without a page cache /readyz says of the database of a test that it is away.
            assert answer.status_code < 500 or pattern.name == "readyz", url
            assert not writes(q["sql"] for q in queries.captured_queries), url


@pytest.mark.long
def test_every_page_of_the_admin_belongs_to_a_model_or_writes_nothing():
    """What is no model's page is tried blindly: every role, every address."""
    document = PolicyDocument.objects.public().first()
    given = {"app_label": "catalog", "content_type_id": "1", "object_id": document.pk}
    of_models = {name for model in admin.site._registry for name in pages_of(model).values()}
    site_pages = [
        pattern
        for pattern in admin.site.get_urls()
        if isinstance(pattern, URLPattern) and pattern.name and pattern.name not in of_models
    ]
    assert len(site_pages) > 10
    for pattern in site_pages:
        route = pattern.pattern
        parameters = route.converters or route.regex.groupindex
        kwargs = {name: given.get(name, "review") for name in parameters}
        url = reverse(f"admin:{pattern.name}", kwargs=kwargs or None)
        for role in ROLES:
            if pattern.name in ("logout", "login"):
                continue
            client = client_of(role)
            with CaptureQueriesContext(connection) as queries:
                assert client.post(url, blind()).status_code < 500, url
            assert not writes(q["sql"] for q in queries.captured_queries), url


def test_only_administrators_rename_what_is_public():
    document = make_document(published=True)
    for role in STAFF:
        client = signed_in(role)
        url = reverse("admin:catalog_policydocument_change", args=[document.pk])
        with transaction.atomic():
            for _action, data in tries(client.get(url).content.decode(), known_values()):
                if "title_en" in data:
                    client.post(url, data | {"slug": CANARY})
            renamed = PolicyDocument.objects.filter(slug=CANARY).exists()
            transaction.set_rollback(True)
        assert renamed == (role in ALONE["rename"][0])
