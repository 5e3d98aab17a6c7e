"""Completions while a name is typed, and suggestions where a search found nothing."""

import difflib
import functools

from futureind.publishing.models.content_version import ContentVersion
from futureind.search.entries import SearchEntry
from futureind.search.text import name_key, normalised
from futureind.search.vocabulary import sounds_of

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


@functools.lru_cache(maxsize=2)
def named_records_at(stamp, kinds):
    """Return ``[(kind, primary key, (key of a name, …)), …]`` of the kinds, in their order."""
    entries = SearchEntry.objects.filter(kind__in=kinds, removed=False).order_by("object_id")
    rows = [
        (kind, pk, tuple(map(name_key, (*names.splitlines(), *aliases.splitlines()))))
        for kind, pk, names, aliases in entries.values_list("kind", "object_id", "names", "aliases")
    ]
    return sorted(rows, key=lambda row: kinds.index(row[0]))


def record_named(text, kinds):
    """Return ``(kind, primary key)`` of the first record that bears a text as a name, or None."""
    wanted = name_key(text)
    rows = named_records_at(ContentVersion.stamp(), tuple(kinds)) if wanted else []
    return next(((kind, pk) for kind, pk, keys in rows if wanted in keys), None)


def completing(text, kinds):
    """Return ``(kind, primary key)`` of at most 8 records whose names a text may become.

    First those of which a name begins with it, then those that are typed so in pinyin, then those
    of which a name holds it; of equal ones, those with the shorter name.
    """
    wanted = name_key(text)
    if not wanted:
        return []
    found = []
    for kind, pk, keys in named_records_at(ContentVersion.stamp(), tuple(kinds)):
        ranks = [rank for key in keys if (rank := rank_of(wanted, key)) is not None]
        if ranks:
            found.append((min(ranks), len(found), (kind, pk)))
    return [record for _rank, _place, record in sorted(found)[:SHOWN]]


def rank_of(wanted, key):
    """Return what sorts a name among those that a text may become, None for others.

    Both are keys (:func:`name_key`): blanks and hyphens say nothing.
    """
    if key.startswith(wanted):
        return 0, len(key)
    if wanted.isascii() and any(sound.startswith(wanted) for sound in sounds_of(key)):
        return 1, len(key)
    return (2, len(key)) if wanted in key else None


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
