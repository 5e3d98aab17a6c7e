"""How much of the record has evidence to show, for the home page and the page of coverage."""

from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import PolicyDocument, Target
from futureind.browse.evidence_tally import tally_of
from futureind.publishing.evidence import EvidenceGrade
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.passages import NOT_LOCATED
from regions.models import Track

READ = (EvidenceGrade.OFFICIAL, EvidenceGrade.REPRINT)


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
        evidence(PolicyDocument, stamp, {"quoted": ~Q(passages=None)}),
        evidence(Track, stamp, PASSAGE),
        evidence(Target, stamp, PASSAGE),
    )


# Which claims have words, and which a place in the text.
PASSAGE = {"quoted": ~Q(quotation=""), "located": ~NOT_LOCATED}


def evidence(model, stamp, passages):
    """Return how many public records there are, of which evidence grade, and with what words."""
    tally, records = tally_of(model, stamp=stamp), model.objects.public()
    return {
        "total": sum(tally.counts.values()),
        "grades": [(grade, tally.counts[grade]) for grade in EvidenceGrade],
        "read": sum(tally.counts[grade] for grade in READ),
        "linked": records.filter(sources__url__gt="").distinct().count(),
        "located": None,
        **{name: records.filter(condition).count() for name, condition in passages.items()},
    }
