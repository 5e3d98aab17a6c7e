"""The entries of the search index: one row for every public record, with its facets and terms.

They are written in the transaction that publishes. A model that is searched has a method
``index_record()``, which returns an :class:`IndexRecord`, and four attributes: ``index_kind`` (its
name in the index), ``index_facets`` (the names of the facets that ``index_record`` gives),
``index_related`` (what it reads beside the row itself, for ``select_related`` and
``prefetch_related``) and ``index_depends`` (lookups to the records whose change changes it).
"""

import inspect
import re
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction

from futureind.publishing.history import changed, in_turn
from futureind.publishing.models.content_version import ContentVersion
from futureind.search import amounts, citing, text
from futureind.search.text import grams, initials, normalised

# Rows written by one statement.
BATCH = 500


@dataclass
class IndexRecord:
    """What a record contributes to the index.

    ``order``: a tuple of whole numbers; the greatest stands first in the list's own order.
    ``facets``: ``{group: values}``, where a group is the name of a facet, alone or with what
    qualifies it, such as ``field:stated`` or ``technology=exact``; ``names``: its own names in both
    languages; ``aliases``: what else it is called; ``titles``: other texts that count as its title,
    such as a document number; ``texts``: the rest. ``cited``: what it is cited as, which names it
    whole and adds no words of its own.
    """

    order: tuple
    facets: dict
    names: list
    aliases: list = field(default_factory=list)
    titles: list = field(default_factory=list)
    texts: list = field(default_factory=list)
    cited: list = field(default_factory=list)


class SearchEntry(models.Model):
    """The index entry of one public record; ``removed`` ones are tombstones."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    # The content version that wrote it: newer entries are laid over a snapshot.
    version = models.BigIntegerField()
    removed = models.BooleanField(default=False)
    # What made it (definition_of): the index trusts entries of today's code only.
    definition = models.CharField(max_length=16, default="")
    order = models.JSONField(default=list)
    facets = models.JSONField(default=dict)
    # Terms between spaces, so that a term can be looked for with its borders.
    title_terms = models.TextField(default="")
    terms = models.TextField(default="")
    # Whole names and aliases, one a line, as they are compared.
    names = models.TextField(default="")
    aliases = models.TextField(default="")

    class Meta:
        verbose_name = "search entry"
        verbose_name_plural = "search entries"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_unique")
        ]
        indexes = [models.Index(fields=["kind", "version"], name="search_entry_newer")]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


def indexed_models():
    """Return the models that are searched, in the order of the apps."""
    return [model for model in apps.get_models() if hasattr(model, "index_record")]


@cache
def definition_of(model):
    """Return a digest of the code that makes the entries of a model, 16 characters.

    That is ``index_facets``, ``index_record()`` and how texts are read; what ``index_record()``
    calls elsewhere is left out.
    """
    code = map(inspect.getsource, (model.index_record, make_entry, text, amounts, citing))
    said = repr((model.index_facets, *code))
    return blake2b(said.encode(), digest_size=8).hexdigest()


def definition_of_kind(kind):
    """Return the digest of the model that has this name in the index."""
    return next(definition_of(model) for model in indexed_models() if model.index_kind == kind)


def is_outdated(model):
    """Tell whether any entry of a model was made by other code than today's."""
    entries = SearchEntry.objects.filter(kind=model.index_kind, removed=False)
    return entries.exclude(definition=definition_of(model)).exists()


def facet_of(group):
    """Return the name of the facet that a group of the index belongs to."""
    return re.split("[:=]", group, maxsplit=1)[0]


def between_spaces(terms):
    return f" {' '.join(sorted(terms))} " if terms else ""


def one_a_line(names):
    return "\n".join(dict.fromkeys(normalised(name) for name in names if name))


def make_entry(record, version):
    """Return the entry of a public record, not saved."""
    found = record.index_record()
    undeclared = {facet_of(group) for group in found.facets} - set(record.index_facets)
    if undeclared:
        raise ImproperlyConfigured(
            f"{type(record).__name__}.index_facets lacks {', '.join(sorted(undeclared))}."
        )
    title_terms = set()
    for title in (*found.names, *found.aliases, *found.titles):
        title_terms |= grams(title)
    title_terms |= {initials(name) for name in (*found.names, *found.aliases)} - {""}
    terms = set(title_terms)
    for other in found.texts:
        terms |= grams(other)
    return SearchEntry(
        kind=record.index_kind,
        object_id=record.pk,
        version=version,
        definition=definition_of(type(record)),
        order=list(found.order),
        facets={group: sorted(set(values)) for group, values in found.facets.items() if values},
        title_terms=between_spaces(title_terms),
        terms=between_spaces(terms),
        names=one_a_line(found.names),
        aliases=one_a_line([*found.aliases, *found.cited]),
    )


def public_records(model):
    """Return the public records of a model with all that their entries hold."""
    to_one, to_many = model.index_related
    return model.objects.public().select_related(*to_one).prefetch_related(*to_many)


@transaction.atomic
def write_entries(model, pks, version):
    """Write the entries of records as they are now; what is not public is marked removed."""
    pks = list(pks)
    for start in range(0, len(pks), BATCH):
        chunk = pks[start : start + BATCH]
        found = public_records(model).in_bulk(chunk)
        rows = [make_entry(record, version) for record in found.values()]
        # A draft has never had an entry, and needs none that says so.
        gone = SearchEntry.objects.filter(
            kind=model.index_kind, object_id__in=set(chunk) - set(found)
        ).values_list("object_id", flat=True)
        rows += [
            SearchEntry(
                kind=model.index_kind,
                object_id=pk,
                version=version,
                definition=definition_of(model),
                removed=True,
            )
            for pk in gone
        ]
        SearchEntry.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=[
                "version",
                "removed",
                "definition",
                "order",
                "facets",
                "title_terms",
                "terms",
                "names",
                "aliases",
            ],
        )


def write_all_entries(model):
    """Write the entries of all records of a model, and of those that only have an entry.

    Yields the numbers of records after each step of them.
    """
    entries = SearchEntry.objects.filter(kind=model.index_kind)
    pks = sorted(
        set(model._base_manager.values_list("pk", flat=True))
        | set(entries.values_list("object_id", flat=True))
    )
    for start in range(0, len(pks), BATCH):
        chunk = pks[start : start + BATCH]
        # Nobody withdraws a record between the moment it is read and its entry.
        with in_turn():
            # A snapshot that is being built meanwhile is to be older than these.
            ContentVersion.raise_number()
            write_entries(model, chunk, ContentVersion.current())
        yield len(chunk)


def dependents(model, records):
    """Return the pks of the model's records whose entries hold something of these records."""
    found = set()
    for lookup in model.index_depends:
        target = related_model(model, lookup)
        pks = [record.pk for record in records if isinstance(record, target)]
        if pks:
            found |= set(
                model._base_manager.filter(**{f"{lookup}__in": pks}).values_list("pk", flat=True)
            )
    return found


def related_model(model, lookup):
    for step in lookup.split("__"):
        model = model._meta.get_field(step).related_model
    return model


def follow_changes(sender, records, **kwargs):
    """Rewrite the entries of changed records and of those that depend on them."""
    version = ContentVersion.current()
    for model in indexed_models():
        own = {record.pk for record in records if isinstance(record, model)}
        wanted = own | dependents(model, records)
        if wanted:
            write_entries(model, sorted(wanted), version)


def connect():
    changed.connect(follow_changes, dispatch_uid="search.entries")
