"""Visiting the addresses that somebody just typed, outside the request that saved them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from futureind.jobs.models import Job, JobKind
from futureind.publishing.link_visits import visit
from futureind.publishing.links import LinkCheck, enter


def check_soon(addresses, user):
    """Let a worker visit addresses; where none runs, the next nightly run does."""
    links = [enter(address) for address in addresses]
    LinkCheck.objects.filter(pk__in=[link.pk for link in links]).update(checked_at=None)
    jobs = [
        Job(kind=JobKind.CHECK_LINK, subject=link.pk, user=user, language=get_language())
        for link in links
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
