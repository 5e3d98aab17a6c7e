"""The admin page on which all tracks of a plan are pasted and edited as one table."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.models.mappings import MATCH_SIGNS, Match
from futureind.core.admin_pages import admin_address
from futureind.core.asked import number_in
from futureind.core.trials import trial
from futureind.editing.beside import PagesBeside
from futureind.editing.forms import RecordForm
from futureind.editing.open_forms import forget_opening, note_opening, open_elsewhere
from futureind.editing.saving import opening_of, tell_of
from futureind.publishing import history, visibility
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.sources import Source
from futureind.publishing.proposals import propose
from futureind.publishing.snapshots import snapshot
from futureind.publishing.usage import stands_in_public
from regions.models import RegionalPlan, Tier
from regions.models.tiers import TIER_WORDS
from regions.tracks.lines import read_lines
from regions.tracks.saving import follow_changes, write_rows
from regions.tracks.table import (
    EMPTY_ROWS,
    ROWS,
    TrackFormSet,
    Vocabulary,
    form_data,
    how_many_lack_locators,
    row_of,
    row_of_line,
    tracks_to_edit,
    typed_rows,
)


class TableForm(forms.Form):
    """What is said once for the whole table."""

    lines = forms.CharField(
        label=_("Lines to add"),
        required=False,
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100, "spellcheck": "false"}),
    )
    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=_("New tracks were read in"),
        required=False,
        empty_label=_("nothing yet (to be verified)"),
        help_text=_("The sources of the plan’s document. Without one, new tracks are marked."),
    )
    confirm = forms.BooleanField(
        label=_("Tracks that were still to be verified were read there, too"),
        required=False,
    )
    # The version that the rows were read from.
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    change_reason = RecordForm.base_fields["change_reason"]

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        sources = plan.document.sources.all()
        self.fields["source"].queryset = sources
        self.fields["source"].initial = sources.first()


class TrackTablePages(PagesBeside):
    """The page on which all tracks of a plan are edited as a table."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.tracks_view)
        address = path("<path:object_id>/tracks/", view, name="regions_regionalplan_tracks")
        return [address]

    def tracks_view(self, request, object_id):
        """Show the table, take pasted lines into it, save it."""
        plan = self.admin.get_object(request, unquote(object_id))
        if plan is None:
            return self.gone(request, object_id)
        if not self.admin.has_change_permission(request, plan):
            raise PermissionDenied
        vocabulary = Vocabulary.read()
        if request.method != "POST":
            note_opening(plan, request.user)
            return self.show_table(request, plan, *self.stored_table(plan, vocabulary), vocabulary)
        form = TableForm(request.POST, plan=plan)
        if "_save" in request.POST or "_continue" in request.POST:
            return self.save_table(request, plan, form, vocabulary)
        return self.take_lines(request, plan, form, vocabulary)

    def stored_table(self, plan, vocabulary):
        rows = [row_of(track, vocabulary) for track in tracks_to_edit(plan)]
        form = TableForm(initial={"base": Revision.objects.of(plan).newest_key() or 0}, plan=plan)
        # Bound, so that the page can be sent back as it is; what is stored is not questioned.
        formset = TrackFormSet(form_data(rows), prefix=ROWS, form_kwargs={"vocabulary": vocabulary})
        return form, formset

    def take_lines(self, request, plan, form, vocabulary):
        """Append the pasted lines to the rows and show what was recognised; nothing is saved."""
        form.is_valid()
        rows = typed_rows(request.POST)
        lines = read_lines(form.cleaned_data.get("lines", ""))
        orders = [order for row in rows if (order := number_in(row["order"])) is not None]
        start = max(orders, default=0) + 1
        rows += [row_of_line(line, order) for order, line in enumerate(lines, start)]
        formset = TrackFormSet(form_data(rows), prefix=ROWS, form_kwargs={"vocabulary": vocabulary})
        formset.is_valid()
        self.tell_what_was_read(request, lines, formset)
        if "lines" not in form.errors:
            # They stand in the rows now, to the last cell.
            form.data = form.data.copy()
            form.data["lines"] = ""
        return self.show_table(request, plan, form, formset, vocabulary)

    def tell_what_was_read(self, request, lines, formset):
        if not lines:
            return
        wrong = sum(1 for row in formset.forms[: formset.total_form_count()] if row.errors)
        text = ngettext("%d line was read.", "%d lines were read.", len(lines)) % len(lines)
        if wrong:
            more = ngettext("%d row is to be mended.", "%d rows are to be mended.", wrong) % wrong
            text = f"{text} {more}"
        self.admin.message_user(request, text, messages.WARNING if wrong else messages.SUCCESS)
        for line in lines:
            if line.rest:
                text = _("After “%(name)s” more cells stand than the table has: %(rest)s")
                values = {"name": line.name_zh or line.name_en, "rest": line.rest}
                self.admin.message_user(request, text % values, messages.WARNING)

    def save_table(self, request, plan, form, vocabulary):
        # Read with the rows what was pasted and not yet looked at, so that it is not lost.
        if form.data.get("lines", "").strip():
            return self.take_lines(request, plan, form, vocabulary)
        formset = TrackFormSet(request.POST, prefix=ROWS, form_kwargs={"vocabulary": vocabulary})
        if form.is_valid() & formset.is_valid():
            try:
                return self.write_table(request, plan, form, formset, vocabulary)
            except ValidationError as error:
                form.add_error(None, error)
        again = TrackFormSet(
            form_data(typed_rows(request.POST)),
            prefix=ROWS,
            form_kwargs={"vocabulary": vocabulary},
        )
        again.is_valid()
        return self.show_table(request, plan, form, again, vocabulary)

    @history.in_turn()
    def write_table(self, request, plan, form, formset, vocabulary):
        """Save the rows, or keep them apart as any form of a record is."""
        data = form.cleaned_data
        opening = opening_of(request, plan, opened_with=data["base"] or 0)
        if opening is None:
            return self.gone(request, str(plan.pk))
        forget_opening(plan, request.user)
        if opening.is_kept_apart:
            if opening.has_moved_on:
                follow_changes(plan, formset.filled_rows())
            return self.keep_table_apart(request, opening, formset, vocabulary, data)
        counts = self.write_rows(opening.owner, formset, vocabulary, data)
        stored = RegionalPlan.objects.get(pk=plan.pk)
        history.record(stored, Action.EDITED, user=request.user, note=data["change_reason"])
        self.tell_what_was_saved(request, counts, formset.kept_rows())
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(admin_address(plan))

    def write_rows(self, plan, formset, vocabulary, data):
        rows = formset.filled_rows()
        return write_rows(plan, rows, vocabulary, source=data["source"], confirm=data["confirm"])

    def keep_table_apart(self, request, opening, formset, vocabulary, data):
        """Write the table, read what the plan would hold, undo it, and propose that."""
        plan = opening.owner
        with trial(plan) as tried:
            self.write_rows(tried, formset, vocabulary, data)
            held = snapshot(RegionalPlan.objects.get(pk=plan.pk))
        reason = data["change_reason"]
        proposal = propose(plan, held, request.user, reason, base=opening.opened)
        return tell_of(request, self.admin_site, plan, proposal, nothing_leads_to=request.path)

    def tell_what_was_saved(self, request, counts, kept):
        added, changed, removed = counts
        text = _("Saved: %(added)d added, %(changed)d changed, %(removed)d removed.")
        values = {"added": added, "changed": changed, "removed": removed}
        self.admin.message_user(request, text % values, messages.SUCCESS)
        if warning := how_many_lack_locators(kept):
            self.admin.message_user(request, warning, messages.WARNING)

    def show_table(self, request, plan, form, formset, vocabulary):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Tracks of “%s”") % plan,
            "opts": self.opts,
            "original": plan,
            "form": form,
            "formset": formset,
            "columns": [field.label for field in formset.empty_form.visible_fields()],
            "tiers": [(tier.label, TIER_WORDS[tier]) for tier in Tier],
            "matches": [(MATCH_SIGNS[match], match.label) for match in Match],
            "vocabulary": vocabulary,
            "proposes": stands_in_public(plan),
            **visibility.in_words(plan),
            "empty_rows": EMPTY_ROWS,
            "open_elsewhere": open_elsewhere(plan, request.user),
        }
        return TemplateResponse(request, "admin/plan_tracks.html", context)


def tracks_address(plan):
    return reverse("admin:regions_regionalplan_tracks", args=[plan.pk])
