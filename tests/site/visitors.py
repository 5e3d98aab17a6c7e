"""What visitors see of some pages, to be compared with what they see after a change."""

from django.test import Client
from django.urls import reverse

from futureind.publishing.models.records import Part, Recorded, owner_of
from futureind.publishing.usage import references, rows_of
from tests.editing.form_robot import CANARY


def pages_about(record):
    """Return addresses whose pages show a record, or what names it."""
    shown = ["/en/coverage/", f"/en/search.json?q={CANARY}"]
    # A proposal, a schedule or a note is about a record.
    about = getattr(record, "record", record)
    owner = owner_of(about) if isinstance(about, Recorded | Part) else None
    for seen in (owner, *named_by_public(owner)):
        if hasattr(seen, "get_absolute_url"):
            shown.append(seen.get_absolute_url())
            break
    if hasattr(owner, "url_name"):
        shown.append(reverse(f"{owner.url_name}-list").rstrip("/") + ".json")
    return shown


def named_by_public(record):
    """Yield the public records that name what has no page."""
    if record is None or hasattr(record, "get_absolute_url"):
        return
    for field in references(type(record)):
        owners = (owner_of(row) for row in rows_of(field, record)[:20])
        yield from (owner for owner in owners if getattr(owner, "is_public", False))


class Visitors:
    """What visitors see of some pages; asked for again only where something was written."""

    def __init__(self, addresses):
        self.addresses, self.client = addresses, Client()
        self.before = self.look()

    def look(self):
        return {address: self.client.get(address).content for address in self.addresses}

    def changed(self):
        """Return which pages differ, and which show the canary."""
        now = self.look()
        return [a for a in self.addresses if now[a] != self.before[a] or shows_canary(a, now[a])]


def shows_canary(address, content):
    # The search repeats what was asked for.
    return CANARY.encode() in content and CANARY not in address
