"""Records with a slug: a former slug redirects to its record for good."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from futureind.publishing.models.records import (
    Recorded,
    RecordQuerySet,
    Reviewed,
    ReviewedQuerySet,
    to_verify,
)
from futureind.publishing.models.slugs import SLUG_LENGTH, FormerSlug


def refuse_former_slug(record):
    """Raise ValidationError where the record's slug is a former slug of another one."""
    holder = type(record).renamed_from(record.slug)
    if holder is not None and holder.pk != record.pk:
        message = _("This slug once led to “%(name)s” and still does. Choose another.")
        raise ValidationError({"slug": ValidationError(message, params={"name": holder})})


class SluggedQuerySet(RecordQuerySet):
    """Records by slug; a former slug finds its record as well."""

    def get_by_natural_key(self, slug):
        try:
            return self.get(slug=slug)
        except self.model.DoesNotExist:
            renamed = self.model.renamed_from(slug)
            if renamed is None:
                raise
            return renamed


class Slugged(Recorded):
    """A record with a slug; a slug that was replaced redirects to the record for good."""

    slug = models.SlugField(
        _("slug"),
        max_length=SLUG_LENGTH,
        unique=True,
        help_text=_("Part of the public address. Fixed once the record was published."),
    )

    # A column whose values name a record as well as its slug does, where there is one.
    also_named_by = ""

    objects = SluggedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def slug_for(cls, columns):
        """Return the slug that fits a new record, "" where the columns say too little.

        ``columns`` are texts by name; a reference is the natural key of what it names.
        """
        names = ("name_en", "title_en", "term_en")
        return slugify(next((columns[name] for name in names if columns.get(name)), ""))

    @classmethod
    def known_titles(cls):
        """Return what finds records with nearly the same title, None where nobody asks.

        It has ``like(record)``, which returns them, and ``add(record)`` for one that is not stored.
        """
        return None

    def is_another(self, said):
        """Tell whether ``said``, which names this record not by its slug, means another thing."""
        return False

    @classmethod
    def renamed_from(cls, slug):
        """Return the record that once had this slug, or None."""
        return FormerSlug.objects.record_for(cls, slug)

    def clean(self):
        super().clean()
        refuse_former_slug(self)
        self.clean_unverified_fields()

    def clean_unverified_fields(self):
        """Raise ValidationError where ``unverified_fields`` names what cannot be verified."""
        for name in getattr(self, "unverified_fields", ()) or ():
            if name not in to_verify(type(self)):
                message = _("There is no column “%(name)s”.")
                raise ValidationError(
                    {"unverified_fields": ValidationError(message, params={"name": name})}
                )


class PublishableQuerySet(ReviewedQuerySet, SluggedQuerySet):
    """Reviewed records with public pages."""


class Publishable(Reviewed, Slugged):
    """A reviewed record with a public page of its own."""

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self):
        return reverse(self.url_name, args=[self.slug])
