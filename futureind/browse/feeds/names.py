"""Names of records and pages that never change, the same in both languages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from futureind.publishing.models.records import owner_of

# From when on the names are ours (RFC 4151); not to be changed, or all entries seem to be new.
SINCE = "2026"


def place_of(address):
    """Return an address of a page without its language: ``targets/some-target/``."""
    _empty, _language, place = address.split("/", 2)
    return place


def permalink(record, slug=None):
    """Return the place of a record's permanent address; what has no page has one, too.

    Parameter: ``slug``, by which it was known, its own where None.
    """
    return place_of(reverse(record.url_name, args=[slug or record.slug])).rstrip("/")


def first_slug(record, seen):
    """Return the slug by which readers came to know a record; renaming leaves it as it was.

    Parameter: ``seen``, its revisions that readers saw, oldest first. A part has its own slug.
    """
    return seen[0].slug if seen and owner_of(record) is record else None


def host():
    return urlsplit(settings.SITE_URL).hostname


def tag(place):
    """Return the name of what is at a place, as entries of a feed have it (RFC 4151)."""
    return f"tag:{host()},{SINCE}:{place}"


def tag_of(record, slug=None):
    return tag(permalink(record, slug))


def uid_of(record, slug=None):
    """Return the name of a record as events of a calendar have it (RFC 7986)."""
    return f"{permalink(record, slug)}@{host()}"
