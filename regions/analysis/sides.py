"""The sides of a comparison: a region or plan with its tracks, and what stands beside these.

How many plans, documents and targets a side has comes from the sets of their lists; rows are read
for all sides at once.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from catalog.filters import PolicyDocumentFilter, TargetFilter, filter_of
from catalog.models import Agency, DocumentIssuer, DocumentRelation, PolicyDocument, Region, Target
from catalog.sums import CURRENCY
from futureind.browse.kept_records import public_records
from futureind.publishing.models.records import PublicationState
from regions.counts import Standing, standings
from regions.filters import plan_filter
from regions.models import RegionalPlan
from regions.profile import has_started

# Of each side. The linked lists hold the rest.
TARGETS_SHOWN, DOCUMENTS_SHOWN, SUMS_SHOWN = 20, 12, 3


@dataclass
class Side:
    """One of those compared: a Region or a RegionalPlan, with its tracks as a set."""

    record: Region | RegionalPlan
    standing: Standing
    tracks: object
    technologies: frozenset = frozenset()
    # {pk of a field, None for none: how many of its technologies stand first of all in it}
    profile: Counter = field(default_factory=Counter)
    plan_count: int = 0
    plans_in_force: int = 0
    documents: list[PolicyDocument] = field(default_factory=list)
    document_count: int = 0
    # Primary keys of those of its documents that held once and hold no more.
    ended: set = field(default_factory=set)
    targets: list[Target] = field(default_factory=list)
    target_count: int = 0
    # The largest sums of money among its targets that are still to come.
    sums_to_come: list[Target] = field(default_factory=list)
    # Of the lists of its tracks, targets and documents, set by the page.
    address: str = ""
    targets_address: str = ""
    documents_address: str = ""

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
    def label(self):
        """What the side is called where its name would be too long."""
        if not self.is_plan:
            return self.name.plain
        day = self.record.document.date
        return f"{self.region.name.plain} {day:%Y-%m}" if day else self.region.name.plain

    @property
    def track_count(self):
        return len(self.tracks)

    @property
    def reading(self):
        """How far it was read; a plan without tracks is on record no further than its title."""
        if self.is_plan and not self.track_count:
            return "not-recorded"
        return self.standing.reading

    @property
    def documents_that_hold(self):
        return [document for document in self.documents if document.pk not in self.ended]

    @property
    def documents_ended(self):
        return [document for document in self.documents if document.pk in self.ended]


def make_side(record, filterset):
    """Return the Side of a region or plan, without what stands beside its tracks."""
    name = "plan" if isinstance(record, RegionalPlan) else "region"
    tracks = filterset.results.having(filterset.filters[name], [record.pk])
    region = record.region if name == "plan" else record
    nothing = Standing(region, 0, 0, None)
    found = (s for s in standings(with_cities=False) if s.region.pk == region.pk)
    return Side(record, next(found, nothing), tracks)


def read_beside(sides, day):
    """Add to the sides their plans, documents and targets.

    Parameter: ``day`` on which they are in force, None for all.
    """
    today = timezone.localdate()
    on_day = {"in_force_on": [day.isoformat()]} if day else {}
    now = {"in_force_on": [today.isoformat()]}
    plans, in_force = plan_filter(on_day).results, plan_filter(now).results.everything
    documents, holding = (
        filter_of(PolicyDocumentFilter, PolicyDocument, asked) for asked in (on_day, now)
    )
    holding = holding.results.everything
    targets = filter_of(TargetFilter, Target, on_day)
    coming = on_day | {"due_after": [today.isoformat()]}
    to_come = filter_of(TargetFilter, Target, coming).results.everything
    shown_documents, shown_targets, sums = {}, {}, largest_sums(sides, day)
    for place, side in enumerate(sides):
        own = plans_of(side, plans)
        side.plan_count, side.plans_in_force = len(own), len(own & in_force)
        found = documents_of(side, documents)
        side.document_count = len(found)
        shown_documents[place] = documents.results.first(found, DOCUMENTS_SHOWN)
        found = targets_of(side, targets)
        side.target_count = len(found)
        # What falls due next comes first; then what has fallen due, and what has no date.
        first = targets.results.first(found & to_come, TARGETS_SHOWN)
        rest = targets.results.first(found - to_come, TARGETS_SHOWN - len(first))
        shown_targets[place] = [*first, *rest]
    load(sides, shown_documents, shown_targets, sums)
    for side in sides:
        shown = documents.results.among([document.pk for document in side.documents])
        in_force = set(documents.results.first(shown & holding))
        side.ended = {
            document.pk
            for document in side.documents
            if has_started(document, today) and document.pk not in in_force
        }


def plans_of(side, results):
    if side.is_plan:
        return results.among([side.record.pk])
    return results.having(results.filterset.filters["region"], [side.record.pk])


def documents_of(side, filterset):
    if side.is_plan:
        return filterset.results.among([side.record.document_id])
    return filterset.results.having(filterset.filters["region"], [side.record.pk])


def targets_of(side, filterset):
    name, key = (
        ("document", side.record.document_id) if side.is_plan else ("region", side.record.pk)
    )
    return filterset.results.having(filterset.filters[name], [key])


def largest_sums(sides, day):
    """Return ``{place of a side: keys of its targets to come with the largest sums of money}``."""
    path = "document" if sides[0].is_plan else "document__region"
    keys = [side.record.document_id if side.is_plan else side.record.pk for side in sides]
    targets = Target.objects.public().filter(
        Q(unit__slug=CURRENCY) | Q(unit__base_unit__slug=CURRENCY),
        value__isnull=False,
        due_date__gte=timezone.localdate(),
        **{f"{path}__in": keys},
    )
    rows = (targets.in_force_on(day) if day else targets).order_by("due_date", "pk")
    sums = {key: [] for key in keys}
    for pk, key, value, factor in rows.values_list("pk", path, "value", "unit__factor"):
        sums[key].append((-value * (factor or 1), pk))
    largest = [sorted(sums[key])[:SUMS_SHOWN] for key in keys]
    return {place: [pk for _sum, pk in found] for place, found in enumerate(largest)}


def load(sides, documents, targets, sums):
    """Read the documents and targets of all sides, ``{place of a side: primary keys}``."""
    keys = [pk for pks in documents.values() for pk in pks]
    document = PolicyDocument.objects.only(*SHOWN_OF_DOCUMENTS).in_bulk(keys)
    add_issuers(document)
    keys = [pk for found in (targets, sums) for pks in found.values() for pk in pks]
    target = Target.objects.select_related("unit__base_unit").in_bulk(keys)
    for place, side in enumerate(sides):
        side.documents = [document[pk] for pk in documents[place] if pk in document]
        side.targets = [target[pk] for pk in targets[place] if pk in target]
        side.sums_to_come = [target[pk] for pk in sums[place] if pk in target]


# There may be dozens of them, and the texts of a document are long.
SHOWN_OF_DOCUMENTS = (
    *("slug", "title_en", "title_zh", "date", "issued_date", "published_date", "effective_date"),
    *("legal_status", "period_end", "expiry_date", "unverified_fields", "region"),
)


def add_issuers(documents):
    """Give documents, ``{primary key: document}``, the list of their public ``agencies``."""
    agencies = public_records(Agency)
    rows = DocumentIssuer.objects.filter(document__in=documents)
    for document in documents.values():
        document.agencies = []
    for document, agency in rows.values_list("document", "agency"):
        if agency in agencies:
            documents[document].agencies.append(agencies[agency])


def relations_among(documents):
    """Return ``{document pk: its relations to public documents}``."""
    rows = DocumentRelation.objects.filter(
        from_document__in=documents, to_document__publication_state=PublicationState.PUBLISHED
    )
    found = {}
    for row in rows.select_related("to_document"):
        found.setdefault(row.from_document_id, []).append(row)
    return found
