from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.admin.commitments import TargetInline
from catalog.admin.document_form import DocumentForm
from catalog.admin.mappings import mapping_inline
from catalog.models import (
    DocumentFieldMapping,
    DocumentIssuer,
    DocumentPassage,
    DocumentProductMapping,
    DocumentRelation,
    DocumentTechnologyMapping,
    PolicyDocument,
)
from futureind.editing.columns import bilingual_column, pair, public_page, state_badge
from futureind.editing.inlines import ReadOnlyInline, RecordInline
from futureind.editing.publishable_pages import PublishableAdmin


class IssuerInline(RecordInline):
    model = DocumentIssuer
    fields = ("order", "agency")
    autocomplete_fields = ("agency",)


class PassageInline(RecordInline):
    """Words of the text that state a fact about it."""

    model = DocumentPassage
    fields = ("order", "quotation", *pair("locator"), "quotation_source", "read_on")
    autocomplete_fields = ("quotation_source",)


class RelationInline(RecordInline):
    """What this text says about others."""

    model = DocumentRelation
    fk_name = "from_document"
    fields = ("type", "to_document", "basis", *pair("locator"), "confidence")
    autocomplete_fields = ("to_document",)
    verbose_name_plural = _("relations to other documents")


class RelationFromOthersInline(ReadOnlyInline):
    """What other texts say about this one; edited on their pages."""

    model = DocumentRelation
    fk_name = "to_document"
    fields = ("from_document", "type", "basis", *pair("locator"), "confidence")
    readonly_fields = fields
    verbose_name_plural = _("relations from other documents")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("from_document")


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(PublishableAdmin):
    form = DocumentForm
    list_display = (
        *(bilingual_column("title", _("title")), "document_number", "document_type", "region"),
        *("day", state_badge, "confidence", "changed_at", public_page),
    )
    list_filter = (
        *("publication_state", "confidence", "level", "document_type", "legal_status"),
        *("fields", "issued_date", ("region", admin.RelatedOnlyFieldListFilter)),
    )
    list_select_related = ("region",)
    date_hierarchy = "date"
    search_fields = (
        *("slug", "document_number", "title_en", "title_zh", "aliases_en", "aliases_zh"),
        "official_url",
    )
    autocomplete_fields = ("region", "sources")
    prepopulated_fields = {"slug": ("title_en",)}
    inlines = [
        IssuerInline,
        PassageInline,
        RelationInline,
        RelationFromOthersInline,
        mapping_inline(DocumentFieldMapping),
        mapping_inline(DocumentTechnologyMapping),
        mapping_inline(DocumentProductMapping),
        TargetInline,
    ]
    fieldsets = (
        (None, {"fields": (pair("title"), pair("aliases"), ("title_en_origin", "slug"))}),
        (
            _("What it is"),
            {
                "fields": (
                    ("document_number", "document_type"),
                    ("level", "region"),
                    ("legal_status", "confidence"),
                )
            },
        ),
        (
            _("Dates"),
            {
                "fields": (
                    ("issued_date", "published_date"),
                    ("effective_date", "expiry_date"),
                    ("period_start", "period_end"),
                )
            },
        ),
        (
            _("Where it stands"),
            {
                "fields": (
                    "official_url",
                    ("official_url_archived", "official_url_retrieved_on"),
                    "sources",
                )
            },
        ),
        (_("Texts"), {"fields": (pair("summary"), pair("note"))}),
        (_("To be verified"), {"classes": ["collapse"], "fields": ("unverified_fields",)}),
    )

    @admin.display(description=_("date"), ordering="date")
    def day(self, obj):
        return obj.date
