"""How a document travels down: who answers it, and which region took up what it is about.

Plain functions over querysets; the page and its downloads only show what they return.
"""

import datetime
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

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
from futureind.publishing.models.content_version import ContentVersion
from futureind.publishing.models.records import PublicationState
from regions.analysis.chains import Link, bases_of, chain, flat
from regions.counts import Standing, standings
from regions.filters import plan_filter
from regions.models import RegionalPlan
from regions.models.plans import fragments_at
from regions.naming import COLUMNS

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
    """One cell: the state, the first DatedPlan after the document's day, the first before it."""

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


@dataclass(frozen=True, slots=True)
class DatedPlan:
    """As much of a plan as tells where and when it stands: there may be thousands.

    ``document_slug`` and ``fragment`` are its address, on the page of its document.
    """

    pk: int
    region_id: int
    document_id: int
    date: datetime.date | None
    slug: str
    document_slug: str
    fragment: str


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
    plans = plans_at(ContentVersion.stamp())
    if region is None:
        return plans
    cities = Region.objects.filter(parent=region).values_list("pk", flat=True)
    here = {region.pk, *cities}
    return [plan for plan in plans if plan.region_id in here]


@lru_cache(maxsize=2)
def plans_at(stamp):
    """Return all public plans as DatedPlans, oldest first and undated last, at a state."""
    rows = RegionalPlan.objects.public().order_by(F("document__date").asc(nulls_last=True), "id")
    columns = ("pk", "region_id", "document_id", "document__date", "slug", "document__slug")
    fragments = fragments_at(stamp)
    return [DatedPlan(*row, fragments.get(row[0], "")) for row in rows.values_list(*columns)]


@lru_cache(maxsize=4)
def naming_plans_at(stamp, kind):
    """Return ``{pk of a thing: {region pk: the DatedPlans that name it, oldest first}}``.

    Who names what is what the list of plans finds, so the numbers are those of that list.
    """
    filterset = plan_filter(stamp=stamp)
    results, facet, plans = filterset.results, filterset.filters[kind], plans_at(stamp)
    place_of = {plan.pk: place for place, plan in enumerate(plans)}
    found = {}
    for choice in facet.choices:
        naming = results.first(results.having(facet, [choice.key]))
        by_region = found[choice.key] = {}
        for place in sorted(place_of[pk] for pk in naming if pk in place_of):
            by_region.setdefault(plans[place].region_id, []).append(plans[place])
    return found


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


def uptake_table(kind, subjects, named, day, scope):
    """Return the UptakeTable of the fields or products of a document.

    Parameters: ``named``, ``{pk: {region pk: plans that name it, oldest first}}``; ``day``, from
    which answers count; ``scope``, the Standings of the regions.
    """
    rows = []
    totals = [Counter() for _subject in subjects]
    for standing in scope:
        cells = []
        for subject, total in zip(subjects, totals, strict=True):
            here = named.get(subject.pk, {}).get(standing.region.pk, ())
            cell = uptake_of(here, day, standing)
            total[cell.state] += 1
            cells.append(cell)
        rows.append((standing, cells))
    return UptakeTable(kind, subjects, rows, totals)


def groups_of(plans, day):
    """Return the PlanGroups of plans dated before a day, from it on, and in no known order.

    The plans that are shown are loaded in one query.
    """
    groups = [
        [plan for plan in plans if day and plan.date and plan.date < day],
        [plan for plan in plans if day and plan.date and plan.date >= day],
        [plan for plan in plans if not day or not plan.date],
    ]
    loaded = plans_by_key([plan.pk for group in groups for plan in group[:MOST_PLANS]])
    return [
        PlanGroup([plan.pk for plan in group], [loaded[plan.pk] for plan in group[:MOST_PLANS]])
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
    def answers(self):
        """The direct answers, stated and judged; what is older is none."""
        return [link for link in self.links if not link.is_older]

    @property
    def took_up(self):
        """The Standings of the regions that named one of its fields or products after it."""
        regions = {
            standing.region.pk: standing
            for table in self.tables
            for standing, cells in table.rows
            if any(cell.state == UptakeState.AFTER for cell in cells)
        }
        return list(regions.values())

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
    stamp = ContentVersion.stamp()
    named = {kind: naming_plans_at(stamp, kind) for kind in ("field", "product")}
    answered = {document.pk, *(link.document.pk for link in flat(links))}
    # By field where the document has any: the same plans as the list of plans shows for them.
    kind, of_interest = ("field", fields) if fields else ("product", products)
    touching = {
        plan.pk
        for subject in of_interest
        for here in named[kind].get(subject.pk, {}).values()
        for plan in here
    }
    others = [plan for plan in plans if plan.pk in touching and plan.document_id not in answered]
    older, later, undated = groups_of(others, day)
    tables = [
        uptake_table(kind, subjects, named[kind], day, scope)
        for kind, subjects in (("field", fields), ("product", products))
        if subjects
    ]
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
