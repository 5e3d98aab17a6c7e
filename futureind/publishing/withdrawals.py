"""What the page of a withdrawn record (410) says: its last public name, and when it went."""

import copy
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F
from django.utils import timezone

from futureind.publishing.models.records import PublicationState, owner_of
from futureind.publishing.models.revisions import Revision

# The columns that a heading is made of.
NAMES = [
    f"{name}_{language}"
    for name in ("title", "name", "term", "statement")
    for language in ("en", "zh")
]


@dataclass(frozen=True)
class Withdrawal:
    """How a record was withdrawn: ``record`` under its last public name, and ``cause``.

    ``cause`` is the record that was withdrawn: this one itself, or one of its owners.
    """

    record: models.Model
    cause: models.Model
    day: date

    @property
    def is_by_itself(self):
        return self.cause == self.record


def withdrawal_of(record):
    """Return the Withdrawal of a record or part that is not public now, None if it never was."""
    named = copy.copy(record)
    chain = owner_of(named).decided_by
    if not all(link.was_published for link in chain):
        return None
    going = last_going(chain)
    if going is None:
        return None
    key, at, cause = going
    is_whole = take_names_of_then(named, chain, key)
    return Withdrawal(named, cause, timezone.localdate(at)) if is_whole else None


def last_going(chain):
    """Return ``(key of the revision, time, record)`` of what last ended the public state of all.

    ``chain`` holds a record and its owners; the revision is the newest one that took one of them
    off the public pages while all were published.
    """
    state_then = F("snapshot__fields__publication_state")
    versions = [
        (key, at, state, number)
        for number, link in enumerate(chain)
        for key, at, state in Revision.objects.of(link).values_list("pk", "created_at", state_then)
    ]
    found, states = None, dict.fromkeys(range(len(chain)))
    for key, at, state, number in sorted(versions):
        was_public = set(states.values()) == {PublicationState.PUBLISHED}
        states[number] = state
        if was_public and state != PublicationState.PUBLISHED:
            found = key, at, chain[number]
    return found


def take_names_of_then(record, chain, key):
    """Set a record and its owners to their names in that revision: later ones were never approved.

    Returns False for a part that did not exist then.
    """
    for link in chain:
        held = Revision.objects.of(link).filter(pk__lte=key).first().snapshot
        take_names(link, held["fields"])
        if link == owner_of(record) != record:
            row = row_in(held, link, record)
            if row is None:
                return False
            take_names(record, row["fields"])
    return True


def row_in(held, owner, part):
    """Return what a snapshot of the owner holds of a part, None where it was not there."""
    for name in owner.parts:
        if owner._meta.get_field(name).related_model is type(part):
            return next((r for r in held["parts"][name] if r["fields"]["slug"] == part.slug), None)
    return None


def take_names(record, columns):
    """Set the columns of a record's heading to what a snapshot says; returns the record."""
    for name in NAMES:
        if name in columns and hasattr(record, name):
            setattr(record, name, columns[name])
    return record
