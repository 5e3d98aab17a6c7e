"""Rows that are edited, or only shown, on the page of their record."""

from django.contrib import admin

from futureind.editing.forms import LoadedAutocomplete, RecordFields, RecordFormSet


class RecordInline(RecordFields, admin.TabularInline):
    """Rows that are edited with their record: whoever may change it may add and remove them."""

    extra = 0
    formset = RecordFormSet
    # What stands above each row is of use only where it leads to a page.
    classes = ["rows"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.autocomplete_fields)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", LoadedAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            # Rows stay low: what they point at is opened on its own page.
            field.widget.can_change_related = field.widget.can_view_related = False
        return field

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class ReadOnlyInline(RecordInline):
    """Rows that are shown with a record and edited elsewhere."""

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
