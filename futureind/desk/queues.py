"""What waits for somebody: the lists on the front page of the admin.

A queue is declared once, by the module that knows its rows, and shown in the order of declaration.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from futureind.accounts import roles
from futureind.core.asked import number_in
from futureind.desk.models import WorkNote
from futureind.desk.work_notes import notes_on
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.proposals import Proposal, ProposalState
from futureind.publishing.models.records import PublicationState, Reviewed
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.schedules import Schedule

# What nobody looked at for so long is to be looked at again.
SIX_MONTHS = timedelta(days=183)


@dataclass(frozen=True)
class Entry:
    """A line of a queue: what waits, where it is acted on, since when (or for when)."""

    title: str
    address: str
    at: datetime | None = None
    detail: str = ""
    # What names it in a form, and what editors noted about it.
    key: str = ""
    note: WorkNote | None = None


class Show(TextChoices):
    """Which entries of a list are asked for."""

    WAITING = "waiting", _("Waiting")
    MINE = "mine", _("Assigned to me")
    RESTING = "snoozed", _("Snoozed")


@dataclass(frozen=True)
class Queue:
    """A list of what waits.

    ``parts`` takes a user and returns querysets, each of records of one kind; together they are the
    list. ``entry`` takes a record, and the values of ``columns`` in its row, and returns its
    :class:`Entry`. ``order`` names columns, among them ``label`` and ``key``, which name the
    record. ``read`` takes a model and returns its rows with all that an entry says. ``table`` gives
    the address of a list of the admin that can do more with the same rows. A list for deciders
    (``is_for_deciders``) is not there for others. What is in a personal list (``is_personal``) is
    the user's own already, and not assigned.
    """

    name: str
    title: str
    parts: Callable[[Any], Iterable[QuerySet]]
    entry: Callable[..., Entry]
    columns: tuple[str, ...] = ()
    order: tuple[Any, ...] = ("label", "key")
    read: Callable[[Any], QuerySet] | None = None
    table: Callable[[], str] | None = None
    is_for_deciders: bool = False
    is_personal: bool = False

    def link(self):
        """Return the address of the list with all its rows."""
        return reverse("admin:work", args=[self.name])

    def is_for(self, user):
        return roles.decides(user) if self.is_for_deciders else True

    def rows(self, user, show=Show.WAITING):
        """Return ``(label of the model, key, …)`` rows; their number is the one that is shown."""
        columns = ("label", "key", *self.columns)
        parts = [
            part.filter(self.is_shown(part.model, user, show))
            .order_by()
            .annotate(label=Value(part.model._meta.label, CharField()), key=F("pk"))
            .values_list(*columns)
            for part in self.parts(user)
        ]
        if not parts:
            return WorkNote.objects.none()
        together = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        return together.order_by(*self.order)

    def is_shown(self, model, user, show):
        """Return the condition that a row of the list is asked for."""
        notes = WorkNote.objects.on(self.name, model)
        rests = Q(pk__in=notes.resting().values("object_id"))
        if show == Show.RESTING:
            return rests
        if show == Show.MINE:
            return ~rests & Q(pk__in=notes.filter(assignee=user).values("object_id"))
        return ~rests

    def entries(self, rows):
        """Return the entries of rows, in a few queries for each kind of record."""
        rows, found = list(rows), {}
        keys = [row[:2] for row in rows]
        for label in {label for label, _key in keys}:
            model = apps.get_model(label)
            rows_of_model = (self.read or named)(model)
            found[label] = rows_of_model.in_bulk([key for of, key in keys if of == label])
        notes = notes_on(self.name, keys)
        return [
            replace(
                self.entry(found[label][key], *rest),
                key=f"{label}:{key}",
                note=notes.get((label, key)),
            )
            for label, key, *rest in rows
            if key in found[label]
        ]

    def find(self, user, keys):
        """Return which ``label:key`` texts name rows of the list, snoozed or not, of a user.

        They are ``(model, key)`` pairs, in no order; what names no row is left out.
        """
        asked = {}
        for text in keys:
            label, _colon, key = text.partition(":")
            number = number_in(key)
            if number is not None:
                asked.setdefault(label, set()).add(number)
        return [
            (part.model, key)
            for part in self.parts(user)
            if part.model._meta.label in asked
            for key in part.filter(pk__in=asked[part.model._meta.label])
            .order_by()
            .values_list("pk", flat=True)
        ]


QUEUES: list[Queue] = []


def declare(queues):
    """Put queues at the end of the front page; an app does so in its ``ready()``."""
    QUEUES.extend(queues)


def queues_for(user):
    return [queue for queue in QUEUES if queue.is_for(user)]


def named(model):
    """Return the rows of a model with all that their names are made of."""
    if model is Proposal:
        return Proposal.objects.defer("snapshot")
    to_one = [field.name for field in model._meta.concrete_fields if field.many_to_one]
    return model._base_manager.select_related(*to_one)


# Records of all kinds and proposals, in one list


def reviewed_models():
    return [model for model in apps.get_models() if issubclass(model, Reviewed)]


def mine(model, user):
    """Return the condition that somebody has waiting work on a record or proposal."""
    kind = ContentType.objects.get_for_model(model)
    work = Authorship.objects.waiting().filter(content_type=kind, author=user)
    return Q(pk__in=work.values("object_id"))


def sent_back(model):
    """Return the condition that a reviewer sent a draft back, and nobody handed it in again."""
    kind = ContentType.objects.get_for_model(model)
    decisions = Revision.objects.filter(
        content_type=kind,
        object_id=OuterRef("pk"),
        action__in=[Action.SUBMITTED, Action.RETURNED, Action.PUBLISHED],
    ).order_by("-id")
    return Q(
        pk__in=model.objects.alias(decision=Subquery(decisions.values("action")[:1]))
        .filter(decision=Action.RETURNED)
        .values("pk")
    )


def selected(conditions):
    """Return querysets of pairs of a model and a condition on its rows."""
    return [model._base_manager.filter(condition) for model, condition in conditions]


def entry_of(record, at):
    options = record._meta
    page = "change"
    if isinstance(record, Reviewed) and record.publication_state == PublicationState.IN_REVIEW:
        page = "review"
    address = reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[record.pk])
    title = record.record_name if isinstance(record, Proposal) else str(record)
    return Entry(title, address, at, str(options.verbose_name))


def drafts_of(user):
    return selected(
        (model, Q(publication_state=PublicationState.DRAFT) & mine(model, user) & ~sent_back(model))
        for model in reviewed_models()
    )


def returned_to(user):
    draft = Q(publication_state=PublicationState.DRAFT)
    records = [(model, draft & mine(model, user) & sent_back(model)) for model in reviewed_models()]
    proposals = Q(state=ProposalState.RETURNED) & mine(Proposal, user)
    return selected([*records, (Proposal, proposals)])


def to_review_by(user):
    waiting = Q(publication_state=PublicationState.IN_REVIEW)
    records = [(model, waiting & ~mine(model, user)) for model in reviewed_models()]
    proposals = Q(state=ProposalState.IN_REVIEW) & ~mine(Proposal, user)
    return selected([*records, (Proposal, proposals)])


def handed_in_by(user):
    waiting = Q(publication_state=PublicationState.IN_REVIEW)
    records = [(model, waiting & mine(model, user)) for model in reviewed_models()]
    proposals = Q(state=ProposalState.IN_REVIEW) & mine(Proposal, user)
    return selected([*records, (Proposal, proposals)])


def conflicts_for(user):
    """Return the proposals whose record has moved on: one's own, for who decides all of them."""
    moved_on = Q(pk__in=Proposal.objects.moved_on().order_by().values("pk"))
    return selected(
        [(Proposal, moved_on if roles.decides(user) else moved_on & mine(Proposal, user))]
    )


def scheduled(user):
    return [Schedule.objects.waiting()]


def entry_of_schedule(planned, due_at):
    return Entry(
        planned.record_name,
        reverse("admin:publishing_schedule_change", args=[planned.pk]),
        planned.due_at,
        planned.get_move_display(),
    )


def of_records(name, title, parts, **options):
    """Return a list of records and proposals, newest change first."""
    order = ("-changed_at", "label", "-key")
    return Queue(name, title, parts, entry_of, ("changed_at",), order, **options)


RECORD_QUEUES = [
    of_records("review", _("Awaiting my review"), to_review_by, is_for_deciders=True),
    of_records("returned", _("Sent back to me"), returned_to, is_personal=True),
    of_records("conflicts", _("Conflicts"), conflicts_for),
    of_records("drafts", _("My drafts"), drafts_of, is_personal=True),
    of_records("handed-in", _("Handed in by me"), handed_in_by, is_personal=True),
    Queue(
        "scheduled",
        _("Scheduled"),
        scheduled,
        entry_of_schedule,
        columns=("due_at",),
        order=("due_at", "key"),
    ),
]
