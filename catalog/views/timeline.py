"""The timeline as a page, a table and data."""

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.drawings.timeline import NARROW, WIDTH, drawing_of
from catalog.facets import (
    field_choices,
    product_choices,
    region_choices_with_national,
    technology_choices,
)
from catalog.filters import (
    MilestoneFilter,
    PolicyDocumentFilter,
    TargetFilter,
    geography_choices,
)
from catalog.findings.lists import finding_of_timeline
from catalog.models import Milestone, PolicyDocument, Target
from catalog.timeline import EventKind, Question, Scale, timeline_of
from catalog.views.calendars import calendar_of
from futureind.browse.addresses import echoed, list_address
from futureind.browse.answers import Html, PublicPage
from futureind.browse.choosing.paging import page_links, read_page
from futureind.browse.facets import FacetField, choices_at
from futureind.browse.filters import DateField, OptionField
from futureind.browse.fragments import rendered_rows
from futureind.core.output_forms import Table
from futureind.publishing.models.content_version import ContentVersion

# Lines of the list at a time; the picture and the numbers are of all.
PAGE_SIZE = 60
MOST_MONTHS = 120
WIDTHS = (WIDTH, NARROW)
COLUMNS = [
    *("slug", "kind", "date", "precision", "title_en", "title_zh", "region", "geography"),
    *("state", "earlier_dates", "url"),
]


class ChoicesField(forms.MultipleChoiceField):
    """Several of the choices that the content offers; an unknown one is an error that names it."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": FacetField.default_error_messages["unknown"]}

    def validate(self, value):
        for one in value:
            if not self.valid_value(one):
                message = self.error_messages["invalid_choice"]
                raise forms.ValidationError(message, params={"value": echoed(one)})


class TimelineForm(forms.Form):
    """The parameters of the timeline, named as in the lists."""

    field = ChoicesField(label=_("Field"), required=False)
    product = ChoicesField(label=_("Product"), required=False)
    technology = ChoicesField(label=_("Technology"), required=False)
    region = ChoicesField(label=_("Region"), required=False)
    geography = ChoicesField(label=_("Country"), required=False)
    kind = ChoicesField(label=_("What is shown"), choices=EventKind.choices, required=False)
    due_after = DateField(label=_("From"), required=False)
    due_before = DateField(label=_("Until"), required=False)
    scale = OptionField(label=_("Scale"), choices=Scale.choices, required=False)

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        stamp, language = ContentVersion.stamp(), get_language()
        for name, choices in CHOICES.items():
            found = choices_at(stamp, language, choices)
            self.fields[name].choices = [(choice.value, choice.label) for choice in found]
        self.fields["scale"].widget = forms.HiddenInput()

    def clean(self):
        asked = super().clean()
        start, end = asked.get("due_after"), asked.get("due_before")
        if start and end:
            if start > end:
                self.add_error("due_before", _("The end lies before the beginning."))
            months = (end.year - start.year) * 12 + end.month - start.month
            if asked.get("scale") == Scale.MONTH and months > MOST_MONTHS:
                self.add_error("due_before", _("By month at most ten years are shown."))
        return asked

    def question(self):
        asked = self.cleaned_data
        return Question(
            fields=asked["field"],
            products=asked["product"],
            technologies=asked["technology"],
            regions=asked["region"],
            geographies=asked["geography"],
            kinds=asked["kind"],
            scale=asked["scale"] or Scale.YEAR,
            start=asked["due_after"],
            end=asked["due_before"],
        )


CHOICES = {
    "field": field_choices,
    "product": product_choices,
    "technology": technology_choices,
    "region": region_choices_with_national,
    "geography": geography_choices(Milestone, "geography"),
}


class TimelineView(PublicPage):
    """Documents, milestones and due targets on one axis."""

    form_class = TimelineForm

    def parameters(self):
        return [*super().parameters(), "page"]

    def timeline(self, part=None):
        return timeline_of(self.asked.question(), timezone.localdate(), part)

    def table(self):
        return Table("timeline", COLUMNS, rows_of(self.timeline()))

    def data(self):
        timeline = self.timeline()
        return {"count": timeline.total, "results": rows_of(timeline)}

    def calendar(self):
        """Return the entries as a Calendar, kind by kind."""
        keys = {model: [] for model in (Target, Milestone, PolicyDocument)}
        for entry in self.timeline().entries:
            keys[type(entry.record)].append(entry.pk)
        return calendar_of("timeline", str(_("Timeline")), keys)

    def html(self):
        """Return the whole picture and one page of the list."""
        if self.errors:
            return Html("catalog/timeline.html", {"form": self.asked})
        number = page_number(self.request)
        timeline = self.timeline(((number - 1) * PAGE_SIZE, number * PAGE_SIZE))
        paginator = Paginator(range(timeline.placed), PAGE_SIZE)
        page, page_error, status = read_page(self.request, paginator)
        context = {
            "form": self.asked,
            "timeline": timeline,
            "groups": rows_as_html(timeline.groups),
            "page": page,
            # What has no place on the axis stands on every page of the list.
            "listed": len(page or ()) + len(timeline.vague),
            "page_error": page_error,
            "pages": page_links(self, page),
            "finding": finding_of_timeline(timeline),
            # One for wide screens, one for telephones.
            "drawings": [found for found in (drawing_of(timeline, w) for w in WIDTHS) if found],
            "scales": self.scale_links(timeline.question.scale),
            "numbers": numbers_of(timeline),
        }
        return Html("catalog/timeline.html", context, status)

    def scale_links(self, current):
        """Return ``(label, address, is current)`` of each scale."""
        links = []
        for scale in Scale:
            wanted = None if scale == Scale.YEAR else scale.value
            links.append((scale.label, f"?{self.query(scale=wanted, page=None)}", scale == current))
        return links


def page_number(request):
    """Return the page asked for, the first where there is none of that name."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 9 else 1


