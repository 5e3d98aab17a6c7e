"""Keeps the stored snapshots of the index up to date; run by the worker."""

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
    has_replaced_snapshots,
    is_being_built,
    newest_snapshot,
)

# So many newer entries cost each process 10 to 40 ms after every change; of large kinds one in a
# hundred, or the snapshot would be made anew all the time.
MANY_NEWER = 300
ONE_IN = 100

# Up to which content version all was looked at, and whether something is left to do.
_state = {"number": None, "is_done": True}


def renew():
    """Rewrite entries that were made by other code, and snapshots that lack many entries.

    Costs one query while nothing changed and nothing is left to do. Entries are compared with the
    code once, when the worker starts: during a deployment, workers of two versions would otherwise
    rewrite each other's entries for ever.
    """
    number, seen = ContentVersion.current(), _state["number"]
    if number == seen and _state["is_done"]:
        return
    is_done = True
    for model in indexed_models():
        kind = model.index_kind
        if seen is None and is_outdated(model):
            for _written in write_all_entries(model):
                pass
        if not is_due(kind):
            forget_older_snapshots(kind)
        elif is_being_built(kind):
            is_done = False
        else:
            build_snapshot(kind)
    # What was written meanwhile is looked at in the next round.
    _state.update(number=number, is_done=is_done and not has_replaced_snapshots())


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
