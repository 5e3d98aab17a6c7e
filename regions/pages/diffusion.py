"""How a thing spread, and who moved first in all technologies, as pages, CSV and JSON."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy
from django.views.generic import View

from catalog.models import IndustryField, SymbolicProduct, Technology
from futureind.browse.addresses import canonical_query, has_empty_parameter, replaced
from futureind.browse.cache import mark_cacheable
from futureind.browse.filters import OptionField
from futureind.browse.pages import show_page
from futureind.browse.renderers import problem_response, table_csv_response
from futureind.browse.views import downloads
from regions.counts import last_checked_on, numbers_read, standings
from regions.diffusion import Scope, diffusion_of, first_movers
from regions.filters import track_filter
from regions.pages.diffusion_drawing import draw_curve
from regions.pages.scope import SCOPE, scope_as_data, scope_context, scope_of
from regions.pages.subjects import SUBJECTS, SubjectField, SubjectForm, as_json, chooser

KINDS = ("technology", "product", "field")
KNOWN = [*KINDS, *SCOPE, "children", "sort"]
NAMES = [
    *("slug", "number", "name_en", "name_zh", "document", "date", "date_is"),
    *("days_from_first_national", "national_before", "national_after", "wordings"),
]
MOVER_NAMES = [
    *("slug", "name_en", "name_zh", "first_document", "first_date", "first_region"),
    *("first_region_document", "first_region_date", "first_regional", "regions"),
]
# Regions that the table of the most first places names.
LEADERS_SHOWN = 12


class DiffusionForm(SubjectForm):
    """One technology, product or field; or none, for the table of first movers."""

    technology = SubjectField(Technology)
    product = SubjectField(SymbolicProduct)
    field = SubjectField(IndustryField)
    children = OptionField(
        choices=[
            ("with", gettext_lazy("with those within it")),
            ("without", gettext_lazy("alone")),
        ],
        required=False,
    )
    sort = OptionField(
        choices=[
            ("-regions", gettext_lazy("most regions first")),
            ("first", gettext_lazy("first named first")),
            ("name", gettext_lazy("by name")),
        ],
        required=False,
    )

    def keys(self):
        """Return the primary keys that count as the thing asked for."""
        subject = self.cleaned_data[self.kind]
        if self.kind != "technology" or self.cleaned_data["children"] == "without":
            return [subject.pk]
        return track_filter().filters["technology"].keys_of([subject.slug])


class DiffusionView(View):
    def get(self, request, form="html"):
        if form == "html" and has_empty_parameter(request.GET, KNOWN):
            query = canonical_query(request.GET, KNOWN)
            return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
        asked = DiffusionForm(request.GET)
        query = canonical_query(request.GET, KNOWN)
        counted = scope_of(request.GET)
        if not asked.is_valid() or counted.form.errors:
            errors = asked.errors | counted.form.errors
            if form != "html":
                return problem_response(400, errors)
            context = {"errors": errors, "canonical_query": query, **chooser(KINDS)}
            return show_page(request, "regions/first_movers.html", context, status=400)
        mark_cacheable(request, query)
        if asked.kind is None:
            return self.movers(request, asked, counted, query, form)
        return self.one(request, asked, counted, query, form)

    def one(self, request, asked, counted, query, form):
        subject = asked.cleaned_data[asked.kind]
        diffusion = diffusion_of(asked.kind, asked.keys(), scope_in(counted))
        if form == "csv":
            rows = step_rows(diffusion)
            return table_csv_response(NAMES, rows, f"diffusion-{subject.slug}")
        if form == "json":
            return as_json(one_as_data(subject, diffusion) | scope_as_data(counted))
        nationals = [
            (document.announced_on(), document.title.plain) for document in diffusion.national
        ]
        without = asked.cleaned_data["children"] == "without"
        context = {
            "subject": subject,
            "kind": asked.kind,
            "kind_label": SUBJECTS[asked.kind][1],
            "diffusion": diffusion,
            "curve": draw_curve([step.document.date for step in diffusion.steps], nationals),
            "has_children": (asked.kind == "technology" and len(asked.keys()) > 1) or without,
            "without": without,
            "other_query": canonical_query(
                replaced(request.GET, children=None if without else "without"), KNOWN
            ),
            "canonical_query": query,
            "downloads": downloads(request, KNOWN),
            "last_checked_on": last_checked_on(),
            "readings": numbers_read(standings(with_cities=False)),
            **scope_of_page(request, counted),
        }
        return show_page(request, "regions/diffusion.html", context)

    def movers(self, request, asked, counted, query, form):
        movers = sorted_movers(first_movers(scope_in(counted)), asked.cleaned_data["sort"])
        if form == "csv":
            return table_csv_response(MOVER_NAMES, mover_rows(movers), "first-movers")
        if form == "json":
            rows = mover_rows(movers)
            found = {"count": len(rows), "next": None, "results": rows}
            return as_json(found | scope_as_data(counted))
        chosen = asked.cleaned_data["sort"] or "-regions"
        context = {
            "errors": None,
            "movers": movers,
            "leaders": most_often_first(movers),
            "sorts": [
                (label, sorted_address(request, value), value == chosen)
                for value, label in asked.fields["sort"].choices
            ],
            "canonical_query": query,
            "downloads": downloads(request, KNOWN),
            **scope_of_page(request, counted),
            **chooser(KINDS),
        }
        return show_page(request, "regions/first_movers.html", context)


def scope_in(counted):
    """Return the Scope that a FilterSet of matches and a day asks for."""
    asked = counted.form.cleaned_data
    return Scope(tuple(sorted(asked.get("match") or ())), asked.get("in_force_on"))


def scope_of_page(request, counted):
    return {
        "date_field": counted.form["in_force_on"],
        "scope_query": canonical_query(request.GET, SCOPE),
        **scope_context(request, counted, lambda query: canonical_query(query, KNOWN)),
    }


def sorted_address(request, sort):
    query = canonical_query(replaced(request.GET, sort=None if sort == "-regions" else sort), KNOWN)
    return f"{request.path}?{query}" if query else request.path


def sorted_movers(movers, sort):
    if sort == "name":
        return sorted(movers, key=lambda mover: mover.technology.name.plain)
    if sort == "first":
        return sorted(movers, key=lambda m: (m.document.date, m.technology.name_en))
    return sorted(movers, key=lambda m: (-m.regions, m.document.date, m.technology.name_en))


def most_often_first(movers):
    """Return ``[(Region, technologies that it named first among regions), …]``, most first."""
    first = {}
    for mover in movers:
        if mover.region_document:
            first.setdefault(mover.region_document.region, []).append(mover.technology)
    ordered = sorted(first.items(), key=lambda item: (-len(item[1]), item[0].code))
    return ordered[:LEADERS_SHOWN]


def step_rows(diffusion):
    """Return a dictionary for each region that named the thing, in order."""
    return [
        {
            "slug": step.region.slug,
            "number": step.number,
            "name_en": step.region.name_en,
            "name_zh": step.region.name_zh,
            "document": step.document.slug,
            "date": step.document.date.isoformat(),
            "date_is": "issued" if step.document.issued_date else "published",
            "days_from_first_national": step.lag,
            "national_before": step.before.slug if step.before else None,
            "national_after": step.after.slug if step.after else None,
            "wordings": "; ".join(
                f"{line.track.name_zh} ({getattr(line, 'match', line.basis)})"
                for line in step.wordings
            ),
        }
        for step in diffusion.steps
    ]


def one_as_data(subject, diffusion):
    steps = step_rows(diffusion)
    return {
        "count": len(steps),
        "next": None,
        "of": subject.slug,
        "url": settings.SITE_URL + subject.get_absolute_url(),
        "documents": diffusion.document_count,
        "unplaced_count": diffusion.unplaced_count,
        "unplaced": [document.slug for document in diffusion.unplaced],
        "first": [document.slug for document in diffusion.firsts],
        "first_national": diffusion.first_national.slug if diffusion.first_national else None,
        "national": [
            {
                "slug": document.slug,
                "date": document.date.isoformat(),
                "announced": document.announced_on().isoformat(),
            }
            for document in diffusion.national
        ],
        "results": steps,
    }


def mover_rows(movers):
    return [
        {
            "slug": mover.technology.slug,
            "name_en": mover.technology.name_en,
            "name_zh": mover.technology.name_zh,
            "first_document": mover.document.slug,
            "first_date": mover.document.date.isoformat(),
            "first_region": slug_of(mover.document.region),
            "first_region_document": slug_of(mover.region_document),
            "first_region_date": mover.region_document and mover.region_document.date.isoformat(),
            "first_regional": mover.region_document and slug_of(mover.region_document.region),
            "regions": mover.regions,
        }
        for mover in movers
    ]


def slug_of(record):
    return record.slug if record else None
