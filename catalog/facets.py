"""Facets over the catalogue's vocabulary, used by the lists of both apps."""

from django.db.models import Count, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import (
    Agency,
    IndustryField,
    Region,
    RegionGroup,
    SymbolicProduct,
    Target,
    Technology,
)
from catalog.models.commitments import NO_DUE, NO_VERDICT, Verdict
from catalog.models.indexing import NO_REGION, SUBJECTS, on_the_word_of
from catalog.models.mappings import Basis
from futureind.browse.facets import Choice, Facet, TreeFacet, column_choices, tree_choices
from futureind.core.bilingual import ENGLISH, active_language
from futureind.core.name_order import ByName

NATIONAL = "national"


def named(records, name="name"):
    """Return the choices of public records, in their own order, under a bilingual name.

    Read as rows: after every change of the content each list asks for all of them again.
    """
    order = ByName(name)
    rows = records.public().values_list("slug", "pk", *order.columns, named=True)
    if ByName.of(records.model):
        rows = order.rows(rows)
    return [Choice(row.slug, order.read(row), row.pk) for row in rows]


def named_tree(records, *, by_name=False):
    """Return the choices of public records that stand within others of their kind.

    Parameter: ``by_name``, whether they stand by name though their own order is another.
    """
    names = ByName()
    rows = records.public().values_list("slug", "pk", "parent_id", *names.columns, named=True)
    if by_name or ByName.of(records.model):
        rows = names.rows(rows)
    return tree_choices(list(rows), label=names.read)


def field_choices():
    return named(IndustryField.objects, "short_name")


def product_choices():
    return named(SymbolicProduct.objects)


def technology_choices():
    return named_tree(Technology.objects)


def region_choices():
    # In Chinese their official order is the one that every reader knows.
    return named_tree(Region.objects, by_name=active_language() == ENGLISH)


def region_choices_with_national():
    return [Choice(NATIONAL, _("National")), *region_choices()]


def issuer_choices():
    return named(Agency.objects)


class MappedFacetMixin:
    """A facet over mapping rows; counts those of the chosen ``basis``, by default all."""

    @property
    def bases(self):
        return self.parent.form.cleaned_data.get("basis") or ()

    def condition(self):
        mapping = self.path.rpartition("__")[0]
        return Q(**{f"{mapping}__basis__in": self.bases}) if self.bases else Q()

    def groups(self):
        """Return the groups of the index that hold this facet's values, whatever the basis."""
        return [self.name]

    def pairs_of(self, key):
        groups = self.groups()
        if self.bases:
            groups = [on_the_word_of(basis, group) for group in groups for basis in self.bases]
        return [(group, key) for group in groups]


class FieldFacet(MappedFacetMixin, Facet):
    note = gettext_lazy("A record in several fields counts in each.")

    def __init__(self, path="field_mappings__field", **options):
        super().__init__(path, field_choices, label=gettext_lazy("Field"), **options)


class ProductFacet(MappedFacetMixin, Facet):
    def __init__(self, path="product_mappings__product", **options):
        super().__init__(path, product_choices, label=gettext_lazy("Product"), **options)


class TechnologyFacet(MappedFacetMixin, TreeFacet):
    """A technology includes its descendants."""

    note = gettext_lazy("A technology includes those within it.")

    def __init__(self, path="technology_mappings__technology", **options):
        super().__init__(path, technology_choices, label=gettext_lazy("Technology"), **options)


class QualifyingFacet(Facet):
    """A column of the mapping rows, such as match, which narrows the facet of a subject.

    Where no subject is chosen, it finds the records with any mapping of these values.

    Parameters: ``column`` of the mapping rows; ``subjects`` that have it; ``prefix``, the lookup
    to the record that has the rows.
    """

    def __init__(self, column, choices, *, subjects, prefix="", **options):
        super().__init__(f"{prefix}{subjects[0]}_mappings__{column}", choices, **options)
        self.paths = [f"{prefix}{subject}_mappings__{column}" for subject in subjects]
        self.subjects = subjects

    def says_more(self):
        """Tell whether a subject is asked for, which then reads this facet's values itself."""
        asked = self.parent.form.cleaned_data
        return any(asked.get(subject) for subject in self.subjects)

    def filter(self, queryset, values):
        if not values or self.says_more():
            return queryset
        condition = Q()
        for path in self.paths:
            condition |= Q(**{f"{path}__in": values})
        rows = self.model._base_manager.filter(condition)
        return queryset.filter(pk__in=rows.values("pk"))

    def index_hits(self, index, values):
        return index.everything if self.says_more() else super().index_hits(index, values)

    def index_counts(self, results):
        return self.asked_in_turn(lambda: len(results.hits(fresh=True)))

    def counts(self, queryset):
        def number():
            results = self.parent.filter_queryset(self.parent.queryset, without=("sort",))
            return results.aggregate(number=Count("pk"))["number"]

        return self.asked_in_turn(number)

    def asked_in_turn(self, number):
        """Return ``{value: number()}`` with each value asked for in turn.

        The other facets read what is asked for here, so a count needs it to be set.
        """
        asked = self.parent.form.cleaned_data
        ticked = asked.get(self.name)
        counts = {}
        for choice in self.choices:
            asked[self.name] = [choice.value]
            counts[choice.value] = number()
        asked[self.name] = ticked
        return counts


class BasisFacet(QualifyingFacet):
    """The basis of a mapping: stated by the text, judged by an analyst, or derived."""

    def __init__(self, prefix="", **options):
        super().__init__(
            "basis",
            column_choices(Basis),
            subjects=SUBJECTS,
            prefix=prefix,
            label=gettext_lazy("Basis"),
            listed=False,
            **options,
        )


