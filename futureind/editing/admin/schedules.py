"""Admin pages of what happens at a set time, and of the links for people without an account."""

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.accounts import roles
from futureind.core.admin_pages import ReadOnlyAdmin, admin_address
from futureind.publishing import scheduling
from futureind.publishing.models.preview_links import PreviewLink
from futureind.publishing.models.schedules import Schedule
from futureind.publishing.workflow import TransitionError
from futureind.search.lookup import LookUpInLog


def leads_to(record):
    """Return a link to the form of a record, a dash where it is gone."""
    address = admin_address(record) if record is not None else None
    return format_html('<a href="{}">{}</a>', address, record) if address else "–"


@admin.register(Schedule)
class ScheduleAdmin(LookUpInLog, ReadOnlyAdmin):
    list_display = ("due_at", "record_name", "move", "state", "user_name", "outcome")
    list_display_links = ("due_at", "record_name")
    list_filter = ("state", "move", "due_at")
    search_fields = ("record_name", "user_name", "note", "outcome")
    fields = (
        *("leads_to", "move", "due_at", "note", "user_name", "created_at"),
        *("state", "outcome", "settled_at"),
    )
    actions = ["stop_selected"]
    change_list_template = "admin/schedule_list.html"

    def changelist_view(self, request, extra_context=None):
        context = {"overdue_moves": Schedule.objects.overdue().count()}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def has_decide_permission(self, request):
        return roles.decides(request.user)

    @admin.display(description=_("record"))
    def leads_to(self, planned):
        return leads_to(planned.record)

    @admin.action(description=_("Stop selected %(verbose_name_plural)s"), permissions=["decide"])
    def stop_selected(self, request, queryset):
        done = 0
        for planned in queryset:
            try:
                scheduling.stop(planned, user=request.user)
                done += 1
            except TransitionError as error:
                for problem in error.problems:
                    self.message_user(request, f"{planned}: {problem}", messages.ERROR)
        if done:
            text = ngettext(
                "%d scheduled move was stopped.", "%d scheduled moves were stopped.", done
            )
            self.message_user(request, text % done, messages.SUCCESS)


@admin.register(PreviewLink)
class PreviewLinkAdmin(LookUpInLog, ReadOnlyAdmin):
    list_display = ("created_at", "leads_to", "note", "user", "expires_at", "revoked_at")
    list_filter = ("expires_at", "revoked_at")
    list_select_related = ("user",)
    fields = ("leads_to", "note", "user", "created_at", "expires_at", "revoked_at")
    search_fields = ("note", "user__username")
    actions = ["revoke_selected"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description=_("leads to"))
    def leads_to(self, link):
        return leads_to(link.record)

    @admin.action(description=_("Revoke selected %(verbose_name_plural)s"), permissions=["view"])
    def revoke_selected(self, request, queryset):
        """Whoever may see what a link shows may end it."""
        done = 0
        for link in queryset.valid():
            link.revoke()
            done += 1
        text = ngettext("%d link was revoked.", "%d links were revoked.", done) % done
        self.message_user(request, text, messages.SUCCESS)
