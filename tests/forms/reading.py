"""Feeds and calendars as programs read them, by parsers that know nothing of the site."""

import re
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass
class ReadEntry:
    id: str
    title: str
    address: str
    updated: datetime
    summary: str


@dataclass
class ReadFeed:
    """A page of a feed; ``links`` is ``{relation: address}``."""

    id: str
    title: str
    language: str
    updated: datetime
    links: dict
    entries: list

    @property
    def slugs(self):
        return [entry.id.partition("#")[0].rpartition("/")[2] for entry in self.entries]


def text(element, name):
    found = element.findall(f"{ATOM}{name}")
    assert len(found) == 1, (name, len(found))
    return found[0].text or ""


def links_of(element):
    found = element.findall(f"{ATOM}link")
    links = {link.get("rel"): link.get("href") for link in found}
    assert len(links) == len(found)
    return links


def read_atom(body):
    """Return a ReadFeed; fails where the document lacks what RFC 4287 demands."""
    root = ElementTree.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    entries = [
        ReadEntry(
            text(one, "id"),
            text(one, "title"),
            links_of(one)["alternate"],
            datetime.fromisoformat(text(one, "updated")),
            text(one, "summary"),
        )
        for one in root.findall(f"{ATOM}entry")
    ]
    assert len({entry.id for entry in entries}) == len(entries)
    updated = datetime.fromisoformat(text(root, "updated"))
    return ReadFeed(
        text(root, "id"),
        text(root, "title"),
        root.get(XML_LANGUAGE),
        updated,
        links_of(root),
        entries,
    )


def path_of(address):
    """Return an address of the site as a client of tests asks for it."""
    return "/" + address.split("/", 3)[3]


def all_entries(client, path):
    """Return the entries of all pages of a feed, following ``next``."""
    found = []
    while path:
        response = client.get(path)
        assert response.status_code == 200, path
        feed = read_atom(response.content)
        found += feed.entries
        path = "next" in feed.links and path_of(feed.links["next"])
    return found


def read_calendar(body):
    """Return a list of events as dictionaries, names without parameters.

    Fails where lines are not as RFC 5545 demands.
    """
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    lines = body[:-2].split(b"\r\n")
    # Whole letters only, and no line is too long.
    assert all(len(line) <= 75 and line.decode() is not None for line in lines)
    unfolded = body.decode().replace("\r\n ", "").split("\r\n")[:-1]
    assert (unfolded[0], unfolded[1], unfolded[-1]) == (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR"),
    )
    assert sum(line.startswith("BEGIN:") for line in unfolded) > 1
    events, event = [], None
    for line in unfolded:
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            events.append(event)
            event = None
        elif event is not None:
            name, value = re.fullmatch(r"([A-Z-]+)(?:;[A-Z-]+=[^:;]+)*:(.*)", line).groups()
            assert name not in event
            event[name] = unescaped(value)
    assert len({event["UID"] for event in events}) == len(events)
    return events


def unescaped(value):
    signs = {"n": "\n", "N": "\n"}
    return re.sub(r"\\(.)", lambda found: signs.get(found[1], found[1]), value)


def calendar(client, path):
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return read_calendar(b"".join(response))
