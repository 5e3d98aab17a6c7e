"""Somebody on staff who sends what no form offers: numbers, choices, keys and characters.

The addresses are those of the admin, the forms those that its pages hold, read as a browser does.
"""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.apps import apps
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from futureind.desk.queues import QUEUES
from futureind.publishing.models.records import Part, owner_model, public_condition
from futureind.publishing.models.slugged import Publishable
from tests.chance import dice

NUMBERS = ["", "0", "-1", "1", "1.5", "1e9", "2000", "300000000", *("9" * n for n in (18, 19, 30))]
TEXTS = [
    *(
        "9" * 5000,
        "abc",
        "\x00",
        "a\x00b",
        "\ud800",
        "a\udfff",
        "٣",
        "１２",
        "😀",
        "[]",
        "{}",
        "null",
    ),
    *("0001-01-01", "9999-99-99", "2024-02-31", "12:99", "' OR 1=1 --", "<script>", "a" * 3000),
    *("../../etc", "%00", "catalog.target:1", "catalog.target:" + "9" * 40, "word " * 400),
]
NASTY = NUMBERS + TEXTS
# Parameters that pages of the admin read, beside those of their links.
PARAMETERS = [
    *("q", "p", "o", "all", "e", "page", "show", "outcome", "format", "kind", "from", "to"),
    *("proposal", "revision", "next", "_to_field", "_popup", "_changelist_filters", "term"),
    *("app_label", "model_name", "field_name", "region", "plan", "document", "sources", "id"),
    *("id__in", "pk__gte", "url__startswith", "slug__regex", "name_en__iregex", "_facets"),
    *("issued_date__year", "issued_date__month", "issued_date__day", "checked_on__year"),
    *("created_at__year", "issued_date__year__gte", "issued_date__iso_year", "id__range"),
]
# Buttons that Django's admin knows, though no page of ours shows them.
HIDDEN_BUTTONS = ["_saveasnew", "_addanother", "_continue", "_popup", "_to_field"]
# What is written whoever asks: that somebody was there, or failed.
TRACES = ("django_session", "django_admin_log", "axes_", "accounts_securityevent", "sqlite_")
WRITES = re.compile(r'^\s*(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "(\w+)"')


