"""The columns of exports of the lists of plans, tracks and regions."""

from catalog.columns import CONFIDENCE, EVIDENCE, MAPPINGS, NAMES, PASSAGE, SOURCES, lines_of
from futureind.browse.columns import Column, columns, reference

PLAN_COLUMNS = [
    *columns(
        "slug",
        "title_en=document.title_en",
        "title_zh=document.title_zh",
    ),
    *reference("region", "region"),
    *columns(
        "document=document.slug",
        "document_number=document.document_number",
        "legal_status=document.legal_status",
        "issued_date=document.issued_date",
        "published_date=document.published_date",
        "horizon_year",
        "structure_en",
        "structure_zh",
    ),
    Column("tracks", lambda plan: len(plan.tracks.all())),
    EVIDENCE,
    CONFIDENCE,
    *columns("unverified_fields"),
    # What is doubtful in the document is doubtful here, too.
    *columns("document_unverified_fields=document.unverified_fields"),
    *columns("first_published_at", "changed_at"),
]

TRACK_COLUMNS = [
    *columns(
        "slug",
        "name_en",
        "name_zh",
        "plan=plan.slug",
    ),
    *reference("region", "plan.region"),
    *reference("parent", "parent"),
    *columns(
        "tier",
        "tier_label_en",
        "tier_label_zh",
        "order",
        "note_en",
        "note_zh",
    ),
    *PASSAGE,
    *MAPPINGS,
    SOURCES,
    EVIDENCE,
    CONFIDENCE,
    *columns("first_published_at", "changed_at"),
]

REGION_COLUMNS = [
    *NAMES,
    *columns("code", "letter_code", "level"),
    *reference("parent", "parent"),
    *columns("website"),
    lines_of("aliases_en"),
    lines_of("aliases_zh"),
    *columns("unverified_fields", "first_published_at", "changed_at"),
]
