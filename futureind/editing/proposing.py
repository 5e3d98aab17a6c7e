"""Forms of the admin that change nothing by themselves.

The form of a published record is saved inside a savepoint, read as a snapshot and undone: what it
held becomes a proposal. So does a form that was opened before somebody else saved the same record.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from futureind.core.asked import number_in
from futureind.editing.proposal_pages import render_proposal
from futureind.publishing import history, proposals, visibility, workflow
from futureind.publishing.applying import apply_snapshot
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.records import Recorded, Reviewed, owner_of
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.snapshots import snapshot
from futureind.publishing.trials import undone
from futureind.publishing.usage import stands_in_public


class HeldBack(Exception):
    """Undoes a saved form; carries what is to be kept of it."""

    def __init__(self, owner, snapshot, form, records):
        super().__init__()
        self.owner = owner
        self.snapshot = snapshot
        self.form = form
        # Formsets whose rows are records of their own, and so no part of the snapshot.
        self.records = records


@dataclass
class Opening:
    """What a form was opened with: the revision that it showed, and the one that stands now."""

    opened: Revision | None
    last: Revision | None
    proposal: Proposal | None = None

    @property
    def has_moved_on(self):
        return self.opened != self.last


def opening_of(request, owner):
    """Lock a record and return the :class:`Opening` of a form about it that was sent."""
    type(owner)._base_manager.select_for_update().filter(pk=owner.pk).first()
    revisions = Revision.objects.of(owner)
    last = revisions.first()
    opened_with = number_in(request.POST.get("opened_with", ""))
    opened = revisions.filter(pk=opened_with).first() if opened_with else None
    return Opening(opened or last, last)


def what_became_of(record):
    """Return what is said of a change that waits as a proposal."""
    if isinstance(record, Reviewed):
        return visibility.said_of_waiting(record)
    text = _(
        "Published records name this %(kind)s, so the change waits for another person to approve "
        "it. The public pages are as before."
    )
    return text % {"kind": record._meta.verbose_name}


class ProposingForms:
    """Mixin of the admin pages of records."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        def show():
            # Not the zero-argument super: this function has no first argument.
            return super(ProposingForms, self).changeform_view(
                request, object_id, form_url, extra_context
            )

        proposal = self.proposal_asked_for(request) if object_id is not None else None
        if proposal is None and request.method != "POST":
            request.shown_with = self.newest_key(request, object_id)
            return show()
        with history.in_turn():
            try:
                if proposal is not None:
                    return self.show_with(request, object_id, proposal, show)
                obj = self.get_object(request, unquote(object_id)) if object_id else None
                if obj is not None:
                    request.opening = opening_of(request, owner_of(obj))
                with transaction.atomic():
                    return show()
            except HeldBack as held:
                return self.keep_apart(request, held)

    def newest_key(self, request, object_id):
        """Return the key of the last revision of the record that a form is about."""
        if object_id is None:
            return None
        key = unquote(object_id)
        if issubclass(self.model, Recorded):
            number = number_in(key)
            return Revision.objects.of_key(self.model, number).newest_key() if number else None
        part = self.get_object(request, key)
        return Revision.objects.of(owner_of(part)).newest_key() if part is not None else None

    # A proposal that is edited further

    def proposal_asked_for(self, request):
        number = request.GET.get("proposal")
        if number is None:
            return None
        proposal = Proposal.objects.open().filter(pk=number_in(number)).first()
        if proposal is None or proposal.record is None:
            raise Http404
        return proposal

    def show_with(self, request, object_id, proposal, show):
        """Show or save the form of a record as if a proposal about it were approved; undo it."""
        with undone():
            owner = proposal.record
            opening = opening_of(request, owner)
            apply_snapshot(owner, proposal.snapshot, provisional=True)
            obj = self.get_object(request, unquote(object_id))
            if obj is None or owner_of(obj) != owner:
                raise Http404
            request.opening = Opening(opening.opened, opening.last, proposal)
            request.shown_with = opening.last and opening.last.pk
            response = show()
            if hasattr(response, "render"):
                response.render()
            return response

    # Saving

    def save_related(self, request, form, formsets, change):
        records = [formset for formset in formsets if issubclass(formset.model, Recorded)]
        parts = [formset for formset in formsets if formset not in records]
        super().save_related(request, form, parts, change)
        owner = owner_of(form.instance)
        opening = getattr(request, "opening", None)
        if opening is None and owner is not form.instance:
            # A part is added on a page of its own.
            opening = request.opening = opening_of(request, owner)
        if opening and (opening.proposal or opening.has_moved_on or stands_in_public(owner)):
            # Read again: only the database knows how it keeps numbers and what it computes.
            stored = type(owner)._base_manager.get(pk=owner.pk)
            raise HeldBack(stored, snapshot(stored), form, records)
        reason = form.cleaned_data.get("change_reason", "")
        self.save_records(request, form, records, change)
        created = not change and owner is form.instance
        self.write_history(owner, Action.CREATED if created else Action.EDITED, request, reason)
        if change and self.is_renamed(form):
            slug = form.cleaned_data["slug"]
            workflow.rename(form.instance, slug, user=request.user, note=reason)

    def save_records(self, request, form, formsets, change):
        """Save rows that are records of their own: drafts with a history of their own."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)
            for row in formset.new_objects:
                reason = form.cleaned_data.get("change_reason", "")
                self.write_history(row, Action.CREATED, request, reason)

    def keep_apart(self, request, held):
        """Keep what a form held as a proposal, and show what became of it."""
        opening, reason = request.opening, held.form.cleaned_data.get("change_reason", "")
        owner = type(held.owner)._base_manager.get(pk=held.owner.pk)
        self.save_records(request, held.form, held.records, change=True)
        base = opening.opened
        if held.form.instance.pk == owner.pk and self.is_renamed(held.form):
            slug = held.form.cleaned_data["slug"]
            revision = workflow.rename(owner, slug, user=request.user, note=reason)
            base = base if opening.has_moved_on else revision
        if opening.proposal is not None:
            proposal = self.revise(request, opening.proposal, held, reason)
        else:
            proposal = proposals.propose(
                owner,
                held.snapshot,
                request.user,
                reason,
                base=base,
                is_correction="is_correction" in request.POST,
            )
        if proposal is None:
            self.message_user(request, _("Nothing in the record was changed."), messages.INFO)
            return HttpResponseRedirect(self.address_of_owner(owner))
        if proposal.has_moved_on:
            return render_proposal(request, self.admin_site, proposal, status=409)
        self.message_user(request, what_became_of(owner), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:publishing_proposal_change", args=[proposal.pk]))

    def revise(self, request, proposal, held, reason):
        """Put what a form held in a proposal's place; beside it where it has changed meanwhile."""
        seen = request.POST.get("proposal_version", "")
        try:
            return proposals.revise(
                proposal,
                held.snapshot,
                user=request.user,
                note=reason,
                seen=number_in(seen),
            )
        except workflow.TransitionError as error:
            for problem in error.problems:
                self.message_user(request, str(problem), messages.WARNING)
            text = _("What you typed is kept as a proposal of its own.")
            self.message_user(request, text, messages.WARNING)
            record, note = proposal.record, reason or proposal.note
            return proposals.propose(record, held.snapshot, request.user, note, base=proposal.base)

    def address_of_owner(self, owner):
        options = owner._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[owner.pk])

    # The form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        opening = getattr(request, "opening", None)
        proposal = opening.proposal if opening else None
        if obj is not None:
            owner = owner_of(obj)
            last = getattr(request, "shown_with", None)
            context["opened_with"] = request.POST.get("opened_with", last)
            context["proposal"] = proposal
            context["open_proposals"] = Proposal.objects.of(owner).open()
            context["proposes"] = stands_in_public(owner) or proposal is not None
            context["has_no_state"] = not isinstance(owner, Reviewed)
            context |= visibility.in_words(owner)
            if not context.get("is_popup"):
                context["unseen_links"] = visibility.unseen_links(owner)
        if context.get("proposes"):
            may_change = self.has_change_permission(request, obj)
            context["show_propose"] = may_change
            context["show_save"] = context["show_save_and_continue"] = False
            context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)
