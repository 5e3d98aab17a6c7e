"""What waits for somebody: the lists on the front page of the admin.

A queue is declared once, by the module that knows its rows, and shown in the order of declaration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from futureind.publishing import roles
from futureind.publishing.authorship import Authorship
from futureind.publishing.history import Action, Revision
from futureind.publishing.proposals import Proposal, ProposalState
from futureind.publishing.records import PublicationState, Publishable
from futureind.publishing.scheduling import Schedule


@dataclass(frozen=True)
class Entry:
    """A line of a queue: what waits, where it is acted on, since when (or for when)."""

    title: str
    address: str
    at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True)
class Queue:
    """A list of what waits.

    ``rows`` takes a user and returns a queryset, whose length is the number that is shown;
    ``entries`` takes a slice of it and returns its :class:`Entry` list. A queue that is a filtered
    list of the admin has an ``address`` in place of entries: it shows the same rows.
    ``is_for`` tells for whom it is there at all.
    """

    name: str
    title: str
    rows: Callable[[Any], Any]
    entries: Callable[[Any], list[Entry]] | None = None
    address: str | Callable[[], str] = ""
    is_for: Callable[[Any], bool] = lambda user: True

    def link(self):
        """Return the address of the list with all its rows."""
        if self.address:
            return self.address() if callable(self.address) else self.address
        return reverse("admin:work", args=[self.name])


QUEUES: list[Queue] = []


def declare(queue):
    """Put a queue at the end of the front page; returns it."""
    QUEUES.append(queue)
    return queue


def queues_for(user):
    return [queue for queue in QUEUES if queue.is_for(user)]


# Records of all kinds and proposals, in one list


def publishable_models():
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


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


def in_one_list(conditions):
    """Return ``(label of the model, primary key, changed at)`` rows, newest first.

    Parameter: ``conditions``, pairs of a model and a condition on its rows.
    """
    parts = [
        model._base_manager.filter(condition)
        .order_by()
        .annotate(label=Value(model._meta.label, CharField()))
        .values_list("label", "pk", "changed_at")
        for model, condition in conditions
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-changed_at", "label", "-pk")


def entries_of(rows):
    """Return the entries of rows of :func:`in_one_list`, reading the records of a kind at once."""
    rows, found = list(rows), {}
    for label in {label for label, _pk, _at in rows}:
        model = apps.get_model(label)
        found[label] = named(model).in_bulk([pk for of, pk, _at in rows if of == label])
    return [entry_of(found[label][pk], at) for label, pk, at in rows if pk in found[label]]


def named(model):
    """Return the rows of a model with all that their names are made of."""
    if model is Proposal:
        return Proposal.objects.defer("snapshot")
    to_one = [field.name for field in model._meta.concrete_fields if field.many_to_one]
    return model._base_manager.select_related(*to_one)


def entry_of(record, at):
    options = record._meta
    page = "change"
    if isinstance(record, Publishable) and record.publication_state == PublicationState.IN_REVIEW:
        page = "review"
    address = reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[record.pk])
    title = record.record_name if isinstance(record, Proposal) else str(record)
    return Entry(title, address, at, str(options.verbose_name))


def drafts_of(user):
    return in_one_list(
        (model, Q(publication_state=PublicationState.DRAFT) & mine(model, user) & ~sent_back(model))
        for model in publishable_models()
    )


def returned_to(user):
    draft = Q(publication_state=PublicationState.DRAFT)
    records = [
        (model, draft & mine(model, user) & sent_back(model)) for model in publishable_models()
    ]
    proposals = Q(state=ProposalState.RETURNED) & mine(Proposal, user)
    return in_one_list([*records, (Proposal, proposals)])


def to_review_by(user):
    waiting = Q(publication_state=PublicationState.IN_REVIEW)
    records = [(model, waiting & ~mine(model, user)) for model in publishable_models()]
    proposals = Q(state=ProposalState.IN_REVIEW) & ~mine(Proposal, user)
    return in_one_list([*records, (Proposal, proposals)])


def handed_in_by(user):
    waiting = Q(publication_state=PublicationState.IN_REVIEW)
    records = [(model, waiting & mine(model, user)) for model in publishable_models()]
    proposals = Q(state=ProposalState.IN_REVIEW) & mine(Proposal, user)
    return in_one_list([*records, (Proposal, proposals)])


def conflicts_for(user):
    """Return the proposals whose record has moved on: one's own, for who decides all of them."""
    moved_on = Q(pk__in=Proposal.objects.moved_on().order_by().values("pk"))
    return in_one_list(
        [(Proposal, moved_on if roles.decides(user) else moved_on & mine(Proposal, user))]
    )


def scheduled(user):
    return Schedule.objects.waiting()


def entries_of_schedule(rows):
    return [
        Entry(
            planned.record_name,
            reverse("admin:futureind_schedule_change", args=[planned.pk]),
            planned.due_at,
            planned.get_move_display(),
        )
        for planned in rows
    ]


declare(Queue("review", _("Awaiting my review"), to_review_by, entries_of, is_for=roles.decides))
declare(Queue("returned", _("Sent back to me"), returned_to, entries_of))
declare(Queue("conflicts", _("Conflicts"), conflicts_for, entries_of))
declare(Queue("drafts", _("My drafts"), drafts_of, entries_of))
declare(Queue("handed-in", _("Handed in by me"), handed_in_by, entries_of))
declare(Queue("scheduled", _("Scheduled"), scheduled, entries_of_schedule))
