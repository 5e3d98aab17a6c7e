"""The base classes of all records: with a history, parts and a publication state."""

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models import ProtectedError, Q
from django.utils.functional import classproperty
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.core.constraints import one_of
from futureind.core.text_columns import PlainTexts

URL_LENGTH = 1000
# Metadata of the record, for which there is no source to name.
OWN_COLUMNS = (
    *("id", "slug", "publication_state", "first_published_at", "changed_at"),
    *("confidence", "unverified_fields"),
)


class Confidence(models.TextChoices):
    """How sure a fact is: read in a source, or known and still to be checked."""

    VERIFIED = "verified", _("verified")
    RECALLED = "recalled", _("to be verified")


class PublicationState(models.TextChoices):
    """State of our record; the legal status of a policy is another thing."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in-review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


# A state is left only for these; nothing that was once public becomes a draft again.
ONCE_PUBLIC = (PublicationState.PUBLISHED, PublicationState.WITHDRAWN)


class PlainlyMigrated:
    """Mixin of our field classes: migrations name Django's class, so that ours may be moved."""

    def deconstruct(self):
        name, _path, args, options = super().deconstruct()
        django_class = next(c for c in type(self).__mro__ if c.__module__.startswith("django."))
        return name, f"django.db.models.{django_class.__name__}", args, options


class ConfidenceField(PlainlyMigrated, models.CharField):
    """Column for :class:`Confidence`; a new fact is to be verified until somebody read it."""

    def __init__(self, **options):
        options.setdefault("verbose_name", _("confidence"))
        options.setdefault("max_length", 10)
        options.setdefault("choices", Confidence.choices)
        options.setdefault("default", Confidence.VERIFIED)
        super().__init__(**options)


class PublicationStateField(PlainlyMigrated, models.CharField):
    """Column for :class:`PublicationState`; only the workflow writes it."""

    def __init__(self, **options):
        options.setdefault("verbose_name", _("publication state"))
        options.setdefault("max_length", 10)
        options.setdefault("choices", PublicationState.choices)
        options.setdefault("default", PublicationState.DRAFT)
        options.setdefault("db_index", True)
        options.setdefault("editable", False)
        super().__init__(**options)


