"""How a document travels down: who names it as basis, and which region took up what it is about.

Plain functions over querysets; the page and its downloads only show what they return.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from catalog.models import DocumentRelation, PolicyDocument, Region
from catalog.models.documents import DocumentLevel, RelationType
from catalog.models.mappings import COUNTED_MATCHES
from futureind.publishing.records import PublicationState
from regions.counts import Standing, standings
from regions.models import (
    RegionalPlan,
    TrackFieldMapping,
    TrackProductMapping,
)

# Texts rarely stand on more than three others above each other; the bound keeps queries bounded.
MOST_LEVELS = 5
# Not shown here, and the better part of a document.
LONG_TEXTS = ("summary_en", "summary_zh", "note_en", "note_zh")


@dataclass
class Link:
    """A step of a chain: a relation, the document that it leads to, and the steps beyond it."""

    relation: DocumentRelation
    document: PolicyDocument
    level: int
    beyond: list = field(default_factory=list)

    @property
    def days(self):
        """Days between the two texts of the relation, None where one has no date."""
        return self.relation.days_between

    @property
    def is_older(self):
        """True where the lower text is dated before the upper one, so that it cannot answer it."""
        return self.days is not None and self.days < 0


def chain(document, *, downwards, bases=()):
    """Return the Links that start at a document, each with those beyond it.

    Parameters: ``downwards``, whether to follow relations to the texts that implement it or to
    those that it implements; ``bases``, the RelationBasis values that count, all where empty. A
    document stands in the chain once, where it is met first.
    """
    near, far = ("to_document", "from_document") if downwards else ("from_document", "to_document")
    relations = DocumentRelation.objects.filter(
        type=RelationType.IMPLEMENTS, **{f"{far}__publication_state": PublicationState.PUBLISHED}
    ).select_related("from_document__region", "to_document__region")
    if bases:
        relations = relations.filter(basis__in=bases)
    first = []
    beyond_of = {document.pk: first}
    seen = {document.pk}
    for level in range(1, MOST_LEVELS + 1):
        if not beyond_of:
            break
        found = list(relations.filter(**{f"{near}__in": beyond_of}))
        next_level = {}
        for relation in sorted(found, key=by_days):
            reached = getattr(relation, far)
            if reached.pk in seen:
                continue
            seen.add(reached.pk)
            link = Link(relation, reached, level)
            beyond_of[getattr(relation, f"{near}_id")].append(link)
            next_level[reached.pk] = link.beyond
        beyond_of = next_level
    return first


def by_days(relation):
    """Sort by the days between; relations without both dates last."""
    days = relation.days_between
    return (days is None, days or 0, relation.pk)


def flat(links):
    """Return the Links of a chain one after another, each before those beyond it."""
    return [one for link in links for one in (link, *flat(link.beyond))]


def bases_of(documents):
    """Return ``{document pk: [relation, …]}``: what each document names as its basis."""
    found = {}
    for relation in DocumentRelation.objects.filter(
        type=RelationType.IMPLEMENTS,
        from_document__in=documents,
        to_document__publication_state=PublicationState.PUBLISHED,
    ).select_related("to_document"):
        found.setdefault(relation.from_document_id, []).append(relation)
    return found


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
    """One cell: the state, the first plan after the document's day, the first one before it."""

    state: UptakeState
    after: RegionalPlan | None = None
    before: RegionalPlan | None = None

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


def plans_in(region):
    """Return the public plans of a region and its cities, of all regions for None, oldest first."""
    plans = (
        RegionalPlan.objects.public()
        .select_related("region", "document")
        .defer(*[f"document__{name}" for name in LONG_TEXTS])
    )
    if region is not None:
        plans = plans.filter(
            region__in=Region.objects.filter(pk=region.pk) | Region.objects.filter(parent=region)
        )
    return plans.order_by(F("document__date").asc(nulls_last=True), "id")


