"""Two to four regions, or plans, side by side: what they share, and what only one of them has.

Numbers come from the sets of tracks of the list of tracks, so they agree with every other page. A
province stands without its cities.
"""

from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import F

from catalog.models import (
    DocumentRelation,
    IndustryField,
    PolicyDocument,
    Region,
    SymbolicProduct,
    Target,
    Technology,
)
from regions.analysis.similarity import Similarity, similarity
from regions.counts import Standing, standings
from regions.filters import track_filter
from regions.models import (
    TIER_ORDER,
    RegionalPlan,
    Tier,
    Track,
)
from regions.naming import MAPPINGS, Namings

FEWEST, MOST = 2, 4
# Of each side: wordings shown in a cell, targets, documents. The linked lists hold the rest.
WORDINGS_SHOWN = {"field": 16, "technology": 4, "product": 4}
TARGETS_SHOWN, DOCUMENTS_SHOWN = 40, 12

CONCEPTS = {"field": IndustryField, "technology": Technology, "product": SymbolicProduct}


@dataclass
class Side:
    """One of those compared: a Region or a RegionalPlan, with its tracks as a set."""

    record: Region | RegionalPlan
    standing: Standing
    tracks: object
    tiers: dict[str, int] = field(default_factory=dict)
    technologies: frozenset = frozenset()
    plans: list[RegionalPlan] = field(default_factory=list)
    plan_count: int = 0
    documents: list[PolicyDocument] = field(default_factory=list)
    document_count: int = 0
    targets: list[Target] = field(default_factory=list)
    target_count: int = 0

    @property
    def is_plan(self):
        return isinstance(self.record, RegionalPlan)

    @property
    def region(self):
        return self.record.region if self.is_plan else self.record

    @property
    def name(self):
        return self.record.title if self.is_plan else self.record.name

    @property
    def track_count(self):
        return len(self.tracks)

    @property
    def reading(self):
        """How far it was read; a plan without tracks is on record no further than its title."""
        if self.is_plan and not self.track_count:
            return "not-recorded"
        return self.standing.reading


@dataclass
class Wordings:
    """What a side says of a concept: how many tracks, and the first of them with their mapping."""

    number: int
    shown: list = field(default_factory=list)
    # How many tracks name it or what is within it, as other pages count a technology.
    within: int = 0
    # Of the lists of these tracks, set by the page.
    address: str = ""
    address_within: str = ""

    @property
    def more(self):
        return self.number - len(self.shown)


@dataclass
class Concept:
    """A field, technology or product with what each side says of it, in the order of the sides."""

    record: object
    wordings: list[Wordings]

    @property
    def named_by(self):
        """The positions of the sides that name it."""
        return tuple(place for place, found in enumerate(self.wordings) if found.number)


@dataclass
class Comparison:
    """Everything that the page shows."""

    sides: list[Side]
    similarities: list[tuple[Side, Side, Similarity]]
    fields: list[Concept]
    # {"technology": [([Side, …] that name them, [Concept, …]), …], "product": …}
    groups: dict[str, list]
    # [(Unit or None, [targets of a side, …]), …], what several sides measure first
    targets: list[tuple]
    relations: dict[int, list[DocumentRelation]]

    @property
    def documents(self):
        """``(Side, document)`` of all sides, the oldest first, undated ones last."""
        pairs = [(side, document) for side in self.sides for document in side.documents]
        return sorted(pairs, key=lambda pair: (pair[1].date is None, pair[1].date, pair[1].pk))


def compare(records, filterset=None):
    """Return the Comparison of two to four regions, or of as many plans.

    Parameter: ``filterset``, the list of tracks under ``match`` and ``in_force_on``, all of it
    where None; on a day in force are plans, and so are documents and targets then.
    """
    filterset = filterset or track_filter()
    sides = [make_side(record, filterset) for record in records]
    read_beside(sides, filterset.form.cleaned_data.get("in_force_on"))
    concepts = {kind: concepts_of(sides, kind, filterset) for kind in CONCEPTS}
    for place, side in enumerate(sides):
        side.technologies = frozenset(
            concept.record.pk
            for concept in concepts["technology"]
            if concept.wordings[place].number
        )
    return Comparison(
        sides,
        [(a, b, similarity(a.technologies, b.technologies)) for a, b in combinations(sides, 2)],
        concepts["field"],
        {kind: by_who_names(sides, concepts[kind]) for kind in ("technology", "product")},
        by_unit(sides),
        relations_among(sides),
    )


def make_side(record, filterset):
    """Return the Side of a region or plan, without what stands beside its tracks."""
    name = "plan" if isinstance(record, RegionalPlan) else "region"
    results = filterset.results
    tracks = results.having(filterset.filters[name], [record.pk])
    tiers = {
        tier: len(tracks & results.having(filterset.filters["tier"], [tier])) for tier in TIER_ORDER
    }
    region = record.region if name == "plan" else record
    standing = Standing(region, len(tracks), 0, None)
    return Side(record, standing, tracks, {Tier(t).label: n for t, n in tiers.items() if n})


