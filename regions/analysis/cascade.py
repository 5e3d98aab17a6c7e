"""How a document travels down: who answers it, and which region took up what it is about.

Plain functions over querysets; the page and its downloads only show what they return.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from catalog.models import (
    DocumentFieldMapping,
    DocumentProductMapping,
    DocumentRelation,
    PolicyDocument,
    Region,
)
from catalog.models.documents import DocumentLevel, RelationType
from futureind.publishing.models.records import PublicationState
from regions.analysis.chains import Link, bases_of, chain, flat
from regions.counts import Standing, standings
from regions.models import RegionalPlan
from regions.naming import COLUMNS, plans_naming

# Plans of a group that are shown; the list of plans has them all.
MOST_PLANS = 60
# There may be hundreds of them, and the texts of a document are long.
SHOWN_OF_PLANS = [
    *("slug", "publication_state", "document__publication_state"),
    *(f"region__{name}" for name in ("slug", "name_en", "name_zh")),
    *(f"document__{name}" for name in ("slug", "title_en", "title_zh", "document_number")),
    *(f"document__{name}" for name in ("date", "issued_date", "published_date")),
    "document__unverified_fields",
]


class UptakeState(models.TextChoices):
    """What is on record of a region and a field or product, seen from a document's day.

    The signs repeat each state in a shape, for those who see no colour.
    """

    AFTER = "after", _("named after it")
    BEFORE = "before", _("named before it only")
    UNDATED = "undated", _("named, order not known")
    NOT_NAMED = "not-named", _("read, not named")
    IN_PART = "in-part", _("read in part, not met so far")
    NOT_RECORDED = "not-recorded", _("plan found, tracks not recorded")
    NONE_FOUND = "none-found", _("no plan found")
    NOT_SEARCHED = "not-searched", _("not searched")

    @property
    def sign(self):
        return UPTAKE_SIGNS[self]


UPTAKE_SIGNS = {
    UptakeState.AFTER: "●",
    UptakeState.BEFORE: "◐",
    UptakeState.UNDATED: "◌",
    UptakeState.NOT_NAMED: "–",
    UptakeState.IN_PART: "…",
    UptakeState.NOT_RECORDED: "…",
    UptakeState.NONE_FOUND: "∅",
    UptakeState.NOT_SEARCHED: "?",
}


@dataclass(frozen=True)
class Uptake:
    """One cell: the state, the first plan after the document's day, the first one before it.

    The plans are DatedPlans until :func:`with_plans` has loaded them.
    """

    state: UptakeState
    after: object = None
    before: object = None

    @property
    def sign(self):
        return self.state.sign

    @property
    def plan(self):
        """The plan that the state rests on, None where none names the subject."""
        return self.after or self.before


def scope_of(document):
    """Return the Standing of each region that a document can reach.

    All for a national text; for a regional one its region with the cities of that.
    """
    found = standings(with_cities=False)
    if document.level == DocumentLevel.NATIONAL:
        return found
    here = document.region_id
    return [s for s in found if here in (s.region.pk, s.region.parent_id)]


@dataclass(frozen=True)
class DatedPlan:
    """As much of a plan as tells where and when it stands: there may be thousands."""

    pk: int
    region_id: int
    document_id: int
    date: datetime.date | None


@dataclass(frozen=True)
class PlanGroup:
    """Plans that are no answers: the keys of all, and the first of them to be shown."""

    keys: list[int]
    shown: list[RegionalPlan]

    def __len__(self):
        return len(self.keys)


def plans_in(region):
    """Return the public plans of a region and its cities, of all regions for None, oldest first.

    They are DatedPlans.
    """
    plans = RegionalPlan.objects.public()
    if region is not None:
        plans = plans.filter(
            region__in=Region.objects.filter(pk=region.pk) | Region.objects.filter(parent=region)
        )
    rows = plans.order_by(F("document__date").asc(nulls_last=True), "id")
    return [
        DatedPlan(*row)
        for row in rows.values_list("pk", "region_id", "document_id", "document__date")
    ]


def plans_by_key(keys):
    """Return ``{key: plan}`` with as much of region and document as a line about each shows."""
    plans = RegionalPlan.objects.select_related("region", "document")
    return plans.only(*SHOWN_OF_PLANS).in_bulk(list(keys))


def absent(standing):
    """Return the state of what no plan of a region names, as far as somebody looked."""
    return UptakeState("not-named" if standing.reading == "read" else standing.reading)


def uptake_of(naming, day, standing):
    """Return the Uptake of one subject in one region.

    Parameters: ``naming``, the region's plans that name the subject, oldest first and undated
    last; ``day``, from which answers count, None where the document has no date.
    """
    dated = [plan for plan in naming if plan.date] if day else []
    after = next((plan for plan in dated if plan.date >= day), None)
    before = next((plan for plan in dated if plan.date < day), None)
    if after:
        return Uptake(UptakeState.AFTER, after, before)
    undated = [plan for plan in naming if plan not in dated]
    if undated:
        return Uptake(UptakeState.UNDATED, undated[0], before)
    if before:
        return Uptake(UptakeState.BEFORE, None, before)
    return Uptake(absent(standing))


@dataclass(frozen=True)
class UptakeTable:
    """Subjects of one kind as columns, regions as rows.

    ``rows`` is ``[(Standing, [Uptake, …]), …]``; ``totals`` holds a Counter of states for each
    column.
    """

    kind: str
    subjects: list
    rows: list
    totals: list

    @property
    def matrix_columns(self):
        return COLUMNS[self.kind]

    @property
    def columns(self):
        return list(zip(self.subjects, self.totals, strict=True))

    @property
    def read_rows(self):
        """The rows of regions with tracks on record; in others all cells say the same."""
        return [row for row in self.rows if row[0].state == "tracks"]


def uptake_table(kind, subjects, named, plans, day, scope):
    """Return the UptakeTable of the fields or products of a document.

    Parameters: ``named``, ``{pk: plans that name it}``; ``plans`` in scope, oldest first;
    ``day``, from which answers count; ``scope``, the Standings of the regions.
    """
    plans_of = {}
    for plan in plans:
        plans_of.setdefault(plan.region_id, []).append(plan)
    rows = []
    totals = [Counter() for _subject in subjects]
    for standing in scope:
        cells = []
        for subject, total in zip(subjects, totals, strict=True):
            naming = named.get(subject.pk, ())
            here = [plan for plan in plans_of.get(standing.region.pk, ()) if plan.pk in naming]
            cell = uptake_of(here, day, standing)
            total[cell.state] += 1
            cells.append(cell)
        rows.append((standing, cells))
    return UptakeTable(kind, subjects, rows, totals)


def with_plans(tables, groups):
    """Return ``(tables, groups)`` with the plans that they show, loaded in one query.

    ``groups`` are lists of DatedPlans; they become PlanGroups.
    """
    cells = [cell for table in tables for _standing, row in table.rows for cell in row]
    wanted = {plan.pk for cell in cells for plan in (cell.after, cell.before) if plan}
    wanted |= {plan.pk for group in groups for plan in group[:MOST_PLANS]}
    plans = plans_by_key(wanted)

    def loaded(cell):
        after, before = cell.after, cell.before
        return Uptake(cell.state, after and plans[after.pk], before and plans[before.pk])

    tables = [
        replace(table, rows=[(standing, [*map(loaded, row)]) for standing, row in table.rows])
        for table in tables
    ]
    return tables, [
        PlanGroup([plan.pk for plan in group], [plans[plan.pk] for plan in group[:MOST_PLANS]])
        for group in groups
    ]


@dataclass(frozen=True)
class Cascade:
    """All that is on record of how a document travels down."""

    document: PolicyDocument
    links: list[Link]
    upwards: list[Link]
    bases: dict
    tables: list[UptakeTable]
    scope: list[Standing]
    older_plans: PlanGroup
    later_plans: PlanGroup
    undated_plans: PlanGroup

    def first_links(self, basis):
        """Return the direct answers on one basis; what is older is none."""
        return [x for x in self.links if x.relation.basis == basis and not x.is_older]

    @property
    def older_links(self):
        return [link for link in self.links if link.is_older]

    @property
    def long_chains(self):
        """The direct answers that are themselves the basis of other texts."""
        return [link for link in self.links if link.beyond and not link.is_older]

    @property
    def states(self):
        """The states that occur, in the order of UptakeState."""
        totals = [total for table in self.tables for total in table.totals]
        return [state for state in UptakeState if any(total[state] for total in totals)]

    @property
    def read(self):
        return [standing for standing in self.scope if standing.state == "tracks"]

    @property
    def unread(self):
        """``[(state, Standings), …]`` of the regions without tracks on record."""
        states = [UptakeState.NOT_RECORDED, UptakeState.NONE_FOUND, UptakeState.NOT_SEARCHED]
        groups = [(state, [s for s in self.scope if s.state == state]) for state in states]
        return [(state, found) for state, found in groups if found]


def cascade_of(document, bases=()):
    """Return the Cascade of a public document; ``bases`` as for :func:`chain`."""
    links = chain(document, downwards=True, bases=bases)
    fields = list(document.fields.public().distinct())
    products = list(document.products.public().distinct())
    day = document.announced_on()
    scope = scope_of(document) if fields or products else []
    plans = plans_in(document.region) if scope else []
    named = {"field": plans_naming("field", fields), "product": plans_naming("product", products)}
    answers = {link.document.pk for link in flat(links)}
    # By field where the document has any: the same plans as the list of plans shows for them.
    kind, of_interest = ("field", fields) if fields else ("product", products)
    touching = set().union(*(named[kind].get(subject.pk, ()) for subject in of_interest))
    others = [
        plan
        for plan in plans
        if plan.pk in touching and plan.document_id not in answers | {document.pk}
    ]
    tables, (older, later, undated) = with_plans(
        [
            uptake_table(kind, subjects, named[kind], plans, day, scope)
            for kind, subjects in (("field", fields), ("product", products))
            if subjects
        ],
        [
            [p for p in others if day and p.date and p.date < day],
            [p for p in others if day and p.date and p.date >= day],
            [p for p in others if not day or not p.date],
        ],
    )
    return Cascade(
        document=document,
        links=links,
        upwards=chain(document, downwards=False, bases=bases),
        bases=bases_of([link.document for link in links]),
        tables=tables,
        scope=scope,
        older_plans=older,
        later_plans=later,
        undated_plans=undated,
    )


def has_cascade(page):
    """Tell whether :func:`with_cascade` has the document of a page, by what the page knows of it.

    Parameter: ``page``, the context of a document's page.
    """
    if any(relation.type == RelationType.IMPLEMENTS for relation in page["relations"]["from"]):
        return True
    about_something = page["field_mappings"] or page["product_mappings"]
    return page["record"].level == DocumentLevel.NATIONAL and bool(about_something)


def with_cascade():
    """Return the public documents whose cascade has something to show.

    Those that another text implements, and national ones about a field or product.
    """
    this = models.OuterRef("pk")
    # Asked of one document at a time, so that one page does not read all of them.
    answered = DocumentRelation.objects.filter(
        to_document=this,
        type=RelationType.IMPLEMENTS,
        from_document__publication_state=PublicationState.PUBLISHED,
    )
    fields = DocumentFieldMapping.objects.filter(document=this)
    products = DocumentProductMapping.objects.filter(document=this)
    about_something = models.Exists(fields) | models.Exists(products)
    return PolicyDocument.objects.public().filter(
        models.Exists(answered) | models.Q(about_something, level=DocumentLevel.NATIONAL)
    )