class EventRows:
    """Entries of one kind as lines of the list, which every timeline shares."""

    row_template = "catalog/_timeline_entry.html"
    row_name = "entry"

    def __init__(self, kind, entries):
        self.list_name = f"timeline {kind}"
        self.entries = {entry.pk: entry for entry in entries if entry.kind == kind}

    def records_with(self, pks):
        return [self.entries[pk] for pk in pks]


def rows_as_html(groups):
    """Return ``[(Bin, its lines as HTML), …]``."""
    entries = [entry for _bin, found in groups for entry in found]
    stamp = ContentVersion.stamp()
    line = {}
    for kind in EventKind:
        rows = EventRows(kind, entries)
        pks = list(rows.entries)
        line |= zip(((kind, pk) for pk in pks), rendered_rows(rows, pks, stamp), strict=True)
    return [(one, [line[entry.kind, entry.pk] for entry in found]) for one, found in groups]


# The list of each kind, its FilterSet, and the parameters of the first and last day there.
LISTS = {
    EventKind.DOCUMENT: ("document-list", PolicyDocumentFilter, "issued_after", "issued_before"),
    EventKind.MILESTONE: ("milestone-list", MilestoneFilter, "due_after", "due_before"),
    EventKind.TARGET: ("target-list", TargetFilter, "due_after", "due_before"),
}


def numbers_of(timeline):
    """Return ``[(Bin, [(number, address or "") of each kind]), …]`` for the table of numbers."""
    return [
        (
            one,
            [
                (numbers[one.label], bin_address(timeline.question, kind, one))
                for kind, numbers in timeline.counts.items()
            ],
        )
        for one in timeline.bins
    ]


def bin_address(question, kind, one):
    """Return the address of the list of a kind in a Bin; none where it would count otherwise."""
    if kind == EventKind.MILESTONE and question.scale == Scale.MONTH:
        return ""
    name, filterset, after, before = LISTS[kind]
    asked = QueryDict(mutable=True)
    asked.setlist("field", question.fields)
    asked.setlist("product", question.products)
    asked.setlist("technology", question.technologies)
    if kind == EventKind.MILESTONE:
        asked.setlist("geography", question.geographies)
    else:
        asked.setlist("region", question.regions)
    asked[after], asked[before] = one.first.isoformat(), one.last.isoformat()
    return list_address(name, filterset, asked)


def rows_of(timeline):
    """Return a dictionary for each entry that the page lists."""
    return [
        {
            "slug": entry.record.slug,
            "kind": str(entry.kind),
            "date": entry.day.isoformat(),
            "precision": str(entry.precision),
            "title_en": entry.record.statement_en
            if entry.kind == EventKind.TARGET
            else entry.record.title_en,
            "title_zh": entry.record.statement_zh
            if entry.kind == EventKind.TARGET
            else entry.record.title_zh,
            "region": entry.region.slug if entry.region else None,
            "geography": entry.geography,
            "state": entry.record.state if entry.is_milestone else None,
            "earlier_dates": "; ".join(slip.date.isoformat() for slip in entry.slips),
            "url": settings.SITE_URL + entry.record.get_absolute_url(),
        }
        for entry in timeline.entries
    ]
