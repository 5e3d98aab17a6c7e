"""Imports: what was uploaded, what it would do row by row, and what it did."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from futureind.core.constraints import one_of
from futureind.core.pointers import AboutNamedRecord
from futureind.jobs.models import Job
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Revision

# Longer than any spreadsheet allows; lists in JSON files are named freely.
KEPT_NAME_LENGTH = 60


class ImportJob(models.TextChoices):
    """The kinds of jobs of an import."""

    CHECK = "check-import", _("check an import")
    WRITE = "write-import", _("write an import")
    UNDO = "undo-import", _("undo an import")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("waits for its check")
    CHECKED = "checked", _("checked")
    WRITTEN = "written", _("written")
    GIVEN_UP = "given-up", _("given up")
    UNDONE = "undone", _("undone")


class Import(models.Model):
    """A file that somebody uploaded, from its check to its undoing."""

    open_to_staff = ("view", "add")

    name = models.CharField(_("file"), max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="imports",
        verbose_name=_("user"),
    )
    note = models.TextField(_("reason"), blank=True, max_length=1000)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED
    )
    # The cells as they were read; dropped once nothing can be done with them any more.
    tables = models.JSONField(_("tables"), encoder=DjangoJSONEncoder, default=list)
    rows_in_all = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    created_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [one_of("state", ImportState, name="import_state_known")]

    def __str__(self):
        return f"{self.name} · {self.pk}"

    @property
    def jobs(self):
        """The jobs about it; those of other kinds are about something else of the same number."""
        return Job.objects.filter(kind__in=ImportJob.values, subject=self.pk)

    @property
    def job(self):
        """The last job about it, None where there is none."""
        return self.jobs.order_by("-pk").first()


class Outcome(models.TextChoices):
    """What would become of a row."""

    CREATED = "created", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", pgettext_lazy("row of a file", "refused")


class ImportRow(models.Model):
    """What the check found about one row of the file."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows", verbose_name=_("import"))
    sheet = models.CharField(_("sheet"), max_length=KEPT_NAME_LENGTH)
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(pgettext_lazy("of a row", "outcome"), max_length=10, choices=Outcome)
    name = models.CharField(_("record"), max_length=300)
    # ``[path, kind, before, after]`` each; ``[column, value, reason]`` each.
    differences = models.JSONField(_("differences"), default=list)
    problems = models.JSONField(_("problems"), default=list)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["id"]
        indexes = [models.Index(fields=["of", "outcome"], name="import_row_outcome")]
        constraints = [one_of("outcome", Outcome, name="import_row_outcome_known")]

    def __str__(self):
        return f"{self.sheet} {self.number}"


class ChangeKind(models.TextChoices):
    """How an import changes a record."""

    CREATE = "create", _("new draft")
    EDIT = "edit", _("changed draft")
    PROPOSE = "propose", _("proposal")


class ImportChange(AboutNamedRecord):
    """What an import does to one record with all its parts, as the check computed it."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="changes", verbose_name=_("import"))
    kind = models.CharField(_("kind"), max_length=10, choices=ChangeKind)
    # Known for a new record only when it was written.
    object_id = models.BigIntegerField(_("record"), null=True, blank=True)
    base = models.ForeignKey(
        Revision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version that it began from"),
    )
    snapshot = models.JSONField(_("snapshot"), encoder=DjangoJSONEncoder)
    result = models.ForeignKey(
        Revision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version that it became"),
    )
    proposal = models.ForeignKey(
        Proposal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposal"),
    )
    is_undone = models.BooleanField(_("undone"), default=False)
    # Why an undo left it, in words.
    kept_because = models.CharField(_("kept because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of an import")
        verbose_name_plural = _("changes of imports")
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="import_change_of")]
        constraints = [one_of("kind", ChangeKind, name="import_change_kind_known")]

    def __str__(self):
        return self.record_name
