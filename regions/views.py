"""Lists and pages of regions, plans and tracks, and the coverage page."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from catalog.due import due_years
from catalog.excerpts import IN_SHORT, SHOWN, Excerpt
from catalog.facets import Alone
from catalog.models import Agency, PolicyDocument, Region
from catalog.target_table import table_of
from catalog.views.lists import nested
from catalog.views.pages import MAPPINGS
from futureind.browse.addresses import ALL
from futureind.browse.answers import Html, PublicPage
from futureind.browse.columns import is_seen
from futureind.browse.fragments import rendered_rows
from futureind.browse.kept_records import public_records
from futureind.browse.neighbours import neighbours
from futureind.browse.related import related_to
from futureind.browse.views import BrowseView, RecordView, VocabularyView
from futureind.browse.withdrawn import answer_missing
from futureind.core.output_forms import CSV
from futureind.publishing.models.content_version import ContentVersion
from futureind.search.index import index_for
from futureind.search.queries import text_hits
from regions import columns
from regions.counts import last_checked_on, standing_of, standings
from regions.coverage import by_reading, provinces
from regions.ended import ended_plans
from regions.evidence import evidence_of_record
from regions.filters import RegionalPlanFilter, RegionFilter, TrackFilter
from regions.findings.coverage import of_coverage
from regions.models import RegionalPlan, Track
from regions.profile import Profile, profile_of
from regions.tracks.rows import TRACK_MAPPINGS

# Plans without a successor that stand on the page of coverage, until all are asked for.
MOST_ENDED = 100


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

    def export_rows(self, records):
        return self.rows(records).prefetch_related("document__sources")


class TrackList(BrowseView):
    model = Track
    filterset_class = TrackFilter
    template_name = "regions/track_list.html"
    list_name = "tracks"
    # A plan calls a track what it is about.
    aliases_are_wider = True
    row_template = "regions/_listed_track.html"
    row_name = "track"
    columns = columns.TRACK_COLUMNS
    has_in_force = True
    page_size = 50

    noted = ("plan__document", "plan__region")

    def note(self, track):
        return track.plan.title

    def title(self):
        return _("Tracks")

    def export_rows(self, records):
        return self.rows(records).select_related("parent")

    def count_text(self, count):
        return ngettext("%(n)s track", "%(n)s tracks", count) % {"n": count}

    def rows(self, records):
        return records.select_related(
            *("plan__region", "plan__document", "quotation_source")
        ).prefetch_related(*TRACK_MAPPINGS)


class RegionList(VocabularyView):
    model = Region
    filterset_class = RegionFilter
    template_name = "regions/region_list.html"
    list_name = "regions"
    can_be_meant = True
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


@require_safe
def plan_address(request, slug):
    """Lead from where a plan had a page of its own to the page of its document, for good."""
    plans = RegionalPlan.objects.public().select_related("document")
    plan = plans.filter(slug=slug).first()
    if plan is None:
        return answer_missing(request, RegionalPlan, slug)
    return HttpResponsePermanentRedirect(plan.get_absolute_url())


class TrackPage(RecordView):
    model = Track
    template_name = "regions/track_detail.html"

    def public_records(self):
        return Track.objects.public().select_related(
            *("plan__region", "plan__document", "parent", "quotation_source")
        )

    def title_parts(self, track):
        return [*super().title_parts(track), track.plan.title.plain]

    def context(self, track):
        tracks = Track.objects.public().filter(plan=track.plan).in_plan_order()
        before, after = neighbours(tracks.only("slug", "name_en", "name_zh"), track)
        return {
            "plan": track.plan,
            "children": track.children.order_by("order", "id"),
            "targets": table_of(track.targets.public().for_tables()),
            "previous": before,
            "next": after,
            **related_to(track, *MAPPINGS),
        }


class RegionPage(RecordView):
    model = Region
    template_name = "regions/region_detail.html"

    def public_records(self):
        return Region.objects.public().select_related("parent")

    def title_parts(self, region):
        is_within = region.parent and is_seen(region.parent)
        above = [region.parent.name.plain] if is_within else []
        return [*above, *super().title_parts(region)]

    def context(self, region):
        regions = public_records(Region).values()
        siblings = [other for other in regions if other.parent_id == region.parent_id]
        before, after = neighbours(siblings, region)
        agencies = public_records(Agency).values()
        cities = [s for s in standings(with_cities=False) if s.region.parent_id == region.pk]
        standing, profile = standing_of(region), profile_of(region)
        due = due_years(region)
        found = {
            "profile": profile,
            "bets": bets_as_html(region),
            "due": due,
            "target_count": sum(year.number for year in due),
            # In lists a province includes its cities unless it stands alone.
            "apart": Alone.REGION.value if cities else None,
            "others": other_documents(region),
            "cities": cities,
            "check": standing.check,
        }
        return {
            **related_to(region, "groups"),
            **found,
            "agencies": [agency for agency in agencies if agency.region_id == region.pk],
            "contents": contents_of_region(region, found),
            "previous": before,
            "next": after,
        }


def other_documents(region):
    """Return the Excerpt of the documents of a region that hold no plan, as records."""
    found = list(others_of(region.pk).only(*IN_SHORT)[: SHOWN + 1])
    many = len(found) > SHOWN
    number = number_of_others(ContentVersion.stamp(), region.pk) if many else len(found)
    address = f"{reverse('document-list')}?{urlencode({'region': region.slug})}"
    return Excerpt(found[:SHOWN], number, address)


def others_of(region_pk):
    return PolicyDocument.objects.public().filter(region=region_pk, plans__isnull=True)


@lru_cache(maxsize=200)
def number_of_others(stamp, region_pk):
    return others_of(region_pk).count()


def contents_of_region(region, found):
    """Return the parts of a region's page, and the ways on from it: ``(address, label, count)``."""
    parts = [
        ("#plans", _("Plans"), len(found["profile"].lines)),
        ("#bets", _("What it bets on"), len(found["profile"].bets)),
        ("#targets", _("Targets"), found["target_count"]),
        ("#others", _("Other documents"), len(found["others"])),
        ("#cities", _("Cities"), len(found["cities"])),
    ]
    own = urlencode({"region": region.slug})
    tracks = urlencode(
        {"region": region.slug} | ({"alone": found["apart"]} if found["apart"] else {})
    )
    ways = [
        (f"{reverse('compare')}?{own}", _("Compare with …")),
        (f"{reverse('gaps')}?{own}", _("What it does not name")),
        (f"{reverse('timeline')}?{own}", _("Timeline")),
        (f"{reverse('track-list-form', args=[CSV])}?{tracks}", CSV.label),
        ("#cite", _("Cite")),
    ]
    return [part for part in parts if part[2]] + [(*way, None) for way in ways]


