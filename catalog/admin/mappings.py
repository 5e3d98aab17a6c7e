"""Rows that tie a record to the vocabulary."""

from django import forms

from catalog.models import Basis
from futureind.editing.inlines import RecordInline


class MappingForm(forms.ModelForm):
    """Form of a mapping row that somebody enters.

    An entry takes the place of the row that was derived from the plan's tracks, which would
    otherwise forbid it as a repetition.
    """

    def clean(self):
        data = super().clean() or self.cleaned_data
        if self.instance.pk is None and self.instance_owner_is_stored():
            same = {name: data.get(name) for name in self.pair_columns()}
            derived = self._meta.model._base_manager.filter(basis=Basis.DERIVED, **same).first()
            if derived is not None:
                self.instance.pk = derived.pk
                self.instance._state.adding = False
        return data

    def instance_owner_is_stored(self):
        return getattr(self.instance, f"{self._meta.model.owner_field}_id") is not None

    def pair_columns(self):
        return [lookup.split("__")[0] for lookup in self._meta.model.natural_key_fields]


class MappingInline(RecordInline):
    """Mapping rows as people enter them; derived ones are neither shown nor offered."""

    form = MappingForm

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(basis=Basis.DERIVED)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "basis":
            kwargs["choices"] = [c for c in db_field.choices if c[0] != Basis.DERIVED]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


def mapping_inline(mapping):
    """Return the inline for a mapping model: its target, its order, and its basis."""
    target = mapping.natural_key_fields[1].split("__")[0]
    columns = [f.name for f in mapping._meta.fields if f.name in ("match", "basis")]
    attributes = {
        "model": mapping,
        "fields": ("order", target, *sorted(columns, reverse=True)),
        "autocomplete_fields": (target,),
    }
    return type(f"{mapping.__name__}Inline", (MappingInline,), attributes)
