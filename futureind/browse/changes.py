"""What was added, corrected, changed or withdrawn, by day: as a page and as data."""

import itertools
from functools import reduce
from operator import or_

from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from futureind.browse.answers import Html, Problem, PublicPage
from futureind.browse.feeds import entries as feeds
from futureind.browse.filters import OptionField
from futureind.browse.headings import heading
from futureind.core.output_forms import Table
from futureind.publishing.public_history import (
    ChangeKind,
    beyond_first_loads,
    public_changes,
    public_revisions,
)

PAGE_SIZE = 50
# Revisions read at a time while a file is sent.
CHUNK = 500
# What a change is in data and in tables.
NAMES = ["kind", "slug", "change", "at", "origin", "name", "columns", "url"]


class ChangesForm(forms.Form):
    """The parameters: kinds of record and change, a field, a region, the first load, the page."""

    kind = OptionField(label=gettext_lazy("Record"), required=False)
    change = OptionField(label=pgettext_lazy("kind of change", "Change"), required=False)
    field = OptionField(label=gettext_lazy("Field"), required=False)
    region = OptionField(label=gettext_lazy("Region"), required=False)
    first_load = OptionField(
        label=gettext_lazy("First load"), choices=[("shown", "")], required=False
    )
    page = forms.IntegerField(
        label=gettext_lazy("Page"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"],
            gettext_lazy("A page is a whole number from 1."),
        ),
    )

    # What is chosen from lists, in this order.
    chosen = ("kind", "change", "field", "region")

    def __init__(self, data, models, subjects):
        super().__init__(data)
        options = {
            "kind": [(m.url_name, capfirst(m._meta.verbose_name_plural)) for m in models],
            "change": ChangeKind.choices,
        }
        for name, choices in subjects.items():
            options[name] = [(c.value, f"{'– ' * c.depth}{c.label}") for c in choices]
        for name, found in options.items():
            self.fields[name].choices = [("", pgettext("no filter", "all")), *found]

    @property
    def selects(self):
        return [self[name] for name in self.chosen]

    def words(self):
        """Return what is asked for in words, a list."""
        asked = [(name, self.cleaned_data[name]) for name in self.chosen]
        return [str(dict(self.fields[name].choices)[v]).lstrip("– ") for name, v in asked if v]


class ChangesView(PublicPage):
    """The public part of history, newest first.

    Given in the URL configuration: ``models``, those with public pages of their own, each with the
    paths to its ``{"field": …, "region": …}`` where it has such; ``subjects``, callables that
    return the choices of fields and of regions.
    """

    models = {}
    subjects = {}
    form_class = ChangesForm
    keeps_tables = False

    @cached_property
    def choices(self):
        return {name: get_choices() for name, get_choices in self.subjects.items()}

    @cached_property
    def asked(self):
        return ChangesForm(self.request.GET, self.models, self.choices)

    @property
    def number(self):
        return self.asked.cleaned_data["page"] or 1

    def downloads_query(self):
        # Data have the same pages.
        return self.query()

    def html(self):
        if self.errors:
            return Html("changes.html", {"form": self.asked, "title": _("Changes")})
        number = self.number
        changes, has_more = self.page_of(number)
        shows_first = bool(self.asked.cleaned_data["first_load"])
        context = {
            "form": self.asked,
            "title": self.title(),
            "days": by_day(changes),
            "shows_first": shows_first,
            "other_way": self.address(first_load=None if shows_first else "shown", page=None),
            "newer": self.page_query(number - 1) if number > 1 else None,
            "older": self.page_query(number + 1) if has_more else None,
        }
        status = 404 if number > 1 and not changes and not has_more else 200
        return Html("changes.html", context, status)

    def title(self):
        """Return the title with what is asked for."""
        return _(": ").join([_("Changes"), *filter(None, [" · ".join(self.asked.words())])])

    def page_query(self, number):
        return f"?{self.query(page=str(number))}"

    def table(self):
        """Return all changes under the same choices as a Table, read by chunks."""
        return Table("changes", NAMES, map(change_as_data, self.all_changes()))

    def all_changes(self):
        revisions, before = self.revisions().order_by("-id"), None
        while True:
            older = revisions.filter(pk__lt=before) if before else revisions
            keys = list(older.values_list("pk", flat=True)[:CHUNK])
            yield from public_changes(revisions.filter(pk__in=keys))
            if len(keys) < CHUNK:
                return
            before = keys[-1]

    def data(self):
        changes, has_more = self.page_of(self.number)
        following = self.address(page=str(self.number + 1)) if has_more else None
        return {
            "next": following and settings.SITE_URL + following,
            "results": [change_as_data(change) for change in changes],
        }

    def feed(self):
        """Return one page of the changes as a Feed; its pages are longer than those here."""
        number = self.number
        changes, has_more = self.page_of(number, feeds.PAGE_SIZE)
        if number > 1 and not changes and not has_more:
            raise Problem(404, {"page": [_("There are no older changes.")]})
        entries = feeds.entries_of_changes(changes)
        return feeds.feed_of(self, self.title(), entries, number, has_more)

    def page_of(self, number, size=PAGE_SIZE):
        """Return the changes of a page of that size, and whether there are older ones.

        All are never counted: that would read the whole of history.
        """
        revisions = self.revisions().order_by("-id")
        start = (number - 1) * size
        keys = list(revisions.values_list("pk", flat=True)[start : start + size + 1])
        shown = revisions.filter(pk__in=keys[:size])
        return public_changes(shown), len(keys) > size

    def revisions(self):
        """Return the public revisions that are asked for."""
        asked = self.asked.cleaned_data
        models = [m for m in self.models if asked["kind"] in ("", m.url_name)]
        found = public_revisions(models, [asked["change"]] if asked["change"] else ())
        if not asked["first_load"]:
            found = beyond_first_loads(found)
        for name in self.subjects:
            if asked[name]:
                found = found.filter(self.about(name, asked[name], models))
        return found

    def about(self, name, value, models):
        """Return the condition that a revision is of a record in a field, or of a region."""
        keys = keys_under(self.choices[name], value)
        kinds = ContentType.objects.get_for_models(*models)
        of_kinds = [
            Q(
                content_type=kinds[model],
                object_id__in=model.objects.filter(**{f"{path}__in": keys}).values("pk"),
            )
            for model in models
            if (path := self.models[model].get(name))
        ]
        return reduce(or_, of_kinds, Q(pk__in=[]))


def keys_under(choices, value):
    """Return the keys of a choice and of all beneath it; parents stand first among the choices."""
    values, keys = {value}, []
    for choice in choices:
        if choice.value in values or choice.parent in values:
            values.add(choice.value)
            keys.append(choice.key)
    return keys


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
