"""The rows of a plan's table written as tracks and mappings, in few queries however many."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import CharField, Max, Value
from django.db.models.functions import Cast, Concat
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from catalog.models import Basis, Match
from futureind.publishing.models.records import Confidence
from futureind.publishing.models.slugs import SLUG_LENGTH, FormerSlug
from regions.models import Track, TrackFieldMapping, TrackTechnologyMapping
from regions.tracks.table import tracks_to_edit

COLUMNS = ("order", "tier", "name_zh", "name_en", "locator_zh")


def write_rows(plan, rows, vocabulary, *, source, confirm=False):
    """Make the tracks of a plan say what the rows say.

    Parameters: ``rows``, the filled and valid rows of the table; ``source``, where new tracks were
    read, None for tracks that are still to be verified; ``confirm``, tracks of the rows that were
    still to be verified have been read there as well. Tracks that no row names stay as they are.

    Returns how many tracks were added, changed and removed. Works inside the caller's transaction.
    Raises ValidationError where a removed track has others below it, and for repetitions.
    """
    tracks = {track.pk: track for track in tracks_to_edit(plan)}
    removed = [pk_of(row) for row in rows if row.removed]
    kept = [row for row in rows if not row.removed]
    refuse_repetitions(kept, tracks)
    removed = remove(plan, [pk for pk in removed if pk in tracks])
    changed = {track.pk for track in change_columns(plan, kept, tracks)}
    if source:
        read = [row for row in kept if confirm or row.cleaned_data.get("is_typed_anew")]
        known = [tracks[pk] for row in read if (pk := pk_of(row)) in tracks]
        changed |= confirm_tracks(known, source)
    added = add(plan, kept, tracks, source)
    for row, track in added:
        tracks[track.pk] = track
        row.cleaned_data["track"] = track.pk
    remapped = set()
    for write in (field_plan(vocabulary), technology_plan(vocabulary)):
        remapped |= write_mappings(kept, tracks, *write)
    changed |= remapped - {track.pk for _row, track in added}
    return len(added), len(changed), removed


def follow_changes(plan, rows):
    """Let rows that were typed before somebody else saved the plan mean its tracks of today.

    A new row that another person, or the same one, has saved meanwhile means that track. Raises
    ValidationError for rows whose track was removed.
    """
    tracks = {track.pk: track for track in plan.tracks.all()}
    kept = [row for row in rows if not row.removed]
    if gone := [row for row in kept if pk_of(row) is not None and pk_of(row) not in tracks]:
        names = ", ".join(row.cleaned_data["name_zh"] for row in gone)
        raise ValidationError(
            _(
                "Somebody removed this meanwhile: %(names)s. Remove the row here as well, or enter "
                "the track anew in a row of its own."
            ),
            params={"names": names},
        )
    named = {pk_of(row) for row in rows}
    new = {(t.tier, t.name_zh): pk for pk, t in tracks.items() if pk not in named}
    for row in kept:
        if pk_of(row) is None:
            row.cleaned_data["track"] = new.pop(tier_and_name(row), None)
            # Read in the source of new tracks, also where somebody else entered it without one.
            row.cleaned_data["is_typed_anew"] = True


def refuse_repetitions(rows, tracks):
    """Raise ValidationError where two rows are one track, or repeat one that no row names."""
    named = [pk for row in rows if (pk := pk_of(row)) in tracks]
    others = {(t.tier, t.name_zh) for pk, t in tracks.items() if pk not in named}
    repeated = [row.cleaned_data["name_zh"] for row in rows if tier_and_name(row) in others]
    if repeated or len(named) > len(set(named)):
        raise ValidationError(
            _("The plan already has a track of this name and role.") + " " + ", ".join(repeated)
        )


def pk_of(row):
    return row.cleaned_data["track"]


def tier_and_name(row):
    return row.cleaned_data["tier"], row.cleaned_data["name_zh"]


def remove(plan, pks):
    if pks and plan.was_published:
        raise ValidationError(_("These tracks were published once, so they stay."))
    below = plan.tracks.filter(parent__in=pks).exclude(pk__in=pks)
    if names := [str(track) for track in below[:5]]:
        raise ValidationError(
            _("These tracks stand within one that would be removed: %(names)s."),
            params={"names": ", ".join(names)},
        )
    plan.tracks.filter(pk__in=pks).update(parent=None)
    plan.tracks.filter(pk__in=pks).delete()
    return len(pks)


def change_columns(plan, rows, tracks):
    """Write the columns that differ; returns the tracks that changed."""
    changed, renamed = [], []
    for row in rows:
        track = tracks.get(pk_of(row))
        if track is None:
            continue
        wanted = columns_of(row, track)
        if any(getattr(track, name) != value for name, value in wanted.items()):
            if (track.tier, track.name_zh) != tier_and_name(row):
                renamed.append(track.pk)
            for name, value in wanted.items():
                setattr(track, name, value)
            changed.append(track)
    # Two tracks may trade names, and the database looks at one row at a time.
    plan.tracks.filter(pk__in=renamed).update(
        name_zh=Concat(Value("\N{SYMBOL FOR NULL}"), Cast("pk", CharField()))
    )
    Track.objects.bulk_update(changed, COLUMNS)
    return changed


def columns_of(row, track=None):
    data = row.cleaned_data
    columns = {name: data[name] for name in COLUMNS}
    if columns["order"] is None:
        columns["order"] = track.order if track else 0
    return columns


def confirm_tracks(tracks, source):
    """Mark tracks that were to be verified as read in a source; returns their primary keys."""
    recalled = [track for track in tracks if track.confidence == Confidence.RECALLED]
    for track in recalled:
        track.confidence = Confidence.VERIFIED
    Track.objects.bulk_update(recalled, ["confidence"])
    name_source(recalled, source)
    return {track.pk for track in recalled}


def name_source(tracks, source):
    through = Track.sources.through
    rows = [through(track=track, source=source) for track in tracks]
    through.objects.bulk_create(rows, ignore_conflicts=True)


def add(plan, rows, tracks, source):
    """Create a track for each row that has none; returns ``(row, track)`` pairs."""
    new = [row for row in rows if pk_of(row) not in tracks]
    slugs = FreeSlugs(plan)
    last = plan.tracks.aggregate(last=Max("order"))["last"] or 0
    pairs = []
    for row in new:
        columns = columns_of(row)
        if row.cleaned_data["order"] is None:
            last += 1
            columns["order"] = last
        last = max(last, columns["order"])
        track = Track(
            plan=plan,
            slug=slugs.take(columns["name_en"]),
            confidence=Confidence.VERIFIED if source else Confidence.RECALLED,
            **columns,
        )
        pairs.append((row, track))
    Track.objects.bulk_create(track for _row, track in pairs)
    if source:
        name_source([track for _row, track in pairs], source)
    return pairs


class FreeSlugs:
    """Slugs for new tracks of a plan, none of which another track has or had."""

    def __init__(self, plan):
        self.start = f"{plan.slug}--"
        kind = ContentType.objects.get_for_model(Track)
        former = FormerSlug.objects.filter(content_type=kind, slug__startswith=self.start)
        present = Track.objects.filter(slug__startswith=self.start)
        self.taken = {
            *former.values_list("slug", flat=True),
            *present.values_list("slug", flat=True),
        }

    def take(self, name):
        wanted = f"{self.start}{slugify(name) or 'track'}"
        number, slug = 1, wanted[:SLUG_LENGTH]
        while slug in self.taken:
            number += 1
            slug = f"{wanted[: SLUG_LENGTH - 5]}-{number}"
        self.taken.add(slug)
        return slug


def field_plan(vocabulary):
    return (
        TrackFieldMapping,
        "field",
        vocabulary.field_pks,
        lambda data: [(slug, {}) for slug in data["fields_typed"]],
    )


def technology_plan(vocabulary):
    return (
        TrackTechnologyMapping,
        "technology",
        vocabulary.technology_pks,
        lambda data: [(slug, {"match": match}) for slug, match in data["technologies_typed"]],
    )


def write_mappings(rows, tracks, mapping, to, pks, wanted_of):
    """Make the mapping rows of one kind say what the cells say; returns the tracks that changed.

    A row that is wanted keeps its basis; the order is written anew only where it differs.
    """
    created, updated, gone, touched = [], [], [], set()
    for row in rows:
        track = tracks[pk_of(row)]
        wanted = [(pks[slug], columns) for slug, columns in wanted_of(row.cleaned_data)]
        present = {getattr(r, f"{to}_id"): r for r in mapping_rows(track, to)}
        moved = [pk for pk, _columns in wanted] != list(present)
        for order, (pk, columns) in enumerate(wanted, start=1):
            if pk not in present:
                basis = Basis.STATED if columns.get("match") == Match.EXACT else Basis.ANALYST
                columns = {
                    "track": track,
                    f"{to}_id": pk,
                    "order": order,
                    "basis": basis,
                    **columns,
                }
                created.append(mapping(**columns))
                touched.add(track.pk)
                continue
            old = present[pk]
            columns = {**columns, "order": order} if moved else columns
            if any(getattr(old, name) != value for name, value in columns.items()):
                for name, value in columns.items():
                    setattr(old, name, value)
                updated.append(old)
                touched.add(track.pk)
        unwanted = [r.pk for pk, r in present.items() if pk not in dict(wanted)]
        if unwanted:
            gone += unwanted
            touched.add(track.pk)
    mapping.objects.filter(pk__in=gone).delete()
    columns = ["order", *(["match"] if hasattr(mapping, "match") else [])]
    mapping.objects.bulk_update(updated, columns)
    mapping.objects.bulk_create(created)
    return touched


def mapping_rows(track, to):
    """Return the rows as they were read with the track; one that is new has none."""
    name = f"{to}_mappings"
    return getattr(track, "_prefetched_objects_cache", {}).get(name, [])
