"""Admin page of the jobs: for administrators, who see what waits, what runs and what failed."""

from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from futureind.core.admin_pages import ReadOnlyAdmin
from futureind.jobs.models import JobKind
from futureind.models import Import, Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Editors have no permission: how far their own jobs are stands on the page of their import."""

    list_display = (
        *("created_at", "kind", "of", "state", "message", "progress", "user", "ended_at"),
    )
    list_filter = ("state", "kind", "created_at")
    list_select_related = ("user",)
    date_hierarchy = "created_at"
    search_fields = ("message", "user__username")
    fields = (
        *("kind", "of", "state", "progress", "user", "created_at", "started_at", "heard_at"),
        *("ended_at", "attempts", "worker", "is_cancelled", "message"),
    )
    actions = ["end_selected"]

    def get_queryset(self, request):
        imports = Import.objects.filter(pk=OuterRef("subject"))
        return super().get_queryset(request).annotate(file=Subquery(imports.values("name")[:1]))

    def has_end_permission(self, request):
        return request.user.is_superuser

    @admin.display(description=pgettext_lazy("subject of a job", "about"))
    def of(self, job):
        if job.kind == JobKind.CHECK_LINK:
            address = reverse("admin:futureind_linkcheck_changelist")
            return format_html('<a href="{}?id={}">{}</a>', address, job.subject, job.subject)
        address = reverse("admin:futureind_import_change", args=[job.subject])
        return format_html('<a href="{}">{}</a>', address, job.file or job.subject)

    @admin.display(description=_("how far"))
    def progress(self, job):
        return f"{job.done} / {job.total}" if job.total else "–"

    @admin.action(description=_("End selected %(verbose_name_plural)s"), permissions=["end"])
    def end_selected(self, request, queryset):
        """One that waits ends at once, one that runs as soon as it looks."""
        open_jobs = list(queryset.filter(ended_at=None))
        for job in open_jobs:
            job.cancel()
        count = len(open_jobs)
        text = ngettext("%d job ends.", "%d jobs end.", count) % count
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)
