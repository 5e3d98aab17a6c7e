"""Form fields and formsets of the admin, shared by the pages of records and their inlines."""

import re

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import BadRequest
from django.db import models
from django.urls import NoReverseMatch
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from futureind.core.bilingual import CHINESE, ENGLISH
from futureind.core.form_fields import KnownChoices, KnownMultipleChoiceField, OneOfMany
from futureind.publishing.models.records import fact_label, owner_of, to_verify
from futureind.publishing.models.slugs import SLUG_LENGTH


def public_address(record):
    """Return the address of the public page of a record or part, None where there is none."""
    if not hasattr(record, "get_absolute_url") or not owner_of(record).is_public:
        return None
    try:
        return record.get_absolute_url()
    except NoReverseMatch:
        return None


class PlainTextField(forms.CharField):
    """A text whose lines end as they are kept, so that an untouched text is not a change."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class RecordForm(forms.ModelForm):
    """Form of a record, with the reason that goes into its history."""

    # True where what was typed is like another record, so that a box to save it anyway is offered.
    similar = False

    change_reason = forms.CharField(
        label=_("Reason for this change"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("Kept in the history of the record, for the other editors."),
    )

    def clean_unverified_fields(self):
        """Keep the order of what was ticked before, so that it is not taken for a change."""
        ticked, before = self.cleaned_data["unverified_fields"], self.instance.unverified_fields
        kept = [name for name in before if name in ticked]
        return [*kept, *(name for name in ticked if name not in kept)]


class SuggestedSlug:
    """Mixin of forms in which an empty slug is filled in from the other columns."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Left empty, one is made.")

    def clean(self):
        data = super().clean() or self.cleaned_data
        if "slug" in self.fields and not data.get("slug") and "slug" not in self.errors:
            suggestion = self.suggested_slug(data)
            if suggestion:
                data["slug"] = self.free_slug(suggestion)
            else:
                self.add_error("slug", self.fields["slug"].error_messages["required"])
        return data

    def suggested_slug(self, data):
        """Return the slug that fits the data, empty where they say too little."""
        raise NotImplementedError

    def free_slug(self, wanted):
        """Return the wanted slug, numbered where another record has or had it."""
        model, number, slug = self._meta.model, 1, wanted[:SLUG_LENGTH]
        others = model._base_manager.exclude(pk=self.instance.pk)
        while others.filter(slug=slug).exists() or model.renamed_from(slug):
            number += 1
            slug = f"{wanted[: SLUG_LENGTH - 5]}-{number}"
        return slug


class LoadedAutocomplete(OneOfMany):
    """Search box that takes its label from a row that is loaded already.

    Django's own asks the database once per box, which a table of fifty rows cannot afford.
    """

    loaded = None

    def optgroups(self, name, value, attr=None):
        if self.loaded is None or value != [str(self.loaded.pk)]:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance(self.loaded)
        options = [self.create_option(name, self.loaded.pk, label, True, 0)]
        if not self.is_required:
            options.insert(0, self.create_option(name, "", "", False, 0))
        return [(None, options, 0)]


