"""Pages about the versions of a record: all of them, two side by side, and the way back to one."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from futureind.accounts import roles
from futureind.core.asked import number_in
from futureind.editing import reverting
from futureind.editing.beside import PagesBeside
from futureind.publishing.differences import differences, revisions_with_differences
from futureind.publishing.models.records import Reviewed, owner_of
from futureind.publishing.models.revisions import Revision
from futureind.publishing.snapshots import snapshot

REVISIONS_A_PAGE = 20
# As many can be chosen from, the newest first.
VERSIONS_TO_CHOOSE = 200


def chosen_revision(revisions, number):
    """Return the revision of that number (a text) among those of a record, 404 for any other."""
    found = revisions.filter(pk=number_in(number)).first()
    if found is None:
        raise Http404
    return found


class HistoryPages(PagesBeside):
    """The list of versions, any two compared, and for records with a state the way back to one."""

    def get_urls(self):
        if not issubclass(self.model, Reviewed):
            return []
        view = self.admin_site.admin_view(self.revert_view)
        return [path("<int:pk>/revert/", view, name=self.page_name("revert"))]

    def may_revert(self, request, record):
        may = issubclass(self.model, Reviewed) and roles.decides(request.user)
        return may and self.admin.has_change_permission(request, record)

    def history_view(self, request, object_id, extra_context=None):
        """List the versions of a record, or compare the two that are asked for."""
        obj = self.admin.get_object(request, unquote(object_id))
        if obj is None:
            return self.gone(request, object_id)
        if not self.admin.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        owner = owner_of(obj)
        revisions = Revision.objects.of(owner).select_related("content_type")
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of “%s”") % obj,
            "object": obj,
            "owner": owner,
            "opts": self.opts,
            "choices": revisions.defer("snapshot")[:VERSIONS_TO_CHOOSE],
            "may_revert": self.may_revert(request, obj),
            **(extra_context or {}),
        }
        if "from" in request.GET:
            context |= compared(revisions, request.GET, type(owner))
            return TemplateResponse(request, "admin/record_comparison.html", context)
        page = Paginator(revisions, REVISIONS_A_PAGE).get_page(request.GET.get("page"))
        shown = list(page.object_list)
        before = revisions.filter(pk__lt=shown[-1].pk).first() if shown else None
        context |= {"page": page, "versions": revisions_with_differences(shown, before)}
        return TemplateResponse(request, self.admin.object_history_template, context)

    def revert_view(self, request, pk):
        """Show what a return to an earlier version would change; propose it with a reason."""
        record = self.admin.get_object(request, str(pk))
        if record is None:
            raise Http404
        if not self.may_revert(request, record):
            raise PermissionDenied
        revisions = Revision.objects.of(record).select_related("content_type")
        number = request.POST.get("revision", request.GET.get("revision"))
        revision = chosen_revision(revisions, number) if number else None
        if request.method == "POST" and revision is not None:
            return self.propose_return(request, record, revision)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Return to an earlier version of “%s”") % record,
            "opts": self.opts,
            "object": record,
            "revision": revision,
            "choices": revisions.defer("snapshot")[:VERSIONS_TO_CHOOSE],
        }
        if revision is not None:
            wanted = reverting.earlier_snapshot(record, revision)
            context["differences"] = differences(snapshot(record), wanted, type(record))
        return TemplateResponse(request, "admin/record_revert.html", context)

    def propose_return(self, request, record, revision):
        reason = request.POST.get("change_reason", "").strip()
        if not reason:
            messages.error(request, _("Give the reason for returning to this version."))
            return HttpResponseRedirect(f"{request.path}?revision={revision.pk}")
        proposal = reverting.revert(record, revision, request.user, reason)
        if proposal is None:
            messages.info(request, _("The record holds what it held then."))
            return HttpResponseRedirect(f"{request.path}?revision={revision.pk}")
        messages.success(request, _("The return waits as a proposal."))
        return HttpResponseRedirect(reverse("admin:publishing_proposal_change", args=[proposal.pk]))


def compared(revisions, asked, model):
    """Return the two versions that were asked for, the older one first, and what differs."""
    numbers = (asked.get("from", ""), asked.get("to", ""))
    two = [chosen_revision(revisions, number) for number in numbers]
    older, newer = sorted(two, key=lambda revision: revision.pk)
    found = differences(older.snapshot, newer.snapshot, model)
    return {"older": older, "newer": newer, "differences": found}
