"""Plans that have run out, and nothing on record took their place."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce

from catalog.models import DocumentRelation
from catalog.models.documents import RelationType
from futureind.publishing.models.records import PublicationState
from regions.counts import latest_checks
from regions.models import CoverageCheck, RegionalPlan


@dataclass(frozen=True)
class EndedPlan:
    """A plan with its last day, and the last time that somebody looked into its region."""

    plan: RegionalPlan
    last_day: date
    check: CoverageCheck | None


def ended_plans(today):
    """Return the EndedPlans on a day, the latest end first.

    A plan ends with the expiry of its document, else with the last year of its period, else with
    its horizon. Left out are those that a public document supersedes, and those that state no end.
    """
    superseded = DocumentRelation.objects.filter(
        type=RelationType.SUPERSEDES, from_document__publication_state=PublicationState.PUBLISHED
    )
    plans = (
        RegionalPlan.objects.public()
        .annotate(last_year=Coalesce("document__period_end", "horizon_year"))
        .filter(
            Q(document__expiry_date__lt=today)
            | Q(document__expiry_date__isnull=True, last_year__lt=today.year)
        )
        .exclude(document__in=superseded.values("to_document"))
        .select_related("region", "document")
    )
    checks = latest_checks()
    found = [
        EndedPlan(
            plan,
            plan.document.expiry_date or date(plan.last_year, 12, 31),
            checks.get(plan.region_id),
        )
        for plan in plans
    ]
    return sorted(found, key=lambda ended: (-ended.last_day.toordinal(), ended.plan.region.code))
