"""Pages on which somebody decides about the work of others."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from futureind.bilingual import CHINESE, ENGLISH
from futureind.publishing import (
    history,
    preview_links,
    proposals,
    roles,
    scheduling,
    workflow,
)
from futureind.publishing.applying import apply_snapshot
from futureind.publishing.authorship import Authorship
from futureind.publishing.claims import changed_claims
from futureind.publishing.differences import differences
from futureind.publishing.history import Action, Revision
from futureind.publishing.merging import Merge, Side, merge
from futureind.publishing.open_forms import open_elsewhere
from futureind.publishing.preview_links import DAYS, PreviewLink
from futureind.publishing.previews import render_preview
from futureind.publishing.proposals import Proposal, ProposalState, is_published
from futureind.publishing.scheduling import Move, Schedule
from futureind.publishing.workflow import TransitionError

# The languages of previews, as in addresses.
LANGUAGES = {ENGLISH: "en", CHINESE: "zh-hans"}


@dataclass
class Check:
    """What a reviewer sees of a version: what differs, where it was read, what is in the way."""

    differences: list
    claims: list
    problems: list
    warnings: list


def check_of(record, before, after):
    """Return the :class:`Check` of a record that would hold a snapshot; nothing is changed."""
    model = type(record)
    with transaction.atomic():
        # A copy, since what is undone in the database stays in memory.
        problems = apply_snapshot(model._base_manager.get(pk=record.pk), after)
        stored = model._base_manager.get(pk=record.pk)
        if hasattr(stored, "publication_state"):
            problems += workflow.publication_problems(stored)
            warnings = workflow.publication_warnings(stored)
        else:
            warnings = []
        transaction.set_rollback(True)
    return Check(
        differences(before, after, model),
        changed_claims(before, after, model),
        list(dict.fromkeys(map(str, problems))),
        warnings,
    )


def address(record, page):
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[record.pk])


def links_to_previews(name, pk):
    """Return ``(language code, name of the language in itself, address)`` of both previews."""
    return [
        (
            code,
            get_language_info(language)["name_local"],
            reverse(f"admin:{name}_preview", args=[pk, language]),
        )
        for code, language in LANGUAGES.items()
    ]


def asked_preview(request, record, language, snapshot=None):
    if language not in LANGUAGES.values() or not hasattr(record, "get_absolute_url"):
        raise Http404
    return render_preview(request, record, language, snapshot)


# Records


def review_context(request, record, seen):
    """Return what the review page of a draft says: what differs from what was last published.

    Parameter: ``seen``, the key of its last revision, asked for before the record was read.
    """
    published = Revision.objects.of(record).filter(action=Action.PUBLISHED).first()
    before = published.snapshot if published else None
    options = record._meta
    is_author = workflow.is_author(request.user, record)
    decides = roles.decides(request.user) and not is_author
    state = record.publication_state
    return {
        "record": record,
        "check": check_of(record, before, history.snapshot(record)),
        "authors": Authorship.objects.of(record).waiting().select_related("author"),
        "is_author": is_author,
        "decides": decides,
        "may_publish": decides and state != workflow.State.PUBLISHED,
        "may_send_back": decides and state == workflow.State.IN_REVIEW,
        "previews": links_to_previews(f"{options.app_label}_{options.model_name}", record.pk),
        "decisions": Revision.objects.of(record).defer("snapshot")[:10],
        "seen": seen,
        "open_elsewhere": open_elsewhere(record, request.user),
        "scheduled": Schedule.objects.of(record).waiting().first(),
        **sharing_context(record, address(record, "review")),
    }


def sharing_context(target, address):
    """Return what the form says that makes a preview link, and the links that hold.

    Parameter: ``address``, where the form is answered.
    """
    links = PreviewLink.objects.of(target).valid()
    return {"links": links, "days": DAYS, "share_address": address}


def share(request, target):
    """Answer the form that makes a preview link."""
    days = request.POST.get("days", "")
    if days not in map(str, DAYS):
        messages.error(request, _("Choose for how many days the link holds."))
        return
    note = request.POST.get("for_whom", "").strip()[:200]
    link = preview_links.share(target, user=request.user, days=int(days), note=note)
    text = _("This link shows it to people without an account: %(address)s")
    messages.success(request, text % {"address": link.address})


def read_time(text):
    """Return the time that somebody typed, of the site's clock; raises TransitionError."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise TransitionError([_("Give a day and a time, such as 2026-12-31 09:00.")])
    return timezone.make_aware(found) if timezone.is_naive(found) else found


