"""Whether visitors see a record and, if not, why and what to publish; decided here only."""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.publishing.models.records import (
    Part,
    PublicationState,
    Reviewed,
    owner_of,
    public_condition,
)

State = PublicationState

# How many records of a kind are named; the others are counted.
NAMED = 20

HIDDEN = {
    State.DRAFT: gettext_lazy("published, hidden because its %(kind)s is a draft"),
    State.IN_REVIEW: gettext_lazy("published, hidden because its %(kind)s is in review"),
    State.WITHDRAWN: gettext_lazy("published, hidden because its %(kind)s was withdrawn"),
}


# The states of a record and of those above it


def obstacles(record):
    """Return the records whose own states hide a record or part from visitors, nearest first."""
    chain = getattr(owner_of(record), "decided_by", [])
    return [link for link in chain if link.publication_state != State.PUBLISHED]


def obstacles_above(record):
    """Return those above a record that would still hide it once it is published itself."""
    return [link for link in obstacles(record) if link != owner_of(record)]


def is_visible(record):
    """Tell whether visitors see a record or part now."""
    return not obstacles(record)


def state_in_words(record):
    """Return the publication state of a record, or of a part's owner, as visitors would find it."""
    owner = owner_of(record)
    hiding = obstacles(owner)
    if hiding and hiding[0] != owner:
        kind = {"kind": hiding[0]._meta.verbose_name}
        return str(HIDDEN[State(hiding[0].publication_state)] % kind)
    return str(owner.get_publication_state_display())


def in_words(record):
    """Return what a page about a record or part says of what visitors see, for its context."""
    owner = owner_of(record)
    above = obstacles_above(owner)
    state = getattr(owner, "publication_state", "")
    return {
        "state_in_words": state_in_words(owner) if state else "",
        "is_hidden": bool(above) and state == State.PUBLISHED,
        "obstacles_above": [form_link(link) for link in above],
    }


# Links of the admin, for messages and pages


def form_link(record):
    """Return a link to the form of a record in the admin; its name where there is none."""
    options = record._meta
    try:
        address = reverse(
            f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk]
        )
    except NoReverseMatch:
        return str(record)
    return format_html('<a href="{}">{}</a>', address, record)


def form_links(records):
    return format_html_join(", ", "{}", ((form_link(record),) for record in records))


# What visitors are told after a decision


def said_after(record, text_if_visible):
    """Return what to tell of a record that was just published or changed, as ``(text, is all)``.

    Parameter: ``text_if_visible``, with ``%(name)s``, is said where visitors see it. ``is all`` is
    False where something stays hidden, with links to what mends it.
    """
    hiding = obstacles(record)
    if hiding:
        text = format_html(
            _("“{name}”: {state}. See: {links}"),
            name=record,
            state=state_in_words(record),
            links=form_links(hiding),
        )
        return text, False
    if unseen := unseen_links(record):
        text = format_html(
            "{} {} {}",
            text_if_visible % {"name": record},
            _("Visitors do not see what it names here:"),
            format_html_join(
                ", ", "{} {} ({})", ((u.label, form_link(u.record), u.state) for u in unseen)
            ),
        )
        return text, False
    return text_if_visible % {"name": record}, True


def said_of_waiting(record):
    """Return what to tell of a change that waits as a proposal."""
    if is_visible(record):
        return _(
            "Your change waits for another person to approve it. The public page is as before."
        )
    return _("Your change waits for another person to approve it. Visitors do not see the record.")


# What a record names that visitors do not see


@dataclass(frozen=True)
class Unseen:
    """A link from a record, or from a part of it, to what visitors do not see."""

    label: str
    record: Model

    @property
    def state(self):
        return state_in_words(self.record)

    @property
    def link(self):
        return form_link(self.record)


def unseen_links(record):
    """Return the Unseen links of a record and its parts, each record once for each column.

    What decides by its own state whether the record is seen is an obstacle and not among them.
    """
    owner, found = owner_of(record), {}
    own = {(type(link), link.pk) for link in getattr(owner, "decided_by", [owner])}
    for model, rows in with_all_parts(owner):
        for field in links_of(model):
            linked = field.related_model
            keys = rows.exclude(**{field.name: None}).values(field.name)
            hidden = linked._base_manager.filter(pk__in=keys).exclude(public_condition(linked))
            for row in hidden.select_related()[:NAMED]:
                if (type(row), row.pk) not in own:
                    label = capfirst(str(field.verbose_name))
                    found.setdefault((label, type(row), row.pk), Unseen(label, row))
    return list(found.values())


def with_all_parts(record):
    """Yield a model and its rows: those of the record itself, of its parts, and of theirs."""
    waiting: list[tuple[type, dict]] = [(type(record), {"pk": record.pk})]
    while waiting:
        model, condition = waiting.pop(0)
        yield model, model._base_manager.filter(**condition)
        for name in getattr(model, "parts", ()):
            part = model._meta.get_field(name).related_model
            above = {f"{part.owner_field}__{path}": value for path, value in condition.items()}
            waiting.append((part, above))


def links_of(model):
    """Yield the columns that name records with a state, what stands above a record left out."""
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if not (field.is_relation and isinstance(field.related_model, type)):
            continue
        if field.many_to_many and not field.remote_field.through._meta.auto_created:
            continue
        above = (getattr(model, "owner_field", ""), *getattr(model, "public_owners", ()))
        if issubclass(field.related_model, Reviewed) and field.name not in above:
            yield field


# What goes with a record that is withdrawn


@dataclass(frozen=True)
class Gone:
    """Records of one kind that visitors no longer see: the first of them, and how many."""

    kind: str
    count: int
    rows: list

    @property
    def links(self):
        return form_links(self.rows)

    @property
    def more(self):
        return self.count - len(self.rows)


def gone_with(record):
    """Return what visitors see now and lose with a record, as Gone; not the record itself."""
    found = []
    for model, rows in [*standing_in(record), *pages_of_parts(type(record), {"pk": record.pk})]:
        seen = rows.filter(public_condition(model)).order_by("pk")
        if count := seen.count():
            kind = model._meta.verbose_name_plural if count > 1 else model._meta.verbose_name
            found.append(Gone(str(kind), count, list(seen[:NAMED])))
    return found


def standing_in(record):
    """Yield the models that wait for the publication of a record, with their rows, and parts."""
    for model in apps.get_models():
        if not issubclass(model, Reviewed):
            continue
        for path in model.public_owners:
            if "__" not in path and model._meta.get_field(path).related_model is type(record):
                condition = {path: record.pk}
                yield model, model._base_manager.filter(**condition)
                yield from pages_of_parts(model, condition)


def pages_of_parts(model, condition):
    """Yield the models of parts that have a page of their own, with the rows of some owners."""
    for name in model.parts:
        part = model._meta.get_field(name).related_model
        if issubclass(part, Part) and isinstance(getattr(part, "get_absolute_url", None), Callable):
            above = {f"{part.owner_field}__{path}": value for path, value in condition.items()}
            yield part, part._base_manager.filter(**above)
