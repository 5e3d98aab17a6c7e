"""Pages of the work lists: the front page, each list with what can be agreed on it, downloads."""

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from futureind.accounts import roles
from futureind.accounts.models import User
from futureind.core.output_forms import CSV, Table
from futureind.desk import work_notes as work
from futureind.desk.models import WorkNote
from futureind.desk.queues import Show, queues_for
from futureind.desk.work_notes import LONGEST_REST
from futureind.publishing.models.schedules import Schedule

# Of each list on the front page; and of one list on a page of its own.
ENTRIES_A_QUEUE = 5
ENTRIES_A_PAGE = 50
# Of a download, read at a time.
ENTRIES_A_STEP = 500
# The columns of a download.
COLUMNS = (
    *("entry", "detail", "at", "address"),
    *("assigned_to", "snoozed_until", "reason", "snoozed_by"),
)


class SnoozeForm(forms.Form):
    """Until when entries rest, and why."""

    # It shares its HTML form with buttons that need none of it.
    use_required_attribute = False

    until = forms.DateField(label=gettext_lazy("Snooze until"), widget=AdminDateWidget)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def clean_until(self):
        until, today = self.cleaned_data["until"], timezone.localdate()
        if until <= today:
            raise ValidationError(_("Choose a day after today."))
        if until > today + LONGEST_REST:
            raise ValidationError(_("Choose a day within a year."))
        return until


class AssignForm(forms.Form):
    """Whose entries are: anybody's whom the list is for."""

    use_required_attribute = False

    assignee = forms.ModelChoiceField(label=gettext_lazy("Assign to"), queryset=None)

    def __init__(self, *args, queue, **kwargs):
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(is_active=True, is_staff=True)
        if queue.is_for_deciders:
            deciders = User.objects.with_perm(
                roles.DECIDE, backend="django.contrib.auth.backends.ModelBackend"
            )
            staff = staff.filter(pk__in=deciders.values("pk"))
        self.fields["assignee"].queryset = staff.order_by("username")


