"""What tests of pages share: which kinds there are, and how a page is read."""

import re

from catalog.models import (
    Agency,
    GlossaryTerm,
    Indicator,
    IndustryField,
    Milestone,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    Technology,
)
from regions.models import RegionalPlan, Track
from tests.browse.list_page import one_line

KINDS = {
    "documents": PolicyDocument,
    "plans": RegionalPlan,
    "tracks": Track,
    "targets": Target,
    "milestones": Milestone,
    "indicators": Indicator,
    "regions": Region,
    "fields": IndustryField,
    "technologies": Technology,
    "products": SymbolicProduct,
    "agencies": Agency,
    "glossary": GlossaryTerm,
}
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
OPINIONS = "documents/future-industries-opinions-2024/"


def text_of(html):
    """Return what a reader reads: no tags, single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def read(client, path, *, status=200):
    response = client.get(path)
    assert response.status_code == status
    return one_line(response.content.decode())


def head(html, pattern):
    return re.findall(pattern, html.partition("</head>")[0])
