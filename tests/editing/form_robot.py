"""Somebody who fills in every form of a page, with every one of its buttons."""

from html.parser import HTMLParser

CANARY = "qzxcanary"
ADDRESS = f"https://{CANARY}.example/phish"
# Columns that are no text of anybody's: to change them tries something else, or nothing.
LEFT_ALONE = {
    *("csrfmiddlewaretoken", "opened_with", "proposal_version", "seen", "named_seen", "base"),
    *("last_revision", "slug", "action", "index", "select_across"),
}


class Forms(HTMLParser):
    """The forms of a page: ``found`` is a list of ``(action, values, buttons)``."""

    def __init__(self, html):
        super().__init__()
        self.found, self.form, self.select, self.area = [], None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name, value = attributes.get("name"), attributes.get("value", "")
        if tag == "form":
            self.form = (attributes.get("action", ""), {}, [])
            if attributes.get("method", "").lower() == "post":
                self.found.append(self.form)
        elif self.form is None or not name:
            if tag == "option" and self.select and self.form:
                self.choose(attributes)
        elif tag in ("input", "button"):
            self.read_input(name, value, attributes.get("type", "text"), attributes)
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            self.set(name, "")

    def read_input(self, name, value, kind, attributes):
        if kind in ("submit", "button", "image"):
            self.form[2].append((name, value or "1"))
        elif kind == "checkbox":
            # A box that is ticked already stays; one that deletes is a try of its own.
            if "checked" in attributes or not name.endswith("DELETE"):
                self.set(name, value or "on")
        elif kind == "radio":
            self.form[1].setdefault(name, [value])
        elif kind != "file":
            is_date = "vDateField" in attributes.get("class", "")
            is_kept = is_date or is_no_text(name, value, kind)
            self.set(name, value if is_kept else text_for(kind, value))

    def choose(self, attributes):
        if "selected" in attributes:
            self.set(self.select, attributes.get("value", ""))

    def handle_data(self, data):
        if self.area:
            values = self.form[1][self.area]
            values[-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area:
            values = self.form[1][self.area]
            values[-1] = f"{values[-1].strip()} {CANARY}".strip()
            self.area = None

    def set(self, name, value):
        self.form[1].setdefault(name, []).append(value)


def is_no_text(name, value, kind):
    last = name.rpartition("-")[2]
    is_number = bool(value) and value.replace("-", "").replace(".", "").isdigit()
    return kind in ("hidden", "number", "date", "time") or last in LEFT_ALONE or is_number


def text_for(kind, value):
    if kind == "url" or value.startswith(("http://", "https://")):
        return ADDRESS
    return f"{value} {CANARY}".strip()


def tries(html, known):
    """Yield ``(action, data)`` for every form of a page and each of its buttons.

    ``known`` are values for fields that a browser would fill by search boxes or calendars.
    """
    for action, values, buttons in Forms(html).found:
        if action.endswith(("/logout/", "/setlang/")):
            continue
        data = values | {
            name: value for name, value in known.items() if not any(values.get(name, ()))
        }
        for name, value in buttons or [("", "")]:
            yield action, {**data, name: value} if name else data
