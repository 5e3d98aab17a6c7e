"""The admin as a whole: who gets in, and the pages of the second factor."""

from functools import update_wrapper
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.validators import MaxLengthValidator
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from futureind import views
from futureind.accounts import second_factor
from futureind.accounts.models import NAME_LENGTH, SecurityAction
from futureind.accounts.security import write_down
from futureind.core.asked import why_unreadable
from futureind.desk.guide import guide
from futureind.desk.work_pages import WorkPages

# Django blames the database for an address of a list that it cannot read.
BROKEN = "admin/invalid_setup.html"


class LogInForm(AdminAuthenticationForm):
    """Name and password; a name longer than any account's is refused before it is looked for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].validators.append(MaxLengthValidator(NAME_LENGTH))


class CodeForm(forms.Form):
    """One code: of the app, or a recovery code."""

    code = forms.CharField(
        label=pgettext_lazy("second factor", "Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


def locked_out(request, response, credentials):
    """Answer somebody whose log-ins failed too often."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {**admin.site.each_context(request), "title": "", "minutes": minutes}
    return TemplateResponse(request, "admin/locked_out.html", context, status=429).render()


class TrackerAdminSite(WorkPages, admin.AdminSite):
    """The admin, open to staff who have shown every factor that is asked of them."""

    site_header = site_title = _("Future Industries Tracker")
    index_title = _("Editing")
    login_form = LogInForm
    index_template = "admin/dashboard.html"

    def has_permission(self, request):
        return super().has_permission(request) and second_factor.is_satisfied(request.user)

    def admin_view(self, view, cacheable=False):
        """Wrap a view of the admin: it is for staff, and gets no list to make that cannot be."""

        def readable_only(request, *args, **kwargs):
            if problem := why_unreadable(request.GET, request.POST):
                return views.unreadable(request, problem)
            if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
                # Django refuses any other name of no column like this.
                raise DisallowedModelAdminToField("The name of the column is empty.")
            answer = view(request, *args, **kwargs)
            return (
                self.list_refused(request)
                if getattr(answer, "template_name", "") == BROKEN
                else answer
            )

        return super().admin_view(update_wrapper(readable_only, view), cacheable)

    def list_refused(self, request):
        """Say that a list lacks the page or the filter that its address asks for."""
        context = {**self.each_context(request), "title": _("These filters cannot be used")}
        return TemplateResponse(request, "admin/list_refused.html", context, status=400)

    def get_urls(self):
        return [
            path("guide/", self.admin_view(self.guide_view), name="guide"),
            *self.work_urls(),
            path("second-factor/", self.ask_for_code, name="second_factor"),
            path("second-factor/set-up/", self.set_up_second_factor, name="second_factor_set_up"),
            path(
                "second-factor/codes/",
                self.admin_view(self.new_recovery_codes),
                name="second_factor_codes",
            ),
            *super().get_urls(),
        ]

    def guide_view(self, request):
        """Show the editors' guide."""
        title, text = guide()
        context = {**self.each_context(request), "title": title, "guide": text}
        return TemplateResponse(request, "admin/guide.html", context)

    @method_decorator([never_cache, sensitive_post_parameters()])
    def login(self, request, extra_context=None):
        """Ask for name and password, then for what is missing of the second factor."""
        if request.method == "GET" and self.lacks_second_factor(request):
            return HttpResponseRedirect(self.with_next("second_factor", request))
        response = super().login(request, extra_context)
        if request.method == "POST" and self.has_permission(request):
            second_factor.forget_failures(request)
        return response

    def lacks_second_factor(self, request):
        """True for staff who gave their password and not yet the second factor."""
        return super().has_permission(request) and not second_factor.is_satisfied(request.user)

    def with_next(self, name, request):
        """Return the address of a page, with where to go after it."""
        return f"{reverse(f'admin:{name}')}?{urlencode({'next': self.after(request)})}"

    def after(self, request):
        """Return where somebody wanted to go: an address of this site, by default the index."""
        wanted = request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, ""))
        safe = url_has_allowed_host_and_scheme(
            wanted, {request.get_host()}, require_https=request.is_secure()
        )
        return wanted if safe else reverse("admin:index")

    def page(self, request, template, **context):
        context = {
            **self.each_context(request),
            "has_permission": self.has_permission(request),
            "next": self.after(request),
            **context,
        }
        request.current_app = self.name
        return TemplateResponse(request, f"admin/second_factor/{template}.html", context)

    @method_decorator([never_cache, sensitive_post_parameters()])
    def ask_for_code(self, request):
        """The second step of logging in."""
        if self.has_permission(request):
            return HttpResponseRedirect(self.after(request))
        if not self.lacks_second_factor(request):
            return redirect_to_login(self.after(request), reverse("admin:login"))
        if not request.user.has_second_factor:
            return HttpResponseRedirect(self.with_next("second_factor_set_up", request))
        if second_factor.is_locked_out(request):
            return locked_out(request, None, None)
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            problem = second_factor.check(request, form.cleaned_data["code"])
            if not problem:
                return HttpResponseRedirect(self.after(request))
            form.add_error("code", problem)
        return self.page(request, "ask", title=_("Second step of logging in"), form=form)

    @method_decorator([never_cache, sensitive_post_parameters()])
    def set_up_second_factor(self, request):
        """Show the key of a new device and take its first code; then the recovery codes, once.

        Open to staff who have none yet, and to those who have shown theirs and want another.
        """
        first = self.lacks_second_factor(request) and not request.user.has_second_factor
        if not (first or self.has_permission(request)):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            codes = second_factor.set_up(request, form.cleaned_data["code"])
            if codes:
                return self.show_codes(request, codes)
            form.add_error("code", _("This is not the code that the app shows for this key."))
        device = second_factor.device_to_set_up(request.user)
        side, qr = second_factor.qr_path(device.config_url)
        return self.page(
            request,
            "set_up",
            title=_("Set up the second factor"),
            form=form,
            key=second_factor.spaced_key(device),
            otp_address=device.config_url,
            side=side,
            qr=qr,
            replaces=request.user.has_second_factor,
            codes_left=second_factor.codes_left(request.user),
        )

    def show_codes(self, request, codes):
        return self.page(request, "codes", title=_("Recovery codes"), codes=codes)

    def new_recovery_codes(self, request):
        """Give new recovery codes in place of the old ones."""
        if request.method != "POST" or not request.user.has_second_factor:
            return HttpResponseRedirect(reverse("admin:second_factor_set_up"))
        codes = second_factor.make_recovery_codes(request.user)
        write_down(request, SecurityAction.CODES_MADE, request.user.get_username())
        return self.show_codes(request, codes)

    def password_change(self, request, extra_context=None):
        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            write_down(request, SecurityAction.PASSWORD_CHANGED, request.user.get_username())
        return response
