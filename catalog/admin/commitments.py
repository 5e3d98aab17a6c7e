from django import forms
from django.contrib import admin
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from catalog.admin.mappings import mapping_inline
from catalog.models import (
    Target,
    TargetAssessment,
    TargetFieldMapping,
    TargetProductMapping,
    TargetTechnologyMapping,
)
from catalog.numbers import target_amount
from futureind.editing.columns import (
    PASSAGE,
    bilingual_column,
    pair,
    public_page,
    state_badge,
)
from futureind.editing.forms import RecordForm, SuggestedSlug
from futureind.editing.inlines import RecordInline
from futureind.editing.publishable_pages import PublishableAdmin


class TargetSlug(SuggestedSlug):
    """Mixin: the slug of a target is that of its document and the first words of what it says."""

    def suggested_slug(self, data):
        document, said = data.get("document"), data.get("metric_en") or data.get("statement_en", "")
        words = "-".join(slugify(said).split("-")[:6])
        return f"{document.slug}--{words}" if document and words else ""


class TargetForm(TargetSlug, RecordForm):
    """Form of a target on its own page."""


class TargetRowForm(TargetSlug, forms.ModelForm):
    """Row in which a target is first entered, on the page of its document."""


class TargetInline(RecordInline):
    """The targets of a document: entered here, changed on pages of their own."""

    model = Target
    form = TargetRowForm
    fields = (
        *("order", "kind", *pair("statement"), "comparator", "value", "unit"),
        *("due_date", "locator_zh", "confidence", "slug", state_badge),
    )
    readonly_fields = (state_badge,)
    autocomplete_fields = ("unit",)
    show_change_link = True
    classes = ["rows", "linked"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("document")

    def has_change_permission(self, request, obj=None):
        return False


class AssessmentInline(RecordInline):
    model = TargetAssessment
    fields = ("assessed_on", "verdict", "observed_value", *pair("note"), "source")
    autocomplete_fields = ("source",)


@admin.register(Target)
class TargetAdmin(PublishableAdmin):
    form = TargetForm
    list_display = (
        *(bilingual_column("statement", _("statement")), "document_slug", "measure"),
        *("due_date", state_badge, "confidence", "changed_at", public_page),
    )
    list_filter = (
        *("publication_state", "confidence", "kind", "fields", "due_date"),
        ("document__region", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("document", "unit__base_unit")
    date_hierarchy = "due_date"
    search_fields = (
        *("slug", "statement_en", "statement_zh", "metric_en", "metric_zh"),
        *("document__slug", "document__document_number"),
        *("document__title_en", "document__title_zh"),
    )
    autocomplete_fields = ("document", "unit", "indicator", "quotation_source", "sources")
    inlines = [
        mapping_inline(TargetFieldMapping),
        mapping_inline(TargetTechnologyMapping),
        mapping_inline(TargetProductMapping),
        AssessmentInline,
    ]
    fieldsets = (
        (None, {"fields": (("document", "order"), pair("statement"), ("kind", "slug"))}),
        (
            _("Measure"),
            {
                "fields": (
                    pair("metric"),
                    ("comparator", "value", "value_max"),
                    "unit",
                    pair("value_text"),
                    "indicator",
                )
            },
        ),
        (_("Due"), {"fields": (("due_date", "due_precision"),)}),
        (_("Where it stands"), {"fields": (*PASSAGE, "sources", "confidence")}),
        (_("To be verified"), {"classes": ["collapse"], "fields": ("unverified_fields",)}),
        (_("For editors"), {"classes": ["collapse"], "fields": ("editors_note",)}),
    )

    @admin.display(description=_("policy document"), ordering="document__slug")
    def document_slug(self, obj):
        return obj.document.slug

    @admin.display(description=_("measure"), ordering="value")
    def measure(self, obj):
        return target_amount(obj) or obj.get_kind_display()
