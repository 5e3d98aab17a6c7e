"""What was added, corrected, changed or withdrawn, by day: as a page and as data."""

import itertools

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from futureind.browse.answers import Html, PublicPage
from futureind.browse.filters import OptionField
from futureind.browse.headings import heading
from futureind.publishing.public_history import ChangeKind, public_changes, public_revisions

PAGE_SIZE = 50


class ChangesForm(forms.Form):
    """The parameters: a kind of record, a kind of change, the page."""

    kind = OptionField(label=_("Record"), required=False)
    change = OptionField(
        label=pgettext_lazy("kind of change", "Change"), choices=ChangeKind.choices, required=False
    )
    page = forms.IntegerField(
        label=_("Page"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], _("A page is a whole number from 1.")
        ),
    )

    def __init__(self, data, models):
        super().__init__(data)
        self.fields["kind"].choices = [
            (model.url_name, capfirst(model._meta.verbose_name_plural)) for model in models
        ]


class ChangesView(PublicPage):
    """The public part of history, newest first.

    ``models`` is given in the URL configuration: those with public pages of their own.
    """

    models = ()

    form_class = ChangesForm

    @cached_property
    def asked(self):
        return ChangesForm(self.request.GET, self.models)

    @property
    def number(self):
        return self.asked.cleaned_data["page"] or 1

    def downloads_query(self):
        # Data have the same pages.
        return self.query()

    def html(self):
        if self.errors:
            return Html("changes.html", {"form": self.asked})
        number = self.number
        changes, has_more = self.page_of(self.asked.cleaned_data, number)
        context = {
            "form": self.asked,
            "days": by_day(changes),
            "switches": self.switches(),
            "newer": self.page_query(number - 1) if number > 1 else None,
            "older": self.page_query(number + 1) if has_more else None,
        }
        status = 404 if number > 1 and not changes and not has_more else 200
        return Html("changes.html", context, status)

    def page_query(self, number):
        return f"?{self.query(page=str(number))}"

    def switches(self):
        """Return ``(label, [(label, address, is current), …])`` by record and by change."""
        found = []
        for name in ("kind", "change"):
            field, current = self.asked.fields[name], self.asked.cleaned_data[name]
            links = [
                (label, self.address(**{name: value or None}, page=None), value == current)
                for value, label in [("", pgettext("no filter", "all")), *field.choices]
            ]
            found.append((field.label, links))
        return found

    def data(self):
        changes, has_more = self.page_of(self.asked.cleaned_data, self.number)
        following = self.address(page=str(self.number + 1)) if has_more else None
        return {
            "next": following and settings.SITE_URL + following,
            "results": [change_as_data(change) for change in changes],
        }

    def page_of(self, asked, number):
        """Return the changes of a page, and whether there are older ones.

        All are never counted: that would read the whole of history.
        """
        models = [m for m in self.models if asked["kind"] in ("", m.url_name)]
        revisions = public_revisions(models, [asked["change"]] if asked["change"] else ())
        start = (number - 1) * PAGE_SIZE
        keys = list(
            revisions.order_by("-id").values_list("pk", flat=True)[start : start + PAGE_SIZE + 1]
        )
        shown = revisions.filter(pk__in=keys[:PAGE_SIZE]).order_by("-id")
        return public_changes(shown), len(keys) > PAGE_SIZE


def by_day(changes):
    """Return ``[(day in Shanghai, changes), …]``, in their order."""
    days = itertools.groupby(changes, lambda change: timezone.localdate(change.at))
    return [(day, list(found)) for day, found in days]


def change_as_data(change):
    return {
        "kind": change.record.url_name,
        "slug": change.record.slug,
        "change": change.kind.value,
        "at": change.at.isoformat(),
        "origin": change.revision.origin,
        "name": heading(change.record).plain,
        "columns": [" · ".join(difference.path) for difference in change.differences],
        "url": settings.SITE_URL + change.record.get_absolute_url() if change.is_linked else None,
    }
