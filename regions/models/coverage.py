"""Coverage checks: where somebody searched for plans, and whether there were any."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Region
from futureind.core.bilingual import Bilingual
from futureind.core.constraints import one_of
from futureind.publishing.models.records import (
    PublicationState,
    PublicationStateField,
    Reviewed,
    state_known,
)


class CoverageOutcome(models.TextChoices):
    FOUND = "found", _("plan found")
    NONE_FOUND = "none-found", _("no plan found")


class Completeness(models.TextChoices):
    COMPLETE = "complete", _("complete")
    PARTIAL = "partial", _("in part")


class CoverageCheck(Reviewed):
    """A search for the plans of a region on a day, and whether it found any.

    It is shown on the page of the region, and as the reason wherever a region has no plan.
    """

    natural_key_fields = ("region__slug", "checked_on")
    public_owners = ("region",)

    # Also for processes of a version that knew no state here, until they are restarted.
    publication_state = PublicationStateField(db_default=PublicationState.DRAFT)

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="coverage_checks", verbose_name=_("region")
    )
    checked_on = models.DateField(_("checked on"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=CoverageOutcome)
    completeness = models.CharField(
        _("completeness"), max_length=10, choices=Completeness, blank=True, default=""
    )
    queries = models.TextField(_("queries"), blank=True, help_text=_("One query a line."))
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)

    note = Bilingual()

    class Meta:
        verbose_name = _("coverage check")
        verbose_name_plural = _("coverage checks")
        ordering = ["-checked_on", "region"]
        constraints = [
            state_known("coverage"),
            one_of("outcome", CoverageOutcome, name="coverage_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=CoverageOutcome.FOUND, completeness__in=Completeness.values)
                | Q(outcome=CoverageOutcome.NONE_FOUND, completeness=""),
                name="coverage_completeness_fits_outcome",
                violation_error_message=_(
                    "Say how complete a find is; a search that found nothing has no completeness."
                ),
            ),
            models.UniqueConstraint(fields=["region", "checked_on"], name="coverage_check_unique"),
        ]

    def __str__(self):
        return f"{self.region.name_en} · {self.checked_on}"

    def get_absolute_url(self):
        return self.region.get_absolute_url()
