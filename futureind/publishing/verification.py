"""What nobody has read in a source yet, and the note of who read it where and when."""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.publishing import history, proposals
from futureind.publishing.history import Action
from futureind.publishing.records import Confidence, Part, Recorded, owner_of
from futureind.publishing.sources import Source
from futureind.publishing.usage import stands_in_public
from futureind.publishing.workflow import has_column

# Stands for a record or part as a whole, where that is what was recalled.
WHOLE = "*"
# What a reader relies on most, and what matters least; other columns stand between them.
MATTERS_MOST = (
    *("issued_date", "published_date", "document_number", "legal_status", "horizon_year"),
    *("date", "due_date", "value", "title_zh", "issuers"),
)
MATTERS_LEAST = ("website", "official_url", "description_en", "description_zh")


class Verification(models.Model):
    """That somebody read something in a source: what, where, when."""

    open_to_staff = ("view",)

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=gettext_lazy("kind"))
    object_id = models.BigIntegerField(gettext_lazy("record"))
    record = GenericForeignKey("content_type", "object_id")
    record_name = models.CharField(gettext_lazy("name of the record"), max_length=300)
    facts = models.JSONField(gettext_lazy("what was verified"), default=list)
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="verifications", verbose_name=gettext_lazy("source")
    )
    locator = models.CharField(gettext_lazy("locator"), max_length=200, blank=True)
    read_on = models.DateField(gettext_lazy("read on"))
    note = models.TextField(gettext_lazy("note"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="verifications",
        verbose_name=gettext_lazy("user"),
    )
    user_name = models.CharField(gettext_lazy("name of the user"), max_length=150, blank=True)
    at = models.DateTimeField(gettext_lazy("at"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("verification")
        verbose_name_plural = gettext_lazy("verifications")
        ordering = ["-id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="verification_of")]

    def __str__(self):
        return f"{self.record_name} · {self.read_on}"

    @property
    def what(self):
        """What was verified, in words; the kind of the record where it was the whole."""
        # Read from the memory of content types, not from the database.
        kind = ContentType.objects.get_for_id(self.content_type_id)
        return ", ".join(fact_label(kind.model_class(), name) for name in self.facts)


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


def is_of_parts(field):
    return field.auto_created and not field.concrete


def fact_label(model, name):
    """Return what people call a fact of a model; its name where the model has changed since."""
    if name == WHOLE:
        return capfirst(str(model._meta.verbose_name))
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    of_parts = is_of_parts(field)
    label = field.related_model._meta.verbose_name_plural if of_parts else field.verbose_name
    return capfirst(str(label))


def verification_address(record):
    """Return the address of the form in which a record or part is verified."""
    args = [record._meta.label_lower, record.pk]
    return reverse("admin:futureind_verification_new", args=args)


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
        take_marks_off(record, names, source, locator)
        stored = type(owner)._base_manager.get(pk=owner.pk)
        history.record(stored, Action.EDITED, user=user, note=reason)
        return None
    point = transaction.savepoint()
    take_marks_off(record, names, source, locator)
    held = history.snapshot(type(owner)._base_manager.get(pk=owner.pk))
    transaction.savepoint_rollback(point)
    return proposals.propose(owner, held, user, reason)


def take_marks_off(record, names, source, locator):
    """Write onto a record or part that facts were read, and where."""
    model = type(record)
    row = model._base_manager.get(pk=record.pk)
    if WHOLE in names:
        row.confidence = Confidence.VERIFIED
        if has_column(model, "source"):
            row.source = source
    if has_column(model, "unverified_fields"):
        row.unverified_fields = [name for name in row.unverified_fields if name not in names]
    if locator and has_column(model, "locator") and (WHOLE in names or not row.locator):
        row.locator = locator
    row.save()
    if has_column(model, "sources"):
        row.sources.add(source)
