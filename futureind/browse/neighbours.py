"""The records before and after one within its parent."""

from django.db.models import Q


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
    value, pk = getattr(record, column), record.pk
    dated = records.filter(**{f"{column}__isnull": False})
    undated = records.filter(**{f"{column}__isnull": True})
    if value is None:
        previous = undated.filter(pk__lt=pk).order_by("-pk").first()
        following = undated.filter(pk__gt=pk).order_by("pk").first()
        return previous or dated.order_by(f"-{column}", "-pk").first(), following
    # The bound alone lets the database start in the middle of an index.
    up_to = dated.filter(**{f"{column}__lte": value})
    on_from = dated.filter(**{f"{column}__gte": value})
    previous = up_to.filter(Q(**{f"{column}__lt": value}) | Q(pk__lt=pk))
    following = on_from.filter(Q(**{f"{column}__gt": value}) | Q(pk__gt=pk))
    return (
        previous.order_by(f"-{column}", "-pk").first(),
        following.order_by(column, "pk").first() or undated.order_by("pk").first(),
    )
