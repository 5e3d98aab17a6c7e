"""What becomes of a submitted form: decided before anything is written.

The form of a draft is saved as it is; that of a published record becomes a proposal, and so does
one that was opened before somebody else saved the same record (an optimistic lock).
"""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.forms import ModelForm, all_valid
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from futureind.core.admin_pages import admin_address
from futureind.core.asked import number_in
from futureind.editing.proposal_pages import render_proposal
from futureind.publishing import proposals, visibility, workflow
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.records import Recorded, Reviewed
from futureind.publishing.models.revisions import Revision
from futureind.publishing.usage import stands_in_public


@dataclass
class Opening:
    """The optimistic lock of a form: the revision that it was opened with, and the last one."""

    owner: Recorded
    opened: Revision | None
    last: Revision | None
    has_moved_on: bool = False
    proposal: Proposal | None = None

    @property
    def is_kept_apart(self):
        """True where what the form holds becomes a proposal, and is not written."""
        return bool(self.proposal) or self.has_moved_on or stands_in_public(self.owner)


def opening_of(request, owner, *, opened_with=None, proposal=None):
    """Lock a record and return the :class:`Opening` of a form about it, None where it is gone.

    Parameters: ``opened_with``, the key of the revision that the form showed, 0 where there was
    none yet; by default that of the form's hidden field or, without one, the last revision.
    """
    owner = type(owner)._base_manager.select_for_update().filter(pk=owner.pk).first()
    if owner is None:
        return None
    revisions = Revision.objects.of(owner)
    last = revisions.first()
    if opened_with is None and "opened_with" in request.POST:
        opened_with = number_in(request.POST["opened_with"]) or 0
    if last is None or opened_with is None or opened_with == last.pk:
        return Opening(owner, last, last, proposal=proposal)
    # An unknown key counts as older than all revisions.
    opened = revisions.filter(pk=opened_with).first() or revisions.last()
    return Opening(owner, opened, last, has_moved_on=True, proposal=proposal)


@dataclass
class Sent:
    """A submitted form of the admin with its formsets."""

    form: ModelForm
    formsets: list
    is_valid: bool

    @property
    def parts(self):
        return [formset for formset in self.formsets if not issubclass(formset.model, Recorded)]

    @property
    def records(self):
        """The formsets whose rows are records of their own, and so no part of the snapshot."""
        return [formset for formset in self.formsets if issubclass(formset.model, Recorded)]

    @property
    def reason(self):
        return self.form.cleaned_data.get("change_reason", "")


def read_sent(model_admin, request, object_id):
    """Return what was submitted as :class:`Sent`, read as Django's form view does; writes nothing.

    None where Django has to answer with an error: a record that is gone, a missing permission.
    """
    change = object_id is not None
    record = model_admin.get_object(request, unquote(object_id)) if change else None
    if change and record is None:
        return None
    may = model_admin.has_change_permission if change else model_admin.has_add_permission
    if not may(request, *([record] if change else [])):
        return None
    fields = flatten_fieldsets(model_admin.get_fieldsets(request, record))
    form_class = model_admin.get_form(request, record, change=change, fields=fields)
    form = form_class(request.POST, request.FILES, instance=record)
    is_valid = form.is_valid()
    if is_valid:
        model_admin.save_form(request, form, change=change)
    formsets, _inlines = model_admin._create_formsets(request, form.instance, change=change)
    return Sent(form, formsets, all_valid(formsets) and is_valid)


def keep_apart(model_admin, request, opening, sent, held):
    """Save the snapshot that a form held as a proposal, and show what became of it."""
    owner = type(opening.owner)._base_manager.get(pk=opening.owner.pk)
    model_admin.save_records(request, sent.form, sent.records, change=True)
    base = opening.opened
    if sent.form.instance.pk == owner.pk and model_admin.is_renamed(sent.form):
        slug = sent.form.cleaned_data["slug"]
        revision = workflow.rename(owner, slug, user=request.user, note=sent.reason)
        base = base if opening.has_moved_on else revision
    if opening.proposal is not None:
        proposal = revise(request, opening.proposal, held, sent.reason)
    else:
        proposal = proposals.propose(
            owner,
            held,
            request.user,
            sent.reason,
            base=base,
            is_correction="is_correction" in request.POST,
        )
    return tell_of(request, model_admin.admin_site, owner, proposal)


def tell_of(request, admin_site, owner, proposal, nothing_leads_to=None):
    """Return the page after a form was kept apart, with what became of it.

    Parameters: ``proposal``, None where nothing differed; ``nothing_leads_to``, the address that is
    shown then, by default the form of the record.
    """
    if proposal is None:
        messages.info(request, _("Nothing in the record was changed."))
        return HttpResponseRedirect(nothing_leads_to or admin_address(owner))
    if proposal.has_moved_on:
        return render_proposal(request, admin_site, proposal, status=409)
    messages.success(request, what_became_of(owner))
    return HttpResponseRedirect(reverse("admin:publishing_proposal_change", args=[proposal.pk]))


def revise(request, proposal, held, reason):
    """Replace the snapshot of a proposal; where it changed meanwhile, make a second proposal."""
    seen = number_in(request.POST.get("proposal_version", ""))
    try:
        return proposals.revise(proposal, held, user=request.user, note=reason, seen=seen)
    except workflow.TransitionError as error:
        for problem in error.problems:
            messages.warning(request, str(problem))
        messages.warning(request, _("What you typed is kept as a proposal of its own."))
        note = reason or proposal.note
        return proposals.propose(proposal.record, held, request.user, note, base=proposal.base)


def what_became_of(record):
    """Return what is said of a change that waits as a proposal."""
    if isinstance(record, Reviewed):
        return visibility.said_of_waiting(record)
    text = _(
        "Published records name this %(kind)s, so the change waits for another person to approve "
        "it. The public pages are as before."
    )
    return text % {"kind": record._meta.verbose_name}
