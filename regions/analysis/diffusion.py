"""How a technology, product or field spread: who named it first, and when each region followed.

A region names a thing in the plans whose tracks do, as :mod:`regions.naming` says; the nation in
the documents that are tied to it by the text or an analyst. A text without a date, or out for
consultation, cannot be placed in time.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from operator import or_

from django.http import QueryDict

from catalog.facets import NATIONAL
from catalog.filters import PolicyDocumentFilter
from catalog.models import PolicyDocument, Region
from catalog.models.mappings import COUNTED_MATCHES, Basis
from futureind.browse.kept_records import public_records
from regions.filters import track_filter
from regions.models import Track, TrackProductMapping, TrackTechnologyMapping
from regions.naming import MAPPINGS, PLACED, Namings

# Of national texts, and of texts without a place in time; the list of documents holds the rest.
NATIONAL_SHOWN, UNPLACED_SHOWN = 40, 100
WORDINGS_SHOWN = 3


@dataclass(frozen=True)
class Scope:
    """Which texts count: by the matches of their tracks (empty: the counted ones), in force on."""

    matches: tuple = ()
    day: date | None = None

    def asked(self):
        """Return the parameters of a list that leave the texts in force."""
        return {"in_force_on": [self.day.isoformat()]} if self.day else {}

    def asked_of_tracks(self):
        """Return the parameters of the list of tracks that leave those that count."""
        return self.asked() | ({"match": self.matches} if self.matches else {})


ALL = Scope()


class Texts:
    """The tracks of plans, and the national documents, of a scope.

    Parameter: ``placed``, whether only those with a place in time.
    """

    def __init__(self, scope, *, placed):
        asked = scope.asked() | (PLACED if placed else {})
        self.plans = Namings(track_filter(scope.asked_of_tracks() | asked))
        query = QueryDict(mutable=True)
        for name, values in {**asked, "region": [NATIONAL], "basis": ENTERED}.items():
            query.setlist(name, values)
        self.nation = PolicyDocumentFilter(query, PolicyDocument.objects.public())
        self.nation.stamp = self.plans.filterset.stamp
        self.nation.is_valid()

    @cached_property
    def of_regions(self):
        """The tracks of all public regions."""
        nothing = self.plans.results.among([])
        return reduce(or_, self.plans.of_region.values(), nothing)

    def regional(self, kind, keys):
        """Return the tracks of regions that name a thing."""
        found = self.plans.results.having(self.plans.filterset.filters[kind], keys)
        return found & self.of_regions

    def national(self, kind, keys):
        """Return the national documents that name a thing."""
        return self.nation.results.having(self.nation.filters[kind], keys)


# On whose word a national document names a thing.
ENTERED = [Basis.STATED.value, Basis.ANALYST.value]


@dataclass(frozen=True)
class NamingText:
    """A text that names the thing, as far as its place in time needs it."""

    document: int
    plan: int | None
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

    @property
    def track(self):
        """The key of the first track that names it, None without one."""
        return self.wordings[0].track_id if self.wordings else None


@dataclass
class Diffusion:
    """Everything that the page shows of one thing.

    ``regions`` name it, ``undated`` of them in no text with a place in time.
    """

    firsts: list[PolicyDocument]
    first_national: PolicyDocument | None
    national: list[PolicyDocument]
    national_count: int
    regions: int
    undated: list[Region]
    steps: list[Step]
    unplaced: list[PolicyDocument] = field(default_factory=list)
    unplaced_count: int = 0

    @property
    def leaders(self):
        """The regions that named it before the first national text was made public."""
        return [step for step in self.steps if step.lag is None or step.lag < 0]


DATES = ("date", "issued_date", "published_date")


def namings_of(kind, keys, texts):
    """Return the NamingText that came first in each region and all national ones, the oldest first.

    On one day a national text stands first.
    """
    tracks = texts.regional(kind, keys)
    results = texts.plans.results
    first = []
    for own in texts.plans.of_region.values():
        theirs = own & tracks
        first += results.first(theirs, 1, upwards=True) if len(theirs) else []
    of_plans = Track.objects.filter(pk__in=first).values_list(
        "plan__document", "plan", "plan__region", *(f"plan__document__{name}" for name in DATES)
    )
    pks = texts.nation.results.first(texts.national(kind, keys))
    nation = PolicyDocument.objects.filter(pk__in=pks).values_list("pk", *DATES)
    found = [
        NamingText(document, plan, region, day, public or issued)
        for document, plan, region, day, issued, public in [
            *of_plans,
            *((pk, None, None, *dates) for pk, *dates in nation),
        ]
    ]
    found.sort(key=lambda naming: (naming.day, not naming.is_national, -naming.document))
    return found


def unplaced_documents(kind, keys, scope):
    """Return documents that name a thing and cannot be placed, by region; and their number."""
    scope = replace(scope, day=None)
    everything, placed = Texts(scope, placed=False), Texts(scope, placed=True)
    tracks = everything.regional(kind, keys) - placed.regional(kind, keys)
    nation = everything.national(kind, keys) - placed.national(kind, keys)
    tracks = Track.objects.filter(pk__in=everything.plans.results.first(tracks))
    of_plans = tracks.order_by("plan__document").values_list("plan__document", flat=True)
    # A national text may hold the plan of a region.
    pks = list(dict.fromkeys([*everything.nation.results.first(nation), *of_plans]))
    documents = PolicyDocument.objects.filter(pk__in=pks[:UNPLACED_SHOWN])
    return list(documents.select_related("region").order_by("region__code", "pk")), len(pks)


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
    named_by = Texts(scope, placed=False)
    named_by = named_by.plans.by_region(named_by.regional(kind, keys))
    namings = namings_of(kind, keys, Texts(scope, placed=True))
    followed = {naming.region: naming for naming in namings if not naming.is_national}
    nationals = [naming for naming in namings if naming.is_national]
    in_public = sorted(nationals, key=lambda naming: (naming.announced, naming.document))
    firsts = [naming for naming in namings if naming.day == namings[0].day]
    around = {region: neighbours(naming.day, in_public) for region, naming in followed.items()}
    documents = documents_of(
        [*firsts, *nationals[:NATIONAL_SHOWN], *followed.values()]
        + [naming for pair in around.values() for naming in pair if naming]
    )
    regions = public_records(Region)
    wordings = wordings_in(kind, keys, [naming.plan for naming in followed.values()], scope)
    first_national = nationals[0] if nationals else None
    steps = []
    for number, (region, naming) in enumerate(followed.items(), 1):
        before, after = around[region]
        steps.append(
            Step(
                regions[region],
                documents[naming.document],
                number,
                (naming.day - first_national.announced).days if first_national else None,
                documents[before.document] if before else None,
                documents[after.document] if after else None,
                wordings.get(naming.plan, ()),
            )
        )
    return Diffusion(
        [documents[naming.document] for naming in firsts],
        documents[first_national.document] if first_national else None,
        [documents[naming.document] for naming in nationals[:NATIONAL_SHOWN]],
        len(nationals),
        len(named_by),
        [region for pk, region in regions.items() if pk in named_by and pk not in followed],
        steps,
        *unplaced_documents(kind, keys, scope),
    )


def documents_of(namings):
    pks = {naming.document for naming in namings}
    return PolicyDocument.objects.select_related("region").in_bulk(pks)


def asked_matches(kind, matches):
    """Return the condition on mapping rows of a kind that a match is asked of.

    A track in a field is meant by any of its technologies and products, as in the list of tracks.
    """
    if kind != "field":
        return {"match__in": matches}
    matching = [
        mappings.objects.filter(match__in=matches).order_by().values("track")
        for mappings in (TrackTechnologyMapping, TrackProductMapping)
    ]
    return {"track__in": matching[0].union(matching[1])}


def wordings_in(kind, keys, plans, scope):
    """Return ``{plan pk: the first mappings of its tracks to the thing}``."""
    matches = scope.matches or (() if kind == "field" else COUNTED_MATCHES)
    condition = asked_matches(kind, matches) if matches else {}
    rows = (
        MAPPINGS[kind]
        .objects.filter(**{f"{kind}__in": keys}, **condition, track__plan__in=plans)
        .select_related("track")
        .order_by("track__plan_id", "track__order", "track_id")
    )
    found = {}
    for row in rows:
        lines = found.setdefault(row.track.plan_id, [])
        if len(lines) < WORDINGS_SHOWN and row.track not in [line.track for line in lines]:
            lines.append(row)
    return found
