"""Admin pages of any table."""

from django.contrib import admin
from django.urls import NoReverseMatch, reverse


class ReadOnlyAdmin(admin.ModelAdmin):
    """Pages of what only the site itself writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def admin_address(record):
    """Return the address of a record's form, None where it has none."""
    options = record._meta
    try:
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return None
