"""Which English texts no longer render the Chinese ones that they were made from.

The texts of the tracker are Chinese in origin. When a Chinese text changes and its English
rendering does not, the pair is out of step until somebody edits or confirms the English one.
"""

from dataclasses import dataclass

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from futureind.publishing.records import Part, owner_of

# Lists of other names in each language, which do not render each other.
NOT_RENDERED = {"aliases"}
PATH_LENGTH = 300


class StaleTranslation(models.Model):
    """A text of a record, or of one of its parts, whose English rendering is out of step."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("record"))
    record = GenericForeignKey("content_type", "object_id")
    # From the record to the text: "summary", or "tracks/beijing--quantum/name" for that of a part.
    path = models.CharField(_("text"), max_length=PATH_LENGTH)
    source_was = models.TextField(_("Chinese before"))
    source_now = models.TextField(_("Chinese now"))
    translation = models.TextField(_("English"))
    since = models.DateTimeField(_("since"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("translation out of step")
        verbose_name_plural = _("translations out of step")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "path"], name="stale_translation_unique"
            )
        ]

    def __str__(self):
        return f"{self.record} · {self.label}"

    @property
    def label(self):
        """What the text is, in words: the column, with the part that it stands in."""
        *above, column = self.path.split("/")
        model = self.content_type.model_class()
        names = []
        try:
            for part, key in zip(above[::2], above[1::2], strict=True):
                model = model._meta.get_field(part).related_model
                names.append(f"{capfirst(model._meta.verbose_name)} {key}")
            field = model._meta.get_field(f"{column}_en")
        except FieldDoesNotExist:
            # The model has changed since.
            return self.path
        return " · ".join([*names, capfirst(str(field.verbose_name))])


@dataclass(frozen=True)
class Rendering:
    """A Chinese text and its English rendering."""

    zh: str
    en: str


def renderings(snapshot, model, path=""):
    """Return the texts of a snapshot in both languages, as ``{path: Rendering}``."""
    fields = snapshot["fields"]
    found = {
        f"{path}{name}"[:PATH_LENGTH]: Rendering(fields[f"{name}_zh"], fields[f"{name}_en"])
        for name in rendered_names(fields)
    }
    for relation, parts in snapshot["parts"].items():
        part_model = model._meta.get_field(relation).related_model
        for part in parts:
            found |= renderings(part, part_model, f"{path}{relation}/{key_in(part, part_model)}/")
    return found


def rendered_names(fields):
    """Return the names of the columns that exist in both languages."""
    names = (name.removesuffix("_zh") for name in fields if name.endswith("_zh"))
    return [name for name in names if f"{name}_en" in fields and name not in NOT_RENDERED]


def key_in(part, model):
    """Return what names a part within its owner."""
    columns = [lookup.split("__")[0] for lookup in model.natural_key_fields]
    values = [part["fields"].get(name) for name in columns if name != model.owner_field]
    return "-".join(str(value).replace("/", "-") for value in values)


def follow(record, before, after):
    """Note what a change of a record does to its renderings; the two are its snapshots."""
    model = type(record)
    was, now = renderings(before, model), renderings(after, model)
    if was == now:
        return
    known = {row.path: row for row in of(record)}
    for path in known.keys() - now.keys():
        known[path].delete()
    for path, rendering in now.items():
        row = known.get(path)
        if row is not None:
            keep_up(row, rendering)
        elif path in was and is_left_behind(was[path], rendering):
            StaleTranslation.objects.create(
                record=record,
                path=path,
                source_was=was[path].zh,
                source_now=rendering.zh,
                translation=rendering.en,
            )


def is_left_behind(was, now):
    """Tell whether the Chinese text changed and its English rendering did not."""
    return bool(was.zh and now.zh and now.en) and was.zh != now.zh and was.en == now.en


def keep_up(row, rendering):
    """Settle a row whose English was edited, or whose Chinese is again what it was."""
    if rendering.en != row.translation or rendering.zh in ("", row.source_was):
        row.delete()
    elif rendering.zh != row.source_now:
        row.source_now = rendering.zh
        row.save(update_fields=["source_now"])


def of(record):
    """Return what is out of step in a record, or in one part of it, oldest first."""
    owner = owner_of(record)
    kind = ContentType.objects.get_for_model(owner)
    rows = StaleTranslation.objects.filter(content_type=kind, object_id=owner.pk)
    if owner is record or not isinstance(record, Part):
        return rows
    for relation in owner.parts:
        if owner._meta.get_field(relation).related_model is type(record):
            return rows.filter(path__startswith=f"{relation}/{record.natural_key()[-1]}/")
    return rows.none()


@transaction.atomic
def confirm(rows):
    """Settle rows whose English rendering still fits, and let the public pages know."""
    from futureind.publishing import history

    records = list({(row.content_type_id, row.object_id): row.record for row in rows}.values())
    for row in rows:
        row.delete()
    history.announce([record for record in records if record is not None])
