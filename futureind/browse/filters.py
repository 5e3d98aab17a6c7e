"""The base of every list's FilterSet: text, dates, facets, sorting."""

import copy
import datetime
import re

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from futureind.browse.addresses import ALL, echoed
from futureind.browse.choosing.options import option_groups
from futureind.browse.facets import Choice, Facet, FacetField, column_choices
from futureind.browse.results import results_of
from futureind.core.name_order import ByName
from futureind.publishing.evidence import EvidenceGrade, Sureness, of_grade, of_sureness
from futureind.publishing.models.content_version import ContentVersion
from futureind.search.queries import text_condition, text_hits

TEXT_LENGTH = 200
EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)


class DateField(forms.DateField):
    """An ISO date of this or a neighbouring century."""

    widget = forms.DateInput(attrs={"type": "date"})
    default_error_messages = {"invalid": _("Enter a date as year-month-day, such as 2025-12-31.")}

    def __init__(self, **options):
        message = _("Enter a date between 1900-01-01 and 2200-12-31.")
        super().__init__(
            input_formats=["%Y-%m-%d"],
            validators=[
                MinValueValidator(EARLIEST, message),
                MaxValueValidator(LATEST, message),
            ],
            **options,
        )

    def to_python(self, value):
        # strptime takes one-digit months; one state has one spelling.
        if value and isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class Shared:
    """A filter of which every request gets a shallow copy: what it holds is never changed."""

    def __deepcopy__(self, memo):
        return copy.copy(self)


class DateFilter(Shared, django_filters.DateFilter):
    """A filter by a day; ``listed`` as for facets."""

    field_class = DateField

    def __init__(self, *, listed=True, **options):
        super().__init__(**options)
        self.listed = listed


class TextFilter(Shared, django_filters.CharFilter):
    """Words that must all stand somewhere in the columns that the FilterSet names."""

    def __init__(self, **options):
        options.setdefault("label", pgettext_lazy("words to search for", "Text"))
        super().__init__(
            max_length=TEXT_LENGTH,
            widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
            **options,
        )

    def filter(self, queryset, value):
        if not value:
            return queryset
        kind = self.model.index_kind
        return queryset.filter(text_condition(kind, value, self.parent.searched))

    def index_hits(self, index, value):
        return text_hits(index, value, self.parent.queryset, self.parent.searched)


class SortField(forms.ChoiceField):
    default_error_messages = {
        "invalid_choice": _("A list cannot be sorted by “%(value)s”. Choose one of: %(known)s.")
    }

    def validate(self, value):
        if value and not self.valid_value(value):
            known = ", ".join(str(key) for key, _label in self.choices)
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": echoed(value), "known": known},
            )


class SortFilter(Shared, django_filters.Filter):
    field_class = SortField

    def __init__(self, **options):
        options.setdefault("label", _("Sort"))
        super().__init__(**options)

    @property
    def field(self):
        if not hasattr(self, "_field"):
            choices = [(key, label) for key, (label, _columns) in self.parent.orderings.items()]
            self._field = SortField(choices=choices, required=False, label=self.label)
        return self._field

    def filter(self, queryset, value):
        # In which order names are read, no database knows.
        columns = [] if self.parent.by_name else self.parent.order
        return queryset.order_by(*columns)


class OptionField(forms.ChoiceField):
    default_error_messages = {"invalid_choice": FacetField.default_error_messages["unknown"]}

    def validate(self, value):
        if value and not self.valid_value(value):
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": echoed(value)},
            )


class OptionFilter(Shared, django_filters.Filter):
    """How a page shows its results: one of several ways, the first unless another is asked for.

    Parameter: ``options``, ``{value: label}`` or, where they depend on the request, a function of
    the FilterSet that returns it.
    """

    def __init__(self, options, **others):
        super().__init__(**others)
        self.options = options

    @property
    def field(self):
        if not hasattr(self, "_field"):
            found = self.options(self.parent) if callable(self.options) else self.options
            self._field = OptionField(choices=list(found.items()), required=False)
        return self._field

    def filter(self, queryset, value):
        return queryset

    def index_hits(self, index, value):
        return index.everything


class WholeGroups(OptionFilter):
    """The groups of options that a page shows whole, by the names of their facets."""

    def __init__(self, **others):
        super().__init__({}, label=_("Groups with all their options"), **others)

    @property
    def choices(self):
        return [Choice(facet.name, facet.label) for facet in self.parent.offered]

    @property
    def field(self):
        if not hasattr(self, "_field"):
            self._field = FacetField(facet=self, required=False, label=self.label)
        return self._field


class OwnFields(dict):
    """Fields that were made for one form: it need not copy them."""

    def __deepcopy__(self, memo):
        return self


class ParametersForm(forms.Form):
    """The parameters of one request.

    Parameters: ``fields``, ``{name: field}``, made for this form; ``data``, a QueryDict.
    """

    def __init__(self, fields, data):
        self.base_fields = OwnFields(fields)
        super().__init__(data)


