"""Atom: what changed, newest first, for programs that ask again and again.

Entries and feeds are those of RFC 4287, their pages those of RFC 5005.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from futureind.core.output_forms import OutputForm, register

# What no XML document may hold, not even escaped.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """An entry: what changed (``title``), where that is read, when it last changed, and how.

    ``id`` is an IRI that never changes and is the same in all languages; ``summary`` is HTML.
    """

    id: str
    title: str
    address: str
    updated: datetime
    summary: str


@dataclass(frozen=True)
class Feed:
    """One page of a feed.

    ``page`` is the address of what it is a feed of, ``address`` its own; ``others`` are those of
    other pages by their relation: ``first``, ``previous``, ``next``. ``updated`` is when the newest
    entry changed; ``author`` and ``rights`` hold for all entries.
    """

    id: str
    title: str
    language: str
    author: str
    rights: str
    page: str
    address: str
    others: dict
    updated: datetime
    entries: Sequence[Entry]


class FeedForm(OutputForm):
    """A format for feeds: ``write(feed)`` returns one page as one text."""

    is_announced = True

    def part_of(self, answer):
        return answer.feed

    def response(self, feed):
        return HttpResponse(self.write(feed), content_type=self.content_type)


class PagedAtom(Atom1Feed):
    """Django's Atom with links to other pages, and a time that only the content decides."""

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for relation, address in self.feed["others"].items():
            handler.addQuickElement("link", "", {"rel": relation, "href": address})

    def latest_post_date(self):
        # Django takes the time of the request for a feed without entries.
        return self.feed["updated"]


def atom_text(feed):
    """Return a page of a Feed as an Atom document."""
    written = PagedAtom(
        title=in_xml(feed.title),
        link=feed.page,
        description="",
        language=feed.language,
        author_name=feed.author,
        feed_url=feed.address,
        feed_copyright=feed.rights,
        feed_guid=feed.id,
        others=feed.others,
        updated=feed.updated,
    )
    for entry in feed.entries:
        written.add_item(
            title=in_xml(entry.title),
            link=entry.address,
            description=in_xml(entry.summary),
            unique_id=entry.id,
            updateddate=entry.updated,
        )
    return written.writeString("utf-8")


def in_xml(text):
    return NOT_IN_XML.sub("\ufffd", text)


ATOM = register(FeedForm("atom", "Atom", "application/atom+xml; charset=utf-8", atom_text))
