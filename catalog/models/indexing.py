"""What the catalogue's records are found by, in the words of the search index."""

from futureind.search.entries import IndexRecord

# Before every real date, so that records without one stand last, newest first.
UNDATED = 0
# After every real day and place, so that what has none stands last.
NEVER_DUE = 10_000_000

# The value of the facet "region" of a national record.
NO_REGION = 0

SUBJECTS = ("field", "technology", "product")
SUBJECT_ROWS = ("field_mappings", "technology_mappings", "product_mappings")


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def both(record, *names):
    """Return the English and the Chinese text of the columns, in that order, empty ones too."""
    return [getattr(record, f"{name}_{suffix}") for name in names for suffix in ("en", "zh")]


def aliases(record):
    return [*lines(record.aliases_en), *lines(record.aliases_zh)]


def day_number(date, missing=UNDATED):
    return date.toordinal() if date else missing


def subject_facets(record):
    """Return the facets of a record's mapping rows to fields, technologies and products."""
    return {
        kind: [getattr(row, f"{kind}_id") for row in getattr(record, f"{kind}_mappings").all()]
        for kind in SUBJECTS
    }


def name_record(record, *texts):
    """Return the IndexRecord of an entry of the vocabulary: its names and aliases, and texts."""
    return IndexRecord(
        order=(-record.pk,),
        facets={},
        names=both(record, "name"),
        aliases=aliases(record),
        texts=both(record, *texts),
    )


def region_names(region):
    """Return the names and aliases of a region, none for a national record."""
    return [*both(region, "name"), *aliases(region)] if region else []
