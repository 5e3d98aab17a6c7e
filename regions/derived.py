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
from futureind.publishing.history import changed
from futureind.publishing.records import PublicationState
from regions.models import (
    RegionalPlan,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)


def connect():
    changed.connect(rewrite_derived_mappings, sender=RegionalPlan)
    changed.connect(rewrite_derived_mappings, sender=PolicyDocument)


def rewrite_derived_mappings(sender, record, **kwargs):
    """Write what a document's public plans name onto the document, with the basis ``derived``.

    What an editor entered stands; only broader, narrower and exact matches count.
    """
    document = record if sender is PolicyDocument else record.document
    plans = RegionalPlan.objects.filter(
        document=document, publication_state=PublicationState.PUBLISHED
    )
    PolicyDocument.objects.filter(pk=document.pk).update(
        horizon_year=plans.aggregate(last=Max("horizon_year"))["last"]
    )
    for mapping, of_tracks, to, condition in (
        (DocumentFieldMapping, TrackFieldMapping, "field", {}),
        (DocumentTechnologyMapping, TrackTechnologyMapping, "technology", MATCHED),
        (DocumentProductMapping, TrackProductMapping, "product", MATCHED),
    ):
        named = of_tracks.objects.filter(track__plan__in=plans, **condition)
        rewrite(mapping, document, to, set(named.values_list(to, flat=True)))


MATCHED = {"match__in": COUNTED_MATCHES}


def rewrite(mapping, document, to, wanted):
    rows = mapping.objects.filter(document=document)
    entered = set(rows.edited().values_list(to, flat=True))
    derived = rows.filter(basis=Basis.DERIVED)
    present = set(derived.values_list(to, flat=True))
    derived.filter(**{f"{to}__in": present - (wanted - entered)}).delete()
    mapping.objects.bulk_create(
        mapping(document=document, **{f"{to}_id": pk}, basis=Basis.DERIVED)
        for pk in sorted(wanted - entered - present)
    )
