"""What the admin pages of all records have in common.

Every save passes :func:`futureind.publishing.history.record` once, after the form and its inlines
are stored and inside the transaction of Django's change form.
"""

from django.contrib import admin, messages
from django.contrib.admin import actions as django_actions
from django.contrib.admin.utils import flatten, unquote
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import BadRequest
from django.http import Http404
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.accounts import roles
from futureind.core.asked import number_in
from futureind.core.locks import NoTurn
from futureind.core.trials import undone
from futureind.editing.evidence import evidence_context
from futureind.editing.forms import RecordFields, RecordForm
from futureind.editing.history_pages import HistoryPages
from futureind.editing.open_forms import forget_opening, note_opening, open_elsewhere
from futureind.editing.saving import Sent, keep_apart, opening_of, read_sent
from futureind.publishing import history, visibility, workflow
from futureind.publishing.applying import apply_snapshot
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.records import (
    Recorded,
    Reviewed,
    once_published_message,
    owner_of,
)
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.snapshots import snapshot
from futureind.publishing.usage import is_named, stands_in_public
from futureind.search.lookup import look_up

MESSAGES_AT_ONCE = 20


def named(record):
    """Return the identity of a record: its model and primary key, None for a new one."""
    return type(record), record.pk


class RecordAdmin(RecordFields, admin.ModelAdmin):
    """Pages of a record, or of a part that has a page of its own."""

    form = RecordForm
    actions = ["delete_selected"]
    change_form_template = "admin/record_change_form.html"
    object_history_template = "admin/record_history.html"
    list_per_page = 50
    audit_fields = ("changed_at", "last_revisions")
    # What list columns and names of records are made of; loaded wherever the record is shown.
    list_select_related: tuple[str, ...] = ()

    # The pages beside the form, as subclasses of PagesBeside.
    pages = (HistoryPages,)

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.beside = [pages(self) for pages in self.pages]

    def get_urls(self):
        beside = [address for pages in self.beside for address in pages.get_urls()]
        return [*beside, *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        return HistoryPages(self).history_view(request, object_id, extra_context)

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        if self.list_select_related:
            queryset = queryset.select_related(*self.list_select_related)
        return queryset

    def get_search_results(self, request, queryset, search_term):
        """Return what a text means, the best first, and that nothing comes twice.

        Lists and search boxes of relations ask for it.
        """
        found = look_up(queryset, search_term, self.get_search_fields(request))
        if ORDER_VAR in request.GET:
            found = found.order_by(*queryset.query.order_by)
        return found, False

    # What may be done

    def may_decide(self, request):
        """Tell whether the user decides what visitors see."""
        return roles.decides(request.user)

    def why_kept(self, record):
        """Return why a record cannot be deleted, None where it can."""
        owner = owner_of(record)
        if not isinstance(owner, Reviewed):
            return _("Other records name it.") if is_named(owner) else None
        return once_published_message(1) if owner.was_published else None

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (
            obj is None or self.why_kept(obj) is None
        )

    # The form

    class Media:
        js = ["js/admin.js"]

    def get_fieldsets(self, request, obj=None):
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj is not None:
            fieldsets.append((_("This record"), {"fields": self.audit_fields}))
        return fieldsets

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), *flatten(self.audit_fields)]
        if self.slug_is_fixed(request, obj):
            fields.append("slug")
        if obj is not None and owner_of(obj) is not obj:
            # A part stays with its owner, where its history is.
            fields.append(obj.owner_field)
        return fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if self.slug_is_fixed(request, obj) else self.prepopulated_fields

    def slug_is_fixed(self, request, obj):
        """Tell whether the address can no longer be changed on the form.

        Administrators can change that of a record; that of a part is fixed for all, since only a
        record's old address goes on leading to it.
        """
        if obj is None or not hasattr(obj, "slug"):
            return False
        owner, may_rename = owner_of(obj), isinstance(obj, Recorded) and request.user.is_superuser
        if not isinstance(owner, Reviewed):
            # Its slug is no address; what is public changes by proposal, which never changes one.
            return not may_rename or stands_in_public(owner)
        return owner.was_published and not may_rename

    @admin.display(description=_("last versions"))
    def last_revisions(self, obj):
        revisions = Revision.objects.of(owner_of(obj)).defer("snapshot")[:3]
        template = "admin/includes/revision_line.html"
        lines = [render_to_string(template, {"revision": revision}) for revision in revisions]
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        opening = getattr(request, "opening", None)
        proposal = opening.proposal if opening else None
        if obj is not None:
            owner, may_change = owner_of(obj), self.has_change_permission(request, obj)
            request.form_about = owner
            last = getattr(request, "shown_with", None)
            context |= {
                # Of a record without any version 0, which no version has.
                "opened_with": request.POST.get("opened_with", last or "0"),
                "open_elsewhere": open_elsewhere(owner, request.user),
                "proposal": proposal,
                "open_proposals": Proposal.objects.of(owner).open(),
                "proposes": stands_in_public(owner) or proposal is not None,
                "has_no_state": not isinstance(owner, Reviewed),
                **visibility.in_words(owner),
            }
            if not context.get("is_popup"):
                context["unseen_links"] = visibility.unseen_links(owner)
                context |= evidence_context(obj, may_change=may_change)
                for pages in self.beside:
                    context |= pages.form_context(request, obj)
        if context.get("proposes"):
            context["show_propose"] = self.has_change_permission(request, obj)
            context["show_save"] = context["show_save_and_continue"] = False
            context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        def show():
            # Not the zero-argument super: this function has no first argument.
            return super(RecordAdmin, self).changeform_view(
                request, object_id, form_url, extra_context
            )

        if "_saveasnew" in request.POST:
            # Django would save another record than the one that is decided about here.
            raise BadRequest("A record is not saved as a new one.")
        proposal = self.proposal_asked_for(request) if object_id is not None else None
        if proposal is not None:
            with history.in_turn():
                response = self.edit_proposal(request, object_id, proposal, show)
        elif request.method == "POST":
            response = self.take(request, object_id, show)
        else:
            request.shown_with = self.newest_key(request, object_id)
            response = show()
        self.follow_opening(request, response)
        return response

    def follow_opening(self, request, response):
        """Note that somebody has opened the form of a record, or has saved it."""
        record = getattr(request, "form_about", None)
        if record is None:
            return
        if request.method == "POST":
            # Shown again with what is to be mended, it is still open.
            if response.status_code != 200:
                forget_opening(record, request.user)
        elif self.has_change_permission(request, record):
            note_opening(record, request.user)

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

    def proposal_asked_for(self, request):
        number = request.GET.get("proposal")
        if number is None:
            return None
        proposal = Proposal.objects.open().filter(pk=number_in(number)).first()
        if proposal is None or proposal.record is None:
            raise Http404
        return proposal

    # Saving and history

    def take(self, request, object_id, show):
        """Save a submitted form, keep it as a proposal, or show its errors.

        The form is validated first without the write lock, so that nobody waits for an invalid one,
        and once more under the lock, since the record may have changed in between.
        """
        sent = read_sent(self, request, object_id)
        if sent is None or not sent.is_valid:
            return show()
        if object_id is not None:
            request.form_about = owner_of(sent.form.instance)
        with history.in_turn():
            owner = owner_of(sent.form.instance)
            opening = opening_of(request, owner) if owner.pk else None
            if opening is None or not opening.is_kept_apart:
                if opening is not None or not owner.pk:
                    request.decided_about = named(owner)
                # Where the record is gone meanwhile, Django says so.
                return show()
            request.opening = opening
            sent = read_sent(self, request, object_id)
            if sent is None or not sent.is_valid:
                return show()
            with undone():
                held = self.write_and_read(request, opening, sent)
            return keep_apart(self, request, opening, sent, held)

    def edit_proposal(self, request, object_id, proposal, show):
        """Show or take the form of a record as if a proposal about it were approved."""
        with undone():
            owner = proposal.record
            request.opening = opening = opening_of(request, owner, proposal=proposal)
            if opening is None:
                raise Http404
            request.shown_with = opening.last and opening.last.pk
            apply_snapshot(owner, proposal.snapshot, provisional=True)
            obj = self.get_object(request, unquote(object_id))
            if obj is None or owner_of(obj) != owner:
                raise Http404
            request.form_about = owner
            sent = read_sent(self, request, object_id) if request.method == "POST" else None
            if sent is None or not sent.is_valid:
                response = show()
                return response.render() if hasattr(response, "render") else response
            held = self.write_and_read(request, opening, sent)
        return keep_apart(self, request, opening, sent, held)

    def write_and_read(self, request, opening, sent):
        """Write a form and return the snapshot of its record; the caller rolls it back."""
        request.decided_about = named(opening.owner)
        record, change = sent.form.instance, not sent.form.instance._state.adding
        self.save_model(request, record, sent.form, change)
        super().save_related(request, sent.form, sent.parts, change)
        # Read again: only the database knows how it keeps numbers and what it computes.
        return snapshot(type(opening.owner)._base_manager.get(pk=opening.owner.pk))

    def save_model(self, request, obj, form, change):
        if getattr(request, "decided_about", None) != named(owner_of(obj)):
            # Invalid at first and valid now, so nothing decided whether it becomes a proposal.
            raise NoTurn
        if change and self.is_renamed(form):
            # The new slug waits for save_related, where the workflow keeps the old one.
            obj.slug = form.initial["slug"]
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        sent = Sent(form, formsets, is_valid=True)
        super().save_related(request, form, sent.parts, change)
        owner = owner_of(form.instance)
        self.save_records(request, form, sent.records, change)
        created = not change and owner is form.instance
        self.write_history(
            owner, Action.CREATED if created else Action.EDITED, request, sent.reason
        )
        if change and self.is_renamed(form):
            slug = form.cleaned_data["slug"]
            workflow.rename(form.instance, slug, user=request.user, note=sent.reason)

    def save_records(self, request, form, formsets, change):
        """Save rows that are records of their own: drafts with a history of their own."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)
            for row in formset.new_objects:
                reason = form.cleaned_data.get("change_reason", "")
                self.write_history(row, Action.CREATED, request, reason)

    def delete_view(self, request, *arguments, **options):
        if request.method != "POST":
            return super().delete_view(request, *arguments, **options)
        with history.in_turn():
            return super().delete_view(request, *arguments, **options)

    def is_renamed(self, form):
        return "slug" in form.changed_data and getattr(form.instance, "was_published", False)

    def write_history(self, record, action, request, reason=""):
        # Read again: only the database knows how it keeps numbers and what it computes.
        stored = type(record)._base_manager.get(pk=record.pk)
        history.record(stored, action, user=request.user, note=reason)

    def delete_model(self, request, obj):
        owner = owner_of(obj)
        if owner is obj:
            self.write_history(obj, Action.DELETED, request)
            obj.delete()
        else:
            obj.delete()
            self.write_history(owner, Action.EDITED, request)

    @history.in_turn()
    def delete_queryset(self, request, queryset):
        for record in queryset:
            # Something may have come to name it since the question was asked.
            if self.why_kept(record) is None:
                self.delete_model(request, record)

    @admin.action(description=_("Delete selected %(verbose_name_plural)s"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        """Django's own action, which first says what has to stay and why."""
        kept = [(record, why) for record in queryset if (why := self.why_kept(record))]
        if not kept:
            return django_actions.delete_selected(self, request, queryset)
        self.report(request, kept)
        return None

    def report(self, request, problems):
        """Show why something was not done, as ``(record, reason)`` pairs."""
        for record, reason in problems[:MESSAGES_AT_ONCE]:
            text = _("“%(name)s”: %(reason)s") % {"name": record, "reason": reason}
            self.message_user(request, text, messages.ERROR)
        if len(problems) > MESSAGES_AT_ONCE:
            more = len(problems) - MESSAGES_AT_ONCE
            text = ngettext("… and %d more.", "… and %d more.", more) % more
            self.message_user(request, text, messages.ERROR)
