"""Models of the desk: link checks, doubtful translations, verifications, notes on work lists."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of
from futureind.core.pointers import AboutNamedRecord, AboutRecord, AboutRecordQuerySet, DoneBy
from futureind.desk.link_visits import Problem
from futureind.publishing.models.records import URL_LENGTH, fact_label
from futureind.publishing.models.sources import Source

# Broken is only what failed in so many visits over so many days.
FAILURES = 3
FAILING_DAYS = 3


class LinkState(models.TextChoices):
    """What is to be thought of an address."""

    WORKS = "works", _("works")
    AGAIN = "again", _("to be checked again")
    BROKEN = "broken", _("broken")
    BY_HAND = "by-hand", _("to be opened by hand")


# After how long an address is visited again.
VISIT_AGAIN = {
    LinkState.WORKS: timedelta(days=30),
    LinkState.AGAIN: timedelta(hours=20),
    LinkState.BROKEN: timedelta(days=7),
    LinkState.BY_HAND: timedelta(days=30),
}


class LinkCheckQuerySet(models.QuerySet):
    def due(self, now):
        """Return what is to be visited now, never visited addresses first, then the oldest."""
        waits = Q(checked_at__isnull=True)
        for state, wait in VISIT_AGAIN.items():
            waits |= Q(state=state, checked_at__lte=now - wait)
        return self.filter(waits).order_by(models.F("checked_at").asc(nulls_first=True), "id")

    def broken(self):
        return self.filter(state=LinkState.BROKEN)


class LinkCheck(models.Model):
    """What the last visits to an address found; one row for each address that records name."""

    open_to_staff = ("view",)

    # An address may be too long for an index of its own.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    address = models.URLField(_("address"), max_length=URL_LENGTH)
    state = models.CharField(
        _("state"), max_length=10, choices=LinkState, default=LinkState.AGAIN, db_index=True
    )
    problem = models.CharField(_("problem"), max_length=20, choices=Problem, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    final_address = models.TextField(_("leads to"), blank=True)
    checked_at = models.DateTimeField(_("last visited"), null=True, blank=True)
    first_failed_at = models.DateTimeField(_("failing since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["first_failed_at", "id"]
        constraints = [
            one_of("state", LinkState, name="link_state_known"),
            models.CheckConstraint(
                condition=Q(problem__in=["", *Problem.values]), name="link_problem_known"
            ),
        ]

    def __str__(self):
        return self.address

    def note(self, visit, now):
        """Take over what a visit found; the caller saves."""
        self.checked_at, self.status = now, visit.status
        self.problem = visit.problem
        self.final_address = "" if visit.final_address == self.address else visit.final_address
        if not visit.problem:
            self.state, self.failures, self.first_failed_at = LinkState.WORKS, 0, None
            return
        if visit.problem == Problem.NOT_TO_PROGRAMS:
            self.state = LinkState.BY_HAND
            return
        self.failures += 1
        self.first_failed_at = self.first_failed_at or now
        lasting = now - self.first_failed_at >= timedelta(days=FAILING_DAYS)
        is_broken = lasting and self.failures >= FAILURES
        self.state = LinkState.BROKEN if is_broken else LinkState.AGAIN

    @property
    def result(self):
        """What the last visit found, in words."""
        if self.checked_at is None:
            return str(_("waits for its visit"))
        day = timezone.localtime(self.checked_at)
        words = [_("checked on %(day)s") % {"day": f"{day:%Y-%m-%d %H:%M}"}]
        words.append(str(self.status or ""))
        words.append(self.get_problem_display() if self.problem else self.get_state_display())
        if self.final_address:
            words.append(_("leads to %(address)s") % {"address": self.final_address})
        return " · ".join(filter(None, map(str, words)))

    def settle(self, now):
        """Note that a person opened the address and found its page; the caller saves."""
        self.state, self.problem, self.checked_at = LinkState.WORKS, "", now
        self.failures, self.first_failed_at = 0, None


PATH_LENGTH = 300


class RenderedText(AboutRecord):
    """A text of a record, or of one of its parts, about whose English rendering there is a note."""

    # From the record to the text: "summary", or "tracks/beijing--quantum/name" for that of a part.
    path = models.CharField(_("text"), max_length=PATH_LENGTH)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.record} · {self.label}"

    @property
    def label(self):
        """What the text is, in words."""
        return text_label(self.content_type.model_class(), self.path)


class StaleTranslation(RenderedText):
    """A text whose English rendering is out of step."""

    open_to_staff = ("view",)

    source_was = models.TextField(_("Chinese before"))
    source_now = models.TextField(_("Chinese now"))
    translation = models.TextField(_("English"))
    since = models.DateTimeField(_("since"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("translation out of step")
        verbose_name_plural = _("translations out of step")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "path"], name="stale_translation_unique"
            )
        ]


class MachineRendering(RenderedText):
    """A text whose English rendering is a machine's, and who has read it against the Chinese."""

    open_to_staff = ("view",)

    source = models.TextField(_("Chinese"))
    translation = models.TextField(_("English"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("marked by"),
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("machine translation")
        verbose_name_plural = _("machine translations")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "path"], name="machine_rendering_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer=None) | models.Q(reviewed_at__isnull=False),
                name="machine_rendering_reviewed_at_a_time",
            ),
        ]