def read_beside(sides, day):
    """Add to the sides what is on record of their regions, and their plans, documents, targets.

    Parameter: ``day`` on which they are in force, None for all.
    """
    found = {standing.region.pk: standing for standing in standings(with_cities=False)}
    for side in sides:
        side.standing = found[side.region.pk]
        plans = RegionalPlan.objects.public().select_related("document", "region")
        documents = PolicyDocument.objects.public()
        targets = Target.objects.public()
        if side.is_plan:
            plans = plans.filter(pk=side.record.pk)
            documents = documents.filter(pk=side.record.document_id)
            targets = targets.filter(document=side.record.document_id)
        else:
            plans = plans.filter(region=side.region)
            documents = documents.filter(region=side.region)
            targets = targets.filter(document__region=side.region)
        if day:
            plans, documents, targets = (
                records.in_force_on(day) for records in (plans, documents, targets)
            )
        side.plans = list(plans[:1])
        side.plan_count = plans.count()
        side.document_count = documents.count()
        side.documents = list(documents.prefetch_related("issuer_rows__agency")[:DOCUMENTS_SHOWN])
        side.target_count = targets.count()
        ordered = targets.order_by(
            "kind", F("due_date").asc(nulls_last=True), "document_id", "order", "id"
        )
        side.targets = list(
            ordered.with_verdict().select_related("unit__base_unit", "document")[:TARGETS_SHOWN]
        )


def concepts_of(sides, kind, filterset):
    """Return the Concepts of a kind that at least one side names, in the vocabulary's own order."""
    model, mapping_model = CONCEPTS[kind], MAPPINGS[kind]
    facet, results = filterset.filters[kind], filterset.results
    with_within = Namings(filterset).of_things(kind)
    numbers, shown = {}, set()
    for key, naming in Namings(filterset, alone=True).of_things(kind).items():
        for place, side in enumerate(sides):
            within = len(side.tracks & with_within[key])
            if within:
                tracks = side.tracks & naming
                first = results.first(tracks, WORDINGS_SHOWN[kind])
                numbers[key, place] = (len(tracks), first, within)
                shown.update(first)
    mappings = mappings_of(mapping_model, kind, shown, facet)
    records = model.objects.public().in_bulk([choice.key for choice in facet.choices])
    found = []
    for choice in facet.choices:
        wordings = []
        for place in range(len(sides)):
            number, first, within = numbers.get((choice.key, place), (0, (), 0))
            lines = [mappings[pk, choice.key] for pk in first if (pk, choice.key) in mappings]
            wordings.append(Wordings(number, lines, within))
        if any(line.number for line in wordings) and choice.key in records:
            found.append(Concept(records[choice.key], wordings))
    return found


def mappings_of(mapping_model, kind, tracks, facet):
    """Return ``{(track pk, key): mapping with its track}`` of the mappings that numbers count."""
    condition = {} if kind == "field" else {"match__in": facet.matches}
    rows = mapping_model.objects.filter(track__in=tracks, **condition)
    columns = ("slug", "name_en", "name_zh", "tier", "confidence")
    track_of = Track.objects.only(*columns).in_bulk(tracks)
    found = {}
    for row in rows:
        row.track = track_of[row.track_id]
        found[row.track_id, getattr(row, f"{kind}_id")] = row
    return found


def by_who_names(sides, concepts):
    """Return ``[(sides that name them, concepts), …]``: first what all share."""
    groups = {}
    for concept in concepts:
        groups.setdefault(concept.named_by, []).append(concept)
    ordered = sorted(groups, key=lambda places: (-len(places), places))
    return [([sides[place] for place in places], groups[places]) for places in ordered]


def by_unit(sides):
    """Return ``[(base unit or None, [targets of each side]), …]``; those without one come last.

    Targets stand together where they are counted in the same unit, and in no order of amount:
    what is measured and how it is qualified differs from text to text.
    """
    groups = {}
    for place, side in enumerate(sides):
        for target in side.targets:
            has_unit = target.value is not None and target.unit
            unit = (target.unit.base_unit or target.unit) if has_unit else None
            key = unit.slug if unit else ""
            _unit, cells = groups.setdefault(key, (unit, [[] for _side in sides]))
            cells[place].append(target)

    def rank(group):
        unit, cells = group
        return (unit is None, -sum(map(bool, cells)), unit.slug if unit else "")

    return sorted(groups.values(), key=rank)


def relations_among(sides):
    """Return ``{document pk: its relations to public documents}``."""
    documents = [document.pk for side in sides for document in side.documents]
    rows = DocumentRelation.objects.filter(from_document__in=documents)
    found = {}
    for row in rows.select_related("to_document"):
        if row.to_document.is_public:
            found.setdefault(row.from_document_id, []).append(row)
    return found
