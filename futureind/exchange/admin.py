"""Admin pages of imports and exports: upload, look row by row, write, take back; download."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from futureind.accounts.roles import decides
from futureind.exchange.exporting import (
    EXPLANATIONS,
    FORMATS,
    count_rows,
    export,
    kinds_for,
)
from futureind.exchange.files.reading import read_tables
from futureind.exchange.kinds import all_kinds, folded, kind_named
from futureind.exchange.models import (
    KEPT_NAME_LENGTH,
    ChangeKind,
    Import,
    ImportJob,
    ImportState,
    Outcome,
)
from futureind.exchange.tables import MEGABYTE, MOST_BYTES, MOST_ROWS, FileError
from futureind.exchange.undoing import foreseen
from futureind.jobs import work
from futureind.jobs.models import Job
from futureind.search.lookup import LookUpInLog

# What is done in the request that asks for it; more waits for run_jobs.
ROWS_AT_ONCE = 300
CHANGES_AT_ONCE = 100
ROWS_A_PAGE = 50
MOST_LISTED = 500
# Nothing was written yet.
OPEN = (ImportState.UPLOADED, ImportState.CHECKED)


class UploadForm(forms.Form):
    """A file to import, read into tables as soon as it is checked."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("XLSX, CSV or JSON, at most %(limit)d MB.") % {"limit": MOST_BYTES // MEGABYTE},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json"}),
    )
    kind = forms.ChoiceField(
        label=_("What its rows are"),
        required=False,
        help_text=_("For a CSV file, or a JSON file with one list. Sheets say it by their names."),
    )
    note = forms.CharField(
        label=_("Reason for this change"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the history of each record, for the other editors."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [(kind.name, kind.label) for kind in all_kinds().values()]
        self.fields["kind"].choices = [("", _("as the file says")), *kinds]

    def clean(self):
        data = super().clean()
        file = data.get("file")
        if file is None:
            return data
        if file.size > MOST_BYTES:
            # Never read into memory.
            size = {"size": file.size // MEGABYTE, "limit": MOST_BYTES // MEGABYTE}
            message = _("The file has %(size)d MB; at most %(limit)d MB are read. Split it.")
            self.add_error("file", message % size)
            return data
        try:
            tables = read_tables(file.name, file.read())
            data["tables"] = [self.known(table, file.name) for table in tables if table.rows]
        except FileError as error:
            self.add_error("file", str(error))
        return data

    def known(self, table, file_name):
        """Return a table as it is kept, with its kind; raises FileError for unknown names."""
        stem = file_name.rpartition(".")[0]
        kind = kind_named(table.name or self.cleaned_data.get("kind") or stem)
        if kind is None and folded(table.name) != EXPLANATIONS:
            known = ", ".join(kind.name for kind in all_kinds().values())
            message = gettext_noop(
                "It is not said what the rows of “%(name)s” are. Known are: %(known)s."
            )
            raise FileError(message, name=(table.name or stem)[:200], known=known)
        if kind is None:
            return None
        unknown = [name for name in table.columns if name not in kind.columns]
        if unknown:
            message = gettext_noop("%(kind)s have no column “%(columns)s”. Known are: %(known)s.")
            values = {"kind": kind.label, "columns": "”, “".join(unknown)}
            raise FileError(message, **values, known=", ".join(kind.columns))
        name = (table.name or kind.name)[:KEPT_NAME_LENGTH]
        return {"name": name, "kind": kind.name, "rows": table.rows}

    def tables(self):
        return [table for table in self.cleaned_data["tables"] if table is not None]


@admin.register(Import)
class ImportAdmin(LookUpInLog, admin.ModelAdmin):
    """The imports of a user; whoever decides sees those of all."""

    list_display = ("name", "user", "created_at", "state", "rows_in_all", "written_at")
    list_filter = ("state", "created_at")
    list_select_related = ("user",)
    search_fields = ("name", "note", "user__username")
    date_hierarchy = "created_at"
    actions = None
    change_list_template = "admin/import_list.html"

    def get_queryset(self, request):
        imports = super().get_queryset(request).defer("tables")
        return imports if decides(request.user) else imports.filter(user=request.user)

    def has_change_permission(self, request, obj=None):
        """Whoever uploaded a file goes on with it, or somebody who decides."""
        return self.has_add_permission(request) and (
            obj is None or obj.user_id == request.user.pk or decides(request.user)
        )

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        def wrapped(view):
            return self.admin_site.admin_view(view)

        steps = [
            path(f"<path:object_id>/{name}/", wrapped(view), name=f"exchange_import_{name}")
            for name, view in (
                ("check", self.check_view),
                ("write", self.write_view),
                ("give-up", self.give_up_view),
                ("undo", self.undo_view),
                ("cancel", self.cancel_view),
            )
        ]
        download = path("export/", wrapped(self.export_view), name="exchange_import_export")
        return [download, *steps, *super().get_urls()]

    def page(self, request, template, title, **context):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            **context,
        }
        return TemplateResponse(request, template, context)

    def address(self, of, page="change"):
        return reverse(f"admin:exchange_import_{page}", args=[of.pk])

    # Upload

    def add_view(self, request, form_url="", extra_context=None):
        """Take a file, read it, and check it at once where it is small."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            tables = form.tables()
            of = Import.objects.create(
                name=form.cleaned_data["file"].name[:200],
                user=request.user,
                note=form.cleaned_data["note"],
                tables=tables,
                rows_in_all=sum(len(table["rows"]) for table in tables),
            )
            self.start(request, of, ImportJob.CHECK, of.rows_in_all <= ROWS_AT_ONCE)
            return HttpResponseRedirect(self.address(of))
        return self.page(request, "admin/import_upload.html", _("Import a file"), form=form)

    def start(self, request, of, kind, is_small):
        """Ask for a job about an import; a small one is done before the answer."""
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind, subject=of.pk, user=request.user, language=get_language()
                )
        except IntegrityError:
            self.message_user(request, _("That is being done already."), messages.WARNING)
            return
        if is_small:
            work.do_now(job)

    # Look

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show what an import would do or did, row by row."""
        of = self.get_object(request, unquote(object_id))
        if of is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, of):
            raise PermissionDenied
        wanted = request.GET.get("outcome", "")
        rows = of.rows.filter(outcome=wanted) if wanted in Outcome.values else of.rows.all()
        job = of.job
        kept = of.changes.exclude(kept_because="").defer("snapshot")
        kinds = dict(of.changes.order_by().values_list("kind").annotate(Count("pk")))
        return self.page(
            request,
            "admin/import_result.html",
            _("Import of %s") % of.name,
            original=of,
            job=job,
            job_is_open=job is not None and not job.has_ended,
            counts=self.count_lines(of),
            outcomes=[(o, o.label, o == wanted) for o in Outcome],
            outcome=wanted if wanted in Outcome.values else "",
            refused=sum(counts.get(Outcome.REFUSED, 0) for counts in of.counts.values()),
            changes=[(kind.label, kinds[kind]) for kind in ChangeKind if kinds.get(kind)],
            page=Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
            kept=kept[:MOST_LISTED],
            kept_in_all=kept.count(),
            shown=MOST_LISTED,
            may_go_on=self.has_change_permission(request, of),
            states=ImportState,
        )

    def count_lines(self, of):
        """Return a line for each sheet: its name and how many rows have each outcome."""
        return [
            (sheet, [counts.get(outcome, 0) for outcome in Outcome], sum(counts.values()))
            for sheet, counts in of.counts.items()
        ]

    # Go on

    def step(self, request, object_id, states):
        """Return the import that a POST is about, None where it cannot go on like that."""
        of = self.get_object(request, unquote(object_id))
        if of is None or not self.has_change_permission(request, of):
            raise PermissionDenied
        if of.state not in states:
            text = _("The import is %(state)s by now.") % {"state": of.get_state_display()}
            self.message_user(request, text, messages.WARNING)
            return None
        return of

    def check_view(self, request, object_id):
        """Repeat the check on the cells as they were read: the records may have moved on since."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        of = self.step(request, object_id, OPEN)
        if of is None:
            return HttpResponseRedirect(self.address_of(object_id))
        if of.jobs.filter(ended_at=None).exists():
            self.message_user(request, _("That is being done already."), messages.WARNING)
        elif Import.objects.filter(pk=of.pk, state__in=OPEN).update(state=ImportState.UPLOADED):
            # While its findings are replaced there is nothing that could be written.
            self.start(request, of, ImportJob.CHECK, of.rows_in_all <= ROWS_AT_ONCE)
        return HttpResponseRedirect(self.address(of))

    def write_view(self, request, object_id):
        """Write what the check computed; refused rows are left out only when that is said."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        of = self.step(request, object_id, [ImportState.CHECKED])
        if of is None:
            return HttpResponseRedirect(self.address_of(object_id))
        refused = of.rows.filter(outcome=Outcome.REFUSED).exists()
        if refused and "leave_out" not in request.POST:
            text = _("Some rows are refused. Say that they are left out, or mend the file.")
            self.message_user(request, text, messages.ERROR)
        else:
            small = of.changes.count() <= CHANGES_AT_ONCE
            self.start(request, of, ImportJob.WRITE, small)
        return HttpResponseRedirect(self.address(of))

    def address_of(self, object_id):
        return reverse("admin:exchange_import_change", args=[object_id])

    def give_up_view(self, request, object_id):
        """Close an import without writing anything."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        of = self.step(request, object_id, OPEN)
        if of is not None:
            self.cancel_jobs(of)
            self.close(of)
        return HttpResponseRedirect(self.address_of(object_id))

    @transaction.atomic
    def close(self, of):
        """Give up an import, unless it was written meanwhile."""
        locked = Import.objects.select_for_update().get(pk=of.pk)
        if locked.state in OPEN:
            Import.objects.filter(pk=of.pk).update(state=ImportState.GIVEN_UP, tables=[])
            # The counts say enough of what nobody wanted.
            locked.rows.all().delete()
            locked.changes.all().delete()

    def cancel_view(self, request, object_id):
        """End the job about an import."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        of = self.step(request, object_id, ImportState.values)
        self.cancel_jobs(of)
        return HttpResponseRedirect(self.address(of))

    def cancel_jobs(self, of):
        for job in of.jobs.filter(ended_at=None):
            job.cancel()

    def undo_view(self, request, object_id):
        """Name what would be taken back and what stays and why; then do it."""
        of = self.step(request, object_id, [ImportState.WRITTEN])
        if of is None:
            return HttpResponseRedirect(self.address_of(object_id))
        if request.method == "POST":
            self.start(request, of, ImportJob.UNDO, of.changes.count() <= CHANGES_AT_ONCE)
            return HttpResponseRedirect(self.address(of))
        changes = of.changes.select_related("content_type", "proposal")
        reasons = foreseen(list(changes.defer("snapshot", "proposal__snapshot")))
        undone = [change for change, reason in reasons if not reason]
        kept = [pair for pair in reasons if pair[1]]
        return self.page(
            request,
            "admin/import_undo.html",
            _("Take back the import of %s?") % of.name,
            original=of,
            undone=undone,
            kept=kept,
            shown=MOST_LISTED,
        )

    # Download

    def export_view(self, request):
        """Offer what can be downloaded, and send it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kinds = [kind for kind in all_kinds().values() if self.may_see(request, kind)]
        form = request.GET.get("format", "")
        names = [name for name in request.GET.getlist("kind") if name]
        wanted = [kind for kind in kinds_for(names) if kind in kinds]
        empty = "template" in request.GET
        problem = self.why_no_file(wanted, form, empty)
        if problem or form not in FORMATS or not wanted:
            if problem:
                self.message_user(request, problem, messages.WARNING)
            return self.page(
                request, "admin/import_export.html", _("Download to edit"), kinds=kinds
            )
        data = export(wanted, form, empty=empty)
        stem = wanted[0].name if len(wanted) == 1 else "tracker"
        day = timezone.localdate().isoformat()
        ending = f"template.{form}" if empty else f"{day}.{form}"
        response = HttpResponse(data, content_type=FORMATS[form])
        response["Content-Disposition"] = f'attachment; filename="{stem}-{ending}"'
        return response

    def why_no_file(self, kinds, form, empty):
        """Return why these kinds cannot be sent as one file, "" where they can."""
        if form == "csv" and len(kinds) != 1:
            return _("A CSV file holds one kind of rows. Choose one.")
        rows = 0 if empty or form not in FORMATS else count_rows(kinds)
        if rows > MOST_ROWS:
            text = _("It would have %(count)d rows; an import reads %(limit)d. Choose fewer kinds.")
            return text % {"count": rows, "limit": MOST_ROWS}
        return ""

    def may_see(self, request, kind):
        options = kind.model._meta
        return request.user.has_perm(f"{options.app_label}.view_{options.model_name}")
