"""Do the jobs that wait."""

import os
import secrets
import signal
import socket
import time

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from futureind.jobs import work
from futureind.jobs.chores import CHORES, FOR_PAUSES, PAUSE, Rounds, do_all
from futureind.jobs.models import Job


class Command(BaseCommand):
    """Claim waiting jobs one by one and do them, until asked to end (SIGTERM, SIGINT).

    What is scheduled is done at its time meanwhile.

    Any number may run at a time, on any machine that reaches the database: a job is done by one of
    them. A job whose worker was killed is claimed again a minute later.
    """

    help = "Do the jobs that wait, such as imports, and what is scheduled."

    def add_arguments(self, parser):
        parser.add_argument(
            "--once", action="store_true", help="end as soon as no job waits any more"
        )
        parser.add_argument(
            "--with-parent", action="store_true", help="end as soon as the parent process has ended"
        )

    def handle(self, *args, **options):
        self.is_working = self.is_to_end = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end)
        parent = os.getppid() if options["with_parent"] else None
        worker = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        rounds = Rounds()
        if options["once"]:
            do_all(CHORES)
        else:
            rounds.start()
        try:
            self.work(worker, parent, options["once"])
        finally:
            if rounds.is_alive():
                rounds.stop()

    def work(self, worker, parent, once):
        """Do jobs until asked to end, or ``parent`` has ended; ``once``, until none waits."""
        while not self.is_to_end and (parent is None or os.getppid() == parent):
            job = self.claim(worker)
            if job is not None:
                self.do(job)
                continue
            self.use_pause()
            if once:
                return
            time.sleep(PAUSE)

    def claim(self, worker):
        try:
            return Job.objects.claim(worker)
        except (OperationalError, InterfaceError) as error:
            # A database that restarts is waited for; the connection is made anew.
            self.stderr.write(str(error))
            connection.close()
            return None

    def use_pause(self):
        """Do what is done when no job waits, until asked to end."""
        self.is_working = True
        try:
            do_all(FOR_PAUSES)
        except work.WorkerStops:
            self.is_to_end = True
        finally:
            self.is_working = False

    def do(self, job):
        self.is_working = True
        try:
            work.do(job)
        except work.WorkerStops:
            self.is_to_end = True
        finally:
            self.is_working = False

    def end(self, number, frame):
        self.is_to_end = True
        if self.is_working:
            self.is_working = False
            raise work.WorkerStops
