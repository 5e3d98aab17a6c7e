"""The parts of a document's page that hold its plans, one for each region."""

from dataclasses import dataclass
from functools import cache

from django.db.models import F

from catalog.models import Region
from futureind.browse.evidence_tally import EvidenceTally, tally_of
from futureind.browse.fragments import rendered_by_key
from futureind.browse.kept_records import public_records
from futureind.browse.results import in_order
from futureind.core.statements import ANY_KEY, Statement
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.public_history import PublicHistory
from regions.counts import standing_of
from regions.models import TIER_ORDER, CoverageCheck, RegionalPlan, Track
from regions.tracks.rows import TRACK_MAPPINGS, grouped_by_tier

# What the page asks of tracks before it shows their rows.
OF_TRACKS = ("id", "parent_id", "tier", "tier_label_en", "tier_label_zh", "order")


@dataclass(frozen=True)
class PlanPart:
    """A plan as the page of its document shows it.

    ``groups`` are its tracks by tier, each with its ``row`` as HTML; ``tally``, how they were read;
    ``check`` is the last one of the region; ``history`` the PublicHistory of the plan.
    """

    plan: RegionalPlan
    groups: list
    track_count: int
    tally: EvidenceTally
    check: CoverageCheck | None
    history: PublicHistory


class TrackRows:
    """Tracks as rows of the table of their plan."""

    row_template = "regions/_track_row.html"
    row_name = "track"

    def __init__(self, marks_unread):
        self.marks_unread = marks_unread

    @property
    def list_name(self):
        return "tracks of a plan", self.marks_unread

    def records_with(self, pks):
        found = Track.objects.select_related("plan", "quotation_source")
        found = found.prefetch_related(*TRACK_MAPPINGS)
        tracks = in_order(found, pks)
        for track in tracks:
            track.table = self
        return tracks


@cache
def plans_statement():
    columns = {f"track_{name}": F(f"tracks__{name}") for name in OF_TRACKS}
    plans = RegionalPlan.objects.public().filter(document=ANY_KEY)
    return Statement.of(plans.annotate(**columns).order_by("region__code", "pk"))


def public_plans(document):
    """Return the public plans that stand in a document, by region, each with its ``own_tracks``.

    All in one query, with a row for each track: of those only what it takes to sort them.
    """
    plans, regions = {}, public_records(Region)
    for row in plans_statement().records(RegionalPlan, {ANY_KEY: document.pk}):
        plan = plans.setdefault(row.pk, row)
        if plan is row:
            plan.document, plan.own_tracks = document, []
            # One that is withdrawn is asked for by itself.
            if plan.region_id in regions:
                plan.region = regions[plan.region_id]
        if row.track_id is not None:
            columns = {name: getattr(row, f"track_{name}") for name in OF_TRACKS}
            plan.own_tracks.append(Track(plan=plan, **columns))
    for plan in plans.values():
        plan.own_tracks.sort(key=place_in_plan)
    return list(plans.values())


def place_in_plan(track):
    """Return what sorts tracks as :meth:`TrackQuerySet.in_plan_order` does."""
    return TIER_ORDER.index(track.tier), track.order, track.pk


def plan_parts(plans):
    """Return the PlanParts of one document.

    Parameter: ``plans``, ``[(plan, its PublicHistory), …]``, those of :func:`public_plans`.
    """
    stamp = ContentVersion.stamp()
    return [plan_part(plan, history, stamp) for plan, history in plans]


def plan_part(plan, history, stamp):
    tracks = plan.own_tracks
    keys = [track.pk for track in tracks]
    tally = tally_of(Track, keys, stamp=stamp)
    rows = rendered_by_key(TrackRows(tally.marks_unread), keys, stamp)
    for track in tracks:
        track.row = rows.get(track.pk, "")
    return PlanPart(
        plan=plan,
        groups=grouped_by_tier(tracks),
        track_count=len(tracks),
        tally=tally,
        check=standing_of(plan.region).check,
        history=history,
    )