class RegionFacet(TreeFacet):
    """A province includes its cities; national records have no region.

    Parameters: ``path``, the lookup to the region; ``national``, whether to offer "National".
    """

    note = gettext_lazy("A province includes its cities.")

    def __init__(self, path="region", *, national=True, **options):
        choices = region_choices_with_national if national else region_choices
        super().__init__(path, choices, label=gettext_lazy("Region"), **options)

    def pairs_of(self, key):
        return [(self.name, key or NO_REGION)]

    def filter(self, queryset, values):
        if not values:
            return queryset
        condition = Q(**{f"{self.path}__in": [k for k in self.keys_of(values) if k]})
        if NATIONAL in values:
            condition |= Q(**{f"{self.path}__isnull": True})
        return queryset.filter(condition)


class RegionGroupFacet(Facet):
    """A named group of regions: its members and their cities."""

    note = gettext_lazy("A province includes its cities.")

    def __init__(self, path="region", **options):
        super().__init__(path, group_choices, label=gettext_lazy("Group of regions"), **options)

    @property
    def index_facet(self):
        return "region"

    def keys_by_value(self):
        return {choice.value: sorted(choice.key) for choice in self.choices}

    def pairs_of(self, key):
        return [(self.index_facet, key)]

    def counts(self, queryset):
        pairs = list(queryset.order_by().values_list("pk", self.path).distinct())
        return {
            choice.value: len({pk for pk, region in pairs if region in choice.key})
            for choice in self.choices
        }


def group_choices():
    members = members_by_group()
    return [
        Choice(group.slug, group.name.plain, frozenset(members[group.pk]))
        for group in RegionGroup.objects.public()
    ]


def members_by_group():
    """Return ``{group pk: set of region pks}``, the cities of member provinces included."""
    children = {}
    for pk, parent in Region.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, set()).add(pk)
    members = {}
    for group, region in RegionGroup.regions.through.objects.values_list(
        "regiongroup_id", "region_id"
    ):
        members.setdefault(group, set()).update({region}, children.get(region, ()))
    return {group.pk: members.get(group.pk, set()) for group in RegionGroup.objects.public()}


class Alone(TextChoices):
    """Kinds whose facets can match an entry without its descendants."""

    REGION = "region", gettext_lazy("regions without their cities")
    TECHNOLOGY = "technology", gettext_lazy("technologies without those within them")


class AloneFacet(Facet):
    """Parameter of other facets: whether an entry includes its descendants; filters nothing."""

    def __init__(self, **options):
        label = gettext_lazy("Counted")
        super().__init__("alone", column_choices(Alone), label=label, listed=False, **options)

    @property
    def is_indexed(self):
        # It has no values of its own.
        return True

    def filter(self, queryset, values):
        return queryset

    def index_hits(self, index, values):
        return index.everything


class IssuerFacet(Facet):
    def __init__(self, path="issuer_rows__agency", **options):
        super().__init__(path, issuer_choices, label=gettext_lazy("Issuing agency"), **options)


def verdict_choices():
    none = Choice(NO_VERDICT, _("no check recorded"), NO_VERDICT)
    return [*column_choices(Verdict)(), none]


class VerdictFacet(Facet):
    """The verdict of a target's newest assessment, or that there is none."""

    def __init__(self, **options):
        super().__init__("verdict", verdict_choices, label=gettext_lazy("Verdict"), **options)

    def filter(self, queryset, values):
        if not values:
            return queryset
        condition = Q(verdict__in=[value for value in values if value != NO_VERDICT])
        if NO_VERDICT in values:
            condition |= Q(verdict__isnull=True)
        return queryset.with_verdict().filter(condition)

    def counts(self, queryset):
        rows = (
            queryset.order_by()
            .with_verdict()
            .values_list("verdict")
            .annotate(number=Count("pk", distinct=True))
        )
        return {verdict or NO_VERDICT: number for verdict, number in rows}


def due_choices():
    years = Target.objects.public().order_by().values_list("due_date__year", flat=True)
    found = [Choice(str(year), str(year), str(year)) for year in sorted(set(years) - {None})]
    return [*found, Choice(NO_DUE, _("no date"), NO_DUE)]


class DueFacet(Facet):
    """The year in which a target falls due, or that its text states none.

    The strip of years above the list offers it.
    """

    def __init__(self, **options):
        label = gettext_lazy("Due in")
        super().__init__("due_date__year", due_choices, label=label, listed=False, **options)

    def filter(self, queryset, values):
        if not values:
            return queryset
        years = [int(value) for value in values if value != NO_DUE]
        condition = Q(due_date__year__in=years)
        if NO_DUE in values:
            condition |= Q(due_date__isnull=True)
        return queryset.filter(condition)

    def counts(self, queryset):
        rows = (
            queryset.order_by()
            .values_list("due_date__year")
            .annotate(number=Count("pk", distinct=True))
        )
        return {str(year or NO_DUE): number for year, number in rows}


class Texts(TextChoices):
    """Where targets stand, where a list is asked so."""

    ENDED = "ended", gettext_lazy("no longer in force today")


class TextsFacet(Facet):
    """Whether the text of a target has ended by today; a tab above the list offers it."""

    def __init__(self, **options):
        label = gettext_lazy("Its text")
        super().__init__("document", column_choices(Texts), label=label, listed=False, **options)

    @property
    def is_indexed(self):
        # The index keeps what it asks of SQL, under the day.
        return True

    def filter(self, queryset, values):
        return queryset.ended_by(timezone.localdate()) if values else queryset

    def index_hits(self, index, values):
        def ended():
            found = self.filter(self.parent.queryset, values).order_by()
            return index.records(found.values_list("pk", flat=True))

        return index.kept((self.name, timezone.localdate()), ended)
