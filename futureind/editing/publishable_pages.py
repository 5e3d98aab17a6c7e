"""What the admin pages of records with a state have in common."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.core.admin_pages import admin_address
from futureind.editing.columns import state_badge
from futureind.editing.record_pages import MESSAGES_AT_ONCE, RecordAdmin
from futureind.editing.review_pages import ReviewPages, read_time, show_problems
from futureind.publishing import named, scheduling, visibility, workflow
from futureind.publishing.models.records import PublicationState
from futureind.publishing.models.schedules import Move


class PublishableAdmin(RecordAdmin):
    """Pages of a record with a state: adds publishing and withdrawing."""

    pages = (*RecordAdmin.pages, ReviewPages)
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
        return HttpResponseRedirect(admin_address(obj))

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
        return answer or HttpResponseRedirect(admin_address(obj))
