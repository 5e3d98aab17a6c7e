"""The feeds of lists, of records and of all changes: which entries they have, and their pages."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from futureind.browse.addresses import with_query
from futureind.browse.feeds.names import first_slug, place_of, tag, tag_of
from futureind.browse.feeds.words import differences_of, in_words
from futureind.browse.headings import heading
from futureind.core.atom import Entry, Feed
from futureind.core.bilingual import active_language
from futureind.publishing.models.records import Part, owner_of
from futureind.publishing.models.revisions import Revision
from futureind.publishing.public_history import (
    TELLING,
    ChangeKind,
    public_changes,
    public_revisions_of_each,
)

# Entries of a page.
PAGE_SIZE = 100
# When a feed without entries last changed.
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
LICENCE = "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/"


def feed_of(view, title, entries, number, has_next):
    """Return one page of the Feed of a public page.

    Parameters: ``view``, the PublicPage as it was asked for the feed; ``title`` of the page;
    ``entries`` of the feed's page with that ``number``; ``has_next``, whether there are older ones.
    """

    def at(number):
        return settings.SITE_URL + view.address(page=str(number) if number > 1 else None, sort=None)

    query = view.query(page=None, sort=None)
    page = view.request.path.rpartition(".")[0] + "/"
    others = {"first": at(1)}
    if number > 1:
        others["previous"] = at(number - 1)
    if has_next:
        others["next"] = at(number + 1)
    return Feed(
        id=tag(with_query(place_of(view.request.path), query)),
        title=" · ".join([title, _("Future Industries Tracker")]),
        language=active_language(),
        author=_("Future Industries Tracker"),
        rights=LICENCE,
        page=settings.SITE_URL + with_query(page, query),
        address=at(number),
        others=others,
        updated=max((entry.updated for entry in entries), default=BEGINNING),
        entries=entries,
    )


def with_owners(model):
    """Return the records of a model with those whose history is theirs, and whose state decides."""
    if issubclass(model, Part):
        path, owner = [model.owner_field], model._meta.get_field(model.owner_field).related_model
    else:
        path, owner = [], model
    names = ["__".join([*path, *name]) for name in [[], *([n] for n in owner.public_owners)]]
    records = model.objects.all()
    return records.select_related(*filter(None, names)) if any(names) else records


def entries_of_records(records):
    """Return an Entry for each of some public records, with its newest change; few queries."""
    versions = public_revisions_of_each(records)
    newest = [seen[-1].pk for seen in versions if seen]
    changes = {
        (change.revision.content_type_id, change.record.pk): change
        for change in public_changes(Revision.objects.filter(pk__in=newest))
    }
    return [
        entry_of_record(record, changes.get(key_of(owner_of(record))), first_slug(record, seen))
        for record, seen in zip(records, versions, strict=True)
    ]


def key_of(record):
    return ContentType.objects.get_for_model(record).pk, record.pk


def entry_of_record(record, change, slug):
    """Return the Entry of a record.

    Parameters: ``change``, its newest PublicChange, None where it has none; ``slug``, as
    :func:`first_slug` returns it.
    """
    owner, kind = owner_of(record), change.kind if change else ChangeKind.ADDED
    since, differences = owner.recorded_at, differences_of(record, change) if change else []
    # What changed may be another part of the same record.
    is_beside = kind in TELLING and not differences
    return Entry(
        id=tag_of(record, slug),
        title=heading(record).plain,
        address=settings.SITE_URL + record.get_absolute_url(),
        updated=max(filter(None, [since, change and change.at]), default=BEGINNING),
        summary=in_words(owner if is_beside else record, kind, differences),
    )


def revisions_to_tell(records):
    """Return the keys of the revisions of some records that readers saw, newest first."""
    found = public_revisions_of_each(records)
    return sorted({revision.pk for revisions in found for revision in revisions}, reverse=True)


def entries_of_history(record, keys):
    """Return an Entry for each change of a record or part, and of what its page holds.

    Parameter: ``keys``, those of the revisions. What changed only beside a part is left out.
    """
    owner = owner_of(record)
    entries = []
    for change in public_changes(Revision.objects.filter(pk__in=keys).order_by("-id")):
        about = record if key_of(change.record) == key_of(owner) else change.record
        differences = differences_of(about, change)
        is_of_part = about is record is not owner
        if differences or not is_of_part or change.kind not in TELLING:
            entries.append(entry_of_change(about, change, differences))
    return entries


def entries_of_changes(changes):
    """Return an Entry for each PublicChange."""
    return [entry_of_change(change.record, change, change.differences) for change in changes]


def entry_of_change(record, change, differences):
    """Return the Entry of one change of a record."""
    kind = capfirst(str(change.kind.label))
    # As it was called then, which no later change makes another.
    slug = None if owner_of(record) is not record else change.revision.snapshot["fields"]["slug"]
    return Entry(
        id=f"{tag_of(record, slug)}#{change.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        title=_(": ").join([kind, heading(record).plain]),
        address=settings.SITE_URL + record.get_absolute_url(),
        updated=change.at,
        summary=in_words(record, change.kind, differences),
    )
