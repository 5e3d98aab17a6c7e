from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.models import Agency, Region, RegionGroup
from futureind.editing.columns import bilingual_column, pair, public_page, state_badge
from futureind.editing.publishable_pages import PublishableAdmin
from futureind.editing.vocabulary_pages import MergePages, WhereUsedPages

NAME = bilingual_column("name", _("name"))


@admin.register(Region)
class RegionAdmin(PublishableAdmin):
    pages = (*PublishableAdmin.pages, WhereUsedPages)
    change_form_template = "admin/vocabulary_change_form.html"
    list_display = (NAME, "code", "level", "parent", state_badge, "changed_at", public_page)
    list_filter = ("publication_state", "level", "groups")
    list_select_related = ("parent",)
    search_fields = (
        *("slug", "name_en", "name_zh", "short_name_zh", "aliases_en", "aliases_zh"),
        *("code", "letter_code"),
    )
    autocomplete_fields = ("parent", "sources")
    prepopulated_fields = {"slug": ("name_en",)}
    fieldsets = (
        (None, {"fields": (pair("name"), pair("aliases"), ("short_name_zh", "slug"))}),
        (_("Place"), {"fields": (("level", "parent"), ("code", "letter_code"))}),
        (_("Tile map"), {"fields": (("tile_row", "tile_column"),)}),
        (_("Where it stands"), {"fields": ("website", "sources")}),
        (_("To be verified"), {"classes": ["collapse"], "fields": ("unverified_fields",)}),
    )


@admin.register(RegionGroup)
class RegionGroupAdmin(PublishableAdmin):
    list_display = (NAME, "order", state_badge, "changed_at")
    list_filter = ("publication_state",)
    search_fields = (
        *("slug", "name_en", "name_zh", "aliases_en", "aliases_zh"),
        *("regions__name_en", "regions__name_zh"),
    )
    autocomplete_fields = ("regions",)
    prepopulated_fields = {"slug": ("name_en",)}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *(pair("name"), ("slug", "order"), "regions"),
                    *(pair("aliases"), pair("note")),
                )
            },
        ),
    )


@admin.register(Agency)
class AgencyAdmin(PublishableAdmin):
    pages = (*PublishableAdmin.pages, MergePages)
    change_form_template = "admin/vocabulary_change_form.html"
    list_display = (
        *(NAME, "abbreviation_en", "level", "parent", "region"),
        *(state_badge, "confidence", "changed_at", public_page),
    )
    list_filter = (
        *("publication_state", "confidence", "level"),
        ("region", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("parent", "region")
    search_fields = (
        *("slug", "name_en", "name_zh", "abbreviation_en", "aliases_en", "aliases_zh"),
    )
    autocomplete_fields = ("parent", "region", "sources")
    prepopulated_fields = {"slug": ("name_en",)}
    fieldsets = (
        (None, {"fields": (pair("name"), pair("aliases"), ("abbreviation_en", "slug"))}),
        (_("Place"), {"fields": (("level", "parent"), ("region", "website"))}),
        (_("Functions"), {"fields": (pair("role"),)}),
        (_("Where it stands"), {"fields": ("sources", "confidence")}),
        (_("To be verified"), {"classes": ["collapse"], "fields": ("unverified_fields",)}),
    )
