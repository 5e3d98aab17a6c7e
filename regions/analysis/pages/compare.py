"""Regions or plans side by side, as a page, a table and data."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.validators import slug_re
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from catalog.facets import Alone
from catalog.filters import PolicyDocumentFilter, TargetFilter
from catalog.models import Region
from futureind.browse.addresses import canonical_query, echoed, list_address, with_query
from futureind.browse.answers import Html, PublicPage
from futureind.core.output_forms import Problem, Table
from regions.analysis.comparison import CONCEPTS, FEWEST, MOST, compare
from regions.analysis.findings.side_by_side import of_comparison
from regions.analysis.pages.compare_table import page_of
from regions.analysis.pages.scope import SCOPE, scope_as_data, scope_context, scope_of
from regions.analysis.wordings import add_wordings, add_words
from regions.counts import standings
from regions.filters import TrackFilter
from regions.models import RegionalPlan

KINDS = {"region": Region, "plan": RegionalPlan}


class CompareView(PublicPage):
    """Two to four regions (``region=``) or plans (``plan=``), in the order of the address."""

    def parameters(self):
        return [*KINDS, *SCOPE]

    def query_of(self, parameters):
        # The order of the sides is part of the state.
        pairs = [(kind, value) for kind in KINDS for value in given(parameters, kind)]
        scope = canonical_query(parameters, SCOPE)
        return "&".join(filter(None, [urlencode(pairs), scope]))

    @cached_property
    def scope(self):
        return scope_of(self.request.GET)

    @cached_property
    def sides(self):
        return asked_for(self.request.GET)

    @cached_property
    def errors(self):
        _kind, _records, errors = self.sides
        return errors | self.scope.form.errors

    @cached_property
    def comparison(self):
        """What stands side by side; None where nothing can."""
        _kind, records, _errors = self.sides
        if self.errors or len(records) < FEWEST:
            return None
        comparison = compare(records, self.scope)
        set_addresses(comparison, self.scope)
        return comparison

    def html(self):
        kind, records, _errors = self.sides
        context = {
            "comparison": self.comparison,
            "errors": self.errors,
            "kind": kind,
            "chosen": {record.slug for record in records},
            "chosen_records": records,
            "most": MOST,
            "date_field": self.scope.form["in_force_on"],
            **(self.whole_context() if self.comparison else choices()),
        }
        return Html("regions/compare.html", context)

    def whole_context(self):
        """Return what the page needs to show a comparison."""
        kind, records, _errors = self.sides
        add_words(self.comparison)
        return {
            "finding": of_comparison(self.comparison),
            "chips": self.chips(kind, records),
            "addable": addable(kind, records),
            **page_of(self.comparison),
            **scope_context(self, self.scope),
            "left_out": left_out(kind, records, self.scope),
        }

    def chips(self, kind, records):
        """Return ``(record, address of the page without it)`` of the sides."""
        found = []
        for record in records:
            rest = self.request.GET.copy()
            rest.setlist(kind, [other.slug for other in records if other != record])
            found.append((record, with_query(self.request.path, self.query_of(rest))))
        return found

    def compared(self):
        """Return the comparison. Raises Problem where too few were named."""
        if self.comparison is None:
            kind, _records, _errors = self.sides
            raise Problem(400, {kind: [_("Name two to four regions, or as many plans.")]})
        return self.comparison

    def table(self):
        add_wordings(self.compared())
        return Table("compare", *table_of(self.comparison))

    def data(self):
        add_wordings(self.compared())
        return data_of(self.comparison, self.scope)


def given(parameters, kind):
    return list(dict.fromkeys(value for value in parameters.getlist(kind) if value.strip()))


def asked_for(parameters):
    """Return ``(kind, records in the order asked for, {parameter: [what is wrong, …]})``."""
    slugs = {kind: given(parameters, kind) for kind in KINDS}
    kind = "plan" if slugs["plan"] else "region"
    if slugs["plan"] and slugs["region"]:
        return kind, [], {kind: [_("Compare regions or plans, not one with the other.")]}
    if len(slugs[kind]) > MOST:
        message = _("At most %(most)s can stand side by side; %(number)s were named.")
        return kind, [], {kind: [message % {"most": MOST, "number": len(slugs[kind])}]}
    found = public_of(KINDS[kind], slugs[kind])
    unknown = [slug for slug in slugs[kind] if slug not in found]
    records = list(dict.fromkeys(found[slug] for slug in slugs[kind] if slug in found))
    message = _("“%(value)s” is not on record.")
    said = [message % {"value": echoed(slug)} for slug in unknown]
    return kind, records, {kind: said} if said else {}


def public_of(model, slugs):
    """Return ``{slug: public record}``, also of slugs that were given up."""
    related = ("region", "document") if model is RegionalPlan else ("parent",)
    records = model.objects.public().select_related(*related)
    wanted = [slug for slug in slugs if slug_re.fullmatch(slug)]
    found = {record.slug: record for record in records.filter(slug__in=wanted)} if wanted else {}
    for slug in set(wanted) - set(found):
        renamed = model.renamed_from(slug)
        record = renamed and records.filter(pk=renamed.pk).first()
        if record:
            found[slug] = record
    return found


def choices():
    """Return what can be chosen from: the Standing of regions with tracks, and all plans."""
    plans = RegionalPlan.objects.public().select_related("region", "document")
    return {
        "standings": [s for s in standings(with_cities=False) if s.tracks],
        "plans": list(plans.order_by("region__code", "document__date", "pk")[:PLANS_OFFERED]),
    }


def addable(kind, records):
    """Return the regions with tracks that can still be set beside these; no plans, of hundreds."""
    if kind == "plan" or len(records) == MOST:
        return []
    found = [standing.region for standing in standings(with_cities=False) if standing.tracks]
    return [region for region in found if region not in records]


# Beyond this many a list of boxes helps nobody; plans are then compared from their own pages.
PLANS_OFFERED = 200


# Stands in an address where each concept puts its slug; no slug has such letters.
CONCEPT = "CONCEPT"


def left_out(kind, records, scope):
    """Return how many tracks ``in_force_on`` leaves out for want of a date, None without it."""
    if not scope.form.cleaned_data.get("in_force_on"):
        return None
    path = "plan__region" if kind == "region" else "plan"
    tracks = scope.filter_queryset(scope.queryset, without=("in_force_on", "sort"))
    return tracks.filter(**{f"{path}__in": records}).without_known_start().count()


def set_addresses(comparison, scope):
    """Give every cell the address of the list of its tracks."""
    for side in comparison.sides:
        side.address = tracks_address(side, scope)
        side.targets_address = beside_address(side, scope, "target-list", TargetFilter)
        side.documents_address = beside_address(side, scope, "document-list", PolicyDocumentFilter)
    patterns = {
        kind: [tracks_address(side, scope, **{kind: CONCEPT}) for side in comparison.sides]
        for kind in CONCEPTS
    }
    for kind, concept in comparison.concepts():
        for pattern, wordings in zip(patterns[kind], concept.wordings, strict=True):
            wordings.address = pattern.replace(CONCEPT, concept.record.slug)
            wordings.address_within = wordings.address.replace(TECHNOLOGY_ALONE, "")


def beside_address(side, scope, name, filterset_class):
    """Return the address of the list of a side's targets, or of its documents."""
    if side.is_plan and name == "document-list":
        return side.record.document.get_absolute_url()
    asked = QueryDict(mutable=True)
    if side.is_plan:
        asked["document"] = side.record.document.slug
    else:
        asked.update({"region": side.record.slug, "alone": Alone.REGION.value})
    if day := scope.form.cleaned_data.get("in_force_on"):
        asked["in_force_on"] = day.isoformat()
    return list_address(name, filterset_class, asked)


