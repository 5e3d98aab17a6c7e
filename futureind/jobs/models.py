"""Work that takes longer than a request: rows that ``manage.py run_jobs`` claims and does."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of
from futureind.jobs import kinds

# A worker that said nothing for so long was killed; it reports far more often.
SILENCE = timedelta(seconds=60)
# A job that ended its worker so often is not tried again.
ATTEMPTS = 3


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class JobCancelled(Exception):
    """Somebody asked for the end of the job."""


class JobLost(Exception):
    """The job is no longer this worker's: it was silent for too long and another one has it."""


class JobQuerySet(models.QuerySet):
    def claim(self, worker, *, only=None):
        """Give the oldest waiting job to a worker; returns it, None where none waits.

        One UPDATE under a condition, so that of two workers one gets the job, on any database.
        ``only`` is the primary key of the one job that is wanted.
        """
        self.take_back()
        waiting = self.filter(state=JobState.WAITING, **({"pk": only} if only else {}))
        for pk in waiting.order_by("pk").values_list("pk", flat=True):
            claimed = self.filter(pk=pk, state=JobState.WAITING).update(
                state=JobState.RUNNING,
                worker=worker,
                attempts=F("attempts") + 1,
                started_at=timezone.now(),
                heard_at=timezone.now(),
            )
            if claimed:
                return self.get(pk=pk)
        return None

    def take_back(self):
        """Let jobs whose worker fell silent wait again; give up those that were tried too often."""
        silent = self.filter(state=JobState.RUNNING, heard_at__lt=timezone.now() - SILENCE)
        # Asked first, or every look for work would wait for whoever writes to SQLite.
        if silent.exists():
            silent.give_to_others()

    @transaction.atomic
    def give_to_others(self):
        # A row that is locked is held by a worker which is alive and writes, however long.
        pks = list(self.select_for_update(skip_locked=True).values_list("pk", flat=True))
        running = Job.objects.filter(pk__in=pks, state=JobState.RUNNING)
        running.filter(is_cancelled=True).update(
            state=JobState.CANCELLED, ended_at=timezone.now(), worker=""
        )
        running.filter(attempts__gte=ATTEMPTS).update(
            state=JobState.FAILED,
            ended_at=timezone.now(),
            worker="",
            message=_("It ended its worker %(count)d times.") % {"count": ATTEMPTS},
        )
        running.update(state=JobState.WAITING, worker="", done=0)


class Job(models.Model):
    """A piece of work, who asked for it, and how far it is."""

    kind = models.CharField(_("kind"), max_length=20, choices=kinds.choices)
    subject = models.BigIntegerField(_("subject"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="jobs",
        verbose_name=_("user"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=JobState, default=JobState.WAITING, db_index=True
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    message = models.TextField(_("message"), blank=True)
    is_cancelled = models.BooleanField(_("is to end"), default=False)
    worker = models.CharField(_("worker"), max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heard_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        constraints = [
            one_of("state", JobState, name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="job_ended_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_once_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.subject}"

    @property
    def has_ended(self):
        return self.state in ENDED

    @property
    def percent(self):
        return min(100, 100 * self.done // self.total) if self.total else 0

    # For the worker

    def mine(self):
        """Return the row as long as it is this worker's."""
        return Job.objects.filter(pk=self.pk, state=JobState.RUNNING, worker=self.worker)

    def report(self, done, total=None):
        """Say how far it is, and learn whether to go on.

        Raises JobCancelled or JobLost. Called often and outside transactions, it is also the sign
        of life.
        """
        columns = {"done": done, "heard_at": timezone.now()}
        if total is not None:
            columns["total"] = total
        if not self.mine().update(**columns):
            raise JobLost
        if self.mine().filter(is_cancelled=True).exists():
            raise JobCancelled

    def hold(self):
        """Keep the job this worker's until the end of the transaction.

        What a job writes for good, it writes after this, so that nothing is written twice. Where
        that takes long, it is called once more at the end: from the commit on others see the row
        again, and whether it was silent. Raises JobCancelled or JobLost.
        """
        row = self.mine().select_for_update().first()
        if row is None:
            raise JobLost
        if row.is_cancelled:
            raise JobCancelled
        self.mine().update(heard_at=timezone.now())

    def end(self, state, message=""):
        self.mine().update(state=state, message=message, ended_at=timezone.now(), worker="")

    def give_back(self):
        """Let it wait for another worker, as this one was asked to end; that is no attempt."""
        self.mine().update(state=JobState.WAITING, worker="", done=0, attempts=F("attempts") - 1)

    # For people

    def cancel(self):
        """Ask for its end; one that waits ends at once."""
        row = Job.objects.filter(pk=self.pk)
        row.exclude(state__in=ENDED).update(is_cancelled=True)
        row.filter(state=JobState.WAITING).update(state=JobState.CANCELLED, ended_at=timezone.now())
