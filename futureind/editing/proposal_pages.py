"""The page of a proposal, on which somebody decides about it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from futureind.accounts import roles
from futureind.core.asked import number_in
from futureind.editing.open_forms import open_elsewhere
from futureind.editing.review_pages import (
    address,
    asked_preview,
    check_of,
    decision_asked_for,
    links_to_previews,
    read_time,
    share,
    sharing_context,
    show_problems,
    tell,
)
from futureind.publishing import proposals, scheduling, visibility, workflow
from futureind.publishing.differences import differences
from futureind.publishing.models.proposals import Proposal, ProposalState
from futureind.publishing.models.revisions import Revision
from futureind.publishing.models.schedules import Schedule
from futureind.publishing.snapshots import snapshot
from futureind.publishing.three_way import Side, ThreeWay, merge
from futureind.publishing.usage import stands_in_public
from futureind.publishing.workflow import TransitionError


def render_proposal(request, admin_site, proposal, status=200):
    """Return the page of a proposal: what it changes, conflicts, and what may be done with it."""
    last = Revision.objects.of_key(
        proposal.content_type.model_class(), proposal.object_id
    ).newest_key()
    # Read again, after that: it may have been read before.
    record = proposal.content_type.model_class()._base_manager.filter(pk=proposal.object_id).first()
    if record is None:
        raise Http404
    context = {
        **admin_site.each_context(request),
        "title": _("Proposal for “%s”") % record,
        "opts": Proposal._meta,
        "proposal": proposal,
        "record": record,
        "record_address": address(record, "change"),
        **visibility.in_words(record),
        "check": check_of(record, proposal.base.snapshot, proposal.snapshot),
        "authors": proposal.authors(),
        "steps": proposal.steps.defer("snapshot"),
        "last_revision": last,
        "scheduled": Schedule.objects.of(proposal).waiting().first(),
        "open_elsewhere": open_elsewhere(record, request.user) if proposal.is_open else [],
        **what_may_be_done(request, admin_site, proposal, record),
    }
    if proposal.is_open and proposal.has_moved_on:
        context |= conflict_context(proposal, record, request.POST)
    elif hasattr(record, "get_absolute_url"):
        context["previews"] = links_to_previews("publishing_proposal", proposal.pk)
        if proposal.is_open:
            context |= sharing_context(proposal, address(proposal, "change"))
    return TemplateResponse(request, "admin/review_proposal.html", context, status=status)


def what_may_be_done(request, admin_site, proposal, record):
    is_author = workflow.is_author(request.user, proposal)
    decides = roles.decides(request.user)
    may_change = admin_site._registry[type(record)].has_change_permission(request, record)
    waits = proposal.state in (ProposalState.IN_REVIEW, ProposalState.RETURNED)
    has_moved_on = proposal.is_open and proposal.has_moved_on
    return {
        "is_author": is_author,
        "waits_for_approval": stands_in_public(record),
        "may_approve": waits and decides and not is_author and not has_moved_on,
        "may_send_back": proposal.state == ProposalState.IN_REVIEW and decides and not is_author,
        "may_edit": proposal.is_open and may_change and not has_moved_on,
        "may_take": proposal.is_open and may_change,
        "may_give_up": proposal.is_open and (is_author or decides),
    }


def conflict_context(proposal, record, choices):
    merged = merge_of(proposal, record, choices)
    base, now = proposal.base.snapshot, snapshot(record)
    between = Revision.objects.of(record).filter(pk__gt=proposal.base_id).defer("snapshot")
    return {
        "merge": merged,
        "sides": Side,
        "theirs": differences(base, now, type(record)),
        "revisions_between": between,
    }


def merge_of(proposal, record, choices) -> ThreeWay:
    now = snapshot(record)
    return merge(proposal.base.snapshot, now, proposal.snapshot, type(record), choices)


class ProposalPages(admin.ModelAdmin):
    """Mixin of the admin pages of proposals: a proposal's page is where it is decided."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        route = path("<int:pk>/preview/<slug:language>/", view, name="publishing_proposal_preview")
        return [route, *super().get_urls()]

    def preview_view(self, request, pk, language):
        proposal = self.proposal_seen(request, str(pk))
        return asked_preview(request, proposal.record, language, proposal.snapshot)

    def proposal_seen(self, request, object_id):
        proposal = self.get_object(request, object_id)
        if proposal is None or proposal.record is None:
            raise Http404
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        return proposal

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None:
            raise PermissionDenied
        proposal = self.proposal_seen(request, object_id)
        if request.method != "POST":
            return render_proposal(request, self.admin_site, proposal)
        if "_share" in request.POST:
            share(request, proposal)
            return HttpResponseRedirect(request.path)
        return self.decide(request, proposal)

    def decide(self, request, proposal):
        """Do what a button of the page says, where the user may."""
        may = what_may_be_done(request, self.admin_site, proposal, proposal.record)
        user, asked = request.user, decision_asked_for(request)
        note = asked["note"]
        try:
            if "_approve" in request.POST:
                # Refused by the proposal itself, in words, where it is one's own or moved on.
                self.require(roles.decides(user))
                proposals.approve(proposal, **asked)
                tell(request, proposal.record, _("The change is public now."))
            elif "_schedule" in request.POST:
                self.require(roles.decides(user))
                due_at = read_time(request.POST.get("due_at", ""))
                scheduling.schedule_approval(proposal, due_at, **asked)
                messages.success(request, _("The change will be written at the time you set."))
            elif "_send_back" in request.POST:
                self.require(may["may_send_back"])
                proposals.send_back(proposal, user=user, note=note, seen=asked["seen"])
                messages.success(request, _("The proposal went back to its authors."))
            elif "_give_up" in request.POST:
                self.require(may["may_give_up"])
                proposals.give_up(proposal, user=user, note=note)
                messages.success(request, _("The proposal was given up. It stays on record."))
            elif "_take" in request.POST:
                self.require(may["may_take"])
                return self.take_together(request, proposal, note)
        except TransitionError as error:
            show_problems(request, error)
        return HttpResponseRedirect(request.path)

    def require(self, condition):
        if not condition:
            raise PermissionDenied

    def take_together(self, request, proposal, note):
        """Merge a proposal with the newer changes, conflicts resolved as the user chose."""
        merged = merge_of(proposal, proposal.record, request.POST)
        if not merged.is_settled:
            messages.error(request, _("Choose one side for every column that both changed."))
            return render_proposal(request, self.admin_site, proposal, status=409)
        base = request.POST.get("last_revision", "")
        between = Revision.objects.of(proposal.record).filter(pk__gt=proposal.base_id)
        names = {revision.user_name or revision.get_origin_display() for revision in between}
        text = _("Taken together with the changes by %(names)s.")
        together = str(text % {"names": ", ".join(sorted(map(str, names)))}) if names else ""
        taken = proposals.rebase(
            proposal,
            merged.snapshot,
            base=number_in(base) or 0,
            user=request.user,
            note=" ".join(filter(None, [note, together])),
        )
        if taken.state == ProposalState.APPROVED:
            messages.success(request, _("Both changes are in the record now."))
            return HttpResponseRedirect(address(proposal.record, "change"))
        messages.success(request, _("Both are together now, and wait for approval."))
        return HttpResponseRedirect(request.path)
