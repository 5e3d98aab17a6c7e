"""What waits for somebody in the regions."""

from datetime import timedelta

from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Region
from futureind.publishing.queues import Entry, Queue, declare

SIX_MONTHS = timedelta(days=183)


def unchecked(user):
    """Return the regions in which nobody looked for plans for six months, longest first."""
    last = Region.objects.public().annotate(last=Max("coverage_checks__checked_on"))
    since = timezone.localdate() - SIX_MONTHS
    waiting = last.filter(Q(last__lt=since) | Q(last=None))
    return waiting.order_by(F("last").asc(nulls_first=True), "pk")


def entries(rows):
    """A region leads to the form in which a new check of it is noted."""
    add = reverse("admin:regions_coveragecheck_add")
    return [
        Entry(
            region.name.plain,
            f"{add}?region={region.pk}",
            detail=_("last checked on %(day)s") % {"day": region.last}
            if region.last
            else _("never checked"),
        )
        for region in rows
    ]


declare(Queue("unchecked", gettext_lazy("Regions not checked for six months"), unchecked, entries))
