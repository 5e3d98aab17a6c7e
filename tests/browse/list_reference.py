"""What the lists should give, worked out in plain Python.

The reference knows nothing of filters: it reads each public record with what hangs on it and keeps,
for every parameter, the values that the record answers to.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.utils import timezone

from catalog.models import (
    DocumentRelation,
    Indicator,
    Milestone,
    PolicyDocument,
    Region,
    RegionGroup,
    Target,
    Technology,
)
from futureind.publishing.evidence import evidence_grade, sureness
from regions.models import RegionalPlan, Track

SHANGHAI = ZoneInfo("Asia/Shanghai")
COUNTED = {"exact", "broader", "narrower"}
ANY_BASIS = {"stated", "analyst", "derived"}
SUBJECTS = ("field", "product", "technology")
MAPPINGS = [f"{subject}_mappings__{subject}" for subject in SUBJECTS]
# {parameter: (subjects that it says more of, its place in a row of Row.mapped)}
QUALIFIED = {"match": (("technology", "product"), 1), "basis": (SUBJECTS, 2)}


@dataclass
class Row:
    """A record of a list: what it answers to, and its days."""

    slug: str
    values: dict[str, set] = field(default_factory=dict)
    # of mapping rows: {parameter: {(value, match or None, basis), …}}
    mapped: dict[str, set] = field(default_factory=dict)
    day: date | None = None
    due: date | None = None
    changed: date | None = None
    start: date | None = None
    end: date | None = None
    is_consultation: bool = False

    def answers(self, state):
        """Tell whether the record stands under a state: ``{parameter: [value, …]}``."""
        for name, values in state.items():
            if name in self.mapped:
                if not self.is_mapped(name, values, state):
                    return False
            elif name in QUALIFIED and self.mapped:
                if not self.is_qualified(name, values, state):
                    return False
            elif name in BOUNDS:
                if not BOUNDS[name](self, date.fromisoformat(values[0])):
                    return False
            elif not set(values) & self.values[name]:
                return False
        return True

    def is_mapped(self, name, values, state):
        """Tell whether a mapping row leads to one of the values, as match and basis ask."""
        matches = set(state.get("match", ())) or COUNTED
        bases = set(state.get("basis", ())) or ANY_BASIS
        return any(
            value in values and (match is None or match in matches) and basis in bases
            for value, match, basis in self.mapped[name]
        )

    def is_qualified(self, name, values, state):
        """Tell whether any mapping row has one of the values of ``match`` or ``basis``.

        What is asked for together with a subject was looked at there.
        """
        subjects, column = QUALIFIED[name]
        if any(state.get(subject) for subject in subjects):
            return True
        return any(row[column] in values for rows in self.mapped.values() for row in rows)

    def in_force(self, day):
        if self.start is None or self.is_consultation:
            return False
        return self.start <= day and (self.end is None or day <= self.end)


BOUNDS = {
    "issued_after": lambda row, day: row.day is not None and row.day >= day,
    "issued_before": lambda row, day: row.day is not None and row.day <= day,
    "due_after": lambda row, day: row.due is not None and row.due >= day,
    "due_before": lambda row, day: row.due is not None and row.due <= day,
    "in_force_on": Row.in_force,
    "changed_after": lambda row, day: row.changed is not None and row.changed >= day,
}


def with_those_above(parents, slug):
    """Return a slug and the slugs of all that it is part of."""
    found = set()
    while slug:
        found.add(slug)
        slug = parents.get(slug)
    return found


class World:
    """The vocabulary as dictionaries, read once."""

    def __init__(self):
        self.region_parents = dict(Region.objects.values_list("slug", "parent__slug"))
        self.technology_parents = dict(Technology.objects.values_list("slug", "parent__slug"))
        self.groups = {
            group.slug: set(group.regions.values_list("slug", flat=True))
            for group in RegionGroup.objects.all()
        }
        self.successors = {}
        supersedes = DocumentRelation.objects.filter(type="supersedes").select_related(
            "from_document"
        )
        for relation in supersedes:
            if relation.from_document.publication_state == "published":
                self.successors.setdefault(relation.to_document_id, []).append(
                    relation.from_document
                )

    def region(self, region):
        if region is None:
            return {"region": {"national"}, "group": set()}
        above = with_those_above(self.region_parents, region.slug)
        groups = {group for group, members in self.groups.items() if members & above}
        return {"region": above, "group": groups}

    def technologies(self, slugs):
        return {a for slug in slugs for a in with_those_above(self.technology_parents, slug)}

    def mapped(self, records):
        """Return ``{parameter: {(value, match or None, basis), …}}`` of records' mapping rows."""
        found = {subject: set() for subject in SUBJECTS}
        for record in records:
            for subject in SUBJECTS:
                for row in getattr(record, f"{subject}_mappings").all():
                    slug = getattr(row, subject).slug
                    above = {slug}
                    if subject == "technology":
                        above = with_those_above(self.technology_parents, slug)
                    found[subject] |= {(a, getattr(row, "match", None), row.basis) for a in above}
        return found

    def times(self, document):
        """Return from when to when a document is in force, by the rule of the methodology."""
        start = document.effective_date or document.issued_date or document.published_date
        starts = [
            later.effective_date or later.issued_date or later.published_date
            for later in self.successors.get(document.pk, ())
        ]
        starts = [day for day in starts if day]
        end = document.expiry_date
        if end is None and document.legal_status == "superseded" and starts:
            end = min(starts) - timedelta(days=1)
        elif end is None and document.legal_status in ("superseded", "expired"):
            horizons = [plan.horizon_year or 0 for plan in document.plans.public()]
            year = document.period_end or max(horizons, default=0)
            # Ended, and nobody knows when: in force on no day that could be named.
            end = date(year, 12, 31) if year else date.min
        return {
            "day": document.issued_date or document.published_date,
            "start": start,
            "end": end,
            "is_consultation": document.legal_status == "consultation",
        }


