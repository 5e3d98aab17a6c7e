"""What is published, withdrawn or approved at a set time."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of
from futureind.core.pointers import AboutNamedRecord, AboutRecordQuerySet, DoneBy
from futureind.publishing.models.revisions import Revision

# A worker looks every second.
OVERDUE_AFTER = timedelta(seconds=60)


class Move(models.TextChoices):
    """What is to happen at the set time."""

    PUBLISH = "publish", _("publish")
    WITHDRAW = "withdraw", _("withdraw")
    APPROVE = "approve", _("approve")


class ScheduleState(models.TextChoices):
    """What became of it."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")
    REFUSED = "refused", _("refused")


class ScheduleQuerySet(AboutRecordQuerySet):
    def of(self, record):
        """Return what was scheduled for one record or proposal, newest first."""
        return super().of(record).order_by("-id")

    def waiting(self):
        """Return what is still to come, soonest first."""
        return self.filter(state=ScheduleState.WAITING).order_by("due_at", "id")

    def overdue(self):
        """Return what nobody did for longer than a worker takes: none runs."""
        return self.waiting().filter(due_at__lt=timezone.now() - OVERDUE_AFTER)


class Schedule(AboutNamedRecord, DoneBy):
    """What somebody publishes, withdraws or approves at a set time.

    ``record`` is the proposal where its approval is scheduled.
    """

    open_to_staff = ("view",)

    move = models.CharField(_("what happens"), max_length=10, choices=Move)
    due_at = models.DateTimeField(_("due at"))
    revision = models.ForeignKey(
        Revision,
        models.PROTECT,
        related_name="schedules",
        verbose_name=_("version that was approved"),
    )
    # What the proposal held when its approval was decided.
    proposal_version = models.PositiveIntegerField(
        _("version of the proposal"), null=True, blank=True
    )
    # Keys of the versions of sources and units that whoever decided it had before them.
    rests_on = models.JSONField(_("rests on"), null=True, blank=True, editable=False)
    note = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("scheduled at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=ScheduleState, default=ScheduleState.WAITING
    )
    outcome = models.TextField(_("what became of it"), blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled move")
        verbose_name_plural = _("scheduled moves")
        ordering = ["-due_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="schedule_due")]
        constraints = [
            one_of("move", Move, name="schedule_move_known"),
            one_of("state", ScheduleState, name="schedule_state_known"),
            models.CheckConstraint(
                condition=Q(move=Move.APPROVE, proposal_version__isnull=False)
                | (~Q(move=Move.APPROVE) & Q(proposal_version=None)),
                name="schedule_approves_a_version",
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state=ScheduleState.WAITING),
                name="schedule_one_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.record_name} · {self.get_move_display()}"
