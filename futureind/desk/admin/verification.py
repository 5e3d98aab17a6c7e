"""The form in which somebody notes what they read where, and the list of such notes."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from futureind.core.admin_pages import ReadOnlyAdmin, admin_address
from futureind.core.form_fields import OneOfMany
from futureind.desk.models import Verification
from futureind.desk.verification import facts_of, models_in_doubt, verify
from futureind.publishing.models.proposals import Proposal
from futureind.publishing.models.records import owner_of
from futureind.publishing.models.sources import Source
from futureind.search.lookup import LookUpInLog


class VerificationForm(forms.Form):
    """Which facts were read, in which source, where in it, and when."""

    facts = forms.MultipleChoiceField(
        label=_("What you have read"), widget=forms.CheckboxSelectMultiple
    )
    source = forms.ModelChoiceField(
        label=_("Source"),
        queryset=Source.objects.all(),
        widget=OneOfMany(Verification._meta.get_field("source"), admin.site),
    )
    locator = forms.CharField(
        label=_("Locator"),
        max_length=200,
        required=False,
        help_text=_("Part, article, paragraph."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    read_on = forms.DateField(label=_("Read on"), widget=AdminDateWidget)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, facts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["facts"].choices = [(fact.name, labelled(fact)) for fact in facts]

    def clean_read_on(self):
        day = self.cleaned_data["read_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


def labelled(fact):
    if not fact.value:
        return fact.label
    return format_html("{} <q>{}</q>", fact.label, fact.value)


@admin.register(Verification)
class VerificationAdmin(LookUpInLog, ReadOnlyAdmin):
    """Who read what where and when."""

    list_display = ("at", "record_name", "what", "source", "locator", "read_on", "user_name")
    list_filter = ("read_on", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("source", "content_type")
    date_hierarchy = "read_on"
    search_fields = ("record_name", "source__title", "locator", "note", "user_name")
    fields = ("record_name", "what", "source", "locator", "read_on", "note", "user_name", "at")

    class Media:
        js = ["js/admin.js"]

    # For the search box of the form, which names this admin as where it stands.
    autocomplete_fields = ("source",)

    def get_urls(self):
        view = self.admin_site.admin_view(self.verify_view)
        name = "desk_verification_new"
        return [path("<str:label>/<int:key>/new/", view, name=name), *super().get_urls()]

    @admin.display(description=_("what was verified"))
    def what(self, verification):
        return verification.what

    def verify_view(self, request, label, key):
        """Show what is to be verified of a record or part; take what was read."""
        models = {model._meta.label_lower: model for model in models_in_doubt()}
        if label not in models:
            raise Http404
        model = models[label]
        if not request.user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"):
            raise PermissionDenied
        record = model._base_manager.filter(pk=key).first()
        if record is None:
            raise Http404
        facts, owner = facts_of(record), owner_of(record)
        form = VerificationForm(
            request.POST or None, facts=facts, initial={"read_on": timezone.localdate()}
        )
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            proposal = verify(record, data.pop("facts"), user=request.user, **data)
            return self.verified(request, owner, proposal)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Verify “%(name)s”") % {"name": record},
            "opts": self.opts,
            "record": record,
            "record_address": admin_address(record) or admin_address(owner),
            "facts": facts,
            "form": form,
            "open_proposals": Proposal.objects.of(owner).open(),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/verify.html", context)

    def verified(self, request, owner, proposal):
        if proposal is None:
            self.message_user(request, _("The marks were taken off."), messages.SUCCESS)
            return HttpResponseRedirect(admin_address(owner))
        text = _("The marks go when another person has approved it.")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:publishing_proposal_change", args=[proposal.pk]))
