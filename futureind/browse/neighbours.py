"""The records before and after one within its parent."""

from operator import attrgetter

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce


def neighbours(records, record):
    """Return ``(previous, next)`` of a record among few records in order, None at the ends."""
    records = list(records)
    place = next((n for n, other in enumerate(records) if other.pk == record.pk), None)
    if place is None:
        return None, None
    return (records[place - 1] if place else None), next(iter(records[place + 1 :]), None)


def neighbours_by(records, record, column):
    """Return ``(previous, next)`` of a record among many, by a column and then by age.

    Parameters: ``records``, a queryset without an order; ``column``, whose empty values come last.
    Costs one query.
    """
    value_of, pk = attrgetter(column.replace("__", ".")), record.pk
    value = value_of(record)
    dated = records.filter(**{f"{column}__isnull": False})
    undated = records.filter(**{f"{column}__isnull": True})
    if value is None:
        before = first(undated.filter(pk__lt=pk), "-pk"), first(dated, f"-{column}", "-pk")
        after = first(undated.filter(pk__gt=pk), "pk")
        ends = [Coalesce(*before), after]
    else:
        # The bound alone lets the database start in the middle of an index.
        before = dated.filter(**{f"{column}__lte": value})
        before = before.filter(Q(**{f"{column}__lt": value}) | Q(pk__lt=pk))
        after = dated.filter(**{f"{column}__gte": value})
        after = after.filter(Q(**{f"{column}__gt": value}) | Q(pk__gt=pk))
        after = first(after, column, "pk"), first(undated, "pk")
        ends = [first(before, f"-{column}", "-pk"), Coalesce(*after)]

    def place(other):
        found = value_of(other)
        return found is None, found, other.pk

    found, own = list(records.filter(pk__in=ends).order_by()), place(record)
    previous = next((other for other in found if place(other) < own), None)
    return previous, next((other for other in found if place(other) > own), None)


def first(records, *order):
    """Return the primary key of the first record in an order, as an expression."""
    return Subquery(records.order_by(*order).values("pk")[:1])
