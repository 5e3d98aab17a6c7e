"""The columns of exports of the catalogue's lists."""

from catalog.promises import qualifiers
from futureind.browse.columns import Column, columns, is_seen, names_of, reference
from futureind.publishing.evidence import evidence_grade, sureness

NAMES = columns("slug", "name_en", "name_zh")


def quoted_from(claim):
    """Return the source of the quoted words as a dictionary, None where none are on record."""
    source = claim.quotation_source
    return source and {"title": source.title, "publisher": source.publisher, "url": source.url}


def lines_of(name):
    """Return a column that gives a text of one entry a line as a list."""
    return Column(
        name, lambda record: [line for line in getattr(record, name).splitlines() if line]
    )


def mappings_of(record, kind):
    """Return the mapping rows of a record; those to a draft, or to what was withdrawn, left out."""
    rows = getattr(record, f"{kind}_mappings").all()
    return [row for row in rows if is_seen(getattr(row, kind))]


def mapping_column(name, kind):
    """Return a column of mapping rows: slug, basis and, where the row has one, match."""

    def read(record):
        return [
            {"slug": getattr(row, kind).slug, "basis": row.basis}
            | ({"match": row.match} if hasattr(row, "match") else {})
            for row in mappings_of(record, kind)
        ]

    return Column(name, read)


def mapping_columns(name, kind):
    """Return the column of mapping rows, and those with the names of what they tie to."""

    def named(record):
        return [getattr(row, kind) for row in mappings_of(record, kind)]

    return [mapping_column(name, kind), *names_of(name, named)]


def seen(records):
    return [record for record in records if is_seen(record)]


def issuers_of(document):
    return seen(row.agency for row in document.issuer_rows.all())


def fields_of(record):
    return [row.field for row in mappings_of(record, "field")]


MAPPINGS = [
    *mapping_columns("fields", "field"),
    *mapping_columns("technologies", "technology"),
    *mapping_columns("products", "product"),
]
SOURCES = Column(
    "sources",
    lambda record: [
        {"title": source.title, "publisher": source.publisher, "url": source.url}
        for source in record.sources.all()
    ],
)
CONFIDENCE = Column("confidence", sureness)
EVIDENCE = Column("evidence", evidence_grade)
DOUBT = [EVIDENCE, CONFIDENCE, *columns("unverified_fields", "first_published_at", "changed_at")]
# Where a claim stands in its text and in which words, where and when these were read.
PASSAGE = [
    *columns("locator_en", "locator_zh", "quotation"),
    Column("quoted_from", quoted_from),
    *columns("read_on"),
]

DOCUMENT_COLUMNS = [
    *columns(
        "slug",
        "title_en",
        "title_zh",
        "title_en_origin",
        "document_number",
        "document_type",
        "level",
    ),
    *reference("region", "region"),
    *columns(
        "legal_status",
        "issued_date",
        "published_date",
        "effective_date",
        "expiry_date",
        "period_start",
        "period_end",
    ),
    Column("issuers", lambda d: [{"slug": agency.slug} for agency in issuers_of(d)]),
    *names_of("issuers", issuers_of),
    *columns("official_url", "summary_en", "summary_zh", "note_en", "note_zh"),
    *MAPPINGS,
    SOURCES,
    *DOUBT,
]

TARGET_COLUMNS = [
    *columns(
        "slug",
        "statement_en",
        "statement_zh",
    ),
    *reference("document", "document", "title"),
    *reference("region", "document.region"),
    *columns(
        "kind",
        "metric_en",
        "metric_zh",
        "comparator",
        "value",
        "value_max",
        "value_text_en",
        "value_text_zh",
    ),
    *reference("unit", "unit"),
    *columns(
        "due_date",
        "due_precision",
        "verdict",
    ),
    *PASSAGE,
    Column("qualifiers", lambda target: [word for word, _meaning in qualifiers(target)]),
    *reference("indicator", "indicator"),
    *MAPPINGS,
    SOURCES,
    *DOUBT,
]

MILESTONE_COLUMNS = [
    *columns(
        "slug",
        "title_en",
        "title_zh",
        "date",
        "date_end",
        "precision",
        "state",
        "geography",
        "summary_en",
        "summary_zh",
    ),
    Column(
        "superseded_dates",
        lambda m: [
            {"date": d.date.isoformat(), "precision": d.precision, "confidence": sureness(d)}
            for d in m.superseded_dates.all()
        ],
    ),
    *MAPPINGS,
    SOURCES,
    *DOUBT,
]

INDICATOR_COLUMNS = [
    *NAMES,
    *reference("unit", "unit"),
    *columns(
        "kind",
        "frequency",
        "publisher_en",
        "publisher_zh",
        "definition_en",
        "definition_zh",
    ),
    Column("fields", lambda i: [field.slug for field in seen(i.fields.all())]),
    *names_of("fields", lambda i: seen(i.fields.all())),
    Column("products", lambda i: [product.slug for product in seen(i.products.all())]),
    *names_of("products", lambda i: seen(i.products.all())),
    Column(
        "points",
        lambda i: [
            {
                "value": f"{point.value.normalize():f}",
                "period": point.period,
                "geography": point.geography,
                "as_of": point.as_of and point.as_of.isoformat(),
            }
            | ({"break": "break"} if point.starts_anew else {})
            for point in i.public_points
        ],
    ),
    SOURCES,
    EVIDENCE,
    CONFIDENCE,
    *columns("first_published_at", "changed_at"),
]

FIELD_COLUMNS = [
    *NAMES,
    *columns("code", "description_en", "description_zh"),
    lines_of("aliases_en"),
    lines_of("aliases_zh"),
    EVIDENCE,
    CONFIDENCE,
    *columns("first_published_at", "changed_at"),
]

PRODUCT_COLUMNS = [
    *NAMES,
    *columns("description_en", "description_zh"),
    mapping_column("fields", "field"),
    lines_of("aliases_en"),
    lines_of("aliases_zh"),
    *DOUBT,
]

TECHNOLOGY_COLUMNS = [
    *NAMES,
    *reference("parent", "parent"),
    *reference("product", "product"),
    *columns("description_en", "description_zh"),
    Column("fields", lambda t: [field.slug for field in fields_of(t)]),
    *names_of("fields", fields_of),
    lines_of("aliases_en"),
    lines_of("aliases_zh"),
    *columns("first_published_at", "changed_at"),
]

AGENCY_COLUMNS = [
    *NAMES,
    *columns(
        "abbreviation_en",
        "level",
        "parent=parent.slug",
        "region=region.slug",
        "website",
        "role_en",
        "role_zh",
    ),
    lines_of("aliases_en"),
    lines_of("aliases_zh"),
    *DOUBT,
]

TERM_COLUMNS = [
    *columns("slug", "term_en", "term_zh", "category", "definition_en", "definition_zh"),
    lines_of("aliases_en"),
    lines_of("aliases_zh"),
    EVIDENCE,
    CONFIDENCE,
    *columns("first_published_at", "changed_at"),
]
