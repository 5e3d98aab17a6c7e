"""Changes of published records that wait for a second person, and what happened to each."""

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from futureind.core.constraints import one_of
from futureind.core.pointers import AboutNamedRecord, AboutRecordQuerySet, DoneBy
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.revisions import Origin, Revision


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    IN_REVIEW = "in-review", _("in review")
    RETURNED = "returned", _("sent back")
    # Saved on a draft that somebody else had changed meanwhile: needs no approval, but a choice.
    HELD = "held", _("kept beside the record")
    APPROVED = "approved", _("approved")
    GIVEN_UP = "given-up", _("given up")


OPEN = (ProposalState.IN_REVIEW, ProposalState.RETURNED, ProposalState.HELD)


class Step(models.TextChoices):
    """What somebody did to a proposal."""

    PROPOSED = "proposed", _("proposed")
    EDITED = "edited", _("edited")
    MERGED = "merged", _("taken together with newer changes")
    RETURNED = "returned", _("sent back")
    APPROVED = "approved", _("approved")
    GIVEN_UP = "given-up", _("given up")
    SCHEDULED = "scheduled", _("approved for a set time")
    STOPPED = "stopped", _("approval at a set time called off")
    REFUSED = "refused", _("not written at the set time")


class ProposalQuerySet(AboutRecordQuerySet):
    """Proposals, newest first."""

    def open(self):
        """Return what still waits for somebody."""
        return self.filter(state__in=OPEN)

    def by(self, user):
        """Return the proposals that somebody worked on."""
        kind = ContentType.objects.get_for_model(Proposal)
        works = Authorship.objects.filter(content_type=kind, author=user)
        return self.filter(pk__in=works.values("object_id"))

    def moved_on(self):
        """Return the open proposals whose record has changed since they began."""
        last = Revision.objects.filter(
            content_type=OuterRef("content_type"), object_id=OuterRef("object_id")
        ).order_by("-id")
        return self.open().exclude(base=Subquery(last.values("pk")[:1]))


class Proposal(AboutNamedRecord):
    """A change of a record, held until another person approves it."""

    open_to_staff = ("view",)

    base = models.ForeignKey(
        Revision,
        models.PROTECT,
        related_name="proposals_from",
        verbose_name=_("version that it began from"),
    )
    snapshot = models.JSONField(_("snapshot"), encoder=DjangoJSONEncoder)
    note = models.TextField(_("reason"), blank=True)
    is_correction = models.BooleanField(
        _("corrects an error"),
        default=False,
        help_text=_("The public history of the record shows it as a correction."),
    )
    origin = models.CharField(_("origin"), max_length=20, choices=Origin, default=Origin.EDITOR)
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.IN_REVIEW
    )
    comment = models.TextField(_("comment of the reviewer"), blank=True)
    result = models.OneToOneField(
        Revision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposal",
        verbose_name=_("version that it became"),
    )
    # Raised by everything that happens to it, so that nobody decides about what they have not seen.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="proposal_of"),
            models.Index(fields=["state", "-id"], name="proposal_in_state"),
        ]
        constraints = [
            one_of("origin", Origin, name="proposal_origin_known"),
            one_of("state", ProposalState, name="proposal_state_known"),
            models.CheckConstraint(
                condition=Q(result=None) | Q(state=ProposalState.APPROVED),
                name="proposal_result_only_approved",
            ),
        ]

    def __str__(self):
        return f"{self.record_name} · {self.pk}"

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def has_moved_on(self):
        """True where the record has changed since the proposal began."""
        last = Revision.objects.of(self.record).values_list("pk", flat=True).first()
        return last != self.base_id

    def authors(self):
        """Return the authorships of all who worked on it, in the order in which they began."""
        return Authorship.objects.of(self).select_related("author").order_by("id")


class ProposalStep(DoneBy):
    """What happened to a proposal: who, when, why, and what it held from then on."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="steps", verbose_name=_("proposal")
    )
    step = models.CharField(_("step"), max_length=10, choices=Step)
    note = models.TextField(_("reason"), blank=True)
    snapshot = models.JSONField(_("snapshot"), encoder=DjangoJSONEncoder, null=True, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("step of a proposal")
        verbose_name_plural = _("steps of proposals")
        ordering = ["id"]
        constraints = [one_of("step", Step, name="proposal_step_known")]

    def __str__(self):
        return f"{self.proposal_id} · {self.get_step_display()}"
