"""What a regional document is about, taken from the tracks of its plans."""

from django.db.models import Max

from catalog.models import (
    Basis,
    DocumentFieldMapping,
    DocumentProductMapping,
    DocumentTechnologyMapping,
    PolicyDocument,
)
from catalog.models.mappings import COUNTED_MATCHES
from futureind.publishing.history import announce, changed
from futureind.publishing.models.records import PublicationState
from regions.models import (
    RegionalPlan,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)


def connect():
    changed.connect(follow_changes, dispatch_uid="regions.derived")


def follow_changes(sender, records, **kwargs):
    """Rewrite what is derived on the documents that changed, or whose plans did."""
    documents = {}
    for record in records:
        if isinstance(record, PolicyDocument):
            documents[record.pk] = record
        elif isinstance(record, RegionalPlan):
            documents.setdefault(record.document_id, record.document)
    rewritten = [document for document in documents.values() if rewrite_derived(document)]
    if rewritten:
        announce(rewritten)


def rewrite_derived(document):
    """Write what a document's public plans name onto the document, with the basis ``derived``.

    What an editor entered stands; only broader, narrower and exact matches count. Returns whether
    anything was written.
    """
    plans = RegionalPlan.objects.filter(
        document=document, publication_state=PublicationState.PUBLISHED
    )
    horizon = plans.aggregate(last=Max("horizon_year"))["last"]
    outdated = PolicyDocument.objects.filter(pk=document.pk).exclude(horizon_year=horizon)
    if horizon is None:
        outdated = PolicyDocument.objects.filter(pk=document.pk, horizon_year__isnull=False)
    written = bool(outdated.update(horizon_year=horizon))
    for mapping, of_tracks, to, condition in (
        (DocumentFieldMapping, TrackFieldMapping, "field", {}),
        (DocumentTechnologyMapping, TrackTechnologyMapping, "technology", MATCHED),
        (DocumentProductMapping, TrackProductMapping, "product", MATCHED),
    ):
        named = of_tracks.objects.filter(track__plan__in=plans, **condition)
        written |= rewrite(mapping, document, to, set(named.values_list(to, flat=True)))
    return written


MATCHED = {"match__in": COUNTED_MATCHES}


def rewrite(mapping, document, to, wanted):
    rows = mapping.objects.filter(document=document)
    entered = set(rows.edited().values_list(to, flat=True))
    derived = rows.filter(basis=Basis.DERIVED)
    present = set(derived.values_list(to, flat=True))
    stale, missing = present - (wanted - entered), wanted - entered - present
    if stale:
        derived.filter(**{f"{to}__in": stale}).delete()
    mapping.objects.bulk_create(
        mapping(document=document, **{f"{to}_id": pk}, basis=Basis.DERIVED)
        for pk in sorted(missing)
    )
    return bool(stale or missing)
