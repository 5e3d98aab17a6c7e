"""Facets: groups of options of a list, each with the number of results that it would give."""

import copy
from functools import lru_cache
from typing import NamedTuple

import django_filters
from django import forms
from django.core.validators import slug_re
from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from futureind.browse.addresses import echoed


class Choice(NamedTuple):
    """An option of a facet: its value in the address, its label, the key of its rows.

    ``parent`` is the value of the option above it, for hierarchies.
    """

    value: str
    label: str
    key: object = None
    parent: str | None = None
    depth: int = 0


@lru_cache(maxsize=200)
def choices_at(stamp, language, get_choices):
    """Return the choices of a facet in a state of the content, kept for all requests."""
    return list(get_choices())


class FacetField(forms.Field):
    """Several values out of a facet's choices; an unknown one is an error that names it."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {
        "unknown": _(
            "“%(value)s” is not one of the choices here. Remove it or choose from the list."
        )
    }

    def __init__(self, *, facet, **options):
        self.facet = facet
        super().__init__(**options)

    def clean(self, values):
        cleaned = list(dict.fromkeys(value for value in values or [] if value))
        if not cleaned:
            return []
        known = {choice.value for choice in self.facet.choices}
        for value in cleaned:
            if value not in known:
                raise forms.ValidationError(
                    self.error_messages["unknown"], code="unknown", params={"value": echoed(value)}
                )
        return cleaned


class Facet(django_filters.Filter):
    """A filter of several options, OR-ed with each other, that can count its options.

    Parameters: ``path``, the lookup from the listed model to the column that holds a choice's
    key; ``choices``, a callable that returns the list of :class:`Choice`; ``listed``, False for
    what the form does not offer: too long a group, or one for editors, set by links and addresses.
    """

    field_class = FacetField
    # What a count includes beyond the choice itself, said beside the options.
    note = ""

    def __deepcopy__(self, memo):
        # Every request gets filters of its own; what they hold is never changed.
        return copy.copy(self)

    def __init__(self, path, choices, *, label, listed=True, **options):
        super().__init__(field_name=path, label=label, **options)
        self.listed = listed
        self.path = path
        self.get_choices = choices
        self._choices = None

    @property
    def choices(self):
        if self._choices is None:
            self._choices = choices_at(self.parent.stamp, get_language(), self.get_choices)
        return self._choices

    @property
    def field(self):
        if not hasattr(self, "_field"):
            self._field = self.field_class(facet=self, required=False, label=self.label)
        return self._field

    def keys_by_value(self):
        """Return ``{value: keys that it covers}`` for every choice."""
        return {choice.value: [choice.key] for choice in self.choices}

    def keys_of(self, values):
        """Return the keys that a choice of these values covers, descendants included."""
        covered = self.keys_by_value()
        return list(dict.fromkeys(key for value in values for key in covered.get(value, ())))

    def condition(self):
        """Return a further condition on the rows between record and choice, or an empty Q."""
        return Q()

    def filter(self, queryset, values):
        if not values:
            return queryset
        # A subquery, not a join: joins would repeat a record and meet other facets' rows.
        rows = self.model._base_manager.filter(
            self.condition(), Q(**{f"{self.path}__in": self.keys_of(values)})
        )
        return queryset.filter(pk__in=rows.values("pk"))

    @property
    def index_facet(self):
        """The name of the facet in the index that holds its values."""
        return self.name

    @property
    def is_indexed(self):
        """Whether the index holds its values; what it lacks is asked of SQL."""
        return self.index_facet in self.model.index_facets

    def pairs_of(self, key):
        """Return the ``(group, value)`` pairs under which the index holds a key."""
        return [(self.name, key)]

    def index_pairs(self, keys):
        return [pair for key in keys for pair in self.pairs_of(key)]

    def index_hits(self, index, values):
        return index.values(self.index_pairs(self.keys_of(values)))

    def index_counts(self, results):
        """Return what :meth:`counts` returns, from the index: ``results`` is an IndexResults."""
        rest = results.hits(without=self.name)
        return {value: hits.common(rest) for value, hits in self.index_sets(results.index)}

    def variant(self):
        """Return the part of the request on which an option's records depend, as a cache key."""
        return tuple(group for group, _value in self.pairs_of(None))

    def index_sets(self, index):
        """Return ``[(value, its records)]`` for every choice."""
        return index.kept(
            (self.name, self.variant()),
            lambda: [
                (value, index.values(self.index_pairs(keys)))
                for value, keys in self.keys_by_value().items()
            ],
        )

    def counts(self, queryset):
        """Return ``{value: number of records of the queryset}`` for every choice."""
        rows = (
            queryset.order_by()
            .filter(self.condition())
            .values_list(self.path)
            .annotate(number=Count("pk", distinct=True))
        )
        by_key = dict(rows)
        return {choice.value: by_key.get(choice.key, 0) for choice in self.choices}