class ReviewPages:
    """Mixin of the admin pages of records with a state: their review and preview."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/review/", wrap(self.review_view), name=f"{name}_review"),
            path(
                "<int:pk>/preview/<slug:language>/",
                wrap(self.preview_view),
                name=f"{name}_preview",
            ),
            *super().get_urls(),
        ]

    def record_seen(self, request, pk):
        record = self.get_object(request, str(pk))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def review_view(self, request, pk):
        """Show a draft to a reviewer, who publishes it or sends it back."""
        seen = Revision.objects.of_key(self.model, pk).newest_key()
        record = self.record_seen(request, pk)
        if "_share" in request.POST:
            share(request, record)
            return HttpResponseRedirect(request.path)
        if request.method == "POST":
            return self.decide(request, record)
        context = {
            **self.admin_site.each_context(request),
            **review_context(request, record, seen),
            "title": _("Review of “%s”") % record,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/review_record.html", context)

    def decide(self, request, record):
        if not roles.decides(request.user):
            raise PermissionDenied
        note, seen = request.POST.get("note", "").strip(), request.POST.get("seen", "")
        seen = int(seen) if seen.isdecimal() else None
        try:
            if "_publish" in request.POST:
                workflow.publish(record, user=request.user, note=note, seen=seen)
                text = _("“%(name)s” is public now.")
            elif "_schedule" in request.POST:
                due_at = read_time(request.POST.get("due_at", ""))
                scheduling.schedule(
                    record, Move.PUBLISH, due_at, user=request.user, note=note, seen=seen
                )
                text = _("“%(name)s” will be public at the time you set.")
            else:
                workflow.send_back(record, user=request.user, note=note)
                text = _("“%(name)s” went back to its authors.")
        except TransitionError as error:
            show_problems(request, error)
            return HttpResponseRedirect(address(record, "review"))
        messages.success(request, text % {"name": record})
        return HttpResponseRedirect(address(record, "change"))

    def preview_view(self, request, pk, language):
        return asked_preview(request, self.record_seen(request, pk), language)


def show_problems(request, error):
    for problem in error.problems:
        messages.error(request, str(problem))


# Proposals


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
        "check": check_of(record, proposal.base.snapshot, proposal.snapshot),
        "authors": proposal.authors(),
        "steps": proposal.steps.defer("snapshot"),
        "last_revision": last,
        "open_elsewhere": open_elsewhere(record, request.user) if proposal.is_open else [],
        **what_may_be_done(request, admin_site, proposal, record),
    }
    if proposal.is_open and proposal.has_moved_on:
        context |= conflict_context(proposal, record, request.POST)
    elif hasattr(record, "get_absolute_url"):
        context["previews"] = links_to_previews("futureind_proposal", proposal.pk)
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
        "waits_for_approval": is_published(record),
        "may_approve": waits and decides and not is_author and not has_moved_on,
        "may_send_back": proposal.state == ProposalState.IN_REVIEW and decides and not is_author,
        "may_edit": proposal.is_open and may_change and not has_moved_on,
        "may_take": proposal.is_open and may_change,
        "may_give_up": proposal.is_open and (is_author or decides),
    }


def conflict_context(proposal, record, choices):
    merged = merge_of(proposal, record, choices)
    base, now = proposal.base.snapshot, history.snapshot(record)
    between = Revision.objects.of(record).filter(pk__gt=proposal.base_id).defer("snapshot")
    return {
        "merge": merged,
        "sides": Side,
        "theirs": differences(base, now, type(record)),
        "revisions_between": between,
    }


def merge_of(proposal, record, choices) -> Merge:
    now = history.snapshot(record)
    return merge(proposal.base.snapshot, now, proposal.snapshot, type(record), choices)


class ProposalPages(admin.ModelAdmin):
    """Mixin of the admin pages of proposals: a proposal's page is where it is decided."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        route = path("<int:pk>/preview/<slug:language>/", view, name="futureind_proposal_preview")
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
        note, seen = request.POST.get("note", "").strip(), request.POST.get("seen", "")
        seen = int(seen) if seen.isdecimal() else None
        user = request.user
        try:
            if "_approve" in request.POST:
                # Refused by the proposal itself, in words, where it is one's own or moved on.
                self.require(roles.decides(user))
                proposals.approve(proposal, user=user, note=note, seen=seen)
                messages.success(request, _("The change is public now."))
            elif "_send_back" in request.POST:
                self.require(may["may_send_back"])
                proposals.send_back(proposal, user=user, note=note, seen=seen)
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
        """Put a proposal and the newer changes together, as the user chose column by column."""
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
            base=int(base) if base.isdecimal() else 0,
            user=request.user,
            note=" ".join(filter(None, [note, together])),
        )
        if taken.state == ProposalState.APPROVED:
            messages.success(request, _("Both changes are in the record now."))
            return HttpResponseRedirect(address(proposal.record, "change"))
        messages.success(request, _("Both are together now, and wait for approval."))
        return HttpResponseRedirect(request.path)
