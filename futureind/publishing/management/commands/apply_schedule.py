"""Publish and withdraw what is due."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from futureind.accounts.security import forget_old_events
from futureind.publishing import scheduling
from futureind.publishing.models.schedules import ScheduleState


class Command(BaseCommand):
    """Publish, withdraw and approve what is due, where no worker does; by cron or a timer.

    What the rules refuse by now is left as it is and named. May be run at any time and by several
    at once. It also removes security events that
    are older than they are to be kept. Where the database is away or busy it ends with an error,
    and what it did not do is done by the next run.
    """

    help = "Publish and withdraw what is scheduled and due."

    def handle(self, *args, verbosity, **options):
        try:
            forget_old_events()
            for planned in scheduling.run_each():
                self.report(planned, verbosity)
        except scheduling.NOT_NOW as error:
            text = _("The database is away or busy; the next run does what is still due. %(error)s")
            raise CommandError(text % {"error": error}) from error

    def report(self, planned, verbosity):
        if planned.state == ScheduleState.REFUSED:
            text = _("%(move)s: refused: %(why)s")
            self.stderr.write(text % {"move": planned, "why": planned.outcome})
        elif verbosity:
            self.stdout.write(_("%(move)s: done") % {"move": planned})
