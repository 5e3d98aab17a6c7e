"""What a downloaded table is, for whoever opens it without the site: its second sheet."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from futureind.browse.addresses import with_query
from futureind.browse.choosing.applied import in_words
from futureind.browse.downloads.dictionary import entries_of
from futureind.publishing.evidence import EvidenceGrade

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def notes_of(table, view):
    """Return the notes of a page's Table, as a Table has them."""
    address = settings.SITE_URL + with_query(page_path(view), view.query(page=None))
    day = timezone.localdate()
    notes = [
        (
            _("Future Industries Tracker"),
            [
                (_("Table"), table.file_name),
                (_("Address"), address),
                (_("State of"), day),
                (_("Licence"), LICENCE),
                (_("Cite as"), _cited(table, address, day)),
            ],
        ),
        (_("Filters"), filters_of(view) or [(_("none"),)]),
    ]
    if "evidence" in table.names:
        notes.append((_("Evidence"), EvidenceGrade.choices))
    columns = entries_of(view, table.names)
    return [*notes, (_("Columns"), [entry.as_line() for entry in columns])]


def _cited(table, address, day):
    texts = {"name": table.file_name, "day": day, "permalink": address}
    return (
        _("Future Industries Tracker, “%(name)s”, as of %(day)s, %(permalink)s. CC BY 4.0.") % texts
    )


def page_path(view):
    """Return the path of the page of which a view answers a file."""
    path, form = view.request.path, view.kwargs.get("form")
    return f"{path.removesuffix(f'.{form.name}')}/" if form else path


def filters_of(view):
    """Return the filters that are set as ``(parameter, value, in words)``."""
    known = getattr(getattr(view, "filterset", None), "filters", {})
    asked = view.request.GET
    return [
        (name, value, in_words(known[name], [value]) if name in known else "")
        for name in view.parameters()
        if name != "page"
        for value in sorted(set(asked.getlist(name)))
        if value.strip()
    ]
