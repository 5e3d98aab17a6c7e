"""Abstract models of rows about a record of any kind (generic foreign key), or with an actor."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AboutRecordQuerySet(models.QuerySet):
    def of(self, record):
        """Return the rows about one record."""
        return self.of_key(type(record), record.pk)

    def of_key(self, model, pk):
        """Return the rows about the record with that primary key."""
        return self.filter(content_type=ContentType.objects.get_for_model(model), object_id=pk)

    def of_any(self, records):
        """Return the rows about one or more records, of whatever kinds."""
        keys = {}
        for record in records:
            keys.setdefault(ContentType.objects.get_for_model(record), []).append(record.pk)
        about = [models.Q(content_type=kind, object_id__in=pks) for kind, pks in keys.items()]
        return self.filter(reduce(or_, about))


class AboutRecord(models.Model):
    """A row about a record of any kind; deleted with the content type of that kind."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("record"))
    record = GenericForeignKey("content_type", "object_id")

    objects = AboutRecordQuerySet.as_manager()

    class Meta:
        abstract = True


class AboutNamedRecord(AboutRecord):
    """A row that outlives its record and keeps the record's name."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"))
    record_name = models.CharField(_("name of the record"), max_length=300)

    class Meta:
        abstract = True


class DoneBy(models.Model):
    """A row that says which user did something, None for a command."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    # A copy, since the account may be deleted.
    user_name = models.CharField(_("name of the user"), max_length=150, blank=True)

    class Meta:
        abstract = True
