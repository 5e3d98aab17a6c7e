"""Admin pages of the translations that are out of step, or a machine's."""

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from futureind.core.admin_pages import ReadOnlyAdmin, admin_address
from futureind.desk import translations
from futureind.desk.models import MachineRendering, StaleTranslation, text_label
from futureind.publishing.differences import shown
from futureind.publishing.models.records import Recorded
from futureind.search.lookup import LookUpInLog


class RenderedTextAdmin(LookUpInLog, ReadOnlyAdmin):
    """What is noted about English texts, with the records that they stand in."""

    list_display_links = None
    list_select_related = ("content_type",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    def has_confirm_permission(self, request):
        """Whoever may write translations may say that one fits."""
        return request.user.has_perm("publishing.change_source")

    @admin.display(description=_("record"))
    def of_record(self, row):
        if row.record is None:
            return "–"
        return format_html('<a href="{}">{}</a>', admin_address(row.record), row.record)

    @admin.display(description=_("text"), ordering="path")
    def text(self, row):
        return row.label

    @admin.display(description=_("English"))
    def english(self, row):
        return format_html('<span lang="en">{}</span>', row.translation)


@admin.register(StaleTranslation)
class StaleTranslationAdmin(RenderedTextAdmin):
    """English texts whose Chinese source has changed: to be edited, or confirmed as they are."""

    list_display = ("of_record", "text", "chinese_before", "chinese_now", "english", "since")
    list_filter = (("content_type", admin.RelatedOnlyFieldListFilter), "since")
    search_fields = ("path", "source_was", "source_now", "translation")
    actions = ["still_fits"]
    fields = ("path", "source_was", "source_now", "translation", "since")

    @admin.display(description=_("Chinese before"))
    def chinese_before(self, row):
        return format_html('<del lang="zh-Hans">{}</del>', shown(row.source_was))

    @admin.display(description=_("Chinese now"))
    def chinese_now(self, row):
        return format_html('<ins lang="zh-Hans">{}</ins>', shown(row.source_now))

    @admin.action(description=_("The English still fits"), permissions=["confirm"])
    def still_fits(self, request, queryset):
        rows = list(queryset)
        translations.confirm(rows)
        text = ngettext(
            "%d translation was confirmed.", "%d translations were confirmed.", len(rows)
        )
        self.message_user(request, text % len(rows), messages.SUCCESS)


@admin.register(MachineRendering)
class MachineRenderingAdmin(RenderedTextAdmin):
    """English texts that a machine rendered: to be edited, or read against the Chinese."""

    list_display = (
        *("of_record", "text", "chinese", "english"),
        *("user", "since", "reviewer", "reviewed_at"),
    )
    list_filter = (
        ("reviewed_at", admin.EmptyFieldListFilter),
        ("content_type", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("content_type", "user", "reviewer")
    search_fields = ("path", "source", "translation")
    actions = ["reviewed"]
    fields = ("path", "source", "translation", "user", "since", "reviewer", "reviewed_at")

    def get_urls(self):
        view = self.admin_site.admin_view(self.mark_view)
        name = "desk_machinerendering_mark"
        return [path("<str:label>/<int:key>/mark/", view, name=name), *super().get_urls()]

    @admin.display(description=_("Chinese"))
    def chinese(self, row):
        return format_html('<span lang="zh-Hans">{}</span>', row.source)

    @admin.action(description=_("I read it against the Chinese: it fits"), permissions=["confirm"])
    def reviewed(self, request, queryset):
        rows = list(queryset)
        translations.review(rows, user=request.user)
        text = ngettext("%d translation was reviewed.", "%d translations were reviewed.", len(rows))
        self.message_user(request, text % len(rows), messages.SUCCESS)

    def mark_view(self, request, label, key):
        """Show the texts of a record in both languages; take which of them are a machine's."""
        models = {m._meta.label_lower: m for m in apps.get_models() if issubclass(m, Recorded)}
        if label not in models:
            raise Http404
        model = models[label]
        if not request.user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"):
            raise PermissionDenied
        record = model._base_manager.filter(pk=key).first()
        if record is None:
            raise Http404
        if request.method == "POST":
            translations.mark(record, set(request.POST.getlist("path")), user=request.user)
            self.message_user(request, _("The marks were saved."), messages.SUCCESS)
            return HttpResponseRedirect(admin_address(record))
        notes = {row.path: row for row in translations.of(record, MachineRendering)}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Machine translations of “%(name)s”") % {"name": record},
            "opts": self.opts,
            "record_address": admin_address(record),
            "texts": [
                (path, text_label(model, path), text, notes.get(path))
                for path, text in translations.texts_to_mark(record).items()
            ],
        }
        return TemplateResponse(request, "admin/mark_machine.html", context)
