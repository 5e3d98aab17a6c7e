"""The pages on which somebody decides about a draft; what they share with those of proposals."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from futureind.accounts import roles
from futureind.core.asked import number_in
from futureind.core.bilingual import CHINESE, ENGLISH
from futureind.core.trials import trial
from futureind.editing.beside import PagesBeside
from futureind.editing.claims import changed_claims
from futureind.editing.open_forms import open_elsewhere
from futureind.publishing import named, preview_links, scheduling, visibility, workflow
from futureind.publishing.applying import apply_snapshot
from futureind.publishing.differences import differences
from futureind.publishing.models.authorship import Authorship
from futureind.publishing.models.preview_links import PreviewLink
from futureind.publishing.models.revisions import Action, Revision
from futureind.publishing.models.schedules import Move, Schedule
from futureind.publishing.preview_links import DAYS
from futureind.publishing.previews import render_preview
from futureind.publishing.snapshots import snapshot
from futureind.publishing.usage import stands_in_public
from futureind.publishing.workflow import TransitionError

# In which something can be due; beyond, a time has no equal in every zone.
YEARS = range(1900, 2200)
# The languages of previews, as in addresses.
LANGUAGES = {ENGLISH: "en", CHINESE: "zh-hans"}


@dataclass
class Check:
    """What a reviewer sees of a version: what differs, where it was read, what is in the way.

    ``named`` is what it names and has no state of its own, such as sources; ``unseen``, the links
    to what visitors do not see.
    """

    differences: list
    claims: list
    problems: list
    warnings: list
    named: list
    unseen: list

    @property
    def named_seen(self):
        return named.token(entry.version.pk for entry in self.named if entry.version)


def check_of(record, before, after):
    """Return the :class:`Check` of a record that would hold a snapshot; nothing is changed."""
    model = type(record)
    with trial(record) as tried:
        was_named = named.named_by(record) if stands_in_public(record) else ()
        problems = apply_snapshot(tried, after)
        stored = model._base_manager.get(pk=record.pk)
        problems += workflow.publication_problems(stored)
        warnings = workflow.publication_warnings(stored)
        names = named.shown(stored, was_named)
        unseen = visibility.unseen_links(stored)
    return Check(
        differences(before, after, model),
        changed_claims(before, after, model),
        list(dict.fromkeys(map(str, problems))),
        warnings,
        names,
        unseen,
    )


def address(record, page):
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[record.pk])


def links_to_previews(name, pk):
    """Return ``(language code, name of the language in itself, address)`` of both previews."""
    return [
        (
            code,
            get_language_info(language)["name_local"],
            reverse(f"admin:{name}_preview", args=[pk, language]),
        )
        for code, language in LANGUAGES.items()
    ]


def asked_preview(request, record, language, snapshot=None):
    if language not in LANGUAGES.values() or not hasattr(record, "get_absolute_url"):
        raise Http404
    return render_preview(request, record, language, snapshot)


def decision_asked_for(request):
    """Return who decides with which words, and what they were shown, as the form says."""
    return {
        "user": request.user,
        "note": request.POST.get("note", "").strip(),
        "seen": number_in(request.POST.get("seen", "")),
        "named_seen": named.read_token(request.POST.get("named_seen")),
    }


# Records


def review_context(request, record, seen):
    """Return what the review page of a draft says: what differs from what was last published.

    Parameter: ``seen``, the key of its last revision, asked for before the record was read.
    """
    published = Revision.objects.of(record).filter(action=Action.PUBLISHED).first()
    before = published.snapshot if published else None
    is_author = workflow.is_author(request.user, record)
    decides = roles.decides(request.user) and not is_author
    state = record.publication_state
    return {
        "record": record,
        **visibility.in_words(record),
        "check": check_of(record, before, snapshot(record)),
        "authors": Authorship.objects.of(record).waiting().select_related("author"),
        "is_author": is_author,
        "decides": decides,
        "may_publish": decides and state != workflow.State.PUBLISHED,
        "may_send_back": decides and state == workflow.State.IN_REVIEW,
        "decisions": Revision.objects.of(record).defer("snapshot")[:10],
        "seen": seen,
        "open_elsewhere": open_elsewhere(record, request.user),
        "scheduled": Schedule.objects.of(record).waiting().first(),
        **page_context(record),
    }


def page_context(record):
    """Return what the review page says of the public page of a draft, nothing where it has none."""
    if not hasattr(record, "get_absolute_url"):
        return {}
    options = record._meta
    return {
        "previews": links_to_previews(f"{options.app_label}_{options.model_name}", record.pk),
        **sharing_context(record, address(record, "review")),
    }


def sharing_context(target, address):
    """Return what the form says that makes a preview link, and the links that hold.

    Parameter: ``address``, where the form is answered.
    """
    links = PreviewLink.objects.of(target).valid()
    return {"links": links, "days": DAYS, "share_address": address}


def share(request, target):
    """Answer the form that makes a preview link."""
    days = request.POST.get("days", "")
    if days not in map(str, DAYS):
        messages.error(request, _("Choose for how many days the link holds."))
        return
    note = request.POST.get("for_whom", "").strip()[:200]
    link = preview_links.share(target, user=request.user, days=int(days), note=note)
    text = _("This link shows it to people without an account: %(address)s")
    messages.success(request, text % {"address": link.address})


def read_time(text):
    """Return the time that somebody typed, of the site's clock; raises TransitionError."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise TransitionError([_("Give a day and a time, such as 2026-12-31 09:00.")])
    return timezone.make_aware(found) if timezone.is_naive(found) else found


