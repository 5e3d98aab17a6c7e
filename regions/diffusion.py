"""How a technology, product or field spread: who named it first, and when each region followed.

A text names a thing where it is mapped to it; a regional text also where one of its plan's tracks
is, as exact, broader or narrower. Texts without a date, or out for consultation, cannot be placed.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q

from catalog.models import (
    DocumentFieldMapping,
    DocumentProductMapping,
    DocumentTechnologyMapping,
    PolicyDocument,
    Region,
    Technology,
)
from catalog.models.documents import LegalStatus
from catalog.models.mappings import COUNTED_MATCHES
from futureind.publishing.history import ContentVersion
from futureind.publishing.records import PublicationState
from regions.models import TrackFieldMapping, TrackProductMapping, TrackTechnologyMapping

MAPPINGS = {
    "technology": (DocumentTechnologyMapping, TrackTechnologyMapping),
    "product": (DocumentProductMapping, TrackProductMapping),
    "field": (DocumentFieldMapping, TrackFieldMapping),
}
PLACEABLE = Q(date__isnull=False) & ~Q(legal_status=LegalStatus.CONSULTATION)
# National texts that the page lists; the list of documents holds the rest.
NATIONAL_SHOWN = 40
WORDINGS_SHOWN = 3


@dataclass(frozen=True)
class Naming:
    """A text that names the thing, as far as its place in time needs it."""

    pk: int
    region: int | None
    day: date
    announced: date

    @property
    def is_national(self):
        return self.region is None


@dataclass
class Step:
    """The first naming by a region: the text, its place among all, and its neighbours in time."""

    region: Region
    document: PolicyDocument
    number: int
    # Days from the publication of the first national text; negative where the region led.
    lag: int | None
    before: PolicyDocument | None = None
    after: PolicyDocument | None = None
    wordings: tuple = ()


@dataclass
class Diffusion:
    """Everything that the page shows of one thing."""

    firsts: list[PolicyDocument]
    first_national: PolicyDocument | None
    national: list[PolicyDocument]
    national_count: int
    steps: list[Step]
    unplaced: list[PolicyDocument]
    document_count: int

    @property
    def leaders(self):
        """The regions that named it before the first national text was made public."""
        return [step for step in self.steps if step.lag is None or step.lag < 0]


def naming_documents(kind, keys):
    """Return the public documents that are mapped to one of the keys, each once."""
    mapping_model, _of_tracks = MAPPINGS[kind]
    rows = mapping_model.objects.filter(**{f"{kind}__in": keys})
    return PolicyDocument.objects.public().filter(pk__in=rows.values("document"))


def namings_of(kind, keys):
    """Return the Namings of a thing, the oldest first; on one day a national text stands first."""
    rows = (
        naming_documents(kind, keys)
        .filter(PLACEABLE)
        .values_list("pk", "region", "date", "issued_date", "published_date")
    )
    found = [Naming(pk, region, day, public or issued) for pk, region, day, issued, public in rows]
    return sorted(found, key=lambda naming: (naming.day, not naming.is_national, naming.pk))


def first_by_region(namings):
    """Return ``{region pk: its first Naming}`` in the order in which the regions followed."""
    found = {}
    for naming in namings:
        if not naming.is_national:
            found.setdefault(naming.region, naming)
    return found


def neighbours(day, nationals):
    """Return the national Namings around a day: the last one public by it, the first one after.

    Parameter: ``nationals``, in the order in which they were made public.
    """
    days = [naming.announced for naming in nationals]
    before, after = bisect_right(days, day), bisect_left(days, day)
    after = max(before, after)
    return (
        nationals[before - 1] if before else None,
        nationals[after] if after < len(nationals) else None,
    )


def diffusion_of(kind, keys):
    """Return the Diffusion of a technology, product or field.

    Parameters: ``kind``, a key of MAPPINGS; ``keys``, the primary keys that count as the thing.
    """
    namings = namings_of(kind, keys)
    followed = first_by_region(namings)
    nationals = [naming for naming in namings if naming.is_national]
    in_public = sorted(nationals, key=lambda naming: (naming.announced, naming.pk))
    firsts = [naming for naming in namings if naming.day == namings[0].day]
    around = {region: neighbours(naming.day, in_public) for region, naming in followed.items()}
    documents = documents_of(
        [*firsts, *nationals[:NATIONAL_SHOWN], *followed.values()]
        + [naming for pair in around.values() for naming in pair if naming]
    )
    regions = Region.objects.public().in_bulk(list(followed))
    wordings = wordings_in(kind, keys, [naming.pk for naming in followed.values()])
    first_national = nationals[0] if nationals else None
    steps = []
    for number, (region, naming) in enumerate(followed.items(), 1):
        before, after = around[region]
        steps.append(
            Step(
                regions[region],
                documents[naming.pk],
                number,
                (naming.day - first_national.announced).days if first_national else None,
                documents[before.pk] if before else None,
                documents[after.pk] if after else None,
                wordings.get(naming.pk, ()),
            )
        )
    unplaced = naming_documents(kind, keys).exclude(PLACEABLE).select_related("region")
    return Diffusion(
        [documents[naming.pk] for naming in firsts],
        documents[first_national.pk] if first_national else None,
        [documents[naming.pk] for naming in nationals[:NATIONAL_SHOWN]],
        len(nationals),
        steps,
        list(unplaced.order_by("region__code", "pk")),
        len(namings),
    )


def documents_of(namings):
    pks = {naming.pk for naming in namings}
    return PolicyDocument.objects.select_related("region").in_bulk(pks)


def wordings_in(kind, keys, documents):
    """Return ``{document pk: the first mappings of its tracks to the thing}``."""
    _of_documents, mapping_model = MAPPINGS[kind]
    condition = {} if kind == "field" else {"match__in": COUNTED_MATCHES}
    rows = (
        mapping_model.objects.filter(
            **{f"{kind}__in": keys},
            **condition,
            track__plan__document__in=documents,
            track__plan__publication_state=PublicationState.PUBLISHED,
        )
        .select_related("track__plan")
        .order_by("track__plan_id", "track__order", "track_id")
    )
    found = {}
    for row in rows:
        lines = found.setdefault(row.track.plan.document_id, [])
        if len(lines) < WORDINGS_SHOWN and row.track not in [line.track for line in lines]:
            lines.append(row)
    return found


# All technologies at once


@dataclass
class FirstMover:
    """Who named a technology first, the nation or a region, and which region was first."""

    technology: Technology
    document: PolicyDocument
    region_document: PolicyDocument | None
    regions: int


def first_movers():
    """Return a FirstMover for every technology that a dated text names.

    A technology includes those within it.
    """
    firsts = firsts_at(ContentVersion.stamp())
    technologies = Technology.objects.public().in_bulk(list(firsts))
    wanted = set()
    for found in firsts.values():
        wanted.add(min(found.values())[-1])
        wanted.update(first[-1] for first in [first_region(found)] if first)
    documents = PolicyDocument.objects.select_related("region").in_bulk(wanted)
    movers = []
    for pk, found in firsts.items():
        region = first_region(found)
        movers.append(
            FirstMover(
                technologies[pk],
                documents[min(found.values())[-1]],
                documents[region[-1]] if region else None,
                len(found) - (None in found),
            )
        )
    return movers


def first_region(found):
    """Return the first naming by a region: ``(day, is regional, document pk)``, or None."""
    regional = [first for region, first in found.items() if region is not None]
    return min(regional) if regional else None


@lru_cache(maxsize=2)
def firsts_at(stamp):
    """Return ``{technology pk: {region pk or None: its first naming}}``.

    A naming is ``(day, is regional, document pk)``, so that the least is the first. What is within
    a technology names it, too.
    """
    parents = dict(Technology.objects.public().values_list("pk", "parent"))
    rows = (
        DocumentTechnologyMapping.objects.filter(
            document__in=PolicyDocument.objects.public().filter(PLACEABLE),
            technology__publication_state=PublicationState.PUBLISHED,
        )
        .order_by()
        .values_list("technology", "document__region", "document__date", "document")
    )
    firsts = {}
    for technology, region, day, document in rows.iterator(chunk_size=5000):
        naming = (day, region is not None, document)
        while technology in parents:
            found = firsts.setdefault(technology, {})
            if region not in found or naming < found[region]:
                found[region] = naming
            technology = parents[technology]
    return firsts
