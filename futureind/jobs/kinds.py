"""Kinds of jobs: each is registered by the app that does the work."""

from collections.abc import Callable
from dataclasses import dataclass

# The registered kinds by name.
KINDS = {}


@dataclass(frozen=True)
class JobKind:
    """A kind of work.

    ``do(job)`` does it and returns a message; it raises ValidationError with what is wrong for
    people. ``links(subjects)`` returns ``{subject: (address, text)}``, where in the admin the
    subjects of jobs are seen; ``subjects`` are the primary keys that their jobs name.
    """

    name: str
    label: str
    do: Callable
    links: Callable


def register(kind):
    """Let jobs be of a kind. Returns the kind."""
    KINDS[kind.name] = kind
    return kind


def choices():
    """Return the registered kinds as choices of a column."""
    return [(kind.name, kind.label) for kind in KINDS.values()]