def subjects_named(fields, products):
    """Return ``{("field" or "product", pk): {plan pk, …}}`` for the tracks of public plans.

    Products count exact, broader and narrower matches.
    """
    named = {}
    of_products = TrackProductMapping.objects.filter(match__in=COUNTED_MATCHES)
    for kind, mappings in (
        ("field", TrackFieldMapping.objects.filter(field__in=fields)),
        ("product", of_products.filter(product__in=products)),
    ):
        pairs = mappings.order_by().values_list(f"{kind}_id", "track__plan_id").distinct()
        for pk, plan in pairs:
            named.setdefault((kind, pk), set()).add(plan)
    return named


def absent(standing):
    """Return the state of what no plan of a region names, as far as somebody looked."""
    return UptakeState("not-named" if standing.reading == "read" else standing.reading)


def uptake_of(naming, day, standing):
    """Return the Uptake of one subject in one region.

    Parameters: ``naming``, the region's plans that name the subject, oldest first and undated
    last; ``day``, from which answers count, None where the document has no date.
    """
    dated = [plan for plan in naming if plan.document.date] if day else []
    after = next((plan for plan in dated if plan.document.date >= day), None)
    before = next((plan for plan in dated if plan.document.date < day), None)
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
    def columns(self):
        return list(zip(self.subjects, self.totals, strict=True))

    @property
    def read_rows(self):
        """The rows of regions with tracks on record; in others all cells say the same."""
        return [row for row in self.rows if row[0].state == "tracks"]


def uptake_table(kind, subjects, named, plans, day, scope):
    """Return the UptakeTable of the fields or products of a document.

    Parameters: ``named`` as of :func:`subjects_named`; ``plans`` in scope, oldest first;
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
            naming = named.get((kind, subject.pk), ())
            here = [plan for plan in plans_of.get(standing.region.pk, ()) if plan.pk in naming]
            cell = uptake_of(here, day, standing)
            total[cell.state] += 1
            cells.append(cell)
        rows.append((standing, cells))
    return UptakeTable(kind, subjects, rows, totals)


@dataclass(frozen=True)
class Cascade:
    """All that is on record of how a document travels down."""

    document: PolicyDocument
    links: list[Link]
    upwards: list[Link]
    bases: dict
    tables: list[UptakeTable]
    scope: list[Standing]
    older_plans: list[RegionalPlan]
    later_plans: list[RegionalPlan]
    undated_plans: list[RegionalPlan]

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
    plans = list(plans_in(document.region)) if scope else []
    named = subjects_named(fields, products)
    answers = {link.document.pk for link in flat(links)}
    # By field where the document has any: the same plans as the list of plans shows for them.
    kind, of_interest = ("field", fields) if fields else ("product", products)
    touching = set().union(*(named.get((kind, subject.pk), ()) for subject in of_interest))
    others = [
        plan
        for plan in plans
        if plan.pk in touching and plan.document_id not in answers | {document.pk}
    ]
    return Cascade(
        document=document,
        links=links,
        upwards=chain(document, downwards=False, bases=bases),
        bases=bases_of([link.document for link in links]),
        tables=[
            uptake_table(kind, subjects, named, plans, day, scope)
            for kind, subjects in (("field", fields), ("product", products))
            if subjects
        ],
        scope=scope,
        older_plans=[p for p in others if day and p.document.date and p.document.date < day],
        later_plans=[p for p in others if day and p.document.date and p.document.date >= day],
        undated_plans=[p for p in others if not day or not p.document.date],
    )


def with_cascade():
    """Return the public documents whose cascade has something to show.

    Those that another text implements, and national ones about a field or product.
    """
    answered = DocumentRelation.objects.filter(
        type=RelationType.IMPLEMENTS, from_document__publication_state=PublicationState.PUBLISHED
    )
    about_something = PolicyDocument.objects.filter(
        models.Q(field_mappings__isnull=False) | models.Q(product_mappings__isnull=False),
        level=DocumentLevel.NATIONAL,
    )
    return PolicyDocument.objects.public().filter(
        models.Q(pk__in=answered.values("to_document"))
        | models.Q(pk__in=about_something.values("pk"))
    )
