"""Models of regional policy: plans, their tracks, and coverage checks."""

from regions.models.coverage import Completeness, CoverageCheck, CoverageOutcome
from regions.models.plans import RegionalPlan, Track
from regions.models.tiers import TIER_ORDER, TIER_RANK, Tier
from regions.models.track_mappings import (
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)

__all__ = [
    "TIER_ORDER",
    "TIER_RANK",
    "Completeness",
    "CoverageCheck",
    "CoverageOutcome",
    "RegionalPlan",
    "Tier",
    "Track",
    "TrackFieldMapping",
    "TrackProductMapping",
    "TrackTechnologyMapping",
]
