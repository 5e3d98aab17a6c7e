"""Admin pages of regional plans, their tracks and what was looked for."""

from django import forms
from django.contrib import admin
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from catalog.admin.mappings import mapping_inline
from futureind.core.asked import number_in
from futureind.editing.columns import (
    PASSAGE,
    bilingual_column,
    pair,
    public_page,
    state_badge,
)
from futureind.editing.forms import RecordForm, RecordFormSet, SuggestedSlug
from futureind.editing.inlines import RecordInline
from futureind.editing.publishable_pages import PublishableAdmin
from futureind.editing.record_pages import RecordAdmin
from futureind.publishing.models.records import Confidence
from regions.admin.successor import SuccessorPages
from regions.admin.track_table import TrackTablePages
from regions.models import (
    CoverageCheck,
    RegionalPlan,
    Track,
    TrackFieldMapping,
    TrackProductMapping,
    TrackTechnologyMapping,
)

TITLE = bilingual_column("title", _("document"), owner="document")


class PlanForm(SuggestedSlug, RecordForm):
    """Form of a plan; its slug is that of its document."""

    def suggested_slug(self, data):
        document = data.get("document")
        return document.slug if document else ""


class TrackSlug(SuggestedSlug):
    """Mixin: the slug of a track is that of its plan and its own English name."""

    def suggested_slug(self, data):
        plan = data.get("plan") or getattr(self.instance, "plan", None)
        name = slugify(data.get("name_en", ""))
        return f"{plan.slug}--{name}" if plan and name else ""


class TrackRowForm(TrackSlug, forms.ModelForm):
    """Row of a track on the page of its plan; a new one was read where its document was."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        if self.instance.pk and "slug" in self.fields:
            self.fields["slug"].disabled = self.instance.plan.was_published

    def _save_m2m(self):
        super()._save_m2m()
        if self.is_new and self.instance.confidence == Confidence.VERIFIED:
            self.instance.sources.set(self.instance.plan.document.sources.all())


class TrackRows(RecordFormSet):
    """Rows of the tracks of a plan; those whose pages visitors know cannot be ticked to go."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields and is_known(form.instance):
            form.fields[DELETION_FIELD_NAME].disabled = True


def is_known(track):
    """Tell whether visitors know the page of a track; what is only proposed has a key below 0."""
    return (track.pk or 0) > 0 and track.plan.was_published


class TrackForm(TrackSlug, RecordForm):
    """Form of a track on its own page."""


class TrackInline(RecordInline):
    model = Track
    form = TrackRowForm
    formset = TrackRows
    fields = (
        *("order", "tier", *pair("name"), *pair("tier_label")),
        *("parent", "confidence", "slug"),
    )
    show_change_link = True
    classes = ["rows", "linked"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("plan", "parent")

    def get_formset(self, request, obj=None, **kwargs):
        """Offer the tracks of the same plan as parents, read once for all rows."""
        formset = super().get_formset(request, obj, **kwargs)
        parent = formset.form.base_fields.get("parent")
        if parent is not None:
            parent.widget.can_add_related = False
            parent.queryset = Track.objects.filter(plan=obj) if obj else Track.objects.none()
            parent.choices = [("", "–"), *((track.pk, track.name) for track in parent.queryset)]
        return formset

    def has_delete_permission(self, request, obj=None):
        """A track has a page, which never dies once it was public; what is only proposed may go."""
        may_delete = super().has_delete_permission(request, obj)
        opening = getattr(request, "opening", None)
        is_proposal = opening is not None and opening.proposal is not None
        return may_delete and (obj is None or not obj.was_published or is_proposal)


@admin.register(RegionalPlan)
class RegionalPlanAdmin(PublishableAdmin):
    pages = (*PublishableAdmin.pages, SuccessorPages, TrackTablePages)
    change_form_template = "admin/plan_change_form.html"
    form = PlanForm
    list_display = (
        *("region", TITLE),
        *("horizon_year", "structure_en"),
        *(state_badge, "confidence", "changed_at", public_page),
    )
    list_display_links = ("region", TITLE)
    list_filter = (
        *("publication_state", "confidence", "document__level", "horizon_year"),
        ("region", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("region", "document")
    date_hierarchy = "document__date"
    search_fields = (
        *("slug", "region__name_en", "region__name_zh"),
        *("document__title_en", "document__title_zh"),
        *("document__aliases_en", "document__aliases_zh", "document__document_number"),
    )
    autocomplete_fields = ("region", "document")
    inlines = [TrackInline]
    fieldsets = (
        (None, {"fields": (("region", "document"), ("horizon_year", "slug"))}),
        (_("Texts"), {"fields": (pair("structure"), pair("note"))}),
        (_("How sure it is"), {"fields": ("confidence",)}),
        (_("To be verified"), {"classes": ["collapse"], "fields": ("unverified_fields",)}),
    )


@admin.register(Track)
class TrackAdmin(RecordAdmin):
    """Pages of a track, which is a part: published, withdrawn and versioned with its plan."""

    form = TrackForm
    list_display = (
        *(bilingual_column("name", _("name")), "region", "plan_slug", "tier", "order"),
        *("plan_state", "confidence", "plan__changed_at", public_page),
    )
    list_filter = (
        *("plan__publication_state", "confidence", "tier", "fields"),
        ("plan__region", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("plan__region", "plan__document", "parent")
    search_fields = (
        *("slug", "name_en", "name_zh", "plan__slug"),
        *("plan__region__name_en", "plan__region__name_zh"),
    )
    autocomplete_fields = ("plan", "targets", "quotation_source", "sources")
    audit_fields = ("plan_state", "last_revisions")
    inlines = [
        mapping_inline(TrackFieldMapping),
        mapping_inline(TrackTechnologyMapping),
        mapping_inline(TrackProductMapping),
    ]
    fieldsets = (
        (None, {"fields": ("plan", pair("name"), ("slug", "parent"))}),
        (_("Place in the plan"), {"fields": (("tier", "order"), pair("tier_label"))}),
        (_("Texts"), {"fields": (pair("note"),)}),
        (
            _("Where it stands"),
            {"fields": (*PASSAGE, "sources", "confidence", "targets")},
        ),
    )

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        parent = form.base_fields.get("parent")
        if parent is not None:
            plan = obj.plan_id if obj else request.POST.get("plan") or request.GET.get("plan", "")
            siblings = Track.objects.select_related("plan")
            parent.queryset = siblings.filter(plan=number_in(plan))
            parent.label_from_instance = lambda track: track.name
        return form

    @admin.display(description=_("region"), ordering="plan__region__name_en")
    def region(self, obj):
        return obj.plan.region.name

    @admin.display(description=_("plan"), ordering="plan__slug")
    def plan_slug(self, obj):
        return obj.plan.slug

    @admin.display(description=_("state of the plan"), ordering="plan__publication_state")
    def plan_state(self, obj):
        return state_badge(obj.plan)


@admin.register(CoverageCheck)
class CoverageCheckAdmin(PublishableAdmin):
    list_display = (
        *("region", "checked_on", "outcome", "completeness"),
        *(state_badge, "changed_at", public_page),
    )
    list_filter = (
        *("publication_state", "outcome", "completeness", "checked_on"),
        ("region", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("region",)
    date_hierarchy = "checked_on"
    search_fields = ("region__slug", "region__name_en", "region__name_zh", "queries", "note_en")
    autocomplete_fields = ("region",)
    fieldsets = (
        (None, {"fields": (("region", "checked_on"), ("outcome", "completeness"))}),
        (_("Texts"), {"fields": ("queries", pair("note"))}),
    )
