"""Gaps: what a region does not name, or which regions do not name a thing."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.generic import View

from catalog.models import IndustryField, Region, SymbolicProduct, Technology
from futureind.browse.addresses import canonical_query, has_empty_parameter
from futureind.browse.cache import mark_cacheable
from futureind.browse.pages import show_page
from futureind.browse.renderers import problem_response, table_csv_response
from futureind.browse.views import downloads
from regions.counts import absence_in_words, last_checked_on
from regions.gaps import KINDS, STATES, gaps_of, overview, places_before
from regions.pages.subjects import SUBJECTS, SubjectField, SubjectForm, as_json, chooser

# The page asks who does not name a thing, so those who do stand last.
PAGE_ORDER = (*STATES[1:], STATES[0])
KNOWN = ["region", "technology", "product", "field"]
PLACE_NAMES = [
    *("slug", "name_en", "name_zh", "state", "tracks"),
    *("checked_on", "outcome", "completeness", "queries"),
]
GAP_NAMES = ["slug", "kind", "name_en", "name_zh", "state", "regions_that_name_it"]
# What the page is about, unless it is: a region, another subject, or parameters that are wrong.
NOTHING_ASKED = {"region": None, "subject": None, "errors": None}
OVERVIEW_NAMES = ["slug", "kind", "name_en", "name_zh", *STATES]


class GapsForm(SubjectForm):
    """One region, technology, product or field; or none, for the overview."""

    region = SubjectField(Region)
    technology = SubjectField(Technology)
    product = SubjectField(SymbolicProduct)
    field = SubjectField(IndustryField)


class GapsView(View):
    def get(self, request, form="html"):
        query = canonical_query(request.GET, KNOWN)
        if form == "html" and has_empty_parameter(request.GET, KNOWN):
            return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
        asked = GapsForm(request.GET)
        if not asked.is_valid():
            if form != "html":
                return problem_response(400, asked.errors)
            context = NOTHING_ASKED | {"errors": asked.errors, "canonical_query": query}
            context |= chooser(KNOWN)
            return show_page(request, "regions/gaps.html", context, status=400)
        mark_cacheable(request, query)
        if asked.kind is None:
            context, names, rows = whole()
        elif asked.kind == "region":
            context, names, rows = of_region(asked.subject)
        else:
            context, names, rows = of_thing(asked.kind, asked.subject)
        if form == "csv":
            return table_csv_response(names, rows, "gaps")
        if form == "json":
            return as_json({"count": len(rows), "next": None, "results": rows})
        context = {
            **NOTHING_ASKED,
            **context,
            "canonical_query": query,
            "downloads": downloads(request, KNOWN),
            "last_checked_on": last_checked_on(),
        }
        return show_page(request, "regions/gaps.html", context)


def whole():
    """Return context, names of columns and rows of the overview."""
    found = overview()
    rows = [named(line.record, kind=line.kind, **line.numbers) for line in found]
    return {"overview": found, "states": STATES, **chooser(KNOWN)}, OVERVIEW_NAMES, rows


def of_region(region):
    """Return context, names of columns and rows of what one region does not name."""
    standing, gaps = gaps_of(region)
    state = "not-named" if standing.reading == "read" else standing.reading
    rows = [
        named(gap.record, kind=gap.kind, state=state, regions_that_name_it=gap.regions)
        for gap in gaps
    ]
    by_kind = [
        (kind, SUBJECTS[kind][1], [gap for gap in gaps if gap.kind == kind]) for kind in KINDS
    ]
    context = {
        "region": region,
        "standing": standing,
        "by_kind": by_kind,
        "sign": absence_in_words(standing.reading, standing.check),
    }
    return context, GAP_NAMES, rows


def of_thing(kind, subject):
    """Return context, names of columns and rows of the regions before one thing."""
    places = places_before(kind, subject.slug)
    rows = [place_row(place) for state in PAGE_ORDER for place in places[state]]
    context = {
        "subject": subject,
        "kind": kind,
        "kind_label": SUBJECTS[kind][1],
        "places": [(state, places[state]) for state in PAGE_ORDER],
        "numbers": {state.replace("-", "_"): len(found) for state, found in places.items()},
        "track_list": f"{reverse('track-list')}?{kind}={subject.slug}",
    }
    return context, PLACE_NAMES, rows


def named(record, **columns):
    return {
        "slug": record.slug,
        "name_en": record.name_en,
        "name_zh": record.name_zh,
        **columns,
    }


def place_row(place):
    check = place.standing.check
    return named(
        place.standing.region,
        state="not-named" if place.state == "read" else place.state,
        tracks=place.tracks,
        checked_on=check.checked_on.isoformat() if check else None,
        outcome=check.outcome if check else None,
        completeness=check.completeness if check else None,
        queries=check.queries if check else None,
    )
