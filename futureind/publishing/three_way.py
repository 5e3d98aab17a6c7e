"""Three-way merge of two snapshots of a record that are based on the same revision.

Nothing is merged silently: columns that only one side changed are merged where somebody says so; a
column that both changed is a conflict, which somebody resolves.
"""

import hashlib
import json
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from futureind.publishing.applying import WORKFLOWS_OWN, content_of
from futureind.publishing.differences import label_of, part_name, shown
from futureind.publishing.snapshots import NOTHING, field_named, pairs


class Side(models.TextChoices):
    """Whose value of a column is taken."""

    THEIRS = "theirs", _("as it stands now")
    OURS = "ours", _("as proposed")


@dataclass(frozen=True)
class Conflict:
    """A column, or a part as a whole, that both sides changed; the values are texts."""

    name: str
    path: tuple[str, ...]
    base: str
    theirs: str
    ours: str
    chosen: str = ""


@dataclass
class ThreeWay:
    """The result of a merge: the merged snapshot, and its conflicts."""

    snapshot: dict
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def is_settled(self):
        return all(conflict.chosen for conflict in self.conflicts)


def merge(base, theirs, ours, model, choices=None):
    """Return the :class:`ThreeWay` of two snapshots with a common base.

    Parameters: ``choices``, which side is taken, by the name of a conflict; where nobody chose, it
    stays as it stands now.
    """
    merger = Merger(choices or {})
    return ThreeWay(merger.rows(base, theirs, ours, model, ()), merger.conflicts)


class Merger:
    """One merge; ``conflicts`` collects what both sides changed."""

    def __init__(self, choices):
        self.choices = choices
        self.conflicts = []

    def rows(self, base, theirs, ours, model, path):
        base = base or NOTHING
        own = {model.owner_field} if hasattr(model, "owner_field") else WORKFLOWS_OWN
        fields = {}
        for name in {**theirs["fields"], **ours["fields"]}:
            # A column that is newer than a version says nothing there.
            was, now = base["fields"].get(name), theirs["fields"].get(name)
            wanted = ours["fields"].get(name, now)
            if name in own or wanted in (was, now):
                fields[name] = now if name in theirs["fields"] else wanted
            elif now == was:
                fields[name] = wanted
            else:
                column = field_named(model, name)
                texts = [shown(value, column) for value in (was, now, wanted)]
                side = self.choose((*path, label_of(column, name)), texts)
                fields[name] = wanted if side == Side.OURS else now
        parts = {name: [] for name in {**theirs["parts"], **ours["parts"]}}
        for name, of, now, wanted, was in pairs(model, theirs, ours, base):
            if now is not None or wanted is not None:
                part = self.part(was, now, wanted, of, (*path, *part_name(now or wanted, of)))
                parts[name] += [part] if part is not None else []
        return {"fields": fields, "parts": parts}

    def part(self, was, now, wanted, model, path):
        """Return a part of both sides together, None where it goes."""
        if same(wanted, now, model) or same(wanted, was, model):
            return now
        if same(now, was, model):
            return wanted
        if now is not None and wanted is not None:
            return self.rows(was, now, wanted, model, path)
        texts = [_("there"), *(_("changed") if side else _("removed") for side in (now, wanted))]
        return wanted if self.choose(path, list(map(str, texts))) == Side.OURS else now

    def choose(self, path, texts):
        text = json.dumps([str(step) for step in path], ensure_ascii=False)
        name = "take-" + hashlib.sha256(text.encode()).hexdigest()[:16]
        chosen = self.choices.get(name, "")
        chosen = chosen if chosen in Side.values else ""
        self.conflicts.append(Conflict(name, path, *texts, chosen))
        return chosen


def same(one, other, model):
    if one is None or other is None:
        return one is other
    return content_of(one, model) == content_of(other, model)
