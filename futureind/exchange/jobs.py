"""The jobs of an import: its check, its writing, its undoing."""

from collections import Counter

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from futureind.exchange.checking import Check
from futureind.exchange.models import Import, ImportChange, ImportJob, ImportRow, ImportState
from futureind.exchange.rows import change_kind, differences_of
from futureind.exchange.undoing import undo as undo_import
from futureind.exchange.writing import write as write_import
from futureind.jobs.kinds import JobKind, register
from futureind.jobs.models import JobLost
from futureind.publishing.history import MANY


def check(job):
    """Compute what an import would do and keep it, row by row; writes to no record."""
    of = Import.objects.get(pk=job.subject)
    found = Check(of.tables, of.user, job.report)
    roots = found.run()
    keep(of, found.rows, roots, job)
    return ""


def keep(of, rows, roots, job):
    """Write the findings in short transactions; the state says when they are whole."""
    if of.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        raise JobLost
    of.rows.all().delete()
    of.changes.all().delete()
    for start in range(0, len(rows), MANY):
        job.report(start, len(rows))
        some = rows[start : start + MANY]
        ImportRow.objects.bulk_create(row_of(of, row) for row in some)
    for start in range(0, len(roots), MANY):
        job.report(start, len(roots))
        some = roots[start : start + MANY]
        ImportChange.objects.bulk_create(change_of(of, root) for root in some)
    with transaction.atomic():
        job.hold()
        of.counts = counted(rows)
        of.state, of.checked_at = ImportState.CHECKED, timezone.now()
        of.save(update_fields=["counts", "state", "checked_at"])


def row_of(of, row):
    return ImportRow(
        of=of,
        sheet=row.sheet,
        number=row.number,
        outcome=row.outcome,
        name=row.name,
        differences=differences_of(row),
        problems=row.problems,
    )


def change_of(of, root):
    name = root.key[-1] if root.key else ""
    return ImportChange(
        of=of,
        kind=change_kind(root),
        content_type=ContentType.objects.get_for_model(root.model),
        object_id=root.pk,
        record_name=str(name)[:300],
        base_id=root.base,
        snapshot=root.after,
    )


def counted(rows):
    """Return how many rows of each sheet have which outcome."""
    counts = {}
    for row in rows:
        counts.setdefault(row.sheet, Counter())[row.outcome] += 1
    return {sheet: dict(counter) for sheet, counter in counts.items()}


def write(job):
    """Write what the check computed, in one transaction."""
    count = write_import(Import.objects.get(pk=job.subject), job.hold)
    return _("%(count)d records were drafted, changed or proposed.") % {"count": count}


def undo(job):
    """Take an import back."""
    of = Import.objects.get(pk=job.subject)
    undone, kept = undo_import(of, job.user, job.report, job.hold)
    return _("%(undone)d changes were undone, %(kept)d were kept.") % {
        "undone": undone,
        "kept": kept,
    }


def links(subjects):
    """Return the pages of imports, with the names of their files."""
    names = dict(Import.objects.filter(pk__in=subjects).values_list("pk", "name"))
    return {
        pk: (reverse("admin:exchange_import_change", args=[pk]), names.get(pk) or pk)
        for pk in subjects
    }


def register_kinds():
    """Let the worker do what imports ask of it."""
    for kind, do in ((ImportJob.CHECK, check), (ImportJob.WRITE, write), (ImportJob.UNDO, undo)):
        register(JobKind(kind.value, kind.label, do, links))
