"""Why a claim stands here: what the control "why" shows of it."""

from dataclasses import dataclass

from futureind.browse.headings import heading
from futureind.publishing.evidence import sources_of, sureness
from futureind.publishing.models.records import fact_label

MAPPED = ("field", "technology", "product")


@dataclass(frozen=True)
class MappingInWords:
    """What a claim is tied to, on whose word, and how the wording relates to it."""

    name: str
    basis: str
    match: str
    reason: str


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
        "sources": sources_of(claim) if sources is None else sources,
        "mappings": mappings_in_words(claim) if mapped else [],
        "confidence": sureness(claim).label,
        "unverified": ", ".join(unverified_labels(claim)),
        "checked": changed_at(claim),
        "by": by,
    }


def name_of(claim):
    try:
        return heading(claim).plain
    except TypeError:
        return str(claim)


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
