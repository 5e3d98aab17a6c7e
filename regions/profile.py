"""What a region bets on: its plans, the technologies that these name, and what falls due when.

A city stands by itself here, a province without its cities, a technology without those within it.
All of it comes from the sets of :mod:`regions.naming` and of the list of plans.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from django.utils import timezone

from catalog.filters import TargetFilter, filter_of
from catalog.models import IndustryField, Target, Technology
from catalog.models.documents import LegalStatus
from catalog.views.subjects import main_fields
from futureind.browse.evidence_tally import EvidenceTally, tally_of
from futureind.browse.kept_records import public_records
from futureind.core.bilingual import active_language
from futureind.publishing.evidence import EvidenceGrade, evidence_grade
from futureind.publishing.models.content_version import ContentVersion
from regions.filters import plan_filter, track_filter
from regions.models import TIER_ORDER, RegionalPlan, Tier
from regions.naming import OnRecord

# From so many technologies on, shares of them say something.
ENOUGH = 8
# Plans of a kind that stand on the page of a region.
MOST_PLANS = 20


@dataclass(frozen=True)
class PlanLine:
    """A plan in one line: whether it is in force today, whether it has ended, what it holds."""

    plan: RegionalPlan
    is_in_force: bool
    has_ended: bool
    grade: EvidenceGrade
    tracks: int
    targets: int

    @property
    def short_title(self):
        """The title without the name of the region and without what stands in brackets."""
        title = re.sub(r"\s*[(（][^()（）]*[)）]", "", self.plan.title.plain)
        return title.removeprefix(self.plan.region.name.plain).strip() or self.plan.title.plain

    @property
    def last_year(self):
        """The year at whose end the plan runs out, None where no end is stated."""
        document = self.plan.document
        if document.expiry_date:
            return document.expiry_date.year
        return document.period_end or self.plan.horizon_year

    @property
    def placed_on(self):
        """The day of a text with a place in time, None for others."""
        document = self.plan.document
        return None if document.legal_status == LegalStatus.CONSULTATION else document.date


@dataclass(frozen=True)
class Bet:
    """A technology that a region names: in which plans, since when, in which roles.

    ``has_ended``: all plans that name it have.
    """

    technology: Technology
    plans: tuple[int, ...]
    is_in_force: bool
    has_ended: bool
    first: date | None
    newest: date | None
    roles: tuple[Tier, ...]


@dataclass(frozen=True)
class FieldBets:
    """What a region names of one field, None where a technology has none."""

    field: IndustryField | None
    bets: list[Bet]

    @property
    def ended(self):
        return sum(bet.has_ended for bet in self.bets)


@dataclass(frozen=True)
class Profile:
    """The plans of a region, the newest first, and its bets by field, the most named first."""

    lines: list[PlanLine]
    fields: list[FieldBets]
    tally: EvidenceTally
    tracks: int

    @cached_property
    def in_force(self):
        return [line for line in self.lines if line.is_in_force]

    @cached_property
    def ended(self):
        return [line for line in self.lines if line.has_ended]

    @cached_property
    def is_cut(self):
        """Whether the page leaves out plans, which the list of plans has."""
        return max(map(len, (self.in_force, self.open, self.ended))) > MOST_PLANS

    @cached_property
    def open(self):
        """Plans of which nobody knows whether they are in force: undated ones, and drafts."""
        return [line for line in self.lines if not line.is_in_force and not line.has_ended]

    @property
    def shown_in_force(self):
        return self.in_force[:MOST_PLANS]

    @property
    def shown_open(self):
        return self.open[:MOST_PLANS]

    @property
    def shown_ended(self):
        return self.ended[:MOST_PLANS]

    @cached_property
    def bets(self):
        return [bet for of_field in self.fields for bet in of_field.bets]

    @cached_property
    def naming(self):
        """The plans, by primary key, that name any technology."""
        return {pk for bet in self.bets for pk in bet.plans}

    @cached_property
    def is_small(self):
        """Whether too little is known for shares."""
        return len(self.bets) < ENOUGH

    @cached_property
    def named_again(self):
        """How many technologies stand in more than one plan."""
        return sum(len(bet.plans) > 1 for bet in self.bets)

    @cached_property
    def most(self):
        """The largest number of technologies of a field."""
        return max((len(of_field.bets) for of_field in self.fields), default=0)

    @cached_property
    def any_ended(self):
        return any(of_field.ended for of_field in self.fields)

    @cached_property
    def only_role(self):
        """The role of all technologies where it is the same, else None."""
        roles = {bet.roles for bet in self.bets}
        return roles.pop()[0] if len(roles) == 1 and len(*roles) == 1 else None


def profile_of(region):
    """Return the Profile of a region today."""
    stamp, language = ContentVersion.stamp(), active_language()
    return profile_at(stamp, language, timezone.localdate(), region.pk)


# Technologies that as many plans name stand by name, so each language has its own order.
@lru_cache(maxsize=200)
def profile_at(stamp, language, day, region_pk):
    lines = lines_of(stamp, day, region_pk)
    tally = tally_of(RegionalPlan, [line.plan.pk for line in lines], stamp=stamp)
    tracks = sum(line.tracks for line in lines)
    return Profile(lines, bets_by_field(day, region_pk, lines), tally, tracks)


def lines_of(stamp, day, region_pk):
    """Return the PlanLines of a region, the newest first, those without a date last."""
    found = plan_filter(stamp=stamp)
    own = found.results.having(found.filters["region"], [region_pk])
    order = found.results.first(own)
    current = plan_filter({"in_force_on": [day.isoformat()]}, stamp).results.among(order)
    in_force = set(found.results.first(current))
    plans = RegionalPlan.objects.select_related("document", "region")
    plans = plans.prefetch_related("document__sources").in_bulk(order)
    documents = [plan.document_id for plan in plans.values()]
    tracks = numbers_by(track_filter(stamp=stamp), "plan", order)
    targets = numbers_by(filter_of(TargetFilter, Target, stamp=stamp), "document", documents)
    return [
        PlanLine(
            plans[pk],
            pk in in_force,
            pk not in in_force and has_started(plans[pk].document, day),
            evidence_grade(plans[pk]),
            tracks[pk],
            targets[plans[pk].document_id],
        )
        for pk in order
    ]


def numbers_by(found, name, keys):
    """Return ``{key: how many records of a list have it}`` of the keys of a facet."""
    facet = found.filters[name]
    return {key: len(found.results.having(facet, [key])) for key in keys}


def has_started(document, day):
    """Tell whether a text was in force at some time up to a day, as far as its columns say."""
    starts = document.effective_date or document.date
    is_placed = document.legal_status != LegalStatus.CONSULTATION and starts is not None
    return is_placed and starts <= day


def bets_by_field(day, region_pk, lines):
    """Return the FieldBets of a region, in the order of the fields."""
    fields, main = public_records(IndustryField), main_fields("technology")
    found = {pk: [] for pk in (*fields, None)}
    for bet in bets_of(day, region_pk, lines):
        key = main.get(bet.technology.pk)
        found[key if key in fields else None].append(bet)
    for bets in found.values():
        bets.sort(key=lambda bet: (-len(bet.plans), bet.first is None, bet.first))
    return [FieldBets(fields.get(pk), bets) for pk, bets in found.items() if pk or bets]


def bets_of(day, region_pk, lines):
    """Return the Bets of a region, in the order of the technologies."""
    line_of = {line.plan.pk: line for line in lines}
    plans, tracks = plan_filter(), OnRecord(day)
    own_plans = plans.results.among(line_of)
    own_tracks = tracks.of_region.get(region_pk, tracks.results.among([]))
    by_tier = [
        (tier, own_tracks & tracks.results.having(tracks.filterset.filters["tier"], [tier.value]))
        for tier in TIER_ORDER
    ]
    of_plans, of_tracks = plans.filters["technology"], tracks.filterset.filters["technology"]
    found = []
    for technology in public_records(Technology).values():
        naming = own_plans & plans.results.having(of_plans, [technology.pk])
        if not len(naming):
            continue
        named_by = [line_of[pk] for pk in plans.results.first(naming)]
        days = sorted(line.placed_on for line in named_by if line.placed_on)
        wording = tracks.results.having(of_tracks, [technology.pk])
        found.append(
            Bet(
                technology,
                tuple(line.plan.pk for line in named_by),
                any(line.is_in_force for line in named_by),
                all(line.has_ended for line in named_by),
                days[0] if days else None,
                days[-1] if days[1:] and days[-1] > days[0] else None,
                tuple(tier for tier, own in by_tier if len(own & wording)),
            )
        )
    return found
