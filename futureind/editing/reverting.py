"""Reverting a record to an earlier revision, by a proposal."""

from futureind.publishing.applying import WORKFLOWS_OWN
from futureind.publishing.models.revisions import Origin
from futureind.publishing.proposals import propose
from futureind.publishing.snapshots import snapshot


def revert(record, revision, user, note=""):
    """Propose that a record holds again what it held in an earlier revision.

    Later parts with pages of their own are kept, since their addresses must go on working.
    """
    return propose(record, earlier_snapshot(record, revision), user, note, Origin.REVERT)


def earlier_snapshot(record, revision):
    """Return what a record would hold as in an earlier revision."""
    held = snapshot(record)
    wanted = with_known_parts(revision.snapshot, held, type(record))
    return with_workflows_own(wanted, held)


def with_workflows_own(wanted, held):
    """Return a snapshot with the slug and state of another one, which no proposal changes."""
    own = {name: held["fields"][name] for name in WORKFLOWS_OWN if name in held["fields"]}
    return {**wanted, "fields": wanted["fields"] | own}


def with_known_parts(wanted, held, model):
    """Return a snapshot with the parts of another one that have pages of their own."""
    parts = dict(wanted["parts"])
    for name in model.parts:
        part_model = model._meta.get_field(name).related_model
        if hasattr(part_model, "get_absolute_url"):
            keys = [part["fields"]["slug"] for part in parts.get(name, [])]
            later = [p for p in held["parts"].get(name, []) if p["fields"]["slug"] not in keys]
            parts[name] = [*parts.get(name, []), *later]
    return {**wanted, "parts": parts}
