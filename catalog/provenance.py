"""What a claim rests on: what its evidence shows when it is opened."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from futureind.browse.headings import heading
from futureind.core.bilingual import ENGLISH, active_language
from futureind.publishing.evidence import evidence_grade, grade_of_source, sources_of
from futureind.publishing.models.records import fact_label

MAPPED = ("field", "technology", "product")


@dataclass(frozen=True)
class MappingInWords:
    """What a claim is mapped to, the basis of that, and how the wordings relate."""

    name: str
    basis: str
    match: str
    reason: str


@dataclass(frozen=True)
class Passage:
    """Quoted words that state a fact, and where and when they were read."""

    quotation: str
    locator: str
    source: object
    grade: str
    read_on: object


def provenance(claim, *, document=None, sources=None, mapped=False, by=""):
    """Return what is known of where a claim comes from, as a dictionary.

    Parameters: ``claim``, a record or part with a confidence; ``document`` that it stands in;
    ``sources``, its own where None; ``mapped``, whether to tell its mappings, which in tables would
    be queries for each row, unless they are loaded; ``by``, how the last version of its record came
    about.
    """
    return {
        "name": name_of(claim),
        "document": document,
        "locator": getattr(claim, "locator", ""),
        "quotation": getattr(claim, "quotation", ""),
        "in_english": in_english(claim),
        "passages": passages_of(claim),
        "read_on": getattr(claim, "read_on", None),
        "grade": evidence_grade(claim),
        "sources": graded_sources(claim, sources_of(claim) if sources is None else sources),
        "mappings": mappings_in_words(claim) if mapped else [],
        "unverified": _(", ").join(unverified_labels(claim)),
        "checked": changed_at(claim),
        "by": by,
        "official_url": getattr(document or claim, "official_url", ""),
        # Where the claim stands in a table, its page is one of the ways on.
        "own_page": "",
    }


def in_english(claim):
    """Return what a quotation says in English, in our words, where the reader reads English."""
    if active_language() != ENGLISH:
        return ""
    return getattr(claim, "statement_en", "") or getattr(claim, "name_en", "")


def passages_of(claim):
    """Return the Passages of a document, in order; other claims have their own words."""
    if not hasattr(claim, "passages"):
        return []
    return [
        Passage(
            row.quotation,
            row.locator,
            row.quotation_source,
            grade_of_source(row.quotation_source),
            row.read_on,
        )
        for row in claim.passages.all()
    ]


def graded_sources(claim, sources):
    """Return ``(source, EvidenceGrade, whether the words are quoted from it)``, that one first."""
    quoted = claim.quotation_source if getattr(claim, "quotation", "") else None
    others = [source for source in sources if source != quoted]
    listed = others if quoted is None else [quoted, *others]
    return [(source, grade_of_source(source), source == quoted) for source in listed]


def name_of(claim):
    try:
        return heading(claim).plain
    except TypeError:
        return getattr(claim, "label", "") or str(claim)


def record_of(claim):
    """Return the record that a claim is, or that it is a part of: what changes as a whole."""
    owner_field = getattr(claim, "owner_field", None)
    return claim if owner_field is None else getattr(claim, owner_field)


def changed_at(claim):
    """Return when the record of a claim last changed."""
    return getattr(record_of(claim), "changed_at", None)


def unverified_labels(claim):
    """Return the names of the columns that nobody has read in a source yet."""
    columns = getattr(claim, "unverified_fields", None) or ()
    return [fact_label(type(claim), column) for column in columns]


def mappings_in_words(claim):
    found = []
    for kind in MAPPED:
        rows = getattr(claim, f"{kind}_mappings").all()
        # Rows that are loaded already come with what they name.
        if not is_loaded(claim, f"{kind}_mappings"):
            rows = rows.select_related(kind)
        for row in rows:
            target = getattr(row, kind)
            if target.is_public:
                found.append(
                    MappingInWords(
                        target.name.plain,
                        row.get_basis_display(),
                        row.get_match_display() if hasattr(row, "match") else "",
                        str(getattr(row, "reason", "") or ""),
                    )
                )
    return found


def is_loaded(record, name):
    return name in getattr(record, "_prefetched_objects_cache", {})
