"""What the admin pages of all records have in common.

Every save passes :func:`futureind.publishing.history.record` once, after the form and its inlines
are stored and inside the transaction of Django's change form.
"""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin import actions as django_actions
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten, unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.accounts import roles
from futureind.editing.columns import state_badge
from futureind.editing.evidence import EvidenceOnForms
from futureind.editing.forms import RecordFields, RecordForm
from futureind.editing.history_pages import HistoryPages, RevertPages
from futureind.editing.open_forms import OpenedForms
from futureind.editing.proposing import ProposingForms
from futureind.editing.review_pages import ReviewPages, read_time, show_problems
from futureind.publishing import history, named, scheduling, visibility, workflow
from futureind.publishing.models.records import (
    PublicationState,
    Recorded,
    Reviewed,
    once_published_message,
    owner_of,
)
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.schedules import Move
from futureind.publishing.usage import is_named, stands_in_public

MESSAGES_AT_ONCE = 20


class FormHolds(Exception):
    """A form that is only looked at could be saved."""


class RecordAdmin(
    OpenedForms, EvidenceOnForms, ProposingForms, HistoryPages, RecordFields, admin.ModelAdmin
):
    """Pages of a record, or of a part that has a page of its own."""

    form = RecordForm
    actions = ["delete_selected"]
    change_form_template = "admin/record_change_form.html"
    object_history_template = "admin/record_history.html"
    list_per_page = 50
    audit_fields = ("changed_at", "last_revisions")
    # What list columns and names of records are made of; loaded wherever the record is shown.
    list_select_related: tuple[str, ...] = ()

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        if self.list_select_related:
            queryset = queryset.select_related(*self.list_select_related)
        return queryset

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

    # Saving and history

    def changeform_view(self, request, *arguments, **options):
        if request.method != "POST":
            return super().changeform_view(request, *arguments, **options)
        refused = self.refused(request, *arguments, **options)
        if refused is not None:
            return refused
        with history.in_turn():
            return super().changeform_view(request, *arguments, **options)

    def refused(self, request, *arguments, **options):
        """Return the form with what is to be mended, None where all of it can be saved.

        All that can be said of a form is said before anybody has to wait for it. What it is saved
        into may be another by then, so it is read once more when it is this form's turn.
        """
        if "proposal" in request.GET:
            # It stands on what the proposal holds, which is nowhere yet.
            return None
        request.is_rehearsal = True
        try:
            return self._changeform_view(request, *arguments, **options)
        except FormHolds:
            return None
        finally:
            request.is_rehearsal = False

    def delete_view(self, request, *arguments, **options):
        if request.method != "POST":
            return super().delete_view(request, *arguments, **options)
        with history.in_turn():
            return super().delete_view(request, *arguments, **options)

    def save_model(self, request, obj, form, change):
        if getattr(request, "is_rehearsal", False):
            raise FormHolds
        if change and self.is_renamed(form):
            # The new slug waits for save_related, where the workflow keeps the old one.
            obj.slug = form.initial["slug"]
        super().save_model(request, obj, form, change)

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


