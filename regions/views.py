"""Lists and pages of regions, plans and tracks, and the coverage page."""

from django.db.models import F, Prefetch
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import PolicyDocument, Region, Target
from catalog.views.lists import ISSUERS, PUBLIC, nested
from catalog.views.pages import mappings_of
from futureind.browse.cache import mark_cacheable
from futureind.browse.neighbours import neighbours
from futureind.browse.views import BrowseView, RecordView, VocabularyView
from futureind.search.index import index_for
from futureind.search.queries import text_hits
from regions import columns
from regions.counts import last_checked_on, latest_checks, standings
from regions.ended import ended_plans
from regions.filters import RegionalPlanFilter, RegionFilter, TrackFilter
from regions.models import (
    TIER_ORDER,
    RegionalPlan,
    Track,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)

# What a row of a table of tracks shows of its mappings and sources.
TRACK_MAPPINGS = [
    Prefetch(
        "field_mappings",
        TrackFieldMapping.objects.filter(field__publication_state=PUBLIC).select_related("field"),
    ),
    Prefetch(
        "technology_mappings",
        TrackTechnologyMapping.objects.filter(technology__publication_state=PUBLIC).select_related(
            "technology"
        ),
    ),
    Prefetch(
        "product_mappings",
        TrackProductMapping.objects.filter(product__publication_state=PUBLIC).select_related(
            "product"
        ),
    ),
    "sources",
]


class RegionalPlanList(BrowseView):
    model = RegionalPlan
    filterset_class = RegionalPlanFilter
    template_name = "regions/plan_list.html"
    list_name = "plans"
    row_template = "regions/_plan_row.html"
    row_name = "plan"
    columns = columns.PLAN_COLUMNS
    has_in_force = True

    def title(self):
        return _("Regional plans")

    def owners_found(self, text, stamp):
        """Return the keys of the documents whose plans a text finds: the two are one result."""
        index = index_for(RegionalPlan.index_kind, stamp)
        if index is None:
            return []
        hits = text_hits(index, text, self.public_records(), self.filterset_class.searched)
        plans = RegionalPlan.objects.filter(pk__in=index.slice(hits, 0, len(hits)))
        return plans.values_list("document", flat=True)

    def count_text(self, count):
        return ngettext("%(n)s plan", "%(n)s plans", count) % {"n": count}

    def rows(self, records):
        return records.select_related("region", "document").prefetch_related("tracks")


class TrackList(BrowseView):
    model = Track
    filterset_class = TrackFilter
    template_name = "regions/track_list.html"
    list_name = "tracks"
    row_template = "regions/_listed_track.html"
    row_name = "track"
    columns = columns.TRACK_COLUMNS
    has_in_force = True
    page_size = 50

    def note(self, track):
        return track.plan.title

    def title(self):
        return _("Tracks")

    def export_rows(self, records):
        return self.rows(records).select_related("parent")

    def count_text(self, count):
        return ngettext("%(n)s track", "%(n)s tracks", count) % {"n": count}

    def rows(self, records):
        return records.select_related("plan__region", "plan__document").prefetch_related(
            *TRACK_MAPPINGS
        )


class RegionList(VocabularyView):
    model = Region
    filterset_class = RegionFilter
    template_name = "regions/region_list.html"
    list_name = "regions"
    columns = columns.REGION_COLUMNS

    def title(self):
        return _("Regions")

    def export_rows(self, records):
        return records.select_related("parent")

    def context(self, records, is_narrowed):
        wanted = {region.pk for region in records}
        found = [s for s in standings(with_cities=False) if s.region.pk in wanted]
        by_pk = {standing.region.pk: standing for standing in found}
        regions = [standing.region for standing in found]
        tree = [
            (by_pk[region.pk], [by_pk[city.pk] for city, _beneath in cities])
            for region, cities in nested(regions)
        ]
        return {"records": regions, "tree": tree}


def grouped_by_tier(tracks):
    """Return tracks as ``[(tier, heading, [(track, children), …]), …]`` in the plan's own order.

    Parameter: ``tracks``, all tracks of one plan with their mappings. A track within another
    stands beneath it; tracks of one tier that the text calls by different words stand apart.
    """
    children = {}
    for track in tracks:
        children.setdefault(track.parent_id, []).append(track)
    groups = {}
    for track in children.get(None, ()):
        key = (TIER_ORDER.index(track.tier), track.tier_label_zh)
        groups.setdefault(key, []).append((track, children.get(track.pk, [])))
    return [
        (pairs[0][0].get_tier_display(), pairs[0][0].tier_label, pairs)
        for _key, pairs in sorted(groups.items(), key=lambda item: item[0][0])
    ]


