"""Mixin of the admin pages of records: who else has the form open."""

from futureind.publishing.open_forms import forget_opening, note_opening, open_elsewhere
from futureind.publishing.records import owner_of


class OpenedForms:
    """Mixin of the admin pages of records: who else has the form open."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        response = super().changeform_view(request, object_id, form_url, extra_context)
        record = getattr(request, "form_about", None)
        if record is None:
            return response
        if request.method == "POST":
            # Shown again with what is to be mended, it is still open.
            if response.status_code != 200:
                forget_opening(record, request.user)
        elif self.has_change_permission(request, record):
            note_opening(record, request.user)
        return response

    def save_related(self, request, form, formsets, change):
        if change:
            request.form_about = owner_of(form.instance)
        super().save_related(request, form, formsets, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            request.form_about = owner_of(obj)
            context["open_elsewhere"] = open_elsewhere(request.form_about, request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)
