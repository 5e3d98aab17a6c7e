"""Verification: which facts nobody has read in a source yet, and who read which one where."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from futureind.core.trials import undone
from futureind.desk.models import Verification
from futureind.publishing import history, proposals
from futureind.publishing.models.records import (
    WHOLE,
    Confidence,
    Part,
    Recorded,
    fact_label,
    is_of_parts,
    owner_of,
)
from futureind.publishing.models.revisions import Action
from futureind.publishing.models.sources import HAN
from futureind.publishing.snapshots import snapshot
from futureind.publishing.usage import stands_in_public
from futureind.publishing.workflow import has_column

# What a reader relies on most, and what matters least; other columns stand between them.
MATTERS_MOST = (
    *("issued_date", "published_date", "document_number", "legal_status", "horizon_year"),
    *("date", "due_date", "value", "title_zh", "issuers"),
)
MATTERS_LEAST = ("website", "official_url", "description_en", "description_zh")


@dataclass(frozen=True)
class Fact:
    """Something to be verified: a column, or a record or part as a whole."""

    name: str
    label: str
    value: str


def facts_of(record, *, with_values=True):
    """Return what is to be verified of a record or part, as a list of :class:`Fact`.

    Without values nothing is asked of the database.
    """
    options, found = record._meta, []
    if getattr(record, "confidence", None) == Confidence.RECALLED:
        found.append(Fact(WHOLE, fact_label(type(record), WHOLE), str(record)))
    for name in getattr(record, "unverified_fields", ()):
        field = options.get_field(name)
        is_shown = with_values and not is_of_parts(field)
        value = shown_value(record, field) if is_shown else ""
        found.append(Fact(name, fact_label(type(record), name), value))
    return found


def verification_address(record):
    """Return the address of the form in which a record or part is verified."""
    args = [record._meta.label_lower, record.pk]
    return reverse("admin:desk_verification_new", args=args)


def shown_value(record, field):
    if field.many_to_many:
        return ", ".join(str(row) for row in getattr(record, field.name).all())
    display = getattr(record, f"get_{field.name}_display", None)
    value = display() if display else getattr(record, field.name)
    return "" if value is None else str(value)


# The queue


def models_in_doubt():
    """Return the models of which something may be to be verified, in the order of the apps."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Recorded | Part)
        and (has_column(model, "confidence") or has_column(model, "unverified_fields"))
    ]


def in_doubt(user):
    """Return what a user may verify, as querysets of one kind each, with a ``rank`` to sort by."""
    return [
        rows_in_doubt(model)
        for model in models_in_doubt()
        if user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")
    ]


def rows_in_doubt(model):
    doubt, ranks = Q(pk__in=()), []
    rows = model._base_manager.order_by()
    if has_column(model, "confidence"):
        recalled = Q(confidence=Confidence.RECALLED)
        doubt |= recalled
        ranks.append(When(recalled, then=Value(1)))
    if has_column(model, "unverified_fields"):
        rows = rows.annotate(listed=Cast("unverified_fields", models.TextField()))
        doubt |= ~Q(unverified_fields=[])
        ranks.append(When(names_one_of(MATTERS_MOST), then=Value(0)))
        ranks.append(When(names_one_of(MATTERS_LEAST), then=Value(3)))
    rank = Case(*ranks, default=Value(2), output_field=models.PositiveSmallIntegerField())
    return rows.filter(doubt).annotate(rank=rank)


def names_one_of(columns):
    condition = Q(pk__in=())
    for column in columns:
        condition |= Q(listed__contains=f'"{column}"')
    return condition


# Verifying


@history.in_turn()
def verify(record, names, *, source, read_on, user, locator="", note=""):
    """Note that somebody read facts of a record or part in a source, and take the marks off.

    On a published record the marks go when another person has approved it. Parameters: ``names``,
    those of the facts (:func:`facts_of`). Returns the Proposal, None where none was needed.
    """
    labels = [fact.label for fact in facts_of(record) if fact.name in names]
    where = ", ".join(filter(None, [str(source), locator]))
    reason = _("Verified: %(what)s. Read in %(where)s on %(day)s.") % {
        "what": ", ".join(labels),
        "where": where,
        "day": read_on,
    }
    reason = " ".join(filter(None, [reason, note]))
    Verification.objects.create(
        record=record,
        record_name=str(record)[:300],
        facts=sorted(names),
        source=source,
        locator=locator,
        read_on=read_on,
        note=note,
        user=user,
        user_name=user.get_username(),
    )
    owner = owner_of(record)
    type(owner)._base_manager.select_for_update().get(pk=owner.pk)
    if not stands_in_public(owner):
        take_marks_off(record, names, source, read_on, locator)
        stored = type(owner)._base_manager.get(pk=owner.pk)
        history.record(stored, Action.EDITED, user=user, note=reason)
        return None
    with undone():
        take_marks_off(record, names, source, read_on, locator)
        held = snapshot(type(owner)._base_manager.get(pk=owner.pk))
    return proposals.propose(owner, held, user, reason)


def take_marks_off(record, names, source, read_on, locator):
    """Write onto a record or part that facts were read, when and where."""
    model = type(record)
    row = model._base_manager.get(pk=record.pk)
    if WHOLE in names:
        row.confidence = Confidence.VERIFIED
        if has_column(model, "source"):
            row.source = source
    if has_column(model, "unverified_fields"):
        row.unverified_fields = [name for name in row.unverified_fields if name not in names]
    if locator and has_column(model, "locator_zh") and (WHOLE in names or not row.locator):
        locate(row, source, read_on, locator)
    row.save()
    if has_column(model, "sources"):
        row.sources.add(source)


def locate(row, source, read_on, locator):
    """Write where a claim stands: headings as printed in Chinese, other words in English."""
    row.locator_en, row.locator_zh = ("", locator) if HAN.search(locator) else (locator, "")
    if has_column(type(row), "quotation") and not row.quotation:
        row.quotation_source, row.read_on = source, read_on
