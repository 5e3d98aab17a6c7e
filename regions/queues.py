"""What waits for somebody in the regions."""

from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Region
from futureind.desk.queues import SIX_MONTHS, Entry, Queue
from futureind.publishing.models.records import PublicationState


def unchecked(user):
    """Return the regions in which nobody looked for plans for six months.

    A check that still waits for a reviewer counts: somebody has looked.
    """
    looked = ~Q(coverage_checks__publication_state=PublicationState.WITHDRAWN)
    last = Region.objects.public().annotate(last=Max("coverage_checks__checked_on", filter=looked))
    since = timezone.localdate() - SIX_MONTHS
    return [last.filter(Q(last__lt=since) | Q(last=None))]


def entry(region, last):
    """A region leads to the form in which a new check of it is noted."""
    add = reverse("admin:regions_coveragecheck_add")
    detail = _("last checked on %(day)s") % {"day": last} if last else _("never checked")
    return Entry(region.name.plain, f"{add}?region={region.pk}", detail=detail)


QUEUES = [
    Queue(
        "unchecked",
        gettext_lazy("Regions not checked for six months"),
        unchecked,
        entry,
        columns=("last",),
        # Those that wait for longest first.
        order=(F("last").asc(nulls_first=True), "key"),
    )
]
