"""Health checks for load balancers and monitoring: liveness and readiness."""

from contextlib import closing

from django.conf import settings
from django.db import Error
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from futureind.core.disk import disk
from futureind.pagecache.cache import PAGE_CACHE
from futureind.pagecache.version import VersionReader
from futureind.publishing.models.schedules import Schedule


@never_cache
def healthz(request):
    """Answer that the process is alive, whatever may be the matter with what it uses."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
def readyz(request):
    """Tell how well this process can serve.

    ``ok``: everything; ``degraded``: the database is away and readers get the pages that are known,
    or a disk takes no more and readers get all, but nothing can be saved, or what is scheduled is
    not done, for no worker runs; still with status 200, because a balancer that took out every
    process would take the readers' pages away too; ``down``, with status 503: nothing.
    """
    cache = request.META.get(PAGE_CACHE)
    is_readable = database_is_readable(cache)
    pages = len(cache.pages) if cache else 0
    disks = disk.state()
    schedule = state_of_schedule() if is_readable else "unknown"
    if is_readable:
        status = "ok" if {*disks.values(), schedule} == {"ok"} else "degraded"
    else:
        status = "degraded" if pages else "down"
    body = {
        "status": status,
        "database": "ok" if is_readable else "away",
        "disk": disks,
        "schedule": schedule,
        "page_cache": {"pages": pages, "bytes": cache.pages.size if cache else 0},
    }
    return JsonResponse(body, status=503 if status == "down" else 200)


def database_is_readable(cache):
    # As the cache reads it, which never waits for long.
    if cache:
        return cache.versions.read() is not None
    with closing(VersionReader(settings.DATABASES["default"])) as versions:
        return versions.read() is not None


def state_of_schedule():
    """Return "overdue" where scheduled moves wait for a worker in vain, "ok" or "unknown"."""
    try:
        return "overdue" if Schedule.objects.overdue().exists() else "ok"
    except Error:
        return "unknown"
