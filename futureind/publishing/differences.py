"""What differs between two versions of a record, in words that an editor reads."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from futureind.publishing.snapshots import NOTHING, field_named, key_columns, pairs

# Texts are compared word by word, Chinese ones character by character.
WORDS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
# Longer pairs of texts would take seconds; they are shown as replaced.
COMPARABLE = 4_000_000


class Kind(models.TextChoices):
    """How a column or a part differs."""

    ADDED = "added", _("added")
    REMOVED = "removed", _("removed")
    CHANGED = "changed", _("changed")


@dataclass(frozen=True)
class Difference:
    """A column, or a part as a whole, in which two versions differ.

    ``path`` names it from the outside in, such as ``("Tracks", "beijing--quantum", "Order")``;
    ``before`` and ``after`` are texts, both empty for a part that came or went as a whole, which
    says in ``holds`` what it holds, as pairs of a label and a text.
    """

    path: tuple[str, ...]
    kind: Kind
    before: str = ""
    after: str = ""
    holds: tuple[tuple[str, str], ...] = ()

    @cached_property
    def pieces(self):
        """Both texts cut where they differ, each as pairs of a text and whether it differs."""
        return pieces(self.before, self.after)


def differences(before, after, model, path=()):
    """Return the list of :class:`Difference` from one snapshot of a model to the next.

    A snapshot has the shape of :func:`futureind.publishing.snapshots.snapshot`; None stands for
    a version that does not exist.
    """
    before, after = before or NOTHING, after or NOTHING
    found = []
    # That a part belongs to its owner goes without saying.
    owner = getattr(model, "owner_field", None)
    for name in {**before["fields"], **after["fields"]}:
        if name == owner:
            continue
        was, now = before["fields"].get(name), after["fields"].get(name)
        if was != now and not (is_empty(was) and is_empty(now)):
            found.append(column_difference(model, name, was, now, path))
    for _name, of, was, now in pairs(model, before, after):
        found += part_differences(of, was, now, path)
    return found


def column_difference(model, name, was, now, path):
    kind = Kind.ADDED if is_empty(was) else Kind.REMOVED if is_empty(now) else Kind.CHANGED
    field = field_named(model, name)
    label = label_of(field, name)
    return Difference((*path, label), kind, shown(was, field), shown(now, field))


def label_of(field, name):
    """Return what people call a column, its name where it is gone."""
    return capfirst(str(field.verbose_name)) if field else name


def part_differences(model, was, now, path):
    """Compare a part of two versions; None where one has no such."""
    here = (*path, *part_name(now or was, model))
    if was is None:
        return [Difference(here, Kind.ADDED, holds=holds(now, model))]
    if now is None:
        return [Difference(here, Kind.REMOVED, holds=holds(was, model))]
    return differences(was, now, model, here)


def part_name(part, model):
    """Return how the path of a difference names a part: its kind, and which one it is."""
    which = (
        shown(part["fields"].get(name), field_named(model, name)) for name in key_columns(model)
    )
    return capfirst(str(model._meta.verbose_name_plural)), " · ".join(which)


def holds(part, part_model):
    """Return what a part holds, with the parts of its own, as pairs of a label and a text."""
    return tuple(
        (
            " › ".join(difference.path),
            difference.after or ", ".join(f"{label} {text}" for label, text in difference.holds),
        )
        for difference in differences(None, part, part_model)
    )


def is_empty(value):
    return value in (None, "", [])


def shown(value, field=None):
    """Return a value of a snapshot as text: choices by their label, lists joined."""
    if is_empty(value):
        return ""
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value, value))


def pieces(before, after):
    """Cut two texts where they differ.

    Returns two lists, for the text before and the one after, of pairs of a piece and whether it
    differs from the other text.
    """
    was, now = WORDS.findall(before), WORDS.findall(after)
    if not was or not now or len(was) * len(now) > COMPARABLE:
        return [(before, True)], [(after, True)]
    cut_before, cut_after = [], []
    for change, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if i < j:
            cut_before.append(("".join(was[i:j]), change != "equal"))
        if k < m:
            cut_after.append(("".join(now[k:m]), change != "equal"))
    return cut_before, cut_after


def revisions_with_differences(revisions, before=None):
    """Return ``(revision, differences)`` pairs for consecutive revisions, newest first.

    ``before`` is the revision that precedes the last of them, None where that is the first.
    """
    older = [*revisions[1:], before]
    return [
        (
            revision,
            differences(
                previous.snapshot if previous else None,
                revision.snapshot,
                revision.content_type.model_class(),
            ),
        )
        for revision, previous in zip(revisions, older, strict=True)
    ]
