"""How a technology, product or field spread: who named it first, and when each region followed.

A text names a thing where it is mapped to it; a regional text also where one of its plan's tracks
is, as exact, broader or narrower unless a Scope asks for others. Texts without a date, or out for
consultation, cannot be placed.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
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
from catalog.models.mappings import COUNTED_MATCHES, Basis
from futureind.browse.filters import EARLIEST
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.records import PublicationState
from regions.models import TrackProductMapping, TrackTechnologyMapping
from regions.naming import MAPPINGS

# Of national texts, and of texts without a place in time; the list of documents holds the rest.
NATIONAL_SHOWN, UNPLACED_SHOWN = 40, 100
WORDINGS_SHOWN = 3


@dataclass(frozen=True)
class Scope:
    """Which texts count: by the matches of their tracks (empty: the counted ones), in force on."""

    matches: tuple = ()
    day: date | None = None


ALL = Scope()


@dataclass(frozen=True)
class NamingText:
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


def in_time(scope):
    """Return the parameters of the documents in scope that have a place in time."""
    settled = [("status", status) for status in LegalStatus if status != LegalStatus.CONSULTATION]
    asked = [*settled, ("issued_after", EARLIEST.isoformat())]
    if scope.day:
        asked.append(("in_force_on", scope.day.isoformat()))
    return urlencode(asked)


class NamingTexts:
    """Which documents of a list name which things of a kind, under the matches of a Scope.

    A document's tags hold what tracks name it by in counted matches. Where others are asked for,
    those tags are left aside and the tracks themselves are read.
    """

    def __init__(self, kind, query, scope, keys=None):
        self.filterset = all_documents(query)
        self.facet = self.filterset.filters[kind]
        self.results = self.filterset.results
        self.own = None
        if scope.matches:
            bases = urlencode([("basis", Basis.STATED), ("basis", Basis.ANALYST)])
            self.own = all_documents(f"{query}&{bases}")
            self.by_tracks = documents_by_tracks(kind, scope.matches, keys)

    def having(self, keys):
        """Return the documents that name a thing, as a set of the results."""
        if self.own is None:
            return self.results.having(self.facet, keys)
        by_tracks = set().union(*(self.by_tracks.get(key, ()) for key in keys))
        stated = self.own.results.having(self.own.filters[self.facet.name], keys)
        return stated | self.results.among(by_tracks)


def documents_by_tracks(kind, matches, keys=None):
    """Return ``{key: documents whose plan has a track of it in these matches}``.

    A track in a field is meant by any of its technologies and products, as in the list of tracks.
    """
    rows = MAPPINGS[kind].objects.filter(
        track__plan__publication_state=PublicationState.PUBLISHED, **asked_matches(kind, matches)
    )
    if keys is not None:
        rows = rows.filter(**{f"{kind}__in": keys})
    found = {}
    for key, document in rows.order_by().values_list(f"{kind}_id", "track__plan__document"):
        found.setdefault(key, set()).add(document)
    return found


def asked_matches(kind, matches):
    if kind != "field":
        return {"match__in": matches}
    matching = [
        mappings.objects.filter(match__in=matches).order_by().values("track")
        for mappings in (TrackTechnologyMapping, TrackProductMapping)
    ]
    return {"track__in": matching[0].union(matching[1])}


def namings_of(kind, keys, scope):
    """Return the NamingText that came first in each region and all national ones, the oldest first.

    On one day a national text stands first. Also returns how many placeable texts name the thing.
    """
    texts = NamingTexts(kind, in_time(scope), scope, keys)
    results, region_facet = texts.results, texts.filterset.filters["region"]
    naming = texts.having(keys)
    pks = results.first(naming & results.having(region_facet, [None]))
    for choice in region_facet.choices:
        if choice.key:
            theirs = naming & results.having(region_facet, [choice.key])
            pks += results.first(theirs, 1, upwards=True) if len(theirs) else []
    rows = PolicyDocument.objects.filter(pk__in=pks).values_list(
        "pk", "region", "date", "issued_date", "published_date"
    )
    found = [
        NamingText(pk, region, day, public or issued) for pk, region, day, issued, public in rows
    ]
    found.sort(key=lambda naming: (naming.day, not naming.is_national, -naming.pk))
    return found, len(naming)


def unplaced_documents(kind, keys, scope):
    """Return documents that name a thing and cannot be placed, by region; and their number."""
    scope = replace(scope, day=None)
    everything = NamingTexts(kind, "", scope, keys)
    placed = NamingTexts(kind, in_time(scope), scope, keys)
    unplaced = everything.having(keys) - placed.having(keys)
    shown = everything.results.first(unplaced, UNPLACED_SHOWN)
    documents = PolicyDocument.objects.filter(pk__in=shown).select_related("region")
    return list(documents.order_by("region__code", "pk")), len(unplaced)


def first_by_region(namings):
    """Return ``{region pk: the NamingText that came first}``, as the regions followed."""
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


def diffusion_of(kind, keys, scope=ALL):
    """Return the Diffusion of a technology, product or field.

    Parameters: ``kind``, a key of MAPPINGS; ``keys``, the primary keys that count as the thing;
    ``scope``, which texts count.
    """
    namings, document_count = namings_of(kind, keys, scope)
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
    wordings = wordings_in(kind, keys, [naming.pk for naming in followed.values()], scope)
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
        *unplaced_documents(kind, keys, scope),
        document_count,
    )


def documents_of(namings):
    pks = {naming.pk for naming in namings}
    return PolicyDocument.objects.select_related("region").in_bulk(pks)


def wordings_in(kind, keys, documents, scope):
    """Return ``{document pk: the first mappings of its tracks to the thing}``."""
    mapping_model = MAPPINGS[kind]
    matches = scope.matches or (() if kind == "field" else COUNTED_MATCHES)
    condition = asked_matches(kind, matches) if matches else {}
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


def first_movers(scope=ALL):
    """Return a FirstMover for every technology that a dated text in scope names.

    A technology includes those within it.
    """
    firsts = firsts_at(ContentVersion.stamp(), scope)
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


@lru_cache(maxsize=4)
def firsts_at(stamp, scope):
    """Return what :func:`first_movers` needs, worked out once for each state of the content.

    ``[(technology pk, (first national document pk or None, first regional one), number of
    regions), …]``.
    """
    texts = NamingTexts("technology", in_time(scope), scope)
    results, filters = texts.results, texts.filterset.filters
    regions = {
        choice.key: results.having(filters["region"], [choice.key])
        for choice in filters["region"].choices
    }
    national = regions.pop(None)
    covered = filters["technology"].keys_by_value()
    found = []
    for choice in filters["technology"].choices:
        naming = texts.having(covered[choice.value])
        parts = (naming & national, naming - national)
        pks = tuple(
            results.first(part, 1, upwards=True)[0] if len(part) else None for part in parts
        )
        if any(pks):
            number = sum(1 for theirs in regions.values() if len(naming & theirs))
            found.append((choice.key, pks, number))
    return found
