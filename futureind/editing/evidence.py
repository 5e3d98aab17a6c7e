"""What the form of a record says of its evidence: what is to be verified, who verified what."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, Q, Value
from django.urls import reverse

from futureind.desk.models import Verification
from futureind.desk.queues import named
from futureind.desk.translations import rendered_names
from futureind.desk.verification import (
    facts_of,
    models_in_doubt,
    rows_in_doubt,
    verification_address,
)
from futureind.publishing.models.records import Recorded

# A long plan has more; they stand in the list on the front page, and among the verifications.
SHOWN = 30


def evidence_context(record, *, may_change):
    """Return what the form of a record shows of its evidence, for its template."""
    context = {"verifications": verifications_of(record)}
    if may_change:
        context["to_verify"] = to_verify(record)
        context["marking_address"] = marking_address(record)
    return context


def with_parts(record):
    """Return pairs of a model and the condition on its rows: the record itself, then its parts."""
    found = [(type(record), Q(pk=record.pk))]
    for name in getattr(record, "parts", ()):
        model = record._meta.get_field(name).related_model
        found.append((model, Q(**{model.owner_field: record.pk})))
    return found


def to_verify(record):
    """Return what is to be verified of a record and its parts, as ``(name, facts, address)``.

    The name of the record itself is empty. One query, and one for each kind that is in doubt.
    """
    doubtful = set(models_in_doubt())
    parts = [
        rows_in_doubt(model)
        .filter(condition)
        .annotate(label=Value(model._meta.label, CharField()), key=F("pk"))
        .values_list("rank", "label", "key")
        for model, condition in with_parts(record)
        if model in doubtful
    ]
    if not parts:
        return []
    rows = list(parts[0].union(*parts[1:], all=True).order_by("rank", "label", "key")[:SHOWN])
    found = {}
    for label in {label for _rank, label, _key in rows}:
        model = apps.get_model(label)
        found[label] = named(model).in_bulk([key for _rank, of, key in rows if of == label])
    return [
        (
            "" if row == record else str(row),
            ", ".join(fact.label for fact in facts_of(row, with_values=False)),
            verification_address(row),
        )
        for row in (found[label][key] for _rank, label, key in rows)
    ]


def verifications_of(record):
    """Return who verified what of a record and its parts, newest first."""
    condition = Q(pk__in=())
    for model, rows in with_parts(record):
        kind = ContentType.objects.get_for_model(model)
        keys = model._base_manager.filter(rows).values("pk")
        condition |= Q(content_type=kind, object_id__in=keys)
    return Verification.objects.filter(condition).select_related("source", "user")[:SHOWN]


def marking_address(record):
    """Return where texts are marked as a machine's.

    None for what has no text in both languages, and for a part: its owner has the page.
    """
    columns = [
        field.name for model, _rows in with_parts(record) for field in model._meta.concrete_fields
    ]
    if not isinstance(record, Recorded) or not rendered_names(columns):
        return None
    args = [record._meta.label_lower, record.pk]
    return reverse("admin:desk_machinerendering_mark", args=args)
