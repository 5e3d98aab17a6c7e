"""Completions while a name is typed, and suggestions where a search found nothing."""

import difflib
import functools

from futureind.publishing.models.content_version import ContentVersion
from futureind.search.entries import SearchEntry
from futureind.search.text import initials, normalised

# Below this likeness two names are strangers (difflib's ratio, 0 to 1).
LIKENESS = 0.75
# What is offered where nothing was found may be less like it.
LESS_LIKE = 0.5
SHOWN = 8


@functools.lru_cache(maxsize=2)
def names_at(stamp, kinds):
    """Return the names and aliases of the kinds, as compared, shortest first, each once."""
    entries = SearchEntry.objects.filter(kind__in=kinds, removed=False)
    found = {
        name
        for lines in entries.values_list("names", "aliases")
        for names in lines
        for name in names.splitlines()
    }
    return sorted(found, key=lambda name: (len(name), name))


def names_of(kinds):
    return names_at(ContentVersion.stamp(), tuple(kinds))


def completions(text, kinds):
    """Return names that begin with a text, hold it, or have it as pinyin initials, at most 8."""
    wanted = normalised(text).strip()
    if not wanted:
        return []
    names = names_of(kinds)
    beginning = [name for name in names if name.startswith(wanted)]
    holding = [name for name in names if wanted in name and not name.startswith(wanted)]
    spelt = [name for name in names if wanted.isascii() and initials(name).startswith(wanted)]
    return list(dict.fromkeys([*beginning, *holding, *spelt]))[:SHOWN]


def near_miss(text, kinds):
    """Return the name most like a text that is no name itself, or None."""
    wanted = normalised(text).strip()
    alike = near_misses(text, kinds, LIKENESS)
    return max(alike, key=lambda name: likeness(wanted, name), default=None)


def near_misses(text, kinds, cutoff=LESS_LIKE):
    """Return at most five names that are like a text and no name themselves."""
    wanted = normalised(text).strip()
    found = difflib.get_close_matches(wanted, names_of(kinds), n=5, cutoff=cutoff)
    return [name for name in found if name != wanted]


def likeness(wanted, name):
    """Return how like two texts are; of equally like ones, those with more letters in place."""
    in_place = sum(one == other for one, other in zip(wanted, name, strict=False))
    return difflib.SequenceMatcher(None, wanted, name).ratio(), in_place
