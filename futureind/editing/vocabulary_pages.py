"""Pages that say where an entry of the vocabulary is used, and make one of two entries."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from futureind.core.admin_pages import admin_address
from futureind.editing.beside import PagesBeside
from futureind.publishing import merges
from futureind.publishing.usage import uses_of
from futureind.search.lookup import look_up, named

# So many records are offered where none, or more than one, is called so.
OFFERED = 5


class WhereUsedPages(PagesBeside):
    """A page that lists what refers to a record."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.used_view)
        used = path("<path:object_id>/used/", view, name=self.page_name("used"))
        return [used]

    def form_context(self, request, record):
        return {"used_address": reverse(f"admin:{self.page_name('used')}", args=[record.pk])}

    def used_view(self, request, object_id):
        """List what refers to a record, with links to the forms where it is changed."""
        obj = self.admin.get_object(request, unquote(object_id))
        if obj is None:
            return self.gone(request, object_id)
        if not self.admin.has_view_permission(request, obj):
            raise PermissionDenied
        return self.vocabulary_page(
            request,
            "where_used",
            obj,
            title=_("Where “%(name)s” is used") % {"name": obj},
            uses=listed(uses_of(obj)),
            merge_address=self.merge_address(request, obj),
        )

    def merge_address(self, request, obj):
        return None

    def vocabulary_page(self, request, template, obj, **context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": obj,
            "object_address": admin_address(obj),
            **context,
        }
        return TemplateResponse(request, f"admin/vocabulary/{template}.html", context)


def listed(uses):
    """Return uses with the owners of their rows and where these are edited."""
    return [(use, [(owner, admin_address(owner)) for owner in use.owners]) for use in uses]


class MergeForm(forms.Form):
    """Which record stays, by its slug or whatever it is called, and why.

    Parameters: ``gone``, the record that goes; ``columns``, by which records are looked up.
    """

    def __init__(self, *args, gone, columns, **kwargs):
        super().__init__(*args, **kwargs)
        self.gone, self.columns = gone, columns

    into = forms.CharField(
        label=_("Slug or name of the record that stays"),
        max_length=300,
        widget=forms.TextInput(attrs={"list": "others", "class": "vTextField"}),
    )
    change_reason = forms.CharField(
        label=_("Reason for this change"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_into(self):
        kept = self.record_called(self.cleaned_data["into"])
        if found := merges.problems(self.gone, kept):
            raise forms.ValidationError(found)
        return kept

    def record_called(self, text):
        """Return the one record with a slug or name; raises ValidationError for none or several."""
        records = type(self.gone)._base_manager.all()
        if kept := records.filter(slug=text).first():
            return kept
        found = list(named(records, text, self.columns))
        if len(found) == 1:
            return found[0]
        near = found or look_up(records.exclude(pk=self.gone.pk), text, self.columns)
        slugs = ", ".join(record.slug for record in near[:OFFERED])
        if not slugs:
            raise forms.ValidationError(_("No record has this slug or name."))
        message = _("“%(name)s” may be: %(candidates)s. Type the one that is meant.")
        raise forms.ValidationError(message, params={"name": text, "candidates": slugs})


class MergePages(WhereUsedPages):
    """The same, and a page on which an administrator merges a record into another."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.merge_view)
        merge = path("<path:object_id>/merge/", view, name=self.page_name("merge"))
        return [merge, *super().get_urls()]

    def merge_address(self, request, obj):
        if not request.user.is_superuser:
            return None
        return reverse(f"admin:{self.page_name('merge')}", args=[obj.pk])

    def merge_view(self, request, object_id):
        """Choose the record that stays; see what will move; merge."""
        if not request.user.is_superuser:
            raise PermissionDenied
        obj = self.admin.get_object(request, unquote(object_id))
        if obj is None:
            return self.gone(request, object_id)
        columns = self.admin.get_search_fields(request)
        form = MergeForm(request.POST or None, gone=obj, columns=columns)
        kept = form.cleaned_data["into"] if form.is_valid() else None
        if kept is not None and "confirmed" in request.POST:
            try:
                merges.merge(obj, kept, user=request.user, note=form.cleaned_data["change_reason"])
            except merges.MergeError as error:
                form.add_error("into", str(error))
                kept = None
            else:
                text = _("“%(gone)s” is now part of this record.") % {"gone": obj}
                self.admin.message_user(request, text, messages.SUCCESS)
                return HttpResponseRedirect(admin_address(kept))
        return self.vocabulary_page(
            request,
            "merge",
            obj,
            title=_("Merge “%(name)s” into another record") % {"name": obj},
            form=form,
            kept=kept,
            uses=listed(uses_of(obj)),
            others=self.model._base_manager.exclude(pk=obj.pk) if kept is None else (),
        )