class ReviewPages(PagesBeside):
    """Review and preview of records with a state."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        urls = [path("<int:pk>/review/", wrap(self.review_view), name=self.page_name("review"))]
        if hasattr(self.model, "get_absolute_url"):
            address = "<int:pk>/preview/<slug:language>/"
            urls.append(path(address, wrap(self.preview_view), name=self.page_name("preview")))
        return urls

    def record_seen(self, request, pk):
        record = self.admin.get_object(request, str(pk))
        if record is None:
            raise Http404
        if not self.admin.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def review_view(self, request, pk):
        """Show a draft to a reviewer, who publishes it or sends it back."""
        seen = Revision.objects.of_key(self.model, pk).newest_key()
        record = self.record_seen(request, pk)
        if "_share" in request.POST and hasattr(record, "get_absolute_url"):
            share(request, record)
            return HttpResponseRedirect(request.path)
        if request.method == "POST":
            return self.decide(request, record)
        context = {
            **self.admin_site.each_context(request),
            **review_context(request, record, seen),
            "title": _("Review of “%s”") % record,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/review_record.html", context)

    def decide(self, request, record):
        if not roles.decides(request.user):
            raise PermissionDenied
        asked = decision_asked_for(request)
        try:
            if "_publish" in request.POST:
                workflow.publish(record, **asked)
                done = _("“%(name)s” is public now.")
            elif "_schedule" in request.POST:
                due_at = read_time(request.POST.get("due_at", ""))
                scheduling.schedule(record, Move.PUBLISH, due_at, **asked)
                done = _("“%(name)s” will be published at the time you set.")
            else:
                workflow.send_back(record, user=request.user, note=asked["note"])
                done = _("“%(name)s” went back to its authors.")
        except TransitionError as error:
            show_problems(request, error)
            return HttpResponseRedirect(address(record, "review"))
        if "_publish" in request.POST:
            tell(request, record, done)
        else:
            messages.success(request, done % {"name": record})
        return HttpResponseRedirect(address(record, "change"))

    def preview_view(self, request, pk, language):
        return asked_preview(request, self.record_seen(request, pk), language)


def tell(request, record, text_if_visible):
    """Say of a record that was just decided about what visitors see now."""
    text, is_all = visibility.said_after(record, text_if_visible)
    messages.add_message(request, messages.SUCCESS if is_all else messages.WARNING, text)


def show_problems(request, error):
    for problem in error.problems:
        messages.error(request, str(problem))
