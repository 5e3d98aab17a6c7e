"""Admin pages of what the site writes about records: versions, proposals, former addresses."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from futureind.core.admin_pages import ReadOnlyAdmin
from futureind.editing.proposal_pages import ProposalPages
from futureind.publishing.differences import revisions_with_differences
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.revisions import Revision
from futureind.publishing.models.slugs import FormerSlug
from futureind.search.lookup import LookUpInLog


@admin.register(Revision)
class RevisionAdmin(LookUpInLog, ReadOnlyAdmin):
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
class ProposalAdmin(ProposalPages, LookUpInLog, ReadOnlyAdmin):
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
class FormerSlugAdmin(LookUpInLog, ReadOnlyAdmin):
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
