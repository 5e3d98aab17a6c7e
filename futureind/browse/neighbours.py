"""The records before and after one within its parent."""


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