def ended_today(times):
    """Return what the list of targets says of a text: that it has ended, or nothing."""
    row, today = Row("", **times), timezone.localdate()
    begun = row.start is not None and row.start <= today and not row.is_consultation
    return {"ended"} if begun and not row.in_force(today) else set()


def changed_day(record):
    return record.changed_at and record.changed_at.astimezone(SHANGHAI).date()


def documents(world):
    records = PolicyDocument.objects.public().prefetch_related(*MAPPINGS, "issuers", "plans")
    for record in records.select_related("region"):
        yield Row(
            record.slug,
            {
                **world.region(record.region),
                "type": {record.document_type},
                "level": {record.level},
                "status": {record.legal_status},
                "evidence": {evidence_grade(record).value},
                "confidence": {sureness(record).value},
                "issuer": {agency.slug for agency in record.issuers.all()},
            },
            world.mapped([record]),
            changed=changed_day(record),
            **world.times(record),
        )


def plans(world):
    records = RegionalPlan.objects.public().select_related("region", "document")
    for record in records.prefetch_related(*(f"tracks__{mapping}" for mapping in MAPPINGS)):
        yield Row(
            record.slug,
            {
                **world.region(record.region),
                "type": {record.document.document_type},
                "level": {record.document.level},
                "status": {record.document.legal_status},
                "evidence": {evidence_grade(record).value},
                "confidence": {sureness(record).value},
            },
            world.mapped(record.tracks.all()),
            changed=changed_day(record),
            **world.times(record.document),
        )


def tracks(world):
    records = Track.objects.public().select_related("plan__region", "plan__document")
    for record in records.prefetch_related(*MAPPINGS):
        yield Row(
            record.slug,
            {
                **world.region(record.plan.region),
                "tier": {record.tier},
                "status": {record.plan.document.legal_status},
                "evidence": {evidence_grade(record).value},
                "confidence": {sureness(record).value},
                "plan": {record.plan.slug},
            },
            world.mapped([record]),
            changed=changed_day(record.plan),
            **world.times(record.plan.document),
        )


def targets(world):
    records = Target.objects.public().select_related("document__region")
    for record in records.prefetch_related(*MAPPINGS, "assessments"):
        checks = sorted(record.assessments.all(), key=lambda check: check.assessed_on)
        yield Row(
            record.slug,
            {
                **world.region(record.document.region),
                "level": {record.document.level},
                "kind": {record.kind},
                "verdict": {checks[-1].verdict if checks else "none"},
                "evidence": {evidence_grade(record).value},
                "confidence": {sureness(record).value},
                "document": {record.document.slug},
                "due": {str(record.due_date.year) if record.due_date else "none"},
                "texts": ended_today(world.times(record.document)),
            },
            world.mapped([record]),
            due=record.due_date,
            changed=changed_day(record),
            **world.times(record.document),
        )


def milestones(world):
    records = Milestone.objects.public().prefetch_related(*MAPPINGS)
    for record in records:
        yield Row(
            record.slug,
            {
                "status": {record.state},
                "geography": {record.geography},
                "evidence": {evidence_grade(record).value},
                "confidence": {sureness(record).value},
            },
            world.mapped([record]),
            due=record.date,
            changed=changed_day(record),
        )


def indicators(world):
    records = Indicator.objects.public().prefetch_related("fields", "products", "points")
    for record in records:
        yield Row(
            record.slug,
            {
                "field": {field.slug for field in record.fields.all()},
                "product": {product.slug for product in record.products.all()},
                "kind": {record.kind},
                "geography": {p.geography for p in record.points.all()},
                "evidence": {evidence_grade(record).value},
                "confidence": {sureness(record).value},
            },
            changed=changed_day(record),
        )


LISTS = {
    "documents": documents,
    "plans": plans,
    "tracks": tracks,
    "targets": targets,
    "milestones": milestones,
    "indicators": indicators,
}


@cache
def loaded_rows(name):
    """Return the rows of a list as the fixtures fill it; for tests that change nothing."""
    return rows(name)


def rows(name):
    return list(LISTS[name](World()))


def expected(name, state):
    """Return the slugs that a list should give under a state, as a set."""
    return {row.slug for row in loaded_rows(name) if row.answers(state)}
