"""Four eyes: who worked on a record or a proposal, and which other person approved it."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.pointers import AboutRecord, AboutRecordQuerySet


class AuthorshipQuerySet(AboutRecordQuerySet):
    def waiting(self):
        """Return the work that nobody has approved yet."""
        return self.filter(approved_at=None)

    def note(self, target, author):
        """Remember that somebody worked on a record or proposal."""
        kind = ContentType.objects.get_for_model(target)
        work = Authorship(content_type=kind, object_id=target.pk, author=author)
        # Whoever worked on it twice is one author.
        self.bulk_create([work], ignore_conflicts=True)

    def note_all(self, targets, author):
        """Remember that somebody worked on many records or proposals."""
        kinds = {type(target): ContentType.objects.get_for_model(target) for target in targets}
        works = [
            Authorship(content_type=kinds[type(target)], object_id=target.pk, author=author)
            for target in targets
        ]
        self.bulk_create(works, ignore_conflicts=True, batch_size=500)

    def approve(self, target, user):
        """Write that ``user`` (None: a command) approved all work on it so far.

        The database refuses where the user is one of the authors.
        """
        self.of(target).waiting().update(approver=user, approved_at=timezone.now())


class Authorship(AboutRecord):
    """A person's work on a record or proposal: waits until another person approves it."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="authorships",
        verbose_name=_("author"),
    )
    began_at = models.DateTimeField(_("began at"), default=timezone.now)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="approvals",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorship")
        verbose_name_plural = _("authorships")
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="authorship_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("author")),
                name="authorship_not_approved_by_author",
                violation_error_message=_("Nobody approves their own work."),
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | Q(approved_at__isnull=False),
                name="authorship_approved_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id", "author"],
                condition=Q(approved_at=None),
                name="authorship_once_while_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.author} · {self.record}"
