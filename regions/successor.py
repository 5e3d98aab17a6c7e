"""A plan started from its forerunner: the next one of the region, as a draft."""

from catalog.models import Basis, DocumentIssuer, DocumentRelation, PolicyDocument
from catalog.models.documents import RelationType
from futureind.publishing import history
from futureind.publishing.models.records import Confidence
from futureind.publishing.models.revisions import Action
from regions.models import RegionalPlan, Track, TrackFieldMapping, TrackTechnologyMapping
from regions.models.track_mappings import TrackProductMapping
from regions.tracks.saving import FreeSlugs

MAPPINGS = (
    ("field_mappings", TrackFieldMapping),
    ("technology_mappings", TrackTechnologyMapping),
    ("product_mappings", TrackProductMapping),
)
COPIED = ("tier", "tier_label_en", "tier_label_zh", "order", "name_en", "name_zh")


@history.in_turn()
def start_next(plan, document, *, horizon_year, with_tracks, user, note):
    """Save a new document and the draft of its plan, which supersede those of a plan.

    Parameters: ``document``, the new :class:`PolicyDocument`, valid and not saved yet;
    ``with_tracks``, take the tracks along. What nobody has read in the new text yet, which is all
    of it, is marked as to be verified; places, quoted words and sources are not taken along.

    Returns the new plan.
    """
    document.save()
    DocumentIssuer.objects.bulk_create(
        DocumentIssuer(document=document, agency_id=row.agency_id, order=row.order)
        for row in plan.document.issuer_rows.all()
    )
    DocumentRelation.objects.create(
        from_document=document,
        to_document=plan.document,
        type=RelationType.SUPERSEDES,
        basis=Basis.ANALYST,
        confidence=Confidence.RECALLED,
    )
    successor = RegionalPlan.objects.create(
        slug=document.slug,
        region=plan.region,
        document=document,
        horizon_year=horizon_year,
        confidence=Confidence.RECALLED,
    )
    if with_tracks:
        copy_tracks(plan, successor)
    for record in (document, successor):
        stored = type(record).objects.get(pk=record.pk)
        history.record(stored, Action.CREATED, user=user, note=note)
    return successor


def document_like(plan, **columns):
    """Return the unsaved document of a plan's successor: what stays the same, and these columns."""
    former = plan.document
    return PolicyDocument(
        document_type=former.document_type,
        level=former.level,
        region=former.region,
        confidence=Confidence.RECALLED,
        **columns,
    )


def copy_tracks(plan, successor):
    """Copy the tracks of a plan with their mappings and with how they stand within each other."""
    tracks = list(plan.tracks.in_plan_order().prefetch_related(*[name for name, _m in MAPPINGS]))
    slugs = FreeSlugs(successor)
    copies = {
        track.pk: Track(
            plan=successor,
            slug=slugs.take(track.name_en),
            confidence=Confidence.RECALLED,
            **{name: getattr(track, name) for name in COPIED},
        )
        for track in tracks
    }
    Track.objects.bulk_create(copies.values())
    for track in tracks:
        if track.parent_id:
            copies[track.pk].parent = copies[track.parent_id]
    Track.objects.bulk_update(copies.values(), ["parent"])
    for name, mapping in MAPPINGS:
        mapping.objects.bulk_create(
            copied_mapping(row, mapping, copies[track.pk])
            for track in tracks
            for row in getattr(track, name).all()
        )


def copied_mapping(row, mapping, track):
    """Return a mapping row for a copied track: an analyst's judgement, for nobody read the text."""
    columns = {
        field.attname: getattr(row, field.attname)
        for field in mapping._meta.concrete_fields
        if not field.primary_key and field.name not in ("track", "basis")
    }
    return mapping(track=track, basis=Basis.ANALYST, **columns)
