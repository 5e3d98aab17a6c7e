"""Gaps: what a region does not name, or which regions do not name a thing."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from catalog.models import IndustryField, Region, SymbolicProduct, Technology
from futureind.browse.answers import Html, PublicPage
from futureind.browse.filters import OptionField
from futureind.core.output_forms import Table
from regions.analysis.findings.missing import of_gaps, of_overview, of_places
from regions.analysis.gaps import (
    KINDS,
    STATES,
    gaps_of,
    number_of_things,
    overview,
    places_before,
)
from regions.analysis.pages.subjects import SUBJECTS, SubjectField, SubjectForm, chooser
from regions.counts import absence_in_words, last_checked_on, standings

# Of a region that was read in part: there, absence says little.
GAPS_SHOWN = 15
# The page asks who does not name a thing, so those who do stand last.
PAGE_ORDER = (*STATES[1:], STATES[0])
PLACE_NAMES = [
    *("slug", "name_en", "name_zh", "state", "tracks"),
    *("checked_on", "outcome", "completeness", "queries"),
]
GAP_NAMES = ["slug", "kind", "name_en", "name_zh", "state", "regions_that_name_it"]
# What the page is about, unless it is: a region, another subject, or parameters that are wrong.
NOTHING_ASKED = {"region": None, "subject": None, "errors": None}
CHOSEN = ("region", "technology", "product", "field")
OVERVIEW_NAMES = ["slug", "kind", "name_en", "name_zh", *STATES]


class GapsForm(SubjectForm):
    """One region, technology, product or field; or none, for the overview."""

    region = SubjectField(Region)
    technology = SubjectField(Technology)
    product = SubjectField(SymbolicProduct)
    field = SubjectField(IndustryField)
    rows = OptionField(
        choices=[
            ("widest", gettext_lazy("the most widely named")),
            ("all", gettext_lazy("all of them")),
        ],
        required=False,
    )


class GapsView(PublicPage):
    form_class = GapsForm

    @cached_property
    def found(self):
        """Context, names of columns and rows of what was asked for."""
        asked = self.asked
        if asked.kind is None:
            return whole()
        if asked.kind == "region":
            return of_region(asked.subject)
        return of_thing(asked.kind, asked.subject)

    def html(self):
        if self.errors:
            context = NOTHING_ASKED | {"errors": self.errors, **chooser(CHOSEN)}
            return Html("regions/gaps.html", context)
        context, _names, _rows = self.found
        context = NOTHING_ASKED | context | {"last_checked_on": last_checked_on()}
        if context["region"]:
            context |= self.shown(context)
        return Html("regions/gaps.html", context)

    def shown(self, context):
        """Return which gaps of a region stand on the page: of one read in part the widest."""
        gaps, asked = context["gaps"], self.asked.cleaned_data["rows"]
        is_cut = context["standing"].reading == "in-part" and asked != "all"
        widest = sorted(gaps, key=lambda gap: -gap.regions)[:GAPS_SHOWN]
        return {
            "widest": widest if is_cut and len(widest) < len(gaps) else None,
            "all_address": self.address(rows="all"),
        }

    def table(self):
        _context, names, rows = self.found
        return Table("gaps", names, rows)

    def data(self):
        _context, _names, rows = self.found
        return {"count": len(rows), "next": None, "results": rows}


def whole():
    """Return context, names of columns and rows of the overview."""
    found = overview()
    unread = sum(1 for s in standings(with_cities=False) if s.reading != "read")
    rows = [named(line.record, kind=line.kind, **line.numbers) for line in found]
    context = {
        "finding": of_overview(found, unread),
        "overview": found,
        "states": STATES,
        **chooser(CHOSEN),
    }
    return context, OVERVIEW_NAMES, rows


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
        "finding": of_gaps(standing, gaps, number_of_things()),
        "gaps": gaps,
        "region": region,
        "standing": standing,
        "by_kind": by_kind,
        "sign": absence_in_words(standing.reading, standing.check),
    }
    return context, GAP_NAMES, rows


def of_thing(kind, subject):
    """Return context, names of columns and rows of the regions before one thing."""
    places = places_before(kind, subject)
    rows = [place_row(place) for state in PAGE_ORDER for place in places[state]]
    context = {
        "finding": of_places(subject, places),
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
