"""Admin pages of the floor: sources, accounts, history, former addresses."""

import secrets

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from futureind import merge_admin, schedule_admin
from futureind.accounts import admin as account_admin
from futureind.core.admin_pages import ReadOnlyAdmin
from futureind.desk import links, quality_queues, review_queue
from futureind.desk.admin import (
    links as link_admin,
)
from futureind.desk.admin import (
    translations as translation_admin,
)
from futureind.desk.admin import (
    verification as verification_admin,
)
from futureind.desk.link_jobs import check_soon
from futureind.exchange import admin as exchange_admin
from futureind.jobs import admin as job_admin
from futureind.models import FormerSlug, Proposal, Revision, Source
from futureind.publishing.admin import RecordAdmin
from futureind.publishing.admin_forms import RecordForm, SuggestedSlug
from futureind.publishing.admin_proposals import ProposalPages
from futureind.publishing.differences import revisions_with_differences
from futureind.publishing.vocabulary_admin import Mergeable

__all__ = [
    "account_admin",
    "exchange_admin",
    "job_admin",
    "link_admin",
    "merge_admin",
    "quality_queues",
    "review_queue",
    "schedule_admin",
    "translation_admin",
    "verification_admin",
]

admin.site.site_header = _("Future Industries Tracker")
admin.site.site_title = _("Future Industries Tracker")
admin.site.index_title = _("Editing")


class SourceForm(SuggestedSlug, RecordForm):
    """Form of a source, whose slug is never read by people."""

    def suggested_slug(self, data):
        return f"s-{secrets.token_hex(5)}"


@admin.register(Source)
class SourceAdmin(Mergeable, RecordAdmin):
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
        found = links.of_record(obj) if obj and obj.pk else []
        rows = [(capfirst(label), link.result) for label, link in found]
        return format_html_join("", "<div>{}: {}</div>", rows) or "–"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        columns = {column for model, column in links.address_columns() if model is Source}
        typed = {form.cleaned_data[column] for column in columns & set(form.changed_data)}
        check_soon(sorted(typed - {""}), request.user)

    @admin.display(description=_("archived"), boolean=True)
    def is_archived(self, obj):
        return bool(obj.archived_url)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = (
        *("created_at", "record_name", "content_type", "action", "origin", "user_name", "note"),
    )
    list_display_links = ("created_at", "record_name")
    list_filter = (
        *("action", "origin", "created_at"),
        ("content_type", admin.RelatedOnlyFieldListFilter),
        ("user", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("content_type",)
    date_hierarchy = "created_at"
    search_fields = ("record_name", "user_name", "note")
    fields = (
        *("record_name", "content_type", "action", "origin", "user_name", "created_at"),
        *("note", "changes"),
    )

    def get_queryset(self, request):
        # A list of fifty versions of long plans would be megabytes of what it does not show.
        return super().get_queryset(request).defer("snapshot")

    @admin.display(description=_("changes"))
    def changes(self, revision):
        same = Revision.objects.filter(
            content_type=revision.content_type, object_id=revision.object_id
        )
        before = same.filter(pk__lt=revision.pk).order_by("-pk").first()
        [(_revision, found)] = revisions_with_differences([revision], before)
        return render_to_string("admin/includes/differences.html", {"differences": found})


@admin.register(Proposal)
class ProposalAdmin(ProposalPages, ReadOnlyAdmin):
    list_display = (
        *("changed_at", "record_name", "content_type", "state", "origin", "note"),
        "is_correction",
    )
    list_display_links = ("changed_at", "record_name")
    list_filter = (
        *("state", "origin", "is_correction", "created_at"),
        ("content_type", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("content_type",)
    date_hierarchy = "created_at"
    search_fields = ("record_name", "note", "comment")

    def get_queryset(self, request):
        # Read on the page of one proposal, not on the list.
        return super().get_queryset(request).defer("snapshot")


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnlyAdmin):
    list_display = ("slug", "leads_to", "content_type", "given_up_at")
    list_filter = (("content_type", admin.RelatedOnlyFieldListFilter), "given_up_at")
    list_select_related = ("content_type",)
    search_fields = ("slug",)
    fields = ("slug", "content_type", "leads_to", "given_up_at")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description=_("leads to"))
    def leads_to(self, former):
        return former.record.slug if former.record else "–"
