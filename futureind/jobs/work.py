"""Doing jobs, and what happens when one ends in whatever way."""

import logging
import secrets

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import override

from futureind.jobs.kinds import KINDS
from futureind.jobs.models import Job, JobCancelled, JobLost, JobState

logger = logging.getLogger(__name__)


class WorkerStops(BaseException):
    """The worker was asked to end in the middle of a job."""


def do_now(job):
    """Do a small job in the request that asked for it, unless a worker was quicker."""
    claimed = Job.objects.claim(f"request:{secrets.token_hex(8)}", only=job.pk)
    if claimed is not None:
        do(claimed)


def do(job):
    """Do a claimed job to its end and write how it ended; never raises for what the job does."""
    try:
        with override(job.language):
            message = KINDS[job.kind].do(job)
    except JobCancelled:
        job.end(JobState.CANCELLED)
    except JobLost:
        logger.warning("Job %s is somebody else's now.", job.pk)
    except WorkerStops:
        job.give_back()
        raise
    except ValidationError as error:
        job.end(JobState.FAILED, " ".join(error.messages))
    except (OperationalError, InterfaceError):
        # The database is away or busy: this is nothing about the job, and it can be done again.
        logger.exception("Job %s is left for another attempt.", job.pk)
    except Exception:
        logger.exception("Job %s failed.", job.pk)
        with override(job.language):
            text = _("It ended with an error that is in the log of the site.")
        job.end(JobState.FAILED, text)
    else:
        job.end(JobState.DONE, message or "")
