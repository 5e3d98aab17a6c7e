"""Admin page of the merges that were made, each of which can be taken back."""

from django.contrib import admin, messages
from django.db import IntegrityError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from futureind.core.admin_pages import ReadOnlyAdmin, admin_address
from futureind.publishing import merges
from futureind.publishing.models.merges import Merge
from futureind.search.lookup import LookUpInLog


@admin.register(Merge)
class MergeAdmin(LookUpInLog, ReadOnlyAdmin):
    """Which entries of the vocabulary were made into one; for administrators."""

    list_display = (
        "at",
        "gone_name",
        "kept_link",
        "content_type",
        "user_name",
        "note",
        "undone_at",
    )
    list_filter = (("content_type", admin.RelatedOnlyFieldListFilter), "at")
    list_select_related = ("content_type",)
    search_fields = ("gone_name", "kept_name", "note", "user_name")
    fields = ("at", "gone_name", "kept_name", "user_name", "note", "undone_at")
    actions = ["take_back"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("before").prefetch_related("kept")

    def has_take_back_permission(self, request):
        return request.user.is_superuser

    @admin.display(description=_("kept"), ordering="kept_name")
    def kept_link(self, merge):
        if merge.kept is None:
            return merge.kept_name
        return format_html('<a href="{}">{}</a>', admin_address(merge.kept), merge.kept)

    @admin.action(description=_("Take back selected merges"), permissions=["take_back"])
    def take_back(self, request, queryset):
        """Make two records of one again, newest merge first."""
        for merge in queryset.order_by("-id"):
            try:
                merges.take_back(merge, user=request.user)
            except (merges.MergeError, IntegrityError) as error:
                text = _("“%(name)s”: %(reason)s") % {"name": merge, "reason": error}
                self.message_user(request, text, messages.ERROR)
            else:
                text = _("“%(name)s” is a record of its own again.") % {"name": merge.gone_name}
                self.message_user(request, text, messages.SUCCESS)
