"""The admin page on which the next plan of a region is started from its forerunner."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from catalog.models import PolicyDocument
from catalog.models.documents import YEAR_VALIDATORS
from futureind.core.bilingual import CHINESE, ENGLISH
from futureind.editing.beside import PagesBeside
from futureind.editing.forms import RecordForm, SuggestedSlug
from regions.admin.track_table import tracks_address
from regions.models import RegionalPlan
from regions.successor import document_like, start_next


class NextPlanForm(SuggestedSlug, forms.ModelForm):
    """What is new about the next plan; the rest stays as in its forerunner until it is read."""

    horizon_year = forms.IntegerField(
        label=_("Horizon year"),
        required=False,
        min_value=YEAR_VALIDATORS[0].limit_value,
        max_value=YEAR_VALIDATORS[1].limit_value,
    )
    with_tracks = forms.BooleanField(
        label=_("Take the tracks along"),
        required=False,
        initial=True,
        help_text=_("With their mappings, each marked as to be verified."),
    )
    change_reason = RecordForm.base_fields["change_reason"]

    class Meta:
        model = PolicyDocument
        fields = ("title_zh", "title_en", "document_number", "issued_date", "slug")
        widgets = {
            "title_zh": forms.TextInput(attrs={"lang": CHINESE, "class": "vTextField"}),
            "title_en": forms.TextInput(attrs={"lang": ENGLISH, "class": "vTextField"}),
            "issued_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "slug": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def suggested_slug(self, data):
        return slugify(data.get("title_en", ""))

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if slug and RegionalPlan.objects.filter(slug=slug).exists():
            raise ValidationError(_("A plan with this slug exists already."))
        return slug

    def free_slug(self, wanted):
        """Return a slug that neither a document nor a plan has or had."""
        number, slug = 1, super().free_slug(wanted)
        while RegionalPlan.objects.filter(slug=slug).exists() or RegionalPlan.renamed_from(slug):
            number += 1
            slug = super().free_slug(f"{wanted}-{number}")
        return slug


class SuccessorPages(PagesBeside):
    """ "Copy as the next plan"."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.next_view)
        address = path("<path:object_id>/next/", view, name="regions_regionalplan_next")
        return [address]

    def may_start_next(self, request):
        documents = request.user.has_perm("catalog.add_policydocument")
        return documents and self.admin.has_add_permission(request)

    def next_view(self, request, object_id):
        """Ask what is new about the next plan, then make its drafts."""
        plan = self.admin.get_object(request, unquote(object_id))
        if plan is None:
            return self.gone(request, object_id)
        if not (self.may_start_next(request) and self.admin.has_view_permission(request, plan)):
            raise PermissionDenied
        form = NextPlanForm(request.POST or None, instance=document_like(plan))
        if request.method == "POST" and form.is_valid():
            return self.start_next(request, plan, form)
        context = {
            **self.admin_site.each_context(request),
            "title": _("The plan after “%s”") % plan,
            "opts": self.opts,
            "original": plan,
            "form": form,
        }
        return TemplateResponse(request, "admin/plan_next.html", context)

    def start_next(self, request, plan, form):
        data = form.cleaned_data
        successor = start_next(
            plan,
            form.instance,
            horizon_year=data["horizon_year"],
            with_tracks=data["with_tracks"],
            user=request.user,
            note=data["change_reason"] or str(_("The plan after %s") % plan.slug),
        )
        text = _("A draft of the document and of its plan was made. Now read them in the new text.")
        self.admin.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(tracks_address(successor))
