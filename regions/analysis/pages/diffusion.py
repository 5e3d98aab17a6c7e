"""How a thing spread, and who moved first in all technologies, as pages, tables and data."""

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import IndustryField, SymbolicProduct, Technology
from futureind.browse.addresses import canonical_query, echoed
from futureind.browse.answers import Answer, Html, PublicPage
from futureind.browse.evidence_tally import tally_of
from futureind.browse.filters import OptionField
from futureind.browse.kept_records import public_records
from futureind.core.bilingual import CHINESE, active_language
from futureind.core.name_order import place_of
from futureind.core.output_forms import Table
from regions.analysis.diffusion import Scope, diffusion_of
from regions.analysis.findings.first import of_diffusion, of_movers
from regions.analysis.first_movers import first_movers, short_title
from regions.analysis.pages.diffusion_drawing import NARROW, WIDE, draw_curve
from regions.analysis.pages.scope import SCOPE, scope_as_data, scope_context, scope_of
from regions.analysis.pages.subjects import SUBJECTS, SubjectField, SubjectForm, chooser
from regions.counts import last_checked_on, numbers_read, standings
from regions.filters import track_filter
from regions.models import Track

KINDS = ("technology", "product", "field")
# The parameter of the one box, which takes a name and leads on; no page shows it in its address.
BOX = "of"
BY_REGIONS = "-regions"
NAMES = [
    *("slug", "number", "name_en", "name_zh", "document", "date", "date_is"),
    *("days_from_first_national", "national_before", "national_after", "wordings"),
]
MOVER_NAMES = [
    *("slug", "name_en", "name_zh", "first_document", "first_date", "first_region"),
    *("first_region_document", "first_region_date", "first_regional", "regions", "regions_dated"),
]
# Regions that the table of the most first places names, with technologies of each as examples;
# technologies of the table beneath, where not all are asked for.
LEADERS_SHOWN, EXAMPLES, MOVERS_SHOWN = 10, 3, 14


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
    rows = OptionField(
        choices=[
            ("widest", gettext_lazy("the most widely named")),
            ("all", gettext_lazy("all technologies")),
        ],
        required=False,
    )
    sort = OptionField(
        choices=[
            (BY_REGIONS, gettext_lazy("most regions first")),
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


class DiffusionView(PublicPage):
    form_class = DiffusionForm
    also_read = (BOX,)

    def parameters(self):
        return [*KINDS, *SCOPE, "children", "rows", "sort"]

    def elsewhere(self):
        """Lead from a name in the one box to the thing that bears it."""
        chosen = named_thing(self.request.GET.get(BOX, ""))
        if chosen is None:
            return super().elsewhere()
        kind, slug = chosen
        nothing = dict.fromkeys([*KINDS, "children", "rows", "sort"])
        return self.address(**nothing | {kind: slug})

    @cached_property
    def counted(self):
        return scope_of(self.request.GET)

    @property
    def errors(self):
        return self.asked.errors | self.counted.form.errors | self.unknown_name()

    def unknown_name(self):
        """Return what is wrong with the name in the box, ``{}`` where nothing is."""
        name = self.request.GET.get(BOX, "").strip()
        if not name or named_thing(name):
            return {}
        return {BOX: [_("“%(value)s” is not on record.") % {"value": echoed(name)}]}

    @property
    def scope(self):
        """The Scope that the FilterSet of matches and a day asks for."""
        asked = self.counted.form.cleaned_data
        return Scope(tuple(sorted(asked.get("match") or ())), asked.get("in_force_on"))

    def answer(self):
        if self.errors:
            return Answer(self.wrong, errors=self.errors)
        if self.asked.kind is None:
            return Answer(self.movers_html, self.movers_table, self.movers_data)
        return Answer(self.one_html, self.one_table, self.one_data)

    def wrong(self):
        context = {"errors": self.errors, "box": BOX, "kept_for_scope": [], **chooser(KINDS)}
        return Html("regions/first_movers.html", context)

    def scope_context(self):
        return {
            "date_field": self.counted.form["in_force_on"],
            "scope_query": canonical_query(self.request.GET, SCOPE),
            **scope_context(self, self.counted),
        }

    # One thing

    @cached_property
    def diffusion(self):
        return diffusion_of(self.asked.kind, self.asked.keys(), self.scope)

    def one_html(self):
        asked, diffusion = self.asked, self.diffusion
        without = asked.cleaned_data["children"] == "without"
        context = {
            "finding": of_diffusion(diffusion),
            "subject": asked.subject,
            "kind": asked.kind,
            "kind_label": SUBJECTS[asked.kind][1],
            "diffusion": diffusion,
            "order": in_order(diffusion),
            "curves": curves_of(diffusion),
            "tally": tally_of(Track, [step.track for step in diffusion.steps if step.track]),
            "has_children": (asked.kind == "technology" and len(asked.keys()) > 1) or without,
            "without": without,
            "other_query": self.query(children=None if without else "without"),
            "last_checked_on": last_checked_on(),
            "readings": numbers_read(standings(with_cities=False)),
            **self.scope_context(),
        }
        return Html("regions/diffusion.html", context)

    def one_table(self):
        return Table(f"diffusion-{self.asked.subject.slug}", NAMES, step_rows(self.diffusion))

    def one_data(self):
        return one_as_data(self.asked.subject, self.diffusion) | scope_as_data(self.counted)

    # First movers of all

    @cached_property
    def movers(self):
        return sorted_movers(first_movers(self.scope), self.asked.cleaned_data["sort"])

    def movers_html(self):
        asked = self.asked.cleaned_data
        chosen = asked["sort"] or BY_REGIONS
        shows_all = asked["rows"] == "all" or bool(asked["sort"])
        leaders = most_often_first(self.movers)
        context = {
            "errors": None,
            "finding": of_movers(self.movers),
            "box": BOX,
            "movers": self.movers,
            "shown": self.movers if shows_all else self.movers[:MOVERS_SHOWN],
            "all_address": self.address(rows="all"),
            "dated": sum(1 for mover in self.movers if mover.first_regional),
            "leaders": leaders[:LEADERS_SHOWN],
            "other_leaders": leaders[LEADERS_SHOWN:],
            "most": len(leaders[0][1]) if leaders else 0,
            "sorts": [
                (
                    label,
                    self.address(rows="all", sort=None if value == BY_REGIONS else value),
                    value == chosen and shows_all,
                )
                for value, label in self.asked.fields["sort"].choices
            ],
            **self.scope_context(),
            **chooser(KINDS),
        }
        return Html("regions/first_movers.html", context)

    def movers_table(self):
        return Table("first-movers", MOVER_NAMES, mover_rows(self.movers))

    def movers_data(self):
        rows = mover_rows(self.movers)
        found = {"count": len(rows), "next": None, "results": rows}
        return found | scope_as_data(self.counted)


def sorted_movers(movers, sort):
    if sort == "name":
        return sorted(movers, key=lambda mover: place_of(mover.technology.name.plain))
    if sort == "first":
        return sorted(movers, key=lambda m: (m.first.document.date, m.technology.name_en))
    return sorted(movers, key=lambda m: (-m.regions, m.first.document.date, m.technology.name_en))


def most_often_first(movers):
    """Return ``[(Region, technologies that it named first among regions), …]``, most first.

    Of a region the most widely named technologies come first.
    """
    first = {}
    for mover in sorted(movers, key=lambda mover: -mover.regions):
        for region in mover.leaders:
            first.setdefault(region, []).append(mover.technology)
    return sorted(first.items(), key=lambda item: (-len(item[1]), item[0].code))


def named_thing(name):
    """Return ``(kind, slug)`` of the technology, product or field that bears a name, else None."""
    wanted = name.strip().casefold()
    if not wanted:
        return None
    for kind in KINDS:
        for record in public_records(DiffusionForm.base_fields[kind].model).values():
            if wanted in names_borne(record):
                return kind, record.slug
    return None


def names_borne(record):
    names = [record.name_en, record.name_zh, record.slug]
    return {name.casefold() for name in names}


def in_order(diffusion):
    """Return ``[(day, national document or None, Step or None), …]`` as time went on.

    On one day a national text stands first. Of national texts it is the day on which they were
    made public.
    """
    rows = [(document.announced_on(), document, None) for document in diffusion.national]
    rows += [(step.document.date, None, step) for step in diffusion.steps]
    return sorted(rows, key=lambda row: (row[0], row[1] is None))


def curves_of(diffusion):
    """Return the curve in the sizes of a broad and a narrow screen, none without a step."""
    nationals = sorted(
        (document.announced_on(), short_name(document), document.title.plain)
        for document in diffusion.national
    )
    steps = [(step.document.date, step.region.name.plain) for step in diffusion.steps]
    return [draw_curve(steps, nationals, form) for form in (WIDE, NARROW)] if steps else []


def short_name(document):
    """Return what a national text is called beside a line: its alias, else how it begins."""
    most = 14 if active_language() == CHINESE else 30
    name = short_title(document)
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


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
        "regions": diffusion.regions,
        "undated": [region.slug for region in diffusion.undated],
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
    return [mover_row(mover) for mover in movers]


def mover_row(mover):
    first, regional = mover.first, mover.first_regional
    return {
        "slug": mover.technology.slug,
        "name_en": mover.technology.name_en,
        "name_zh": mover.technology.name_zh,
        "first_document": first.document.slug,
        "first_date": first.document.date.isoformat(),
        "first_region": first.region and first.region.slug,
        "first_region_document": regional and regional.document.slug,
        "first_region_date": regional and regional.document.date.isoformat(),
        "first_regional": regional and regional.region.slug,
        "regions": mover.regions,
        "regions_dated": mover.dated,
    }
