"""The facets, names and texts by which the records of the catalogue are indexed."""

from collections import defaultdict

from futureind.publishing.models.records import PublicationState
from futureind.search.citing import number_key, title_aliases
from futureind.search.entries import IndexRecord

# Before every real date, so that records without one stand last, newest first.
UNDATED = 0
# After every real day and place, so that what has none stands last.
NEVER_DUE = 10_000_000

# The value of the facet "region" of a national record.
NO_REGION = 0

SUBJECTS = ("field", "technology", "product")
# The facets that subject_facets() gives, beside "match" where mappings have one.
SUBJECT_FACETS = (*SUBJECTS, "basis")
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


def on_the_word_of(basis, group):
    """Return the name of the group of the index that holds a group's values of one basis."""
    return f"{group}:{basis}"


def subject_facets(*records):
    """Return the facets of records' mapping rows to fields, technologies and products.

    Every value stands in its group, ``field``, and once more by its basis, ``field:stated``; what
    has a match stands for each in a group of its own, ``technology=exact``. The groups ``basis``
    and ``match`` hold whatever occurs.
    """
    facets = defaultdict(set)
    for record in records:
        for subject in SUBJECTS:
            for row in getattr(record, f"{subject}_mappings").all():
                value = getattr(row, f"{subject}_id")
                match = getattr(row, "match", None)
                group = f"{subject}={match}" if match else subject
                facets[group].add(value)
                facets[on_the_word_of(row.basis, group)].add(value)
                facets["basis"].add(row.basis)
                if match:
                    facets["match"].add(match)
    return dict(facets)


def name_record(record, *texts):
    """Return the IndexRecord of an entry of the vocabulary: its names and aliases, and texts."""
    return IndexRecord(
        order=(-record.pk,),
        facets={},
        names=both(record, "name"),
        aliases=aliases(record),
        texts=both(record, *texts),
    )


def ways_to_cite(document):
    """Return what a document is cited as: by its number, and by its titles without issuers."""
    return [number_key(document.document_number), *title_aliases(*both(document, "title"))]


def issuer_names(document):
    """Return what the public issuers of a document are called."""
    agencies = [row.agency for row in document.issuer_rows.all()]
    return [
        name
        for agency in agencies
        if agency.publication_state == PublicationState.PUBLISHED
        for name in (*names_of(agency), agency.abbreviation_en)
        if name
    ]


def names_of(record):
    return [*both(record, "name"), *aliases(record)]


def region_names(region):
    """Return the names and aliases of a region, none for a national record."""
    return names_of(region) if region else []
