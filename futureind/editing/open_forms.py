"""Mixin of the admin pages of records: who else has the form open."""

import logging

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction

from futureind.core.locks import waiting_at_most
from futureind.editing.models import LEFT_AFTER, OpenForm
from futureind.publishing.models.records import owner_of


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


logger = logging.getLogger(__name__)


# Milliseconds for which a page waits for whoever is writing, only to note that it was opened.
BRIEFLY = 200


def open_elsewhere(record, user):
    """Return the OpenForms of a record that are not the user's own."""
    return list(OpenForm.objects.of(record).exclude(user=user))


def note_opening(record, user):
    """Remember that somebody has opened the form of a record; outside of any transaction.

    A form opened again keeps its first time, without a write.
    """
    if OpenForm.objects.of(record).filter(user=user).exists():
        return
    kind = ContentType.objects.get_for_model(record)
    opening = OpenForm(content_type=kind, object_id=record.pk, user=user)
    try:
        with waiting_at_most(BRIEFLY), transaction.atomic():
            left_before = opening.opened_at - LEFT_AFTER
            OpenForm.objects.filter(user=user, opened_at__lte=left_before).delete()
            OpenForm.objects.bulk_create([opening], ignore_conflicts=True)
    except DatabaseError as error:
        # Only the notice for others is missing; the form is as good without it.
        logger.warning("That a form was opened could not be noted: %s", error)


def forget_opening(record, user):
    """Somebody has saved the form of a record."""
    OpenForm.objects.of(record).filter(user=user).delete()
