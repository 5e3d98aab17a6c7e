"""Models of the national catalogue."""

from catalog.models.commitments import (
    Target,
    TargetAssessment,
    TargetFieldMapping,
    TargetProductMapping,
    TargetTechnologyMapping,
)
from catalog.models.document_parts import (
    DocumentFieldMapping,
    DocumentIssuer,
    DocumentPassage,
    DocumentProductMapping,
    DocumentRelation,
    DocumentTechnologyMapping,
)
from catalog.models.documents import PolicyDocument
from catalog.models.mappings import Basis, Match
from catalog.models.observations import (
    Indicator,
    IndicatorPoint,
    Milestone,
    MilestoneFieldMapping,
    MilestoneProductMapping,
    MilestoneTechnologyMapping,
    SupersededDate,
)
from catalog.models.places import Agency, Region, RegionGroup
from catalog.models.units import Unit
from catalog.models.vocabulary import (
    FieldDirection,
    GlossaryTerm,
    IndustryField,
    KeyTechnology,
    ProductFieldMapping,
    SymbolicProduct,
    Technology,
    TechnologyFieldMapping,
)

__all__ = [
    "Agency",
    "Basis",
    "DocumentFieldMapping",
    "DocumentIssuer",
    "DocumentPassage",
    "DocumentProductMapping",
    "DocumentRelation",
    "DocumentTechnologyMapping",
    "FieldDirection",
    "GlossaryTerm",
    "Indicator",
    "IndicatorPoint",
    "IndustryField",
    "KeyTechnology",
    "Match",
    "Milestone",
    "MilestoneFieldMapping",
    "MilestoneProductMapping",
    "MilestoneTechnologyMapping",
    "PolicyDocument",
    "ProductFieldMapping",
    "Region",
    "RegionGroup",
    "SupersededDate",
    "SymbolicProduct",
    "Target",
    "TargetAssessment",
    "TargetFieldMapping",
    "TargetProductMapping",
    "TargetTechnologyMapping",
    "Technology",
    "TechnologyFieldMapping",
    "Unit",
]
