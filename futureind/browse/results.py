"""The results of a list's filters: from the index, or from plain SQL where there is none.

Both answer the same questions with the same results; a test holds them together.
"""

from functools import cached_property

from futureind.search.index import index_for


class SqlResults:
    """Results as the FilterSet's own queries give them: the reference."""

    def __init__(self, filterset):
        self.filterset = filterset
        self._pks_by_key = {}

    def count(self):
        return self.filterset.filter_queryset(self.filterset.queryset, without=("sort",)).count()

    def pks(self, start=0, stop=None):
        """Return the primary keys of the results from one position to another, in order."""
        records = self.filterset.filter_queryset(self.filterset.queryset)
        if self.filterset.by_name:
            found = records.order_by().values_list("pk", flat=True)
            return self.filterset.keys_by_name(found)[start:stop]
        return list(records.values_list("pk", flat=True)[start:stop])

    def facet_counts(self, facet):
        """Return ``{value: number}`` for a facet under all filters but its own."""
        rest = self.filterset.filter_queryset(self.filterset.queryset, without=(facet.name, "sort"))
        return facet.counts(rest)

    @cached_property
    def everything(self):
        """The results as a set, to be met with those of :meth:`having`."""
        return frozenset(self._records().values_list("pk", flat=True))

    def having(self, facet, keys):
        """Return the results that have one of a facet's keys, as a set: it knows ``&`` and len."""
        if facet.name not in self._pks_by_key:
            rows = self._records().filter(facet.condition()).values_list(facet.path, "pk")
            by_key = self._pks_by_key[facet.name] = {}
            for key, pk in rows.distinct():
                by_key.setdefault(key, set()).add(pk)
        by_key = self._pks_by_key[facet.name]
        return frozenset().union(*(by_key.get(key, ()) for key in keys))

    def among(self, pks):
        """Return the results that have these primary keys, as a set."""
        return self.everything & frozenset(pks)

    def first(self, found, number=None, *, upwards=False):
        """Return the first primary keys of a set of results, in the list's own order.

        Parameters: ``number`` of them, all where None; ``upwards``, from the other end, where
        every record has the date that the list is ordered by.
        """
        pks = reversed(self._in_order) if upwards else self._in_order
        return [pk for pk in pks if pk in found][:number]

    @cached_property
    def _in_order(self):
        return self.pks()

    def _records(self):
        records = self.filterset.filter_queryset(self.filterset.queryset, without=("sort",))
        return records.order_by()


class IndexResults:
    """Results as sets of the index, a set for each filter that is set."""

    def __init__(self, filterset, index):
        self.filterset = filterset
        self.index = index
        # Asked for what the index does not hold.
        self._in_sql = SqlResults(filterset)
        self._hits_of = {}

    def count(self):
        return len(self.hits())

    def pks(self, start=0, stop=None):
        """Return the primary keys of the results from one position to another, in order."""
        if self.filterset.by_name:
            hits = self.hits()
            found = self.index.slice(hits, 0, len(hits))
            return self.filterset.keys_by_name(found)[start:stop]
        sort = self.filterset.sort_asked
        if sort not in self.filterset.index_orders:
            return self._in_sql.pks(start, stop)
        hits = self.hits()
        return self.index.slice(
            hits,
            start,
            len(hits) if stop is None else stop,
            upwards=self.filterset.index_orders[sort],
            last=self.filterset.undated,
        )

    def facet_counts(self, facet):
        """Return ``{value: number}`` for a facet under all filters but its own."""
        if not facet.is_indexed:
            return self._in_sql.facet_counts(facet)
        return facet.index_counts(self)

    @cached_property
    def everything(self):
        """The results as a set, to be met with those of :meth:`having`."""
        return self.hits()

    def having(self, facet, keys):
        """Return the results that have one of a facet's keys, as a set: it knows ``&`` and len."""
        if not facet.is_indexed:
            return self.among(self._in_sql.having(facet, keys))
        return self.everything & self.index.values(facet.index_pairs(keys))

    def among(self, pks):
        """Return the results that have these primary keys, as a set."""
        return self.everything & self.index.records(pks)

    def first(self, found, number=None, *, upwards=False):
        """Return the first primary keys of a set of results, in the list's own order.

        Parameters: ``number`` of them, all where None; ``upwards``, from the other end, where
        every record has the date that the list is ordered by.
        """
        return self.index.slice(found, 0, len(found) if number is None else number, upwards=upwards)

    def hits(self, *, without=None, fresh=False):
        """Return what is left under all filters but the one named ``without``.

        ``fresh`` reads every filter anew, for facets that set one to count another.
        """
        found = self.index.everything
        for name, value in self.filterset.form.cleaned_data.items():
            if value and name not in (without, "sort"):
                found = found & self._hits(name, value, fresh)
        return found

    def _hits(self, name, value, fresh):
        if fresh or name not in self._hits_of:
            item = self.filterset.filters[name]
            hits = self._found_by(item, value)
            if fresh:
                return hits
            self._hits_of[name] = hits
        return self._hits_of[name]

    def _found_by(self, item, value):
        if not hasattr(item, "index_hits"):
            # A date such as ``in_force_on``, for which the index has no values.
            return self.index.kept((item.name, value), lambda: self._asked_in_sql(item, value))
        if not getattr(item, "is_indexed", True):
            # Not kept: what it finds may depend on other parameters.
            return self._asked_in_sql(item, value)
        return item.index_hits(self.index, value)

    def _asked_in_sql(self, item, value):
        found = item.filter(self.filterset.queryset, value).order_by()
        return self.index.records(found.values_list("pk", flat=True))


class PkSequence:
    """The primary keys of results as a sequence that is only read where it is looked at."""

    def __init__(self, results):
        self.results = results
        self._count = None

    def __len__(self):
        if self._count is None:
            self._count = self.results.count()
        return self._count

    def __getitem__(self, wanted):
        return self.results.pks(wanted.start or 0, wanted.stop)


def in_order(records, pks):
    """Return the records of a queryset in the order of primary keys; missing ones are left out."""
    found = records.filter(pk__in=pks).in_bulk()
    return [found[pk] for pk in pks if pk in found]


def results_of(filterset):
    """Return the results of a valid FilterSet from the index, else from plain SQL."""
    index = index_for(filterset.queryset.model.index_kind, filterset.stamp)
    return SqlResults(filterset) if index is None else IndexResults(filterset, index)
