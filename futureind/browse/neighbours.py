"""The records before and after one within its parent."""

from functools import lru_cache

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from futureind.core.statements import ANY_DAY, ANY_KEY, ANY_OTHER_KEY, Statement


def neighbours(records, record):
    """Return ``(previous, next)`` of a record among few records in order, None at the ends."""
    records = list(records)
    place = next((n for n, other in enumerate(records) if other.pk == record.pk), None)
    if place is None:
        return None, None
    return (records[place - 1] if place else None), next(iter(records[place + 1 :]), None)


def neighbours_by(record, column, same, shown):
    """Return ``(previous, next)`` of a public record among many, by a day and then by age.

    Parameters: ``column`` with the day, without which records come last; ``same``, the relation
    that they have in common; ``shown``, the columns to load. Costs one query.
    """
    day, pk = getattr(record, column), record.pk
    common = getattr(record, f"{same}_id")
    asked = statement(type(record), column, same, shown, day is not None, common is not None)
    found = asked.records(type(record), {ANY_KEY: pk, ANY_OTHER_KEY: common, ANY_DAY: day})

    def place(other):
        return getattr(other, column) is None, getattr(other, column), other.pk

    previous = next((other for other in found if place(other) < place(record)), None)
    return previous, next((other for other in found if place(other) > place(record)), None)


@lru_cache
def statement(model, column, same, shown, has_day, has_common):
    """Return the Statement that asks for both neighbours of any record."""
    records = model.objects.public().filter(**{same: ANY_OTHER_KEY if has_common else None})
    dated = records.filter(**{f"{column}__isnull": False})
    undated = records.filter(**{f"{column}__isnull": True})
    if has_day:
        # The bound alone lets the database start in the middle of an index.
        before = dated.filter(
            Q(**{f"{column}__lt": ANY_DAY}) | Q(pk__lt=ANY_KEY), **{f"{column}__lte": ANY_DAY}
        )
        after = dated.filter(
            Q(**{f"{column}__gt": ANY_DAY}) | Q(pk__gt=ANY_KEY), **{f"{column}__gte": ANY_DAY}
        )
        previous = first(before, f"-{column}", "-pk")
        following = Coalesce(first(after, column, "pk"), first(undated, "pk"))
    else:
        before = first(undated.filter(pk__lt=ANY_KEY), "-pk")
        previous = Coalesce(before, first(dated, f"-{column}", "-pk"))
        following = first(undated.filter(pk__gt=ANY_KEY), "pk")
    return Statement.of(records.filter(pk__in=[previous, following]).only(*shown).order_by())


def first(records, *order):
    """Return the primary key of the first record in an order, as an expression."""
    return Subquery(records.order_by(*order).values("pk")[:1])