class ClearlessAutocomplete(KnownChoices, AutocompleteSelectMultiple):
    """Search box for several choices, each of which has its own button to remove it.

    The button that clears them all would stand in the list without being an item of it.
    """

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class RecordFormSet(forms.BaseInlineFormSet):
    """Rows of a record; neither the record nor what a row points at is asked for row by row."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.sent = rows_sent(self.data, self.prefix)
            self.data = with_vanished_rows_as_new(self)
            # It was read from what was sent.
            del self.management_form

    def total_form_count(self):
        """Return how many rows there are: what a form says counts as far as they were sent."""
        said = super().total_form_count()
        if not self.is_bound:
            return said
        # Rows that are only shown send nothing.
        sent = [number for number in self.sent if number < said]
        most = len(self.get_queryset()) + len(sent)
        if said > most and max(sent, default=0) >= most:
            raise BadRequest("The rows of a form are numbered with gaps.")
        return min(said, most)

    def initial_form_count(self):
        said = super().initial_form_count()
        return min(said, self.total_form_count()) if self.is_bound else said

    def add_fields(self, form, index):
        super().add_fields(form, index)
        setattr(form.instance, self.fk.name, self.instance)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if not field.widget.is_hidden:
                # A cell has no label of its own, only the head of its column.
                widget.attrs["aria-label"] = field.label
            if isinstance(widget, LoadedAutocomplete):
                widget.loaded = form.instance._state.fields_cache.get(name)


def with_vanished_rows_as_new(formset):
    """Return what was sent of a formset, with rows that somebody deleted meanwhile as new ones.

    Django would refuse the whole form, and what was typed could never be saved.
    """
    data, start = formset.data, f"{formset.prefix}-"
    key, known = formset.model._meta.pk.name, {str(row.pk) for row in formset.get_queryset()}
    initial = range(formset.initial_form_count())
    # Rows that are only shown send no key.
    keys = [data.get(f"{start}{n}-{key}") for n in initial]
    vanished = [n for n in initial if keys[n] and keys[n] not in known]
    if not vanished:
        return data
    data = data.copy()
    kept = [n for n in range(formset.total_form_count()) if n not in vanished]
    # A row that is gone and was to be deleted is as wanted.
    again = [n for n in vanished if not data.get(f"{start}{n}-DELETE")]
    rows = [row_of(data, f"{start}{n}-") for n in (*kept, *again)]
    for name in [name for name in data if name.startswith(start) and "_FORMS" not in name]:
        del data[name]
    for number, row in enumerate(rows):
        for name, values in row.items():
            is_key = name == key and number >= len(kept)
            data.setlist(f"{start}{number}-{name}", [""] if is_key else values)
    data[f"{start}INITIAL_FORMS"] = str(len(initial) - len(vanished))
    data[f"{start}TOTAL_FORMS"] = str(len(rows))
    return data


def rows_sent(data, prefix):
    """Return the numbers of the rows of a formset of which something was sent."""
    number = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,5}})-")
    return {int(found[1]) for name in data if (found := number.match(name))}


def row_of(data, start):
    """Return the values of one row of a formset by the names of its columns."""
    return {
        name.removeprefix(start): values for name, values in data.lists() if name.startswith(start)
    }


class RecordFields:
    """Mixin of admin classes and inlines: how a column of a record becomes a form field."""

    formfield_overrides = {
        models.TextField: {
            "form_class": PlainTextField,
            "widget": AdminTextareaWidget(attrs={"rows": 3}),
        }
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "unverified_fields":
            return unverified_columns_field(db_field)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for suffix, language in (("_en", ENGLISH), ("_zh", CHINESE)):
            if field and db_field.name.endswith(suffix):
                field.widget.attrs["lang"] = language
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            # A record is deleted on its own page, where what depends on it is shown.
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneOfMany(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", KnownMultipleChoiceField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ClearlessAutocomplete(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_field_queryset(self, db, db_field, request):
        """Load with the choices of a relation what their names are made of."""
        related = db_field.remote_field.model
        queryset = super().get_field_queryset(db, db_field, request)
        if queryset is None:
            queryset = related._default_manager.using(db).all()
        paths = getattr(self.admin_site._registry.get(related), "list_select_related", None)
        return queryset.select_related(*paths) if paths else queryset

    def get_view_on_site_url(self, obj=None):
        return public_address(obj) if obj is not None else None


def unverified_columns_field(db_field):
    """Return the form field in which columns, relations and parts of the model are ticked."""
    model = db_field.model
    choices = [(name, fact_label(model, name)) for name in to_verify(model)]
    return forms.MultipleChoiceField(
        label=capfirst(db_field.verbose_name),
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what nobody has read in a source yet; visitors see the mark."),
    )
