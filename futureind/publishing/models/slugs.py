"""Slugs that were given up and still lead to their record."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from futureind.core.pointers import AboutRecord, AboutRecordQuerySet

SLUG_LENGTH = 120


class FormerSlugQuerySet(AboutRecordQuerySet):
    def record_for(self, model, slug):
        """Return the record of the model that once had the slug, or None."""
        kind = ContentType.objects.get_for_model(model)
        former = self.filter(content_type=kind, slug=slug).first()
        return former.record if former else None


class FormerSlug(AboutRecord):
    """An address of a record before an administrator renamed it; redirected for good."""

    slug = models.SlugField(_("former slug"), max_length=SLUG_LENGTH)
    given_up_at = models.DateTimeField(_("given up at"), auto_now_add=True)

    objects = FormerSlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("former slug")
        verbose_name_plural = _("former slugs")
        ordering = ["slug", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "slug"], name="former_slug_unique_per_kind"
            )
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="former_slug_record")]

    def __str__(self):
        return self.slug
