"""The largest target in money of a region or a document."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.models import Target
from futureind.publishing.models.content_version import ContentVersion

# Sums of other currencies are not set beside these.
CURRENCY = "cny"
# More than are ever as large as each other.
LOOKED_AT = 20


@dataclass(frozen=True)
class LargestSum:
    """The target with the largest sum, the one due first of several; ``number`` as large as it."""

    target: Target
    number: int


def largest_sum(*, still_due=False, **of):
    """Return the LargestSum among public targets, None where none names a sum.

    Parameters: ``still_due``, whether only those count whose day is yet to come; ``of``, the
    condition on targets.
    """
    day = timezone.localdate() if still_due else None
    return largest_sum_at(ContentVersion.stamp(), day, tuple(of.items()))


@lru_cache(maxsize=400)
def largest_sum_at(stamp, day, of):
    targets = Target.objects.public().filter(
        Q(unit__slug=CURRENCY) | Q(unit__base_unit__slug=CURRENCY), **dict(of)
    )
    if day:
        targets = targets.filter(due_date__gte=day)
    in_order = [F("sum").desc(), F("due_date").asc(nulls_last=True), "pk"]
    targets = targets.exclude(value=None).annotate(
        sum=F("value") * Coalesce("unit__factor", Decimal(1))
    )
    found = list(targets.select_related("unit__base_unit").order_by(*in_order)[:LOOKED_AT])
    if not found:
        return None
    sums = [target.unit.in_base_unit(target.value) for target in found]
    return LargestSum(found[0], sums.count(sums[0]))