class WebAddressField(PlainlyMigrated, models.URLField):
    """An http or https address of at most 1,000 characters."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, verbose_name=None, **options):
        options.setdefault("max_length", URL_LENGTH)
        options.setdefault("blank", True)
        super().__init__(verbose_name, **options)


class AliasField(PlainlyMigrated, models.TextField):
    """Other names of a thing, one a line, so that they can be searched as plain text."""

    def __init__(self, verbose_name=None, **options):
        options.setdefault("blank", True)
        options.setdefault("help_text", _("One name a line."))
        options.setdefault("validators", [MaxLengthValidator(2000)])
        super().__init__(verbose_name, **options)


def not_itself(*, name, field="parent"):
    """Return a database constraint: a record is not its own ``field``."""
    return models.CheckConstraint(
        condition=~Q(**{field: models.F("id")}) | Q(**{f"{field}__isnull": True}),
        name=name,
        violation_error_message=_("A record cannot stand above itself."),
    )


def refuse_parent_cycle(record, field="parent"):
    """Raise ValidationError where following ``field`` upwards from the record leads back to it."""
    seen, above = {record.pk}, getattr(record, field)
    while above is not None:
        if above.pk in seen and above.pk is not None:
            message = _("This would make a circle: “%(name)s” stands below this record.")
            raise ValidationError({field: ValidationError(message, params={"name": above})})
        seen.add(above.pk)
        above = getattr(above, field)


class RecordQuerySet(models.QuerySet):
    """Querysets of records that are named in fixtures by a natural key."""

    def get_by_natural_key(self, *key):
        return self.get(**dict(zip(self.model.natural_key_fields, key, strict=True)))


class OpenToEditors:
    """Mixin of models that editors work on: what they may do, for the table of roles."""

    @classproperty
    def open_to_staff(cls):
        return ("view",) if is_taxonomy(cls) else ("view", "add", "change")

    @classproperty
    def open_to_reviewers(cls):
        # Only drafts: a record that was once published refuses by itself.
        return ("delete",) if issubclass(cls, Reviewed | Part) and not is_taxonomy(cls) else ()


class Part(OpenToEditors, PlainTexts):
    """Something that belongs to a record: edited, versioned and public with its owner.

    ``owner_field`` names the foreign key to the owner; ``natural_key_fields`` are the lookups
    that name the part in fixtures.
    """

    owner_field: str
    natural_key_fields: tuple[str, ...]

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self):
        key = []
        for lookup in self.natural_key_fields:
            value = self
            for step in lookup.split("__"):
                value = getattr(value, step)
            key.append(str(value) if hasattr(value, "isoformat") else value)
        return tuple(key)


class Recorded(OpenToEditors, PlainTexts):
    """A record whose changes pass through :func:`futureind.publishing.history.record`.

    What is not :class:`Reviewed` has no state of its own, and visitors see it only where another
    record names it.
    """

    # Reverse names of the parts that are versioned with the record, in the order they are shown.
    parts: tuple[str, ...] = ()
    natural_key_fields: tuple[str, ...] = ("slug",)
    # Whether it is part of the taxonomy, which only administrators change.
    is_taxonomy = False
    # Whether it can only be published with a source.
    requires_source = False

    changed_at = models.DateTimeField(
        _("last changed"), null=True, blank=True, editable=False, db_index=True
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    natural_key = Part.natural_key


def to_verify(model):
    """Return the names of the columns and parts of a model that are verified in a source."""
    columns = (*model._meta.fields, *model._meta.many_to_many)
    return [*(column.name for column in columns if column.name not in OWN_COLUMNS), *model.parts]


def owner_model(model):
    """Return the model of the records with which parts of a model are versioned, or the model."""
    while issubclass(model, Part) and not issubclass(model, Recorded):
        model = model._meta.get_field(model.owner_field).related_model
    return model


def is_taxonomy(model):
    """Tell whether only administrators change a model: itself or the owner of a part."""
    return owner_model(model).is_taxonomy


def owner_of(record):
    """Return the record with which a part is versioned; a record is its own owner."""
    while isinstance(record, Part) and not isinstance(record, Recorded):
        record = getattr(record, record.owner_field)
    return record


def public_condition(model):
    """Return the condition that visitors see a record or part: its own state, and those above it.

    What has no state is seen wherever it is named.
    """
    path = ""
    while issubclass(model, Part) and not issubclass(model, Recorded):
        path += f"{model.owner_field}__"
        model = model._meta.get_field(model.owner_field).related_model
    if not issubclass(model, Reviewed):
        return Q()
    condition = Q(**{f"{path}publication_state": PublicationState.PUBLISHED})
    for owner in model.public_owners:
        condition &= Q(**{f"{path}{owner}__publication_state": PublicationState.PUBLISHED})
    return condition


class ReviewedQuerySet(RecordQuerySet):
    """Records that are drafted, reviewed and published."""

    def public(self):
        """Return what visitors may see: published, and so is every owner above it."""
        return self.filter(public_condition(self.model))

    def delete(self):
        """Delete drafts.

        Raises ProtectedError where one of the records was once published: withdraw it instead.
        """
        kept = list(self.filter(publication_state__in=ONCE_PUBLIC)[:20])
        if kept:
            raise ProtectedError(once_published_message(len(kept)), set(kept))
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


def once_published_message(count):
    return ngettext(
        "It was published once, so it can be withdrawn but not deleted.",
        "They were published once, so they can be withdrawn but not deleted.",
        count,
    )


class Reviewed(Recorded):
    """A record that is reviewed as a whole, with a state of its own."""

    # Lookups of the records whose publication this one waits for.
    public_owners: tuple[str, ...] = ()

    publication_state = PublicationStateField()
    # Written with the history, and never again: a record that was withdrawn keeps its day.
    first_published_at = models.DateTimeField(
        _("first published here"), null=True, blank=True, editable=False, db_index=True
    )

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def was_published(self):
        """True for what visitors could see at some time."""
        return self.publication_state in ONCE_PUBLIC

    @property
    def recorded_at(self):
        """When the record was first public, and all that its publication waits for; else None."""
        times = [record.first_published_at for record in self.decided_by]
        return None if None in times else max(times)

    @property
    def decided_by(self):
        """The records whose states decide whether visitors see this one, itself first."""
        records = [self]
        for owner in self.public_owners:
            record = self
            for step in owner.split("__"):
                record = getattr(record, step)
            records.append(record)
        return records

    @property
    def is_public(self):
        """True where visitors see the record now, its owners included."""
        return all(r.publication_state == PublicationState.PUBLISHED for r in self.decided_by)

    def delete(self, *args, **kwargs):
        """Delete a draft; raises ProtectedError for what was once published."""
        if self.was_published:
            raise ProtectedError(once_published_message(1), {self})
        return super().delete(*args, **kwargs)

    delete.alters_data = True


def unverified_fields_column():
    """Return the column that lists which other columns of a verified record are to be checked."""
    return models.JSONField(
        _("columns to be verified"),
        default=list,
        blank=True,
        help_text=_("Names of the columns that nobody has read in a source yet."),
    )


def state_known(model):
    """Return the constraint on ``publication_state`` for the model of that name."""
    return one_of("publication_state", PublicationState, name=f"{model}_state_known")


def confidence_known(model):
    """Return the constraint on ``confidence`` for the model of that name."""
    return one_of("confidence", Confidence, name=f"{model}_confidence_known")


# Stands for a record or part as a whole, where that is what was recalled.
WHOLE = "*"


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
