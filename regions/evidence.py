"""How much of the record has evidence to show, for the home page and the page of coverage."""

from django.utils.translation import gettext as _

from catalog.models import PolicyDocument, Target
from futureind.publishing.models.sources import SourceKind
from regions.models import Track

OFFICIAL = [SourceKind.OFFICIAL, SourceKind.LAW_DATABASE]


def evidence_of_record():
    """Return how many documents, tracks and targets have what to show, a dictionary for each."""
    return [
        evidence(_("Policy documents"), "document-list", PolicyDocument.objects.public(), False),
        evidence(_("Tracks"), "track-list", Track.objects.public(), True),
        evidence(_("Targets"), "target-list", Target.objects.public(), True),
    ]


def evidence(label, list_name, records, has_locator):
    """Return how many of the records have a public link, an official source and a locator."""
    return {
        "label": label,
        "list_name": list_name,
        "total": records.count(),
        "linked": records.filter(sources__url__gt="").distinct().count(),
        "official": records.filter(sources__kind__in=OFFICIAL).distinct().count(),
        "located": records.exclude(locator="").count() if has_locator else None,
    }
