"""The lists of the front page about quality: what to verify, locate, translate or mend."""

from django.apps import apps
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from futureind.core.admin_pages import admin_address
from futureind.desk.models import LinkCheck, LinkState, MachineRendering, StaleTranslation
from futureind.desk.queues import Entry, Queue, named
from futureind.desk.translations import rendered_names
from futureind.desk.verification import facts_of, in_doubt, verification_address
from futureind.publishing.models.passages import NOT_LOCATED
from futureind.publishing.models.records import Part, Recorded, owner_of, public_condition
from futureind.publishing.workflow import has_column


def our_models():
    return [model for model in apps.get_models() if issubclass(model, Recorded | Part)]


def entry_for(record, address, detail):
    kind = capfirst(str(record._meta.verbose_name))
    return Entry(str(record), address, detail=f"{kind} · {detail}")


def form_of(record):
    """Return where a record or part is edited: its own form, else that of its owner."""
    return admin_address(record) or admin_address(owner_of(record))


# To be verified


def entry_in_doubt(record, rank):
    facts = ", ".join(fact.label for fact in facts_of(record, with_values=False))
    return entry_for(record, verification_address(record), facts)


# Published claims that do not say where they stand


def claims():
    """Return the models whose records or parts carry a locator."""
    return [model for model in our_models() if has_column(model, "locator_zh")]


def unlocated(user):
    """Return the claims that visitors see without a locator or a source."""
    parts = []
    for model in claims():
        lacks = NOT_LOCATED
        if has_column(model, "sources"):
            lacks |= Q(pk__in=model._base_manager.filter(sources=None).values("pk"))
        parts.append(model._base_manager.filter(public_condition(model) & lacks))
    return parts


def with_sources(model):
    return (
        named(model).prefetch_related("sources") if has_column(model, "sources") else named(model)
    )


def entry_unlocated(record):
    lacks = [] if record.locator else [_("no locator")]
    if has_column(type(record), "sources") and not record.sources.all():
        lacks.append(_("no source"))
    return entry_for(record, form_of(record), ", ".join(lacks))


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
            parts.append(model._base_manager.filter(one_sided))
    return parts


def entry_untranslated(record):
    options, missing = record._meta, []
    for name in rendered_columns(type(record)):
        english, chinese = getattr(record, f"{name}_en"), getattr(record, f"{name}_zh")
        if bool(english) != bool(chinese):
            column = f"{name}_zh" if english else f"{name}_en"
            missing.append(capfirst(str(options.get_field(column).verbose_name)))
    return entry_for(record, form_of(record), ", ".join(missing))


# Rows that have a list of the admin of their own, with what can be done about them


def list_of(model, **filters):
    options = model._meta
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return f"{address}?{query}" if query else address


def with_records(model):
    """Return rows of a model with the record that each is about, named without more queries."""
    records = [named(of) for of in apps.get_models() if issubclass(of, Recorded)]
    return named(model).prefetch_related(GenericPrefetch("record", records))


def entry_out_of_step(row):
    return Entry(str(row), list_of(StaleTranslation, id=row.pk), row.since, row.source_now[:80])


def entry_of_machine(row):
    return Entry(str(row), list_of(MachineRendering, id=row.pk), row.since, row.translation[:80])


def links_in(state):
    return lambda user: [LinkCheck.objects.filter(state=state)]


def entry_of_link(link):
    found = [link.get_problem_display(), str(link.status or "")]
    detail = " · ".join(filter(None, found))
    return Entry(link.address, list_of(LinkCheck, id=link.pk), link.first_failed_at, detail)


def of_links(name, title, state):
    return Queue(
        name,
        title,
        links_in(state),
        entry_of_link,
        order=("key",),
        table=lambda: list_of(LinkCheck, state__exact=state),
    )


# Tracks and targets before relations and the like.
LATER_MODELS_FIRST = ("-label", "key")

QUALITY_QUEUES = [
    Queue(
        "verify",
        gettext_lazy("To be verified, most important first"),
        in_doubt,
        entry_in_doubt,
        columns=("rank",),
        order=("rank", "label", "key"),
    ),
    Queue(
        "locate",
        gettext_lazy("Public claims without locator or source"),
        unlocated,
        entry_unlocated,
        order=LATER_MODELS_FIRST,
        read=with_sources,
    ),
    Queue(
        "out-of-step",
        gettext_lazy("Translations out of step"),
        lambda user: [StaleTranslation.objects.all()],
        entry_out_of_step,
        read=with_records,
        table=lambda: list_of(StaleTranslation),
    ),
    Queue(
        "machine",
        gettext_lazy("Machine translations without review"),
        lambda user: [MachineRendering.objects.filter(reviewed_at=None)],
        entry_of_machine,
        read=with_records,
        table=lambda: list_of(MachineRendering, reviewed_at__isnull=True),
    ),
    Queue(
        "translate",
        gettext_lazy("Missing translations"),
        untranslated,
        entry_untranslated,
        order=LATER_MODELS_FIRST,
    ),
    of_links("broken-links", gettext_lazy("Broken links"), LinkState.BROKEN),
    of_links("links-by-hand", gettext_lazy("Links to be opened by hand"), LinkState.BY_HAND),
]