def text_label(model, path):
    """Return what a text of a model is, in words: the column, with the part that it stands in."""
    *above, column = path.split("/")
    names = []
    try:
        for part, key in zip(above[::2], above[1::2], strict=True):
            model = model._meta.get_field(part).related_model
            names.append(f"{capfirst(model._meta.verbose_name)} {key}")
        field = model._meta.get_field(f"{column}_en")
    except FieldDoesNotExist:
        # The model has changed since.
        return path
    return " · ".join([*names, capfirst(str(field.verbose_name))])


class Verification(AboutNamedRecord, DoneBy):
    """That somebody read something in a source: what, where, when."""

    open_to_staff = ("view",)

    facts = models.JSONField(_("what was verified"), default=list)
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="verifications", verbose_name=_("source")
    )
    locator = models.CharField(_("locator"), max_length=200, blank=True)
    read_on = models.DateField(_("read on"))
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="verification_of")]

    def __str__(self):
        return f"{self.record_name} · {self.read_on}"

    @property
    def what(self):
        """What was verified, in words; the kind of the record where it was the whole."""
        # Read from the memory of content types, not from the database.
        kind = ContentType.objects.get_for_id(self.content_type_id)
        return ", ".join(fact_label(kind.model_class(), name) for name in self.facts)


class WorkNoteQuerySet(AboutRecordQuerySet):
    def resting(self):
        """Return the notes whose entry is out of its list today."""
        return self.filter(snoozed_until__gt=timezone.localdate())

    def on(self, queue, model):
        """Return the notes on the entries of one kind in the list of that name."""
        return self.filter(queue=queue, content_type=ContentType.objects.get_for_model(model))


class WorkNote(AboutRecord):
    """The assignee of an entry of a work list, or until when it is snoozed and why."""

    queue = models.CharField(_("list"), max_length=30)
    # An account that is deleted leaves its entries to everybody.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assigned_work",
        verbose_name=_("assigned to"),
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("snoozed by"),
    )
    snoozed_at = models.DateTimeField(_("snoozed at"), null=True, blank=True)

    objects = WorkNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on work")
        verbose_name_plural = _("notes on work")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "content_type", "object_id"], name="work_note_unique"
            ),
            models.CheckConstraint(
                condition=Q(assignee__isnull=False) | Q(snoozed_until__isnull=False),
                name="work_note_says_something",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until=None) | ~Q(reason=""),
                name="work_note_snoozed_for_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.queue} · {self.record}"

    @property
    def is_resting(self):
        """True while the entry is snoozed."""
        return self.snoozed_until is not None and self.snoozed_until > timezone.localdate()