class NarrowFilterSet(django_filters.FilterSet):
    """The one parameter of a vocabulary's page: words that narrow it.

    Subclasses set ``searched``, the columns that ``q`` looks into.
    """

    searched: tuple[str, ...] = ()
    orderings: dict = {}
    index_orders: dict = {}
    undated: int | None = None

    q = TextFilter()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, item in self.filters.items():
            item.name = name

    def is_valid(self):
        return self.form.is_valid()

    @cached_property
    def form(self):
        # Not a class of forms for each request, as the base class would make.
        return ParametersForm({name: item.field for name, item in self.filters.items()}, self.data)

    @cached_property
    def stamp(self):
        """The state of the content that this request reads, asked for once."""
        return ContentVersion.stamp()

    def filter_queryset(self, queryset, *, without=()):
        """Return the queryset under all valid filters but those named in ``without``."""
        for name, value in self.form.cleaned_data.items():
            if name not in without and name in self.filters:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def sort_asked(self):
        """The sort value of the results, None for a list with one order."""
        return self.form.cleaned_data.get("sort") or next(iter(self.orderings), None)

    @property
    def order(self):
        """The order of the results, None for that of the model."""
        return self.orderings[self.sort_asked][1] if self.orderings else None

    @property
    def by_name(self):
        """The order of the results as a ByName, None where they have another."""
        if self.order is None:
            return ByName.of(self.queryset.model)
        return self.order if isinstance(self.order, ByName) else None

    def keys_by_name(self, keys):
        return self.by_name.keys(keys, self.queryset.model, self.stamp)

    @cached_property
    def results(self):
        """The results under all filters, from the index or, without one, from plain SQL."""
        self.form.is_valid()
        return results_of(self)


class BrowseFilterSet(NarrowFilterSet):
    """The definition of a list's parameters, and the reference for its results.

    Subclasses declare filters and set ``orderings`` (``{sort value: (label, order_by columns)}``,
    the default first). ``index_orders`` names the sort values that are the index's own order,
    ``{sort value: upwards}``, and ``undated`` the first number of the order of records without a
    date, which stand last both ways.
    """

    sort = SortFilter()
    # Under the name of the constant ALL.
    all = WholeGroups()

    @property
    def offered(self):
        """The facets that the form offers, in the order declared."""
        return [item for item in self.filters.values() if isinstance(item, Facet) and item.listed]

    @cached_property
    def groups(self):
        """The OptionGroups of the form."""
        return option_groups(self)

    def offers(self, group):
        """Tell whether an OptionGroup has anything to choose."""
        return not group.is_empty

    @cached_property
    def whole(self):
        """The names of the groups that are shown whole, a set."""
        return set(self.form.cleaned_data.get(ALL) or ())

    @property
    def not_offered(self):
        """``(name, value)`` of what is set and has no box in the form, which keeps it hidden."""
        return [(ALL, name) for name in sorted(self.whole)] + [
            (name, value)
            for name, item in self.filters.items()
            if name in self.form.cleaned_data and not getattr(item, "listed", True)
            for value in sorted(set(self.data.getlist(name)))
        ]

    @property
    def boxes(self):
        """The bound form fields to type into: the text, then days in the order declared."""
        days = [
            self.form[name]
            for name, item in self.filters.items()
            if isinstance(item, DateFilter) and item.listed
        ]
        return [self.form["q"], *days]


class EvidenceFacet(Facet):
    """How near to the official text a record was read (EvidenceGrade)."""

    def __init__(self, **options):
        options.setdefault("label", _("Evidence"))
        super().__init__("pk", column_choices(EvidenceGrade), **options)

    def filter(self, queryset, values):
        return queryset.filter(of_grade(self.model, values)) if values else queryset

    def counts(self, queryset):
        return {grade: self.filter(queryset, [grade]).count() for grade in EvidenceGrade.values}


class ConfidenceFacet(Facet):
    """Whether the record itself was read in a source; set by links, for most records were."""

    def __init__(self, **options):
        options.setdefault("label", _("Confidence"))
        super().__init__("confidence", column_choices(Sureness), listed=False, **options)

    def filter(self, queryset, values):
        return queryset.filter(of_sureness(self.model, values)) if values else queryset

    def index_hits(self, index, values):
        unread = index.values([("evidence", EvidenceGrade.NOT_READ.value)])
        recalled = index.values([("confidence", Sureness.RECALLED.value)])
        hits = {
            Sureness.RECALLED: recalled,
            Sureness.NOT_READ: unread - recalled,
            Sureness.VERIFIED: super().index_hits(index, [Sureness.VERIFIED.value]) - unread,
        }
        found = hits[Sureness(values[0])]
        for value in values[1:]:
            found = found | hits[Sureness(value)]
        return found


class OrderedDateFilter(DateFilter):
    """A date by which the list itself is ordered, so that the index answers with a range."""

    def index_hits(self, index, value):
        day = value.toordinal()
        if self.lookup_expr == "gte":
            return index.between(day, LATEST.toordinal())
        return index.between(EARLIEST.toordinal(), day)


def on_or_after(path, filter_class=DateFilter, **options):
    return filter_class(field_name=path, lookup_expr="gte", **options)


def on_or_before(path, filter_class=DateFilter, **options):
    return filter_class(field_name=path, lookup_expr="lte", **options)


class ChangedAfterFilter(DateFilter):
    """Records of which our description changed on that day (Asia/Shanghai) or later."""

    def __init__(self, path="changed_at", **options):
        options.setdefault("label", _("Record changed on or after"))
        super().__init__(field_name=path, listed=False, **options)

    def filter(self, queryset, value):
        if not value:
            return queryset
        return queryset.filter(Q(**{f"{self.field_name}__date__gte": value}))
