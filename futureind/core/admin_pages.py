"""Admin pages of any table."""

from django.contrib import admin


class ReadOnlyAdmin(admin.ModelAdmin):
    """Pages of what only the site itself writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
