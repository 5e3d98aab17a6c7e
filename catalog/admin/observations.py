from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.admin.mappings import mapping_inline
from catalog.models import (
    Indicator,
    IndicatorPoint,
    Milestone,
    MilestoneFieldMapping,
    MilestoneProductMapping,
    MilestoneTechnologyMapping,
    SupersededDate,
)
from futureind.editing.columns import bilingual_column, pair, public_page, state_badge
from futureind.editing.inlines import RecordInline
from futureind.editing.publishable_pages import PublishableAdmin


class PointInline(RecordInline):
    model = IndicatorPoint
    fields = (
        *("period", "as_of", "geography", "region", "value", "starts_anew"),
        *("source", *pair("locator")),
        *("confidence", *pair("note")),
    )
    autocomplete_fields = ("region", "source")


@admin.register(Indicator)
class IndicatorAdmin(PublishableAdmin):
    list_display = (
        *(bilingual_column("name", _("name")), "unit", "kind", "frequency", "publisher_en"),
        *(state_badge, "confidence", "changed_at", public_page),
    )
    list_filter = ("publication_state", "confidence", "kind", "frequency", "fields")
    list_select_related = ("unit",)
    search_fields = ("slug", "name_en", "name_zh", "publisher_en", "publisher_zh")
    autocomplete_fields = ("unit", "fields", "products", "sources")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = [PointInline]
    fieldsets = (
        (None, {"fields": (pair("name"), pair("publisher"), ("unit", "slug"))}),
        (_("Kind"), {"fields": (("kind", "frequency"), ("fields", "products"))}),
        (_("Texts"), {"fields": (pair("definition"),)}),
        (_("Where it stands"), {"fields": ("sources", "confidence")}),
    )


class SupersededDateInline(RecordInline):
    model = SupersededDate
    fields = ("order", "date", "precision", *pair("announced"), *pair("note"), "confidence")


@admin.register(Milestone)
class MilestoneAdmin(PublishableAdmin):
    list_display = (
        *(bilingual_column("title", _("title")), "date", "precision", "state_of_event"),
        *("geography", state_badge, "confidence", "changed_at", public_page),
    )
    list_filter = ("publication_state", "confidence", "state", "fields", "date", "geography")
    date_hierarchy = "date"
    search_fields = ("slug", "title_en", "title_zh", "summary_en", "summary_zh")
    autocomplete_fields = ("documents", "sources")
    prepopulated_fields = {"slug": ("title_en",)}
    inlines = [
        mapping_inline(MilestoneFieldMapping),
        mapping_inline(MilestoneTechnologyMapping),
        mapping_inline(MilestoneProductMapping),
        SupersededDateInline,
    ]
    fieldsets = (
        (None, {"fields": (pair("title"), ("slug", "geography"))}),
        (_("When"), {"fields": (("date", "date_end"), ("precision", "state"))}),
        (_("Texts"), {"fields": (pair("summary"),)}),
        (_("Where it stands"), {"fields": ("documents", "sources", "confidence")}),
        (_("To be verified"), {"classes": ["collapse"], "fields": ("unverified_fields",)}),
    )

    @admin.display(description=_("state of the event"), ordering="state")
    def state_of_event(self, obj):
        return obj.get_state_display()
