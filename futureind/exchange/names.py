"""What the cells of an import refer to: records of the database and new ones of the same file."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from futureind.exchange.values import CellError, Reference, written_key
from futureind.loading.stored import plain
from futureind.publishing.models.slugs import FormerSlug
from futureind.search.text import document_number, normalised

AMBIGUOUS = object()


class Names:
    """Natural keys by what a cell may say: the key itself, a former slug, a document number."""

    def __init__(self):
        self._keys = {}
        self._pks = {}

    def pk(self, model, key):
        """Return the primary key of a stored record, None for a new one."""
        self.keys(model)
        return self._pks[model].get(key)

    def keys(self, model):
        if model not in self._keys:
            self.load(model)
        return self._keys[model]

    def load(self, model):
        also = [name] if (name := getattr(model, "also_named_by", "")) else []
        rows = model._base_manager.values_list("pk", *model.natural_key_fields, *also)
        found, pks = {}, {}
        count = len(model.natural_key_fields)
        for pk, *values in rows:
            key = tuple(map(plain, values[:count]))
            pks[key] = pk
            found[written_key(key)] = key
        key_of = {pk: key for key, pk in pks.items()}
        former = FormerSlug.objects.filter(content_type=ContentType.objects.get_for_model(model))
        for slug, pk in former.values_list("slug", "object_id"):
            if pk in key_of:
                found.setdefault(slug, key_of[pk])
        self._keys[model], self._pks[model] = found, pks
        if also:
            for pk, *values in rows:
                self.name_also(model, key_of[pk], values[count])

    def add(self, model, key, other_name=""):
        """Remember a record that the file makes."""
        self.keys(model)[written_key(key)] = key
        self.name_also(model, key, other_name)

    def name_also(self, model, key, name):
        if name:
            found, name = self.keys(model), as_compared(name)
            found[name] = key if found.get(name, key) == key else AMBIGUOUS

    def find(self, model, text):
        """Return the key that a cell means, None where there is none."""
        found = self.keys(model)
        key = found.get(text) or found.get(as_compared(text))
        if key is AMBIGUOUS:
            raise CellError(_("Several records have the number “%(name)s”.") % {"name": text})
        return key

    def resolve(self, reference):
        """Return the natural key of a reference, as snapshots hold it; raises CellError."""
        key = self.find(reference.model, reference.text)
        if key is None:
            kind = reference.model._meta.verbose_name
            message = _("There is no %(kind)s “%(name)s”.")
            raise CellError(message % {"kind": kind, "name": reference.text})
        return list(key)

    def resolved(self, value):
        """Return a value with keys in the place of references."""
        if isinstance(value, Reference):
            return self.resolve(value)
        if isinstance(value, list) and value and isinstance(value[0], Reference):
            return sorted(self.resolve(reference) for reference in dict.fromkeys(value))
        return value


def as_compared(text):
    """Return a slug or number without what is written differently from sheet to sheet."""
    return normalised(folded_number(text))


def folded_number(text):
    return document_number(text) or text
