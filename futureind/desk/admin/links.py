"""Admin page of the links that records name."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.core.admin_pages import ReadOnlyAdmin, admin_address
from futureind.desk.addresses import named_by
from futureind.desk.models import LinkCheck


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnlyAdmin):
    """What the last visits found, with the records to be mended."""

    list_display = (
        *("link", "state", "problem", "status", "leads_to"),
        *("first_failed_at", "checked_at", "records"),
    )
    list_display_links = None
    list_filter = ("state", "problem", "status")
    search_fields = ("address", "final_address")
    list_per_page = 50
    actions = ["works_by_hand", "visit_soon"]
    fields = ("address", "state", "problem", "status", "final_address", "first_failed_at")

    def has_mend_permission(self, request):
        """Whoever may change a source may say what they saw."""
        return request.user.has_perm("publishing.change_source")

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        found = named_by([link.address for link in changelist.result_list])
        for link in changelist.result_list:
            link.records = found.get(link.address, [])
        return changelist

    @admin.display(description=_("address"), ordering="address")
    def link(self, link):
        return format_html('<a href="{0}" rel="noreferrer" class="address">{0}</a>', link.address)

    @admin.display(description=_("leads to"))
    def leads_to(self, link):
        if not link.final_address:
            return ""
        return format_html(
            '<a href="{0}" rel="noreferrer" class="address">{0}</a>', link.final_address
        )

    @admin.display(description=_("named by"))
    def records(self, link):
        rows = [(admin_address(record), record, column) for record, column in link.records]
        return format_html_join("", '<div><a href="{}">{}</a> · {}</div>', rows)

    @admin.action(description=_("I opened them: they work"), permissions=["mend"])
    def works_by_hand(self, request, queryset):
        links = list(queryset)
        for link in links:
            link.settle(timezone.now())
            link.save()
        text = ngettext("%d link works.", "%d links work.", len(links)) % len(links)
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Visit them again in the next run"), permissions=["mend"])
    def visit_soon(self, request, queryset):
        count = queryset.update(checked_at=None)
        text = ngettext("%d link will be visited.", "%d links will be visited.", count) % count
        self.message_user(request, text, messages.SUCCESS)
