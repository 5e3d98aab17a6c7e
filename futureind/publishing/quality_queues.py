"""The lists of the front page about quality: what to verify, locate, translate or mend."""

from django.apps import apps
from django.db.models import CharField, F, Q, Value
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.publishing.links import LinkCheck, LinkState
from futureind.publishing.queues import Entry, Queue, declare, named
from futureind.publishing.records import Part, PublicationState, Recorded, owner_of
from futureind.publishing.translations import StaleTranslation, rendered_names
from futureind.publishing.verification import facts_of, in_doubt, verification_address
from futureind.publishing.vocabulary_admin import admin_address
from futureind.publishing.workflow import has_column


def our_models():
    return [model for model in apps.get_models() if issubclass(model, Recorded | Part)]


def is_public(model):
    """Return the condition that visitors see a record or part: its own state, or its owner's."""
    path = ""
    while issubclass(model, Part) and not issubclass(model, Recorded):
        path += f"{model.owner_field}__"
        model = model._meta.get_field(model.owner_field).related_model
    if not has_column(model, "publication_state"):
        return Q()
    return Q(**{f"{path}publication_state": PublicationState.PUBLISHED})


def labelled(rows, model):
    """Return ``(label of the model, key)`` for a queryset, to be put into one list with others."""
    return (
        rows.order_by()
        .annotate(label=Value(model._meta.label, CharField()), key=F("pk"))
        .values_list("label", "key")
    )


def in_one_list(parts):
    # Tracks and targets before relations and the like.
    return parts[0].union(*parts[1:], all=True).order_by("-label", "key")


def entries(rows, address_of, detail_of):
    """Return the entries of rows that end with a label and a key, in few queries for each kind."""
    pairs = [row[-2:] for row in rows]
    found = {}
    for label in {label for label, _key in pairs}:
        model = apps.get_model(label)
        found[label] = named(model).in_bulk([key for of, key in pairs if of == label])
    records = [found[label][key] for label, key in pairs if key in found[label]]
    return [
        Entry(
            str(record),
            address_of(record),
            detail=f"{capfirst(str(record._meta.verbose_name))} · {detail_of(record)}",
        )
        for record in records
    ]


def form_of(record):
    """Return where a record or part is edited: its own form, else that of its owner."""
    return admin_address(record) or admin_address(owner_of(record))


# To be verified


def entries_in_doubt(rows):
    def facts(record):
        return ", ".join(fact.label for fact in facts_of(record, with_values=False))

    return entries(rows, verification_address, facts)


# Published claims that do not say where they stand


def claims():
    """Return the models whose records or parts carry a locator."""
    return [model for model in our_models() if has_column(model, "locator")]


def unlocated(user):
    """Return the published claims without a locator or a source."""
    parts = []
    for model in claims():
        lacks = Q(locator="")
        if has_column(model, "sources"):
            lacks |= Q(sources=None)
        parts.append(labelled(model._base_manager.filter(is_public(model) & lacks), model))
    return in_one_list(parts)


def entries_unlocated(rows):
    def what_lacks(record):
        # Which of the two it is: asked for the few that are shown.
        lacks = [] if record.locator else [_("no locator")]
        if has_column(type(record), "sources") and not record.sources.exists():
            lacks.append(_("no source"))
        return ", ".join(lacks)

    return entries(rows, form_of, what_lacks)


# Texts in one language only


def rendered_columns(model):
    return rendered_names([field.name for field in model._meta.concrete_fields])


def untranslated(user):
    """Return records and parts with a text that exists in one language only."""
    parts = []
    for model in our_models():
        one_sided = Q(pk__in=())
        for name in rendered_columns(model):
            english, chinese = Q(**{f"{name}_en": ""}), Q(**{f"{name}_zh": ""})
            one_sided |= english & ~chinese | chinese & ~english
        if rendered_columns(model):
            parts.append(labelled(model._base_manager.filter(one_sided), model))
    return in_one_list(parts)


def entries_untranslated(rows):
    def missing(record):
        options, labels = record._meta, []
        for name in rendered_columns(type(record)):
            english, chinese = getattr(record, f"{name}_en"), getattr(record, f"{name}_zh")
            if bool(english) != bool(chinese):
                column = f"{name}_zh" if english else f"{name}_en"
                labels.append(capfirst(str(options.get_field(column).verbose_name)))
        return ", ".join(labels)

    return entries(rows, form_of, missing)


# Lists of the admin


def list_of(model, **filters):
    options = model._meta
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return f"{address}?{query}" if query else address


declare(
    Queue(
        "verify",
        gettext_lazy("To be verified, most important first"),
        in_doubt,
        entries_in_doubt,
    )
)
declare(
    Queue(
        "locate",
        gettext_lazy("Public claims without locator or source"),
        unlocated,
        entries_unlocated,
    )
)
declare(
    Queue(
        "out-of-step",
        gettext_lazy("Translations out of step"),
        lambda user: StaleTranslation.objects.all(),
        address=lambda: list_of(StaleTranslation),
    )
)
declare(
    Queue(
        "translate",
        gettext_lazy("Missing translations"),
        untranslated,
        entries_untranslated,
    )
)
declare(
    Queue(
        "broken-links",
        gettext_lazy("Broken links"),
        lambda user: LinkCheck.objects.broken(),
        address=lambda: list_of(LinkCheck, state__exact=LinkState.BROKEN),
    )
)
declare(
    Queue(
        "links-by-hand",
        gettext_lazy("Links to be opened by hand"),
        lambda user: LinkCheck.objects.filter(state=LinkState.BY_HAND),
        address=lambda: list_of(LinkCheck, state__exact=LinkState.BY_HAND),
    )
)
