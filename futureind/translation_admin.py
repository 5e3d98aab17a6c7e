"""Admin page of the translations that are out of step."""

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.link_admin import ReadOnlyAdmin
from futureind.models import StaleTranslation
from futureind.publishing import translations
from futureind.publishing.differences import shown
from futureind.publishing.vocabulary_admin import admin_address


@admin.register(StaleTranslation)
class StaleTranslationAdmin(ReadOnlyAdmin):
    """English texts whose Chinese source has changed: to be edited, or confirmed as they are."""

    list_display = ("of_record", "text", "chinese_before", "chinese_now", "english", "since")
    list_display_links = None
    list_filter = (("content_type", admin.RelatedOnlyFieldListFilter), "since")
    list_select_related = ("content_type",)
    search_fields = ("path", "source_was", "source_now", "translation")
    actions = ["still_fits"]
    fields = ("path", "source_was", "source_now", "translation", "since")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    def has_confirm_permission(self, request):
        """Whoever may write translations may say that one still fits."""
        return request.user.has_perm("futureind.change_source")

    @admin.display(description=_("record"))
    def of_record(self, row):
        if row.record is None:
            return "–"
        return format_html('<a href="{}">{}</a>', admin_address(row.record), row.record)

    @admin.display(description=_("text"), ordering="path")
    def text(self, row):
        return row.label

    @admin.display(description=_("Chinese before"))
    def chinese_before(self, row):
        return format_html('<del lang="zh-Hans">{}</del>', shown(row.source_was))

    @admin.display(description=_("Chinese now"))
    def chinese_now(self, row):
        return format_html('<ins lang="zh-Hans">{}</ins>', shown(row.source_now))

    @admin.display(description=_("English"))
    def english(self, row):
        return format_html('<span lang="en">{}</span>', row.translation)

    @admin.action(description=_("The English still fits"), permissions=["confirm"])
    def still_fits(self, request, queryset):
        rows = list(queryset)
        translations.confirm(rows)
        text = ngettext(
            "%d translation was confirmed.", "%d translations were confirmed.", len(rows)
        )
        self.message_user(request, text % len(rows), messages.SUCCESS)
