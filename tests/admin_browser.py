"""The admin as a browser uses it: forms are read from their pages and sent back."""

from html.parser import HTMLParser

from django.contrib import admin
from django.urls import reverse

from futureind.publishing.models.records import Recorded
from futureind.publishing.models.revisions import Revision
from tests.our_apps import OUR_APPS

OURS = [model for model in admin.site._registry if model._meta.app_label in OUR_APPS]
RECORDED = [model for model in OURS if issubclass(model, Recorded)]


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


def act(client, model, action, records, **more):
    data = {"action": action, "_selected_action": [record.pk for record in records], **more}
    return client.post(address(model, "changelist"), data, follow=True)
