from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.admin.mappings import MappingInline, mapping_inline
from catalog.models import (
    FieldDirection,
    GlossaryTerm,
    IndustryField,
    KeyTechnology,
    ProductFieldMapping,
    SymbolicProduct,
    Technology,
    TechnologyFieldMapping,
    Unit,
)
from futureind.editing.columns import bilingual_column, pair, public_page, state_badge
from futureind.editing.inlines import RecordInline
from futureind.editing.publishable_pages import PublishableAdmin
from futureind.editing.record_pages import RecordAdmin
from futureind.editing.vocabulary_pages import MergePages, WhereUsedPages

NAME = bilingual_column("name", _("name"))
NAMES_AND_ALIASES = ("slug", "name_en", "name_zh", "aliases_en", "aliases_zh")


@admin.register(Unit)
class UnitAdmin(RecordAdmin):
    pages = (*RecordAdmin.pages, WhereUsedPages)
    change_form_template = "admin/vocabulary_change_form.html"
    list_display = (NAME, "slug", "base_unit", "factor", "changed_at")
    list_filter = (("base_unit", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("base_unit",)
    search_fields = ("slug", "name_en", "name_zh")
    autocomplete_fields = ("base_unit",)
    prepopulated_fields = {"slug": ("name_en",)}
    fieldsets = ((None, {"fields": (pair("name"), "one_en", "slug", ("base_unit", "factor"))}),)


class DirectionInline(RecordInline):
    model = FieldDirection
    fields = ("order", *pair("name"), "kind", "slug", "confidence")
    prepopulated_fields = {"slug": ("name_en",)}


@admin.register(IndustryField)
class IndustryFieldAdmin(PublishableAdmin):
    pages = (*PublishableAdmin.pages, WhereUsedPages)
    change_form_template = "admin/vocabulary_change_form.html"
    list_display = (NAME, "code", "order", state_badge, "confidence", "changed_at", public_page)
    list_filter = ("publication_state", "confidence")
    search_fields = (*NAMES_AND_ALIASES, "short_name_en", "short_name_zh", "code")
    autocomplete_fields = ("sources",)
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = [DirectionInline]
    fieldsets = (
        (None, {"fields": (pair("name"), pair("short_name"), pair("aliases"))}),
        (_("Place in the list"), {"fields": (("slug", "code", "order"),)}),
        (_("Texts"), {"fields": (pair("description"), pair("directions_note"))}),
        (_("Where it stands"), {"fields": ("sources", "confidence")}),
    )


@admin.register(FieldDirection)
class FieldDirectionAdmin(RecordAdmin):
    """Directions are edited with their field; here they are found by the search boxes."""

    list_display = (NAME, "field", "kind", "order", "confidence")
    list_filter = ("field", "kind", "confidence")
    list_select_related = ("field",)
    search_fields = ("slug", "name_en", "name_zh")
    autocomplete_fields = ("field",)
    audit_fields = ("last_revisions",)
    fieldsets = (
        (None, {"fields": (pair("name"), ("field", "slug"), ("kind", "order", "confidence"))}),
    )


class KeyTechnologyInline(RecordInline):
    model = KeyTechnology
    fields = (
        *("order", *pair("name"), "quotation", *pair("locator")),
        *("quotation_source", "read_on"),
    )
    autocomplete_fields = ("quotation_source",)


class ProductFieldInline(MappingInline):
    model = ProductFieldMapping
    fields = ("order", "field", "basis", *pair("reason"))
    autocomplete_fields = ("field",)


@admin.register(SymbolicProduct)
class SymbolicProductAdmin(PublishableAdmin):
    pages = (*PublishableAdmin.pages, WhereUsedPages)
    change_form_template = "admin/vocabulary_change_form.html"
    list_display = (NAME, "order", state_badge, "confidence", "changed_at", public_page)
    list_filter = ("publication_state", "confidence", "fields")
    search_fields = NAMES_AND_ALIASES
    autocomplete_fields = ("sources",)
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = [KeyTechnologyInline, ProductFieldInline]
    fieldsets = (
        (None, {"fields": (pair("name"), pair("aliases"), ("slug", "order"))}),
        (_("Texts"), {"fields": (pair("description"),)}),
        (_("Where it stands"), {"fields": ("sources", "confidence")}),
        (_("To be verified"), {"classes": ["collapse"], "fields": ("unverified_fields",)}),
    )


@admin.register(Technology)
class TechnologyAdmin(PublishableAdmin):
    pages = (*PublishableAdmin.pages, MergePages)
    change_form_template = "admin/vocabulary_change_form.html"
    list_display = (NAME, "parent", "product", state_badge, "changed_at", public_page)
    list_filter = ("publication_state", "fields", ("product", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent", "product")
    search_fields = NAMES_AND_ALIASES
    autocomplete_fields = ("parent", "product", "directions")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = [mapping_inline(TechnologyFieldMapping)]
    fieldsets = (
        (None, {"fields": (pair("name"), pair("aliases"), "slug")}),
        (_("Place in the vocabulary"), {"fields": (("parent", "product"), "directions")}),
        (_("Texts"), {"fields": (pair("description"),)}),
    )


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(PublishableAdmin):
    pages = (*PublishableAdmin.pages, MergePages)
    change_form_template = "admin/vocabulary_change_form.html"
    list_display = (
        *(bilingual_column("term", _("term")), "category"),
        *(state_badge, "confidence", "changed_at", public_page),
    )
    list_filter = ("publication_state", "confidence", "category", "fields")
    search_fields = ("slug", "term_en", "term_zh", "aliases_en", "aliases_zh")
    autocomplete_fields = ("fields", "products", "documents", "sources")
    prepopulated_fields = {"slug": ("term_en",)}
    fieldsets = (
        (None, {"fields": (pair("term"), pair("aliases"), ("category", "slug"))}),
        (_("Texts"), {"fields": (pair("definition"),)}),
        (_("Concerns"), {"fields": (("fields", "products"), "documents")}),
        (_("Where it stands"), {"fields": ("sources", "confidence")}),
    )
