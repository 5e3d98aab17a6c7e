"""How many claims have which evidence grade: one number for pages, home and coverage."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from futureind.publishing.evidence import (
    BEST_FIRST,
    EvidenceGrade,
    evidence_grade,
    is_weaker,
    of_grade,
)
from futureind.search.index import index_for


@dataclass(frozen=True)
class EvidenceTally:
    """Numbers of claims by EvidenceGrade."""

    counts: dict

    @property
    def rows(self):
        """``(grade, number)`` of the grades that occur, the best first."""
        return [(grade, self.counts[grade]) for grade in BEST_FIRST if self.counts.get(grade)]

    @cached_property
    def usual(self):
        """The grade of most claims, the better one of two; REPORT where there is no claim."""
        most = max(self.rows, key=lambda row: row[1], default=(EvidenceGrade.REPORT, 0))
        return most[0]

    @property
    def has_weaker(self):
        """Whether some claims rest on weaker evidence than most."""
        return any(is_weaker(grade, self.usual) for grade, _number in self.rows)


def tally_of_claims(claims):
    """Return the EvidenceTally of records or parts that were read with their sources."""
    return EvidenceTally(Counter(evidence_grade(claim) for claim in claims))


def tally_of(model, pks=None, *, stamp=None):
    """Return the EvidenceTally of public records of an indexed model, of all where pks is None.

    Parameter: ``stamp``, the state of the content where the caller knows it.
    """
    index = index_for(model.index_kind, stamp)
    if index is None:
        records = model.objects.public()
        records = records if pks is None else records.filter(pk__in=pks)
        counts = {grade: records.filter(of_grade(model, [grade])).count() for grade in BEST_FIRST}
        return EvidenceTally(counts)
    hits = index.everything if pks is None else index.records(pks)
    counts = {grade: hits.common(index.values([("evidence", grade.value)])) for grade in BEST_FIRST}
    return EvidenceTally(counts)
