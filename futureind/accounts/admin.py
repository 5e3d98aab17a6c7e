"""Admin pages of accounts: what each may do, and the way back in for who lost a second factor."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from futureind.accounts import second_factor
from futureind.accounts.models import SecurityAction, SecurityEvent, User
from futureind.accounts.security import write_down
from futureind.core.admin_pages import ReadOnlyAdmin
from futureind.core.form_fields import KnownMultipleChoiceField

# Their pages show the keys of others.
admin.site.unregister([TOTPDevice, StaticDevice])
admin.site.unregister(Group)


def rights_of(account):
    """Return what an account or group may do, as a text that can be compared."""
    if isinstance(account, Group):
        return ", ".join(sorted(p.codename for p in account.permissions.all()))
    flags = [name for name in ("is_active", "is_staff", "is_superuser") if getattr(account, name)]
    groups = sorted(group.name for group in account.groups.all())
    single = sorted(p.codename for p in account.user_permissions.all())
    return ", ".join([*flags, *groups, *single])


class RightsAreWrittenDown:
    """Mixin of admin classes: whoever changes what an account may do leaves a trace."""

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        kwargs.setdefault("form_class", KnownMultipleChoiceField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_form(self, request, form, change):
        before = self.model._base_manager.filter(pk=form.instance.pk).first()
        form.rights_before = rights_of(before) if before else None
        return super().save_form(request, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        now = rights_of(type(form.instance)._base_manager.get(pk=form.instance.pk))
        if form.rights_before is None:
            self.write_down(request, SecurityAction.ACCOUNT_CREATED, form.instance, now)
        elif form.rights_before != now:
            detail = f"{form.rights_before} → {now}"
            self.write_down(request, SecurityAction.ROLE_CHANGED, form.instance, detail)

    def delete_model(self, request, obj):
        self.write_down(request, SecurityAction.ACCOUNT_DELETED, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for account in queryset:
            self.write_down(request, SecurityAction.ACCOUNT_DELETED, account)
        super().delete_queryset(request, queryset)

    def write_down(self, request, action, account, detail=""):
        write_down(request, action, str(account), by=request.user.get_username(), detail=detail)


@admin.register(Group)
class RoleAdmin(RightsAreWrittenDown, GroupAdmin):
    """Pages of the roles; `create_accounts` writes the permissions of ours anew."""


@admin.register(User)
class AccountAdmin(RightsAreWrittenDown, UserAdmin):
    """Pages of an account, with the state of its second factor."""

    list_display = ("username", "email", "is_staff", "roles", "has_second_factor", "last_login")
    readonly_fields = ("second_factor_state", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "second_factor_state")}),
        *UserAdmin.fieldsets[1:],
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups", "totpdevice_set")

    def get_urls(self):
        view = self.admin_site.admin_view(self.reset_second_factor)
        name = "accounts_user_reset_second_factor"
        return [path("<path:object_id>/reset-second-factor/", view, name=name), *super().get_urls()]

    @admin.display(description=_("roles"))
    def roles(self, account):
        return ", ".join(group.name for group in account.groups.all()) or "–"

    @admin.display(description=_("second factor"), boolean=True)
    def has_second_factor(self, account):
        return any(device.confirmed for device in account.totpdevice_set.all())

    @admin.display(description=_("second factor"))
    def second_factor_state(self, account):
        if account.pk is None or not account.has_second_factor:
            return _("Not set up.")
        url = reverse("admin:accounts_user_reset_second_factor", args=[account.pk])
        return format_html('{} <a href="{}">{}</a>', _("Set up."), url, _("Reset…"))

    def reset_second_factor(self, request, object_id):
        """Take the second factor off an account, after asking."""
        account = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if account is None:
            raise Http404
        if request.method == "POST":
            second_factor.remove(request, account)
            text = _("The second factor of “%(name)s” was reset.") % {"name": account}
            self.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[account.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reset the second factor of “%(name)s”?") % {"name": account},
            "opts": self.opts,
            "account": account,
        }
        return TemplateResponse(request, "admin/second_factor/reset.html", context)

    def user_change_password(self, request, id, form_url=""):
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            account = self.get_object(request, unquote(id))
            self.write_down(request, SecurityAction.PASSWORD_CHANGED, account)
        return response


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    """What happened to accounts, for administrators: the other roles have no permission."""

    list_display = ("at", "action", "account", "user_name", "address", "detail")
    list_filter = ("action", "at")
    date_hierarchy = "at"
    search_fields = ("account", "user_name", "address", "detail")
    fields = list_display