class Forms(HTMLParser):
    """All forms of a page: where each is sent to, what it would send, what its choices are."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.links, self.form, self.select = [], [], None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        name, value = found.get("name"), found.get("value") or ""
        if tag == "a" and "?" in found.get("href", ""):
            self.links.append(found["href"])
        elif tag == "form":
            self.form = {
                "action": found.get("action") or "",
                "post": found.get("method", "").lower() == "post",
                "fields": {},
                "choices": {},
                "buttons": [],
            }
            self.forms.append(self.form)
        elif self.form is None or not (name or tag == "option"):
            return
        elif found.get("type") == "submit" or tag == "button":
            self.form["buttons"].append((name, value))
        elif tag == "input" or tag == "textarea":
            self.form["choices"].setdefault(name, []).append(value)
            self.form["fields"].setdefault(name, []).append(value)
        elif tag == "select":
            self.select = name
            self.form["fields"].setdefault(name, [])
        elif tag == "option" and self.select:
            self.form["choices"].setdefault(self.select, []).append(value)
            if "selected" in found:
                self.form["fields"][self.select].append(value)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None


def routes(patterns=None, start="/admin/"):
    """Yield every address of the admin, with the names of its parameters in angle brackets."""
    if patterns is None:
        [patterns] = [
            p.url_patterns for p in get_resolver().url_patterns if str(p.pattern) == "admin/"
        ]
    for pattern in patterns:
        route = start + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        elif "(" not in route:
            yield route


def example_of(route, values):
    """Return an address for a route, whose parameters are the first of what there is."""
    app, _slash, rest = route.removeprefix("/admin/").partition("/")
    models = {(m._meta.app_label, m._meta.model_name): m for m in admin.site._registry}
    model = models.get((app, rest.partition("/")[0]))
    key = model._base_manager.values_list("pk", flat=True).first() if model else None
    given = {"language": "en", **values}
    if model:
        given |= {"object_id": key or 1, "pk": key or 1, "id": key or 1}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(given.get(found[1], 1)), route)


def addresses():
    """Return an example of every address of the admin."""
    from catalog.models import Target

    values = {
        "label": "catalog.target",
        "key": Target.objects.values_list("pk", flat=True).first(),
        "name": QUEUES[0].name,
        "content_type_id": 1,
    }
    found = {example_of(route, values) for route in routes()}
    found |= {f"/admin/work/{queue.name}/" for queue in QUEUES}
    return sorted(found - {"/admin/logout/"})


class Forger:
    """Sends forged requests under one account and notes what went wrong.

    Parameters: ``user``, whose account; ``name`` of its dice; ``watch``, to look after each form
    whether it changed what is public. ``failures`` holds every request that was answered with an
    error of the server, ``written`` the tables that were written to and by which form first,
    ``published`` the forms that changed what is public.
    """

    def __init__(self, user, name, *, watch=False):
        self.public = public_rows() if watch else None
        self.published = []
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.chance = dice(f"forger {name}")
        self.failures, self.written, self.sent = [], {}, 0
        self.pages = {}

    def page(self, address):
        if address not in self.pages:
            answer = self.client.get(address)
            self.judge("GET", address, "", answer)
            is_page = answer.status_code == 200 and "html" in answer.get("Content-Type", "")
            self.pages[address] = Forms(answer.content.decode() if is_page else "")
        return self.pages[address]

    def judge(self, method, address, body, answer):
        self.sent += 1
        if answer.status_code >= 500:
            error = getattr(answer, "exc_info", None)
            self.failures.append(
                (
                    answer.status_code,
                    method,
                    address[:300],
                    body[:600],
                    repr(error and error[1])[:300],
                )
            )

    def ask(self, address):
        """Send one forged address."""
        page, chance = self.page(address), self.chance
        asked = dict(parse_qsl(urlsplit(chance.choice(page.links)).query)) if page.links else {}
        for name in chance.sample([*PARAMETERS, *asked], chance.choice([1, 1, 2, 4])):
            asked[name] = chance.choice(NASTY)
        if chance.random() < 0.2:
            address = re.sub(
                r"/\d+/",
                f"/{chance.choice(['0', '9' * 19, '9' * 5000, '_00', 'abc'])}/",
                address,
                count=1,
            )
        url = f"{address}?{urlencode(asked, errors='surrogatepass')}"[:8000]
        with self.undone():
            self.judge("GET", url, "", self.client.get(url))

    def send(self, address):
        """Send one forged form of a page; tell whether it has any."""
        chance = self.chance
        forms = [
            form
            for form in self.page(address).forms
            if form["post"] and "logout" not in form["action"]
        ]
        if not forms:
            return False
        form = chance.choice(forms)
        data = {name: list(values) for name, values in form["fields"].items()}
        self.forge(data, form["choices"])
        if form["buttons"]:
            name, value = chance.choice(form["buttons"])
            if name:
                data[name] = [value]
        if chance.random() < 0.1:
            data[chance.choice(HIDDEN_BUTTONS)] = ["1"]
        url = urljoin(address, form["action"])
        body = urlencode(data, doseq=True, errors="surrogatepass")
        with self.undone() as written:
            answer = self.client.post(url, body, content_type="application/x-www-form-urlencoded")
            self.judge("POST", url, body, answer)
            if self.public and written and public_rows() != self.public:
                self.published.append((url, body[:600]))
        for table in written:
            self.written.setdefault(table, (url, body[:600]))
        return True

    def forge(self, data, choices):
        """Put what does not belong there into some fields; half the time only into counts."""
        chance = self.chance
        counts = [name for name in data if name.endswith("_FORMS")]
        some = counts if counts and chance.random() < 0.3 else list(data)
        for name in chance.sample(some, min(len(some), chance.choice([1, 1, 2, 3, 8]))):
            kind = chance.random()
            if kind < 0.6:
                data[name] = [chance.choice(NASTY)]
            elif kind < 0.8 and choices.get(name):
                data[name] = [chance.choice(choices[name])]
            elif kind < 0.9:
                data[name] = data[name] * 2 + [chance.choice(NASTY)]
            else:
                del data[name]

    def undone(self):
        return Undone()

    def go_on(self, number):
        """Send so many requests more, to all addresses in turn."""
        end, found = self.sent + number, addresses()
        self.chance.shuffle(found)
        while self.sent < end:
            for address in found:
                if self.sent >= end:
                    break
                if not (self.chance.random() < 0.7 and self.send(address)):
                    self.ask(address)


def public_rows():
    """Return what public records and their parts hold, by model."""
    return {
        model: list(model._base_manager.filter(public_condition(model)).order_by("pk").values())
        for model in apps.get_models()
        if issubclass(model, Part) and issubclass(owner_model(model), Publishable)
    }


class Undone:
    """A block whose changes are undone; yields the tables that were written to meanwhile."""

    def __enter__(self):
        self.tables = set()
        self.wrapper = connection.execute_wrapper(self.note)
        self.wrapper.__enter__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        return self.tables

    def note(self, execute, sql, params, many, context):
        if (found := WRITES.match(sql)) and not found[1].startswith(TRACES):
            self.tables.add(found[1])
        return execute(sql, params, many, context)

    def __exit__(self, *error):
        transaction.set_rollback(True)
        self.transaction.__exit__(*error)
        self.wrapper.__exit__(*error)
