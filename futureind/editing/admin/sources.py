"""Admin pages of sources, which say what the last visits to their addresses found."""

import secrets

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from futureind.desk import addresses
from futureind.desk.link_jobs import check_soon
from futureind.editing.forms import RecordForm, SuggestedSlug
from futureind.editing.record_pages import RecordAdmin
from futureind.editing.vocabulary_pages import MergePages
from futureind.publishing.models.sources import Source


class SourceForm(SuggestedSlug, RecordForm):
    """Form of a source, whose slug is never read by people."""

    def suggested_slug(self, data):
        return f"s-{secrets.token_hex(5)}"


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    pages = (*RecordAdmin.pages, MergePages)
    change_form_template = "admin/vocabulary_change_form.html"
    form = SourceForm
    list_display = (
        *("title", "publisher", "kind", "language", "seen", "retrieved_on"),
        *("is_archived", "changed_at"),
    )
    list_filter = ("kind", "seen", "language", "retrieved_on")
    date_hierarchy = "retrieved_on"
    search_fields = ("slug", "title", "publisher", "url", "archived_url", "evidence_url")
    fieldsets = (
        (None, {"fields": ("title", "publisher", ("kind", "language"), ("seen", "slug"))}),
        (
            _("Addresses"),
            {"fields": ("url", ("archived_url", "retrieved_on"), "evidence_url", "visits")},
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "visits"]

    @admin.display(description=_("visits to the addresses"))
    def visits(self, obj):
        found = addresses.of_record(obj) if obj and obj.pk else []
        rows = [(capfirst(label), link.result) for label, link in found]
        return format_html_join("", "<div>{}: {}</div>", rows) or "–"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        columns = {column for model, column in addresses.address_columns() if model is Source}
        typed = {form.cleaned_data[column] for column in columns & set(form.changed_data)}
        check_soon(sorted(typed - {""}), request.user)

    @admin.display(description=_("archived"), boolean=True)
    def is_archived(self, obj):
        return bool(obj.archived_url)
