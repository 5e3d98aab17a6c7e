"""Pages about one thing that the address names: the form, its fields, and what to choose from."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.facets import field_choices, product_choices, region_choices, technology_choices
from futureind.browse.addresses import echoed

# What a page can be about: its choices, and what it is called.
SUBJECTS = {
    "region": (region_choices, gettext_lazy("Region")),
    "technology": (technology_choices, gettext_lazy("Technology")),
    "product": (product_choices, gettext_lazy("Product")),
    "field": (field_choices, gettext_lazy("Field")),
}


class SubjectField(forms.CharField):
    """The slug of a public record; cleans to the record, also for a slug that was given up."""

    default_error_messages = {"unknown": gettext_lazy("“%(value)s” is not on record.")}

    def __init__(self, model, **options):
        self.model = model
        super().__init__(required=False, **options)

    def clean(self, value):
        slug = super().clean(value)
        if not slug:
            return None
        records = self.model.objects.public()
        record = records.filter(slug=slug).first()
        if record is None and (renamed := self.model.renamed_from(slug)) is not None:
            record = records.filter(pk=renamed.pk).first()
        if record is None:
            raise forms.ValidationError(
                self.error_messages["unknown"], code="unknown", params={"value": echoed(slug)}
            )
        return record


class SubjectForm(forms.Form):
    """A form of which at most one SubjectField is filled."""

    @property
    def subject_fields(self):
        return [name for name, field in self.fields.items() if isinstance(field, SubjectField)]

    def clean(self):
        asked = super().clean()
        if sum(bool(self.data.get(name)) for name in self.subject_fields) > 1:
            raise forms.ValidationError(_("Ask for one thing at a time."))
        return asked

    @property
    def kind(self):
        """The name of the field that is filled, None where none is."""
        return next((name for name in self.subject_fields if self.cleaned_data.get(name)), None)

    @property
    def subject(self):
        return self.cleaned_data[self.kind]


def chooser(kinds):
    """Return what a page needs to offer its subjects: ``(parameter, label, choices)`` of each."""
    return {"kinds": [(name, SUBJECTS[name][1], SUBJECTS[name][0]()) for name in kinds]}