def with_tracks(plans, *, mapped=True):
    """Return ``[(plan, its tracks in order), …]``, with one query for the tracks of all plans.

    ``mapped``: whether the tracks come with their mappings and sources.
    """
    found = Track.objects.filter(plan__in=plans).in_plan_order().select_related("plan__document")
    tracks = {plan.pk: [] for plan in plans}
    for track in found.prefetch_related(*TRACK_MAPPINGS) if mapped else found:
        tracks[track.plan_id].append(track)
    return [(plan, tracks[plan.pk]) for plan in plans]


class RegionalPlanPage(RecordView):
    model = RegionalPlan
    template_name = "regions/plan_detail.html"

    def public_records(self):
        return RegionalPlan.objects.public().select_related("region", "document__region")

    def context(self, plan):
        [(_plan, tracks)] = with_tracks([plan])
        before, after = neighbours(
            RegionalPlan.objects.public()
            .filter(region=plan.region)
            .select_related("document")
            .order_by(F("document__date").asc(nulls_last=True), "id"),
            plan,
        )
        return {
            "document": plan.document,
            "track_groups": grouped_by_tier(tracks),
            "track_count": len(tracks),
            "any_locator": any(track.locator for track in tracks),
            "targets": plan.document.targets.public().for_rows(),
            "check": latest_checks().get(plan.region_id),
            "previous": before,
            "next": after,
        }


class TrackPage(RecordView):
    model = Track
    template_name = "regions/track_detail.html"

    def public_records(self):
        return Track.objects.public().select_related("plan__region", "plan__document", "parent")

    def title_parts(self, track):
        return [*super().title_parts(track), track.plan.title.plain]

    def context(self, track):
        before, after = neighbours(
            Track.objects.public().filter(plan=track.plan).in_plan_order().select_related("plan"),
            track,
        )
        return {
            "plan": track.plan,
            "children": track.children.order_by("order", "id"),
            "targets": track.targets.public().for_rows(),
            "previous": before,
            "next": after,
            **mappings_of(track),
        }


class RegionPage(RecordView):
    model = Region
    template_name = "regions/region_detail.html"

    def public_records(self):
        return Region.objects.public().select_related("parent")

    def title_parts(self, region):
        above = [region.parent.name.plain] if region.parent else []
        return [*above, *super().title_parts(region)]

    def context(self, region):
        plans = list(
            RegionalPlan.objects.public()
            .filter(region=region)
            .select_related("document")
            .order_by(F("document__date").asc(nulls_last=True), "id")
        )
        siblings = Region.objects.public().filter(parent=region.parent)
        before, after = neighbours(siblings, region)
        return {
            "plans": [(plan, grouped_by_tier(tracks)) for plan, tracks in with_tracks(plans)],
            "track_count": Track.objects.public().filter(plan__region=region).count(),
            "documents": PolicyDocument.objects.public()
            .filter(region=region, plans__isnull=True)
            .prefetch_related(ISSUERS),
            "targets": Target.objects.public().filter(document__region=region).for_rows(),
            "cities": [s for s in standings(with_cities=False) if s.region.parent_id == region.pk],
            "agencies": region.agencies.public(),
            "check": latest_checks().get(region.pk),
            "groups": region.groups.all(),
            "previous": before,
            "next": after,
        }


def coverage(request):
    """What was looked for in each region, and how much of the record has a source to show."""
    claims = [
        (_("Policy documents"), "document-list", PolicyDocument.objects.public(), False),
        (_("Tracks"), "track-list", Track.objects.public(), True),
        (_("Targets"), "target-list", Target.objects.public(), True),
    ]
    context = {
        "standings": standings(with_cities=False),
        "evidence": [evidence(*claim) for claim in claims],
        "last_checked_on": last_checked_on(),
        "ended": ended_plans(timezone.localdate()),
    }
    mark_cacheable(request)
    return render(request, "regions/coverage.html", context)


def evidence(label, list_name, records, has_locator):
    """Return how many of the records have a public link, an official source and a locator."""
    official = records.filter(sources__kind__in=["official", "law-database"])
    return {
        "label": label,
        "list_name": list_name,
        "total": records.count(),
        "linked": records.filter(sources__url__gt="").distinct().count(),
        "official": official.distinct().count(),
        "located": records.exclude(locator="").count() if has_locator else None,
    }
