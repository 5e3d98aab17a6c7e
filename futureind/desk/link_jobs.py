"""Visiting the addresses that somebody just typed, outside the request that saved them."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from futureind.desk.addresses import enter
from futureind.desk.link_visits import visit
from futureind.desk.models import LinkCheck
from futureind.jobs.kinds import JobKind, register
from futureind.jobs.models import Job

CHECK_LINK = "check-link"


def check_soon(addresses, user):
    """Let a worker visit addresses; where none runs, the next nightly run does."""
    links = [enter(address) for address in addresses]
    LinkCheck.objects.filter(pk__in=[link.pk for link in links]).update(checked_at=None)
    jobs = [
        Job(kind=CHECK_LINK, subject=link.pk, user=user, language=get_language()) for link in links
    ]
    # One that waits already will do.
    Job.objects.bulk_create(jobs, ignore_conflicts=True)


def check(job):
    """Visit an address and note what was found."""
    link = LinkCheck.objects.filter(pk=job.subject).first()
    if link is None:
        return _("No record names the address any more.")
    found = visit(link.address)
    with transaction.atomic():
        job.hold()
        link.note(found, timezone.now())
        link.save()
    return str(link.get_state_display())


def links(subjects):
    """Return the lines of links in their list."""
    address = reverse("admin:desk_linkcheck_changelist")
    return {pk: (f"{address}?id={pk}", pk) for pk in subjects}


def register_kinds():
    """Let the worker visit addresses."""
    register(JobKind(CHECK_LINK, gettext_lazy("visit an address"), check, links))