class PublishableAdmin(ReviewPages, RevertPages, RecordAdmin):
    """Pages of a record with a state: adds publishing and withdrawing."""

    actions = [*RecordAdmin.actions, "publish_selected", "withdraw_selected"]
    audit_fields = (("state", "changed_at"), "last_revisions")

    @admin.display(description=_("publication state"))
    def state(self, obj):
        return state_badge(obj)

    def has_publish_permission(self, request):
        return self.may_decide(request)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_withdraw"
        view = self.admin_site.admin_view(self.withdraw_view)
        return [path("<path:object_id>/withdraw/", view, name=name), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        state = obj.publication_state if obj else PublicationState.DRAFT
        decides = self.has_publish_permission(request) and not context.get("is_popup")
        is_mine = obj is not None and workflow.is_author(request.user, obj)
        context["show_submit"] = state == PublicationState.DRAFT and not context.get("is_popup")
        context["show_publish"] = (
            decides and obj is not None and state != PublicationState.PUBLISHED and not is_mine
        )
        if context["show_publish"]:
            context["named_seen"] = named.token(named.versions_of(named.named_by(obj)).values())
        context["show_review"] = decides and obj is not None and state == PublicationState.IN_REVIEW
        context["show_withdraw"] = decides and state == PublicationState.PUBLISHED
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self.move_if_asked(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request, obj):
        return self.move_if_asked(request, obj) or super().response_change(request, obj)

    def move_if_asked(self, request, obj):
        """Answer the buttons that save and then hand on; what is in the way is said on the form."""
        reason = request.POST.get("change_reason", "").strip()
        if "_publish" in request.POST and self.has_publish_permission(request):
            seen = named.read_token(request.POST.get("named_seen"))
            self.publish_each(request, [obj], reason, named_seen=seen)
        elif "_submit" in request.POST:
            if self.move_each(request, [obj], workflow.submit, reason):
                text = _("“%(name)s” now waits for a reviewer.") % {"name": obj}
                self.message_user(request, text, messages.SUCCESS)
        else:
            return None
        return HttpResponseRedirect(self.address_of(obj))

    def address_of(self, obj):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[obj.pk], current_app=self.admin_site.name)

    @admin.action(
        description=_("Publish selected %(verbose_name_plural)s"), permissions=["publish"]
    )
    def publish_selected(self, request, queryset):
        self.publish_each(request, queryset)

    def publish_each(self, request, records, reason="", **seen):
        records = list(records)
        done = self.move_each(request, records, partial(workflow.publish, **seen), reason)
        if done:
            text = ngettext("%d record was published.", "%d records were published.", done) % done
            self.message_user(request, text, messages.SUCCESS)
        published = [r for r in records if r.publication_state == PublicationState.PUBLISHED]
        for record in published[:MESSAGES_AT_ONCE]:
            text, is_all = visibility.said_after(record, _("“%(name)s” is public now."))
            if not is_all:
                self.message_user(request, text, messages.WARNING)

    def move_each(self, request, records, move, reason):
        """Move records one by one, report what refused, return how many moved."""
        done, problems = 0, []
        for record in records:
            try:
                move(record, user=request.user, note=reason)
                done += 1
            except workflow.TransitionError as error:
                problems += [(record, problem) for problem in error.problems]
        self.report(request, problems)
        return done

    @admin.action(
        description=_("Withdraw selected %(verbose_name_plural)s"), permissions=["publish"]
    )
    def withdraw_selected(self, request, queryset):
        """Ask for a reason, then take the records off the public pages."""
        if "confirmed" not in request.POST:
            return self.ask_to_withdraw(request, queryset)
        reason = request.POST.get("change_reason", "").strip()
        if request.POST.get("due_at"):
            return self.withdraw_later(request, queryset, reason)
        done = self.move_each(request, queryset, workflow.withdraw, reason)
        if done:
            text = ngettext("%d record was withdrawn.", "%d records were withdrawn.", done) % done
            self.message_user(request, text, messages.SUCCESS)
        return None

    def withdraw_later(self, request, records, reason):
        """Withdraw records at the time that was asked for."""
        try:
            due_at = read_time(request.POST["due_at"])
        except workflow.TransitionError as error:
            show_problems(request, error)
            return

        def move(record, *, user, note):
            scheduling.schedule(record, Move.WITHDRAW, due_at, user=user, note=note)

        done = self.move_each(request, records, move, reason)
        if done:
            text = ngettext(
                "%d record will be withdrawn then.", "%d records will be withdrawn then.", done
            )
            self.message_user(request, text % done, messages.SUCCESS)

    def ask_to_withdraw(self, request, records):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw from the public pages?"),
            "opts": self.opts,
            "records": records,
            "gone": [(record, visibility.gone_with(record)) for record in records],
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/withdraw_confirmation.html", context)

    def withdraw_view(self, request, object_id):
        """Withdraw one record, after the same question as for many."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        answer = self.withdraw_selected(request, [obj])
        return answer or HttpResponseRedirect(self.address_of(obj))
