"""How much of the record has evidence to show, for the home page and the page of coverage."""

from functools import lru_cache

from django.utils.translation import gettext as _

from catalog.models import PolicyDocument, Target
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.sources import SourceKind
from regions.models import Track

OFFICIAL = [SourceKind.OFFICIAL, SourceKind.LAW_DATABASE]


def evidence_of_record():
    """Return how many documents, tracks and targets have what to show, a dictionary for each."""
    documents, tracks, targets = numbers_at(ContentVersion.stamp())
    return [
        {"label": _("Policy documents"), "list_name": "document-list", **documents},
        {"label": _("Tracks"), "list_name": "track-list", **tracks},
        {"label": _("Targets"), "list_name": "target-list", **targets},
    ]


@lru_cache(maxsize=4)
def numbers_at(stamp):
    """Return the numbers at a state of the content."""
    return (
        evidence(PolicyDocument.objects.public(), has_locator=False),
        evidence(Track.objects.public(), has_locator=True),
        evidence(Target.objects.public(), has_locator=True),
    )


def evidence(records, *, has_locator):
    """Return how many of the records have a public link, an official source and a locator."""
    return {
        "total": records.count(),
        "linked": records.filter(sources__url__gt="").distinct().count(),
        "official": records.filter(sources__kind__in=OFFICIAL).distinct().count(),
        "located": records.exclude(locator="").count() if has_locator else None,
    }
