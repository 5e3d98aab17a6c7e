"""Calendars of targets, milestones and documents: each on its day, with how exactly it is known."""

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.text import capfirst
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from catalog.models import Milestone, PolicyDocument, Target
from catalog.models.commitments import DatePrecision
from futureind.browse.feeds.entries import BEGINNING
from futureind.browse.feeds.names import first_slug, uid_of
from futureind.browse.headings import heading
from futureind.browse.results import in_order
from futureind.core.bilingual import active_language
from futureind.core.calendars import Calendar, Event
from futureind.publishing.public_history import public_revisions_of_each

# Records read at a time while a file is sent.
CHUNK = 500
# What a calendar reads of each model, and the column of the day.
RECORDS = {
    Target: (Target.objects.select_related("document"), "due_date"),
    Milestone: (Milestone.objects.all(), "date"),
    PolicyDocument: (PolicyDocument.objects.all(), "date"),
}


def calendar_of(file_name, title, records_by_model):
    """Return the Calendar of public records, read by chunks; those without a day are left out.

    Parameter: ``records_by_model``, ``{model: primary keys in order}``.
    """
    language = get_language()
    events = (
        event
        for model, pks in records_by_model.items()
        for event in events_of(model, pks, language)
    )
    return Calendar(file_name, title, active_language(), events)


def events_of(model, pks, language):
    """Yield an Event for each dated record of a model, in the order of primary keys.

    Parameter: ``language``, in which they are told; while a file is sent, another may be active.
    """
    records, column = RECORDS[model]
    dated = records.filter(**{f"{column}__isnull": False})
    for start in range(0, len(pks), CHUNK):
        found = in_order(dated, pks[start : start + CHUNK])
        versions = public_revisions_of_each(found)
        for record, seen in zip(found, versions, strict=True):
            with override(language):
                event = event_of(record, seen)
            yield event


def event_of(record, seen):
    """Return the Event of a record; ``seen``, its revisions that readers saw, oldest first."""
    _records, column = RECORDS[type(record)]
    return Event(
        uid=uid_of(record, first_slug(record, seen)),
        day=getattr(record, column),
        last_day=getattr(record, "date_end", None),
        title=heading(record).plain,
        description="\n".join(filter(None, DESCRIBED[type(record)](record))),
        address=settings.SITE_URL + record.get_absolute_url(),
        changed_at=record.changed_at or record.recorded_at or BEGINNING,
        sequence=max(len(seen) - 1, 0),
    )


def of_target(target):
    """Return what the event of a target says, as lines."""
    return [*when_due(target.due_date, target.due_precision), target.document.title.plain]


def of_milestone(milestone):
    """Return what the event of a milestone says, as lines."""
    when = when_it_is(milestone.date, milestone.precision)
    return [*when, milestone.get_state_display(), milestone.summary.plain]


def of_document(document):
    """Return what the event of a document says, as lines."""
    dated = " ".join([str(document.date_kind), document.date.isoformat()])
    return [capfirst(dated), document.document_number]


DESCRIBED = {Target: of_target, Milestone: of_milestone, PolicyDocument: of_document}


def when_due(day, precision):
    """Return by when something is due, and why it stands on that day where only more is known."""
    match precision:
        case DatePrecision.YEAR:
            return [_("By the end of %(year)s") % {"year": day.year}, on_last_day_of_year()]
        case DatePrecision.MONTH:
            return [_("By the end of %(month)s") % {"month": month_of(day)}, on_last_day_of_month()]
    return [_("Due on %(day)s") % {"day": day.isoformat()}]


def when_it_is(day, precision):
    """Return when something happens, and why it stands on that day where only more is known."""
    match precision:
        case DatePrecision.YEAR:
            return [_("In %(year)s") % {"year": day.year}, on_last_day_of_year()]
        case DatePrecision.MONTH:
            return [_("In %(month)s") % {"month": month_of(day)}, on_last_day_of_month()]
    return [_("On %(day)s") % {"day": day.isoformat()}]


def month_of(day):
    return format_date(day, pgettext("format of a month", "F Y"))


def on_last_day_of_year():
    return _("Only the year is on record: this stands on its last day.")


def on_last_day_of_month():
    return _("Only the month is on record: this stands on its last day.")
