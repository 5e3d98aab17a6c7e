"""Prints what the pages of analysis cost uncached beside a list of tracks, as JSON.

Processor time of a page in this process, the list and the page in turn.

Usage: python -m benchmarks.analysis
"""

import json
import statistics
import time

from django.db.models import Count
from django.test import Client

import benchmarks.django_setup  # noqa: F401
from catalog.models import PolicyDocument, Region
from regions.models import Track

ROUNDS = 5
LIST = "/en/tracks/"


def pages():
    """Return ``{what is measured: address}``, of the regions with most tracks and the like."""
    regions = Region.objects.public().annotate(n=Count("plans__tracks")).order_by("-n", "slug")
    first, second = regions.values_list("slug", flat=True)[:2]
    national = PolicyDocument.objects.public().filter(region__isnull=True)
    followed = national.annotate(n=Count("relations_to")).order_by("-n", "slug").first()
    return {
        "home": "/en/",
        "matrix by field": "/en/matrix/",
        "matrix by technology": "/en/matrix/?columns=technologies",
        "compare two regions": f"/en/compare/?region={first}&region={second}",
        "diffusion of a technology": "/en/diffusion/?technology=quantum-computing",
        "first movers": "/en/diffusion/",
        "gaps of a region": f"/en/gaps/?region={first}",
        "cascade": f"/en/documents/{followed.slug}/cascade/",
        "targets": "/en/targets/",
        "timeline": "/en/timeline/",
        "indicators": "/en/indicators/",
        "changes": "/en/changes/",
        "region": f"/en/regions/{first}/",
        "technology": "/en/technologies/quantum-computing/",
    }


def cost(client, address):
    start = time.process_time()
    answer = client.get(address, headers={"host": "localhost"})
    spent = time.process_time() - start
    return spent, answer.status_code


def measure():
    """Return ``{page: {"seconds", "lists", "status"}}``: ``lists``, how many lists it costs."""
    client, found = Client(), {}
    for name, address in pages().items():
        _seconds, status = cost(client, address)
        cost(client, LIST)
        seconds, lists = [], []
        for _ in range(ROUNDS):
            seconds.append(cost(client, address)[0])
            lists.append(seconds[-1] / cost(client, LIST)[0])
        found[name] = {
            "seconds": statistics.median(seconds),
            "lists": statistics.median(lists),
            "status": status,
        }
    return found


if __name__ == "__main__":
    print(json.dumps({"tracks": Track.objects.public().count(), "pages": measure()}))
