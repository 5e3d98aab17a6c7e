"""Two to four regions, or plans, side by side: what they share, and what only one of them has.

Numbers come from the sets of tracks of the list of tracks, so they agree with every other page. A
province stands without its cities.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from catalog.models import (
    IndustryField,
    SymbolicProduct,
    Technology,
    TechnologyFieldMapping,
)
from futureind.browse.kept_records import public_records
from futureind.publishing.models.records import PublicationState
from regions.analysis.sides import Side, make_side, read_beside
from regions.analysis.similarity import similarity
from regions.filters import track_filter
from regions.naming import Namings

FEWEST, MOST = 2, 4

CONCEPTS = {"field": IndustryField, "technology": Technology, "product": SymbolicProduct}


@dataclass
class Wordings:
    """What a side says of a concept: its tracks that name it, as a set."""

    tracks: object
    # How many tracks name it or what is within it, as other pages count a technology.
    within: int = 0
    # The first of them with their mappings, for files; the nearest of them, for the page.
    shown: list = field(default_factory=list)
    words: object = None
    # Of the lists of these tracks, set by the page.
    address: str = ""
    address_within: str = ""

    @property
    def number(self):
        return len(self.tracks)

    @property
    def more(self):
        """How many tracks stand behind the one whose words are shown."""
        return self.number - 1


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
class Group:
    """The concepts that the same sides name."""

    sides: list[Side]
    concepts: list[Concept]
    is_all: bool

    @property
    def only(self):
        """The one side that names them, None where several do."""
        return self.sides[0] if len(self.sides) == 1 else None


@dataclass
class Comparison:
    """What is side by side: the sides, and who names what."""

    filterset: object
    sides: list[Side]
    fields: list[Concept]
    # {"technology": [Group, …], "product": …}, first what all share
    groups: dict[str, list[Group]]

    @property
    def similarities(self):
        """``[(Side, Side, Similarity), …]`` of every two."""
        return [
            (a, b, similarity(a.technologies, b.technologies))
            for a, b in combinations(self.sides, 2)
        ]

    @property
    def technologies(self):
        return frozenset().union(*(side.technologies for side in self.sides))

    @property
    def shared(self):
        """The technologies that all sides name."""
        return frozenset.intersection(*(side.technologies for side in self.sides))

    @property
    def earlier(self):
        """How many of what all name each side was the first to name, in its order.

        Needs the words of the sides. Who has no date, or the same as another, is not first.
        """
        numbers = [0] * len(self.sides)
        for group in self.groups["technology"]:
            for concept in group.concepts if group.is_all else ():
                days = [wordings.words.first for wordings in concept.wordings]
                first = min(filter(None, days), default=None)
                if all(days) and days.count(first) == 1:
                    numbers[days.index(first)] += 1
        return numbers

    @cached_property
    def documents(self):
        """``(Side, document)`` of all sides, the oldest first, undated ones last."""
        pairs = [(side, document) for side in self.sides for document in side.documents]
        return sorted(pairs, key=lambda pair: (pair[1].date is None, pair[1].date, pair[1].pk))

    def concepts(self):
        """Yield ``(kind, Concept)`` of everything compared."""
        for concept in self.fields:
            yield "field", concept
        for kind, groups in self.groups.items():
            for group in groups:
                for concept in group.concepts:
                    yield kind, concept


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
    main = main_fields(frozenset().union(*(side.technologies for side in sides)))
    for side in sides:
        side.profile = Counter(main.get(pk) for pk in side.technologies)
    return Comparison(
        filterset,
        sides,
        concepts["field"],
        {kind: by_who_names(sides, concepts[kind]) for kind in ("technology", "product")},
    )


def concepts_of(sides, kind, filterset):
    """Return the Concepts of a kind that at least one side names, in the vocabulary's own order."""
    alone = Namings(filterset, alone=True).of_things(kind)
    with_within = Namings(filterset).of_things(kind) if kind == "technology" else alone
    records, found = public_records(CONCEPTS[kind]), []
    for choice in filterset.filters[kind].choices:
        key = choice.key
        wordings = [
            Wordings(side.tracks & alone[key], len(side.tracks & with_within[key]))
            for side in sides
        ]
        if any(line.number for line in wordings) and key in records:
            found.append(Concept(records[key], wordings))
    return found


def by_who_names(sides, concepts):
    """Return the Groups of concepts by the sides that name them: first what most share."""
    groups = {}
    for concept in concepts:
        groups.setdefault(concept.named_by, []).append(concept)
    ordered = sorted(groups, key=lambda places: (-len(places), places))
    return [
        Group([sides[place] for place in places], groups[places], len(places) == len(sides))
        for places in ordered
    ]


def main_fields(technologies):
    """Return ``{technology pk: pk of the public field in which it stands first of all}``."""
    rows = TechnologyFieldMapping.objects.filter(
        technology__in=technologies, field__publication_state=PublicationState.PUBLISHED
    ).values_list("technology", "field")
    found = {}
    for technology, field_pk in rows:
        found.setdefault(technology, field_pk)
    return found