class BetsRows:
    """What a region bets on as the rows of a table, which hold for a day."""

    row_template = "regions/_bets.html"
    row_name = "found"

    @property
    def list_name(self):
        return "what regions bet on", timezone.localdate()

    def records_with(self, pks):
        regions = [region for pk, region in public_records(Region).items() if pk in pks]
        return [RegionWithProfile(region, profile_of(region)) for region in regions]


@dataclass(frozen=True)
class RegionWithProfile:
    region: Region
    profile: Profile

    @property
    def pk(self):
        return self.region.pk


def bets_as_html(region):
    """Return the rows of the technologies that a region names, by field, as one piece of HTML."""
    return rendered_rows(BetsRows(), [region.pk], ContentVersion.stamp())


class CoveragePage(PublicPage):
    """What was looked for in each region, and how much of the record has a source to show."""

    def parameters(self):
        return [ALL]

    def html(self):
        readings = by_reading(standings(with_cities=False))
        ended = ended_plans(timezone.localdate())
        context = {
            "finding": of_coverage(readings),
            "readings": readings,
            "provinces": provinces(),
            "evidence": evidence_of_record(),
            "last_checked_on": last_checked_on(),
            "ended": ended,
            "shown": ended if "ended" in self.request.GET.getlist(ALL) else ended[:MOST_ENDED],
        }
        return Html("regions/coverage.html", context)