class WorkPages:
    """Mixin of the admin site: the pages of the work lists."""

    def work_urls(self):
        return [
            path("work/<slug:name>.csv", self.admin_view(self.work_download), name="work_download"),
            path("work/<slug:name>/", self.admin_view(self.work_view), name="work"),
        ]

    def index(self, request, extra_context=None):
        """The front page: what waits for whom is signed in, then all lists."""
        user = request.user
        mine = set(WorkNote.objects.filter(assignee=user).values_list("queue", flat=True))
        resting = set(WorkNote.objects.resting().values_list("queue", flat=True))
        lists = []
        for queue in queues_for(user):
            rows = queue.rows(user)
            found = {"queue": queue, "count": rows.count()}
            found["entries"] = queue.entries(rows[:ENTRIES_A_QUEUE])
            # Asked for only where somebody noted something.
            found["mine"] = queue.rows(user, Show.MINE).count() if queue.name in mine else 0
            found["resting"] = (
                queue.rows(user, Show.RESTING).count() if queue.name in resting else 0
            )
            lists.append(found)
        context = {"work": lists, "overdue_moves": Schedule.objects.overdue().count()}
        return super().index(request, {**context, **(extra_context or {})})

    def work_view(self, request, name):
        """Show one list, or take what somebody does with the entries that they ticked."""
        queue = queue_named(request.user, name)
        form, status = SnoozeForm(), 200
        if request.method == "POST":
            form = self.agree(request, queue)
            if form is None:
                return HttpResponseRedirect(request.get_full_path())
            status = 400
        show = shown(request)
        rows = queue.rows(request.user, show)
        page = Paginator(rows, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.each_context(request),
            "title": queue.title,
            "queue": queue,
            "page": page,
            "entries": queue.entries(page.object_list),
            "show": show,
            "tabs": tabs(request, queue, show, page.paginator.count),
            "form": form,
            "ticked": request.POST.getlist("entry"),
            "assign_form": AssignForm(queue=queue) if may_assign(request.user, queue) else None,
            "download": download_address(queue, show),
            "media": form.media,
        }
        return TemplateResponse(request, "admin/work.html", context, status=status)

    def work_download(self, request, name):
        """Send one list, whole, as CSV."""
        queue = queue_named(request.user, name)
        rows = list(queue.rows(request.user, shown(request)))
        lines = (
            line_of(entry, request)
            for start in range(0, len(rows), ENTRIES_A_STEP)
            for entry in queue.entries(rows[start : start + ENTRIES_A_STEP])
        )
        return CSV.response(Table(queue.name, COLUMNS, lines))

    # What can be agreed on

    @transaction.atomic
    def agree(self, request, queue):
        """Do what a button says with the ticked entries; return a form that is not yet valid."""
        ticked = request.POST.getlist("entry")
        records = queue.find(request.user, ticked)
        if not ticked:
            messages.error(request, _("Tick the entries first."))
        elif not records:
            messages.error(request, _("These entries are no longer in the list."))
        elif "_snooze" in request.POST:
            form = SnoozeForm(request.POST)
            if not form.is_valid():
                return form
            day, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
            work.snooze(queue.name, records, day, reason, by=request.user)
            text = ngettext("%(count)d entry rests.", "%(count)d entries rest.", len(records))
            messages.success(request, text % {"count": len(records)})
        elif "_wake" in request.POST:
            work.wake(queue.name, records)
            text = ngettext(
                "%(count)d entry is back in the list.",
                "%(count)d entries are back in the list.",
                len(records),
            )
            messages.success(request, text % {"count": len(records)})
        elif not queue.is_personal:
            self.assign(request, queue, records)
        return None

    def assign(self, request, queue, records):
        """Give entries to somebody, or to nobody; those of others only where one decides."""
        user = request.user
        if not roles.decides(user):
            kept = work.of_others(queue.name, records, user)
            if kept:
                text = ngettext(
                    "%(count)d entry is somebody else's and stays so.",
                    "%(count)d entries are somebody else's and stay so.",
                    len(kept),
                )
                messages.warning(request, text % {"count": len(kept)})
            records = [record for record in records if record not in kept]
        if "_take" in request.POST:
            self.give(request, queue, records, user)
        elif "_release" in request.POST:
            work.release(queue.name, records)
            text = ngettext(
                "%(count)d entry is nobody's now.",
                "%(count)d entries are nobody's now.",
                len(records),
            )
            messages.success(request, text % {"count": len(records)})
        elif "_assign" in request.POST and roles.decides(user):
            form = AssignForm(request.POST, queue=queue)
            if form.is_valid():
                self.give(request, queue, records, form.cleaned_data["assignee"])
            else:
                messages.error(request, _("Choose to whom."))

    def give(self, request, queue, records, assignee):
        """Assign those of the entries that stand in the list of the assignee as well."""
        keys = [f"{model._meta.label}:{key}" for model, key in records]
        seen = queue.find(assignee, keys)
        work.assign(queue.name, seen, assignee, by=request.user)
        names = {"name": assignee}
        if seen:
            text = ngettext(
                "%(count)d entry is assigned to %(name)s.",
                "%(count)d entries are assigned to %(name)s.",
                len(seen),
            )
            messages.success(request, text % {"count": len(seen), **names})
        left = len(records) - len(seen)
        if left:
            text = ngettext(
                "%(count)d entry is not in this list for %(name)s.",
                "%(count)d entries are not in this list for %(name)s.",
                left,
            )
            messages.warning(request, text % {"count": left, **names})


def queue_named(user, name):
    """Return a list that is for the user; raises Http404."""
    for queue in queues_for(user):
        if queue.name == name:
            return queue
    raise Http404


def may_assign(user, queue):
    """Tell whether a user may give entries of a list to others."""
    return roles.decides(user) and not queue.is_personal


def shown(request):
    """Return which entries are asked for; what is not known means those that wait."""
    asked = request.GET.get("show")
    return Show(asked) if asked in Show.values else Show.WAITING


def tabs(request, queue, show, count):
    """Return ``(Show, its number, its address or None for this page)``."""
    found = []
    for other in Show:
        if other == Show.MINE and queue.is_personal:
            continue
        if other == show:
            found.append((other, count, None))
        else:
            query = f"?{urlencode({'show': other.value})}" if other != Show.WAITING else ""
            number = queue.rows(request.user, other).count()
            found.append((other, number, queue.link() + query))
    return found


def download_address(queue, show):
    address = reverse("admin:work_download", args=[queue.name])
    return address if show == Show.WAITING else f"{address}?{urlencode({'show': show.value})}"


def line_of(entry, request):
    """Return an entry as a row of a download."""
    note = entry.note
    rests = note is not None and note.is_resting
    return {
        "entry": entry.title,
        "detail": entry.detail,
        "at": timezone.localtime(entry.at).isoformat(timespec="minutes") if entry.at else "",
        "address": request.build_absolute_uri(entry.address),
        "assigned_to": str(note.assignee or "") if note else "",
        "snoozed_until": note.snoozed_until.isoformat() if rests else "",
        "reason": note.reason if rests else "",
        "snoozed_by": str(note.snoozed_by or "") if rests else "",
    }
