"""How many claims have which evidence grade: one number for pages, home and coverage."""

from collections import Counter
from dataclasses import dataclass

from futureind.publishing.evidence import BEST_FIRST, EvidenceGrade, of_grade
from futureind.search.index import index_for


@dataclass(frozen=True)
class EvidenceTally:
    """Numbers of claims by EvidenceGrade."""

    counts: dict

    @property
    def rows(self):
        """``(grade, number)`` of the grades that occur, the best first."""
        return [(grade, self.counts[grade]) for grade in BEST_FIRST if self.counts.get(grade)]

    @property
    def marks_unread(self):
        """Whether what nobody has read is marked: not where nothing else stands around it."""
        return len(self.rows) > 1

    @property
    def has_unread(self):
        return self.marks_unread and bool(self.counts.get(EvidenceGrade.NOT_READ))

    def __add__(self, other):
        return EvidenceTally(Counter(self.counts) + Counter(other.counts))


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
