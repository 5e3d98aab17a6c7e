"""Visit the web addresses that records name."""

import time
from collections import defaultdict, deque
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from futureind.desk.addresses import enter_addresses
from futureind.desk.link_visits import visit
from futureind.desk.models import LinkCheck, LinkState


class Command(BaseCommand):
    """Visit every address that is due, and note what was found.

    An address is broken only after three failed visits over three days; before that it is to be
    checked again. Each result is kept at once, so a run that was ended goes on with the next one.
    Run it nightly.
    """

    help = "Visit the web addresses that records name; note which are broken."

    def add_arguments(self, parser):
        parser.add_argument(
            "--minutes", type=float, default=60, help=_("Stop after so long; default: %(default)s.")
        )
        parser.add_argument(
            "--delay",
            type=float,
            default=3,
            help=_("Seconds between two visits to one server; default: %(default)s."),
        )
        parser.add_argument("--limit", type=int, help=_("Visit at most so many addresses."))
        parser.add_argument(
            "--all", action="store_true", help=_("Visit also what was visited a short while ago.")
        )

    def handle(self, *args, minutes, delay, limit, verbosity, **options):
        enter_addresses()
        links = LinkCheck.objects.order_by("checked_at", "id")
        if not options["all"]:
            links = LinkCheck.objects.due(timezone.now())
        links = list(links[:limit] if limit is not None else links)
        found = defaultdict(int)
        deadline = time.monotonic() + minutes * 60
        # None: shown on a terminal only.
        with tqdm(total=len(links), leave=False, disable=None if verbosity else True) as bar:
            for link in in_turn(links, delay, deadline):
                bar.set_description(urlsplit(link.address).hostname or "")
                link.note(visit(link.address), timezone.now())
                link.save()
                found[link.state] += 1
                bar.update()
        if verbosity:
            self.report(found, len(links))

    def report(self, found, due):
        for state in LinkState:
            if found[state]:
                self.stdout.write(f"{found[state]:>6} {state.label}")
        left = due - sum(found.values())
        if left:
            self.stdout.write(
                _("Time is up: %(count)d addresses are left for the next run.") % {"count": left}
            )


def in_turn(links, delay, deadline):
    """Yield links until the deadline, with ``delay`` seconds between two of one server.

    While one server rests the others are visited.
    """
    queues = defaultdict(deque)
    for link in links:
        queues[urlsplit(link.address).hostname].append(link)
    ready = dict.fromkeys(queues, 0.0)
    while queues:
        host = min(queues, key=ready.get)
        now = time.monotonic()
        if max(now, ready[host]) >= deadline:
            return
        time.sleep(max(0, ready[host] - now))
        yield queues[host].popleft()
        ready[host] = time.monotonic() + delay
        if not queues[host]:
            del queues[host]
