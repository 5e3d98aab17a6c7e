"""How a technology, product or field spread: who named it first, and when each region followed.

A text names a thing where it is mapped to it; a regional text also where one of its plan's tracks
is, as exact, broader or narrower. Texts without a date, or out for consultation, cannot be placed.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict

from catalog.filters import PolicyDocumentFilter
from catalog.models import (
    PolicyDocument,
    Region,
    Technology,
)
from catalog.models.documents import LegalStatus
from catalog.models.mappings import COUNTED_MATCHES
from futureind.browse.filters import EARLIEST
from futureind.publishing.history import ContentVersion
from futureind.publishing.records import PublicationState
from regions.models import TrackFieldMapping, TrackProductMapping, TrackTechnologyMapping

MAPPINGS = {
    "technology": TrackTechnologyMapping,
    "product": TrackProductMapping,
    "field": TrackFieldMapping,
}
# Of national texts, and of texts without a place in time; the list of documents holds the rest.
NATIONAL_SHOWN, UNPLACED_SHOWN = 40, 100
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
    unplaced_count: int
    document_count: int

    @property
    def leaders(self):
        """The regions that named it before the first national text was made public."""
        return [step for step in self.steps if step.lag is None or step.lag < 0]


def all_documents(query=""):
    """Return the list of documents under the parameters of an address, as a valid filter."""
    filterset = PolicyDocumentFilter(QueryDict(query), PolicyDocument.objects.public())
    filterset.form.is_valid()
    return filterset


def placeable_documents():
    """Return the list of the documents that have a date and are not out for consultation."""
    settled = [("status", status) for status in LegalStatus if status != LegalStatus.CONSULTATION]
    return all_documents(urlencode([*settled, ("issued_after", EARLIEST.isoformat())]))


def namings_of(kind, keys):
    """Return the first Naming of each region and all national ones, the oldest first.

    On one day a national text stands first. Also returns how many placeable texts name the thing.
    """
    filterset = placeable_documents()
    results, region_facet = filterset.results, filterset.filters["region"]
    naming = results.having(filterset.filters[kind], keys)
    pks = results.first(naming & results.having(region_facet, [None]))
    for choice in region_facet.choices:
        if choice.key:
            theirs = naming & results.having(region_facet, [choice.key])
            pks += results.first(theirs, 1, upwards=True) if len(theirs) else []
    rows = PolicyDocument.objects.filter(pk__in=pks).values_list(
        "pk", "region", "date", "issued_date", "published_date"
    )
    found = [Naming(pk, region, day, public or issued) for pk, region, day, issued, public in rows]
    found.sort(key=lambda naming: (naming.day, not naming.is_national, -naming.pk))
    return found, len(naming)


def unplaced_documents(kind, keys):
    """Return documents that name a thing and cannot be placed, by region; and their number."""
    everything, placeable = all_documents(), placeable_documents()
    named = everything.results.having(everything.filters[kind], keys)
    known = placeable.results.having(placeable.filters[kind], keys)
    unplaced = named - known
    shown = everything.results.first(unplaced, UNPLACED_SHOWN)
    documents = PolicyDocument.objects.filter(pk__in=shown).select_related("region")
    return list(documents.order_by("region__code", "pk")), len(unplaced)


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
    namings, document_count = namings_of(kind, keys)
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
    return Diffusion(
        [documents[naming.pk] for naming in firsts],
        documents[first_national.pk] if first_national else None,
        [documents[naming.pk] for naming in nationals[:NATIONAL_SHOWN]],
        len(nationals),
        steps,
        *unplaced_documents(kind, keys),
        document_count,
    )


def documents_of(namings):
    pks = {naming.pk for naming in namings}
    return PolicyDocument.objects.select_related("region").in_bulk(pks)


def wordings_in(kind, keys, documents):
    """Return ``{document pk: the first mappings of its tracks to the thing}``."""
    mapping_model = MAPPINGS[kind]
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
    wanted = {pk for _technology, pks, _regions in firsts for pk in pks if pk}
    documents = PolicyDocument.objects.select_related("region").in_bulk(wanted)
    technologies = Technology.objects.public().in_bulk([found[0] for found in firsts])
    movers = []
    for technology, pks, regions in firsts:
        national, regional = (documents.get(pk) for pk in pks)
        # On one day the national text stands first.
        first = min(filter(None, (national, regional)), key=lambda document: document.date)
        movers.append(FirstMover(technologies[technology], first, regional, regions))
    return movers


@lru_cache(maxsize=2)
def firsts_at(stamp):
    """Return what :func:`first_movers` needs, worked out once for each state of the content.

    ``[(technology pk, (first national document pk or None, first regional one), number of
    regions), …]``.
    """
    filterset = placeable_documents()
    results, filters = filterset.results, filterset.filters
    regions = {
        choice.key: results.having(filters["region"], [choice.key])
        for choice in filters["region"].choices
    }
    national = regions.pop(None)
    covered = filters["technology"].keys_by_value()
    found = []
    for choice in filters["technology"].choices:
        naming = results.having(filters["technology"], covered[choice.value])
        parts = (naming & national, naming - national)
        pks = tuple(
            results.first(part, 1, upwards=True)[0] if len(part) else None for part in parts
        )
        if any(pks):
            number = sum(1 for theirs in regions.values() if len(naming & theirs))
            found.append((choice.key, pks, number))
    return found
