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


def main_of(response, *, status=200):
    """Return what stands between the header and the footer of a page, on one line."""
    assert response.status_code == status
    [html] = re.findall(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    return one_line(html)


def read(client, path, *, status=200):
    response = client.get(path)
    assert response.status_code == status
    return one_line(response.content.decode())


def head(html, pattern):
    return re.findall(pattern, html.partition("</head>")[0])