class TreeFacet(Facet):
    """A facet whose options form a tree; choosing one includes everything beneath it.

    Where the list's parameter ``alone`` names the facet, an option stands without that.
    """

    @property
    def stands_alone(self):
        return self.name in (self.parent.form.cleaned_data.get("alone") or ())

    def variant(self):
        return (*super().variant(), self.stands_alone)

    def keys_by_value(self):
        covered = super().keys_by_value()
        if self.stands_alone:
            return covered
        # Children stand after their parents, so from the end one pass finds all descendants.
        for choice in reversed(self.choices):
            if choice.parent in covered:
                covered[choice.parent] += covered[choice.value]
        return covered

    def counts(self, queryset):
        if self.stands_alone:
            return super().counts(queryset)
        pairs = queryset.order_by().filter(self.condition()).values_list("pk", self.path).distinct()
        value_of = {choice.key: choice.value for choice in self.choices}
        parent_of = {choice.value: choice.parent for choice in self.choices}
        found = {choice.value: set() for choice in self.choices}
        for pk, key in pairs:
            value = value_of.get(key)
            while value is not None:
                found[value].add(pk)
                value = parent_of[value]
        return {value: len(pks) for value, pks in found.items()}


class RecordFacet(Facet):
    """A facet of records too many to offer: set by links from other pages, it reads what is asked.

    Parameter: ``records``, a callable that returns ``(slug, label, primary key)`` of the public
    records with one of these slugs.
    """

    def __init__(self, path, records, **options):
        super().__init__(path, records, listed=False, **options)

    @property
    def choices(self):
        if self._choices is None:
            asked = self.field.widget.value_from_datadict(self.parent.data, {}, self.name)
            # A database may refuse what can be no slug, such as a zero byte.
            slugs = [value for value in asked or () if slug_re.match(value)]
            self._choices = [Choice(*row) for row in self.get_choices(slugs)] if slugs else []
        return self._choices

    def index_sets(self, index):
        # Of this request alone, so not to be kept.
        return [
            (value, index.values(self.index_pairs(keys)))
            for value, keys in self.keys_by_value().items()
        ]


def column_choices(enumeration):
    """Return a callable giving the choices of a column with fixed values (TextChoices)."""
    return lambda: [Choice(value, str(label), value) for value, label in enumeration.choices]


def tree_choices(records, *, label):
    """Return records with a ``parent`` as choices, parents first, children in place below them.

    Parameters: ``records``, all of them, in the order wanted; ``label``, a function of a record.
    """
    by_pk = {record.pk: record for record in records}
    children = {}
    for record in records:
        above = record.parent_id if record.parent_id in by_pk else None
        children.setdefault(above, []).append(record)

    def below(pk, parent, depth):
        for record in children.get(pk, ()):
            yield Choice(record.slug, label(record), record.pk, parent, depth)
            yield from below(record.pk, record.slug, depth + 1)

    return list(below(None, None, 0))
