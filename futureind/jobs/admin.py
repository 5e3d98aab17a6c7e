"""Admin page of the jobs: for administrators, who see what waits, what runs and what failed."""

from collections import defaultdict

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from futureind.core.admin_pages import ReadOnlyAdmin
from futureind.jobs.kinds import KINDS
from futureind.jobs.models import Job


def links_of(jobs):
    """Return ``{job: (address, text)}`` of where the subjects of jobs are seen."""
    known = [job for job in jobs if job.kind in KINDS]
    alike = defaultdict(list)
    for job in known:
        alike[KINDS[job.kind].links].append(job.subject)
    found = {links: links(subjects) for links, subjects in alike.items()}
    return {job: found[KINDS[job.kind].links][job.subject] for job in known}


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

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        links = links_of(changelist.result_list)
        for job in changelist.result_list:
            job.link = links.get(job)
        return changelist

    def has_end_permission(self, request):
        return request.user.is_superuser

    @admin.display(description=pgettext_lazy("subject of a job", "about"))
    def of(self, job):
        link = job.link if hasattr(job, "link") else links_of([job]).get(job)
        return format_html('<a href="{}">{}</a>', *link) if link else job.subject

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
