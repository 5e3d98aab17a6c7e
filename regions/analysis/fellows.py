"""The regions of a group side by side in a few numbers: fair also where little was read."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from catalog.filters import TargetFilter, filter_of
from catalog.models import RegionGroup, Target
from catalog.models.documents import LegalStatus
from regions.analysis.similarity import profiles
from regions.counts import Standing, standings
from regions.models import RegionalPlan
from regions.profile import numbers_by


@dataclass(frozen=True)
class Fellow:
    """A region of the group: its technologies, the day of its first plan, its targets."""

    standing: Standing
    technologies: int
    first: date | None
    targets: int


@dataclass(frozen=True)
class Fellows:
    group: RegionGroup
    rows: list[Fellow]

    @property
    def most(self):
        return max(row.technologies for row in self.rows)

    @property
    def any_in_part(self):
        return any(row.standing.reading != "read" for row in self.rows)


def fellows_of(region, groups):
    """Return the Fellows of a region in the smallest of its groups, None where it is in none."""
    if not groups:
        return None
    members = {group.pk: set() for group in groups}
    rows = RegionGroup.regions.through.objects.filter(regiongroup__in=members)
    for group, member in rows.values_list("regiongroup", "region"):
        members[group].add(member)
    group = min(groups, key=lambda group: len(members[group.pk]))
    pks = members[group.pk]
    found = [standing for standing in standings(with_cities=False) if standing.region.pk in pks]
    named, first = profiles(), first_plans(pks)
    targets = numbers_by(filter_of(TargetFilter, Target), "region", pks)
    rows = [
        Fellow(standing, len(named.get(pk, ())), first.get(pk), targets[pk])
        for standing in found
        for pk in [standing.region.pk]
    ]
    return Fellows(group, rows)


def first_plans(pks):
    """Return ``{region pk: the day of its first dated plan}``."""
    plans = RegionalPlan.objects.public().filter(region__in=pks).order_by()
    plans = plans.exclude(document__legal_status=LegalStatus.CONSULTATION)
    return dict(plans.values_list("region").annotate(first=Min("document__date")))
