"""Keeping the stored index close to the content, without anybody's command."""

from futureind.publishing.models.content_version import ContentVersion
from futureind.search.entries import (
    SearchEntry,
    definition_of_kind,
    indexed_models,
    is_outdated,
    write_all_entries,
)
from futureind.search.snapshots import (
    build_snapshot,
    forget_older_snapshots,
    is_being_built,
    newest_snapshot,
)

# So many newer entries cost each process 10 to 40 ms after every change; of large kinds one in a
# hundred, or the snapshot would be made anew all the time.
MANY_NEWER = 300
ONE_IN = 100

_state = {"number": None}


def renew():
    """Make entries of other code anew, and the snapshots that lack many of them.

    Costs one query while nothing changed. Whether entries are of other code is asked once: in the
    life of a process its code stays the same.
    """
    number = ContentVersion.current()
    if number == _state["number"]:
        return
    is_first = _state["number"] is None
    for model in indexed_models():
        if is_first and is_outdated(model):
            for _written in write_all_entries(model):
                pass
        kind = model.index_kind
        if is_due(kind) and not is_being_built(kind):
            build_snapshot(kind)
        else:
            forget_older_snapshots(kind)
    # What was written meanwhile is looked at in the next round.
    _state["number"] = number


def is_due(kind):
    """Tell whether the snapshot of a kind lacks so many entries that it is to be made anew."""
    entries, found = SearchEntry.objects.filter(kind=kind), newest_snapshot(kind)
    if found is None:
        return entries.count() > MANY_NEWER
    _pk, version, definition, _built_at = found
    if definition != definition_of_kind(kind):
        return True
    newer = entries.filter(version__gt=version).count()
    return newer > MANY_NEWER and newer > entries.count() / ONE_IN