# What an address of the list of tracks has for a technology without those within it.
TECHNOLOGY_ALONE = f"&alone={Alone.TECHNOLOGY.value}"


def tracks_address(side, scope, **concept):
    asked = scope.data.copy()
    alone = [] if side.is_plan else [Alone.REGION.value]
    if "technology" in concept:
        alone.append(Alone.TECHNOLOGY.value)
    asked.setlist("alone", alone)
    asked["plan" if side.is_plan else "region"] = side.record.slug
    for name, slug in concept.items():
        asked[name] = slug
    return list_address("track-list", TrackFilter, asked)


def table_of(comparison):
    """Return the names of the columns and the rows of the table: one concept a row."""
    names = ["slug", "kind", "name_en", "name_zh", "named_by"]
    slugs = [side.record.slug for side in comparison.sides]
    names += [f"{slug}:{what}" for slug in slugs for what in ("tracks", "within", "wordings")]
    rows = []
    for kind, concept in comparison.concepts():
        row = {
            "slug": concept.record.slug,
            "kind": kind,
            "name_en": concept.record.name_en,
            "name_zh": concept.record.name_zh,
            "named_by": len(concept.named_by),
        }
        for side, wordings in zip(comparison.sides, concept.wordings, strict=True):
            slug = side.record.slug
            none = "" if side.reading != "read" else 0
            row[f"{slug}:tracks"] = wordings.number or none
            row[f"{slug}:within"] = wordings.within or none
            row[f"{slug}:wordings"] = "; ".join(
                f"{line.track.name_zh} ({getattr(line, 'match', line.basis)})"
                for line in wordings.shown
            )
        rows.append(row)
    return names, rows


def data_of(comparison, scope):
    """Return the comparison as data."""
    results = [
        {
            "kind": kind,
            "slug": concept.record.slug,
            "name_en": concept.record.name_en,
            "name_zh": concept.record.name_zh,
            "url": settings.SITE_URL + concept.record.get_absolute_url(),
            "sides": [
                {
                    "slug": side.record.slug,
                    "tracks": wordings.number,
                    "tracks_url": settings.SITE_URL + wordings.address,
                    "within": wordings.within,
                    "wordings": [
                        {
                            "slug": line.track.slug,
                            "name_en": line.track.name_en,
                            "name_zh": line.track.name_zh,
                            "tier": line.track.tier,
                            "match": getattr(line, "match", None),
                            "basis": line.basis,
                        }
                        for line in wordings.shown
                    ],
                }
                for side, wordings in zip(comparison.sides, concept.wordings, strict=True)
            ],
        }
        for kind, concept in comparison.concepts()
    ]
    return {
        "count": len(results),
        "next": None,
        **scope_as_data(scope),
        "sides": [
            {
                "slug": side.record.slug,
                "url": settings.SITE_URL + side.record.get_absolute_url(),
                "reading": side.reading,
                "tracks": side.track_count,
                "tracks_url": settings.SITE_URL + side.address,
                "documents": side.document_count,
                "targets": side.target_count,
            }
            for side in comparison.sides
        ],
        "similarity": [
            {
                "of": [first.record.slug, second.record.slug],
                "shared": alike.shared,
                "either": alike.either,
                "share": round(alike.share, 4),
            }
            for first, second, alike in comparison.similarities
        ],
        "results": results,
    }
