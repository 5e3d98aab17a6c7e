"""Tracks as they stand in rows and, by tier, in what a plan says in short."""

from django.db.models import Prefetch

from futureind.publishing.models.records import PublicationState
from regions.models import (
    TIER_ORDER,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)

PUBLIC = PublicationState.PUBLISHED

# What a row of a table of tracks shows of its mappings and sources.
TRACK_MAPPINGS = [
    Prefetch(
        "field_mappings",
        TrackFieldMapping.objects.filter(field__publication_state=PUBLIC).select_related("field"),
    ),
    Prefetch(
        "technology_mappings",
        TrackTechnologyMapping.objects.filter(technology__publication_state=PUBLIC).select_related(
            "technology"
        ),
    ),
    Prefetch(
        "product_mappings",
        TrackProductMapping.objects.filter(product__publication_state=PUBLIC).select_related(
            "product"
        ),
    ),
    "sources",
]


def grouped_by_tier(tracks):
    """Return tracks as ``[(tier, heading, [(track, children), …]), …]`` in the plan's own order.

    Parameter: ``tracks``, all tracks of one plan with their mappings. A track within another
    stands beneath it; tracks of one tier that the text calls by different words stand apart.
    """
    children = {}
    for track in tracks:
        children.setdefault(track.parent_id, []).append(track)
    groups = {}
    for track in children.get(None, ()):
        key = (TIER_ORDER.index(track.tier), track.tier_label_zh)
        groups.setdefault(key, []).append((track, children.get(track.pk, [])))
    return [
        (pairs[0][0].get_tier_display(), pairs[0][0].tier_label, pairs)
        for _key, pairs in sorted(groups.items(), key=lambda item: item[0][0])
    ]
