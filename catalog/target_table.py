"""Tables of targets, whose rows are kept from one page to the next."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from catalog.models import Target, TargetAssessment
from catalog.promises import awaits_check
from futureind.browse.evidence_tally import tally_of
from futureind.browse.fragments import rendered_rows
from futureind.browse.results import in_order
from futureind.publishing.models.content_version import ContentVersion


class TargetTable:
    """Targets as rows of a table.

    Parameters: ``pks``, the primary keys of those that are shown; ``stamp``, the state of the
    content; ``number``, how many there are and ``address``, where all of them are, if not all are
    shown; ``with_document``, whether each says where it stands; ``any_verdict``, whether a check is
    recorded for at least one of them, asked for where None; ``under``, what stands above the table:
    an UnderYear, or None where rows say themselves when they are due.
    """

    row_template = "catalog/_target_row.html"
    row_name = "target"

    def __init__(
        self,
        pks,
        stamp,
        number=None,
        address="",
        *,
        with_document=False,
        any_verdict=None,
        under=None,
    ):
        self.pks = list(pks)
        self.stamp = stamp
        self.number = len(self.pks) if number is None else number
        self.address = address
        self.with_document = with_document
        self.under = under
        if any_verdict is not None:
            self.any_verdict = any_verdict

    def __len__(self):
        return self.number

    @property
    def columns(self):
        """How many columns the table has."""
        return 2 + self.has_last_column

    @property
    def has_last_column(self):
        """Whether rows say at their end when they are due, or how they went."""
        return self.under is None or self.any_verdict

    @property
    def is_cut(self):
        return len(self.pks) < self.number

    @cached_property
    def any_verdict(self):
        """True where a check is recorded for at least one of the targets."""
        return TargetAssessment.objects.filter(target__in=self.pks).exists()

    @property
    def list_name(self):
        """What rows are kept under: whether the day of a target has passed is new each day."""
        shown = (self.with_document, self.any_verdict, self.under, self.marks_unread)
        return ("target-table", *shown, timezone.localdate())

    @cached_property
    def tally(self):
        """How the targets that are shown were read, an EvidenceTally."""
        return tally_of(Target, self.pks, stamp=self.stamp)

    @property
    def marks_unread(self):
        return self.tally.marks_unread

    @property
    def rows(self):
        return rendered_rows(self, self.pks, self.stamp)

    def records_with(self, pks):
        records = in_order(Target.objects.for_rows(), pks)
        for record in records:
            record.table = self
        return records


class TargetLines(TargetTable):
    """Targets in low rows: the number, what it is, and whose where the rows say it."""

    row_template = "catalog/_target_line.html"

    @property
    def columns(self):
        return 3 + 2 * self.with_document

    @property
    def list_name(self):
        return ("target-lines", *super().list_name)


@dataclass(frozen=True)
class UnderYear:
    """The heading of a table: the year in which its targets fall due, None where none is stated.

    ``is_over``: the days of all of them have passed, and no check of any is recorded.
    """

    year: int | None
    is_over: bool


def tables_by_year(targets):
    """Return the TargetLines of each year in which a document's targets fall due, in their order.

    Parameter: ``targets``, which the caller has asked for_tables.
    """
    today, years = timezone.localdate(), {}
    for target in targets:
        years.setdefault(target.due_date and target.due_date.year, []).append(target)
    return [
        table_of(
            own,
            TargetLines,
            under=UnderYear(year, all(awaits_check(target, today) for target in own)),
        )
        for year, own in years.items()
    ]


def table_of(targets, kind=TargetTable, *, with_document=False, under=None):
    """Return a table (``kind``) of few targets, which the caller has asked for_tables."""
    targets = list(targets)
    return kind(
        [target.pk for target in targets],
        ContentVersion.stamp(),
        with_document=with_document,
        any_verdict=any(target.verdict for target in targets),
        under=under,
    )
