"""The records before and after one within its parent."""

from django.db.models import F, Q


def neighbours(records, record):
    """Return ``(previous, next)`` of a record in an ordered queryset, None at the ends."""
    order = list(records.values_list("pk", flat=True))
    if record.pk not in order:
        return None, None
    position = order.index(record.pk)
    wanted = [order[i] for i in (position - 1, position + 1) if 0 <= i < len(order)]
    found = records.in_bulk(wanted)
    previous = found.get(order[position - 1]) if position > 0 else None
    following = found.get(order[position + 1]) if position + 1 < len(order) else None
    return previous, following


def neighbours_by(records, record, column):
    """Return ``(previous, next)`` of a record among many, by a column and then by age.

    Parameters: ``records``, a queryset without an order; ``column``, whose empty values come last.
    """
    value = getattr(record, column)
    same, pk = Q(**{column: value}), record.pk
    if value is None:
        same = Q(**{f"{column}__isnull": True})
        before, after = Q(**{f"{column}__isnull": False}), Q(pk__in=[])
    else:
        before = Q(**{f"{column}__lt": value})
        after = Q(**{f"{column}__gt": value}) | Q(**{f"{column}__isnull": True})
    previous = records.filter(before | same & Q(pk__lt=pk))
    following = records.filter(after | same & Q(pk__gt=pk))
    return (
        previous.order_by(F(column).desc(nulls_first=True), "-pk").first(),
        following.order_by(F(column).asc(nulls_last=True), "pk").first(),
    )
