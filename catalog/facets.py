"""Facets over the catalogue's vocabulary, used by the lists of both apps."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import (
    Agency,
    IndustryField,
    Region,
    RegionGroup,
    SymbolicProduct,
    Technology,
)
from catalog.models.indexing import NO_REGION
from futureind.browse.facets import Choice, Facet, TreeFacet, tree_choices

NATIONAL = "national"


def field_choices():
    return [Choice(f.slug, f.short_name.plain, f.pk) for f in IndustryField.objects.public()]


def product_choices():
    return [Choice(p.slug, p.name.plain, p.pk) for p in SymbolicProduct.objects.public()]


def technology_choices():
    return tree_choices(list(Technology.objects.public()), label=lambda t: t.name.plain)


def region_choices():
    return tree_choices(list(Region.objects.public()), label=lambda r: r.name.plain)


def region_choices_with_national():
    return [Choice(NATIONAL, _("National")), *region_choices()]


def issuer_choices():
    return [Choice(a.slug, a.name.plain, a.pk) for a in Agency.objects.public()]


class FieldFacet(Facet):
    note = gettext_lazy("A record in several fields counts in each.")

    def __init__(self, path="field_mappings__field", **options):
        super().__init__(path, field_choices, label=gettext_lazy("Field"), **options)


class ProductFacet(Facet):
    def __init__(self, path="product_mappings__product", **options):
        super().__init__(path, product_choices, label=gettext_lazy("Product"), **options)


class TechnologyFacet(TreeFacet):
    """A technology includes its descendants."""

    note = gettext_lazy("A technology includes those within it.")

    def __init__(self, path="technology_mappings__technology", **options):
        super().__init__(path, technology_choices, label=gettext_lazy("Technology"), **options)


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

    def keys_by_value(self):
        return {choice.value: sorted(choice.key) for choice in self.choices}

    def pairs_of(self, key):
        return [("region", key)]

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
        for group in RegionGroup.objects.all()
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
    return {group.pk: members.get(group.pk, set()) for group in RegionGroup.objects.all()}


class IssuerFacet(Facet):
    def __init__(self, path="issuer_rows__agency", **options):
        super().__init__(path, issuer_choices, label=gettext_lazy("Issuing agency"), **options)
