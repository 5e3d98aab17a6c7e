"""What the database holds, read as a whole so that fixtures can be compared with it."""

from collections import defaultdict
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max

from futureind.publishing.models.revisions import Origin, Revision
from futureind.publishing.models.slugs import FormerSlug
from futureind.publishing.snapshots import natural_key_in


class Stored:
    """What the database holds of one model; kept up to date by the loader that reads it."""

    def __init__(self, model):
        self.model = model
        manager = model._base_manager
        names = [f.attname for f in model._meta.concrete_fields]
        keys = manager.values_list("pk", *model.natural_key_fields)
        self.pk_of = {tuple(map(plain, key)): pk for pk, *key in keys}
        self.rows = {row[model._meta.pk.attname]: row for row in manager.values(*names)}

    @cached_property
    def key_of(self):
        return {pk: key for key, pk in self.pk_of.items()}

    @cached_property
    def edited(self):
        """The primary keys of rows that people entered; derived ones are no fixture's business."""
        manager = self.model.objects
        rows = manager.edited() if hasattr(manager, "edited") else manager.all()
        return set(rows.values_list("pk", flat=True))

    @cached_property
    def former(self):
        """Which record once had a natural key that leads to none today.

        A published record that was renamed has kept its slug; of others the loader's own
        revisions tell. The record may be gone.
        """
        kind = ContentType.objects.get_for_model(self.model)
        loaded = Revision.objects.filter(content_type=kind, origin=Origin.LOADER)
        slugs = FormerSlug.objects.filter(content_type=kind)
        return {
            natural_key_in(self.model, snapshot["fields"]): pk
            for pk, snapshot in loaded.values_list("object_id", "snapshot").iterator()
        } | {(slug,): pk for pk, slug in slugs.values_list("object_id", "slug")}

    def add(self, instance, key):
        names = [f.attname for f in self.model._meta.concrete_fields if not f.generated]
        self.rows[instance.pk] = {name: getattr(instance, name) for name in names}
        self.pk_of[key] = instance.pk


def plain(value):
    """Return a value as natural keys have it."""
    return str(value) if hasattr(value, "isoformat") else value


def last_origins():
    """Return who wrote the last revision of each record, by ``(model, primary key)``."""
    last = Revision.objects.order_by().values("content_type", "object_id").annotate(last=Max("id"))
    rows = Revision.objects.order_by().filter(id__in=last.values("last"))
    return {
        (ContentType.objects.get_for_id(kind).model_class(), pk): origin
        for kind, pk, origin in rows.values_list("content_type", "object_id", "origin")
    }


def chosen(choice):
    """Return what each record has chosen in a many-to-many field, as sets of primary keys."""
    pairs = defaultdict(set)
    source, target = choice.m2m_column_name(), choice.m2m_reverse_name()
    for pk, other in choice.remote_field.through._base_manager.values_list(source, target):
        pairs[pk].add(other)
    return pairs
